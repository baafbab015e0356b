// Incremental UTF-8: base/str.h checks whole strings, a message comes in pieces.
#include <string.h>

#include "net/ws_private.h"

// What the first byte says about those that follow: how many, and the bounds of the second one.
static bool utf8_lead(struct utf8_check *check, uint8_t byte)
{
    *check = (struct utf8_check){ 1, 0x80, 0xbf };
    if (byte >= 0xc2 && byte <= 0xdf) return true;
    check->need = 2;
    if (byte == 0xe0) check->low = 0xa0;
    if (byte == 0xed) check->high = 0x9f; // surrogates
    if (byte >= 0xe0 && byte <= 0xef) return true;
    check->need = 3;
    if (byte == 0xf0) check->low = 0x90;
    if (byte == 0xf4) check->high = 0x8f; // above U+10FFFF
    return byte >= 0xf0 && byte <= 0xf4;
}

bool utf8_feed(struct utf8_check *check, const uint8_t *bytes, size_t n)
{
    size_t i = 0;
    while (i < n) {
        if (check->need == 0) {
            uint64_t eight;
            while (n - i >= 8 && (memcpy(&eight, bytes + i, 8), (eight & 0x8080808080808080u) == 0)) i += 8;
            while (i < n && bytes[i] < 0x80) i++;
            if (i == n) return true;
            if (!utf8_lead(check, bytes[i++])) return false;
            continue;
        }
        if (bytes[i] < check->low || bytes[i] > check->high) return false;
        *check = (struct utf8_check){ check->need - 1, 0x80, 0xbf };
        i++;
    }
    return true;
}
