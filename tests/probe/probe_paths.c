#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fault.h"
#include "probe.h"

#define BODY_LIMIT (64 << 20)

static const struct http_header text_plain = { STR_INIT("Content-Type"),
                                               STR_INIT("text/plain; charset=utf-8") };
static const struct http_header json_type = { STR_INIT("Content-Type"), STR_INIT("application/json") };
static const struct http_header allow = { STR_INIT("Allow"), STR_INIT("GET, HEAD, POST, OPTIONS") };

static void answer(struct http_request *request, int status, const struct http_header *header,
                   struct str body)
{
    struct http_answer given = { .status = status, .headers = header, .header_count = 1, .body = body };
    http_reply(request, &given);
}

static void answer_buf(struct http_request *request, const struct http_header *type, struct buf *body)
{
    if (body->failed)
        answer(request, 503, &text_plain, STR("out of memory\n"));
    else
        answer(request, 200, type, buf_view(body));
    buf_done(body);
}

static void path_root(struct http_request *request, struct probe *probe)
{
    (void)probe;
    switch (request->method) {
    case METHOD_GET:
    case METHOD_HEAD: answer(request, 200, &text_plain, STR("todoke\n")); return;
    case METHOD_OPTIONS: answer(request, 204, &allow, STR("")); return;
    case METHOD_POST: break;
    default: answer(request, 405, &allow, STR("method not allowed\n")); return;
    }
    struct str type = http_header(request, "content-type");
    struct http_header same = { STR("Content-Type"), type.at ? type : STR("application/octet-stream") };
    answer(request, 200, &same, request->body);
}

static void path_echo(struct http_request *request, struct probe *probe)
{
    (void)probe;
    struct buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < request->header_count; i++) {
        buf_str(&out, request->headers[i].name);
        buf_str(&out, STR(": "));
        buf_str(&out, request->headers[i].value);
        buf_putc(&out, '\n');
    }
    answer_buf(request, &text_plain, &out);
}

static void path_cookie(struct http_request *request, struct probe *probe)
{
    (void)probe;
    struct buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < request->header_count; i++) {
        if (!str_eq(request->headers[i].name, STR("cookie"))) continue;
        struct str rest = request->headers[i].value;
        while (rest.at) {
            struct str value, pair = str_trim(str_cut(rest, ';', &rest));
            struct str name = str_trim(str_cut(pair, '=', &value));
            if (!value.at || name.n == 0) continue;
            value = str_trim(value);
            buf_str(&out, name);
            buf_putc(&out, '=');
            buf_str(&out, value);
            buf_putc(&out, '\n');
        }
    }
    answer_buf(request, &text_plain, &out);
}

static void put_base64(struct buf *out, struct str s)
{
    buf_putc(out, '"');
    char *to = buf_reserve(out, BASE64_SIZE(s.n));
    if (to) buf_commit(out, base64_encode(to, s.at, s.n));
    buf_putc(out, '"');
}

static void path_json_echo(struct http_request *request, struct probe *probe)
{
    (void)probe;
    struct buf out;
    buf_init(&out, 0);
    buf_str(&out, STR("{\"method\":"));
    put_base64(&out, request->method_name);
    buf_str(&out, STR(",\"target\":"));
    put_base64(&out, request->target);
    buf_str(&out, STR(",\"path\":"));
    put_base64(&out, request->path);
    buf_str(&out, STR(",\"headers\":["));
    for (size_t i = 0; i < request->header_count; i++) {
        buf_str(&out, i > 0 ? STR(",[") : STR("["));
        put_base64(&out, request->headers[i].name);
        buf_putc(&out, ',');
        put_base64(&out, request->headers[i].value);
        buf_putc(&out, ']');
    }
    buf_str(&out, STR("],\"body\":"));
    put_base64(&out, request->body);
    buf_putc(&out, '}');
    answer_buf(request, &json_type, &out);
}

// What follows is for the tests of this layer: answers that take their time, are large, or come from chunks.
struct wait {
    uv_timer_t timer;
    struct http_request *request;
    struct probe *probe;
};

static void wait_on_closed(uv_handle_t *handle)
{
    base_free(handle->data);
}

static void wait_end(struct wait *wait)
{
    wait->probe->waiting--;
    uv_close((uv_handle_t *)&wait->timer, wait_on_closed);
}

static void wait_on_timer(uv_timer_t *timer)
{
    struct wait *wait = timer->data;
    answer(wait->request, 200, &text_plain, wait->request->query);
    wait_end(wait);
}

static void path_slow(struct http_request *request, struct probe *probe)
{
    struct wait *wait = base_zalloc(sizeof *wait);
    if (!wait) {
        answer(request, 503, &text_plain, STR("out of memory\n"));
        return;
    }
    wait->request = request;
    wait->probe = probe;
    request->user = wait;
    probe->waiting++;
    uv_timer_init(&probe->loop, &wait->timer);
    wait->timer.data = wait;
    uv_timer_start(&wait->timer, wait_on_timer, strtoul(request->query.n ? request->query.at : "0", NULL, 10),
                   0);
}

static void path_big(struct http_request *request, struct probe *probe)
{
    (void)probe;
    size_t n = strtoul(request->query.n ? request->query.at : "0", NULL, 10);
    struct chunk *chunk = n <= 256u << 20 ? chunk_new(n) : NULL;
    if (!chunk) {
        answer(request, 503, &text_plain, STR("too much\n"));
        return;
    }
    for (size_t i = 0; i < n; i++) chunk_own(chunk)[i] = (uint8_t)('a' + i % 26);
    chunk->length = n;
    struct http_answer given = {
        .status = 200, .headers = &text_plain, .header_count = 1, .chunks = &chunk, .chunk_count = 1
    };
    http_reply(request, &given);
    chunk_unref(chunk);
}

static void path_stats(struct http_request *request, struct probe *probe)
{
    const struct net_counters *counters = net_counters(probe->net);
    struct buf out;
    buf_init(&out, 0);
    buf_printf(&out,
               "{\"cancelled\":%d,\"waiting\":%d,\"connections\":%llu,\"sockets\":%llu,\"timeouts\":%llu,"
               "\"requests\":%llu}",
               probe->cancelled, probe->waiting, (unsigned long long)counters->connections,
               (unsigned long long)counters->sockets, (unsigned long long)counters->timeouts,
               (unsigned long long)counters->requests);
    answer_buf(request, &json_type, &out);
}

static const struct {
    struct str path;
    void (*run)(struct http_request *request, struct probe *probe);
    int64_t limit;
} paths[] = {
    { STR_INIT("/"), path_root, BODY_LIMIT },
    { STR_INIT("*"), path_root, 0 },
    { STR_INIT("/echo"), path_echo, BODY_LIMIT },
    { STR_INIT("/cookie"), path_cookie, BODY_LIMIT },
    { STR_INIT("/json-echo"), path_json_echo, BODY_LIMIT },
    { STR_INIT("/ws-echo"), probe_upgrade, 0 },
    { STR_INIT("/slow"), path_slow, 1024 },
    { STR_INIT("/big"), path_big, 0 },
    { STR_INIT("/small"), path_root, 16 },
    { STR_INIT("/stats"), path_stats, 0 },
};

static int64_t probe_on_head(struct http_request *request, void *data)
{
    (void)data;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (str_eq(request->path, paths[i].path)) return paths[i].limit;
    answer(request, 404, &text_plain, STR("not found\n"));
    return HTTP_ANSWERED;
}

static void probe_on_request(struct http_request *request, void *data)
{
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (!str_eq(request->path, paths[i].path)) continue;
        paths[i].run(request, data);
        return;
    }
}

static void probe_on_cancel(struct http_request *request, void *data)
{
    struct probe *probe = data;
    probe->cancelled++;
    if (request->user) wait_end(request->user);
}

const struct http_handlers probe_handlers = { .on_head = probe_on_head,
                                              .on_request = probe_on_request,
                                              .on_cancel = probe_on_cancel };
