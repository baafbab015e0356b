/* A cache of objects of one size.
 *
 * Embedded in its owner. Objects are aligned to 16 and taken from blocks of 64; freed objects are reused,
 * blocks are given back only by slab_done. One thread. Under ASan each object is a malloc of its own. Fault
 * point: "alloc". */
#ifndef BASE_SLAB_H
#define BASE_SLAB_H

#include <stddef.h>

struct slab_block;
struct slab_free;

struct slab {
    size_t size; /* of an object, rounded up to 16 */
    struct slab_free *free;
    struct slab_block *blocks;
    size_t live; /* objects handed out and not returned */
};

void slab_init(struct slab *s, size_t object_size);

/* NULL when memory is out. */
void *slab_alloc(struct slab *s) __attribute__((malloc));
void *slab_zalloc(struct slab *s) __attribute__((malloc));

/* NULL is accepted. */
void slab_free(struct slab *s, void *object);

/* Every object must have been returned (CHECK). */
void slab_done(struct slab *s);

#endif
