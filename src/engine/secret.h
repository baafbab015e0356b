/* What the database alone must not give away: keys that are derived from --secret-file, one for each purpose,
 * so that whoever has a copy of the database reads no second factor and makes no token.
 *
 * A struct secret is loaded once and only read afterwards. Another file means other keys: what was sealed
 * before can't be opened any more. */
#ifndef ENGINE_SECRET_H
#define ENGINE_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define SECRET_BYTES     32
#define SECRET_MAC_BYTES 32

/* Never renumber: keys follow from the number. */
enum purpose {
    FOR_TOTP = 1,      /* seals the secrets of authenticator apps */
    FOR_RECOVERY = 2,  /* recovery codes, as they are kept */
    FOR_ROTATION = 3,  /* a session's next token */
    FOR_CHALLENGE = 4, /* challenges that a passkey signs */
    FOR_HANDLE = 5     /* what a passkey calls its account */
};

struct secret {
    unsigned char master[SECRET_BYTES];
};

/* Reads at least 32 bytes from `path`, a file that only its owner may read. Returns 0, or -1 with the reason.
 */
int secret_load(struct secret *secret, const char *path, char *reason, size_t size);

/* Encrypted and bound to its owner: another account's is refused. In `arena`; {NULL, 0}: no memory. */
struct str secret_seal(const struct secret *secret, enum purpose purpose, int64_t owner, struct str plain,
                       struct arena *arena);
/* {NULL, 0}: not sealed by this secret for this owner, or no memory. */
struct str secret_open(const struct secret *secret, enum purpose purpose, int64_t owner, struct str sealed,
                       struct arena *arena);
/* A keyed hash, the same each time. */
void secret_mac(const struct secret *secret, enum purpose purpose, int64_t owner, struct str message,
                unsigned char ret[SECRET_MAC_BYTES]);

#endif
