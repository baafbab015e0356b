// The way out: writes queue, the end of the tick sends. What the kernel does not take at once goes to
// uv_write, whose callback brings the rest.
#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/fault.h"
#include "base/metrics.h"
#include "net/stream_private.h"

#define STREAM_IOV 64

void stream_touch(struct stream *stream)
{
    if (!list_linked(&stream->dirty) && !stream_is(stream, STREAM_CLOSED))
        list_append(&stream->net->dirty, &stream->dirty);
}

void stream_fail(struct stream *stream, int code)
{
    if (stream->failed || stream_is(stream, STREAM_CLOSED)) return;
    stream->failed = true; // the queue stays: libuv may still look at it
    stream->on->on_error(stream, code);
}

void stream_fail_soon(struct stream *stream, int code)
{
    if (stream->error == 0) stream->error = code;
    stream_touch(stream);
}

static void stream_took(struct stream *stream, size_t n)
{
    stream->progress += n;
    stream->net->counters.bytes_out += n;
    metric_add(METRIC_BYTES_SENT, n);
}

static struct pieces *stream_front(struct stream *stream)
{
    return stream->ssl ? &stream->wire : &stream->out;
}

static void stream_on_written(uv_write_t *write, int status)
{
    struct stream *stream = write->data;
    base_free(write);
    stream->writing = false;
    size_t n = stream->in_flight;
    stream->in_flight = 0;
    if (stream_is(stream, STREAM_CLOSED) || stream->failed) return;
    if (status < 0) {
        stream_fail(stream, status);
        return;
    }
    pieces_consume(stream_front(stream), n);
    stream_took(stream, n);
    stream_touch(stream);
}

// uv_buf_t is a struct iovec (docs.libuv.org, uv_buf_t).
static struct iovec *iov_of(const uv_buf_t *bufs)
{
    return (struct iovec *)(uintptr_t)bufs;
}

// Only while uv_write has nothing: then libuv would make the same call.
static ssize_t stream_try(struct stream *stream, const uv_buf_t *bufs, unsigned count)
{
    if (fault_hit("net.write")) return UV_EPIPE;
    ssize_t n;
    do
        n = count == 1 ? send(stream->fd, bufs->base, bufs->len, MSG_NOSIGNAL)
                       : sendmsg(stream->fd, &(struct msghdr){ .msg_iov = iov_of(bufs), .msg_iovlen = count },
                                 MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : uv_translate_sys_error(errno);
    stream_took(stream, (size_t)n);
    return n;
}

static void stream_write_rest(struct stream *stream, struct pieces *queue)
{
    uv_buf_t bufs[STREAM_IOV];
    size_t bytes;
    unsigned count = pieces_iov(queue, bufs, STREAM_IOV, &bytes);
    uv_write_t *write = base_alloc(sizeof *write); // few streams ever need one
    int r = UV_ENOMEM;
    if (write) {
        write->data = stream;
        r = uv_write(write, (uv_stream_t *)&stream->tcp, bufs, count, stream_on_written);
    }
    if (r < 0) {
        base_free(write);
        stream_fail(stream, r);
        return;
    }
    stream->writing = true;
    stream->in_flight = bytes;
}

// Sends the queue until it is empty or the kernel has had enough.
static void stream_send(struct stream *stream, struct pieces *queue)
{
    while (queue->bytes > 0 && !stream->writing && !stream->failed) {
        uv_buf_t bufs[STREAM_IOV];
        size_t bytes;
        unsigned count = pieces_iov(queue, bufs, STREAM_IOV, &bytes);
        ssize_t sent = stream_try(stream, bufs, count);
        if (sent < 0) {
            stream_fail(stream, (int)sent);
            return;
        }
        pieces_consume(queue, (size_t)sent);
        if ((size_t)sent < bytes) stream_write_rest(stream, queue);
    }
}

int stream_send_wire(struct stream *stream, const uint8_t *bytes, size_t n)
{
    if (n == 0 || stream->failed || stream_is(stream, STREAM_CLOSED)) return 0;
    size_t sent = 0;
    if (stream->wire.bytes == 0 && !stream->writing) {
        uv_buf_t buf = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)n);
        ssize_t r = stream_try(stream, &buf, 1);
        if (r < 0) {
            stream_fail_soon(stream, (int)r);
            return -1;
        }
        sent = (size_t)r;
    }
    if (sent == n) return 0;
    stream->held = false;
    if (pieces_write(&stream->wire, stream->net, bytes + sent, n - sent) < 0) {
        stream_fail_soon(stream, UV_ENOMEM);
        return -1;
    }
    if (!stream->writing) stream_write_rest(stream, &stream->wire);
    return 0;
}

// The last byte has left: FIN, and wait for the peer's.
static void stream_finish(struct stream *stream)
{
    if (stream->ssl && !stream->shut) {
        stream->shut = true;
        tls_stream_shutdown(stream);
        if (stream->error < 0) return;
    }
    if (stream->wire.bytes > 0 || stream->writing) return;
    shutdown(stream->fd, SHUT_WR);
    sm_move(&stream->state, STREAM_LINGER);
    if (stream->ended) stream_abort(stream);
}

// What the peer has acknowledged: the kernel's own buffer may hold megabytes, and takes more only now and
// then.
uint64_t stream_acknowledged(const struct stream *stream)
{
    int unsent = 0;
    if (ioctl(stream->fd, SIOCOUTQ, &unsent) < 0) unsent = 0;
    return stream_progress(stream) - (uint64_t)unsent;
}

static void stream_watch_stall(struct stream *stream)
{
    if (!stream->writing) {
        if (list_linked(&stream->stall.link)) timeout_clear(&stream->stall);
    } else if (stream->stall_ms > 0 && !list_linked(&stream->stall.link)) {
        stream->stall_seen = stream_acknowledged(stream);
        timeout_set(&stream->net->wheel, &stream->stall, stream->stall_ms);
    }
}

static void stream_tell_sent(struct stream *stream)
{
    size_t queued = stream_queued(stream);
    if (stream->want_drain && queued <= stream->bound / 2) {
        stream->want_drain = false;
        if (stream->on->on_drain) stream->on->on_drain(stream);
    }
    if (queued == 0 && stream_is(stream, STREAM_OPEN) && stream->on->on_sent) stream->on->on_sent(stream);
}

void stream_flush(struct stream *stream)
{
    if (stream_is(stream, STREAM_CLOSED) || stream->failed) return;
    if (stream->error < 0) {
        stream_fail(stream, stream->error);
        return;
    }
    if (stream_is(stream, STREAM_HANDSHAKE)) return;
    if (stream->ssl) {
        if (stream->out.bytes == 0) stream->held = false;
        if (!stream->held) stream_send(stream, &stream->wire);
        tls_stream_encrypt(stream);
    } else {
        stream_send(stream, &stream->out);
    }
    if (stream->failed || stream_is(stream, STREAM_CLOSED)) return;
    stream_watch_stall(stream);
    if (stream_is(stream, STREAM_CLOSING) && stream->out.bytes == 0) {
        stream_finish(stream);
        return;
    }
    stream_tell_sent(stream);
}

int stream_write(struct stream *stream, const void *bytes, size_t length)
{
    if (pieces_write(&stream->out, stream->net, bytes, length) < 0) {
        stream_fail_soon(stream, UV_ENOMEM);
        return -1;
    }
    stream_touch(stream);
    return 0;
}

int stream_write_part(struct stream *stream, struct chunk *chunk, size_t offset, size_t length)
{
    if (pieces_add(&stream->out, chunk, offset, length) < 0) {
        stream_fail_soon(stream, UV_ENOMEM);
        return -1;
    }
    stream_touch(stream);
    return 0;
}

int stream_write_chunk(struct stream *stream, struct chunk *chunk)
{
    return stream_write_part(stream, chunk, 0, chunk->length);
}

// Of what uv_write has, this much has left already.
static size_t stream_leaving(const struct stream *stream)
{
    return stream->in_flight -
           (stream->writing ? uv_stream_get_write_queue_size((const uv_stream_t *)&stream->tcp) : 0);
}

size_t stream_queued(const struct stream *stream)
{
    return stream->out.bytes + (stream->ssl ? stream->wire.bytes : 0) - stream_leaving(stream);
}

bool stream_full(const struct stream *stream)
{
    return stream_queued(stream) >= stream->bound;
}

void stream_want_drain(struct stream *stream)
{
    stream->want_drain = true;
    stream_touch(stream);
}

void stream_set_bound(struct stream *stream, size_t bytes)
{
    stream->bound = bytes;
}

void stream_set_stall(struct stream *stream, unsigned ms)
{
    stream->stall_ms = ms;
}

uint64_t stream_progress(const struct stream *stream)
{
    return stream->progress + stream_leaving(stream);
}
