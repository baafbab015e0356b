// The inside of struct stream: stream.c (life), stream_write.c (the way out), tls_stream.c (TLS in between).
#ifndef TODOKE_NET_STREAM_PRIVATE_H
#define TODOKE_NET_STREAM_PRIVATE_H

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stddef.h>
#include "base/list.h"
#include "base/sm.h"
#include "net/loop.h"
#include "net/pieces.h"
#include "net/stream.h"

enum stream_state { STREAM_HANDSHAKE, STREAM_OPEN, STREAM_CLOSING, STREAM_LINGER, STREAM_CLOSED };

// What every write looks at comes first: a live frame goes to thousands of streams, each of them cold.
struct stream {
    struct net *net;
    const struct stream_handlers *on;
    void *data;
    SSL *ssl; // NULL: plain
    struct sm state;
    struct list dirty; // in net->dirty while a flush is due
    size_t bound;
    size_t in_flight;  // bytes with uv_write
    uint64_t progress; // bytes that the kernel took
    int fd;            // libuv's; we write to it ourselves
    int error;         // negative: to be reported at the next flush
    bool writing;      // a uv_write is under way
    bool ended;        // the peer's FIN or close_notify was seen
    bool paused;
    bool want_drain;
    bool failed;       // on_error was called
    bool shut;         // close_notify is in the queue
    bool held;         // `wire` is a ticket that waits for the first answer
    unsigned stall_ms; // 0: no limit
    struct timeout stall;
    struct pieces out;   // what the user wrote
    struct pieces wire;  // TLS only: records that the kernel did not take at once
    uint64_t stall_seen; // what was acknowledged when the stall clock was set
    struct list hello;   // in net->hellos until its turn
    uv_tcp_t tcp;
    char peer[INET6_ADDRSTRLEN];
};

#define STREAM_HOT offsetof(struct stream, wire)

// Asks for what the next write or flush will look at.
static inline void stream_fetch(const struct stream *stream)
{
    for (size_t at = 0; at < STREAM_HOT; at += 64) __builtin_prefetch((const char *)stream + at, 1);
}

// The end of a tick for one stream. stream_write.c
void stream_flush(struct stream *stream);
void stream_touch(struct stream *stream);               // a flush is due
void stream_fail(struct stream *stream, int code);      // report now
void stream_fail_soon(struct stream *stream, int code); // report at the flush
uint64_t stream_acknowledged(const struct stream *stream);
int stream_send_wire(struct stream *stream, const uint8_t *bytes,
                     size_t n); // records: to the kernel or the queue

// Bytes and the end of bytes from below: the kernel (plain) or OpenSSL. stream.c
void stream_deliver(struct stream *stream, uint8_t *bytes, size_t n);
void stream_end(struct stream *stream);
void stream_ready(struct stream *stream);
void stream_greet(struct stream *stream); // its turn: reads the ClientHello

// TLS in between. tls_stream.c
void tls_stream_read(struct stream *stream, uint8_t *bytes, size_t n); // ciphertext from the kernel
void tls_stream_encrypt(struct stream *stream);  // moves from `out` to the kernel or to `wire`
void tls_stream_shutdown(struct stream *stream); // close_notify

// Encrypts a short queue to `to` and forgets it. Returns the record's size; 0: stream_flush is to do it.
size_t tls_stream_seal(struct stream *stream, uint8_t *to, size_t room);

static inline bool stream_is(const struct stream *stream, enum stream_state state)
{
    return stream->state.now == state;
}

#endif
