#include "db/pool.h"

#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "db/pool_private.h"

static const struct db_lane_options lane_defaults[DB_LANES] = {
    [DB_READ] = { 2, 4, 1024, 5000 },     [DB_WRITE] = { 2, 2, 1024, 5000 },
    [DB_REPORT] = { 1, 1, 32, 60000 },    [DB_EXPORT] = { 1, 1, 32, 300000 },
    [DB_INTERNAL] = { 1, 4, 1024, 5000 }, [DB_OUTBOX] = { 2, 1, 32, 10000 },
};

const char *db_lane_name(enum db_lane lane)
{
    static const char *const names[DB_LANES] = { "read", "write", "report", "export", "internal", "outbox" };

    return names[lane];
}

size_t db_statement_count(const struct db *db)
{
    size_t n = 0;

    for (const statement_list *l = db->options.statements; l && *l; l++)
        for (statement_list s = *l; *s; s++) n++;
    return n;
}

const struct statement *db_statement_at(const struct db *db, size_t index)
{
    for (const statement_list *l = db->options.statements; l && *l; l++)
        for (statement_list s = *l; *s; s++)
            if (index-- == 0) return *s;
    return NULL;
}

void db_dispatch(struct db *db, enum db_lane lane_id)
{
    struct lane *lane = &db->lanes[lane_id];

    while (!list_empty(&lane->queue) && !db->closing) {
        struct batch *b = container_of(lane->queue.next, struct batch, link);
        struct conn *best = NULL;
        for (unsigned i = 0; i < lane->nconns; i++) {
            struct conn *c = &lane->conns[i];
            if (conn_has_room(c) && (!best || c->in_flight < best->in_flight)) best = c;
        }
        if (!best) return;
        if (conn_send(best, b)) batch_finish(b, ERR_NOMEM);
    }
}

void db_conns_stale(struct db *db)
{
    for (unsigned i = 0; i < DB_LANES; i++) {
        for (unsigned j = 0; j < db->lanes[i].nconns; j++) {
            struct conn *c = &db->lanes[i].conns[j];
            if (sm_is(&c->sm, CONN_READY)) c->stale = true;
        }
    }
    db_watch(db); /* the sweep finds those that are idle */
}

bool db_idle(const struct db *db)
{
    for (unsigned i = 0; i < DB_LANES; i++)
        if (db->lanes[i].queued || db->lanes[i].in_flight) return false;
    return db->gathered == 0 && list_empty(&db->finished);
}

static void db_on_sweep(void *data)
{
    struct db *db = data;
    uint64_t now = clock_now_ns();

    for (unsigned i = 0; i < DB_LANES; i++) {
        struct lane *lane = &db->lanes[i];
        struct batch *b, *next;
        LIST_FOREACH_SAFE (b, next, &lane->queue, link) {
            if (b->deadline_ns <= now) batch_finish(b, ERR_TIMEOUT);
        }
        for (unsigned j = 0; j < lane->nconns; j++) conn_sweep(&lane->conns[j], now);
    }
    gather_sweep(db, now);
    if (db_idle(db)) {
        ticker_stop(db->sweeper);
        db->sweeping = false;
    }
}

void db_watch(struct db *db)
{
    if (db->sweeping) return;
    db->sweeping = true;
    ticker_set(db->sweeper, DB_SWEEP_MS, DB_SWEEP_MS);
}

static void db_on_idle(uv_idle_t *idle)
{
    (void)idle;
}

/* Portions that were taken in this tick: their connections are read again. */
static void db_read_on(struct db *db)
{
    struct lane *lane = &db->lanes[DB_EXPORT];

    if (!db->goes_on) return;
    db->goes_on = false;
    for (unsigned i = 0; i < lane->nconns; i++) conn_read_on(&lane->conns[i]);
}

/* The end of a tick. Callbacks may send, add, and close. */
static void db_on_check(uv_check_t *check)
{
    struct db *db = check->data;

    if (db->start_due) {
        db->start_due = false;
        db->on_started(db->started_data, db->start_err, db->start_message.at ? db->start_message.at : "");
    }
    db_read_on(db);
    while (!list_empty(&db->finished)) batch_call(container_of(db->finished.next, struct batch, link));
    if (!db->closing) gather_flush(db);
    if (list_empty(&db->finished) && list_empty(&db->dirty) && !db->start_due && !db->closing &&
        !db->goes_on) {
        uv_check_stop(&db->check);
        uv_idle_stop(&db->idle);
        db->ticking = false;
    }
}

void db_wake(struct db *db)
{
    if (db->ticking || db->closing) return;
    db->ticking = true;
    uv_check_start(&db->check, db_on_check);
    uv_idle_start(&db->idle, db_on_idle);
}

void db_start_done(struct db *db, enum err err)
{
    if (db->started || db->closing) return;
    db->started = true;
    db->start_due = true;
    db->start_err = err;
    buf_putc(&db->start_message, '\0');
    db_wake(db);
}

bool db_ready(const struct db *db)
{
    for (unsigned i = 0; i < DB_LANES; i++) {
        bool ready = false;
        for (unsigned j = 0; j < db->lanes[i].nconns; j++)
            if (sm_is(&db->lanes[i].conns[j].sm, CONN_READY)) ready = true;
        if (!ready) return false;
    }
    return !db->closing;
}

void db_start_check(struct db *db)
{
    if (!db->started && db_ready(db)) db_start_done(db, ERR_NONE);
}

size_t db_queued(const struct db *db, enum db_lane lane)
{
    return db->lanes[lane].queued;
}

size_t db_in_flight(const struct db *db, enum db_lane lane)
{
    return db->lanes[lane].in_flight;
}

static unsigned or_default(unsigned given, unsigned otherwise)
{
    return given ? given : otherwise;
}

static void lane_init(struct db *db, enum db_lane id)
{
    struct lane *lane = &db->lanes[id];
    const struct db_lane_options *given = &db->options.lanes[id], *defaults = &lane_defaults[id];

    list_init(&lane->queue);
    lane->options.connections = or_default(given->connections, defaults->connections);
    if (lane->options.connections > DB_CONNECTIONS_MAX) lane->options.connections = DB_CONNECTIONS_MAX;
    lane->options.in_flight = or_default(given->in_flight, defaults->in_flight);
    lane->options.queue = or_default(given->queue, defaults->queue);
    lane->options.statement_timeout_ms =
        or_default(given->statement_timeout_ms, defaults->statement_timeout_ms);
}

static struct db *db_new(uv_loop_t *loop, const struct db_options *options)
{
    struct db *db = fault_hit("db.alloc") ? NULL : base_zalloc(sizeof(*db));

    if (!db) return NULL;
    db->loop = loop;
    db->options = *options;
    list_init(&db->finished);
    list_init(&db->dirty);
    list_init(&db->all_gatherers);
    map_u64_init(&db->gatherers);
    map_u64_init(&db->described);
    slab_init(&db->slots, sizeof(struct conn_slot));
    buf_init(&db->start_message, 0);
    for (unsigned i = 0; i < DB_LANES; i++) lane_init(db, i);
    uv_check_init(loop, &db->check);
    uv_idle_init(loop, &db->idle);
    db->check.data = db->idle.data = db;
    db->handles = 2;
    return db;
}

static enum err db_connect(struct db *db)
{
    db->sweeper = ticker_open(db->loop, db_on_sweep, db);
    if (!db->sweeper) return ERR_NOMEM;
    for (unsigned i = 0; i < DB_LANES; i++) {
        struct lane *lane = &db->lanes[i];
        for (unsigned j = 0; j < lane->options.connections; j++, lane->nconns++)
            if (conn_open(&lane->conns[j], db, i)) return ERR_NOMEM;
    }
    return ERR_NONE;
}

static bool params_fit(const struct db *db, struct buf *message)
{
    for (const statement_list *l = db->options.statements; l && *l; l++) {
        for (statement_list s = *l; *s; s++) {
            if ((*s)->nparams <= DB_PARAMS_MAX) continue;
            buf_printf(message, "%s:%u: statement %s: more than %u parameters\n", (*s)->file, (*s)->line,
                       (*s)->name, DB_PARAMS_MAX);
            return false;
        }
    }
    return true;
}

enum err db_open(struct db **ret_db, uv_loop_t *loop, const struct db_options *options,
                 db_on_started *on_started, void *data, struct buf *message)
{
    struct buf ignored;
    struct db *db;
    enum err err;

    buf_init(&ignored, 4096);
    if (!message) message = &ignored;
    err = connect_parses(options->conninfo, message) && !statement_check_names(options->statements, message)
              ? ERR_NONE
              : ERR_INVALID;
    db = err ? NULL : db_new(loop, options);
    if (db && !params_fit(db, message)) err = ERR_INVALID;
    if (!err) err = db ? db_connect(db) : ERR_NOMEM;
    buf_done(&ignored);
    if (err) {
        if (db) db_close(db, NULL, NULL);
        return err;
    }
    db->on_started = on_started;
    db->started_data = data;
    *ret_db = db;
    return ERR_NONE;
}

struct rows db_describe(const struct db *db, const struct statement *st)
{
    return rows_of(map_u64_get(&db->described, (uintptr_t)st));
}

static void db_forget_descriptions(struct db *db)
{
    void *description;

    for (size_t i = 0; map_u64_next(&db->described, &i, NULL, &description);) PQclear(description);
    map_u64_done(&db->described);
}

static void db_on_handle_closed(uv_handle_t *handle)
{
    struct db *db = handle->data;
    void (*on_closed)(void *) = db->on_closed;
    void *data = db->closed_data;

    if (--db->handles) return;
    base_free(db);
    if (on_closed) on_closed(data);
}

void db_close(struct db *db, void (*on_closed)(void *data), void *data)
{
    db->on_closed = on_closed;
    db->closed_data = data;
    db->closing = true;
    for (unsigned i = 0; i < DB_LANES; i++) {
        struct lane *lane = &db->lanes[i];
        while (!list_empty(&lane->queue))
            batch_finish(LIST_FIRST(&lane->queue, struct batch, link), ERR_CANCELLED);
        for (unsigned j = 0; j < lane->nconns; j++) {
            struct conn_slot *slot;
            LIST_FOREACH (slot, &lane->conns[j].slots, link) {
                if (slot->batch) batch_finish(slot->batch, ERR_CANCELLED);
            }
        }
    }
    while (!list_empty(&db->finished)) batch_call(LIST_FIRST(&db->finished, struct batch, link));
    gather_close(db);
    for (unsigned i = 0; i < DB_LANES; i++)
        for (unsigned j = 0; j < db->lanes[i].nconns; j++) conn_close(&db->lanes[i].conns[j]);
    ticker_close(db->sweeper);
    map_u64_done(&db->gatherers);
    db_forget_descriptions(db);
    buf_done(&db->start_message);
    slab_done(&db->slots);
    uv_close((uv_handle_t *)&db->check, db_on_handle_closed);
    uv_close((uv_handle_t *)&db->idle, db_on_handle_closed);
}
