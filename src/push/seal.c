#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "push/push_private.h"

#define SALT        16
#define HASH        32
#define TAG         16
#define RECORD_SIZE 4096
#define PADDED      240 /* what is shorter looks like this */

/* HKDF (RFC 5869) in its two steps; no output is longer than one block. */
static int hmac(const unsigned char *key, size_t n_key, const unsigned char *data, size_t n,
                unsigned char out[HASH])
{
    unsigned size = HASH;
    return HMAC(EVP_sha256(), key, (int)n_key, data, n, out, &size) ? 0 : -1;
}

static int hkdf_expand(const unsigned char key[HASH], struct str info, unsigned char out[HASH])
{
    unsigned char data[160];
    if (info.n + 1 > sizeof data) return -1;
    memcpy(data, info.at, info.n);
    data[info.n] = 1;
    return hmac(key, HASH, data, info.n + 1, out);
}

static EVP_PKEY *peer_of(EVP_PKEY *sender, const unsigned char p256dh[PUSH_POINT])
{
    EVP_PKEY *peer = EVP_PKEY_new();
    if (peer && EVP_PKEY_copy_parameters(peer, sender) == 1 &&
        EVP_PKEY_set1_encoded_public_key(peer, p256dh, PUSH_POINT) == 1)
        return peer;
    EVP_PKEY_free(peer);
    return NULL;
}

static int ecdh(EVP_PKEY *sender, const unsigned char p256dh[PUSH_POINT], unsigned char shared[HASH])
{
    size_t n = HASH;
    EVP_PKEY *peer = peer_of(sender, p256dh);
    EVP_PKEY_CTX *context = peer ? EVP_PKEY_CTX_new(sender, NULL) : NULL;
    bool done = context && EVP_PKEY_derive_init(context) == 1 &&
                EVP_PKEY_derive_set_peer(context, peer) == 1 && EVP_PKEY_derive(context, shared, &n) == 1 &&
                n == HASH;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(peer);
    return done ? 0 : -1;
}

static int public_of(EVP_PKEY *key, unsigned char point[PUSH_POINT])
{
    unsigned char *encoded = NULL;
    size_t n = EVP_PKEY_get1_encoded_public_key(key, &encoded);
    if (n == PUSH_POINT) memcpy(point, encoded, PUSH_POINT);
    OPENSSL_free(encoded);
    return n == PUSH_POINT ? 0 : -1;
}

struct keys {
    unsigned char content[HASH], nonce[HASH]; /* 16 and 12 of them count */
};

/* RFC 8291, 3.4, then RFC 8188, 2.2 and 2.3. */
static int keys_derive(const unsigned char shared[HASH], const unsigned char salt[SALT],
                       const unsigned char p256dh[PUSH_POINT], const unsigned char auth[PUSH_AUTH],
                       const unsigned char sender[PUSH_POINT], struct keys *keys)
{
    char info[14 + 2 * PUSH_POINT];
    unsigned char pseudorandom[HASH], input[HASH];
    memcpy(info, "WebPush: info", 14);
    memcpy(info + 14, p256dh, PUSH_POINT);
    memcpy(info + 14 + PUSH_POINT, sender, PUSH_POINT);
    if (hmac(auth, PUSH_AUTH, shared, HASH, pseudorandom) ||
        hkdf_expand(pseudorandom, str_of(info, sizeof info), input) ||
        hmac(salt, SALT, input, HASH, pseudorandom))
        return -1;
    /* The zero byte at the end belongs to the names. */
    return hkdf_expand(pseudorandom, str_of("Content-Encoding: aes128gcm", 28), keys->content) ||
                   hkdf_expand(pseudorandom, str_of("Content-Encoding: nonce", 24), keys->nonce)
               ? -1
               : 0;
}

/* One record, the last: the text, a 2, and zeros. */
static int encrypt(const struct keys *keys, struct str plain, size_t padding, struct buf *out)
{
    static const unsigned char zeros[PADDED], end = 2;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    unsigned char *at = (unsigned char *)buf_reserve(out, plain.n + 1 + padding + TAG);
    int n = 0;
    size_t total = plain.n + 1 + padding;
    bool done = context && at &&
                EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, keys->content, keys->nonce) == 1 &&
                EVP_EncryptUpdate(context, at, &n, (const unsigned char *)plain.at, (int)plain.n) == 1 &&
                EVP_EncryptUpdate(context, at + plain.n, &n, &end, 1) == 1 &&
                EVP_EncryptUpdate(context, at + plain.n + 1, &n, zeros, (int)padding) == 1 &&
                EVP_EncryptFinal_ex(context, at + total, &n) == 1 &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG, at + total) == 1;
    EVP_CIPHER_CTX_free(context);
    if (!done) return -1;
    buf_commit(out, total + TAG);
    return 0;
}

int push_seal_with(EVP_PKEY *sender, const unsigned char salt[SALT], const unsigned char p256dh[PUSH_POINT],
                   const unsigned char auth[PUSH_AUTH], struct str plain, size_t padding, struct buf *out)
{
    static const unsigned char sizes[5] = { 0, 0, RECORD_SIZE >> 8, RECORD_SIZE & 255, PUSH_POINT };
    unsigned char shared[HASH], point[PUSH_POINT];
    struct keys keys;
    if (plain.n > PUSH_PLAIN_MAX || padding > PADDED || public_of(sender, point) ||
        ecdh(sender, p256dh, shared) || keys_derive(shared, salt, p256dh, auth, point, &keys))
        return -1;
    buf_append(out, salt, SALT);
    buf_append(out, sizes, sizeof sizes);
    buf_append(out, point, sizeof point);
    int rc = encrypt(&keys, plain, padding, out);
    OPENSSL_cleanse(&keys, sizeof keys);
    OPENSSL_cleanse(shared, sizeof shared);
    return rc || out->failed ? -1 : 0;
}

int push_seal(const unsigned char p256dh[PUSH_POINT], const unsigned char auth[PUSH_AUTH], struct str plain,
              struct buf *out)
{
    unsigned char salt[SALT];
    EVP_PKEY *sender = EVP_EC_gen("P-256");
    int rc = -1;
    if (sender && RAND_bytes(salt, SALT) == 1)
        rc = push_seal_with(sender, salt, p256dh, auth, plain, plain.n < PADDED ? PADDED - plain.n : 0, out);
    EVP_PKEY_free(sender);
    return rc;
}
