/*   waiting -> connecting -> subscribing -> up <-> beating      any -> closed
 *      ^___________|______________|_________|_________|
 *   up: LISTEN is in force; beating: a heartbeat waits for its answer.
 */
#include "db/listen.h"

#include <libpq-fe.h>
#include <string.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/sm.h"
#include "db/connect.h"

enum { LISTEN_WAITING, LISTEN_CONNECTING, LISTEN_SUBSCRIBING, LISTEN_UP, LISTEN_BEATING, LISTEN_CLOSED };

static const struct sm_state listen_states[] = {
    [LISTEN_WAITING] = { "waiting", SM_TO(LISTEN_CONNECTING) | SM_TO(LISTEN_CLOSED) },
    [LISTEN_CONNECTING] = { "connecting",
                            SM_TO(LISTEN_SUBSCRIBING) | SM_TO(LISTEN_WAITING) | SM_TO(LISTEN_CLOSED) },
    [LISTEN_SUBSCRIBING] = { "subscribing", SM_TO(LISTEN_UP) | SM_TO(LISTEN_WAITING) | SM_TO(LISTEN_CLOSED) },
    [LISTEN_UP] = { "up", SM_TO(LISTEN_BEATING) | SM_TO(LISTEN_WAITING) | SM_TO(LISTEN_CLOSED) },
    [LISTEN_BEATING] = { "beating", SM_TO(LISTEN_UP) | SM_TO(LISTEN_WAITING) | SM_TO(LISTEN_CLOSED) },
    [LISTEN_CLOSED] = { "closed", 0 },
};
static const struct sm_table listen_table = SM_TABLE("db.listen", listen_states);

struct listen {
    uv_loop_t *loop;
    struct listen_options options;
    struct sm sm;
    struct connector connector;
    PGconn *pg;
    struct poller *poller;
    struct ticker *ticker; /* by state: the next attempt, the answer's deadline, the next heartbeat */
    unsigned attempt;
    bool was_up;
    unsigned depth; /* inside callbacks: the memory may not go yet */
    bool failed;    /* the answer to LISTEN was an error */
    uv_idle_t last; /* its close callback ends the life of this struct */
    void (*on_closed)(void *data);
    void *closed_data;
};

static void listen_on_tick(void *data);

static unsigned beat_ms(const struct listen *l)
{
    return l->options.heartbeat_ms ? l->options.heartbeat_ms : 2000;
}

static void listen_drop(struct listen *l)
{
    connect_cancel(&l->connector);
    poller_close(l->poller);
    l->poller = NULL;
    PQfinish(l->pg);
    l->pg = NULL;
}

static void listen_wait(struct listen *l, const char *why)
{
    bool was_up = sm_is(&l->sm, LISTEN_UP) || sm_is(&l->sm, LISTEN_BEATING);

    log_warn("db.listen_lost", LOG_S("state", sm_name(&l->sm)), LOG_S("why", why));
    listen_drop(l);
    sm_move(&l->sm, LISTEN_WAITING);
    ticker_set(l->ticker, connect_backoff_ms(l->attempt++), 0);
    if (was_up && l->options.on_lost) l->options.on_lost(l->options.data);
}

/* LISTEN a; LISTEN b; select 1. false when it can't be sent. */
static bool listen_subscribe(struct listen *l)
{
    struct buf sql;
    bool sent = false;

    buf_init(&sql, 0);
    for (const char *const *c = l->options.channels; *c; c++) {
        char *name = PQescapeIdentifier(l->pg, *c, strlen(*c));
        if (name)
            buf_printf(&sql, "listen %s; ", name);
        else
            sql.failed = true;
        PQfreemem(name);
    }
    buf_printf(&sql, "select 1");
    buf_putc(&sql, '\0');
    if (!sql.failed) sent = PQsendQuery(l->pg, sql.at) == 1;
    buf_done(&sql);
    return sent;
}

/* An answer is complete. */
static void listen_answered(struct listen *l)
{
    if (l->failed) {
        listen_wait(l, "LISTEN or the heartbeat failed");
        return;
    }
    if (sm_is(&l->sm, LISTEN_SUBSCRIBING)) {
        sm_move(&l->sm, LISTEN_UP);
        if (l->was_up) metric_inc(METRIC_DB_RECONNECTS);
        l->was_up = true;
        l->attempt = 0;
        ticker_set(l->ticker, beat_ms(l), 0);
        l->options.on_gap(l->options.data);
    } else if (sm_is(&l->sm, LISTEN_BEATING)) {
        sm_move(&l->sm, LISTEN_UP);
        ticker_set(l->ticker, beat_ms(l), 0);
    }
}

static bool listen_asking(const struct listen *l)
{
    return sm_is(&l->sm, LISTEN_SUBSCRIBING) || sm_is(&l->sm, LISTEN_BEATING);
}

static void listen_read(struct listen *l)
{
    PGnotify *note;
    PGresult *r;

    while (l->pg && listen_asking(l) && !PQisBusy(l->pg)) {
        r = PQgetResult(l->pg);
        if (!r) {
            listen_answered(l);
        } else {
            if (PQresultStatus(r) == PGRES_FATAL_ERROR) l->failed = true;
            PQclear(r);
        }
    }
    if (l->pg) PQisBusy(l->pg); /* parses what is there: notifications come at any time */
    while (l->pg && (note = PQnotifies(l->pg))) {
        if (sm_is(&l->sm, LISTEN_UP) || sm_is(&l->sm, LISTEN_BEATING))
            l->options.on_notify(l->options.data, str_c(note->relname), str_c(note->extra));
        PQfreemem(note);
    }
}

static void listen_flush(struct listen *l)
{
    int pending = l->pg ? PQflush(l->pg) : 0;

    if (!l->pg) return;
    if (pending < 0 || poller_watch(l->poller, UV_READABLE | (pending ? UV_WRITABLE : 0)))
        listen_wait(l, PQerrorMessage(l->pg));
}

static void listen_enter(struct listen *l)
{
    l->depth++;
}

static void listen_leave(struct listen *l);

static void listen_on_event(void *data, int status, int events)
{
    struct listen *l = data;

    listen_enter(l);
    if (status < 0) {
        listen_wait(l, uv_strerror(status));
    } else {
        if (events & UV_READABLE) {
            if (fault_hit("db.recv") || !PQconsumeInput(l->pg))
                listen_wait(l, PQerrorMessage(l->pg));
            else
                listen_read(l);
        }
        listen_flush(l);
    }
    listen_leave(l);
}

static void listen_on_connected(void *data, PGconn *pg, const char *message)
{
    struct listen *l = data;

    listen_enter(l);
    if (pg) {
        l->pg = pg;
        l->failed = false;
        sm_move(&l->sm, LISTEN_SUBSCRIBING);
        ticker_set(l->ticker, 3000, 0);
        l->poller = poller_open(l->loop, PQsocket(pg), listen_on_event, l);
        if (!l->poller || !listen_subscribe(l))
            listen_wait(l, "out of memory");
        else
            listen_flush(l);
    } else {
        listen_wait(l, message);
    }
    listen_leave(l);
}

/* The back-off is over, a deadline passed, or a heartbeat is due. */
static void listen_on_tick(void *data)
{
    struct listen *l = data;
    enum err err;

    listen_enter(l);
    if (sm_is(&l->sm, LISTEN_WAITING)) {
        sm_move(&l->sm, LISTEN_CONNECTING);
        err = connect_start(&l->connector);
        if (err) listen_wait(l, err_name(err));
    } else if (sm_is(&l->sm, LISTEN_UP)) {
        sm_move(&l->sm, LISTEN_BEATING);
        ticker_set(l->ticker, beat_ms(l), 0);
        if (fault_hit("db.send") || !PQsendQuery(l->pg, "select 1"))
            listen_wait(l, PQerrorMessage(l->pg));
        else
            listen_flush(l);
    } else if (listen_asking(l)) {
        listen_wait(l, "no answer in time");
    }
    listen_leave(l);
}

enum err listen_open(struct listen **ret_listen, uv_loop_t *loop, const struct listen_options *options)
{
    struct connect_options connect = {
        .conninfo = options->conninfo,
        .application_name = "todoke-listen",
        .any_server = options->any_server,
    };
    struct listen *l;

    if (!connect_parses(options->conninfo, NULL)) return ERR_INVALID;
    l = fault_hit("db.alloc") ? NULL : base_zalloc(sizeof(*l));
    if (!l) return ERR_NOMEM;
    l->ticker = ticker_open(loop, listen_on_tick, l);
    if (!l->ticker) {
        base_free(l);
        return ERR_NOMEM;
    }
    l->loop = loop;
    l->options = *options;
    sm_init(&l->sm, &listen_table, LISTEN_WAITING);
    connect_init(&l->connector, loop, &connect, listen_on_connected, l);
    uv_idle_init(loop, &l->last);
    l->last.data = l;
    ticker_set(l->ticker, 0, 0);
    *ret_listen = l;
    return ERR_NONE;
}

bool listen_up(const struct listen *l)
{
    return l && (sm_is(&l->sm, LISTEN_UP) || sm_is(&l->sm, LISTEN_BEATING));
}

static void listen_on_handle_closed(uv_handle_t *handle)
{
    struct listen *l = handle->data;

    if (l->on_closed) l->on_closed(l->closed_data);
    base_free(l);
}

static void listen_leave(struct listen *l)
{
    l->depth--;
    if (sm_is(&l->sm, LISTEN_CLOSED) && !l->depth) uv_close((uv_handle_t *)&l->last, listen_on_handle_closed);
}

void listen_close(struct listen *l, void (*on_closed)(void *data), void *data)
{
    if (!l || sm_is(&l->sm, LISTEN_CLOSED)) return;
    listen_enter(l);
    l->on_closed = on_closed;
    l->closed_data = data;
    listen_drop(l);
    ticker_close(l->ticker);
    sm_move(&l->sm, LISTEN_CLOSED);
    listen_leave(l);
}
