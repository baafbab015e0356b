#ifndef OIDC_PRIVATE_H
#define OIDC_PRIVATE_H

#include <jansson.h>
#include <pthread.h>
#include <time.h>

#include "oidc/oidc.h"

#define OIDC_CACHE_SECONDS 3600
#define OIDC_KEYS_SECONDS  60 /* an unknown key lets us ask again, at most this often */

/* What a provider says of itself. Everything is owned; read and changed under the lock alone. */
struct oidc_cache {
    pthread_mutex_t lock;
    json_t *discovery, *keys;
    time_t discovery_until, keys_at;
};

/* GET, or POST of a form where `form` is given. OIDC_OK: *ret_json is the caller's. OIDC_REFUSED: a 4xx
 * answer. */
enum oidc_outcome oidc_fetch(const struct oidc_provider *provider, const char *url, const char *form,
                             json_t **ret_json);

/* One member of the discovery document, in the arena. */
enum oidc_outcome oidc_endpoint(const struct oidc_provider *provider, const char *member, struct arena *arena,
                                const char **ret_url);
/* The provider's keys (a JWK set), a reference of the caller's own. `again`: asks anew, if that was not just
 * now. */
enum oidc_outcome oidc_keys(const struct oidc_provider *provider, struct arena *arena, bool again,
                            json_t **ret_keys);

/* Verifies a compact ID token; `now` is in seconds since 1970. */
enum oidc_outcome oidc_token_verify(const struct oidc_provider *provider, const char *token,
                                    const json_t *keys, struct str nonce, int64_t now, struct arena *arena,
                                    struct oidc_claims *ret_claims);
/* Whether a key of that id is in the set: if not, the provider may have changed its keys. */
bool oidc_token_has_key(const char *token, const json_t *keys);

#endif
