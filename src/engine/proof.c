/* For steps: secrets that are sealed, codes that are typed. */
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine/request.h"
#include "engine/totp.h"

struct str request_seal(struct request *rq, enum purpose purpose, int64_t owner, struct str plain)
{
    return secret_seal(rq->engine->options.secret, purpose, owner, plain, &rq->arena);
}

struct str request_unseal(struct request *rq, enum purpose purpose, int64_t owner, struct str sealed)
{
    struct str plain = secret_open(rq->engine->options.secret, purpose, owner, sealed, &rq->arena);
    if (!plain.at) log_error("secret.mismatch", LOG_I("purpose", (int)purpose));
    return plain;
}

struct str request_mac(struct request *rq, enum purpose purpose, int64_t owner, struct str message)
{
    unsigned char mac[SECRET_MAC_BYTES];
    secret_mac(rq->engine->options.secret, purpose, owner, message, mac);
    return arena_dup(&rq->arena, str_of((const char *)mac, sizeof mac));
}

/* ---- authenticator apps ---- */

int totp_secret_new(struct request *rq, int64_t account, struct str *ret_text, struct str *ret_sealed)
{
    unsigned char bytes[TOTP_SECRET_BYTES];
    char *text = arena_alloc(&rq->arena, TOTP_TEXT_SIZE);
    randombytes_buf(bytes, sizeof bytes);
    *ret_sealed = request_seal(rq, FOR_TOTP, account, str_of((const char *)bytes, sizeof bytes));
    if (!text || !ret_sealed->at) return -1;
    *ret_text = str_of(text, base32_encode(text, bytes, sizeof bytes));
    sodium_memzero(bytes, sizeof bytes);
    return 0;
}

int64_t totp_check(struct request *rq, int64_t account, struct str sealed, struct str code)
{
    struct str plain = request_unseal(rq, FOR_TOTP, account, sealed);
    return plain.at ? totp_match(plain, code, clock_wall_ms() / 1000) : -1;
}

struct str totp_now(struct request *rq, struct str base32)
{
    unsigned char bytes[64];
    size_t n;
    char *code = arena_alloc(&rq->arena, TOTP_DIGITS);
    if (!code || !base32_decode(bytes, sizeof bytes, base32, &n)) return (struct str){ 0 };
    totp_code(str_of((const char *)bytes, n), clock_wall_ms() / 1000 / TOTP_STEP_SECONDS, TOTP_DIGITS, code);
    return str_of(code, TOTP_DIGITS);
}

/* ---- codes that people read and type ---- */

static const char symbols[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; /* 32 */

struct str code_new(struct request *rq, size_t n)
{
    char *code = arena_alloc(&rq->arena, n);
    for (size_t i = 0; code && i < n; i++) code[i] = symbols[randombytes_uniform(sizeof symbols - 1)];
    return code ? str_of(code, n) : (struct str){ 0 };
}

static bool is_gap(int32_t c)
{
    static const int32_t gaps[] = {
        ' ', '-', 0x3000, 0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0x30fc, 0xff0d
    };
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
        if (gaps[i] == c) return true;
    return false;
}

struct str code_typed(struct request *rq, struct str typed)
{
    char *code = arena_alloc(&rq->arena, typed.n + 1);
    size_t n = 0;
    int32_t c;
    while (code && (c = utf8_next(&typed)) >= 0) {
        if (is_gap(c)) continue;
        if (c > 0xff00 && c < 0xff5f) c -= 0xfee0; /* full width */
        if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
        code[n++] = c < 0x7f ? (char)c : '?';
    }
    return code ? str_of(code, n) : (struct str){ 0 };
}

/* ---- passkeys ---- */

static struct str text_of(struct request *rq, const void *bytes, size_t n)
{
    char *text = arena_alloc(&rq->arena, BASE64URL_SIZE(n));
    return text ? str_of(text, base64url_encode(text, bytes, n)) : (struct str){ 0 };
}

struct str bytes_of(struct request *rq, struct str base64url)
{
    size_t n, max = BASE64_BYTES(base64url.n);
    char *bytes = arena_alloc(&rq->arena, max);
    return bytes && base64url_decode(bytes, max, base64url, &n) ? str_of(bytes, n) : (struct str){ 0 };
}

static struct str origin_of(struct request *rq)
{
    const char *set = rq->engine->options.origin;
    const char *scheme = rq->http->is_tls ? "https://" : "http://";
    return str_c(set ? set : arena_printf(&rq->arena, "%s" STR_FMT, scheme, STR_ARG(rq->http->host)));
}

/* The host of an origin, without its port. */
static struct str host_of(struct str origin)
{
    ptrdiff_t slash = str_find(origin, '/');
    struct str host = slash < 0 ? origin : str_of(origin.at + slash + 2, origin.n - (size_t)slash - 2), port;
    return str_cut(host, ':', &port);
}

static struct passkey_place place_of(struct request *rq)
{
    struct str origin = origin_of(rq);
    return (struct passkey_place){ origin, host_of(origin), rq->engine->options.secret, clock_wall_ms() };
}

struct str passkey_rp_id(struct request *rq)
{
    return place_of(rq).rp_id;
}

struct str passkey_challenge(struct request *rq, int64_t account)
{
    unsigned char challenge[CHALLENGE_BYTES];
    struct passkey_place place = place_of(rq);
    passkey_challenge_make(&place, account, challenge);
    return text_of(rq, challenge, sizeof challenge);
}

struct str passkey_handle(struct request *rq, int64_t account)
{
    unsigned char mac[SECRET_MAC_BYTES];
    secret_mac(rq->engine->options.secret, FOR_HANDLE, account, STR(""), mac);
    return text_of(rq, mac, sizeof mac);
}

bool passkey_is_new(struct request *rq, struct str client_data, struct str authenticator_data,
                    struct passkey *ret)
{
    struct passkey_place place = place_of(rq);
    struct str said = bytes_of(rq, client_data), data = bytes_of(rq, authenticator_data);
    return said.at && data.at &&
           passkey_verify_new(&place, rq->session.account_id, said, data, &rq->arena, ret) == 0;
}

bool passkey_is_shown(struct request *rq, struct str client_data, struct str authenticator_data,
                      struct str signature, struct passkey *passkey)
{
    struct passkey_place place = place_of(rq);
    struct str said = bytes_of(rq, client_data), data = bytes_of(rq, authenticator_data),
               signed_by = bytes_of(rq, signature);
    return said.at && data.at && signed_by.at &&
           passkey_verify_shown(&place, said, data, signed_by, &rq->arena, passkey) == 0;
}
