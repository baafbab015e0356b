/* Big-endian integers, as PostgreSQL's binary formats have them. Unaligned; the caller has checked the
 * lengths. */
#ifndef DB_WIRE_H
#define DB_WIRE_H

#include <stdint.h>

static inline uint16_t wire_get16(const char *at)
{
    const unsigned char *p = (const unsigned char *)at;

    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t wire_get32(const char *at)
{
    return (uint32_t)wire_get16(at) << 16 | wire_get16(at + 2);
}

static inline uint64_t wire_get64(const char *at)
{
    return (uint64_t)wire_get32(at) << 32 | wire_get32(at + 4);
}

static inline char *wire_put16(char *at, uint16_t v)
{
    at[0] = (char)(v >> 8);
    at[1] = (char)v;
    return at + 2;
}

static inline char *wire_put32(char *at, uint32_t v)
{
    return wire_put16(wire_put16(at, (uint16_t)(v >> 16)), (uint16_t)v);
}

static inline char *wire_put64(char *at, uint64_t v)
{
    return wire_put32(wire_put32(at, (uint32_t)(v >> 32)), (uint32_t)v);
}

#endif
