// From answers to the stream: each in its turn.
#include "base/check.h"
#include "base/metrics.h"
#include "net/http1_private.h"
#include "net/stream_private.h"

void slot_cancel(struct http_slot *slot)
{
    struct http_server *server = slot->conn->server;
    source_drop(slot);
    if (!slot->seen || slot->answered) return;
    slot->answered = true;
    server->on->on_cancel(&slot->message.rq, server->data);
}

void slot_free(struct http_slot *slot)
{
    struct http_server *server = slot->conn->server;
    pieces_clear(&slot->out);
    http1_message_done(&slot->message);
    slab_free(&server->slots, slot);
}

static void slot_retire(struct http_slot *slot)
{
    list_remove(&slot->link);
    slot->conn->slot_count--;
    slot_free(slot);
}

// What comes behind the last answer is not answered any more.
static void conn_cut_rest(struct http_conn *conn)
{
    struct http_slot *slot;
    while ((slot = LIST_FIRST(&conn->slots, struct http_slot, link))) {
        if (conn->parser.message == &slot->message) conn->parser.message = NULL;
        slot_cancel(slot);
        slot_retire(slot);
    }
}

// A slot that the parser still fills stays until the parser has let go of it.
static bool slot_is_over(const struct http_conn *conn, const struct http_slot *slot)
{
    if (!slot->answered || slot->source) return false;
    if (slot->message.complete) return true;
    return slot->close && !conn->parsing;
}

void conn_retire(struct http_conn *conn)
{
    struct http_slot *slot;
    conn_enter(conn);
    while (!conn_is(conn, CONN_DEAD) && (slot = LIST_FIRST(&conn->slots, struct http_slot, link)) &&
           slot_is_over(conn, slot)) {
        bool close = slot->close;
        if (conn->parser.message == &slot->message) conn->parser.message = NULL;
        slot_retire(slot);
        if (close) {
            conn->last = conn->cut = true;
            break;
        }
        slot = LIST_FIRST(&conn->slots, struct http_slot, link);
        if (!slot) break;
        if (pieces_move(&conn->stream->out, &slot->out) < 0) {
            conn_abort(conn);
            break;
        }
        stream_touch(conn->stream);
        if (!slot->answered && !slot->message.complete) conn_continue(slot);
    }
    if (conn->cut && !conn->parsing && !conn_is(conn, CONN_DEAD)) conn_cut_rest(conn);
    source_ask(conn);
    conn_leave(conn);
}

void conn_continue(struct http_slot *slot)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct http_conn *conn = slot->conn;
    bool its_turn = LIST_FIRST(&conn->slots, struct http_slot, link) == slot;
    if (!slot->seen || !its_turn || !slot->message.expects_continue || slot->message.body_got > 0) return;
    slot->message.expects_continue = false;
    stream_write(conn->stream, text, sizeof text - 1);
}

void conn_go_on(struct http_conn *conn)
{
    if (conn_is(conn, CONN_DEAD) || conn_is(conn, CONN_CLOSING) || conn->parsing) return;
    conn_retire(conn);
    if (conn_is(conn, CONN_DEAD)) return;
    if (conn->last && conn->slot_count == 0) {
        conn_finish(conn);
        return;
    }
    if (conn_is(conn, CONN_BETWEEN) && conn->slot_count == 0 && !conn->first) conn_rearm(conn);
    if (conn->slot_count <= conn->server->limits.pipelined / 2) conn_resume(conn);
}

void conn_answered(struct http_slot *slot)
{
    struct http_conn *conn = slot->conn;
    conn_enter(conn);
    conn->upgrading = false;
    stream_touch(conn->stream);
    if (conn->parsing)
        conn_retire(conn);
    else
        conn_go_on(conn);
    conn_leave(conn);
}

void conn_give_up(struct http_slot *slot)
{
    metric_inc(METRIC_ALLOC_FAILURES);
    conn_abort(slot->conn);
}

void conn_refuse(struct http_conn *conn, int status, const char *detail)
{
    conn_enter(conn);
    struct http_server *server = conn->server;
    struct http_slot *slot =
        conn->parser.message ? container_of(conn->parser.message, struct http_slot, message) : NULL;
    if (!slot) { // between requests there is nothing to answer; what was asked before is still answered
        conn_finish(conn);
    } else if (slot->answered) { // answered before its body was read: that answer was the last
        slot->close = true;
        conn->last = true;
        conn_go_on(conn);
    } else {
        slot_cancel(slot);
        server->net->counters.bad_requests++;
        metric_inc(METRIC_HTTP_REFUSED);
        char text[96];
        int n = snprintf(text, sizeof text, "%s\n", detail);
        struct http_header plain = { STR("Content-Type"), STR("text/plain; charset=utf-8") };
        struct http_answer answer = { .headers = &plain, .header_count = 1, .body = str_of(text, (size_t)n) };
        if (server->on->on_refuse)
            server->on->on_refuse(status, detail, &slot->message.arena, &answer, server->data);
        answer.status = status;
        answer.close = true;
        conn->last = true;
        slot->answered = false;
        http_reply(&slot->message.rq, &answer);
    }
    conn_leave(conn);
}
