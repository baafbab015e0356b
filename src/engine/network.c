#include "engine/network.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>

#define PREFIX_BYTES 8 /* of an IPv6 address: /64 */

static bool is_mapped(const unsigned char address[16])
{
    static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };
    return memcmp(address, prefix, sizeof prefix) == 0;
}

/* The bytes of an address, 4 or 16; 0: it is none. */
static size_t address_read(struct str text, unsigned char address[16])
{
    char line[INET6_ADDRSTRLEN] = "";
    if (text.n >= sizeof line) return 0;
    memcpy(line, text.at, text.n);
    if (inet_pton(AF_INET, line, address) == 1) return 4;
    if (inet_pton(AF_INET6, line, address) != 1) return 0;
    if (!is_mapped(address)) return 16;
    memmove(address, address + 12, 4);
    return 4;
}

static bool same_address(struct str a, struct str b)
{
    unsigned char x[16], y[16];
    size_t n = address_read(a, x);
    return n && n == address_read(b, y) && memcmp(x, y, n) == 0;
}

struct str client_address(const struct http_request *http, const char *trusted_proxy)
{
    unsigned char address[16];
    struct str last = { 0 };
    if (!trusted_proxy || !same_address(http->peer, str_c(trusted_proxy))) return http->peer;
    for (size_t i = 0; i < http->header_count; i++) {
        struct str rest = http->headers[i].value;
        if (!str_eq(http->headers[i].name, STR("x-forwarded-for"))) continue;
        while (rest.at) last = str_trim(str_cut(rest, ',', &rest));
    }
    return last.at && address_read(last, address) ? last : http->peer;
}

struct str network_sha256(struct arena *arena, struct str peer)
{
    unsigned char address[16], hash[crypto_hash_sha256_BYTES];
    size_t n = address_read(peer, address);
    struct str network = n ? str_of((const char *)address, n == 16 ? PREFIX_BYTES : n) : peer;
    crypto_hash_sha256(hash, (const unsigned char *)network.at, network.n);
    return arena_dup(arena, str_of((const char *)hash, sizeof hash));
}
