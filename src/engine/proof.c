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
