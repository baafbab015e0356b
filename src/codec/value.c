#include "codec/value.h"

const struct value *value_get(const struct value *map, struct str name)
{
    if (!map || map->kind != VALUE_MAP) return NULL;
    for (size_t i = 0; i < map->map.n; i++)
        if (str_eq(map->map.at[i].name, name)) return &map->map.at[i].value;
    return NULL;
}

const struct value *value_at(const struct value *array, size_t i)
{
    if (!array || array->kind != VALUE_ARRAY || i >= array->array.n) return NULL;
    return &array->array.at[i];
}

bool value_map_new(struct arena *a, size_t n, struct value *ret_map)
{
    struct member *at = arena_array(a, n, sizeof(*at));

    if (!at) return false;
    *ret_map = (struct value){ .kind = VALUE_MAP, .map = { at, n } };
    return true;
}
