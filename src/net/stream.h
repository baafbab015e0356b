// One byte stream to one peer over TCP, plain or TLS. Used by http1 and ws; the engine never sees it.
//
// Owner: the user of the stream, from stream_open on. It must end with stream_close or stream_abort, after
// which no callback comes but on_closed, exactly once; the memory goes right after on_closed.
// Writes only queue; all of a tick's bytes leave in one system call, at the end of the tick.
#ifndef TODOKE_NET_STREAM_H
#define TODOKE_NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>
#include "net/chunk.h"
#include "net/net.h"

struct stream;
struct tls;

struct stream_handlers {
    // Bytes from the peer, only valid during the call.
    void (*on_read)(struct stream *stream, uint8_t *bytes, size_t length);
    // The peer will send no more (FIN, or close_notify). It may still read.
    void (*on_end)(struct stream *stream);
    // The connection failed (a negative libuv code) and is useless. The user calls stream_abort (now or
    // later).
    void (*on_error)(struct stream *stream, int code);
    // The queue is at most half of its bound, after stream_want_drain. May be NULL.
    void (*on_drain)(struct stream *stream);
    // The queue is empty: all that was written is with the kernel. May be NULL.
    void (*on_sent)(struct stream *stream);
    // TLS is up; a plain stream is ready from the start and does not call this. May be NULL.
    void (*on_ready)(struct stream *stream);
    void (*on_closed)(struct stream *stream);
};

#define STREAM_BOUND_DEFAULT (1u << 20)

// Takes over an accepted, non-blocking socket (also when it fails: then it is closed). NULL: no memory.
struct stream *stream_open(struct net *net, int fd, struct tls *tls, const struct stream_handlers *handlers,
                           void *data);

void stream_set_handlers(struct stream *stream, const struct stream_handlers *handlers, void *data);
void *stream_data(const struct stream *stream);
struct net *stream_net(const struct stream *stream);
bool stream_is_tls(const struct stream *stream);
const char *stream_peer(const struct stream *stream); // numeric address without the port; lives as long as it

// Queue bytes (copied) or a chunk (referenced). 0, or -1 when there is no memory: the stream is then broken
// (what follows would be out of order), on_error comes at the end of the tick.
int stream_write(struct stream *stream, const void *bytes, size_t length);
int stream_write_chunk(struct stream *stream, struct chunk *chunk);
int stream_write_part(struct stream *stream, struct chunk *chunk, size_t offset, size_t length);

size_t stream_queued(const struct stream *stream); // bytes written and not yet with the kernel
bool stream_full(const struct stream *stream);     // the bound is reached: write no more until it drains
void stream_want_drain(struct stream *stream);     // on_drain is to be called, once
void stream_set_bound(struct stream *stream, size_t bytes);
void stream_set_stall(struct stream *stream,
                      unsigned ms); // the peer takes nothing for so long: UV_ETIMEDOUT; 0: never
uint64_t stream_progress(const struct stream *stream); // bytes that the kernel took so far (to see a stall)

// Flow control towards the peer. Up to one read buffer (64 KiB) may still be delivered after a pause
// in the same tick: the user keeps it.
void stream_pause(struct stream *stream);
void stream_resume(struct stream *stream);

// Sends what is queued, then close_notify and FIN, then waits (bounded by the user's deadline) for the peer
// to end as well, so that the last answer isn't lost to a reset (RFC 9112 section 9.6). What it reads is
// dropped.
void stream_close(struct stream *stream);
void stream_abort(struct stream *stream); // drops the queue and closes now

#endif
