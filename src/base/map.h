/* Hash maps: byte strings or u64 -> pointer. Open addressing, keyed hash (SipHash-1-3 with a random key per
 * process), so that chosen keys can't make it slow.
 *
 * Keys are borrowed: their bytes must live as long as the entry (usually inside the value). Values are
 * borrowed and never NULL. map_init allocates nothing. Fault point: "alloc". */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct map_slot;

struct map {
    struct map_slot *slots;
    size_t n;     /* entries */
    size_t size;  /* slots: 0 or a power of two */
    size_t dirty; /* slots that are not fresh: entries and graves */
};

void map_init(struct map *m);

/* Frees the table, not the values. */
void map_done(struct map *m);

/* The value, or NULL. */
void *map_get(const struct map *m, struct str key);

/* Inserts, or replaces key and value; *ret_old (may be NULL) gets the replaced value or NULL. -1 when memory
 * is out: then nothing has changed. Replacing never fails. */
int map_set(struct map *m, struct str key, void *value, void **ret_old);

/* Removes and returns the value; NULL when there is none. */
void *map_remove(struct map *m, struct str key);

/* Iteration in no order: `size_t i = 0; while (map_next(m, &i, &key, &value))`. Removing (any entry) during
 * it is allowed, inserting is not. key and value may be NULL. */
bool map_next(const struct map *m, size_t *cursor, struct str *ret_key, void **ret_value);

/* The same for u64 keys. */
struct map_u64 {
    struct map map;
};

void map_u64_init(struct map_u64 *m);
void map_u64_done(struct map_u64 *m);
void *map_u64_get(const struct map_u64 *m, uint64_t key);
int map_u64_set(struct map_u64 *m, uint64_t key, void *value, void **ret_old);
void *map_u64_remove(struct map_u64 *m, uint64_t key);
bool map_u64_next(const struct map_u64 *m, size_t *cursor, uint64_t *ret_key, void **ret_value);

/* SipHash-1-3 under the process's random key: differs from process to process. */
uint64_t hash_bytes(const void *bytes, size_t n);

/* SipHash-1-3 under a given key (tests, stable hashes). */
uint64_t siphash13(const uint64_t key[2], const void *bytes, size_t n);

#endif
