#include "pack.h"

#include <stdlib.h>
#include <string.h>

const msgpack_object *pack_field(const msgpack_object *map, const char *name)
{
    size_t n = strlen(name);
    if (map->type != MSGPACK_OBJECT_MAP) return NULL;
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        if (pair->key.type == MSGPACK_OBJECT_STR && pair->key.via.str.size == n &&
            memcmp(pair->key.via.str.ptr, name, n) == 0)
            return &pair->val;
    }
    return NULL;
}

uint64_t pack_number(const msgpack_object *value)
{
    char digits[24] = "";
    if (!value) return 0;
    if (value->type == MSGPACK_OBJECT_POSITIVE_INTEGER) return value->via.u64;
    if (value->type != MSGPACK_OBJECT_STR || value->via.str.size >= sizeof digits) return 0;
    memcpy(digits, value->via.str.ptr, value->via.str.size);
    return strtoull(digits, NULL, 10);
}

struct str pack_text(const msgpack_object *value)
{
    return value && value->type == MSGPACK_OBJECT_STR ? str_of(value->via.str.ptr, value->via.str.size)
                                                      : (struct str){ 0 };
}

bool pack_is_set(const msgpack_object *value)
{
    return value && value->type != MSGPACK_OBJECT_NIL &&
           !(value->type == MSGPACK_OBJECT_BOOLEAN && !value->via.boolean);
}
