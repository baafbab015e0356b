#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <string.h>

#include "push/push_private.h"

#define LIFE_S  (12 * 3600) /* RFC 8292: at most a day */
#define RENEW_S 3600        /* left of it */
#define HALF    32          /* of a signature */
#define DER_MAX 80

static void put_base64url(struct buf *out, struct str bytes)
{
    char *at = buf_reserve(out, BASE64URL_SIZE(bytes.n));
    if (at) buf_commit(out, base64url_encode(at, bytes.at, bytes.n));
}

/* ES256: r and s side by side (RFC 7518, 3.4). */
static int sign(EVP_PKEY *key, struct str text, unsigned char signature[2 * HALF])
{
    unsigned char der[DER_MAX];
    const unsigned char *at = der;
    size_t n = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool made = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(context, der, &n, (const unsigned char *)text.at, text.n) == 1;
    EVP_MD_CTX_free(context);
    ECDSA_SIG *parts = made ? d2i_ECDSA_SIG(NULL, &at, (long)n) : NULL;
    bool done = parts && BN_bn2binpad(ECDSA_SIG_get0_r(parts), signature, HALF) == HALF &&
                BN_bn2binpad(ECDSA_SIG_get0_s(parts), signature + HALF, HALF) == HALF;
    ECDSA_SIG_free(parts);
    return done ? 0 : -1;
}

static int token_sign(struct push *push, struct str gateway, int64_t until_s, struct buf *out)
{
    unsigned char signature[2 * HALF];
    char claims[PUSH_GATEWAY_MAX + 400];
    int n = snprintf(claims, sizeof claims,
                     "{\"aud\":\"https://" STR_FMT "\",\"exp\":%lld,\"sub\":\"" STR_FMT "\"}",
                     STR_ARG(gateway), (long long)until_s, STR_ARG(push->contact));
    if (n < 0 || (size_t)n >= sizeof claims) return -1;
    buf_str(out, STR("vapid t="));
    size_t begin = out->n;
    put_base64url(out, STR("{\"typ\":\"JWT\",\"alg\":\"ES256\"}"));
    buf_putc(out, '.');
    put_base64url(out, str_of(claims, (size_t)n));
    if (out->failed || sign(push->key, str_of(out->at + begin, out->n - begin), signature)) return -1;
    buf_putc(out, '.');
    put_base64url(out, str_of((const char *)signature, sizeof signature));
    buf_printf(out, ", k=%s", push->public_key);
    return out->failed ? -1 : 0;
}

static struct push_token *token_of(struct push *push, struct str gateway)
{
    for (unsigned i = 0; i < TOKENS; i++)
        if (str_eq(str_c(push->tokens[i].gateway), gateway)) return &push->tokens[i];
    struct push_token *token = &push->tokens[push->next_token++ % TOKENS];
    memcpy(token->gateway, gateway.at, gateway.n);
    token->gateway[gateway.n] = '\0';
    token->until_s = 0;
    return token;
}

int push_authorize(struct push *push, struct str gateway, int64_t now_s, struct buf *out)
{
    if (gateway.n == 0 || gateway.n > PUSH_GATEWAY_MAX) return -1;
    struct push_token *token = token_of(push, gateway);
    if (token->until_s < now_s + RENEW_S || token->until_s > now_s + LIFE_S) {
        buf_reset(&token->header);
        token->until_s = 0;
        if (token_sign(push, gateway, now_s + LIFE_S, &token->header)) return -1;
        token->until_s = now_s + LIFE_S;
    }
    buf_str(out, buf_view(&token->header));
    return out->failed ? -1 : 0;
}
