/* UTF-8, RFC 3629. */
#include "base/str.h"

enum { NO_LEAD = 9 };

/* The code point at `at` (its bytes in *ret_used), or -1: table 3-7 of the Unicode Standard. */
static int32_t decode(const unsigned char *at, size_t n, size_t *ret_used)
{
    unsigned char c = at[0], low = 0x80, high = 0xbf;
    size_t more = c < 0x80 ? 0 : c < 0xc2 ? NO_LEAD : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : NO_LEAD;
    int32_t cp = more == 0 ? c : c & (0x3f >> more);

    if (more == NO_LEAD || more >= n) return -1;
    if (c == 0xe0) low = 0xa0;
    if (c == 0xed) high = 0x9f;
    if (c == 0xf0) low = 0x90;
    if (c == 0xf4) high = 0x8f;
    for (size_t i = 1; i <= more; i++) {
        if (at[i] < low || at[i] > high) return -1;
        cp = cp << 6 | (at[i] & 0x3f);
        low = 0x80;
        high = 0xbf;
    }
    *ret_used = more + 1;
    return cp;
}

bool utf8_valid(struct str s)
{
    const unsigned char *at = (const unsigned char *)s.at;
    size_t i = 0, used;

    while (i < s.n) {
        uint64_t eight;

        if (s.n - i >= 8 && (memcpy(&eight, at + i, 8), !(eight & 0x8080808080808080ull))) {
            i += 8;
            continue;
        }
        if (decode(at + i, s.n - i, &used) < 0) return false;
        i += used;
    }
    return true;
}

size_t utf8_count(struct str s)
{
    size_t count = 0;

    for (size_t i = 0; i < s.n; i++) count += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return count;
}

int32_t utf8_next(struct str *s)
{
    size_t used;
    int32_t cp;

    if (s->n == 0 || (cp = decode((const unsigned char *)s->at, s->n, &used)) < 0) return -1;
    *s = str_of(s->at + used, s->n - used);
    return cp;
}

struct str utf8_prefix(struct str s, size_t n)
{
    if (n >= s.n) return s;
    while (n && ((unsigned char)s.at[n] & 0xc0) == 0x80) n--;
    return str_of(s.at, n);
}
