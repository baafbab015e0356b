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

struct str network_sha256(struct arena *arena, struct str peer)
{
    unsigned char address[16], hash[crypto_hash_sha256_BYTES];
    char text[INET6_ADDRSTRLEN] = "";
    struct str network = peer;
    if (peer.n < sizeof text) memcpy(text, peer.at, peer.n);
    if (inet_pton(AF_INET, text, address) == 1)
        network = str_of((const char *)address, 4);
    else if (inet_pton(AF_INET6, text, address) == 1)
        network = is_mapped(address) ? str_of((const char *)address + 12, 4)
                                     : str_of((const char *)address, PREFIX_BYTES);
    crypto_hash_sha256(hash, (const unsigned char *)network.at, network.n);
    return arena_dup(arena, str_of((const char *)hash, sizeof hash));
}
