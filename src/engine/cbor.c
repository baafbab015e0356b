#include "engine/cbor.h"

#include <stdint.h>

enum major {
    CBOR_UNSIGNED,
    CBOR_NEGATIVE,
    CBOR_BYTES,
    CBOR_TEXT,
    CBOR_ARRAY,
    CBOR_MAP,
    CBOR_TAG,
    CBOR_SIMPLE
};

static void skip(struct str *rest, size_t n)
{
    *rest = str_of(rest->at + n, rest->n - n);
}

/* An item's head: what it is, and its argument. */
static bool head_read(struct str *rest, unsigned *ret_major, uint64_t *ret_argument)
{
    if (rest->n == 0) return false;
    unsigned char first = (unsigned char)*rest->at;
    unsigned low = first & 31;
    size_t n = low < 24 ? 0 : (size_t)1 << (low - 24);
    skip(rest, 1);
    if (low > 27 || n > rest->n) return false;
    *ret_major = first >> 5;
    *ret_argument = n ? 0 : low;
    for (size_t i = 0; i < n; i++) *ret_argument = *ret_argument << 8 | (unsigned char)rest->at[i];
    skip(rest, n);
    return true;
}

static bool item_read(struct str *rest, unsigned depth)
{
    unsigned major;
    uint64_t argument, items = 0;
    if (!head_read(rest, &major, &argument)) return false;
    switch (major) {
    case CBOR_BYTES:
    case CBOR_TEXT:
        if (argument > rest->n) return false;
        skip(rest, (size_t)argument);
        return true;
    case CBOR_ARRAY: items = argument; break;
    case CBOR_MAP: items = argument > rest->n ? argument : 2 * argument; break;
    case CBOR_TAG: items = 1; break;
    default: return true;
    }
    if (items > rest->n || (items && depth == CBOR_DEPTH_MAX)) return false;
    for (; items; items--)
        if (!item_read(rest, depth + 1)) return false;
    return true;
}

bool cbor_is_honest(struct str bytes)
{
    while (bytes.n)
        if (!item_read(&bytes, 0)) return false;
    return true;
}
