/* Passkeys: WebAuthn's two ceremonies, verified with libfido2. Attestation is not asked for and not looked
 * at: a new passkey is its authenticator data alone. Pure but for the clock's reading that it is given.
 *
 * A challenge needs no memory until it is answered: it is a moment and random bits under a keyed hash, bound
 * to the account that makes a passkey (0: somebody signs in). It is good for five minutes; that it is
 * answered once, the database sees to (`challenge_sha256`). */
#ifndef ENGINE_PASSKEY_H
#define ENGINE_PASSKEY_H

#include "engine/secret.h"

#define CHALLENGE_BYTES 40
#define CHALLENGE_MS    (5 * 60 * 1000)

/* Where the page stands that asks: what the browser must have said. */
struct passkey_place {
    struct str origin; /* "https://todoke.example" */
    struct str rp_id;  /* "todoke.example" */
    const struct secret *secret;
    int64_t now_ms;
};

struct passkey {
    struct str credential_id, public_key, aaguid; /* in the arena */
    int64_t algorithm;                            /* COSE: -7 ES256, -8 EdDSA, -257 RS256 */
    int64_t sign_count;
    bool backup_eligible, backed_up;
    struct str challenge_sha256;
};

void passkey_challenge_make(const struct passkey_place *place, int64_t account,
                            unsigned char ret[CHALLENGE_BYTES]);

/* Both: 0, or -1 when anything is not as it must be; then *ret is undefined. `client_data` is the JSON as the
 * browser made it; everything else is bytes. */
int passkey_verify_new(const struct passkey_place *place, int64_t account, struct str client_data,
                       struct str authenticator_data, struct arena *arena, struct passkey *ret);
/* `passkey`: algorithm and public key as they are known; its counter, flags and challenge are written. */
int passkey_verify_shown(const struct passkey_place *place, struct str client_data,
                         struct str authenticator_data, struct str signature, struct arena *arena,
                         struct passkey *passkey);

#endif
