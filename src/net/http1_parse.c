#include "net/http1_parse.h"

#include <string.h>

#include "base/check.h"
#include "base/list.h"

#define HEADERS_FIRST 24
#define TEXT_FIRST    2048u
#define SMALL_BODY    (256u << 10) // announced bodies up to this size get their room at once
#define HEAD_END      3 // of the line ends behind the last field: what may be there without a field of its own
#define GAP_PASSED    SIZE_MAX
#define EXTRA_BYTES   8192u

void http1_message_init(struct http1_message *message)
{
    memset(message, 0, sizeof *message);
    arena_init(&message->arena, 0);
    message->rq.arena = &message->arena;
    buf_init(&message->large, 0);
}

void http1_message_done(struct http1_message *message)
{
    buf_done(&message->large);
    arena_done(&message->arena);
}

void http1_refuse(struct http1_parser *parser, int status, const char *detail)
{
    if (parser->status != 0) return;
    parser->status = status;
    parser->detail = detail;
}

static int refuse(llhttp_t *ll, int status, const char *detail)
{
    http1_refuse(ll->data, status, detail);
    return HPE_USER;
}

// Where a byte of this call stands in the part of the head that is being counted.
static size_t head_position(const struct http1_parser *parser, const char *at)
{
    return parser->head_carry + (size_t)(at - parser->slice);
}

// How much of the request line or of the fields has been read up to `end`, line ends and white space
// included.
static int count_head(struct http1_parser *parser, const char *end, size_t more)
{
    size_t n = head_position(parser, end) + more;
    if (!parser->in_headers && n > parser->limits->line_bytes)
        return refuse(&parser->ll, 414, "request line too long");
    if (parser->in_headers && n > parser->limits->header_bytes)
        return refuse(&parser->ll, 431, "header fields too large");
    return 0;
}

// Appends to the text of the head; strings already there are moved along when it grows.
static char *text_add(struct http1_message *message, const char *at, size_t n)
{
    if (message->text_n + n + 1 > message->text_cap) {
        size_t cap = message->text_cap ? message->text_cap * 2 : TEXT_FIRST;
        while (cap < message->text_n + n + 1) cap *= 2;
        char *text = arena_alloc(&message->arena, cap);
        if (!text) return NULL;
        if (message->text_n > 0) memcpy(text, message->text, message->text_n);
        struct http_request *rq = &message->rq;
        if (rq->target.at) rq->target.at = text + (rq->target.at - message->text);
        for (size_t i = 0; i < rq->header_count; i++) {
            struct http_header *header = &rq->headers[i];
            header->name.at = text + (header->name.at - message->text);
            if (header->value.at) header->value.at = text + (header->value.at - message->text);
        }
        message->text = text;
        message->text_cap = cap;
    }
    char *to = message->text + message->text_n;
    memcpy(to, at, n);
    to[n] = '\0';
    message->text_n += n;
    return to;
}

// Spans may come in parts; each string is NUL-terminated, so a new one begins behind the last one's 0.
static int str_grow(struct http1_message *message, struct str *s, const char *at, size_t n)
{
    if (!s->at && message->text_n > 0) message->text_n++;
    size_t begin = message->text_n;
    char *to = text_add(message, at, n);
    if (!to) return -1;
    if (!s->at) s->at = message->text + begin;
    s->n += n;
    return 0;
}

static int on_message_begin(llhttp_t *ll)
{
    struct http1_parser *parser = ll->data;
    parser->message = parser->on->on_begin(parser);
    if (!parser->message) return refuse(ll, 503, "out of memory");
    parser->in_head = true;
    parser->in_headers = parser->in_name = false;
    parser->head_carry = parser->gap = parser->extra = 0;
    return 0;
}

static int on_method(llhttp_t *ll, const char *at, size_t n)
{
    struct http1_parser *parser = ll->data;
    if (parser->gap == 0) parser->slice = at;
    parser->gap = head_position(parser, at + n) + 1; // one space, and then the target
    return 0;
}

static int on_url(llhttp_t *ll, const char *at, size_t n)
{
    struct http1_parser *parser = ll->data;
    struct http_request *rq = &parser->message->rq;
    if (!rq->target.at && head_position(parser, at) != parser->gap)
        return refuse(ll, 400, "malformed request line");
    int r = count_head(parser, at + n, 0);
    if (r != 0) return r;
    parser->gap = head_position(parser, at + n) + 1 + 5; // " HTTP/", and then the version
    return str_grow(parser->message, &rq->target, at, n) < 0 ? refuse(ll, 503, "out of memory") : 0;
}

static int on_version(llhttp_t *ll, const char *at, size_t n)
{
    struct http1_parser *parser = ll->data;
    if (parser->gap != GAP_PASSED && head_position(parser, at) != parser->gap)
        return refuse(ll, 400, "malformed request line");
    parser->gap = GAP_PASSED;
    parser->mark = at + n;
    return count_head(parser, at + n, 0);
}

static int on_version_complete(llhttp_t *ll)
{
    struct http1_parser *parser = ll->data;
    parser->in_headers = true; // counted from here
    parser->slice = parser->mark;
    parser->head_carry = 0;
    if (ll->http_major != 1 || ll->http_minor > 1) return refuse(ll, 505, "only HTTP/1.0 and 1.1");
    return 0;
}

static struct http_header *header_new(struct http1_message *message)
{
    struct http_request *rq = &message->rq;
    if (rq->header_count == message->header_cap) {
        size_t cap = message->header_cap ? message->header_cap * 2 : HEADERS_FIRST;
        struct http_header *headers = arena_alloc(&message->arena, cap * sizeof *headers);
        if (!headers) return NULL;
        if (rq->header_count > 0) memcpy(headers, rq->headers, rq->header_count * sizeof *headers);
        rq->headers = headers;
        message->header_cap = cap;
    }
    struct http_header *header = &rq->headers[rq->header_count++];
    *header = (struct http_header){ { NULL, 0 }, { NULL, 0 } };
    return header;
}

// Trailers are read and dropped: nothing may depend on them (RFC 9110 section 6.5.1).
static int count_extra(struct http1_parser *parser, size_t n)
{
    parser->extra += n;
    return parser->extra > EXTRA_BYTES ? refuse(&parser->ll, 431, "chunk extensions or trailers too large")
                                       : 0;
}

static int on_header_field(llhttp_t *ll, const char *at, size_t n)
{
    struct http1_parser *parser = ll->data;
    struct http1_message *message = parser->message;
    if (!parser->in_head) return count_extra(parser, n + 4);
    int r = count_head(parser, at + n, 0);
    if (r != 0) return r;
    struct http_request *rq = &message->rq;
    struct http_header *header = parser->in_name ? &rq->headers[rq->header_count - 1] : NULL;
    if (!header) {
        if (rq->header_count == parser->limits->header_count)
            return refuse(ll, 431, "too many header fields");
        header = header_new(message);
    }
    parser->in_name = true;
    if (!header || str_grow(message, &header->name, at, n) < 0) return refuse(ll, 503, "out of memory");
    return 0;
}

static int on_header_field_complete(llhttp_t *ll)
{
    struct http1_parser *parser = ll->data;
    parser->in_name = false;
    return 0;
}

static int on_header_value(llhttp_t *ll, const char *at, size_t n)
{
    struct http1_parser *parser = ll->data;
    if (!parser->in_head) return count_extra(parser, n);
    int r = count_head(parser, at + n, HEAD_END);
    if (r != 0) return r;
    struct http_request *rq = &parser->message->rq;
    struct http_header *header = &rq->headers[rq->header_count - 1];
    return str_grow(parser->message, &header->value, at, n) < 0 ? refuse(ll, 503, "out of memory") : 0;
}

static int body_begin(struct http1_parser *parser, struct http1_message *message, int64_t limit)
{
    message->skip_body = limit == HTTP_ANSWERED;
    message->body_limit = limit < 0 ? 0 : (uint64_t)limit;
    if (message->skip_body) return 0;
    if (message->has_length && message->content_length > message->body_limit)
        return refuse(&parser->ll, 413, "body too large");
    if (!message->has_length || message->content_length == 0 || message->content_length > SMALL_BODY)
        return 0;
    message->body = arena_alloc(&message->arena, (size_t)message->content_length + 1);
    return message->body ? 0 : refuse(&parser->ll, 503, "out of memory");
}

static int on_headers_complete(llhttp_t *ll)
{
    struct http1_parser *parser = ll->data;
    struct http1_message *message = parser->message;
    ll->upgrade = 0; // an upgrade is decided on after the request, by its answer
    if (!parser->in_headers) return refuse(ll, 400, "no version");
    const char *detail = "";
    int status = http1_check(message, ll, &detail);
    if (status != 0) return refuse(ll, status, detail);
    parser->in_head = false;
    int64_t limit = parser->on->on_head(parser, message);
    if (parser->status != 0) return HPE_USER;
    return body_begin(parser, message, limit);
}

static int on_body(llhttp_t *ll, const char *at, size_t n)
{
    struct http1_parser *parser = ll->data;
    struct http1_message *message = parser->message;
    size_t got = message->body_got;
    message->body_got += n;
    if (message->skip_body)
        return message->body_got > parser->limits->skip_bytes ? refuse(ll, 413, "unwanted body") : 0;
    if (message->body_got > message->body_limit) return refuse(ll, 413, "body too large");
    if (message->body) {
        memcpy(message->body + got, at, n);
        return 0;
    }
    buf_append(&message->large, at, n);
    return message->large.failed ? refuse(ll, 503, "out of memory") : 0;
}

static int on_message_complete(llhttp_t *ll)
{
    struct http1_parser *parser = ll->data;
    struct http1_message *message = parser->message;
    message->complete = true;
    if (message->body) {
        message->body[message->body_got] = '\0';
        message->rq.body = str_of(message->body, message->body_got);
    } else if (message->large.n > 0) {
        buf_putc(&message->large, '\0');
        if (message->large.failed) return refuse(ll, 503, "out of memory");
        message->rq.body = str_of(message->large.at, message->body_got);
    } else {
        message->rq.body = STR("");
    }
    parser->message = NULL;
    return parser->on->on_complete(parser, message) ? 0 : HPE_PAUSED;
}

bool http_body_take(struct http_request *request, struct buf *ret)
{
    struct http1_message *message = container_of(request, struct http1_message, rq);
    *ret = message->large;
    buf_init(&message->large, 0);
    if (!ret->at && request->body.n) buf_str(ret, request->body);
    ret->n = request->body.n;
    request->body = buf_view(ret);
    return !ret->failed;
}

static int on_chunk_extension(llhttp_t *ll, const char *at, size_t n)
{
    (void)at;
    return count_extra(ll->data, n);
}

static const llhttp_settings_t parser_settings = {
    .on_message_begin = on_message_begin,
    .on_method = on_method,
    .on_url = on_url,
    .on_version = on_version,
    .on_version_complete = on_version_complete,
    .on_header_field = on_header_field,
    .on_header_field_complete = on_header_field_complete,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
    .on_chunk_extension_name = on_chunk_extension,
    .on_chunk_extension_value = on_chunk_extension,
};

void http1_parser_init(struct http1_parser *parser, const struct http_limits *limits,
                       const struct http1_events *events)
{
    memset(parser, 0, sizeof *parser);
    parser->limits = limits;
    parser->on = events;
    llhttp_init(&parser->ll, HTTP_REQUEST, &parser_settings);
    parser->ll.data = parser;
}

static bool is_token(unsigned char c)
{
    return c > 0x20 && c < 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", c);
}

// A method that nobody knows is 501, a line that does not begin with a method is 400.
static void refuse_method(struct http1_parser *parser, const char *at, const char *end)
{
    while (at < end && is_token((unsigned char)*at)) at++;
    if (at == end || *at == ' ')
        http1_refuse(parser, 501, "unknown method");
    else
        http1_refuse(parser, 400, "malformed request line");
}

static void refuse_error(struct http1_parser *parser, llhttp_errno_t error, const char *end)
{
    const char *reason = llhttp_get_error_reason(&parser->ll);
    if (error == HPE_INVALID_METHOD)
        refuse_method(parser, llhttp_get_error_pos(&parser->ll), end);
    else if (error == HPE_INVALID_VERSION && reason && strcmp(reason, "Invalid HTTP version") == 0)
        http1_refuse(parser, 505, "only HTTP/1.0 and 1.1");
    else
        http1_refuse(parser, 400, "malformed request");
}

enum http1_result http1_parse(struct http1_parser *parser, const char *bytes, size_t n, size_t *ret_used)
{
    *ret_used = n;
    if (parser->status != 0) return HTTP1_REFUSED;
    parser->slice = parser->mark = bytes;
    llhttp_errno_t error = llhttp_execute(&parser->ll, bytes, n);
    if (error == HPE_OK) {
        if (!parser->in_head) return HTTP1_MORE;
        count_head(parser, bytes + n, 0);
        parser->head_carry += (size_t)(bytes + n - parser->slice);
        return parser->status == 0 ? HTTP1_MORE : HTTP1_REFUSED;
    }
    if (error == HPE_PAUSED) {
        *ret_used = (size_t)(llhttp_get_error_pos(&parser->ll) - bytes);
        llhttp_resume(&parser->ll);
        return HTTP1_PAUSED;
    }
    refuse_error(parser, error, bytes + n);
    return HTTP1_REFUSED;
}
