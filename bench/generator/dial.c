#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"

static struct dial *dial_of(SSL *ssl)
{
    return SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
}

/* TLS 1.3 tickets come after the handshake. The newest one serves all: the server can't tell phones apart by
 * it. */
static int dial_on_session(SSL *ssl, SSL_SESSION *session)
{
    struct dial *dial = dial_of(ssl);
    SSL_SESSION_free(dial->session);
    dial->session = session;
    return 1;
}

/* Without this OpenSSL builds and checks the chain even when nobody wants to know. */
static int dial_on_chain(X509_STORE_CTX *chain, void *argument)
{
    (void)chain, (void)argument;
    return 1;
}

static int dial_make_tls(struct dial *dial, const struct dial_options *options)
{
    static const unsigned char alpn[] = "\x08http/1.1";
    SSL_CTX *tls = dial->tls = SSL_CTX_new(TLS_client_method());
    if (!tls) return -1;
    SSL_CTX_set_app_data(tls, dial);
    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    /* As browsers ask for them; every server that follows its clients agrees on the same one. */
    if (SSL_CTX_set_ciphersuites(
            tls, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") != 1)
        return -1;
    SSL_CTX_set_read_ahead(tls, 1); /* one system call for a record, not two */
    SSL_CTX_set_options(tls,
                        SSL_OP_IGNORE_UNEXPECTED_EOF); /* a killed worker is "closed", not a fault of TLS */
    SSL_CTX_set_alpn_protos(tls, alpn, sizeof alpn - 1);
    SSL_CTX_set_session_cache_mode(tls, options->resume ? SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL
                                                        : SSL_SESS_CACHE_OFF);
    if (options->resume) SSL_CTX_sess_set_new_cb(tls, dial_on_session);
    if (!options->ca) {
        SSL_CTX_set_cert_verify_callback(tls, dial_on_chain, NULL);
        return 0;
    }
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    return SSL_CTX_load_verify_file(tls, options->ca) == 1 ? 0 : -1;
}

/* The name for SNI: that of the Host header. An address is no name there (RFC 6066, 3). */
static char *dial_name(const char *host)
{
    unsigned char address[16];
    const char *colon = strrchr(host, ':');
    char *name = strndup(host, colon ? (size_t)(colon - host) : strlen(host));
    if (name && *name != '[' && inet_pton(AF_INET, name, address) != 1) return name;
    free(name);
    return NULL;
}

static int dial_resolve(struct dial *dial, const char *host, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG }, *found = NULL;
    if (getaddrinfo(host, port, &hints, &found) != 0 || !found) return -1;
    memcpy(&dial->address, found->ai_addr, found->ai_addrlen);
    dial->address_size = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

/* Several source addresses make sense (and are allowed) on the loopback network only. */
static unsigned dial_sources(const struct dial *dial, unsigned wanted)
{
    const struct sockaddr_in *to = (const struct sockaddr_in *)&dial->address;
    bool loopback = to->sin_family == AF_INET && (ntohl(to->sin_addr.s_addr) >> 24) == 127;
    return loopback && wanted < 200 ? wanted : 1;
}

int dial_init(struct dial *dial, uv_loop_t *loop, struct dues *dues, const struct dial_options *options)
{
    *dial = (struct dial){ .loop = loop, .dues = dues, .resume = options->resume };
    const char *colon = strrchr(options->server, ':');
    char *host = colon ? strndup(options->server, (size_t)(colon - options->server)) : NULL;
    int resolved = host ? dial_resolve(dial, host, colon + 1) : -1;
    free(host);
    dial->host = dial_name(options->host);
    if (resolved != 0) {
        fprintf(stderr, "todoke-bench: --server %s: expected host:port\n", options->server);
        return -1;
    }
    dial->sources = dial_sources(dial, options->sources);
    if (options->tls && dial_make_tls(dial, options) != 0) {
        fprintf(stderr, "todoke-bench: TLS: %s\n", ERR_reason_error_string(ERR_peek_last_error()));
        return -1;
    }
    return 0;
}

void dial_done(struct dial *dial)
{
    SSL_SESSION_free(dial->session);
    SSL_CTX_free(dial->tls);
    free(dial->host);
    *dial = (struct dial){ 0 };
}
