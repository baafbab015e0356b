#include "engine/id_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

bool id_set_add(struct id_set *set, int64_t id)
{
    if (set->n == set->room) {
        size_t room = set->room ? set->room * 2 : 64;
        int64_t *at = base_realloc(set->at, room * sizeof *at);
        if (!at) return false;
        set->at = at;
        set->room = room;
    }
    set->at[set->n++] = id;
    return true;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void id_set_sort(struct id_set *set)
{
    size_t kept = 0;
    if (set->n) qsort(set->at, set->n, sizeof *set->at, compare_ids);
    for (size_t i = 0; i < set->n; i++)
        if (i == 0 || set->at[i] != set->at[kept - 1]) set->at[kept++] = set->at[i];
    set->n = kept;
}

void id_set_drop(struct id_set *set, size_t n)
{
    if (n) memmove(set->at, set->at + n, (set->n - n) * sizeof *set->at);
    set->n -= n;
}

void id_set_done(struct id_set *set)
{
    base_free(set->at);
    *set = (struct id_set){ 0 };
}
