/* Collecting. A group: filling (last of waiting) -> waiting -> running (gather_run.c) -> freed. */
#include "db/gather.h"

#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/metrics.h"
#include "db/gather_private.h"

static struct gatherer *gatherer_of(struct db *db, const struct statement *st)
{
    uint64_t key = (uint64_t)(uintptr_t)st;
    struct gatherer *g = map_u64_get(&db->gatherers, key);

    if (g) return g;
    g = base_zalloc(sizeof(*g));
    if (!g) return NULL;
    g->db = db;
    g->statement = st;
    list_init(&g->link);
    list_init(&g->dirty);
    list_init(&g->waiting);
    list_init(&g->running);
    if (map_u64_set(&db->gatherers, key, g, NULL)) {
        base_free(g);
        return NULL;
    }
    list_append(&db->all_gatherers, &g->link);
    return g;
}

void gatherer_wake(struct gatherer *g)
{
    if (!list_linked(&g->dirty)) list_append(&g->db->dirty, &g->dirty);
    db_wake(g->db);
}

void gather_group_free(struct gather_group *group)
{
    batch_done(&group->batch);
    list_remove(&group->link);
    arena_done(&group->batch_arena);
    arena_done(&group->arena);
    base_free(group);
}

/* The group that takes the next request: the last waiting one, or a new one. */
static struct gather_group *group_to_fill(struct gatherer *g)
{
    struct gather_group *group;

    if (!list_empty(&g->waiting)) {
        group = container_of(g->waiting.prev, struct gather_group, link);
        if (group->n < GATHER_BATCH) return group;
    }
    group = fault_hit("db.alloc") ? NULL : base_zalloc(sizeof(*group));
    if (!group) return NULL;
    group->gatherer = g;
    arena_init(&group->arena, 0);
    arena_init(&group->batch_arena, 0);
    batch_init(&group->batch, g->db, &group->batch_arena, DB_READ, STR(""), 0);
    list_init(&group->link);
    list_append(&g->waiting, &group->link);
    return group;
}

static enum err slot_fill(struct gather_slot **ret_slot, struct gather_group *group,
                          const struct statement *st, const struct args *args, unsigned *ret_param)
{
    struct gather_slot *slot = arena_zalloc(&group->arena, sizeof(*slot));
    struct cell *cells = arena_array(&group->arena, st->nparams, sizeof(*cells));

    if (!slot || !cells) return ERR_NOMEM;
    slot->group = group;
    slot->cells = cells;
    *ret_slot = slot;
    return args_bind(args, st, &group->arena, cells, ret_param);
}

/* Going together later costs less for each than going beside. But nobody waits behind a batch that waits for
 * a lock itself. */
static bool gatherer_has_room(const struct gatherer *g)
{
    if (list_empty(&g->waiting)) return false;
    if (g->nrunning == 0) return true;
    if (g->nrunning == GATHER_FLIGHT || g->nwaiting < GATHER_BESIDE) return false;
    const struct gather_group *last = container_of(g->running.prev, struct gather_group, link);
    return g->nwaiting >= GATHER_BATCH || clock_now_ns() - last->began_ns >= GATHER_SLOW_MS * NS_PER_MS;
}

enum err gather_add(struct gather_request *request, struct db *db, const struct statement *st,
                    const struct args *args, struct str schools, uint32_t deadline_ms,
                    gather_on_rows *on_rows, void *data, unsigned *ret_param)
{
    struct gatherer *g = db->closing ? NULL : gatherer_of(db, st);
    struct gather_group *group;
    struct gather_slot *slot;
    enum err err;

    request->slot = NULL;
    if (db->closing) return ERR_CANCELLED;
    if (!(st->flags & STATEMENT_GATHER)) return ERR_INVALID;
    if (!g) return ERR_NOMEM;
    if (g->nwaiting >= GATHER_WAITING) {
        metric_inc(METRIC_DB_BUSY);
        return ERR_BUSY;
    }
    group = group_to_fill(g);
    if (!group) return ERR_NOMEM;
    err = slot_fill(&slot, group, st, args, ret_param);
    if (err) {
        if (!group->n) gather_group_free(group);
        return err;
    }
    schools_add(&group->schools, schools);
    slot->deadline_ns = clock_now_ns() + (deadline_ms ? deadline_ms : 3000) * NS_PER_MS;
    slot->owner = request;
    group->slots[group->n++] = slot;
    g->nwaiting++;
    metric_move(METRIC_DB_QUEUED, 1);
    db->gathered++;
    request->slot = slot;
    request->on_rows = on_rows;
    request->data = data;
    db_watch(db);
    if (gatherer_has_room(g)) gatherer_wake(g);
    return ERR_NONE;
}

void gather_cancel(struct gather_request *request)
{
    if (!request->slot) return;
    request->slot->owner = NULL;
    request->slot = NULL;
}

void gather_slot_answer(struct gather_slot *slot, const struct gather_answer *answer)
{
    struct gather_request *request = slot->owner;

    if (!request) return;
    slot->owner = NULL;
    request->slot = NULL;
    metric_inc(METRIC_DB_GATHERED);
    request->on_rows(request, answer, request->data);
}

void gather_flush(struct db *db)
{
    struct list dirty;

    list_init(&dirty);
    list_splice(&dirty, &db->dirty);
    while (!list_empty(&dirty)) {
        struct gatherer *g = container_of(list_pop(&dirty), struct gatherer, dirty);
        while (gatherer_has_room(g)) {
            struct gather_group *group = container_of(list_pop(&g->waiting), struct gather_group, link);
            list_append(&g->running, &group->link);
            group->began_ns = clock_now_ns();
            g->nrunning++;
            g->nwaiting -= group->n;
            metric_move(METRIC_DB_QUEUED, -(int64_t)group->n);
            gather_group_run(group);
            if (db->closing) return;
        }
    }
}

size_t gather_waiting(const struct db *db, const struct statement *st)
{
    struct gatherer *g;
    size_t n = 0;

    LIST_FOREACH (g, &db->all_gatherers, link) {
        if (!st || g->statement == st) n += g->nwaiting;
    }
    return n;
}

/* A waiting request was never sent; a running write may have happened. */
static void sweep_groups(struct gatherer *g, struct list *groups, uint64_t now_ns)
{
    struct gather_answer answer = { .err = ERR_TIMEOUT };
    struct gather_group *group;
    struct db *db = g->db;

    LIST_FOREACH (group, groups, link) {
        for (unsigned i = 0; i < group->n; i++) {
            struct gather_slot *slot = group->slots[i];
            if (!slot->owner || slot->deadline_ns > now_ns) continue;
            answer.outcome_unknown = group->running && g->statement->flags & STATEMENT_WRITE &&
                                     i >= group->now.from && i < group->now.to;
            gather_slot_answer(slot, &answer);
            if (db->closing) return;
        }
    }
}

void gather_sweep(struct db *db, uint64_t now_ns)
{
    struct gatherer *g;

    if (now_ns - db->gather_swept_ns < 4 * DB_SWEEP_MS * NS_PER_MS) return;
    db->gather_swept_ns = now_ns;
    LIST_FOREACH (g, &db->all_gatherers, link) {
        sweep_groups(g, &g->waiting, now_ns);
        if (db->closing) return;
        sweep_groups(g, &g->running, now_ns);
        if (db->closing) return;
        if (gatherer_has_room(g)) gatherer_wake(g);
    }
}

void gather_close(struct db *db)
{
    struct gather_answer answer = { .err = ERR_CANCELLED };

    while (!list_empty(&db->all_gatherers)) {
        struct gatherer *g = container_of(list_pop(&db->all_gatherers), struct gatherer, link);
        metric_move(METRIC_DB_QUEUED, -(int64_t)g->nwaiting);
        list_splice(&g->waiting, &g->running);
        while (!list_empty(&g->waiting)) {
            struct gather_group *group = container_of(g->waiting.next, struct gather_group, link);
            for (unsigned i = 0; i < group->n; i++) {
                answer.outcome_unknown = group->running && g->statement->flags & STATEMENT_WRITE;
                gather_slot_answer(group->slots[i], &answer);
            }
            gather_group_free(group);
        }
        list_remove(&g->dirty);
        base_free(g);
    }
    db->gathered = 0;
}
