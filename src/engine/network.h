/* Where a request comes from, for limits on guessing: never the address itself, which is personal data. */
#ifndef ENGINE_NETWORK_H
#define ENGINE_NETWORK_H

#include "base/arena.h"
#include "base/str.h"
#include "net/http1.h"

/* The SHA-256 of the client's network: an IPv4 address, or the first 64 bits of an IPv6 address, which a
 * household or a school has to itself. `peer` is a numeric address; anything else is one network of its own.
 * In the arena; {NULL, 0}: no memory. */
struct str network_sha256(struct arena *arena, struct str peer);
/* The client's address: the peer's, or, when the peer is `trusted_proxy` (may be null), the last one that it
 * wrote into X-Forwarded-For: what stands before that, the client may have written itself. */
struct str client_address(const struct http_request *http, const char *trusted_proxy);

#endif
