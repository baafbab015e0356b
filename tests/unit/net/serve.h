// An HTTP server of src/net on one end of a socket pair, driven by hand from the other end: for tests that
// need connections but no ports. Header only: each test is one executable.
#ifndef TODOKE_TEST_SERVE_H
#define TODOKE_TEST_SERVE_H

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/http1_private.h"
#include "net/ws.h"
#include "net/ws_private.h"

struct serve {
    uv_loop_t loop;
    struct net *net;
    struct http_server *server;
    int heads, requests, cancels, messages, closes, code;
    struct http_request *held; // the last request to "/hold"
    struct http_source source; // of "/source": 1,000,000 bytes, given when the test says so
    int wanted, overs;
    struct ws *ws;
    char got[1 << 16];
    size_t got_n;
};

static inline void serve_on_message(struct ws *ws, enum ws_opcode opcode, struct str bytes, void *data)
{
    struct serve *s = data;
    s->messages++;
    ws_send(ws, opcode, bytes.at, bytes.n);
}

static inline void serve_on_close(struct ws *ws, int code, void *data)
{
    struct serve *s = data;
    (void)ws;
    s->closes++;
    s->code = code;
    s->ws = NULL;
}

static const struct ws_handlers serve_ws_handlers = { .on_message = serve_on_message,
                                                      .on_close = serve_on_close };

static inline void serve_reply(struct http_request *rq, int status, struct str body)
{
    struct http_answer answer = { .status = status, .body = body };
    http_reply(rq, &answer);
}

static inline void serve_on_wanted(struct http_source *source)
{
    container_of(source, struct serve, source)->wanted++;
}

static inline void serve_on_over(struct http_source *source)
{
    container_of(source, struct serve, source)->overs++;
}

// Gives the next n bytes.
static inline void serve_give(struct serve *s, size_t n)
{
    struct chunk *chunk = chunk_new(n);
    assert_non_null(chunk);
    memset(chunk_own(chunk), 'x', n);
    chunk->length = n;
    http_source_give(&s->source, chunk);
    chunk_unref(chunk);
}

static inline int64_t serve_on_head(struct http_request *rq, void *data)
{
    struct serve *s = data;
    s->heads++;
    if (!str_eq(rq->path, STR("/none"))) return 4096;
    serve_reply(rq, 404, STR("none"));
    return HTTP_ANSWERED;
}

static inline void serve_on_request(struct http_request *rq, void *data)
{
    struct serve *s = data;
    s->requests++;
    if (str_eq(rq->path, STR("/source"))) {
        s->source =
            (struct http_source){ .length = 1000000, .wanted = serve_on_wanted, .over = serve_on_over };
        http_reply(rq, &(struct http_answer){ .status = 200, .source = &s->source });
    } else if (str_eq(rq->path, STR("/hold"))) {
        s->held = rq;
    } else if (rq->is_upgrade) {
        struct ws_options options = { .max_queue_bytes = 1000 };
        s->ws = ws_accept(rq, &options, &serve_ws_handlers, s);
    } else {
        serve_reply(rq, 200, rq->body.n > 0 ? rq->body : rq->path);
    }
}

static inline void serve_on_cancel(struct http_request *rq, void *data)
{
    struct serve *s = data;
    s->cancels++;
    if (s->held == rq) s->held = NULL;
}

static const struct http_handlers serve_handlers = { .on_head = serve_on_head,
                                                     .on_request = serve_on_request,
                                                     .on_cancel = serve_on_cancel };

// false: no memory (only with faults armed).
static inline bool serve_start(struct serve *s)
{
    signal(SIGPIPE, SIG_IGN);
    memset(s, 0, sizeof *s);
    uv_loop_init(&s->loop);
    s->net = net_new(&s->loop);
    if (s->net) s->server = http_server_new(s->net, NULL, &serve_handlers, s);
    return s->server != NULL;
}

static inline void serve_stop(struct serve *s)
{
    http_server_free(s->server);
    net_free(s->net);
    while (uv_run(&s->loop, UV_RUN_DEFAULT) != 0) continue;
    assert_int_equal(uv_loop_close(&s->loop), 0);
    ws_parsers_drop();
    arena_cache_drop();
}

// The client's end of a new connection; the server's is non-blocking, so is this one.
static inline int serve_connect(struct serve *s)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    server_accept(s->server, pair[0], NULL);
    return pair[1];
}

static inline void serve_turn(struct serve *s)
{
    for (int i = 0; i < 6; i++) uv_run(&s->loop, UV_RUN_NOWAIT);
}

// Sends, lets the server work, collects what it has answered so far in s->got. true: the server has ended.
static inline bool serve_exchange(struct serve *s, int fd, const char *bytes, size_t n)
{
    if (n > 0 && write(fd, bytes, n) < 0) assert_true(errno == EPIPE || errno == ECONNRESET);
    serve_turn(s);
    for (;;) {
        ssize_t r = read(fd, s->got + s->got_n, sizeof s->got - 1 - s->got_n);
        if (r > 0) s->got_n += (size_t)r;
        s->got[s->got_n] = '\0';
        if (r <= 0) return r == 0 || errno != EAGAIN;
    }
}

#endif
