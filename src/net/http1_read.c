// From bytes to requests: when to parse, when to wait, whom to tell.
#include "base/check.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "net/http1_private.h"

static struct http_conn *conn_of(struct http1_parser *parser)
{
    return container_of(parser, struct http_conn, parser);
}

static struct http_slot *slot_of_message(struct http1_message *message)
{
    return container_of(message, struct http_slot, message);
}

// The peer is to wait. (Behind an upgrade it seldom says anything before it is answered: what it says is
// saved, and only then it waits. A pause is two system calls.)
static bool conn_stopped(const struct http_conn *conn)
{
    return conn->last || conn->slot_count >= conn->server->limits.pipelined || stream_full(conn->stream);
}

static bool conn_blocked(const struct http_conn *conn)
{
    return conn->upgrading || conn_stopped(conn);
}

static struct http1_message *conn_on_begin(struct http1_parser *parser)
{
    struct http_conn *conn = conn_of(parser);
    struct http_slot *slot = slab_zalloc(&conn->server->slots);
    if (!slot) return NULL;
    http1_message_init(&slot->message);
    slot->conn = conn;
    slot->message.rq.received_at = conn->read_at;
    slot->message.rq.peer = str_c(stream_peer(conn->stream));
    slot->message.rq.is_tls = stream_is_tls(conn->stream);
    list_append(&conn->slots, &slot->link);
    conn->slot_count++;
    conn->first = false;
    sm_move(&conn->state, CONN_HEAD);
    conn_rearm(conn);
    return &slot->message;
}

static int64_t conn_on_head(struct http1_parser *parser, struct http1_message *message)
{
    struct http_conn *conn = conn_of(parser);
    struct http_slot *slot = slot_of_message(message);
    struct http_server *server = conn->server;
    if (conn->slot_count > 1)
        message->rq.is_upgrade = false; // only alone can the connection change its protocol
    bool body = message->chunked || message->content_length > 0;
    slot->seen = true;
    int64_t limit = server->on->on_head(&message->rq, server->data);
    CHECK((limit == HTTP_ANSWERED) == slot->answered || conn_is(conn, CONN_DEAD));
    if (conn_is(conn, CONN_DEAD) || (slot->answered && slot->close && body)) {
        http1_refuse(parser, 400, "closed");
        return HTTP_ANSWERED;
    }
    if (!body) return limit;
    conn->body_at = uv_now(server->net->loop);
    sm_move(&conn->state, CONN_BODY);
    conn_rearm(conn);
    if (!slot->answered && message->content_length <= (uint64_t)limit) conn_continue(slot);
    return limit;
}

static void conn_dispatch(struct http_conn *conn, struct http_slot *slot)
{
    struct http_server *server = conn->server;
    if (slot->answered) {
        conn_retire(conn);
        return;
    }
    server->net->counters.requests++;
    server->on->on_request(&slot->message.rq, server->data);
}

static bool conn_on_complete(struct http1_parser *parser, struct http1_message *message)
{
    struct http_conn *conn = conn_of(parser);
    struct http_slot *slot = slot_of_message(message);
    slot->done_at = conn->read_at;
    sm_move(&conn->state, CONN_BETWEEN);
    conn_rearm(conn);
    if (!message->keep_alive) conn->last = true;
    if (message->rq.is_upgrade && !slot->answered) {
        conn->upgrading = true; // dispatched once the bytes behind it are in a safe place
        return false;
    }
    conn_dispatch(conn, slot);
    return !conn_is(conn, CONN_DEAD) && !conn_is(conn, CONN_CLOSING) && !conn_blocked(conn);
}

const struct http1_events conn_events = { conn_on_begin, conn_on_head, conn_on_complete };

static void conn_drop_current(struct http_conn *conn)
{
    struct http1_message *message = conn->parser.message;
    if (!message) return;
    struct http_slot *slot = slot_of_message(message);
    conn->parser.message = NULL;
    if (slot->answered) { // before its body was complete: the answer stands, as the last one
        slot->close = true;
        return;
    }
    slot_cancel(slot);
    list_remove(&slot->link);
    conn->slot_count--;
    slot_free(slot);
}

static bool conn_parsable(const struct http_conn *conn)
{
    return !conn_is(conn, CONN_DEAD) && !conn_is(conn, CONN_CLOSING) && !conn_blocked(conn);
}

// Parses until the bytes are used up or something is in the way. Returns how many were used.
static size_t conn_parse(struct http_conn *conn, const char *bytes, size_t n)
{
    size_t done = 0;
    conn->parsing = true;
    while (done < n && conn_parsable(conn)) {
        size_t used;
        enum http1_result result = http1_parse(&conn->parser, bytes + done, n - done, &used);
        done += used;
        if (conn_is(conn, CONN_DEAD)) break;
        if (result == HTTP1_REFUSED) {
            conn->parsing = false;
            conn_refuse(conn, conn->parser.status, conn->parser.detail);
            return n;
        }
    }
    conn->parsing = false;
    return done;
}

// An upgrade is decided on alone, with all that came behind it saved.
static void conn_dispatch_upgrade(struct http_conn *conn)
{
    struct http_slot *slot = LIST_FIRST(&conn->slots, struct http_slot, link);
    if (!conn->upgrading || !slot || slot->dispatched) return;
    slot->dispatched = true;
    conn_dispatch(conn, slot);
}

// After parsing: what was not parsed waits, and the peer does, too.
static void conn_settle(struct http_conn *conn, const uint8_t *rest, size_t n)
{
    if (conn_is(conn, CONN_DEAD) || conn_is(conn, CONN_CLOSING)) return;
    if (n > 0 && !conn->last) {
        buf_append(&conn->saved, rest, n);
        if (conn->saved.failed) {
            conn_abort(conn);
            return;
        }
    }
    if (conn->saved.n > conn->saved_at || conn_stopped(conn)) stream_pause(conn->stream);
    if (stream_full(conn->stream)) stream_want_drain(conn->stream);
    conn_dispatch_upgrade(conn);
    conn_go_on(conn);
}

void conn_read(struct stream *stream, uint8_t *bytes, size_t n)
{
    struct http_conn *conn = stream_data(stream);
    if (conn->last) return;
    conn_enter(conn);
    conn->read_at = clock_now_ns();
    // After a pause in this very tick there may be more; it belongs behind what is saved.
    size_t used = conn->saved.n > conn->saved_at ? 0 : conn_parse(conn, (const char *)bytes, n);
    conn_settle(conn, bytes + used, n - used);
    conn_leave(conn);
}

// The peer has ended and all that it sent has been parsed.
static void conn_finish_ended(struct http_conn *conn)
{
    conn_drop_current(conn);
    conn_retire(conn);
    conn_finish(conn);
}

void conn_resume(struct http_conn *conn)
{
    if (conn->parsing || conn->resuming || !conn_parsable(conn)) return;
    conn_enter(conn);
    conn->resuming = true;
    while (conn->saved.n > conn->saved_at && conn_parsable(conn)) {
        size_t used = conn_parse(conn, conn->saved.at + conn->saved_at, conn->saved.n - conn->saved_at);
        conn->saved_at += used;
        if (conn->saved_at == conn->saved.n) {
            buf_done(&conn->saved);
            conn->saved_at = 0;
        }
        conn_settle(conn, NULL, 0);
    }
    conn->resuming = false;
    if (conn_parsable(conn)) {
        if (conn->ended)
            conn_finish_ended(conn);
        else
            stream_resume(conn->stream);
    }
    conn_leave(conn);
}

// A half-closed peer still gets its answers.
void conn_end(struct stream *stream)
{
    struct http_conn *conn = stream_data(stream);
    conn_enter(conn);
    conn->ended = true;
    if (conn->saved.n == conn->saved_at) conn_finish_ended(conn);
    conn_leave(conn);
}
