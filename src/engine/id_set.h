/* Numbers in no order, some perhaps twice: dirty rows, sessions that were seen. */
#ifndef ENGINE_ID_SET_H
#define ENGINE_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_set {
    int64_t *at; /* owned */
    size_t n, room;
};

/* False: no memory; the set is as before. */
bool id_set_add(struct id_set *set, int64_t id);
/* Sorts, and drops what is there twice. */
void id_set_sort(struct id_set *set);
/* Drops the first n. */
void id_set_drop(struct id_set *set, size_t n);
void id_set_done(struct id_set *set);

#endif
