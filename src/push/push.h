/* What Web Push is made of: where an endpoint may lead, messages sealed for one browser (RFC 8291, RFC 8188),
 * and who sends them (VAPID, RFC 8292). No sockets: src/delivery talks to the push services.
 *
 * A struct push is opened once per worker and used on its loop alone. */
#ifndef PUSH_PUSH_H
#define PUSH_PUSH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define PUSH_ENDPOINT_MAX 1000
#define PUSH_GATEWAY_MAX  260
#define PUSH_POINT        65 /* a public key of P-256, uncompressed */
#define PUSH_AUTH         16
#define PUSH_PLAIN_MAX    2000

struct push;

struct push_options {
    const char *key_file;   /* PEM: the private key of P-256, for its owner's eyes only */
    const char *gateways;   /* "host[:port], *.host, ...": the push services that may be sent to */
    const char *contact;    /* mailto: or https:, for the push services' operators */
    bool private_addresses; /* also those that are nobody's on the Internet (tests) */
};

/* Null on failure, with a line in `message`. */
struct push *push_open(const struct push_options *options, struct buf *message);
/* Accepts null. */
void push_free(struct push *push);

/* What browsers subscribe with: the public key, base64url. Null push: {NULL, 0}. */
struct str push_public_key(const struct push *push);

/* Makes a new key in a new file. 0, or -1 with a line in `message`. */
int push_key_make(const char *path, struct buf *message);

/* ---- endpoints ---- */

/* https://host[:port]/...: no user, no fragment, the host a name in lower case (never an address), the port
 * not 443. `gateway` is host[:port]. Slices of what was given. */
struct push_endpoint {
    struct str gateway, host;
    uint16_t port;
};
bool push_endpoint_parse(struct str url, struct push_endpoint *ret);

/* Is it a push service that we know? Writes the gateway, a slice of `url`. */
bool push_allows(const struct push *push, struct str url, struct str *ret_gateway);
/* Where names lead to: an address of the Internet, or one of ours and our neighbours'? */
bool push_allows_address(const struct push *push, const struct sockaddr *address);

/* ---- messages ---- */

/* Encrypts `plain` (at most PUSH_PLAIN_MAX) for one browser and appends the body of the request. What is
 * short is padded, so that its length says nothing. -1: a key that is no point of the curve, or no memory. */
int push_seal(const unsigned char p256dh[PUSH_POINT], const unsigned char auth[PUSH_AUTH], struct str plain,
              struct buf *out);

/* Appends the value of the header Authorization for requests to that gateway. Signed once for many. */
int push_authorize(struct push *push, struct str gateway, int64_t now_s, struct buf *out);

#endif
