/* MessagePack, by msgpack-c's pack functions, which write through a callback. */
#include <msgpack.h>

#include "codec/enc.h"

static int pack_write(void *data, const char *bytes, size_t n)
{
    struct buf *out = data;

    buf_append(out, bytes, n);
    return out->failed ? -1 : 0;
}

static msgpack_packer packer(struct enc *e)
{
    return (msgpack_packer){ .data = e->out, .callback = pack_write };
}

static bool fits(struct enc *e, size_t n)
{
    if (n > UINT32_MAX) e->out->failed = true;
    return n <= UINT32_MAX;
}

static void pack_map(struct enc *e, size_t n)
{
    msgpack_packer pk = packer(e);

    if (fits(e, n)) msgpack_pack_map(&pk, n);
}

static void pack_array(struct enc *e, size_t n)
{
    msgpack_packer pk = packer(e);

    if (fits(e, n)) msgpack_pack_array(&pk, n);
}

static void pack_str(struct enc *e, struct str s)
{
    msgpack_packer pk = packer(e);

    if (!fits(e, s.n)) return;
    msgpack_pack_str(&pk, s.n);
    msgpack_pack_str_body(&pk, s.at, s.n);
}

static void pack_integer(struct enc *e, int64_t i)
{
    msgpack_packer pk = packer(e);

    msgpack_pack_int64(&pk, i);
}

static void pack_boolean(struct enc *e, bool b)
{
    msgpack_packer pk = packer(e);

    (void)(b ? msgpack_pack_true(&pk) : msgpack_pack_false(&pk));
}

static void pack_null(struct enc *e)
{
    msgpack_packer pk = packer(e);

    msgpack_pack_nil(&pk);
}

static void pack_f64(struct enc *e, double f)
{
    msgpack_packer pk = packer(e);

    msgpack_pack_double(&pk, f);
}

static void pack_raw(struct enc *e, struct str bytes)
{
    buf_str(e->out, bytes);
}

static void pack_end(struct enc *e, bool map)
{
    (void)e;
    (void)map;
}

const struct enc_ops enc_msgpack_ops = {
    .format = ENC_MSGPACK,
    .type = "application/msgpack",
    .map = pack_map,
    .key = pack_str,
    .array = pack_array,
    .str = pack_str,
    .integer = pack_integer,
    .boolean = pack_boolean,
    .null = pack_null,
    .f64 = pack_f64,
    .raw = pack_raw,
    .end = pack_end,
};
