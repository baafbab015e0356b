#include "table.h"

#include <stdlib.h>

static struct table_cell *table_find(const struct table *table, uint64_t key)
{
    size_t mask = table->room - 1;
    size_t at = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & mask;
    while (table->cells[at].key != 0 && table->cells[at].key != key) at = (at + 1) & mask;
    return &table->cells[at];
}

void table_done(struct table *table)
{
    free(table->cells);
    *table = (struct table){ 0 };
}

uint64_t *table_get(const struct table *table, uint64_t key)
{
    if (table->room == 0 || key == 0) return NULL;
    struct table_cell *cell = table_find(table, key);
    return cell->key ? &cell->value : NULL;
}

static int table_grow(struct table *table)
{
    struct table grown = { .room = table->room ? table->room * 2 : 16, .count = table->count };
    grown.cells = calloc(grown.room, sizeof *grown.cells);
    if (!grown.cells) return -1;
    for (size_t i = 0; i < table->room; i++)
        if (table->cells[i].key) *table_find(&grown, table->cells[i].key) = table->cells[i];
    free(table->cells);
    *table = grown;
    return 0;
}

uint64_t *table_put(struct table *table, uint64_t key)
{
    if (key == 0) return NULL;
    if ((table->count + 1) * 3 > table->room * 2 && table_grow(table) != 0) return NULL;
    struct table_cell *cell = table_find(table, key);
    if (!cell->key) {
        cell->key = key;
        table->count++;
    }
    return &cell->value;
}
