/* Where a request comes from, for limits on guessing: never the address itself, which is personal data. */
#ifndef ENGINE_NETWORK_H
#define ENGINE_NETWORK_H

#include "base/arena.h"
#include "base/str.h"

/* The SHA-256 of the client's network: an IPv4 address, or the first 64 bits of an IPv6 address, which a
 * household or a school has to itself. `peer` is a numeric address; anything else is one network of its own.
 * In the arena; {NULL, 0}: no memory. */
struct str network_sha256(struct arena *arena, struct str peer);

#endif
