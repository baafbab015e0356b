/* Arguments -> PostgreSQL's binary forms (src/backend/utils/adt/: xxx_recv). */
#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "codec/enc.h"
#include "db/args.h"
#include "db/wire.h"

#define US_PER_S  1000000ll
#define DAY_S     86400ll
#define ARRAY_MAX (512u << 20)

static enum err cell_copy(struct arena *arena, const char *bytes, size_t n, struct cell *ret)
{
    char *at = n > INT_MAX ? NULL : arena_alloc(arena, n);

    if (n > INT_MAX) return ERR_TOO_BIG;
    if (!at) return ERR_NOMEM;
    if (n) memcpy(at, bytes, n);
    *ret = (struct cell){ at, (int)n };
    return ERR_NONE;
}

static enum err cell_int(struct arena *arena, int64_t value, int size, struct cell *ret)
{
    char bytes[8];

    if (size == 2) {
        if (value < INT16_MIN || value > INT16_MAX) return ERR_INVALID;
        wire_put16(bytes, (uint16_t)value);
    } else if (size == 4) {
        if (value < INT32_MIN || value > INT32_MAX) return ERR_INVALID;
        wire_put32(bytes, (uint32_t)value);
    } else {
        wire_put64(bytes, (uint64_t)value);
    }
    return cell_copy(arena, bytes, (size_t)size, ret);
}

/* n digits from *s; false when there are fewer. */
static bool digits(struct str *s, unsigned n, unsigned *ret)
{
    unsigned v = 0;

    if (s->n < n) return false;
    for (unsigned i = 0; i < n; i++) {
        if (s->at[i] < '0' || s->at[i] > '9') return false;
        v = v * 10 + (unsigned)(s->at[i] - '0');
    }
    *s = str_of(s->at + n, s->n - n);
    *ret = v;
    return true;
}

static bool take(struct str *s, char c)
{
    if (!s->n || s->at[0] != c) return false;
    *s = str_of(s->at + 1, s->n - 1);
    return true;
}

static bool parse_date(struct str *s, int64_t *ret_days)
{
    static const unsigned char lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    unsigned y, m, d;

    if (!digits(s, 4, &y) || !take(s, '-') || !digits(s, 2, &m) || !take(s, '-') || !digits(s, 2, &d))
        return false;
    if (!y || m < 1 || m > 12 || d < 1 || d > lengths[m - 1]) return false;
    if (m == 2 && d == 29 && (y % 4 || (y % 100 == 0 && y % 400))) return false;
    *ret_days = pgtype_days(y, m, d);
    return true;
}

/* HH:MM[:SS[.fraction]] -> microseconds */
static bool parse_time(struct str *s, int64_t *ret_us)
{
    unsigned h, m, sec = 0, digit, us = 0;

    if (!digits(s, 2, &h) || !take(s, ':') || !digits(s, 2, &m)) return false;
    if (take(s, ':') && !digits(s, 2, &sec)) return false;
    if (h > 23 || m > 59 || sec > 59) return false;
    if (take(s, '.')) {
        unsigned scale = 100000;
        if (!digits(s, 1, &digit)) return false;
        do {
            us += digit * scale;
            scale /= 10;
        } while (digits(s, 1, &digit));
    }
    *ret_us = ((h * 60ll + m) * 60 + sec) * US_PER_S + us;
    return true;
}

/* RFC 3339 -> microseconds since 1970 in UTC */
static bool parse_instant(struct str s, int64_t *ret_us)
{
    int64_t days, us, offset = 0;
    unsigned h, m;
    bool minus;

    if (!parse_date(&s, &days) || !(take(&s, 'T') || take(&s, ' ') || take(&s, 't')) || !parse_time(&s, &us))
        return false;
    if (!take(&s, 'Z') && !take(&s, 'z')) {
        minus = take(&s, '-');
        if (!minus && !take(&s, '+')) return false;
        if (!digits(&s, 2, &h) || !take(&s, ':') || !digits(&s, 2, &m) || h > 23 || m > 59) return false;
        offset = (h * 60ll + m) * 60 * US_PER_S * (minus ? -1 : 1);
    }
    *ret_us = days * DAY_S * US_PER_S + us - offset;
    return s.n == 0;
}

static enum err encode_date(const struct arg *arg, struct arena *arena, struct cell *ret)
{
    int64_t days;
    struct str s;

    if (arg->kind == ARG_I64) {
        days = arg->i;
    } else {
        if (arg->kind != ARG_TEXT) return ERR_INVALID;
        s = arg->s;
        if (!parse_date(&s, &days) || s.n) return ERR_INVALID;
    }
    if (days < -1000000 || days > 10000000) return ERR_INVALID;
    return cell_int(arena, days - PG_EPOCH_DAYS, 4, ret);
}

static enum err encode_time(const struct arg *arg, struct arena *arena, struct cell *ret)
{
    int64_t us;
    struct str s;

    if (arg->kind == ARG_I64) {
        if (arg->i < 0 || arg->i >= 1440) return ERR_INVALID;
        us = arg->i * 60 * US_PER_S;
    } else {
        if (arg->kind != ARG_TEXT) return ERR_INVALID;
        s = arg->s;
        if (!parse_time(&s, &us) || s.n) return ERR_INVALID;
    }
    return cell_int(arena, us, 8, ret);
}

static enum err encode_instant(const struct arg *arg, struct arena *arena, struct cell *ret)
{
    int64_t us;

    if (arg->kind == ARG_I64) {
        if (arg->i < -60000000000000ll || arg->i > 8000000000000000ll) return ERR_INVALID;
        us = arg->i * 1000;
    } else if (arg->kind != ARG_TEXT || !parse_instant(arg->s, &us)) {
        return ERR_INVALID;
    }
    return cell_int(arena, us - PG_EPOCH_US, 8, ret);
}

static enum err encode_uuid(const struct arg *arg, struct arena *arena, struct cell *ret)
{
    char hex[32], bytes[16];
    size_t n = 0, got = 0;

    if (arg->kind == ARG_BYTES) return arg->s.n == 16 ? cell_copy(arena, arg->s.at, 16, ret) : ERR_INVALID;
    if (arg->kind != ARG_TEXT || arg->s.n != 36) return ERR_INVALID;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash != (arg->s.at[i] == '-')) return ERR_INVALID;
        if (!dash) hex[n++] = arg->s.at[i];
    }
    if (!hex_decode(bytes, sizeof(bytes), str_of(hex, n), &got)) return ERR_INVALID;
    return cell_copy(arena, bytes, 16, ret);
}

static enum err encode_text(const struct arg *arg, struct arena *arena, struct cell *ret)
{
    if (arg->kind != ARG_TEXT || !utf8_valid(arg->s) || str_find(arg->s, '\0') >= 0) return ERR_INVALID;
    return cell_copy(arena, arg->s.at, arg->s.n, ret);
}

/* A list of numbers and texts, as JSON. */
static bool list_json(const struct arg *arg, struct enc *enc)
{
    enc_array(enc, arg->list.n);
    for (size_t i = 0; i < arg->list.n; i++) {
        const struct arg *item = &arg->list.items[i];
        if (item->kind == ARG_I64)
            enc_int(enc, item->i);
        else if (item->kind == ARG_TEXT)
            enc_text(enc, item->s);
        else
            return false;
    }
    enc_end(enc);
    return true;
}

static enum err encode_json_text(struct str text, struct arena *arena, struct cell *ret)
{
    char *at;

    if (text.n >= INT_MAX) return ERR_TOO_BIG;
    at = arena_alloc(arena, text.n + 1);
    if (!at) return ERR_NOMEM;
    at[0] = 1;
    memcpy(at + 1, text.at, text.n);
    *ret = (struct cell){ at, (int)text.n + 1 };
    return ERR_NONE;
}

/* A version byte, 1, then the JSON text. A list may stand here too: gathered statements have no arrays of
 * arrays. */
static enum err encode_jsonb(const struct arg *arg, struct arena *arena, struct cell *ret)
{
    struct buf out;
    struct enc enc;
    enum err err = ERR_INVALID;

    if (arg->kind == ARG_TEXT) return encode_json_text(arg->s, arena, ret);
    if (arg->kind != ARG_LIST) return ERR_INVALID;
    buf_init(&out, 1u << 20);
    enc_json(&enc, &out);
    if (list_json(arg, &enc)) err = out.failed ? ERR_NOMEM : encode_json_text(buf_view(&out), arena, ret);
    buf_done(&out);
    return err;
}

static enum err encode_scalar(const struct arg *arg, uint32_t type, struct arena *arena, struct cell *ret)
{
    if (arg->kind == ARG_NULL) {
        *ret = (struct cell){ 0 };
        return ERR_NONE;
    }
    switch (type) {
    case PG_INT8: return arg->kind == ARG_I64 ? cell_int(arena, arg->i, 8, ret) : ERR_INVALID;
    case PG_INT4: return arg->kind == ARG_I64 ? cell_int(arena, arg->i, 4, ret) : ERR_INVALID;
    case PG_INT2: return arg->kind == ARG_I64 ? cell_int(arena, arg->i, 2, ret) : ERR_INVALID;
    case PG_BOOL: return arg->kind == ARG_BOOL ? cell_copy(arena, arg->b ? "\1" : "\0", 1, ret) : ERR_INVALID;
    case PG_TEXT: return encode_text(arg, arena, ret);
    case PG_DATE: return encode_date(arg, arena, ret);
    case PG_TIME: return encode_time(arg, arena, ret);
    case PG_TIMESTAMPTZ: return encode_instant(arg, arena, ret);
    case PG_UUID: return encode_uuid(arg, arena, ret);
    case PG_JSONB: return encode_jsonb(arg, arena, ret);
    case PG_BYTEA:
        if (arg->kind != ARG_BYTES && arg->kind != ARG_TEXT) return ERR_INVALID;
        return cell_copy(arena, arg->s.at, arg->s.n, ret);
    default: return ERR_UNSUPPORTED;
    }
}

enum err arg_encode(const struct arg *arg, uint32_t type, bool array, struct arena *arena,
                    struct cell *ret_cell)
{
    struct cell *cells;
    enum err err;

    if (!array) return encode_scalar(arg, type, arena, ret_cell);
    if (arg->kind == ARG_NULL) {
        *ret_cell = (struct cell){ 0 };
        return ERR_NONE;
    }
    if (arg->kind != ARG_LIST) return ERR_INVALID;
    cells = arena_array(arena, arg->list.n, sizeof(*cells));
    if (!cells) return ERR_NOMEM;
    for (size_t i = 0; i < arg->list.n; i++) {
        err = encode_scalar(&arg->list.items[i], type, arena, &cells[i]);
        if (err) return err;
    }
    return array_encode(type, cells, arg->list.n, 1, arena, ret_cell);
}

enum err array_encode(uint32_t element_type, const struct cell *cells, size_t n, size_t stride,
                      struct arena *arena, struct cell *ret_cell)
{
    size_t size = 12 + (n ? 8 : 0);
    bool nulls = false;
    char *start, *at;

    for (size_t i = 0; i < n; i++) {
        const struct cell *c = &cells[i * stride];
        size += 4 + (c->at ? (size_t)c->n : 0);
        nulls = nulls || !c->at;
    }
    if (size > ARRAY_MAX) return ERR_TOO_BIG;
    start = at = arena_alloc(arena, size);
    if (!start) return ERR_NOMEM;
    at = wire_put32(at, n ? 1 : 0);
    at = wire_put32(at, nulls);
    at = wire_put32(at, element_type);
    if (n) {
        at = wire_put32(at, (uint32_t)n);
        at = wire_put32(at, 1);
    }
    for (size_t i = 0; i < n; i++) {
        const struct cell *c = &cells[i * stride];
        at = wire_put32(at, c->at ? (uint32_t)c->n : UINT32_MAX);
        if (!c->at) continue;
        memcpy(at, c->at, (size_t)c->n);
        at += c->n;
    }
    *ret_cell = (struct cell){ start, (int)size };
    return ERR_NONE;
}
