#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

#include "oidc/oidc_private.h"

/* application/x-www-form-urlencoded, for queries and forms alike. */
static void form_add(struct buf *out, const char *name, struct str value)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    if (out->n) buf_putc(out, '&');
    buf_str(out, str_c(name));
    buf_putc(out, '=');
    for (size_t i = 0; i < value.n; i++) {
        char c = value.at[i];
        if (c && strchr(plain, c))
            buf_putc(out, c);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

/* RFC 7636, S256. */
static void challenge_make(struct str verifier,
                           char ret[sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)])
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)verifier.at, verifier.n, hash);
    sodium_bin2base64(ret, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING), hash,
                      sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

enum oidc_outcome oidc_begin(const struct oidc_provider *provider, const struct oidc_attempt *attempt,
                             struct arena *arena, struct str *ret_url)
{
    char challenge[sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    const char *endpoint;
    struct buf query;
    enum oidc_outcome outcome = oidc_endpoint(provider, "authorization_endpoint", arena, &endpoint);
    if (outcome != OIDC_OK) return outcome;
    challenge_make(attempt->verifier, challenge);
    buf_init(&query, 0);
    form_add(&query, "response_type", STR("code"));
    form_add(&query, "scope", STR("openid email"));
    form_add(&query, "client_id", str_c(provider->client_id));
    form_add(&query, "redirect_uri", attempt->redirect_uri);
    form_add(&query, "state", attempt->state);
    form_add(&query, "nonce", attempt->nonce);
    form_add(&query, "code_challenge", str_c(challenge));
    form_add(&query, "code_challenge_method", STR("S256"));
    const char *url = query.failed ? NULL
                                   : arena_printf(arena, "%s%c%.*s", endpoint,
                                                  strchr(endpoint, '?') ? '&' : '?', (int)query.n, query.at);
    buf_done(&query);
    *ret_url = url ? str_c(url) : (struct str){ 0 };
    return url ? OIDC_OK : OIDC_NO_MEMORY;
}

static enum oidc_outcome code_exchange(const struct oidc_provider *provider,
                                       const struct oidc_attempt *attempt, struct str code,
                                       struct arena *arena, const char **ret_token)
{
    const char *endpoint;
    struct buf form;
    json_t *answer;
    enum oidc_outcome outcome = oidc_endpoint(provider, "token_endpoint", arena, &endpoint);
    if (outcome != OIDC_OK) return outcome;
    buf_init(&form, 0);
    form_add(&form, "grant_type", STR("authorization_code"));
    form_add(&form, "code", code);
    form_add(&form, "redirect_uri", attempt->redirect_uri);
    form_add(&form, "client_id", str_c(provider->client_id));
    form_add(&form, "client_secret", str_c(provider->client_secret));
    form_add(&form, "code_verifier", attempt->verifier);
    buf_putc(&form, '\0');
    outcome = form.failed ? OIDC_NO_MEMORY : oidc_fetch(provider, endpoint, form.at, &answer);
    if (form.at) sodium_memzero(form.at, form.n);
    buf_done(&form);
    if (outcome != OIDC_OK) return outcome;
    const char *token = json_string_value(json_object_get(answer, "id_token"));
    *ret_token = token ? arena_str(arena, str_c(token)) : NULL;
    json_decref(answer);
    return *ret_token ? OIDC_OK : OIDC_INVALID;
}

enum oidc_outcome oidc_finish(const struct oidc_provider *provider, const struct oidc_attempt *attempt,
                              struct str code, struct arena *arena, struct oidc_claims *ret_claims)
{
    const char *token;
    json_t *keys = NULL;
    enum oidc_outcome outcome = code_exchange(provider, attempt, code, arena, &token);
    if (outcome == OIDC_OK) outcome = oidc_keys(provider, arena, false, &keys);
    /* Providers change their keys without notice: one that we don't know is asked for once. */
    if (outcome == OIDC_OK && !oidc_token_has_key(token, keys)) {
        json_decref(keys);
        keys = NULL;
        outcome = oidc_keys(provider, arena, true, &keys);
    }
    if (outcome == OIDC_OK)
        outcome =
            oidc_token_verify(provider, token, keys, attempt->nonce, (int64_t)time(NULL), arena, ret_claims);
    json_decref(keys);
    return outcome;
}
