#include <arpa/inet.h>
#include <string.h>

#include "push/push_private.h"

#define HOST_MAX 253

/* ---- the text ---- */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* Labels with dots between them; the last one begins with a letter, so that it is no address. */
static bool is_host(struct str host)
{
    char before = '.';
    size_t last = 0;
    if (host.n == 0 || host.n > HOST_MAX) return false;
    for (size_t i = 0; i < host.n; before = host.at[i++]) {
        if (!is_name_char(host.at[i])) return false;
        if (host.at[i] == '.' && (before == '.' || before == '-')) return false;
        if (host.at[i] == '-' && before == '.') return false;
        if (host.at[i] == '.') last = i + 1;
    }
    return before != '.' && before != '-' && host.at[last] >= 'a' && host.at[last] <= 'z';
}

static bool port_parse(struct str text, uint16_t *ret_port)
{
    int64_t port;
    if (!str_to_i64(text, &port) || port < 1 || port > 65535 || port == 443) return false;
    *ret_port = (uint16_t)port;
    return true;
}

bool push_endpoint_parse(struct str url, struct push_endpoint *ret)
{
    const struct str scheme = STR("https://");
    struct str port;
    if (url.n > PUSH_ENDPOINT_MAX || !str_starts(url, scheme)) return false;
    for (size_t i = 0; i < url.n; i++)
        if (url.at[i] <= ' ' || url.at[i] > '~' || strchr("#\\\"<>^`{|}", url.at[i])) return false;
    struct str rest = str_of(url.at + scheme.n, url.n - scheme.n);
    ptrdiff_t slash = str_find(rest, '/');
    if (slash <= 0) return false;
    *ret = (struct push_endpoint){ .gateway = str_of(rest.at, (size_t)slash), .port = 443 };
    ret->host = str_cut(ret->gateway, ':', &port);
    return is_host(ret->host) && (!port.at || port_parse(port, &ret->port));
}

/* ---- who may be sent to ---- */

/* "*.push.example" is every name below it. */
static bool gateway_matches(struct str pattern, struct str gateway)
{
    if (!str_starts(pattern, STR("*."))) return str_eq(pattern, gateway);
    struct str suffix = str_of(pattern.at + 1, pattern.n - 1);
    return gateway.n > suffix.n && str_ends(gateway, suffix);
}

bool push_allows(const struct push *push, struct str url, struct str *ret_gateway)
{
    struct push_endpoint endpoint;
    if (!push || !push_endpoint_parse(url, &endpoint)) return false;
    *ret_gateway = endpoint.gateway;
    for (struct str rest = push->gateways; rest.at;)
        if (gateway_matches(str_trim(str_cut(rest, ',', &rest)), endpoint.gateway)) return true;
    return false;
}

/* ---- where it leads ---- */

/* IANA's registry of special purposes, as prefixes of an address in host order. */
static bool is_public_v4(uint32_t address)
{
    static const struct {
        uint32_t net;
        unsigned bits;
    } special[] = { { 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },
                    { 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0000200, 24 },
                    { 0xc0586300, 24 }, { 0xc0a80000, 16 }, { 0xc6120000, 15 }, { 0xc6336400, 24 },
                    { 0xcb007100, 24 }, { 0xe0000000, 3 } };
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if ((address ^ special[i].net) >> (32 - special[i].bits) == 0) return false;
    return true;
}

static uint32_t be32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Global unicast (2000::/3), without documentation, tunnels' ends and what holds an address of version 4 that
 * is not public. */
static bool is_public_v6(const unsigned char at[16])
{
    static const unsigned char nat64[12] = { 0, 0x64, 0xff, 0x9b };
    if (memcmp(at, nat64, sizeof nat64) == 0) return is_public_v4(be32(at + 12));
    if ((at[0] & 0xe0) != 0x20) return false;
    if (at[0] == 0x20 && at[1] == 0x01 && at[2] < 0x02) return false; /* 2001::/23, Teredo among them */
    if (be32(at) == 0x20010db8) return false;
    return at[0] != 0x20 || at[1] != 0x02; /* 6to4 */
}

bool push_allows_address(const struct push *push, const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (push->private_addresses) return true;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return is_public_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6) return false;
    memcpy(&v6, address, sizeof v6);
    return is_public_v6(v6.sin6_addr.s6_addr);
}
