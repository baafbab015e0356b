/* What is read of msgpack maps: fields by name, missing ones as nothing. */
#ifndef BENCH_PACK_H
#define BENCH_PACK_H

#include <msgpack.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* NULL when `map` is no map or has no such field. */
const msgpack_object *pack_field(const msgpack_object *map, const char *name);
/* A number, or the decimal digits of one; 0 = none. NULL is allowed, here and below. */
uint64_t pack_number(const msgpack_object *value);
struct str pack_text(const msgpack_object *value);
/* There, and neither nil nor false. */
bool pack_is_set(const msgpack_object *value);

#endif
