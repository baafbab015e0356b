// Answers: one contiguous head, the body behind it, into the stream when it is this request's turn, else into
// the request's own queue.
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "net/http1_private.h"
#include "net/stream_private.h"

#define COPY_MAX (64u << 10) // a longer body of bytes becomes a chunk of its own, of its exact size

struct str http_header(const struct http_request *request, const char *name)
{
    struct str wanted = str_c(name);
    for (size_t i = 0; i < request->header_count; i++)
        if (str_eq(request->headers[i].name, wanted)) return request->headers[i].value;
    return (struct str){ NULL, 0 };
}

unsigned http_waited_ms(const struct http_request *request)
{
    const struct http_slot *slot = container_of(request, struct http_slot, message.rq);
    struct tcp_info info = { 0 };
    socklen_t length = sizeof info;
    if (getsockopt(slot->conn->stream->fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0) return 0;
    return info.tcpi_last_data_recv;
}

struct pieces *reply_queue(struct http_slot *slot)
{
    bool its_turn = container_of(slot->conn->slots.next, struct http_slot, link) == slot;
    return its_turn ? &slot->conn->stream->out : &slot->out;
}

static bool is_ours(struct str name)
{
    return str_eq_nocase(name, STR("date")) || str_eq_nocase(name, STR("content-length")) ||
           str_eq_nocase(name, STR("connection")) || str_eq_nocase(name, STR("transfer-encoding"));
}

// No byte that could end a line.
static bool is_clean(struct str s, bool name)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c == '\r' || c == '\n' || c == '\0' || (name && (c <= ' ' || c == ':'))) return false;
    }
    return !name || s.n > 0;
}

static bool headers_clean(const struct http_answer *answer)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (!is_clean(answer->headers[i].name, true) || !is_clean(answer->headers[i].value, false))
            return false;
    return true;
}

static size_t chunk_part(const struct http_answer *answer, size_t i, size_t *ret_offset)
{
    size_t offset = i == 0 ? answer->chunk_offset : 0;
    size_t length = answer->chunks[i]->length - offset;
    if (answer->chunk_count == 1 && answer->chunk_length > 0) length = answer->chunk_length;
    *ret_offset = offset;
    return length;
}

static size_t body_length(const struct http_answer *answer)
{
    size_t n = answer->body.n, offset;
    for (size_t i = 0; i < answer->chunk_count; i++) n += chunk_part(answer, i, &offset);
    if (answer->source) n += (size_t)answer->source->length;
    return n;
}

static char *put(char *to, const char *from, size_t n)
{
    if (n > 0) memcpy(to, from, n);
    return to + n;
}

#define PUT(to, literal) put((to), (literal), sizeof(literal) - 1)

static char *put_number(char *to, uint64_t value)
{
    char digits[20];
    size_t n = 0;
    do digits[sizeof digits - ++n] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    return put(to, digits + sizeof digits - n, n);
}

// The longest that the lines of our own can be, and the exact size of the others.
static size_t head_room(const struct http_answer *answer)
{
    size_t n = 256 + answer->lines.n;
    for (size_t i = 0; i < answer->header_count; i++)
        n += answer->headers[i].name.n + answer->headers[i].value.n + 4;
    return n;
}

static char *put_head(char *to, struct http_slot *slot, const struct http_answer *answer, size_t body)
{
    const char *reason = http_reason(answer->status);
    to = PUT(to, "HTTP/1.1 ");
    to = put_number(to, (uint64_t)answer->status);
    to = PUT(to, " ");
    to = put(to, reason, strlen(reason));
    to = PUT(to, "\r\nDate: ");
    to = put(to, net_date(slot->conn->server->net), NET_DATE_BYTES);
    if (answer->status != 204 && answer->status != 304) {
        to = PUT(to, "\r\nContent-Length: ");
        to = put_number(to, body);
    }
    for (size_t i = 0; i < answer->header_count; i++) {
        const struct http_header *header = &answer->headers[i];
        if (is_ours(header->name)) continue;
        to = PUT(to, "\r\n");
        to = put(to, header->name.at, header->name.n);
        to = PUT(to, ": ");
        to = put(to, header->value.at, header->value.n);
    }
    to = put(to, answer->lines.at, answer->lines.n);
    if (slot->close)
        to = PUT(to, "\r\nConnection: close");
    else if (slot->message.rq.minor == 0)
        to = PUT(to, "\r\nConnection: keep-alive");
    return PUT(to, "\r\n\r\n");
}

static int put_body(struct pieces *out, struct net *net, const struct http_answer *answer)
{
    if (answer->body.n > COPY_MAX) {
        struct chunk *chunk = chunk_copy(answer->body.at, answer->body.n);
        if (!chunk) return -1;
        int r = pieces_add(out, chunk, 0, chunk->length);
        chunk_unref(chunk);
        if (r < 0) return -1;
    } else if (pieces_write(out, net, answer->body.at, answer->body.n) < 0) {
        return -1;
    }
    for (size_t i = 0; i < answer->chunk_count; i++) {
        size_t offset, length = chunk_part(answer, i, &offset);
        if (pieces_add(out, answer->chunks[i], offset, length) < 0) return -1;
    }
    return 0;
}

int reply_write(struct http_slot *slot, const struct http_answer *answer)
{
    struct net *net = slot->conn->server->net;
    struct pieces *out = reply_queue(slot);
    static const struct http_answer broken = { .status = 500, .close = true };
    if (!headers_clean(answer)) answer = &broken;
    size_t room = head_room(answer);
    char *head = (char *)pieces_reserve(out, net, room);
    if (!head) return -1;
    char *end = put_head(head, slot, answer, body_length(answer));
    CHECK((size_t)(end - head) <= room);
    pieces_commit(out, (size_t)(end - head));
    if (slot->message.rq.method == METHOD_HEAD && slot->seen) return 0;
    if (answer->status == 204 || answer->status == 304) return 0;
    if (answer->source) source_begin(slot, answer->source);
    return put_body(out, net, answer);
}

static void count_answer(const struct http_slot *slot, int status)
{
    metric_inc((enum metric)(METRIC_HTTP_1XX + (status / 100 - 1)));
    if (slot->done_at > 0) metric_observe(METRIC_HTTP_SECONDS, clock_now_ns() - slot->done_at);
}

// Is the rest of the request's body not worth reading, or perhaps never sent?
static bool body_unwanted(const struct http_slot *slot)
{
    const struct http1_message *message = &slot->message;
    if (message->complete || (!message->chunked && message->content_length == 0)) return false;
    return message->expects_continue || message->content_length > slot->conn->server->limits.skip_bytes;
}

int http_reply(struct http_request *request, const struct http_answer *answer)
{
    struct http_slot *slot = slot_of(request);
    struct http_conn *conn = slot->conn;
    CHECK(!slot->answered);
    CHECK(answer->status >= 200 && answer->status <= 599);
    slot->answered = true;
    if (!slot->message.complete) slot->message.skip_body = true;
    bool drains = conn->server->draining && conn->slots.prev == &slot->link; // the last one says so
    slot->close = answer->close || !slot->message.keep_alive || drains || body_unwanted(slot);
    count_answer(slot, answer->status);
    struct http_source *source = answer->source;
    int r = reply_write(slot, answer);
    if (source && !slot->source) source->over(source); // nothing is to come
    if (r < 0)
        conn_give_up(slot);
    else
        conn_answered(slot);
    return r < 0 ? -1 : 0;
}
