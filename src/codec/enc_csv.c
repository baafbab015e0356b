/* CSV, RFC 4180, safe to open in a spreadsheet. */
#include "codec/enc_private.h"

enum { IN_FILE = 1, IN_ROW = 2 }; /* depths */

/* May a cell stand here? A file is an array of rows, nothing else. */
static bool in_row(struct enc *e)
{
    if (e->depth != IN_ROW) e->out->failed = true;
    return e->depth == IN_ROW;
}

static void csv_separate(struct enc *e, const struct enc_level *in)
{
    if (e->depth == IN_ROW && !in->first) buf_putc(e->out, ',');
}

static void csv_map(struct enc *e, size_t n)
{
    (void)n;
    if (e->depth != IN_FILE) e->out->failed = true;
}

static void csv_array(struct enc *e, size_t n)
{
    (void)n;
    if (e->depth > IN_FILE) e->out->failed = true;
}

static void csv_end(struct enc *e, bool map)
{
    (void)map;
    if (e->depth == IN_FILE) buf_append(e->out, "\r\n", 2);
}

static bool has_any(struct str s, const char *bytes)
{
    for (; *bytes; bytes++)
        if (str_find(s, *bytes) >= 0) return true;
    return false;
}

static void csv_quoted(struct buf *out, struct str s)
{
    while (s.at) {
        buf_str(out, str_cut(s, '"', &s));
        if (s.at) buf_append(out, "\"\"", 2);
    }
}

static void csv_str(struct enc *e, struct str s)
{
    bool runs = s.n && has_any(str_of(s.at, 1), "=+-@\t\r"), quote = has_any(s, "\",\r\n");

    if (!in_row(e)) return;
    if (quote) buf_putc(e->out, '"');
    if (runs) buf_putc(e->out, '\'');
    csv_quoted(e->out, s);
    if (quote) buf_putc(e->out, '"');
}

static void csv_integer(struct enc *e, int64_t i)
{
    if (in_row(e)) buf_i64(e->out, i);
}

static void csv_boolean(struct enc *e, bool b)
{
    if (in_row(e)) buf_str(e->out, b ? STR("true") : STR("false"));
}

static void csv_null(struct enc *e)
{
    (void)in_row(e);
}

static void csv_f64(struct enc *e, double f)
{
    if (in_row(e)) enc_f64_text(e->out, f);
}

static void csv_raw(struct enc *e, struct str bytes)
{
    if (in_row(e)) buf_str(e->out, bytes);
}

const struct enc_ops enc_csv_ops = {
    .format = ENC_CSV,
    .type = "text/csv; charset=utf-8",
    .separate = csv_separate,
    .map = csv_map,
    .array = csv_array,
    .str = csv_str,
    .integer = csv_integer,
    .boolean = csv_boolean,
    .null = csv_null,
    .f64 = csv_f64,
    .raw = csv_raw,
    .end = csv_end,
};
