/* A decoded value: null, bool, int, float, string, array, map.
 *
 * A tree lives in the arena that its decoder was given, strings included, and ends with it. Read-only after
 * decoding. Maps keep the order of the input; the decoders refuse duplicate names. Strings are valid UTF-8
 * without U+0000 (PostgreSQL's text can't hold it). */
#ifndef CODEC_VALUE_H
#define CODEC_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum value_kind { VALUE_NULL, VALUE_BOOL, VALUE_INT, VALUE_FLOAT, VALUE_STR, VALUE_ARRAY, VALUE_MAP };

struct value;
struct member;

struct value_array {
    struct value *at;
    size_t n;
};

struct value_map {
    struct member *at;
    size_t n;
};

struct value {
    enum value_kind kind;
    union {
        bool boolean;
        int64_t integer;
        double number;
        struct str str; /* NUL-terminated too, the NUL not counted */
        struct value_array array;
        struct value_map map;
    };
};

struct member {
    struct str name;
    struct value value;
};

/* A map's member by name; NULL when there is none, or `map` is NULL or no map. */
const struct value *value_get(const struct value *map, struct str name);

/* An array's element; NULL when out of range, or `array` is NULL or no array. */
const struct value *value_at(const struct value *array, size_t i);

/* A map with room for n members, all null, in the arena (path parameters): false when memory is out. */
bool value_map_new(struct arena *a, size_t n, struct value *ret_map);

static inline struct value value_str(struct str s)
{
    return (struct value){ .kind = VALUE_STR, .str = s };
}

static inline struct value value_int(int64_t i)
{
    return (struct value){ .kind = VALUE_INT, .integer = i };
}

#endif
