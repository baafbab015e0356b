/* What gather.c (collecting) and gather_run.c (running, routing) share. */
#ifndef DB_GATHER_PRIVATE_H
#define DB_GATHER_PRIVATE_H

#include "db/gather.h"
#include "db/pool_private.h"
#include "db/schools.h"

/* One request in a group. Lives in the group's arena. */
struct gather_slot {
    struct gather_group *group;
    struct gather_request *owner; /* NULL: answered, or the client went away */
    struct cell *cells;           /* [nparams], scalars */
    uint64_t deadline_ns;
};

struct gather_range {
    unsigned from, to; /* slots [from, to) */
};

#define GATHER_RANGES 32u /* halves waiting to run: at most one for each halving of GATHER_BATCH, and one */

/* Requests that travel together. Owned by its gatherer: waiting, then running until its last range is done.
 */
struct gather_group {
    struct list link;
    struct gatherer *gatherer;
    struct arena arena;
    struct batch batch;
    struct arena batch_arena; /* of the run at hand */
    struct gather_slot *slots[GATHER_BATCH];
    unsigned n;
    struct schools schools;
    struct gather_range now, todo[GATHER_RANGES];
    unsigned ntodo;
    uint64_t began_ns;
    bool running;
};

/* One statement. Owned by the db. */
struct gatherer {
    struct list link;  /* of db->all_gatherers */
    struct list dirty; /* of db->dirty */
    struct db *db;
    const struct statement *statement;
    struct list waiting; /* groups; the last one is being filled */
    struct list running;
    unsigned nwaiting; /* requests */
    unsigned nrunning; /* groups */
};

/* Starts a group that was taken off the waiting list. */
void gather_group_run(struct gather_group *group);

/* Answers a slot, if someone still waits. */
void gather_slot_answer(struct gather_slot *slot, const struct gather_answer *answer);
void gather_group_free(struct gather_group *group);
void gatherer_wake(struct gatherer *g);

#endif
