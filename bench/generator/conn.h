/* A client's byte stream: TCP, and TLS by OpenSSL directly on the socket (one uv_poll per connection: an idle
 * one has no buffer of ours).
 *
 * Owner: the struct that embeds it. After conn_open returned 0, exactly one `lost` or one conn_close ends it,
 * and then `released` is called once, from the loop: only then may the memory go. `data` and `opened` may
 * call conn_close. Failure: conn_open returns -1 (no socket, no memory): then nothing was started and nothing
 * will be called. */
#ifndef BENCH_CONN_H
#define BENCH_CONN_H

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/buf.h"
#include "due.h"

/* Why a connection ended without our wish. */
enum loss {
    LOSS_CONNECT,  /* refused, unreachable, no local port */
    LOSS_TLS,      /* the handshake failed */
    LOSS_CLOSED,   /* closed or reset by the server */
    LOSS_TIMEOUT,  /* our own deadline */
    LOSS_PROTOCOL, /* what came was not HTTP, not WebSocket, not msgpack */
    LOSS_MEMORY,
    LOSS_KINDS
};
const char *loss_name(enum loss loss);

/* Where to, and how. Lives longer than all connections. */
struct dial {
    uv_loop_t *loop;
    struct dues *dues; /* fired between two connections' work */
    struct sockaddr_storage address;
    socklen_t address_size;
    char *host;   /* for SNI; NULL = none */
    SSL_CTX *tls; /* NULL = plain */
    unsigned
        sources; /* 127.0.0.1 .. 127.0.0.N in turn: a loopback address has only 28,000 ports for one peer */
    unsigned next_source;
    bool resume; /* TLS session resumption */
    SSL_SESSION *session;
    uint64_t opened, resumed;
};

struct dial_options {
    const char *server; /* host:port, where to connect */
    const char *host;   /* as in the Host header */
    const char *ca;     /* a file of certificates to trust; NULL = trust anything */
    bool tls, resume;
    unsigned sources;
};
/* 0, or -1 with a line on stderr. `server` must outlive the dial. */
int dial_init(struct dial *dial, uv_loop_t *loop, struct dues *dues, const struct dial_options *options);
void dial_done(struct dial *dial);

struct conn;
struct conn_calls {
    void (*opened)(struct conn *conn);
    void (*data)(struct conn *conn, const char *bytes, size_t n); /* n > 0 */
    void (*lost)(struct conn *conn, enum loss loss);
    void (*released)(struct conn *conn);
};

enum conn_state { CONN_NONE, CONN_CONNECTING, CONN_SHAKING, CONN_OPEN, CONN_CLOSED };

struct conn {
    struct dial *dial;
    const struct conn_calls *calls;
    uv_poll_t poll;
    SSL *ssl;
    struct buf out; /* what the kernel did not take yet */
    int fd, interest;
    bool hurried;
    enum conn_state state;
    uint64_t started, opened; /* ns */
};

int conn_open(struct conn *conn, struct dial *dial, const struct conn_calls *calls);
/* For a connection that is always busy: buffers are kept, and one read takes all that is there. Right after
 * conn_open. */
void conn_hurry(struct conn *conn);
/* All of it, now or later. A failure comes as `lost`, but never from inside this call: the loop tells. */
void conn_write(struct conn *conn, const void *bytes, size_t n);
/* Says goodbye and lets go. Harmless when the connection is closed already. */
void conn_close(struct conn *conn);

#endif
