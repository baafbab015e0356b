/* JSON, RFC 8259. */
#include <stdio.h>
#include <stdlib.h>

#include "codec/enc_private.h"

/* How a byte is written in a string: 0 = as it is, 'u' = \u00XX, else backslash and this. */
static const char escapes[256] = {
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b',         't',           'n',          'u',
    'f', 'r', 'u', 'u', 'u', 'u', 'u', 'u', 'u',         'u',           'u',          'u',
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\', [0x7f] = 'u',
};

static void put_escape(struct buf *out, unsigned char c)
{
    char text[6] = { '\\', 'u', '0', '0', "0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15] };

    if (escapes[c] != 'u') text[1] = escapes[c];
    buf_append(out, text, escapes[c] == 'u' ? 6 : 2);
}

/* Does any of these eight bytes need an escape? The classic tests for "a byte below n" and "a byte that is
 * n". */
static bool any_escape(const char *at)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t x, quote, slash, del;

    memcpy(&x, at, 8);
    quote = x ^ ones * '"';
    slash = x ^ ones * '\\';
    del = x ^ ones * 0x7f;
    return (((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
            ((del - ones) & ~del)) &
           tops;
}

static size_t plain_run(const char *at, size_t n)
{
    size_t i = 0;

    while (n - i >= 8 && !any_escape(at + i)) i += 8;
    while (i < n && !escapes[(unsigned char)at[i]]) i++;
    return i;
}

/* A string without anything to escape, in one piece: nearly all are. */
static bool put_plain(struct buf *out, struct str s, const char *end, size_t end_n)
{
    char *to;

    if (plain_run(s.at, s.n) < s.n) return false;
    if (!(to = buf_reserve(out, 1 + s.n + end_n))) return true;
    *to = '"';
    if (s.n) memcpy(to + 1, s.at, s.n);
    memcpy(to + 1 + s.n, end, end_n);
    buf_commit(out, 1 + s.n + end_n);
    return true;
}

static void put_string(struct buf *out, struct str s)
{
    if (put_plain(out, s, "\"", 1)) return;
    buf_putc(out, '"');
    while (s.n) {
        size_t run = plain_run(s.at, s.n);

        buf_append(out, s.at, run);
        s = str_of(s.at + run, s.n - run);
        if (s.n == 0) break;
        put_escape(out, (unsigned char)*s.at);
        s = str_of(s.at + 1, s.n - 1);
    }
    buf_putc(out, '"');
}

static void json_separate(struct enc *e, const struct enc_level *in)
{
    if (!in->first) buf_putc(e->out, ',');
}

static void json_map(struct enc *e, size_t n)
{
    (void)n;
    buf_putc(e->out, '{');
}

static void json_array(struct enc *e, size_t n)
{
    (void)n;
    buf_putc(e->out, '[');
}

static void json_end(struct enc *e, bool map)
{
    buf_putc(e->out, map ? '}' : ']');
}

static void json_key(struct enc *e, struct str name)
{
    if (put_plain(e->out, name, "\":", 2)) return;
    put_string(e->out, name);
    buf_putc(e->out, ':');
}

static void json_str(struct enc *e, struct str s)
{
    put_string(e->out, s);
}

static void json_integer(struct enc *e, int64_t i)
{
    buf_i64(e->out, i);
}

static void json_boolean(struct enc *e, bool b)
{
    buf_str(e->out, b ? STR("true") : STR("false"));
}

static void json_null(struct enc *e)
{
    buf_append(e->out, "null", 4);
}

void enc_f64_text(struct buf *out, double f)
{
    char text[32];
    int n = 0;

    for (int precision = 15; precision <= 17; precision++) {
        n = snprintf(text, sizeof(text), "%.*g", precision, f);
        if (strtod(text, NULL) == f) break;
    }
    buf_append(out, text, (size_t)n);
}

static void json_f64(struct enc *e, double f)
{
    enc_f64_text(e->out, f);
}

static void json_raw(struct enc *e, struct str bytes)
{
    buf_str(e->out, bytes);
}

const struct enc_ops enc_json_ops = {
    .format = ENC_JSON,
    .type = "application/json",
    .separate = json_separate,
    .map = json_map,
    .key = json_key,
    .array = json_array,
    .str = json_str,
    .integer = json_integer,
    .boolean = json_boolean,
    .null = json_null,
    .f64 = json_f64,
    .raw = json_raw,
    .end = json_end,
};
