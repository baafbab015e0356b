/* ID tokens: OpenID Connect Core 1.0, 3.1.3.7, in its order. */
#include <ctype.h>
#include <jose/b64.h>
#include <jose/jws.h>
#include <string.h>

#include "oidc/oidc_private.h"

#define SKEW_SECONDS 120
#define AGE_SECONDS  600 /* an ID token is of now: it came straight from the provider */

/* The algorithms that we take: asymmetric ones alone, so that nobody signs with what is public. */
static bool algorithm_is_ours(const char *name)
{
    static const char *const ours[] = { "RS256", "PS256", "ES256" };
    for (size_t i = 0; name && i < sizeof ours / sizeof *ours; i++)
        if (strcmp(ours[i], name) == 0) return true;
    return false;
}

/* header.payload.signature -> the flattened JSON that libjose wants. */
static json_t *token_split(const char *token)
{
    const char *first = strchr(token, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;
    if (!second || strchr(second + 1, '.')) return NULL;
    return json_pack("{s:s%,s:s%,s:s}", "protected", token, (size_t)(first - token), "payload", first + 1,
                     (size_t)(second - first - 1), "signature", second + 1);
}

static json_t *part_read(const json_t *jws, const char *name)
{
    return jose_b64_dec_load(json_object_get(jws, name));
}

static const char *text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool key_matches(const json_t *key, const json_t *header)
{
    const char *wanted = text(header, "kid"), *id = text(key, "kid"), *use = text(key, "use");
    if (use && strcmp(use, "sig") != 0) return false;
    return !wanted || (id && strcmp(id, wanted) == 0);
}

static bool signature_holds(const json_t *jws, const json_t *header, const json_t *keys)
{
    size_t i;
    json_t *key;
    if (!algorithm_is_ours(text(header, "alg")) || json_object_get(header, "crit")) return false;
    json_array_foreach(json_object_get(keys, "keys"), i, key)
    {
        if (key_matches(key, header) && jose_jws_ver(NULL, jws, NULL, key, false)) return true;
    }
    return false;
}

bool oidc_token_has_key(const char *token, const json_t *keys)
{
    json_t *jws = token_split(token), *header = jws ? part_read(jws, "protected") : NULL, *key;
    bool found = false;
    size_t i;
    json_array_foreach(json_object_get(keys, "keys"), i, key)
    {
        if (header && key_matches(key, header)) found = true;
    }
    json_decref(header);
    json_decref(jws);
    return found;
}

/* One audience, ours; of several, we must be the authorized party. */
static bool audience_is_ours(const json_t *claims, const char *client)
{
    const json_t *audience = json_object_get(claims, "aud");
    const char *party = text(claims, "azp");
    if (party && strcmp(party, client) != 0) return false;
    if (json_is_string(audience)) return strcmp(json_string_value(audience), client) == 0;
    size_t i, n = json_array_size(audience);
    for (i = 0; i < n; i++) {
        const char *one = json_string_value(json_array_get(audience, i));
        if (one && strcmp(one, client) == 0) return n == 1 || party;
    }
    return false;
}

static bool times_hold(const json_t *claims, int64_t now)
{
    const json_t *expires = json_object_get(claims, "exp"), *issued = json_object_get(claims, "iat");
    if (!json_is_integer(expires) || !json_is_integer(issued)) return false;
    return json_integer_value(expires) > now - SKEW_SECONDS &&
           json_integer_value(issued) < now + SKEW_SECONDS && json_integer_value(issued) > now - AGE_SECONDS;
}

static bool claims_hold(const struct oidc_provider *provider, const json_t *claims, struct str nonce,
                        int64_t now)
{
    const char *issuer = text(claims, "iss"), *subject = text(claims, "sub"), *seen = text(claims, "nonce");
    if (!issuer || strcmp(issuer, provider->issuer) != 0) return false;
    if (!subject || !*subject || strlen(subject) > 255) return false;
    if (!seen || !str_eq(str_c(seen), nonce)) return false;
    return audience_is_ours(claims, provider->client_id) && times_hold(claims, now);
}

/* An address counts when the provider has verified it and it is of a domain that is the provider's to speak
 * for. */
static struct str email_vouched(const struct oidc_provider *provider, const json_t *claims,
                                struct arena *arena)
{
    const char *email = text(claims, "email"), *at = email ? strrchr(email, '@') : NULL;
    const json_t *verified = json_object_get(claims, "email_verified");
    if (!at || (verified && !json_is_true(verified))) return STR("");
    for (const char *const *domain = provider->domains; *domain; domain++) {
        if (!str_eq_nocase(str_c(at + 1), str_c(*domain))) continue;
        char *lower = arena_str(arena, str_c(email));
        for (char *c = lower; c && *c; c++) *c = (char)tolower((unsigned char)*c);
        return lower ? str_c(lower) : STR("");
    }
    return STR("");
}

/* RFC 8176: "mfa" says that more than one factor was asked for. */
static bool factors_claimed(const json_t *claims)
{
    size_t i;
    json_t *method;
    json_array_foreach(json_object_get(claims, "amr"), i, method)
    {
        if (json_is_string(method) && strcmp(json_string_value(method), "mfa") == 0) return true;
    }
    return false;
}

enum oidc_outcome oidc_token_verify(const struct oidc_provider *provider, const char *token,
                                    const json_t *keys, struct str nonce, int64_t now, struct arena *arena,
                                    struct oidc_claims *ret_claims)
{
    json_t *jws = token_split(token);
    json_t *header = jws ? part_read(jws, "protected") : NULL,
           *claims = jws ? part_read(jws, "payload") : NULL;
    enum oidc_outcome outcome = OIDC_INVALID;
    if (header && claims && signature_holds(jws, header, keys) && claims_hold(provider, claims, nonce, now)) {
        *ret_claims = (struct oidc_claims){
            .subject = arena_dup(arena, str_c(text(claims, "sub"))),
            .email = email_vouched(provider, claims, arena),
            .second_factor = provider->second_factor || factors_claimed(claims),
        };
        outcome = ret_claims->subject.at ? OIDC_OK : OIDC_NO_MEMORY;
    }
    json_decref(claims);
    json_decref(header);
    json_decref(jws);
    return outcome;
}
