#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "net/tls_private.h"

// OpenSSL's own order begins with AES-256, whose SHA-384 makes a handshake 8 % dearer.
#define TLS_SUITES "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"

struct tls {
    SSL_CTX *context;
    char *cert_file, *key_file;
    struct tls_tickets *tickets;
};

static int tls_on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in,
                       unsigned in_n, void *data)
{
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl, (void)data;
    unsigned char *chosen;
    int r = SSL_select_next_proto(&chosen, out_n, ours, sizeof ours - 1, in, in_n);
    *out = chosen;
    return r == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static void tls_say(char *reason, size_t size, const char *what)
{
    const char *why = ERR_reason_error_string(ERR_peek_last_error());
    if (size > 0) snprintf(reason, size, "%s: %s", what, why ? why : "unknown");
    ERR_clear_error();
}

static int tls_configure(SSL_CTX *context)
{
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_NO_AUTO_CHAIN); // the file has the chain
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"todoke", 6);
    SSL_CTX_set_timeout(context, 12 * 60 * 60);
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_max_early_data(context, 0);
    SSL_CTX_set_alpn_select_cb(context, tls_on_alpn, NULL);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                   SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1 &&
                   SSL_CTX_set_ciphersuites(context, TLS_SUITES) == 1 &&
                   SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
               ? 0
               : -1;
}

static SSL_CTX *tls_context(const struct tls *tls, char *reason, size_t size)
{
    const char *failed = NULL;
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context || tls_configure(context) < 0 || tls_tickets_install(context, tls->tickets) < 0)
        failed = "TLS context";
    else if (SSL_CTX_use_certificate_chain_file(context, tls->cert_file) != 1)
        failed = "certificate";
    else if (SSL_CTX_use_PrivateKey_file(context, tls->key_file, SSL_FILETYPE_PEM) != 1)
        failed = "private key";
    else if (SSL_CTX_check_private_key(context) != 1)
        failed = "private key and certificate";
    if (!failed) return context;
    tls_say(reason, size, failed);
    SSL_CTX_free(context);
    return NULL;
}

static char *tls_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = base_alloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

struct tls *tls_new(const char *cert_file, const char *key_file, char *reason, size_t reason_size)
{
    struct tls *tls = base_zalloc(sizeof *tls);
    if (reason_size > 0) snprintf(reason, reason_size, "out of memory");
    if (!tls) return NULL;
    tls->cert_file = tls_copy(cert_file);
    tls->key_file = tls_copy(key_file);
    tls->tickets = base_zalloc(sizeof *tls->tickets);
    if (!tls->cert_file || !tls->key_file || !tls->tickets) goto failed;
    tls->tickets->refs = 1;
    tls->tickets->count = 1;
    if (RAND_priv_bytes(tls->tickets->keys[0], TLS_TICKET_KEY_BYTES) != 1) goto failed;
    tls->context = tls_context(tls, reason, reason_size);
    if (tls->context) return tls;
failed:
    tls_free(tls);
    return NULL;
}

int tls_reload(struct tls *tls, char *reason, size_t reason_size)
{
    SSL_CTX *context = tls_context(tls, reason, reason_size);
    if (!context) return -1;
    SSL_CTX_free(tls->context); // connections that live hold references of their own
    tls->context = context;
    return 0;
}

int tls_ticket_keys(struct tls *tls, const uint8_t *keys, size_t count)
{
    if (count < 1 || count > TLS_TICKET_KEYS_MAX) return -1;
    memcpy(tls->tickets->keys, keys, count * TLS_TICKET_KEY_BYTES);
    tls->tickets->count = count;
    return 0;
}

SSL *tls_connection(struct tls *tls, BIO *bio)
{
    SSL *ssl = fault_hit("alloc") ? NULL : SSL_new(tls->context);
    if (!ssl) return NULL;
    BIO_up_ref(bio);
    BIO_up_ref(bio);
    SSL_set0_rbio(ssl, bio);
    SSL_set0_wbio(ssl, bio);
    SSL_set_accept_state(ssl);
    return ssl;
}

// An SSL is 7.5 KiB; these of its cache lines a write looks at (OpenSSL 3.0). With another layout it is a
// hint that does not help.
void tls_fetch(const SSL *ssl)
{
    static const uint8_t lines[] = { 0, 1, 2, 6, 33, 34, 36, 39, 40, 49, 50, 51, 114, 115, 116, 117 };
    for (size_t i = 0; i < sizeof lines; i++) __builtin_prefetch((const char *)ssl + 64u * lines[i], 1);
}

void tls_free(struct tls *tls)
{
    if (!tls) return;
    SSL_CTX_free(tls->context);
    tls_tickets_unref(tls->tickets);
    base_free(tls->cert_file);
    base_free(tls->key_file);
    base_free(tls);
}
