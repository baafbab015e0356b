#include <curl/curl.h>
#include <string.h>

#include "base/fault.h"
#include "oidc/oidc_private.h"

struct oidc {
    json_t *file; /* what the providers' texts point into */
    size_t n;
    struct oidc_provider providers[OIDC_PROVIDERS_MAX];
    struct oidc_cache caches[OIDC_PROVIDERS_MAX];
    const char *domains[OIDC_PROVIDERS_MAX][17];
};

static bool name_is_plain(const char *name)
{
    return *name && strlen(name) <= 32 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

/* Null, or what is wrong. */
static const char *provider_read(struct oidc *oidc, size_t i, const json_t *object)
{
    struct oidc_provider *p = &oidc->providers[i];
    const char *text[5];
    static const char *const needed[5] = { "name", "label", "issuer", "client_id", "client_secret" };
    for (size_t k = 0; k < 5; k++) {
        text[k] = json_string_value(json_object_get(object, needed[k]));
        if (!text[k] || !*text[k]) return needed[k];
    }
    if (!name_is_plain(text[0]) || oidc_find(oidc, str_c(text[0]))) return "name";
    if (strncmp(text[2], "https://", 8) != 0) return "issuer";
    const json_t *domains = json_object_get(object, "domains");
    size_t n = json_array_size(domains);
    if (n == 0 || n > 16) return "domains";
    for (size_t k = 0; k < n; k++)
        if (!(oidc->domains[i][k] = json_string_value(json_array_get(domains, k)))) return "domains";
    *p = (struct oidc_provider){ text[0], text[1], text[2], text[3], text[4], .domains = oidc->domains[i] };
    p->ca = json_string_value(json_object_get(object, "ca"));
    p->second_factor = json_is_true(json_object_get(object, "second_factor"));
    p->cache = &oidc->caches[i];
    return NULL;
}

static int providers_read(struct oidc *oidc, struct buf *message)
{
    size_t n = json_array_size(oidc->file);
    if (n == 0 || n > OIDC_PROVIDERS_MAX) {
        buf_printf(message, "OpenID providers: a JSON array of 1 to %d objects is wanted\n",
                   OIDC_PROVIDERS_MAX);
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        pthread_mutex_init(&oidc->caches[i].lock, NULL);
        oidc->n = i; /* for oidc_find: those before */
        const char *fault = provider_read(oidc, i, json_array_get(oidc->file, i));
        if (!fault) continue;
        buf_printf(message, "OpenID providers: number %zu: \"%s\" is missing or not what it must be\n", i + 1,
                   fault);
        return -1;
    }
    oidc->n = n;
    return 0;
}

struct oidc *oidc_open(const char *path, struct buf *message)
{
    json_error_t error;
    struct oidc *oidc = base_zalloc(sizeof *oidc);
    if (!oidc || curl_global_init(CURL_GLOBAL_DEFAULT)) {
        base_free(oidc);
        buf_printf(message, "OpenID providers: out of memory\n");
        return NULL;
    }
    oidc->file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!oidc->file)
        buf_printf(message, "OpenID providers: line %d, column %d: %s\n", error.line, error.column,
                   error.line > 0 ? "not JSON" : "the file can't be read");
    if (oidc->file && !providers_read(oidc, message)) return oidc;
    oidc_free(oidc);
    return NULL;
}

void oidc_free(struct oidc *oidc)
{
    if (!oidc) return;
    for (size_t i = 0; i < OIDC_PROVIDERS_MAX; i++) {
        json_decref(oidc->caches[i].discovery);
        json_decref(oidc->caches[i].keys);
    }
    json_decref(oidc->file);
    base_free(oidc);
}

const struct oidc_provider *oidc_at(const struct oidc *oidc, size_t i)
{
    return oidc && i < oidc->n ? &oidc->providers[i] : NULL;
}

const struct oidc_provider *oidc_find(const struct oidc *oidc, struct str name)
{
    for (size_t i = 0; oidc && i < oidc->n; i++)
        if (str_eq(str_c(oidc->providers[i].name), name)) return &oidc->providers[i];
    return NULL;
}
