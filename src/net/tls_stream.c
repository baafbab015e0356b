// Between the kernel and the user of a TLS stream. OpenSSL is only called with net->io set up for this
// stream, and what it wrote is sent before the next stream's turn.
#include <openssl/err.h>
#include <string.h>

#include "base/fault.h"
#include "base/metrics.h"
#include "net/stream_private.h"

#define TLS_OVERHEAD 512  // of a record, with room to spare
#define TLS_HELD     1024 // a ticket that waits for the first answer

static void io_begin(struct stream *stream, const uint8_t *in, size_t in_n)
{
    struct net *net = stream->net;
    net->io = (struct tls_io){ .in = in, .in_n = in_n, .out = net->wire, .out_room = sizeof net->wire };
    if (ERR_peek_error()) ERR_clear_error(); // SSL_get_error looks at it
}

// Sends what OpenSSL wrote.
static int io_send(struct stream *stream)
{
    struct tls_io *io = &stream->net->io;
    size_t n = io->out_n;
    io->out_n = 0;
    return stream_send_wire(stream, io->out, n);
}

static void tls_handshake_failed(struct stream *stream)
{
    stream->net->counters.handshake_fails++;
    metric_inc(METRIC_TLS_FAILURES);
    io_send(stream); // the alert
    stream_fail(stream, UV_EPROTO);
}

// 1: done, 0: needs more bytes, -1: failed.
static int tls_handshake(struct stream *stream)
{
    for (;;) {
        int r = fault_hit("net.handshake") ? 0 : SSL_do_handshake(stream->ssl);
        int error = r == 1 ? SSL_ERROR_NONE : SSL_get_error(stream->ssl, r);
        if (r != 1 && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
            tls_handshake_failed(stream);
            return -1;
        }
        if (!(r == 1 && SSL_version(stream->ssl) >= TLS1_3_VERSION) && io_send(stream) < 0) return -1;
        if (error == SSL_ERROR_WANT_WRITE) continue;
        if (r != 1) return 0;
        stream->net->counters.handshakes++;
        metric_inc(METRIC_TLS_HANDSHAKES);
        stream_ready(stream);
        if (stream->out.bytes > 0) stream_touch(stream);
        return 1;
    }
}

// Is there anything that SSL_read could give? It is asked for nothing otherwise: each time costs a buffer.
static bool tls_has_bytes(const struct stream *stream)
{
    return stream->net->io.in_n > 0 || SSL_has_pending(stream->ssl);
}

// 1: read something, 0: needs more bytes, -1: no more.
static int tls_read(struct stream *stream)
{
    struct net *net = stream->net;
    int n = SSL_read(stream->ssl, net->plain, sizeof net->plain);
    if (n > 0) {
        stream_deliver(stream, net->plain, (size_t)n);
        return 1;
    }
    int error = SSL_get_error(stream->ssl, n);
    if (error == SSL_ERROR_WANT_WRITE) return io_send(stream) < 0 ? -1 : 1;
    if (error == SSL_ERROR_WANT_READ) return 0;
    if (error == SSL_ERROR_ZERO_RETURN) {
        stream_end(stream);
        return -1;
    }
    io_send(stream);
    stream_fail(stream, UV_EPROTO);
    return -1;
}

// The client waits for nothing of what is left after a TLS 1.3 handshake (the ticket): it leaves with the
// first answer, in one system call and one segment.
static void tls_hold(struct stream *stream)
{
    struct tls_io *io = &stream->net->io;
    if (io->out_n == 0) return;
    stream->held = io->out_n <= TLS_HELD && stream->wire.bytes == 0 &&
                   pieces_write(&stream->wire, stream->net, io->out, io->out_n) == 0;
    if (stream->held)
        io->out_n = 0;
    else
        io_send(stream);
}

static void tls_unhold(struct stream *stream)
{
    struct tls_io *io = &stream->net->io;
    const struct piece *piece = pieces_first(&stream->wire);
    stream->held = false;
    memcpy(io->out, piece->at, piece->n); // one block: it is the first that was written
    io->out_n = piece->n;
    pieces_clear(&stream->wire);
}

void tls_stream_read(struct stream *stream, uint8_t *bytes, size_t n)
{
    bool greeting = stream_is(stream, STREAM_HANDSHAKE);
    io_begin(stream, bytes, n);
    if (greeting && tls_handshake(stream) <= 0) return;
    while (stream_is(stream, STREAM_OPEN) && !stream->failed && !stream->ended && tls_has_bytes(stream))
        if (tls_read(stream) <= 0) break;
    if (stream_is(stream, STREAM_CLOSED)) return;
    if (greeting)
        tls_hold(stream);
    else
        io_send(stream);
}

// The next plain bytes: from the queue as they are, or many small pieces collected into one record.
static const uint8_t *tls_next(struct stream *stream, size_t *ret_n)
{
    const struct piece *piece = pieces_first(&stream->out);
    if (piece->n >= TLS_RECORD || stream->out.count == 1) {
        *ret_n = piece->n < TLS_RECORD ? piece->n : TLS_RECORD;
        return piece->at;
    }
    uint8_t *plain = stream->net->plain;
    size_t n = 0;
    for (uint32_t i = 0; i < stream->out.count && n < TLS_RECORD; i++, piece++) {
        size_t part = piece->n < TLS_RECORD - n ? piece->n : TLS_RECORD - n;
        memcpy(plain + n, piece->at, part);
        n += part;
    }
    *ret_n = n;
    return plain;
}

// Encrypts only what the kernel takes: plain bytes are shared between streams, records are not.
void tls_stream_encrypt(struct stream *stream)
{
    struct tls_io *io = &stream->net->io;
    io_begin(stream, NULL, 0);
    if (stream->held) tls_unhold(stream);
    while (stream->out.bytes > 0 && stream->wire.bytes == 0 && !stream->writing && !stream->failed) {
        while (stream->out.bytes > 0 && io->out_room - io->out_n >= TLS_RECORD + TLS_OVERHEAD) {
            size_t n;
            const uint8_t *bytes = tls_next(stream, &n);
            int written = SSL_write(stream->ssl, bytes, (int)n);
            if (written <= 0) {
                stream_fail(stream, UV_EPROTO);
                return;
            }
            pieces_consume(&stream->out, (size_t)written);
        }
        if (io_send(stream) < 0) return;
    }
}

size_t tls_stream_seal(struct stream *stream, uint8_t *to, size_t room)
{
    struct tls_io *io = &stream->net->io;
    size_t n = stream->out.bytes;
    if (!stream->ssl || n == 0 || n > TLS_SHORT || room < n + TLS_OVERHEAD) return 0;
    if (!stream_is(stream, STREAM_OPEN) || stream->wire.bytes > 0 || stream->writing || stream->failed ||
        stream->error < 0)
        return 0;
    io_begin(stream, NULL, 0);
    io->out = to;
    io->out_room = room;
    const uint8_t *bytes = tls_next(stream, &n);
    int written = SSL_write(stream->ssl, bytes, (int)n);
    if (written <= 0) {
        stream_fail_soon(stream, UV_EPROTO);
        return 0;
    }
    pieces_consume(&stream->out, (size_t)written);
    n = io->out_n;
    io->out_n = 0;
    return n;
}

void tls_stream_shutdown(struct stream *stream)
{
    io_begin(stream, NULL, 0);
    SSL_shutdown(stream->ssl);
    io_send(stream);
}
