/* Running a group: one statement with arrays; on a statement's error its halves, down to the request at
 * fault.
 *
 *   run [0, n) -> answered
 *        \-> failed, more than one: both halves go on the stack, the first runs
 *   stack empty -> freed, the gatherer sends its next group
 */
#include <stdlib.h>

#include "base/clock.h"
#include "db/gather_private.h"

static void group_next(struct gather_group *group);

static void range_answer(struct gather_group *group, const struct gather_answer *answer)
{
    struct db *db = group->gatherer->db;

    /* A callback may close the db, and then the group is gone. */
    for (unsigned i = group->now.from; !db->closing && i < group->now.to; i++)
        gather_slot_answer(group->slots[i], answer);
}

/* A column of the table of cells, as an array: made dense first. */
static enum err range_arrays(struct gather_group *group, struct cell *ret_cells)
{
    const struct statement *st = group->gatherer->statement;
    unsigned n = group->now.to - group->now.from;
    struct cell *column = arena_array(&group->batch_arena, n, sizeof(*column));

    if (!column) return ERR_NOMEM;
    for (unsigned p = 0; p < st->nparams; p++) {
        for (unsigned i = 0; i < n; i++) column[i] = group->slots[group->now.from + i]->cells[p];
        enum err err = array_encode(st->params[p].type, column, n, 1, &group->batch_arena, &ret_cells[p]);
        if (err) return err;
    }
    return ERR_NONE;
}

/* rows -> requests: a stable counting sort by ord. `starts` has n + 1 places. */
static int *route(struct gather_group *group, struct rows rows, unsigned n, int *starts)
{
    int ord = rows_column(rows, "ord");
    int *map = arena_array(&group->batch_arena, (size_t)rows.count, sizeof(*map));

    if (!map || ord < 0) return NULL;
    for (int i = 0; i < rows.count; i++) {
        int64_t o = rows_i64(rows, i, ord, 0);
        if (o >= 1 && o <= n) starts[o]++;
    }
    for (unsigned i = 1; i <= n; i++) starts[i] += starts[i - 1];
    for (int i = rows.count; i-- > 0;) {
        int64_t o = rows_i64(rows, i, ord, 0);
        if (o >= 1 && o <= n) map[--starts[o]] = i;
    }
    /* each starts[o] has moved down to its first row; starts[0] is still 0 */
    return map;
}

static void range_deliver(struct gather_group *group)
{
    unsigned n = group->now.to - group->now.from;
    struct rows rows = batch_rows(&group->batch, 0);
    int *starts = arena_array(&group->batch_arena, n + 2, sizeof(*starts));
    int *map = starts ? route(group, rows, n, starts) : NULL;
    struct gather_answer answer = { .err = ERR_NONE, .batch = n };
    struct db *db = group->gatherer->db;

    if (!map) {
        answer.err = ERR_NOMEM; /* it is done, but can't be told: for a write the same as a lost answer */
        answer.outcome_unknown = group->gatherer->statement->flags & STATEMENT_WRITE;
        range_answer(group, &answer);
        return;
    }
    int routed = starts[n + 1] = 0;
    for (int i = 0, ord = rows_column(rows, "ord"); i < rows.count; i++) {
        int64_t o = rows_i64(rows, i, ord, 0);
        routed += o >= 1 && o <= n;
    }
    starts[n + 1] = routed;
    for (unsigned i = 0; i < n && !db->closing; i++) {
        answer.rows = (struct rows){ rows.result, map, starts[i + 1], starts[i + 2] - starts[i + 1] };
        gather_slot_answer(group->slots[group->now.from + i], &answer);
    }
}

/* Is it one request's fault, so that the others may run without it? (Rolled back for certain.) */
static bool splits(const struct batch *b, unsigned n)
{
    if (b->err != ERR_CONFLICT || n < 2) return false;
    switch (b->error.class) {
    case DB_ERROR_NOT_DURABLE:
    case DB_ERROR_CANCELLED: /* took too long: its parts would queue up behind each other */
    case DB_ERROR_RESOURCES:
    case DB_ERROR_READ_ONLY: return false;
    default: return true;
    }
}

static void group_on_done(struct batch *b, void *data)
{
    struct gather_group *group = data;
    struct db *db = group->gatherer->db;
    struct gather_range r = group->now;
    unsigned half = r.from + (r.to - r.from) / 2;
    struct gather_answer answer = {
        .err = b->err, .error = b->error, .outcome_unknown = b->outcome_unknown, .batch = r.to - r.from
    };

    if (b->err == ERR_NONE) {
        range_deliver(group);
    } else if (splits(b, r.to - r.from)) {
        group->todo[group->ntodo++] = (struct gather_range){ half, r.to };
        group->todo[group->ntodo++] = (struct gather_range){ r.from, half };
    } else if (!db->closing) {
        range_answer(group, &answer);
    }
    if (!db->closing) group_next(group); /* else gather_close frees it, or has */
}

/* The next range with someone who waits; false when there is none. */
static bool range_pop(struct gather_group *group)
{
    while (group->ntodo) {
        group->now = group->todo[--group->ntodo];
        for (unsigned i = group->now.from; i < group->now.to; i++)
            if (group->slots[i]->owner) return true;
    }
    return false;
}

static uint32_t range_deadline_ms(const struct gather_group *group)
{
    uint64_t now = clock_now_ns(), last = now + NS_PER_MS;

    for (unsigned i = group->now.from; i < group->now.to; i++)
        if (group->slots[i]->owner && group->slots[i]->deadline_ns > last)
            last = group->slots[i]->deadline_ns;
    return (uint32_t)((last - now) / NS_PER_MS) + 1;
}

static enum err range_send(struct gather_group *group)
{
    struct gatherer *g = group->gatherer;
    const struct statement *st = g->statement;
    struct str schools;
    struct cell *cells;
    enum err err;

    batch_done(&group->batch);
    arena_reset(&group->batch_arena);
    schools = schools_text(&group->schools, &group->batch_arena);
    cells = arena_array(&group->batch_arena, st->nparams, sizeof(*cells));
    if (!schools.at || !cells) return ERR_NOMEM;
    if (group->schools.failed) return ERR_INVALID;
    err = range_arrays(group, cells);
    if (err) return err;
    batch_init(&group->batch, g->db, &group->batch_arena, st->flags & STATEMENT_WRITE ? DB_WRITE : DB_READ,
               schools, range_deadline_ms(group));
    err = batch_add_cells(&group->batch, st, cells);
    if (err) return err;
    group->running = true;
    return batch_send(&group->batch, group_on_done, group);
}

static void group_end(struct gather_group *group)
{
    struct gatherer *g = group->gatherer;

    g->nrunning--;
    g->db->gathered -= group->n;
    gather_group_free(group);
    if (!list_empty(&g->waiting)) gatherer_wake(g);
}

static void group_next(struct gather_group *group)
{
    struct db *db = group->gatherer->db;

    while (range_pop(group)) {
        struct gather_answer answer = { .err = range_send(group), .batch = group->now.to - group->now.from };
        if (answer.err == ERR_NONE) return;
        range_answer(group, &answer);
        if (db->closing) return;
    }
    group_end(group);
}

/* Who timed out or went away while waiting is not sent at all. */
static void group_compact(struct gather_group *group)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < group->n; i++)
        if (group->slots[i]->owner) group->slots[kept++] = group->slots[i];
    group->gatherer->db->gathered -= group->n - kept;
    group->n = kept;
}

void gather_group_run(struct gather_group *group)
{
    group_compact(group);
    group->todo[group->ntodo++] = (struct gather_range){ 0, group->n };
    group_next(group);
}
