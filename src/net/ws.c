// The life of a socket:
//
//   open --our close frame--> closing --peer's close frame, or deadline--> over
//   open --peer's close frame (echoed), protocol error (told)--> over
//   any  --error, deadline--> over
//
// over: on_close has been called; the memory goes when the stream has.
#include "net/ws.h"

#include <string.h>

#include "base/fault.h"
#include "base/metrics.h"
#include "base/sm.h"
#include "net/http1_private.h"
#include "net/stream_private.h"
#include "net/ws_private.h"

enum ws_state { WS_OPEN, WS_CLOSING, WS_OVER };

static const struct sm_state ws_states[] = {
    [WS_OPEN] = { "open", SM_TO(WS_CLOSING) | SM_TO(WS_OVER) },
    [WS_CLOSING] = { "closing", SM_TO(WS_OVER) },
    [WS_OVER] = { "over", 0 },
};
static const struct sm_table ws_table = SM_TABLE("ws", ws_states);

struct ws {
    struct stream *stream;
    struct http_server *server;
    const struct ws_handlers *on;
    void *data;
    struct sm state;
    size_t max_queue;
    bool pinged;            // and no sign of life since
    bool full;              // a frame was refused
    int code;               // what we closed with
    struct list link;       // in server->sockets
    struct timeout timeout; // ping, pong, close; then the linger of the stream
    struct ws_reader reader;
    struct buf saved; // bytes that came before we took over
};

enum { OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

size_t ws_frame_header(uint8_t *to, unsigned opcode, size_t length)
{
    to[0] = (uint8_t)(0x80 | opcode);
    if (length <= 125) {
        to[1] = (uint8_t)length;
        return 2;
    }
    size_t bytes = length <= 0xffff ? 2 : 8;
    to[1] = bytes == 2 ? 126 : 127;
    for (size_t i = 0; i < bytes; i++) to[2 + i] = (uint8_t)((uint64_t)length >> (8 * (bytes - 1 - i)));
    return 2 + bytes;
}

struct chunk *ws_frame_new(enum ws_opcode opcode, const void *bytes, size_t length)
{
    struct chunk *chunk = chunk_new(WS_HEADER_MAX + length);
    if (!chunk) return NULL;
    size_t header = ws_frame_header(chunk_own(chunk), opcode, length);
    if (length > 0) memcpy(chunk_own(chunk) + header, bytes, length);
    chunk->length = header + length;
    chunk->room = 0; // shared: nobody may append
    return chunk;
}

// A failed write breaks the stream, which tells us at the end of the tick.
static void ws_write_frame(struct ws *ws, unsigned opcode, const void *bytes, size_t length)
{
    uint8_t header[WS_HEADER_MAX];
    size_t n = ws_frame_header(header, opcode, length);
    if (stream_write(ws->stream, header, n) == 0) stream_write(ws->stream, bytes, length);
}

static void ws_arm(struct ws *ws, unsigned ms)
{
    timeout_set(&ws->server->net->wheel, &ws->timeout, ms);
}

static void ws_over(struct ws *ws, int code)
{
    if (sm_is(&ws->state, WS_OVER)) return;
    if (sm_is(&ws->state, WS_CLOSING)) code = ws->code;
    sm_move(&ws->state, WS_OVER);
    ws->server->net->counters.sockets--;
    metric_move(METRIC_WS_SOCKETS, -1);
    ws->on->on_close(ws, code, ws->data);
}

static void ws_cut(struct ws *ws)
{
    ws_over(ws, WS_ABNORMAL);
    timeout_clear(&ws->timeout);
    stream_abort(ws->stream);
}

static void ws_write_close(struct ws *ws, int code, struct str reason)
{
    uint8_t payload[125] = { (uint8_t)(code >> 8), (uint8_t)code };
    reason = reason.n > 123 ? utf8_prefix(reason, 123) : reason;
    if (reason.n > 0) memcpy(payload + 2, reason.at, reason.n);
    ws_write_frame(ws, OP_CLOSE, payload, code == WS_NO_CODE ? 0 : 2 + reason.n);
}

// All has been said: flush, FIN, a little patience for the peer's.
static void ws_finish(struct ws *ws)
{
    ws_arm(ws, ws->server->limits.linger_ms);
    stream_close(ws->stream);
}

static struct ws *ws_of(struct ws_reader *reader)
{
    return container_of(reader, struct ws, reader);
}

static bool ws_on_message(struct ws_reader *reader, enum ws_opcode opcode, struct str bytes)
{
    struct ws *ws = ws_of(reader);
    if (!sm_is(&ws->state, WS_OPEN)) return true; // after our close frame we only wait for theirs
    metric_inc(METRIC_WS_RECEIVED);
    ws->on->on_message(ws, opcode, bytes, ws->data);
    return !sm_is(&ws->state, WS_OVER);
}

static bool ws_on_ping(struct ws_reader *reader, struct str bytes)
{
    struct ws *ws = ws_of(reader);
    // A peer that asks and does not read is not answered: RFC 6455 section 5.5.3 allows to skip.
    if (sm_is(&ws->state, WS_OPEN) && stream_queued(ws->stream) < ws->max_queue)
        ws_write_frame(ws, OP_PONG, bytes.at, bytes.n);
    return true;
}

static bool ws_on_pong(struct ws_reader *reader)
{
    (void)reader;
    return true;
}

static bool ws_on_close(struct ws_reader *reader, int code)
{
    struct ws *ws = ws_of(reader);
    if (sm_is(&ws->state, WS_OPEN)) ws_write_close(ws, code, STR(""));
    ws_finish(ws);
    ws_over(ws, code);
    return false;
}

static const struct ws_events reader_events = { ws_on_message, ws_on_ping, ws_on_pong, ws_on_close };

static void ws_feed(struct ws *ws, const uint8_t *bytes, size_t n)
{
    if (sm_is(&ws->state, WS_OVER)) return;
    if (sm_is(&ws->state, WS_OPEN)) { // a sign of life
        ws->pinged = false;
        ws_arm(ws, ws->server->limits.ping_ms);
    }
    int code = ws_reader_feed(&ws->reader, bytes, n);
    if (code == 0 || sm_is(&ws->state, WS_OVER)) return;
    if (sm_is(&ws->state, WS_OPEN)) ws_write_close(ws, code, STR(""));
    ws_finish(ws);
    ws_over(ws, code);
}

static void ws_on_read(struct stream *stream, uint8_t *bytes, size_t n)
{
    ws_feed(stream_data(stream), bytes, n);
}

static void ws_on_end(struct stream *stream)
{
    ws_cut(stream_data(stream));
}

static void ws_on_error(struct stream *stream, int code)
{
    struct ws *ws = stream_data(stream);
    if (code == UV_ETIMEDOUT) metric_inc(METRIC_WS_SLOW);
    ws_cut(ws);
}

static void ws_on_drain(struct stream *stream)
{
    struct ws *ws = stream_data(stream);
    struct buf saved = ws->saved;
    if (saved.at || stream->paused) {
        buf_init(&ws->saved, 0);
        stream_resume(stream);
        if (saved.n > 0) ws_feed(ws, (const uint8_t *)saved.at, saved.n);
        buf_done(&saved);
    }
    if (!ws->full || !sm_is(&ws->state, WS_OPEN)) return;
    ws->full = false;
    if (ws->on->on_drain) ws->on->on_drain(ws, ws->data);
}

static void ws_free(struct ws *ws)
{
    struct http_server *server = ws->server;
    list_remove(&ws->link);
    timeout_clear(&ws->timeout);
    ws_reader_done(&ws->reader);
    buf_done(&ws->saved);
    base_free(ws);
    if (server) server_count(server, -1);
}

static void ws_on_closed(struct stream *stream)
{
    struct ws *ws = stream_data(stream);
    if (ws->server) ws_over(ws, WS_ABNORMAL);
    ws_free(ws);
}

static const struct stream_handlers ws_stream_handlers = {
    .on_read = ws_on_read,
    .on_end = ws_on_end,
    .on_error = ws_on_error,
    .on_drain = ws_on_drain,
    .on_closed = ws_on_closed,
};

static void ws_on_timeout(struct timeout *timeout)
{
    struct ws *ws = container_of(timeout, struct ws, timeout);
    const struct http_limits *limits = &ws->server->limits;
    if (sm_is(&ws->state, WS_OPEN) && !ws->pinged) {
        ws->pinged = true;
        ws_write_frame(ws, OP_PING, "", 0);
        ws_arm(ws, limits->pong_ms);
        return;
    }
    if (sm_is(&ws->state, WS_OVER) && stream_queued(ws->stream) > 0) {
        ws_arm(ws, limits->linger_ms); // the stall clock of the stream watches this
        return;
    }
    net_timed_out(ws->server->net);
    ws_cut(ws);
}

static struct ws *ws_new(struct http_server *server, const struct ws_options *options,
                         const struct ws_handlers *handlers, void *data)
{
    struct ws *ws = base_zalloc(sizeof *ws);
    if (!ws) return NULL;
    ws->server = server;
    ws->on = handlers;
    ws->data = data;
    ws->max_queue = options->max_queue_bytes ? options->max_queue_bytes : 1u << 20;
    sm_init(&ws->state, &ws_table, WS_OPEN);
    list_init(&ws->link);
    timeout_init(&ws->timeout, ws_on_timeout);
    buf_init(&ws->saved, 0);
    ws_reader_init(&ws->reader, &reader_events, options->max_message ? options->max_message : 64u << 10);
    return ws;
}

static int ws_write_answer(struct stream *stream, struct str key, struct str protocol)
{
    char text[160] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Accept: ";
    size_t n = strlen(text);
    if (ws_accept_key(key, text + n) < 0) return -1;
    n += WS_ACCEPT_BYTES;
    if (stream_write(stream, text, n) < 0) return -1;
    if (protocol.n > 0 && (stream_write(stream, "\r\nSec-WebSocket-Protocol: ", 26) < 0 ||
                           stream_write(stream, protocol.at, protocol.n) < 0))
        return -1;
    return stream_write(stream, "\r\n\r\n", 4);
}

// From here on the stream is the socket's.
static void ws_take_over(struct ws *ws, struct http_slot *slot)
{
    struct http_server *server = ws->server;
    ws->stream = conn_upgrade(slot, &ws->saved);
    stream_set_handlers(ws->stream, &ws_stream_handlers, ws);
    stream_set_bound(ws->stream, ws->max_queue);
    stream_want_drain(ws->stream); // what came too early is read once the answer has left
    if (ws->stream->ended) stream_fail_soon(ws->stream, UV_EOF);
    list_append(&server->sockets, &ws->link);
    ws_arm(ws, server->limits.ping_ms);
    server->net->counters.sockets++;
    metric_move(METRIC_WS_SOCKETS, 1);
    metric_inc(METRIC_HTTP_1XX);
}

struct ws *ws_accept(struct http_request *request, const struct ws_options *options,
                     const struct ws_handlers *handlers, void *data)
{
    struct http_slot *slot = slot_of(request);
    struct http_server *server = slot->conn->server;
    static const struct http_header version = { STR_INIT("Sec-WebSocket-Version"), STR_INIT("13") };
    int status = ws_check(request);
    struct ws *ws = status == 0 ? ws_new(server, options, handlers, data) : NULL;
    if (!ws) {
        struct http_answer answer = { .status = status ? status : 503,
                                      .headers = &version,
                                      .header_count = 1 };
        http_reply(request, &answer);
        return NULL;
    }
    struct str key = http_header(request, "sec-websocket-key");
    if (ws_write_answer(slot->conn->stream, key, options->protocol) < 0) {
        ws->server = NULL;
        ws_free(ws);
        slot->answered = true;
        conn_give_up(slot);
        return NULL;
    }
    ws_take_over(ws, slot);
    return ws;
}

static enum ws_result ws_room(struct ws *ws, size_t length)
{
    if (!sm_is(&ws->state, WS_OPEN)) return WS_CLOSED;
    size_t queued = stream_queued(ws->stream);
    if (queued == 0 || queued + length <= ws->max_queue) return WS_SENT;
    ws->full = true;
    stream_want_drain(ws->stream);
    return WS_FULL;
}

enum ws_result ws_send(struct ws *ws, enum ws_opcode opcode, const void *bytes, size_t length)
{
    enum ws_result room = ws_room(ws, length);
    if (room != WS_SENT) return room;
    metric_inc(METRIC_WS_SENT);
    ws_write_frame(ws, opcode, bytes, length);
    return WS_SENT;
}

enum ws_result ws_send_chunk(struct ws *ws, struct chunk *frame)
{
    enum ws_result room = ws_room(ws, frame->length);
    if (room != WS_SENT) return room;
    metric_inc(METRIC_WS_SENT);
    stream_write_chunk(ws->stream, frame);
    return WS_SENT;
}

void ws_fetch(struct ws *const *sockets, unsigned n)
{
    for (unsigned i = 0; i < n; i++) __builtin_prefetch(sockets[i]);
    for (unsigned i = 0; i < n; i++) stream_fetch(sockets[i]->stream);
}

size_t ws_queued(const struct ws *ws)
{
    return stream_queued(ws->stream);
}

struct str ws_peer(const struct ws *ws)
{
    return str_c(stream_peer(ws->stream));
}

void ws_close(struct ws *ws, int code, const char *reason)
{
    if (!sm_is(&ws->state, WS_OPEN)) return;
    ws->code = code;
    ws_write_close(ws, code, str_c(reason));
    sm_move(&ws->state, WS_CLOSING);
    ws_arm(ws, ws->server->limits.ws_close_ms);
}

void ws_abort_all(struct list *sockets)
{
    struct ws *ws;
    while ((ws = LIST_FIRST(sockets, struct ws, link))) {
        list_remove(&ws->link);
        ws_cut(ws);
        ws->server = NULL; // it goes now; the stream a little later
    }
}
