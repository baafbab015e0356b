/* Readings: schools' systems write them in hiragana, katakana or half-width katakana. */
#include "roster/roster_private.h"

#define HALF_FIRST 0xff66
#define HALF_LAST  0xff9d
#define VOICED     0xff9e /* half-width ﾞ, and the combining one */
#define SEMIVOICED 0xff9f

/* What half-width kana are in full width, U+FF66 .. U+FF9D. */
static const uint16_t full[] = {
    0x30f2, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2,
    0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9,
    0x30bb, 0x30bd, 0x30bf, 0x30c1, 0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce,
    0x30cf, 0x30d2, 0x30d5, 0x30d8, 0x30db, 0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6,
    0x30e8, 0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3,
};

static void put(struct buf *out, int32_t c)
{
    char at[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = n; i-- > 1; c >>= 6) at[i] = (char)(0x80 | (c & 0x3f));
    at[0] = (char)(lead[n] | c);
    buf_append(out, at, n);
}

static int32_t peek(struct str rest)
{
    return utf8_next(&rest);
}

/* The letter with the mark that follows it, or 0: か゛ is が. Katakana. */
static int32_t marked(int32_t c, int32_t mark)
{
    bool voiced = mark == VOICED || mark == 0x3099, semi = mark == SEMIVOICED || mark == 0x309a;
    bool ha = c >= 0x30cf && c <= 0x30db && (c - 0x30cf) % 3 == 0;
    if (ha && (voiced || semi)) return c + (voiced ? 1 : 2);
    if (!voiced) return 0;
    if (c == 0x30a6) return 0x30f4;
    if (c >= 0x30ab && c <= 0x30c1 && (c - 0x30ab) % 2 == 0) return c + 1;
    return c == 0x30c4 || c == 0x30c6 || c == 0x30c8 ? c + 1 : 0;
}

/* The next letter as full-width katakana, its mark with it; what is no kana stays. */
static int32_t next_letter(struct str *rest)
{
    int32_t c = utf8_next(rest);
    if (c >= HALF_FIRST && c <= HALF_LAST) c = full[c - HALF_FIRST];
    if (c == 0xff65) c = 0x30fb;
    if (c >= 0x3041 && c <= 0x3096) c += 0x60;
    int32_t both = rest->n ? marked(c, peek(*rest)) : 0;
    if (!both) return c;
    utf8_next(rest);
    return both;
}

void kana_hiragana(struct buf *out, struct str from)
{
    while (from.n) {
        int32_t c = next_letter(&from);
        put(out, c >= 0x30a1 && c <= 0x30f6 ? c - 0x60 : c);
    }
}

void kana_katakana(struct buf *out, struct str from)
{
    while (from.n) put(out, next_letter(&from));
}
