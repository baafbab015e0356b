/* Sign-in at somebody else's: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636), for
 * staff whose school board has accounts at Google Workspace, Microsoft Entra or another provider.
 *
 *   oidc_begin   where to send the browser
 *   oidc_finish  the code that it brings back becomes the claims of a verified ID token
 *
 * Both may talk to the provider and wait for it (5 s at most each exchange): they are for a thread. What
 * providers say of themselves (discovery, keys) is kept for an hour, for all threads. A provider's answers
 * are read with bounds: 256 KiB, HTTPS only, no redirects. */
#ifndef OIDC_OIDC_H
#define OIDC_OIDC_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#define OIDC_PROVIDERS_MAX 8

struct oidc_cache;

struct oidc_provider {
    const char *name;  /* ASCII, in addresses and tables */
    const char *label; /* what the button says */
    const char *issuer, *client_id, *client_secret;
    const char *ca;             /* PEM file; null: the system's */
    const char *const *domains; /* of mail addresses that it vouches for; ends with null */
    bool second_factor;         /* it asks its people for a second factor itself */
    struct oidc_cache *cache;
};

struct oidc;

/* Reads the file of providers: a JSON array of objects with the members above (domains: an array). Null on
 * failure, with a line in `message` that names the place; never a secret. */
struct oidc *oidc_open(const char *path, struct buf *message);
void oidc_free(struct oidc *oidc);

/* Null behind the last one, and where `oidc` is null. */
const struct oidc_provider *oidc_at(const struct oidc *oidc, size_t i);
const struct oidc_provider *oidc_find(const struct oidc *oidc, struct str name);

enum oidc_outcome {
    OIDC_OK,
    OIDC_UNREACHABLE, /* no answer, or none in time */
    OIDC_REFUSED,     /* it says no: the code is wrong, old, or was used */
    OIDC_INVALID,     /* what it says does not hold: signature, issuer, audience, time, nonce */
    OIDC_NO_MEMORY
};

/* What belongs to one attempt of one browser. base64url, kept by the caller between begin and finish. */
struct oidc_attempt {
    struct str state, nonce, verifier;
    struct str redirect_uri;
};

struct oidc_claims {
    struct str subject; /* for ever the same at this provider (issuer) */
    struct str email;   /* lower case, one that the provider vouches for; empty: none */
    bool second_factor; /* the provider's word for it ("amr"), or its setting */
};

enum oidc_outcome oidc_begin(const struct oidc_provider *provider, const struct oidc_attempt *attempt,
                             struct arena *arena, struct str *ret_url);
enum oidc_outcome oidc_finish(const struct oidc_provider *provider, const struct oidc_attempt *attempt,
                              struct str code, struct arena *arena, struct oidc_claims *ret_claims);

#endif
