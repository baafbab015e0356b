#include "engine/session.h"

#include <sodium.h>

#include "engine/engine.h"
#include "engine/reply.h"
#include "engine/request.h"

static struct str cookie_value(const struct http_request *http, struct str name)
{
    for (size_t i = 0; i < http->header_count; i++) {
        if (!str_eq(http->headers[i].name, STR("cookie"))) continue;
        struct str rest = http->headers[i].value;
        while (rest.at) {
            struct str value, pair = str_trim(str_cut(rest, ';', &rest));
            if (str_eq(str_cut(pair, '=', &value), name)) return value;
        }
    }
    return (struct str){ 0 };
}

static struct str token_hash(struct arena *arena, struct str text)
{
    unsigned char token[TOKEN_BYTES + 3], hash[crypto_hash_sha256_BYTES];
    size_t n;
    if (!text.at || !base64url_decode(token, sizeof token, text, &n) || n != TOKEN_BYTES)
        return (struct str){ 0 };
    crypto_hash_sha256(hash, token, n);
    sodium_memzero(token, sizeof token);
    return arena_dup(arena, str_of((const char *)hash, sizeof hash));
}

struct str session_token_sha256(struct arena *arena, const struct http_request *http)
{
    return token_hash(arena, cookie_value(http, STR(SESSION_COOKIE)));
}

bool session_read(struct session *ret, struct arena *arena, struct rows rows)
{
    if (rows.count < 1) return false;
    struct session session = {
        .id = rows_get_i64(rows, 0, "session_id", 0),
        .account_id = rows_get_i64(rows, 0, "account_id", 0),
        .roles = (unsigned)rows_get_i64(rows, 0, "role_bits", 0),
        .proved = rows_get_bool(rows, 0, "proved", false),
        .schools = arena_dup(arena, rows_get_text(rows, 0, "schools")),
    };
    if (!session.id || !session.schools.at) return false;
    *ret = session;
    return true;
}

static bool origin_matches(const struct http_request *http, struct str sent, const char *origin)
{
    if (origin) return str_eq(sent, str_c(origin));
    struct str scheme = http->is_tls ? STR("https://") : STR("http://");
    return str_starts(sent, scheme) &&
           str_eq_nocase(str_of(sent.at + scheme.n, sent.n - scheme.n), http->host);
}

bool session_origin_is_ours(const struct http_request *http, const char *origin)
{
    struct str sent = http_header(http, "origin");
    return sent.at && origin_matches(http, sent, origin);
}

bool session_same_site(const struct http_request *http, const char *origin)
{
    if (http->method == METHOD_GET || http->method == METHOD_HEAD) return true;
    struct str site = http_header(http, "sec-fetch-site");
    if (site.at) return str_eq(site, STR("same-origin")) || str_eq(site, STR("none"));
    struct str sent = http_header(http, "origin");
    return !sent.at || origin_matches(http, sent, origin);
}

/* ---- for steps ---- */

struct str session_token_hash(struct request *rq, struct str token)
{
    return token_hash(&rq->arena, token);
}

struct str request_cookie(const struct request *rq, const char *name)
{
    return cookie_value(rq->http, str_c(name));
}

struct str request_url(struct request *rq, const char *path)
{
    const char *origin = rq->engine->options.origin;
    const struct http_request *http = rq->http;
    const char *url = origin ? arena_printf(&rq->arena, "%s%s", origin, path)
                             : arena_printf(&rq->arena, "%s://" STR_FMT "%s", http->is_tls ? "https" : "http",
                                            STR_ARG(http->host), path);
    return url ? str_c(url) : (struct str){ 0 };
}

const struct oidc *request_oidc(const struct request *rq)
{
    return rq->engine->options.oidc;
}

const struct push *request_push(const struct request *rq)
{
    return rq->engine->options.push;
}

int session_token_new(struct request *rq, struct str *ret_token, struct str *ret_sha256)
{
    unsigned char token[TOKEN_BYTES], hash[crypto_hash_sha256_BYTES];
    char *text = arena_alloc(&rq->arena, BASE64URL_SIZE(TOKEN_BYTES));
    randombytes_buf(token, sizeof token);
    crypto_hash_sha256(hash, token, sizeof token);
    struct str sha256 = arena_dup(&rq->arena, str_of((const char *)hash, sizeof hash));
    if (!text || !sha256.at) return -1;
    *ret_token = str_of(text, base64url_encode(text, token, sizeof token));
    *ret_sha256 = sha256;
    sodium_memzero(token, sizeof token);
    return 0;
}

int session_token_next(struct request *rq, struct str *ret_token, struct str *ret_sha256)
{
    unsigned char old[TOKEN_BYTES + 3], token[SECRET_MAC_BYTES], hash[crypto_hash_sha256_BYTES];
    size_t n = 0;
    char *text = arena_alloc(&rq->arena, BASE64URL_SIZE(sizeof token));
    if (!text || !base64url_decode(old, sizeof old, cookie_value(rq->http, STR(SESSION_COOKIE)), &n))
        return -1;
    secret_mac(rq->engine->options.secret, FOR_ROTATION, rq->session.id, str_of((const char *)old, n), token);
    crypto_hash_sha256(hash, token, sizeof token);
    *ret_sha256 = arena_dup(&rq->arena, str_of((const char *)hash, sizeof hash));
    *ret_token = str_of(text, base64url_encode(text, token, sizeof token));
    sodium_memzero(token, sizeof token);
    sodium_memzero(old, sizeof old);
    return ret_sha256->at ? 0 : -1;
}

#define COOKIE_ATTRIBUTES "; Path=/; Secure; HttpOnly; SameSite=Lax"

void reply_session_cookie(struct request *rq, struct str token)
{
    char *cookie = arena_printf(&rq->arena, SESSION_COOKIE "=" STR_FMT COOKIE_ATTRIBUTES "; Max-Age=7776000",
                                STR_ARG(token));
    reply_header(rq, "set-cookie", str_c(cookie));
}

void reply_session_cookie_brief(struct request *rq, struct str token)
{
    char *cookie = arena_printf(&rq->arena, SESSION_COOKIE "=" STR_FMT COOKIE_ATTRIBUTES, STR_ARG(token));
    reply_header(rq, "set-cookie", str_c(cookie));
}

void reply_session_end(struct request *rq)
{
    reply_header(rq, "set-cookie", STR(SESSION_COOKIE "=" COOKIE_ATTRIBUTES "; Max-Age=0"));
}
