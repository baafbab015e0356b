// What stream and net need of TLS. Private to net.
#ifndef TODOKE_NET_TLS_PRIVATE_H
#define TODOKE_NET_TLS_PRIVATE_H

#include <openssl/ssl.h>
#include "net/loop.h"
#include "net/tls.h"

// One BIO for all connections of a loop: it reads from and writes to *io, which is set up for one connection
// before each call into OpenSSL. NULL: no memory.
BIO *tls_bio_new(struct tls_io *io);

// Asks for the memory that SSL_write looks at.
void tls_fetch(const SSL *ssl);

// A server side connection on the context of now. NULL: no memory.
SSL *tls_connection(struct tls *tls, BIO *bio);

// tls_ticket.c
struct tls_tickets {
    unsigned refs; // struct tls, and each context that was made with them: connections may outlive struct tls
    uint8_t keys[TLS_TICKET_KEYS_MAX][TLS_TICKET_KEY_BYTES];
    size_t count;
};
int tls_tickets_install(SSL_CTX *context,
                        struct tls_tickets *tickets); // takes a reference; -1: OpenSSL refused
void tls_tickets_unref(struct tls_tickets *tickets);  // accepts NULL

#endif
