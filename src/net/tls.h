// Server side TLS (RFC 8446, RFC 5246): TLS 1.3 and 1.2, X25519:P-256:P-384, ALPN http/1.1, no
// renegotiation, no compression, no early data, stateless tickets.
//
// Owner: the app. Connections that live keep the context they began with.
#ifndef TODOKE_NET_TLS_H
#define TODOKE_NET_TLS_H

#include <stddef.h>
#include <stdint.h>

#define TLS_TICKET_KEY_BYTES 80 // name 16, HMAC-SHA-256 key 32, AES-256 key 32
#define TLS_TICKET_KEYS_MAX  3

struct tls;

// Reads a PEM chain and key. NULL on failure, with the reason in `reason` (no secrets in it).
struct tls *tls_new(const char *cert_file, const char *key_file, char *reason, size_t reason_size);

// Reads the files again: new connections get the new certificate. On failure (-1) the old one stays.
int tls_reload(struct tls *tls, char *reason, size_t reason_size);

// Keys for session tickets, shared between the workers: `count` (1..3) keys of TLS_TICKET_KEY_BYTES random
// bytes each. The first one encrypts, all of them decrypt. Without this call a worker makes a key of its own
// (resumption then works only with that worker). Returns -1 when count is out of range.
int tls_ticket_keys(struct tls *tls, const uint8_t *keys, size_t count);

void tls_free(struct tls *tls); // accepts NULL; live connections keep what they need

#endif
