/* MessagePack, by msgpack-c. Its unpacker allocates what a header claims, so a walk over the bytes (no
 * allocation, no recursion) first checks that every claim is covered by bytes, and refuses types that we do
 * not take. */
#include <msgpack.h>

#include "base/fault.h"
#include "codec/dec_private.h"

struct walk {
    const unsigned char *at;
    size_t n;
    unsigned depth, elements;
    size_t left[DEC_MAX_DEPTH + 1]; /* items still to come at each depth */
};

static bool walk_skip(struct walk *w, size_t n)
{
    if (n > w->n) return false;
    w->at += n;
    w->n -= n;
    return true;
}

/* A big-endian number of 1, 2 or 4 bytes. */
static bool walk_number(struct walk *w, unsigned size, size_t *ret_number)
{
    const unsigned char *at = w->at;
    size_t number = 0;

    if (!walk_skip(w, size)) return false;
    for (unsigned i = 0; i < size; i++) number = number << 8 | at[i];
    *ret_number = number;
    return true;
}

static enum err walk_open(struct walk *w, size_t items)
{
    if (items > w->n) return ERR_INVALID; /* each item has at least a byte */
    if (w->depth == DEC_MAX_DEPTH) return ERR_TOO_BIG;
    w->left[++w->depth] = items;
    return ERR_NONE;
}

static enum err walk_bytes(struct walk *w, size_t n)
{
    return walk_skip(w, n) ? ERR_NONE : ERR_INVALID;
}

/* The types with a head of their own, 0xc0 .. 0xdf: the format's table. */
static enum err walk_headed(struct walk *w, unsigned char head)
{
    size_t n;

    switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3: return ERR_NONE;         /* nil, false, true */
    case 0xca: return walk_bytes(w, 4); /* float 32, 64 */
    case 0xcb: return walk_bytes(w, 8);
    case 0xcc:
    case 0xd0: return walk_bytes(w, 1); /* uint, int 8 .. 64 */
    case 0xcd:
    case 0xd1: return walk_bytes(w, 2);
    case 0xce:
    case 0xd2: return walk_bytes(w, 4);
    case 0xcf:
    case 0xd3: return walk_bytes(w, 8);
    case 0xd9:
    case 0xda:
    case 0xdb: /* str 8, 16, 32 */
        return walk_number(w, 1u << (head - 0xd9), &n) ? walk_bytes(w, n) : ERR_INVALID;
    case 0xdc:
    case 0xdd: /* array 16, 32 */
        return walk_number(w, 2u << (head - 0xdc), &n) ? walk_open(w, n) : ERR_INVALID;
    case 0xde:
    case 0xdf: /* map 16, 32 */
        return walk_number(w, 2u << (head - 0xde), &n) ? walk_open(w, n * 2) : ERR_INVALID;
    default: return ERR_INVALID; /* never used, bin, ext */
    }
}

static enum err walk_item(struct walk *w)
{
    unsigned char head;

    if (w->n == 0) return ERR_INVALID;
    if (++w->elements > DEC_MAX_ELEMENTS) return ERR_TOO_BIG;
    head = *w->at;
    walk_skip(w, 1);
    if (head < 0x80 || head >= 0xe0) return ERR_NONE; /* small numbers */
    if (head < 0x90) return walk_open(w, (head & 15u) * 2);
    if (head < 0xa0) return walk_open(w, head & 15u);
    if (head < 0xc0) return walk_bytes(w, head & 31u);
    return walk_headed(w, head);
}

/* Exactly one document? */
static enum err walk_all(const void *bytes, size_t n)
{
    struct walk w = { .at = bytes, .n = n, .left = { 1 } };
    enum err err = ERR_NONE;

    while (!err) {
        while (w.depth && w.left[w.depth] == 0) w.depth--;
        if (w.left[w.depth] == 0) break;
        w.left[w.depth]--;
        err = walk_item(&w);
    }
    return err ? err : w.n ? ERR_INVALID : ERR_NONE;
}

static enum err convert(struct arena *a, const msgpack_object *o, struct value *ret_value);

static enum err convert_array(struct arena *a, const msgpack_object_array *from, struct value *ret_value)
{
    struct value *at = arena_array(a, from->size, sizeof(*at));
    enum err err = at ? ERR_NONE : ERR_NOMEM;

    for (uint32_t i = 0; i < from->size && !err; i++) err = convert(a, &from->ptr[i], &at[i]);
    *ret_value = (struct value){ .kind = VALUE_ARRAY, .array = { at, from->size } };
    return err;
}

static enum err convert_text(struct arena *a, const msgpack_object *o, struct str *ret_text)
{
    if (o->type != MSGPACK_OBJECT_STR) return ERR_INVALID;
    return dec_text(a, str_of(o->via.str.ptr, o->via.str.size), ret_text);
}

static enum err convert_map(struct arena *a, const msgpack_object_map *from, struct value *ret_value)
{
    enum err err = ERR_NONE;

    if (!value_map_new(a, from->size, ret_value)) return ERR_NOMEM;
    for (uint32_t i = 0; i < from->size && !err; i++) {
        struct member *m = &ret_value->map.at[i];

        err = convert_text(a, &from->ptr[i].key, &m->name);
        if (!err) err = convert(a, &from->ptr[i].val, &m->value);
    }
    return err ? err : dec_unique(&ret_value->map);
}

static enum err convert(struct arena *a, const msgpack_object *o, struct value *ret_value)
{
    switch (o->type) {
    case MSGPACK_OBJECT_NIL: *ret_value = (struct value){ .kind = VALUE_NULL }; return ERR_NONE;
    case MSGPACK_OBJECT_BOOLEAN:
        *ret_value = (struct value){ .kind = VALUE_BOOL, .boolean = o->via.boolean };
        return ERR_NONE;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        if (o->via.u64 > INT64_MAX) return ERR_INVALID;
        *ret_value = value_int((int64_t)o->via.u64);
        return ERR_NONE;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER: *ret_value = value_int(o->via.i64); return ERR_NONE;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        *ret_value = (struct value){ .kind = VALUE_FLOAT, .number = o->via.f64 };
        return __builtin_isfinite(o->via.f64) ? ERR_NONE : ERR_INVALID;
    case MSGPACK_OBJECT_STR: ret_value->kind = VALUE_STR; return convert_text(a, o, &ret_value->str);
    case MSGPACK_OBJECT_ARRAY: return convert_array(a, &o->via.array, ret_value);
    case MSGPACK_OBJECT_MAP: return convert_map(a, &o->via.map, ret_value);
    default: return ERR_INVALID;
    }
}

/* What passed the walk is well-formed, so only memory can stop the unpacker. */
static enum err unpack(struct arena *a, const void *bytes, size_t n, struct value *ret_value)
{
    msgpack_unpacked unpacked;
    enum err err = ERR_NOMEM;
    size_t off = 0;

    msgpack_unpacked_init(&unpacked);
    if (!fault_hit("alloc") && msgpack_unpack_next(&unpacked, bytes, n, &off) == MSGPACK_UNPACK_SUCCESS)
        err = convert(a, &unpacked.data, ret_value);
    msgpack_unpacked_destroy(&unpacked);
    return err;
}

enum err dec_msgpack(struct arena *a, const void *bytes, size_t n, struct value *ret_value,
                     struct dec_error *ret_error)
{
    struct value value;
    enum err err = walk_all(bytes, n);

    if (!err) err = unpack(a, bytes, n, &value);
    if (!err && value.kind != VALUE_MAP && value.kind != VALUE_ARRAY) err = ERR_INVALID;
    if (err)
        return dec_fail(ret_error, err, err == ERR_INVALID ? "MessagePack の形式が正しくありません。" : NULL);
    *ret_value = value;
    return ERR_NONE;
}
