#include "engine/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define SHA1_BYTES 20

void totp_code(struct str secret, int64_t step, unsigned digits, char *ret)
{
    unsigned char counter[8], hash[EVP_MAX_MD_SIZE] = { 0 };
    unsigned n = SHA1_BYTES;
    for (int i = 7; i >= 0; i--, step >>= 8) counter[i] = (unsigned char)(step & 0xff);
    HMAC(EVP_sha1(), secret.at, (int)secret.n, counter, sizeof counter, hash, &n);
    const unsigned char *at = hash + (hash[SHA1_BYTES - 1] & 0x0f);
    uint32_t number =
        ((uint32_t)(at[0] & 0x7f) << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | at[3];
    for (unsigned i = digits; i-- > 0; number /= 10) ret[i] = (char)('0' + number % 10);
}

int64_t totp_match(struct str secret, struct str code, int64_t seconds)
{
    char right[TOTP_DIGITS];
    int64_t now = seconds / TOTP_STEP_SECONDS, found = 0;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        totp_code(secret, step, TOTP_DIGITS, right);
        if (str_eq_secret(code, str_of(right, sizeof right))) found = step;
    }
    return found;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

size_t base32_encode(char *out, const void *bytes, size_t n)
{
    const unsigned char *in = bytes;
    size_t written = 0;
    uint32_t held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < n; i++) {
        held = (held << 8) | in[i];
        for (bits += 8; bits >= 5; bits -= 5) out[written++] = alphabet[(held >> (bits - 5)) & 31];
    }
    if (bits) out[written++] = alphabet[(held << (5 - bits)) & 31];
    return written;
}

bool base32_decode(void *out, size_t max, struct str text, size_t *ret_n)
{
    unsigned char *to = out;
    uint32_t held = 0;
    unsigned bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *at = text.at[i] ? strchr(alphabet, text.at[i]) : NULL;
        if (!at) return false;
        held = (held << 5) | (uint32_t)(at - alphabet);
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        if (n == max) return false;
        to[n++] = (unsigned char)(held >> bits);
    }
    *ret_n = n;
    return true;
}
