/* A hash table from a 64-bit id (not 0) to a 64-bit value: open addressing, grows, never shrinks, nothing is
 * removed. Owner: whoever holds the struct; {0} is an empty table. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_cell {
    uint64_t key, value;
};
struct table {
    struct table_cell *cells;
    size_t count, room; /* room is a power of two, or 0 */
};

void table_done(struct table *table);
/* The value's place (valid until the next table_put), NULL when the key is unknown. */
uint64_t *table_get(const struct table *table, uint64_t key);
/* The value's place, made with 0 when the key is new; NULL without memory. */
uint64_t *table_put(struct table *table, uint64_t key);

#endif
