// The server side of HTTP/1.1 (RFC 9110, RFC 9112): connections, requests, answers.
//
// Life of a request: on_head (line and headers are known and valid) -> on_request (the body is complete)
// -> http_reply, at once or any time later. Every request that on_head has seen ends exactly once: with
// http_reply, or with on_cancel when its connection dies first. After that the pointer is invalid.
// Answers leave in the order of the requests, whatever the order of the http_reply calls.
#ifndef TODOKE_NET_HTTP1_H
#define TODOKE_NET_HTTP1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "net/chunk.h"
#include "net/net.h"

enum http_method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_COUNT
};

struct http_header {
    struct str name; // lower case in requests
    struct str value;
};

// All strings live in the request's arena (and are followed by a 0 byte). Read only for the engine, but
// `user`.
struct http_request {
    struct arena
        *arena; // the request's own: freed (its blocks are kept for the next one) when the request ends
    enum http_method method;
    struct str method_name; // "GET"
    struct str target;      // as received: "/a%20b?x=1", "*"
    struct str path;        // decoded, dots resolved: "/a b"; "*" for OPTIONS *
    struct str query;       // raw, without "?"; empty when there is none
    struct str host;        // the Host header's value
    struct str peer;        // numeric address of the client
    struct str body;        // complete in on_request, empty before
    struct http_header *headers;
    size_t header_count;
    uint64_t received_at; // clock_now_ns() of the first byte's arrival
    uint8_t minor;        // HTTP/1.<minor>: 0 or 1
    bool is_tls;
    bool is_upgrade; // GET, HTTP/1.1, "Upgrade: websocket" and "Connection: upgrade": may go to ws_accept
    void *user;      // the engine's own
};

// The value of the first header with that (lower case) name; {NULL, 0} when there is none.
struct str http_header(const struct http_request *request, const char *name);

// How many milliseconds ago the connection's last bytes came, as the kernel tells: while the request's first
// bytes are looked at, this is how long it waited for us. A system call; a multiple of the kernel's tick (4
// ms).
unsigned http_waited_ms(const struct http_request *request);

struct http_slot;

// A body that comes in pieces, as the client takes them. Embedded in its owner, who fills the first three.
struct http_source {
    uint64_t length; // all of it, known beforehand; not 0 for nothing to give
    // The client can take more: http_source_give or http_source_fail, once, later.
    void (*wanted)(struct http_source *source);
    // All was given, or the connection is gone: exactly once, also when http_reply failed.
    void (*over)(struct http_source *source);
    // ours
    struct http_slot *slot; // NULL: over
    uint64_t given;
    bool asked;
};

// The next piece, referenced; not empty, and no more than is left. Does nothing when it is over.
void http_source_give(struct http_source *source, struct chunk *chunk);
// There is no more: the connection is cut, so that nobody takes a part for the whole.
void http_source_fail(struct http_source *source);

// One answer. Nothing in it needs to outlive the call, but for the chunks, which are referenced.
// Date, Content-Length and Connection are ours; headers of these names are dropped. A header whose name or
// value holds CR, LF or NUL makes the answer a plain 500.
struct http_answer {
    int status; // 200..599; 204 and 304 have no body
    const struct http_header *headers;
    size_t header_count;
    struct str lines; // more header lines, ready to be sent: each is "\r\nname: value". Not looked at: they
                      // must not hold anything that came from outside
    struct str body;  // copied; comes before the chunks
    struct chunk *const *chunks; // not copied
    size_t chunk_count;
    size_t chunk_offset;        // into the first chunk: for Range
    size_t chunk_length;        // with chunk_offset; 0: all of it (only looked at when chunk_count is 1)
    struct http_source *source; // comes last; may be NULL
    bool close;                 // end the connection after this answer
};

// Answers. Legal from on_head on, once. For HEAD the body's length is sent, the body is not.
// 0, or -1 when there was no memory: the connection is then cut. Either way the request is over.
int http_reply(struct http_request *request, const struct http_answer *answer);

// From on_request on: the body's memory becomes the caller's (buf_done), request->body goes on showing it. A
// short body is copied; false: no memory for that.
bool http_body_take(struct http_request *request, struct buf *ret);

#define HTTP_ANSWERED (-1)

struct http_handlers {
    // Returns the most bytes that the body may have (0: none allowed; 413 beyond it), or HTTP_ANSWERED after
    // http_reply (404, 405, ...); the body is then skipped. Must not return anything else after http_reply.
    int64_t (*on_head)(struct http_request *request, void *data);
    void (*on_request)(struct http_request *request, void *data);
    // The connection is gone; the engine forgets the request. It must not answer. The arena lives until
    // return.
    void (*on_cancel)(struct http_request *request, void *data);
    // Words an answer to what never became a request (400, 408, 413, 414, 417, 431, 501, 503, 505):
    // fills headers and body of *answer, using the arena. `detail` is a short English phrase without any of
    // the client's bytes. status and close are ours. The member may be NULL: a plain text default.
    void (*on_refuse)(int status, const char *detail, struct arena *arena, struct http_answer *answer,
                      void *data);
};

// 0 in any field means its default.
struct http_limits {
    size_t line_bytes;   // 8 KiB: method, target and version        -> 414
    size_t header_bytes; // 32 KiB: all header lines                 -> 431
    size_t header_count; // 100                                      -> 431
    size_t pipelined;    // 16 requests unanswered, then reading pauses
    size_t queue_bytes;  // 1 MiB of unsent answers, then reading (of further requests) pauses
    size_t skip_bytes;   // 64 KiB of an unwanted body are read away; beyond it the connection closes
    size_t connections;  // 16,384 per server (worker)
    unsigned hellos;     // 4,096 TLS handshakes not yet begun: a second of a core; who comes then is cut off
    unsigned handshake_ms; // 10,000: TLS
    unsigned header_ms;    // 10,000: from the first byte to the empty line; also for the first request -> 408
    unsigned body_grace_ms; // 5,000, and from then on
    unsigned body_rate;     // 512 bytes per second on average          -> 408
    unsigned idle_ms;       // 75,000 between requests
    unsigned stall_ms;      // 30,000 in which the peer takes nothing of what we write -> cut
    unsigned linger_ms;     // 2,000 that we wait for the peer's FIN after ours
    unsigned drain_ms;      // 3,000: while draining, an idle connection may still send a last request
    unsigned ping_ms;       // 30,000: WebSocket ping
    unsigned pong_ms;       // 20,000: for the pong -> cut
    unsigned ws_close_ms;   // 5,000: for the peer's close frame after ours
};

struct http_server;

// `limits` may be NULL. NULL: no memory. The handlers must outlive the server.
struct http_server *http_server_new(struct net *net, const struct http_limits *limits,
                                    const struct http_handlers *handlers, void *data);

const struct http_limits *http_server_limits(const struct http_server *server);
size_t http_server_connections(const struct http_server *server); // WebSockets too

// From now on answers carry "Connection: close"; idle connections get drain_ms for a last request and are
// then closed. WebSockets are not touched: their owner closes them (1012). Stop the listeners first.
// on_drained comes when the last connection is gone (WebSockets too), perhaps at once.
void http_server_drain(struct http_server *server, void (*on_drained)(void *data), void *data);

// Cuts every connection (on_cancel / on_close come before it returns) and frees the server. Not from within a
// callback of this layer. Accepts NULL.
void http_server_free(struct http_server *server);

// The standard reason phrase, or "" for an unknown status.
const char *http_reason(int status);

#endif
