// The life of a stream:
//
//   handshake --TLS is up--> open --stream_close--> closing --all is sent, FIN sent--> linger --peer's FIN-->
//   closed
//       |                                              ^
//       +------------------stream_close----------------+          any --stream_abort, error--> closed
//
// A plain stream begins in open. closed: libuv still holds the handle; the memory goes in its close callback.
#include "net/stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/metrics.h"
#include "net/stream_private.h"
#include "net/tls_private.h"

static const struct sm_state stream_states[] = {
    [STREAM_HANDSHAKE] = { "handshake", SM_TO(STREAM_OPEN) | SM_TO(STREAM_CLOSED) },
    [STREAM_OPEN] = { "open", SM_TO(STREAM_CLOSING) | SM_TO(STREAM_CLOSED) },
    [STREAM_CLOSING] = { "closing", SM_TO(STREAM_LINGER) | SM_TO(STREAM_CLOSED) },
    [STREAM_LINGER] = { "linger", SM_TO(STREAM_CLOSED) },
    [STREAM_CLOSED] = { "closed", 0 },
};
static const struct sm_table stream_table = SM_TABLE("stream", stream_states);

static void stream_on_closed(uv_handle_t *handle)
{
    struct stream *stream = handle->data;
    struct net *net = stream->net;
    SSL_free(stream->ssl);
    pieces_clear(&stream->out);
    pieces_clear(&stream->wire);
    if (stream->on->on_closed) stream->on->on_closed(stream);
    slab_free(&net->streams, stream);
    net->counters.connections--;
    metric_move(METRIC_CONNECTIONS, -1);
    net_unref(net);
}

static void stream_leave_queue(struct stream *stream)
{
    if (!list_linked(&stream->hello)) return;
    list_remove(&stream->hello);
    stream->net->hellos_n--;
}

void stream_abort(struct stream *stream)
{
    if (stream_is(stream, STREAM_CLOSED)) return;
    sm_move(&stream->state, STREAM_CLOSED);
    list_remove(&stream->dirty);
    stream_leave_queue(stream);
    timeout_clear(&stream->stall);
    uv_close((uv_handle_t *)&stream->tcp, stream_on_closed);
}

void stream_close(struct stream *stream)
{
    if (stream_is(stream, STREAM_HANDSHAKE)) stream_abort(stream);
    if (!stream_is(stream, STREAM_OPEN)) return;
    sm_move(&stream->state, STREAM_CLOSING);
    stream_resume(stream);
    stream_touch(stream);
}

void stream_end(struct stream *stream)
{
    if (stream->ended) return;
    stream->ended = true;
    if (stream_is(stream, STREAM_LINGER))
        stream_abort(stream);
    else if (stream_is(stream, STREAM_OPEN))
        stream->on->on_end(stream);
    else if (stream_is(stream, STREAM_HANDSHAKE))
        stream_fail(stream, UV_EOF);
}

void stream_deliver(struct stream *stream, uint8_t *bytes, size_t n)
{
    if (stream_is(stream, STREAM_OPEN)) stream->on->on_read(stream, bytes, n);
}

void stream_ready(struct stream *stream)
{
    if (stream_is(stream, STREAM_HANDSHAKE)) sm_move(&stream->state, STREAM_OPEN);
    if (stream->on->on_ready) stream->on->on_ready(stream);
}

static void stream_on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct stream *stream = handle->data;
    buf->base = (char *)stream->net->read;
    buf->len = sizeof stream->net->read;
}

static void stream_on_read(uv_stream_t *tcp, ssize_t n, const uv_buf_t *buf)
{
    struct stream *stream = tcp->data;
    if (fault_hit("net.read")) n = UV_ECONNRESET;
    if (n == 0 || stream_is(stream, STREAM_CLOSED)) return;
    if (n == UV_EOF) {
        uv_read_stop(tcp);
        stream_end(stream);
        return;
    }
    if (n < 0) {
        stream_fail(stream, (int)n);
        return;
    }
    stream->net->counters.bytes_in += (uint64_t)n;
    metric_add(METRIC_BYTES_RECEIVED, (uint64_t)n);
    if (stream_is(stream, STREAM_LINGER) || stream_is(stream, STREAM_CLOSING)) return;
    if (stream->ssl)
        tls_stream_read(stream, (uint8_t *)buf->base, (size_t)n);
    else
        stream_deliver(stream, (uint8_t *)buf->base, (size_t)n);
}

static int stream_listen(struct stream *stream)
{
    return uv_read_start((uv_stream_t *)&stream->tcp, stream_on_alloc, stream_on_read);
}

void stream_pause(struct stream *stream)
{
    if (stream->paused || stream_is(stream, STREAM_CLOSED)) return;
    stream->paused = true;
    uv_read_stop((uv_stream_t *)&stream->tcp);
}

void stream_resume(struct stream *stream)
{
    if (!stream->paused || stream_is(stream, STREAM_CLOSED)) return;
    stream->paused = false;
    if (stream->ended) return;
    int r = stream_listen(stream);
    if (r < 0) stream_fail_soon(stream, r);
}

static void stream_on_stall(struct timeout *timeout)
{
    struct stream *stream = container_of(timeout, struct stream, stall);
    uint64_t acknowledged = stream_acknowledged(stream);
    if (acknowledged != stream->stall_seen) {
        stream->stall_seen = acknowledged;
        timeout_set(&stream->net->wheel, timeout, stream->stall_ms);
        return;
    }
    net_timed_out(stream->net);
    stream_fail(stream, UV_ETIMEDOUT);
}

static void stream_name_peer(struct stream *stream, int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getpeername(fd, (struct sockaddr *)&address, &length) < 0) return;
    const void *ip = NULL;
    if (address.ss_family == AF_INET) ip = &((struct sockaddr_in *)&address)->sin_addr;
    if (address.ss_family == AF_INET6) {
        const struct in6_addr *ip6 = &((struct sockaddr_in6 *)&address)->sin6_addr;
        bool mapped = IN6_IS_ADDR_V4MAPPED(ip6);
        ip = mapped ? (const void *)(ip6->s6_addr + 12) : ip6;
        if (mapped) address.ss_family = AF_INET;
    }
    if (ip) inet_ntop(address.ss_family, ip, stream->peer, sizeof stream->peer);
}

void stream_greet(struct stream *stream)
{
    stream_leave_queue(stream);
    if (stream->net->hellos_n >= NET_CROWD) SSL_set_num_tickets(stream->ssl, 0); // a tenth of the work
    int r = stream_listen(stream);
    if (r < 0) stream_fail(stream, r);
}

static int stream_start(struct stream *stream, int fd)
{
    int r = uv_tcp_open(&stream->tcp, fd);
    if (r < 0) {
        close(fd);
        return r;
    }
    stream->fd = fd;
    if (!stream->ssl) return stream_listen(stream);
    list_append(&stream->net->hellos, &stream->hello);
    stream->net->hellos_n++;
    return 0;
}

struct stream *stream_open(struct net *net, int fd, struct tls *tls, const struct stream_handlers *handlers,
                           void *data)
{
    SSL *ssl = tls ? tls_connection(tls, net->bio) : NULL;
    struct stream *stream = tls && !ssl ? NULL : slab_zalloc(&net->streams);
    if (!stream) {
        SSL_free(ssl);
        close(fd);
        return NULL;
    }
    stream->net = net;
    stream->on = handlers;
    stream->data = data;
    stream->ssl = ssl;
    stream->bound = STREAM_BOUND_DEFAULT;
    list_init(&stream->dirty);
    list_init(&stream->hello);
    timeout_init(&stream->stall, stream_on_stall);
    sm_init(&stream->state, &stream_table, ssl ? STREAM_HANDSHAKE : STREAM_OPEN);
    uv_tcp_init(net->loop, &stream->tcp);
    stream->tcp.data = stream;
    stream_name_peer(stream, fd);
    net_ref(net);
    net->counters.connections++;
    metric_move(METRIC_CONNECTIONS, 1);
    int r = stream_start(stream, fd);
    if (r < 0) stream_fail_soon(stream, r);
    return stream;
}

void stream_set_handlers(struct stream *stream, const struct stream_handlers *handlers, void *data)
{
    stream->on = handlers;
    stream->data = data;
}

void *stream_data(const struct stream *stream)
{
    return stream->data;
}

struct net *stream_net(const struct stream *stream)
{
    return stream->net;
}

bool stream_is_tls(const struct stream *stream)
{
    return stream->ssl != NULL;
}

const char *stream_peer(const struct stream *stream)
{
    return stream->peer;
}
