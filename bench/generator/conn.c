#include "conn.h"

#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "base/clock.h"

/* One for all: bytes are consumed before the next read. */
static char incoming[64 * 1024];

/* How often one readable event reads, so that a fast stream doesn't starve the others. */
#define READS_AT_ONCE 16

const char *loss_name(enum loss loss)
{
    static const char *const names[LOSS_KINDS] = {
        "connect", "tls", "closed", "timeout", "protocol", "memory"
    };
    return names[loss];
}

static void conn_on_poll(uv_poll_t *poll, int status, int events);

static void conn_watch(struct conn *conn, int interest)
{
    if (conn->interest == interest) return;
    conn->interest = interest;
    uv_poll_start(&conn->poll, interest, conn_on_poll);
}

static void conn_on_closed(uv_handle_t *handle)
{
    struct conn *conn = handle->data;
    buf_done(&conn->out);
    conn->calls->released(conn);
}

static void conn_end(struct conn *conn, bool politely)
{
    if (conn->ssl) {
        ERR_clear_error();
        if (politely && conn->state == CONN_OPEN)
            SSL_shutdown(conn->ssl);
        else
            SSL_set_quiet_shutdown(conn->ssl, 1);
        SSL_free(conn->ssl);
        conn->ssl = NULL;
    }
    conn->state = CONN_CLOSED;
    uv_close((uv_handle_t *)&conn->poll, conn_on_closed);
    close(conn->fd);
    conn->fd = -1;
}

void conn_close(struct conn *conn)
{
    if (conn->state == CONN_NONE || conn->state == CONN_CLOSED) return;
    conn_end(conn, true);
}

static void conn_lose(struct conn *conn, enum loss loss)
{
    conn_end(conn, false);
    conn->calls->lost(conn, loss);
}

static int socket_make(struct dial *dial)
{
    int on = 1, fd = socket(dial->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (dial->sources > 1) {
        struct sockaddr_in source = { .sin_family = AF_INET };
        source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + dial->next_source++ % dial->sources);
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (bind(fd, (struct sockaddr *)&source, sizeof source) != 0) goto fail;
    }
    if (connect(fd, (struct sockaddr *)&dial->address, dial->address_size) != 0 && errno != EINPROGRESS)
        goto fail;
    return fd;
fail:
    close(fd);
    return -1;
}

static int conn_prepare_tls(struct conn *conn)
{
    struct dial *dial = conn->dial;
    if (!dial->tls) return 0;
    conn->ssl = SSL_new(dial->tls);
    if (!conn->ssl || SSL_set_fd(conn->ssl, conn->fd) != 1) return -1;
    if (dial->host) SSL_set_tlsext_host_name(conn->ssl, dial->host);
    if (dial->session) SSL_set_session(conn->ssl, dial->session);
    SSL_set_connect_state(conn->ssl);
    return 0;
}

int conn_open(struct conn *conn, struct dial *dial, const struct conn_calls *calls)
{
    *conn = (struct conn){ .dial = dial, .calls = calls, .started = clock_now_ns(), .fd = socket_make(dial) };
    if (conn->fd < 0) return -1;
    if (conn_prepare_tls(conn) != 0 || uv_poll_init(dial->loop, &conn->poll, conn->fd) != 0) {
        SSL_free(conn->ssl);
        close(conn->fd);
        *conn = (struct conn){ .fd = -1 };
        return -1;
    }
    buf_init(&conn->out, 0);
    conn->poll.data = conn;
    conn->state = CONN_CONNECTING;
    conn_watch(conn, UV_WRITABLE);
    return 0;
}

void conn_hurry(struct conn *conn)
{
    conn->hurried = true;
    if (!conn->ssl) return;
    SSL_clear_mode(conn->ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_set_read_ahead(conn->ssl, 1);
}

static void conn_is_open(struct conn *conn)
{
    conn->state = CONN_OPEN;
    conn->opened = clock_now_ns();
    conn->dial->opened++;
    if (conn->ssl && SSL_session_reused(conn->ssl)) conn->dial->resumed++;
    conn_watch(conn, UV_READABLE);
    conn->calls->opened(conn);
}

static void conn_shake(struct conn *conn)
{
    ERR_clear_error();
    int result = SSL_do_handshake(conn->ssl);
    if (result == 1) {
        conn_is_open(conn);
        return;
    }
    switch (SSL_get_error(conn->ssl, result)) {
    case SSL_ERROR_WANT_READ: conn_watch(conn, UV_READABLE); break;
    case SSL_ERROR_WANT_WRITE: conn_watch(conn, UV_READABLE | UV_WRITABLE); break;
    case SSL_ERROR_SSL: conn_lose(conn, LOSS_TLS); break;
    default: conn_lose(conn, LOSS_CLOSED); /* a worker that dies within a handshake, not a fault of TLS */
    }
}

static void conn_connected(struct conn *conn)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        conn_lose(conn, LOSS_CONNECT);
        return;
    }
    if (!conn->ssl) {
        conn_is_open(conn);
        return;
    }
    conn->state = CONN_SHAKING;
    conn_shake(conn);
}

/* > 0 bytes; 0 = nothing now; -1 = the connection is gone. */
static ssize_t conn_read_some(struct conn *conn)
{
    if (!conn->ssl) {
        ssize_t got = recv(conn->fd, incoming, sizeof incoming, 0);
        if (got > 0) return got;
        return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
    }
    ERR_clear_error();
    int got = SSL_read(conn->ssl, incoming, sizeof incoming);
    if (got > 0) return got;
    int error = SSL_get_error(conn->ssl, got);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static void conn_read(struct conn *conn)
{
    for (int i = 0; conn->state == CONN_OPEN; i++) {
        /* Bytes inside OpenSSL wake no poll, so those are always read. */
        if (i >= READS_AT_ONCE && !(conn->ssl && SSL_has_pending(conn->ssl))) return;
        ssize_t got = conn_read_some(conn);
        if (got == 0) return;
        if (got < 0) {
            conn_lose(conn, LOSS_CLOSED);
            return;
        }
        conn->calls->data(conn, incoming, (size_t)got);
        if ((size_t)got < sizeof incoming && !(conn->ssl && SSL_has_pending(conn->ssl)))
            return; /* the poll tells when there is more */
    }
}

static ssize_t conn_write_some(struct conn *conn, const char *bytes, size_t n)
{
    if (!conn->ssl) {
        ssize_t put = send(conn->fd, bytes, n, MSG_NOSIGNAL);
        if (put >= 0) return put;
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    }
    ERR_clear_error();
    int put = SSL_write(conn->ssl, bytes, (int)(n < INT32_MAX ? n : INT32_MAX));
    if (put > 0) return put;
    int error = SSL_get_error(conn->ssl, put);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static void conn_flush(struct conn *conn)
{
    while (conn->out.n > 0) {
        ssize_t put = conn_write_some(conn, conn->out.at, conn->out.n);
        if (put < 0) {
            conn_lose(conn, LOSS_CLOSED);
            return;
        }
        if (put == 0) break;
        buf_consume(&conn->out, (size_t)put);
    }
    conn_watch(conn, conn->out.n ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

void conn_write(struct conn *conn, const void *bytes, size_t n)
{
    if (conn->state != CONN_OPEN) return;
    size_t done = 0;
    while (conn->out.n == 0 && done < n) {
        ssize_t put = conn_write_some(conn, (const char *)bytes + done, n - done);
        if (put <= 0) break; /* a broken one is noticed by the next flush */
        done += (size_t)put;
    }
    if (done == n) return;
    buf_append(&conn->out, (const char *)bytes + done, n - done);
    conn_watch(conn, UV_READABLE | UV_WRITABLE);
}

static void conn_on_poll(uv_poll_t *poll, int status, int events)
{
    struct conn *conn = poll->data;
    dues_fire(conn->dial->dues,
              2); /* few: a dial costs more than an answer, and answers must not wait for dials */
    switch (conn->state) {
    case CONN_CONNECTING: conn_connected(conn); return;
    case CONN_SHAKING: conn_shake(conn); return;
    case CONN_OPEN: break;
    default: return;
    }
    if (conn->out.failed) {
        conn_lose(conn, LOSS_MEMORY);
        return;
    }
    if (status < 0 || (events & UV_READABLE)) conn_read(conn);
    if (conn->state == CONN_OPEN && (events & UV_WRITABLE)) conn_flush(conn);
}
