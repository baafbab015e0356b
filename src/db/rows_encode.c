/* Binary results -> JSON, msgpack, CSV, by column type (src/backend/utils/adt/: xxx_send). */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "codec/dec.h"
#include "codec/enc.h"
#include "db/pgtype.h"
#include "db/rows.h"
#include "db/wire.h"

#define US_PER_S 1000000ll
#define JST_US   (9ll * 3600 * US_PER_S) /* Japan has one offset and no summer time */

static char *two(char *at, unsigned v)
{
    at[0] = (char)('0' + v / 10 % 10);
    at[1] = (char)('0' + v % 10);
    return at + 2;
}

static char *put_date(char *at, int64_t days)
{
    int64_t year;
    unsigned month, day;

    pgtype_civil(days, &year, &month, &day);
    if (year < 0 || year > 9999) return NULL;
    at = two(two(at, (unsigned)year / 100), (unsigned)year % 100);
    *at++ = '-';
    at = two(at, month);
    *at++ = '-';
    return two(at, day);
}

static void encode_date(struct str b, struct enc *enc)
{
    char text[16];
    char *end = put_date(text, (int64_t)(int32_t)wire_get32(b.at) + PG_EPOCH_DAYS);

    if (end)
        enc_str(enc, text, (size_t)(end - text));
    else
        enc_null(enc);
}

static void encode_time(struct str b, struct enc *enc)
{
    int64_t s = (int64_t)wire_get64(b.at) / US_PER_S;
    char text[16], *at = two(text, (unsigned)(s / 3600));

    *at++ = ':';
    at = two(at, (unsigned)(s / 60 % 60));
    if (s % 60) {
        *at++ = ':';
        at = two(at, (unsigned)(s % 60));
    }
    enc_str(enc, text, (size_t)(at - text));
}

static void encode_instant(struct str b, struct enc *enc)
{
    int64_t us = (int64_t)wire_get64(b.at), day, rest;
    char text[40], *at;

    if (us == INT64_MAX || us == INT64_MIN) {
        enc_null(enc);
        return;
    }
    us += JST_US;
    day = us / (86400 * US_PER_S);
    rest = us % (86400 * US_PER_S);
    if (rest < 0) rest += 86400 * US_PER_S, day--;
    at = put_date(text, day + PG_EPOCH_DAYS);
    if (!at) {
        enc_null(enc);
        return;
    }
    unsigned s = (unsigned)(rest / US_PER_S), ms = (unsigned)(rest / 1000 % 1000);
    *at++ = 'T';
    at = two(at, s / 3600);
    *at++ = ':';
    at = two(at, s / 60 % 60);
    *at++ = ':';
    at = two(at, s % 60);
    if (ms) {
        *at++ = '.';
        *at++ = (char)('0' + ms / 100);
        at = two(at, ms % 100);
    }
    memcpy(at, "+09:00", 6);
    enc_str(enc, text, (size_t)(at + 6 - text));
}

static void encode_uuid(struct str b, struct enc *enc)
{
    char hex[32], text[36];
    size_t to = 0;

    hex_encode(hex, b.at, 16);
    for (size_t i = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20) text[to++] = '-';
        text[to++] = hex[i];
    }
    enc_str(enc, text, sizeof(text));
}

/* Base-10000 digits: count, weight of the first, sign, decimals to show. */
static void encode_numeric(struct str b, struct enc *enc)
{
    int n, weight, scale, sign;
    struct buf text;

    if (b.n < 8 || (wire_get16(b.at + 4) & 0x8000u) || b.n < 8 + 2u * wire_get16(b.at)) {
        enc_null(enc); /* NaN, infinities */
        return;
    }
    n = wire_get16(b.at);
    weight = (int16_t)wire_get16(b.at + 2);
    sign = wire_get16(b.at + 4);
    scale = wire_get16(b.at + 6) & 0x3fff;
    buf_init(&text, 0);
    if (sign) buf_putc(&text, '-');
    if (weight < 0) buf_putc(&text, '0');
    for (int i = 0; i <= weight; i++)
        buf_printf(&text, i ? "%04u" : "%u", i < n ? wire_get16(b.at + 8 + 2 * i) : 0u);
    if (scale) {
        size_t point = text.n;
        buf_putc(&text, '.');
        for (int shown = 0, i = weight + 1; shown < scale; shown += 4, i++)
            buf_printf(&text, "%04u", i >= 0 && i < n ? wire_get16(b.at + 8 + 2 * i) : 0u);
        if (!text.failed) text.n = point + 1 + (size_t)scale;
    }
    buf_putc(&text, '\0');
    int64_t whole;
    if (text.failed)
        enc->out->failed = true;
    else if (!scale && str_to_i64(str_of(text.at, text.n - 1), &whole))
        enc_int(enc, whole);
    else if (enc->ops->format == ENC_MSGPACK)
        enc_f64(enc, strtod(text.at, NULL));
    else
        enc_raw(enc, text.at, text.n - 1);
    buf_done(&text);
}

/* Embedded as it is in JSON; a tree of its own in msgpack. */
static void encode_json(struct str text, struct enc *enc)
{
    struct arena arena;
    struct value value;
    char *wrapped;

    if (enc->ops->format == ENC_JSON) {
        enc_raw(enc, text.at, text.n);
        return;
    }
    if (enc->ops->format != ENC_MSGPACK) {
        enc_str(enc, text.at, text.n);
        return;
    }
    arena_init(&arena, 0);
    wrapped =
        arena_printf(&arena, "[" STR_FMT "]", STR_ARG(text)); /* the decoder wants an array or an object */
    if (!wrapped)
        enc->out->failed = true;
    else if (dec_json(&arena, wrapped, text.n + 2, &value, NULL))
        enc_null(enc);
    else
        enc_value(enc, value_at(&value, 0));
    arena_done(&arena);
}

static void encode_bytea(struct str b, struct enc *enc)
{
    struct buf text;
    char *at;

    buf_init(&text, 0);
    at = buf_reserve(&text, BASE64_SIZE(b.n) + 1);
    if (at)
        enc_str(enc, at, base64_encode(at, b.at, b.n));
    else
        enc->out->failed = true;
    buf_done(&text);
}

static void encode_float(struct str b, struct enc *enc)
{
    if (b.n == 8) {
        uint64_t bits = wire_get64(b.at);
        double d;
        memcpy(&d, &bits, sizeof(d));
        enc_f64(enc, d);
        return;
    }
    uint32_t bits = wire_get32(b.at);
    float f;
    char text[32];
    memcpy(&f, &bits, sizeof(f));
    snprintf(text, sizeof(text), "%.9g", (double)f);
    for (int digits = 6; digits < 9; digits++) { /* the shortest that reads back the same */
        char shorter[32];
        snprintf(shorter, sizeof(shorter), "%.*g", digits, (double)f);
        if (strtof(shorter, NULL) < f || strtof(shorter, NULL) > f) continue;
        memcpy(text, shorter, sizeof(text));
        break;
    }
    enc_f64(enc, strtod(text, NULL));
}

static size_t fixed_size(uint32_t type)
{
    switch (type) {
    case PG_BOOL: return 1;
    case PG_INT2: return 2;
    case PG_INT4:
    case PG_FLOAT4:
    case PG_DATE: return 4;
    case PG_INT8:
    case PG_FLOAT8:
    case PG_TIME:
    case PG_TIMESTAMPTZ: return 8;
    case PG_UUID: return 16;
    default: return 0;
    }
}

static void encode_scalar(uint32_t type, struct str b, struct enc *enc)
{
    size_t fixed = fixed_size(type);

    if (!b.at || (fixed && b.n != fixed)) {
        enc_null(enc);
        return;
    }
    switch (type) {
    case PG_BOOL: enc_bool(enc, b.at[0] != 0); return;
    case PG_INT2: enc_int(enc, (int16_t)wire_get16(b.at)); return;
    case PG_INT4: enc_int(enc, (int32_t)wire_get32(b.at)); return;
    case PG_INT8: enc_int(enc, (int64_t)wire_get64(b.at)); return;
    case PG_FLOAT4:
    case PG_FLOAT8: encode_float(b, enc); return;
    case PG_NUMERIC: encode_numeric(b, enc); return;
    case PG_TEXT:
    case PG_VARCHAR:
    case PG_BPCHAR:
    case PG_NAME: enc_str(enc, b.at, b.n); return;
    case PG_DATE: encode_date(b, enc); return;
    case PG_TIME: encode_time(b, enc); return;
    case PG_TIMESTAMPTZ: encode_instant(b, enc); return;
    case PG_UUID: encode_uuid(b, enc); return;
    case PG_JSON: encode_json(b, enc); return;
    case PG_JSONB: encode_json(str_of(b.at + 1, b.n ? b.n - 1 : 0), enc); return;
    case PG_BYTEA: encode_bytea(b, enc); return;
    default: enc_null(enc);
    }
}

/* One dimension; what has more is null (no statement of ours gives it). */
static void encode_array(struct str b, struct enc *enc)
{
    uint32_t dims = b.n >= 12 ? wire_get32(b.at) : 2, n = dims == 1 && b.n >= 20 ? wire_get32(b.at + 12) : 0;
    size_t at = 20;

    if (dims > 1 || n > b.n / 4) {
        enc_null(enc);
        return;
    }
    enc_array(enc, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t size = at + 4 <= b.n ? wire_get32(b.at + at) : UINT32_MAX;
        at += 4;
        if (size > b.n || at + size > b.n) {
            enc_null(enc);
            continue;
        }
        encode_scalar(wire_get32(b.at + 8), str_of(b.at + at, size), enc);
        at += size;
    }
    enc_end(enc);
}

void rows_encode_cell(struct rows rows, int row, int column, struct enc *enc)
{
    struct str b = rows_bytes(rows, row, column);
    uint32_t type = rows_type(rows, column);

    if (b.at && pgtype_element(type))
        encode_array(b, enc);
    else
        encode_scalar(type, b, enc);
}

static bool skipped(const char *skip, const char *name)
{
    struct str rest = str_c(skip);

    while (rest.at)
        if (str_eq(str_cut(rest, ',', &rest), str_c(name))) return true;
    return false;
}

/* Which columns are written: found once per result, not once per row. */
struct columns {
    int total, kept;
    unsigned char keep[512];
};

static void columns_choose(struct rows rows, const char *skip, struct columns *ret)
{
    ret->total = rows_columns(rows);
    if (ret->total > (int)sizeof(ret->keep)) ret->total = (int)sizeof(ret->keep);
    ret->kept = 0;
    for (int i = 0; i < ret->total; i++) {
        ret->keep[i] = !skipped(skip, PQfname(rows.result, i));
        ret->kept += ret->keep[i];
    }
}

static void encode_one(struct rows rows, int row, const struct columns *columns, struct enc *enc)
{
    enc_map(enc, (size_t)columns->kept);
    for (int i = 0; i < columns->total; i++) {
        const char *name;
        if (!columns->keep[i]) continue;
        name = PQfname(rows.result, i);
        enc_key(enc, name, strlen(name));
        rows_encode_cell(rows, row, i, enc);
    }
    enc_end(enc);
}

void rows_encode_row(struct rows rows, int row, const char *skip, struct enc *enc)
{
    struct columns columns;

    columns_choose(rows, skip, &columns);
    encode_one(rows, row, &columns, enc);
}

void rows_encode(struct rows rows, const char *skip, struct enc *enc)
{
    struct columns columns;

    columns_choose(rows, skip, &columns);
    enc_array(enc, (size_t)rows.count);
    for (int i = 0; i < rows.count; i++) encode_one(rows, i, &columns, enc);
    enc_end(enc);
}
