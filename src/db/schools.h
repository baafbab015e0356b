/* The union of many requests' schools, for one gathered batch. Fixed size; nothing to free. */
#ifndef DB_SCHOOLS_H
#define DB_SCHOOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define SCHOOLS_MAX 4096u /* ids are below this; a larger one makes the union fail */

struct schools {
    bool all;    /* someone has "*" */
    bool failed; /* what was given can't be read */
    uint64_t bits[SCHOOLS_MAX / 64];
};

/* "*", "1,5,9" or empty. */
void schools_add(struct schools *s, struct str list);

/* "*" or the ids in order, in the arena; {NULL, 0} when memory is out. */
struct str schools_text(const struct schools *s, struct arena *arena);

#endif
