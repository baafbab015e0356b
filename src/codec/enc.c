/* What the formats share: counts, nesting, failure. */
#include "codec/enc.h"

#include "base/check.h"
#include "codec/value.h"

static void enc_start(struct enc *e, const struct enc_ops *ops, struct buf *out)
{
    e->ops = ops;
    e->out = out;
    e->depth = 0;
    e->lost = 0;
}

void enc_json(struct enc *e, struct buf *out)
{
    enc_start(e, &enc_json_ops, out);
}

void enc_msgpack(struct enc *e, struct buf *out)
{
    enc_start(e, &enc_msgpack_ops, out);
}

void enc_csv(struct enc *e, struct buf *out, bool bom)
{
    enc_start(e, &enc_csv_ops, out);
    if (bom) buf_append(out, "\xef\xbb\xbf", 3);
}

void enc_init(struct enc *e, enum enc_format format, struct buf *out)
{
    switch (format) {
    case ENC_JSON: enc_json(e, out); break;
    case ENC_MSGPACK: enc_msgpack(e, out); break;
    case ENC_CSV: enc_csv(e, out, false); break;
    case ENC_CSV_BOM: enc_csv(e, out, true); break;
    }
}

const char *enc_type(enum enc_format format)
{
    if (format == ENC_JSON) return enc_json_ops.type;
    return format == ENC_MSGPACK ? enc_msgpack_ops.type : enc_csv_ops.type;
}

static bool writable(const struct enc *e)
{
    return e->lost == 0 && !e->out->failed;
}

static void separate(struct enc *e, struct enc_level *in)
{
    if (e->ops->separate && writable(e)) e->ops->separate(e, in);
    in->first = false;
}

/* Counts one value; true when it is to be written. Counting goes on after a failure, so that a wrong count is
 * found on every path. */
static bool value_begin(struct enc *e)
{
    struct enc_level *in = e->depth ? &e->levels[e->depth - 1] : NULL;

    if (e->lost) return false;
    if (in) {
        CHECK(in->left > 0 && in->map == in->keyed);
        in->left--;
        if (!in->map) separate(e, in);
        in->keyed = false;
    }
    return writable(e);
}

static void level_push(struct enc *e, size_t n, bool map)
{
    if (e->lost || e->depth == ENC_MAX_DEPTH) {
        e->lost++;
        e->out->failed = true;
        return;
    }
    e->levels[e->depth++] = (struct enc_level){ .left = n, .map = map, .first = true };
}

void enc_map(struct enc *e, size_t n)
{
    if (value_begin(e)) e->ops->map(e, n);
    level_push(e, n, true);
}

void enc_array(struct enc *e, size_t n)
{
    if (value_begin(e)) e->ops->array(e, n);
    level_push(e, n, false);
}

void enc_end(struct enc *e)
{
    const struct enc_level *in;

    if (e->lost) {
        e->lost--;
        return;
    }
    CHECK(e->depth > 0);
    in = &e->levels[--e->depth];
    CHECK(in->left == 0 && !in->keyed);
    if (writable(e)) e->ops->end(e, in->map);
}

void enc_key(struct enc *e, const char *name, size_t n)
{
    struct enc_level *in = e->depth ? &e->levels[e->depth - 1] : NULL;

    if (e->lost) return;
    CHECK(in && in->map && !in->keyed && in->left > 0);
    separate(e, in);
    in->keyed = true;
    if (e->ops->key && writable(e)) e->ops->key(e, str_of(name, n));
}

void enc_str(struct enc *e, const char *at, size_t n)
{
    if (value_begin(e)) e->ops->str(e, str_of(at, n));
}

void enc_text(struct enc *e, struct str s)
{
    if (s.at)
        enc_str(e, s.at, s.n);
    else
        enc_null(e);
}

void enc_int(struct enc *e, int64_t i)
{
    if (value_begin(e)) e->ops->integer(e, i);
}

void enc_bool(struct enc *e, bool b)
{
    if (value_begin(e)) e->ops->boolean(e, b);
}

void enc_null(struct enc *e)
{
    if (value_begin(e)) e->ops->null(e);
}

void enc_f64(struct enc *e, double f)
{
    if (!value_begin(e)) return;
    if (__builtin_isfinite(f))
        e->ops->f64(e, f);
    else
        e->ops->null(e);
}

void enc_raw(struct enc *e, const void *bytes, size_t n)
{
    if (value_begin(e)) e->ops->raw(e, str_of(bytes, n));
}

static void enc_members(struct enc *e, const struct value_map *map)
{
    enc_map(e, map->n);
    for (size_t i = 0; i < map->n; i++) {
        enc_key(e, map->at[i].name.at, map->at[i].name.n);
        enc_value(e, &map->at[i].value);
    }
    enc_end(e);
}

static void enc_elements(struct enc *e, const struct value_array *array)
{
    enc_array(e, array->n);
    for (size_t i = 0; i < array->n; i++) enc_value(e, &array->at[i]);
    enc_end(e);
}

void enc_value(struct enc *e, const struct value *v)
{
    switch (v->kind) {
    case VALUE_NULL: enc_null(e); break;
    case VALUE_BOOL: enc_bool(e, v->boolean); break;
    case VALUE_INT: enc_int(e, v->integer); break;
    case VALUE_FLOAT: enc_f64(e, v->number); break;
    case VALUE_STR: enc_str(e, v->str.at, v->str.n); break;
    case VALUE_ARRAY: enc_elements(e, &v->array); break;
    case VALUE_MAP: enc_members(e, &v->map); break;
    }
}
