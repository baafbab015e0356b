#include "engine/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX 4096
#define NONCE    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG      crypto_aead_xchacha20poly1305_ietf_ABYTES

static const char context[crypto_kdf_CONTEXTBYTES + 1] = "todoke-1";

static int complain(char *reason, size_t size, const char *path, const char *why)
{
    snprintf(reason, size, "secret file %s: %s", path, why);
    return -1;
}

int secret_load(struct secret *secret, const char *path, char *reason, size_t size)
{
    unsigned char bytes[FILE_MAX];
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return complain(reason, size, path, strerror(errno));
    bool private = fstat(fd, &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    ssize_t n = private ? read(fd, bytes, sizeof bytes) : 0;
    close(fd);
    if (!private) return complain(reason, size, path, "others may read it: chmod 600");
    if (n < SECRET_BYTES)
        return complain(reason, size, path, "too short: 32 random bytes at least (head -c 32 /dev/urandom)");
    crypto_generichash(secret->master, sizeof secret->master, bytes, (size_t)n, NULL, 0);
    sodium_memzero(bytes, sizeof bytes);
    return 0;
}

static void key_derive(const struct secret *secret, enum purpose purpose, unsigned char key[SECRET_BYTES])
{
    crypto_kdf_derive_from_key(key, SECRET_BYTES, (uint64_t)purpose, context, secret->master);
}

struct str secret_seal(const struct secret *secret, enum purpose purpose, int64_t owner, struct str plain,
                       struct arena *arena)
{
    unsigned char key[SECRET_BYTES];
    unsigned long long n;
    unsigned char *out = arena_alloc(arena, NONCE + plain.n + TAG);
    if (!out) return (struct str){ 0 };
    key_derive(secret, purpose, key);
    randombytes_buf(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &n, (const unsigned char *)plain.at, plain.n,
                                               (const unsigned char *)&owner, sizeof owner, NULL, out, key);
    sodium_memzero(key, sizeof key);
    return str_of((const char *)out, NONCE + (size_t)n);
}

struct str secret_open(const struct secret *secret, enum purpose purpose, int64_t owner, struct str sealed,
                       struct arena *arena)
{
    unsigned char key[SECRET_BYTES];
    unsigned long long n = 0;
    const unsigned char *in = (const unsigned char *)sealed.at;
    if (sealed.n < NONCE + TAG) return (struct str){ 0 };
    unsigned char *out = arena_alloc(arena, sealed.n);
    if (!out) return (struct str){ 0 };
    key_derive(secret, purpose, key);
    int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, &n, NULL, in + NONCE, sealed.n - NONCE, (const unsigned char *)&owner, sizeof owner, in, key);
    sodium_memzero(key, sizeof key);
    return failed ? (struct str){ 0 } : str_of((const char *)out, (size_t)n);
}

void secret_mac(const struct secret *secret, enum purpose purpose, int64_t owner, struct str message,
                unsigned char ret[SECRET_MAC_BYTES])
{
    unsigned char key[SECRET_BYTES];
    crypto_generichash_state state;
    key_derive(secret, purpose, key);
    crypto_generichash_init(&state, key, sizeof key, SECRET_MAC_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)&owner, sizeof owner);
    crypto_generichash_update(&state, (const unsigned char *)message.at, message.n);
    crypto_generichash_final(&state, ret, SECRET_MAC_BYTES);
    sodium_memzero(key, sizeof key);
}
