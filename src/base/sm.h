/* A state machine: an enum, its names, and a table of legal moves.
 *
 *     // idle -> reading -> answering -> idle,  any -> closed
 *     enum { IDLE, READING, ANSWERING, CLOSED };
 *     static const struct sm_state conn_states[] = {
 *         [IDLE]      = { "idle",      SM_TO(READING) | SM_TO(CLOSED) },
 *         [READING]   = { "reading",   SM_TO(ANSWERING) | SM_TO(CLOSED) },
 *         [ANSWERING] = { "answering", SM_TO(IDLE) | SM_TO(CLOSED) },
 *         [CLOSED]    = { "closed",    0 },
 *     };
 *     static const struct sm_table conn_table = SM_TABLE("conn", conn_states);
 *
 * An illegal move is a programming error and aborts (CHECK), in release too. The .c file of a machine opens
 * with its diagram. At most 32 states. The struct is embedded; nothing to free. */
#ifndef BASE_SM_H
#define BASE_SM_H

#include <stdbool.h>
#include <stdint.h>

#define SM_TO(state) (1u << (state))
#define SM_TABLE(name, states)                                                                               \
    {                                                                                                        \
        (name), (states), sizeof(states) / sizeof((states)[0])                                               \
    }

struct sm_state {
    const char *name;
    uint32_t to; /* SM_TO(..) | SM_TO(..) */
};

struct sm_table {
    const char *name;
    const struct sm_state *states;
    unsigned count;
};

struct sm {
    const struct sm_table *table;
    unsigned now;
};

void sm_init(struct sm *sm, const struct sm_table *table, unsigned state);

/* Makes the move; aborts when the table does not allow it. */
void sm_move(struct sm *sm, unsigned to);

static inline bool sm_can(const struct sm *sm, unsigned to)
{
    return to < sm->table->count && (sm->table->states[sm->now].to & SM_TO(to));
}

static inline bool sm_is(const struct sm *sm, unsigned state)
{
    return sm->now == state;
}

static inline const char *sm_name(const struct sm *sm)
{
    return sm->table->states[sm->now].name;
}

/* When set, called before every move (tests, tracing). NULL = off, the default. */
typedef void sm_tracer(const struct sm *sm, unsigned to);
extern sm_tracer *sm_trace;

#endif
