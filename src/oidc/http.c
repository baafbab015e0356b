#include <curl/curl.h>
#include <string.h>

#include "oidc/oidc_private.h"

#define ANSWER_MAX      (256u * 1024)
#define CONNECT_SECONDS 3L
#define TOTAL_SECONDS   5L

static size_t on_bytes(char *at, size_t size, size_t n, void *data)
{
    struct buf *answer = data;
    if (answer->n + size * n > ANSWER_MAX) return 0;
    buf_append(answer, at, size * n);
    return answer->failed ? 0 : size * n;
}

static CURLcode fetch(CURL *curl, const struct oidc_provider *provider, const char *url, const char *form,
                      struct buf *answer)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, TOTAL_SECONDS);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (provider->ca) curl_easy_setopt(curl, CURLOPT_CAINFO, provider->ca);
    if (form) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
    return curl_easy_perform(curl);
}

enum oidc_outcome oidc_fetch(const struct oidc_provider *provider, const char *url, const char *form,
                             json_t **ret_json)
{
    struct buf answer;
    long status = 0;
    CURL *curl = curl_easy_init();
    if (!curl) return OIDC_NO_MEMORY;
    buf_init(&answer, 0);
    CURLcode code = fetch(curl, provider, url, form, &answer);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    json_t *json = code == CURLE_OK ? json_loadb(answer.at, answer.n, JSON_REJECT_DUPLICATES, NULL) : NULL;
    buf_done(&answer);
    if (code == CURLE_OK && status == 200 && json_is_object(json)) {
        *ret_json = json;
        return OIDC_OK;
    }
    json_decref(json);
    if (code != CURLE_OK || status >= 500) return OIDC_UNREACHABLE;
    return status >= 400 ? OIDC_REFUSED : OIDC_INVALID;
}

/* ---- what a provider says of itself ---- */

/* The document must be about the issuer that we know (OpenID Connect Discovery 1.0, 4.3). */
static enum oidc_outcome discovery_load(const struct oidc_provider *provider, struct arena *arena)
{
    struct oidc_cache *cache = provider->cache;
    json_t *document;
    size_t n = strlen(provider->issuer);
    int slash = n && provider->issuer[n - 1] == '/';
    const char *url =
        arena_printf(arena, "%.*s/.well-known/openid-configuration", (int)n - slash, provider->issuer);
    if (!url) return OIDC_NO_MEMORY;
    enum oidc_outcome outcome = oidc_fetch(provider, url, NULL, &document);
    if (outcome != OIDC_OK) return outcome;
    const char *issuer = json_string_value(json_object_get(document, "issuer"));
    if (!issuer || strcmp(issuer, provider->issuer) != 0) {
        json_decref(document);
        return OIDC_INVALID;
    }
    json_decref(cache->discovery);
    cache->discovery = document;
    cache->discovery_until = time(NULL) + OIDC_CACHE_SECONDS;
    return OIDC_OK;
}

static enum oidc_outcome endpoint_locked(const struct oidc_provider *provider, const char *member,
                                         struct arena *arena, const char **ret_url)
{
    struct oidc_cache *cache = provider->cache;
    if (!cache->discovery || cache->discovery_until < time(NULL)) {
        enum oidc_outcome outcome = discovery_load(provider, arena);
        /* An hour-old document is better than none. */
        if (outcome != OIDC_OK && !cache->discovery) return outcome;
    }
    const char *url = json_string_value(json_object_get(cache->discovery, member));
    if (!url || strncmp(url, "https://", 8) != 0) return OIDC_INVALID;
    *ret_url = arena_str(arena, str_c(url));
    return *ret_url ? OIDC_OK : OIDC_NO_MEMORY;
}

enum oidc_outcome oidc_endpoint(const struct oidc_provider *provider, const char *member, struct arena *arena,
                                const char **ret_url)
{
    pthread_mutex_lock(&provider->cache->lock);
    enum oidc_outcome outcome = endpoint_locked(provider, member, arena, ret_url);
    pthread_mutex_unlock(&provider->cache->lock);
    return outcome;
}

static enum oidc_outcome keys_load(const struct oidc_provider *provider, struct arena *arena)
{
    struct oidc_cache *cache = provider->cache;
    const char *url;
    json_t *keys;
    enum oidc_outcome outcome = endpoint_locked(provider, "jwks_uri", arena, &url);
    if (outcome == OIDC_OK) outcome = oidc_fetch(provider, url, NULL, &keys);
    if (outcome != OIDC_OK) return outcome;
    json_decref(cache->keys);
    cache->keys = keys;
    cache->keys_at = time(NULL);
    return OIDC_OK;
}

enum oidc_outcome oidc_keys(const struct oidc_provider *provider, struct arena *arena, bool again,
                            json_t **ret_keys)
{
    struct oidc_cache *cache = provider->cache;
    enum oidc_outcome outcome = OIDC_OK;
    pthread_mutex_lock(&cache->lock);
    time_t age = time(NULL) - cache->keys_at;
    if (!cache->keys || age > OIDC_CACHE_SECONDS || (again && age > OIDC_KEYS_SECONDS))
        outcome = keys_load(provider, arena);
    /* A copy: reference counts of jansson's values are not for two threads. */
    if (cache->keys) {
        *ret_keys = json_deep_copy(cache->keys);
        outcome = *ret_keys ? OIDC_OK : OIDC_NO_MEMORY;
    }
    pthread_mutex_unlock(&cache->lock);
    return outcome;
}
