/* What jansson lacks for us. */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

/* An id, as a number or as a decimal string; 0 = none. */
static inline uint64_t json_id(const json_t *value)
{
    if (json_is_string(value)) return strtoull(json_string_value(value), NULL, 10);
    return json_is_integer(value) && json_integer_value(value) > 0 ? (uint64_t)json_integer_value(value) : 0;
}

#endif
