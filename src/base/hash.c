/* SipHash-1-3: Aumasson, Bernstein, "SipHash: a fast short-input PRF"; one compression and three final
 * rounds, as Rust and Python use it for their tables. */
#include <sys/random.h>

#include "base/clock.h"
#include "base/map.h"

static uint64_t process_key[2];

__attribute__((constructor)) static void seed(void)
{
    if (getrandom(process_key, sizeof(process_key), GRND_NONBLOCK) == (ssize_t)sizeof(process_key)) return;
    process_key[0] = clock_now_ns() * 0x9e3779b97f4a7c15ull;
    process_key[1] = (uint64_t)(uintptr_t)&process_key ^ (uint64_t)clock_wall_ms();
}

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}

/* Little-endian, whatever the machine. */
static uint64_t load(const unsigned char *at, size_t n)
{
    uint64_t word = 0;

    for (size_t i = 0; i < n; i++) word |= (uint64_t)at[i] << (8 * i);
    return word;
}

uint64_t siphash13(const uint64_t key[2], const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    uint64_t v[4] = { key[0] ^ 0x736f6d6570736575ull, key[1] ^ 0x646f72616e646f6dull,
                      key[0] ^ 0x6c7967656e657261ull, key[1] ^ 0x7465646279746573ull };
    size_t whole = n / 8;

    for (size_t i = 0; i < whole; i++) sip_word(v, load(at + 8 * i, 8));
    sip_word(v, (n % 8 ? load(at + 8 * whole, n % 8) : 0) | (uint64_t)n << 56);
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t hash_bytes(const void *bytes, size_t n)
{
    return siphash13(process_key, bytes, n);
}
