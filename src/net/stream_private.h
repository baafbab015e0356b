// The inside of struct stream: stream.c (life), stream_write.c (the way out), tls_stream.c (TLS in between).
#ifndef TODOKE_NET_STREAM_PRIVATE_H
#define TODOKE_NET_STREAM_PRIVATE_H

#include <netinet/in.h>
#include <openssl/ssl.h>
#include "base/list.h"
#include "base/sm.h"
#include "net/loop.h"
#include "net/pieces.h"
#include "net/stream.h"

enum stream_state { STREAM_HANDSHAKE, STREAM_OPEN, STREAM_CLOSING, STREAM_LINGER, STREAM_CLOSED };

struct stream {
    uv_tcp_t tcp;
    uv_write_t write;
    struct net *net;
    const struct stream_handlers *on;
    void *data;
    struct sm state;
    SSL *ssl;           // NULL: plain
    struct pieces out;  // what the user wrote
    struct pieces wire; // TLS only: records that the kernel did not take at once
    struct list dirty;  // in net->dirty while a flush is due
    struct timeout stall;
    size_t bound;
    size_t in_flight;    // bytes with uv_write
    uint64_t progress;   // bytes that the kernel took
    uint64_t stall_seen; // what was acknowledged when the stall clock was set
    unsigned stall_ms;   // 0: no limit
    int error;           // negative: to be reported at the next flush
    bool writing;        // a uv_write is under way
    bool ended;          // the peer's FIN or close_notify was seen
    bool paused;
    bool want_drain;
    bool failed; // on_error was called
    bool shut;   // close_notify is in the queue
    char peer[INET6_ADDRSTRLEN];
};

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

// TLS in between. tls_stream.c
void tls_stream_read(struct stream *stream, uint8_t *bytes, size_t n); // ciphertext from the kernel
void tls_stream_encrypt(struct stream *stream);  // moves from `out` to the kernel or to `wire`
void tls_stream_shutdown(struct stream *stream); // close_notify

static inline bool stream_is(const struct stream *stream, enum stream_state state)
{
    return stream->state.now == state;
}

#endif
