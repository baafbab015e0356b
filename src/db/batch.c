/*  new -> queued -> sent -> finished -> done
 *  new -> sent, queued -> finished (deadline, closing), sent -> queued (hit by another's cancel request)
 *  any -> new (batch_cancel: nobody is called) */
#include "db/batch.h"

#include <libpq-fe.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/metrics.h"
#include "db/pool_private.h"

static const struct sm_state batch_states[] = {
    [BATCH_NEW] = { "new", SM_TO(BATCH_QUEUED) | SM_TO(BATCH_SENT) | SM_TO(BATCH_NEW) },
    [BATCH_QUEUED] = { "queued", SM_TO(BATCH_SENT) | SM_TO(BATCH_FINISHED) | SM_TO(BATCH_NEW) },
    [BATCH_SENT] = { "sent", SM_TO(BATCH_QUEUED) | SM_TO(BATCH_FINISHED) | SM_TO(BATCH_NEW) },
    [BATCH_FINISHED] = { "finished", SM_TO(BATCH_DONE) | SM_TO(BATCH_NEW) },
    [BATCH_DONE] = { "done", SM_TO(BATCH_NEW) },
};
static const struct sm_table batch_table = SM_TABLE("batch", batch_states);

void batch_init(struct batch *b, struct db *db, struct arena *arena, enum db_lane lane, struct str schools,
                uint32_t deadline_ms)
{
    memset(b, 0, offsetof(struct batch, items));
    b->n = 0;
    b->needs_schools = b->writes = false;
    b->on_done = NULL;
    b->data = NULL;
    b->on_portion = NULL;
    b->portion = NULL;
    b->held = false;
    b->slot = NULL;
    b->reruns = 0;
    b->sent_ns = 0;
    b->failed = -1;
    b->db = db;
    b->arena = arena;
    b->lane = lane;
    b->schools = schools;
    b->deadline_ms = deadline_ms ? deadline_ms : 3000;
    list_init(&b->link);
    sm_init(&b->sm, &batch_table, BATCH_NEW);
}

enum err batch_add_cells(struct batch *b, const struct statement *st, const struct cell *cells)
{
    if (b->n == BATCH_MAX || st->nparams > DB_PARAMS_MAX) return ERR_TOO_BIG;
    b->items[b->n++] = (struct batch_item){ .statement = st, .cells = cells };
    if (!(st->flags & STATEMENT_PUBLIC)) b->needs_schools = true;
    if (st->flags & STATEMENT_WRITE) b->writes = true;
    return ERR_NONE;
}

enum err batch_add(struct batch *b, const struct statement *st, const struct args *args, unsigned *ret_param)
{
    struct cell *cells = fault_hit("db.alloc") ? NULL : arena_array(b->arena, st->nparams, sizeof(*cells));
    enum err err;

    if (!cells) return ERR_NOMEM;
    err = args_bind(args, st, b->arena, cells, ret_param);
    if (err) return err;
    if (st->flags & STATEMENT_GATHER) {
        for (unsigned i = 0; i < st->nparams; i++) {
            struct cell one = cells[i];
            err = array_encode(st->params[i].type, &one, 1, 1, b->arena, &cells[i]);
            if (err) return err;
        }
    }
    return batch_add_cells(b, st, cells);
}

static void batch_enqueue(struct batch *b, bool front)
{
    struct lane *lane = &b->db->lanes[b->lane];

    sm_move(&b->sm, BATCH_QUEUED);
    if (front)
        list_prepend(&lane->queue, &b->link);
    else
        list_append(&lane->queue, &b->link);
    lane->queued++;
    metric_move(METRIC_DB_QUEUED, 1);
}

/* Off whatever list it is on. */
static void batch_unlink(struct batch *b)
{
    struct lane *lane = &b->db->lanes[b->lane];

    if (sm_is(&b->sm, BATCH_QUEUED)) {
        lane->queued--;
        metric_move(METRIC_DB_QUEUED, -1);
    }
    list_remove(&b->link);
    if (b->slot) {
        b->slot->batch = NULL;
        b->slot = NULL;
    }
}

enum err batch_send(struct batch *b, batch_on_done *on_done, void *data)
{
    struct lane *lane = &b->db->lanes[b->lane];

    if (b->db->closing) return ERR_CANCELLED;
    if (!b->n) return ERR_INVALID;
    if (lane->queued >= lane->options.queue) {
        metric_inc(METRIC_DB_BUSY);
        return ERR_BUSY;
    }
    b->on_done = on_done;
    b->data = data;
    b->deadline_ns = clock_now_ns() + b->deadline_ms * NS_PER_MS;
    batch_enqueue(b, false);
    db_watch(b->db);
    db_dispatch(b->db, b->lane);
    return ERR_NONE;
}

enum err batch_send_portions(struct batch *b, struct portion *portion, batch_on_portion *on_portion,
                             batch_on_done *on_done, void *data)
{
    if (b->lane != DB_EXPORT || b->n + b->needs_schools < 2) return ERR_UNSUPPORTED;
    b->on_portion = on_portion;
    b->portion = portion;
    return batch_send(b, on_done, data);
}

void batch_go_on(struct batch *b, struct portion *portion)
{
    b->portion = portion;
    b->held = false;
    if (b->slot) conn_let_go_on(b->slot->conn);
}

void portion_clear(struct portion *portion)
{
    for (unsigned i = 0; i < portion->n; i++) PQclear(portion->at[i]);
    portion->n = 0;
}

void batch_sent(struct batch *b, struct conn_slot *slot)
{
    batch_unlink(b);
    sm_move(&b->sm, BATCH_SENT);
    b->slot = slot;
    b->sent_ns = clock_now_ns();
    metric_inc(METRIC_DB_BATCHES);
}

void batch_clear_results(struct batch *b)
{
    for (unsigned i = 0; i < b->n; i++) {
        PQclear(b->items[i].result);
        b->items[i].result = NULL;
    }
}

void batch_requeue(struct batch *b)
{
    batch_unlink(b);
    batch_clear_results(b);
    b->reruns++;
    batch_enqueue(b, true);
}

void batch_finish(struct batch *b, enum err err)
{
    bool sent = sm_is(&b->sm, BATCH_SENT);

    batch_unlink(b);
    sm_move(&b->sm, BATCH_FINISHED);
    b->err = err;
    if (sent) metric_observe(METRIC_DB_SECONDS, clock_now_ns() - b->sent_ns);
    if (err == ERR_CONFLICT) metric_inc(METRIC_DB_ERRORS);
    if (sent && b->writes && (err == ERR_TIMEOUT || err == ERR_CLOSED || err == ERR_CANCELLED))
        b->outcome_unknown = true;
    if (err) batch_clear_results(b);
    list_append(&b->db->finished, &b->link);
    db_wake(b->db);
}

void batch_call(struct batch *b)
{
    batch_unlink(b);
    sm_move(&b->sm, BATCH_DONE);
    b->on_done(b, b->data);
}

void batch_cancel(struct batch *b)
{
    if (sm_is(&b->sm, BATCH_NEW)) return;
    batch_unlink(b);
    sm_move(&b->sm, BATCH_NEW);
    b->n = 0;
}

struct rows batch_rows(const struct batch *b, unsigned i)
{
    return i < b->n ? rows_of(b->items[i].result) : rows_none();
}

void batch_done(struct batch *b)
{
    batch_clear_results(b);
    batch_cancel(b);
    b->n = 0;
}
