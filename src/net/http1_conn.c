// The life of a connection, seen from its reading side:
//
//   handshake --> between --first byte--> head --> body --complete--> between ...
//                    ^                      |                 (a request without a body skips `body`)
//                    +------complete--------+
//   between, head, body --the last answer is written--> closing --peer's FIN or deadline--> dead
//   any --error, deadline, abort, upgrade--> dead
//
// Answers are another matter: up to limits.pipelined requests may be unanswered in any of these states.
#include "net/http1_private.h"

#include "base/check.h"
#include "base/metrics.h"
#include "net/stream_private.h"

static const struct sm_state conn_states[] = {
    [CONN_HANDSHAKE] = { "handshake", SM_TO(CONN_BETWEEN) | SM_TO(CONN_DEAD) },
    [CONN_BETWEEN] = { "between", SM_TO(CONN_HEAD) | SM_TO(CONN_CLOSING) | SM_TO(CONN_DEAD) },
    [CONN_HEAD] = { "head", SM_TO(CONN_BODY) | SM_TO(CONN_BETWEEN) | SM_TO(CONN_CLOSING) | SM_TO(CONN_DEAD) },
    [CONN_BODY] = { "body", SM_TO(CONN_BETWEEN) | SM_TO(CONN_CLOSING) | SM_TO(CONN_DEAD) },
    [CONN_CLOSING] = { "closing", SM_TO(CONN_DEAD) },
    [CONN_DEAD] = { "dead", 0 },
};
static const struct sm_table conn_table = SM_TABLE("conn", conn_states);

static void orphan_on_read(struct stream *stream, uint8_t *bytes, size_t n)
{
    (void)stream, (void)bytes, (void)n;
}

static void orphan_on_end(struct stream *stream)
{
    (void)stream;
}

static void orphan_on_error(struct stream *stream, int code)
{
    (void)code;
    stream_abort(stream);
}

// For a stream whose connection has gone and whose handle libuv still has.
static const struct stream_handlers orphan = { .on_read = orphan_on_read,
                                               .on_end = orphan_on_end,
                                               .on_error = orphan_on_error };

void conn_enter(struct http_conn *conn)
{
    conn->depth++;
}

void conn_leave(struct http_conn *conn)
{
    if (--conn->depth > 0 || !conn_is(conn, CONN_DEAD)) return;
    struct http_server *server = conn->server;
    bool counted = conn->stream == NULL;
    struct http_slot *slot;
    while ((slot = LIST_POP(&conn->slots, struct http_slot, link))) slot_free(slot);
    buf_done(&conn->saved);
    slab_free(&server->conns, conn);
    if (counted) server_count(server, -1);
}

// Ends the connection's own part; the stream has been dealt with. The memory goes with conn_leave.
static void conn_die(struct http_conn *conn)
{
    conn_enter(conn);
    sm_move(&conn->state, CONN_DEAD);
    timeout_clear(&conn->timeout);
    list_remove(&conn->link);
    struct http_slot *slot;
    LIST_FOREACH (slot, &conn->slots, link) slot_cancel(slot);
    conn_leave(conn);
}

void conn_abort(struct http_conn *conn)
{
    if (conn_is(conn, CONN_DEAD)) return;
    stream_set_handlers(conn->stream, &orphan, NULL);
    stream_abort(conn->stream);
    conn->stream = NULL;
    conn_die(conn);
}

struct stream *conn_upgrade(struct http_slot *slot, struct buf *ret_saved)
{
    struct http_conn *conn = slot->conn;
    struct stream *stream = conn->stream;
    CHECK(conn->slot_count == 1 && !conn->parsing);
    conn_enter(conn);
    buf_consume(&conn->saved, conn->saved_at);
    *ret_saved = conn->saved;
    buf_init(&conn->saved, 0);
    slot->answered = true;
    stream_set_handlers(stream, &orphan, NULL);
    conn_die(conn);
    conn_leave(conn);
    return stream;
}

static void conn_close(struct http_conn *conn)
{
    if (conn_is(conn, CONN_DEAD) || conn_is(conn, CONN_CLOSING)) return;
    if (conn_is(conn, CONN_HANDSHAKE)) {
        conn_abort(conn);
        return;
    }
    sm_move(&conn->state, CONN_CLOSING);
    stream_close(conn->stream);
    conn_rearm(conn);
}

void conn_finish(struct http_conn *conn)
{
    conn->last = true;
    if (conn->slot_count == 0) conn_close(conn);
}

void conn_drain(struct http_conn *conn)
{
    if (conn_is(conn, CONN_BETWEEN)) conn_rearm(conn);
}

static void conn_set(struct http_conn *conn, unsigned ms)
{
    timeout_set(&conn->server->net->wheel, &conn->timeout, ms);
}

void conn_rearm(struct http_conn *conn)
{
    const struct http_limits *limits = &conn->server->limits;
    bool idle = false;
    switch ((enum conn_state)conn->state.now) {
    case CONN_HANDSHAKE: conn_set(conn, limits->handshake_ms); break;
    case CONN_HEAD: conn_set(conn, limits->header_ms); break;
    case CONN_BODY: conn_set(conn, limits->body_grace_ms); break;
    case CONN_CLOSING: conn_set(conn, limits->linger_ms); break;
    case CONN_BETWEEN:
        idle = conn->slot_count == 0;
        if (!idle)
            timeout_clear(&conn->timeout);
        else if (conn->server->draining)
            conn_set(conn, limits->drain_ms);
        else
            conn_set(conn, conn->first ? limits->header_ms : limits->idle_ms);
        break;
    case CONN_DEAD: return;
    }
    list_remove(&conn->link);
    list_append(idle && !conn->first ? &conn->server->idle : &conn->server->all, &conn->link);
}

// The peer owes us body_rate bytes for every second after the grace.
static bool body_too_slow(const struct http_conn *conn)
{
    const struct http_limits *limits = &conn->server->limits;
    uint64_t ms = uv_now(conn->server->net->loop) - conn->body_at;
    uint64_t owed = ms > limits->body_grace_ms ? (ms - limits->body_grace_ms) * limits->body_rate / 1000 : 0;
    return conn->parser.message && conn->parser.message->body_got <= owed;
}

static void conn_timed_out(struct http_conn *conn)
{
    net_timed_out(conn->server->net);
    switch ((enum conn_state)conn->state.now) {
    case CONN_HANDSHAKE: conn_abort(conn); break;
    case CONN_HEAD: conn_refuse(conn, 408, "header fields came too slowly"); break;
    case CONN_BODY: conn_refuse(conn, 408, "body came too slowly"); break;
    case CONN_BETWEEN: conn_finish(conn); break;
    case CONN_CLOSING:
    case CONN_DEAD: conn_abort(conn); break;
    }
}

static void conn_on_timeout(struct timeout *timeout)
{
    struct http_conn *conn = container_of(timeout, struct http_conn, timeout);
    conn_enter(conn);
    if (conn_is(conn, CONN_BODY) && !body_too_slow(conn))
        conn_set(conn, 1000);
    else if (conn_is(conn, CONN_CLOSING) && stream_queued(conn->stream) > 0)
        conn_rearm(conn); // the stall clock of the stream watches this
    else
        conn_timed_out(conn);
    conn_leave(conn);
}

static void conn_on_ready(struct stream *stream)
{
    struct http_conn *conn = stream_data(stream);
    sm_move(&conn->state, CONN_BETWEEN);
    conn_rearm(conn);
}

static void conn_on_error(struct stream *stream, int code)
{
    (void)code;
    conn_abort(stream_data(stream));
}

static void conn_on_drain(struct stream *stream)
{
    struct http_conn *conn = stream_data(stream);
    conn_enter(conn);
    source_ask(conn);
    conn_resume(conn);
    conn_leave(conn);
}

static void conn_on_closed(struct stream *stream)
{
    struct http_conn *conn = stream_data(stream);
    conn->stream = NULL;
    conn_die(conn);
}

static const struct stream_handlers conn_handlers = {
    .on_read = conn_read,
    .on_end = conn_end,
    .on_error = conn_on_error,
    .on_drain = conn_on_drain,
    .on_ready = conn_on_ready,
    .on_closed = conn_on_closed,
};

struct http_conn *conn_new(struct http_server *server, int fd, struct tls *tls)
{
    struct http_conn *conn = slab_zalloc(&server->conns);
    if (conn) conn->stream = stream_open(server->net, fd, tls, &conn_handlers, conn);
    if (!conn || !conn->stream) {
        slab_free(&server->conns, conn);
        return NULL;
    }
    conn->server = server;
    conn->first = true;
    list_init(&conn->link);
    list_init(&conn->slots);
    buf_init(&conn->saved, 0);
    timeout_init(&conn->timeout, conn_on_timeout);
    sm_init(&conn->state, &conn_table, tls ? CONN_HANDSHAKE : CONN_BETWEEN);
    http1_parser_init(&conn->parser, &server->limits, &conn_events);
    stream_set_bound(conn->stream, server->limits.queue_bytes);
    stream_set_stall(conn->stream, server->limits.stall_ms);
    conn_rearm(conn);
    return conn;
}
