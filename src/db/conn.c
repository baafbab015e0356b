/*   waiting -> connecting -> preparing -> ready
 *      ^___________|____________|__________|      any -> closed
 */
#include "db/conn.h"

#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/pool_private.h"

static const struct sm_state conn_states[] = {
    [CONN_WAITING] = { "waiting", SM_TO(CONN_CONNECTING) | SM_TO(CONN_WAITING) | SM_TO(CONN_CLOSED) },
    [CONN_CONNECTING] = { "connecting", SM_TO(CONN_PREPARING) | SM_TO(CONN_WAITING) | SM_TO(CONN_CLOSED) },
    [CONN_PREPARING] = { "preparing", SM_TO(CONN_READY) | SM_TO(CONN_WAITING) | SM_TO(CONN_CLOSED) },
    [CONN_READY] = { "ready", SM_TO(CONN_WAITING) | SM_TO(CONN_CLOSED) },
    [CONN_CLOSED] = { "closed", 0 },
};
static const struct sm_table conn_table = SM_TABLE("db.conn", conn_states);

static void conn_read(struct conn *c);

static void slot_free(struct conn *c, struct conn_slot *slot)
{
    list_remove(&slot->link);
    if (slot->batch) slot->batch->slot = NULL;
    c->in_flight--;
    c->db->lanes[c->lane].in_flight--;
    slab_free(&c->db->slots, slot);
}

static void conn_drop(struct conn *c)
{
    connect_cancel(&c->connector);
    conn_cancel_forget(c);
    poller_close(c->poller);
    c->poller = NULL;
    PQfinish(c->pg);
    c->pg = NULL;
    c->stale = c->quiet = c->goes_on = false;
    buf_done(&c->faults);
}

/* On to the next attempt, later. */
static void conn_wait(struct conn *c)
{
    conn_drop(c);
    sm_move(&c->sm, CONN_WAITING);
    ticker_set(c->backoff, connect_backoff_ms(c->attempt++), 0);
}

void conn_lost(struct conn *c, const char *why)
{
    log_warn("db.lost", LOG_S("lane", db_lane_name(c->lane)), LOG_S("state", sm_name(&c->sm)),
             LOG_S("why", why), LOG_U("in_flight", c->in_flight));
    while (!list_empty(&c->slots)) {
        struct conn_slot *slot = container_of(c->slots.next, struct conn_slot, link);
        if (slot->batch) batch_finish(slot->batch, ERR_CLOSED);
        slot_free(c, slot);
    }
    conn_wait(c);
}

/* Is the portion full that the head's rows go into? */
static bool conn_held(const struct conn *c)
{
    const struct conn_slot *head = LIST_FIRST(&c->slots, struct conn_slot, link);

    return head && head->batch && head->batch->held;
}

static void conn_update(struct conn *c)
{
    int pending;

    if (!c->pg) return;
    c->quiet = conn_held(c);
    pending = PQflush(c->pg);
    if (pending < 0 || poller_watch(c->poller, (c->quiet ? 0 : UV_READABLE) | (pending ? UV_WRITABLE : 0)))
        conn_lost(c, PQerrorMessage(c->pg));
}

void conn_let_go_on(struct conn *c)
{
    if (c->reading) return;
    c->goes_on = c->db->goes_on = true;
    db_wake(c->db);
}

/* What libpq has already got comes first: the socket may have nothing more to say. */
void conn_read_on(struct conn *c)
{
    if (!c->goes_on || !c->pg) return;
    c->goes_on = false;
    conn_read(c);
    conn_update(c);
    db_dispatch(c->db, c->lane);
}

static void conn_on_event(void *data, int status, int events)
{
    struct conn *c = data;

    if (status < 0) {
        conn_lost(c, uv_strerror(status));
        return;
    }
    if (events & UV_READABLE) {
        if (fault_hit("db.recv") || !PQconsumeInput(c->pg)) {
            conn_lost(c, PQerrorMessage(c->pg));
            return;
        }
        if (sm_is(&c->sm, CONN_PREPARING))
            conn_prepare_read(c);
        else
            conn_read(c);
    }
    conn_update(c);
    if (c->pg && c->stale && list_empty(&c->slots))
        conn_lost(c, "the plans are stale, or the server is read-only");
    db_dispatch(c->db, c->lane);
}

/* The wait for a synchronous standby was cancelled: committed here, perhaps nowhere else. It belongs to the
 * head: libpq reads on only after the head's last result was taken. */
static void conn_on_notice(void *data, const PGresult *notice)
{
    struct conn *c = data;
    const char *function = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
    const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    struct conn_slot *head = LIST_FIRST(&c->slots, struct conn_slot, link);

    if ((function && !strcmp(function, "SyncRepWaitForLSN")) ||
        (text && !strncmp(text, "canceling the wait for synchronous", 34)) ||
        (text && !strncmp(text, "canceling wait for synchronous", 30))) {
        log_error("db.not_durable", LOG_S("lane", db_lane_name(c->lane)));
        if (head) head->not_durable = true;
    }
}

static void conn_on_connected(void *data, PGconn *pg, const char *message)
{
    struct conn *c = data;

    if (!pg) {
        log_warn("db.connect_failed", LOG_S("lane", db_lane_name(c->lane)), LOG_S("why", message));
        conn_wait(c);
        return;
    }
    c->pg = pg;
    PQsetNoticeReceiver(pg, conn_on_notice, c);
    sm_move(&c->sm, CONN_PREPARING);
    c->poller = poller_open(c->db->loop, PQsocket(pg), conn_on_event, c);
    if (!c->poller || !PQenterPipelineMode(pg) || conn_prepare_send(c))
        conn_lost(c, "out of memory");
    else
        conn_update(c);
}

static void conn_connect(void *data)
{
    struct conn *c = data;
    enum err err;

    sm_move(&c->sm, CONN_CONNECTING);
    err = connect_start(&c->connector);
    if (!err) return;
    log_warn("db.connect_failed", LOG_S("lane", db_lane_name(c->lane)), LOG_S("why", err_name(err)));
    conn_wait(c);
}

void conn_became_ready(struct conn *c)
{
    sm_move(&c->sm, CONN_READY);
    c->attempt = 0;
    if (c->was_ready) metric_inc(METRIC_DB_RECONNECTS);
    c->was_ready = true;
    log_info("db.ready", LOG_S("lane", db_lane_name(c->lane)), LOG_I("backend", PQbackendPID(c->pg)));
    db_start_check(c->db);
}

int conn_open(struct conn *c, struct db *db, enum db_lane lane)
{
    struct connect_options options = {
        .conninfo = db->options.conninfo,
        .application_name = db->options.application_name,
        .statement_timeout_ms = db->lanes[lane].options.statement_timeout_ms,
        .timeout_ms = db->options.connect_timeout_ms,
        .any_server = db->options.any_server,
    };

    *c = (struct conn){ .db = db, .lane = lane };
    list_init(&c->slots);
    buf_init(&c->faults, 64 * 1024);
    sm_init(&c->sm, &conn_table, CONN_WAITING);
    connect_init(&c->connector, db->loop, &options, conn_on_connected, c);
    c->backoff = ticker_open(db->loop, conn_connect, c);
    if (!c->backoff) return -1;
    ticker_set(c->backoff, 0, 0); /* on the loop, so that no callback comes from inside db_open */
    return 0;
}

void conn_close(struct conn *c)
{
    if (!c->db || sm_is(&c->sm, CONN_CLOSED)) return;
    while (!list_empty(&c->slots)) slot_free(c, container_of(c->slots.next, struct conn_slot, link));
    conn_drop(c);
    ticker_close(c->backoff);
    c->backoff = NULL;
    sm_move(&c->sm, CONN_CLOSED);
}

bool conn_has_room(const struct conn *c)
{
    return sm_is(&c->sm, CONN_READY) && !c->stale && !c->job &&
           c->in_flight < c->db->lanes[c->lane].options.in_flight;
}

static int send_query(struct conn *c, const char *name, const struct cell *cells, unsigned n)
{
    static const int binary[DB_PARAMS_MAX] = {
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    };
    const char *values[DB_PARAMS_MAX];
    int lengths[DB_PARAMS_MAX];

    for (unsigned i = 0; i < n; i++) {
        values[i] = cells[i].at;
        lengths[i] = cells[i].n;
    }
    return PQsendQueryPrepared(c->pg, name, (int)n, values, lengths, binary, 1) ? 0 : -1;
}

static int send_all(struct conn *c, const struct batch *b)
{
    struct cell schools = { b->schools.at ? b->schools.at : "", (int)b->schools.n };

    if (fault_hit("db.send")) return -1;
    if (b->needs_schools && send_query(c, CONN_SET_NAME, &schools, 1)) return -1;
    for (unsigned i = 0; i < b->n; i++)
        if (send_query(c, b->items[i].statement->name, b->items[i].cells, b->items[i].statement->nparams))
            return -1;
    return PQpipelineSync(c->pg) ? 0 : -1;
}

enum err conn_send(struct conn *c, struct batch *b)
{
    struct conn_slot *slot = fault_hit("db.alloc") ? NULL : slab_zalloc(&c->db->slots);

    if (!slot) return ERR_NOMEM;
    slot->conn = c;
    slot->batch = b;
    slot->deadline_ns = b->deadline_ns;
    slot->has_set = b->needs_schools;
    slot->portioned = b->on_portion != NULL;
    slot->commands = b->n + b->needs_schools;
    list_init(&slot->link);
    list_append(&c->slots, &slot->link);
    c->in_flight++;
    c->db->lanes[c->lane].in_flight++;
    batch_sent(b, slot);
    if (send_all(c, b))
        conn_lost(c, PQerrorMessage(c->pg));
    else
        conn_update(c);
    return ERR_NONE;
}

/* The schema changed under a prepared statement, or it is gone. */
static bool plan_is_stale(const PGresult *result, const struct db_error *error)
{
    const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

    if (!strcmp(error->sqlstate, "26000")) return true;
    return !strcmp(error->sqlstate, "0A000") && function && !strcmp(function, "RevalidateCachedQuery");
}

static void slot_fail(struct conn_slot *slot, const PGresult *result)
{
    struct db_error error;

    if (slot->failed) return;
    slot->failed = true;
    slot->failed_at = slot->at >= slot->commands ? -1 : (int)slot->at - slot->has_set;
    db_error_read(&error, result);
    if (slot->batch) slot->batch->error = error;
    slot->stale_plan = plan_is_stale(result, &error);
    if (slot->stale_plan) slot->conn->stale = true;
    if (error.class == DB_ERROR_READ_ONLY || (slot->stale_plan && !strcmp(error.sqlstate, "0A000")))
        db_conns_stale(slot->conn->db);
    if (error.class == DB_ERROR_OTHER)
        log_error("db.statement_failed", LOG_S("sqlstate", error.sqlstate),
                  LOG_S("statement", slot->batch && slot->failed_at >= 0
                                         ? slot->batch->items[slot->failed_at].statement->name
                                         : NULL));
}

/* May it run again, unseen? Only what was surely rolled back, through no fault of its own. */
static bool slot_reruns(const struct conn_slot *slot)
{
    const struct batch *b = slot->batch;

    if (!slot->failed || b->reruns >= 2 || slot->not_durable || slot->rows_came) return false;
    return slot->stale_plan || (slot->in_danger && b->error.class == DB_ERROR_CANCELLED);
}

static void slot_end(struct conn *c, struct conn_slot *slot)
{
    struct batch *b = slot->batch;

    if (b && slot_reruns(slot)) {
        b->error = (struct db_error){ 0 };
        batch_requeue(b);
    } else if (b) {
        b->failed = slot->failed ? slot->failed_at : -1;
        if (slot->not_durable) {
            b->error = (struct db_error){ .class = DB_ERROR_NOT_DURABLE, .sqlstate = "01000" };
            b->outcome_unknown = true;
        }
        batch_finish(b, slot->failed || slot->not_durable ? ERR_CONFLICT : ERR_NONE);
    }
    slot_free(c, slot);
}

static void slot_row(struct conn_slot *slot, PGresult *r)
{
    struct batch *b = slot->batch;

    slot->rows_came = true;
    if (!b) {
        PQclear(r);
        return;
    }
    b->portion->at[b->portion->n++] = r;
    if (b->portion->n < PORTION_ROWS) return;
    b->held = true;
    b->on_portion(b, b->data);
}

static void slot_result(struct conn_slot *slot, PGresult *r)
{
    ExecStatusType status = PQresultStatus(r);
    unsigned item = slot->at - slot->has_set;
    bool ours = slot->batch && slot->at >= slot->has_set && item < slot->batch->n;

    slot->ending = true;
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        if (ours && !slot->batch->items[item].result)
            slot->batch->items[item].result = r;
        else
            PQclear(r);
        return;
    }
    if (status != PGRES_PIPELINE_ABORTED) slot_fail(slot, r);
    PQclear(r);
}

/* On with the slot's next command. */
static bool slot_next(struct conn_slot *slot)
{
    slot->ending = false;
    if (slot->at == slot->commands) return true;
    slot->at++;
    if (!slot->portioned || slot->at + 1 != slot->commands || slot->failed) return true;
    return PQsetSingleRowMode(slot->conn->pg);
}

static void conn_read_results(struct conn *c)
{
    while (!list_empty(&c->slots) && !conn_held(c) && !PQisBusy(c->pg)) {
        struct conn_slot *head = container_of(c->slots.next, struct conn_slot, link);
        PGresult *r = PQgetResult(c->pg);

        if (PQstatus(c->pg) == CONNECTION_BAD) {
            PQclear(r);
            conn_lost(c, PQerrorMessage(c->pg));
            return;
        }
        if (!r && !head->ending) return;
        if (!r) {
            if (slot_next(head)) continue;
            conn_lost(c, "rows can't be had one by one");
            return;
        }
        if (PQresultStatus(r) == PGRES_SINGLE_TUPLE) {
            slot_row(head, r);
        } else if (PQresultStatus(r) == PGRES_PIPELINE_SYNC) {
            PQclear(r);
            slot_end(c, head);
        } else {
            slot_result(head, r);
        }
    }
}

static void conn_read(struct conn *c)
{
    c->reading = true;
    conn_read_results(c);
    c->reading = false;
}

/* A detached slot keeps its deadline: nobody waits, but the connection must come free. Rows that nobody takes
 * any more are not waited for. */
void conn_sweep(struct conn *c, uint64_t now_ns)
{
    struct conn_slot *slot;

    if (!sm_is(&c->sm, CONN_READY)) return;
    LIST_FOREACH (slot, &c->slots, link) {
        if (slot->batch && slot->deadline_ns <= now_ns) batch_finish(slot->batch, ERR_TIMEOUT);
    }
    if (c->quiet && !conn_held(c)) conn_let_go_on(c);
    slot = LIST_FIRST(&c->slots, struct conn_slot, link);
    if (!slot && c->stale) conn_lost(c, "the plans are stale, or the server is read-only");
    if (!slot || slot->batch || (slot->deadline_ns > now_ns && !slot->portioned)) return;
    if (!slot->cancel_ns) {
        slot->cancel_ns = now_ns;
        conn_cancel_send(c);
    } else if (now_ns - slot->cancel_ns > CONN_CANCEL_GRACE_MS * NS_PER_MS) {
        conn_lost(c, "a statement outlived its deadline and its cancelling");
        db_dispatch(c->db, c->lane);
    }
}
