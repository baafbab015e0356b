#include "base/slab.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/fault.h"

enum { PER_BLOCK = 64, ALIGN = 16 };

struct slab_block {
    struct slab_block *next;
    size_t unused; /* keeps what follows aligned to 16 */
};

struct slab_free {
    struct slab_free *next;
};

void slab_init(struct slab *s, size_t object_size)
{
    size_t size = (object_size + ALIGN - 1) & ~(size_t)(ALIGN - 1);

    *s = (struct slab){ .size = size ? size : ALIGN };
}

static int slab_grow(struct slab *s)
{
    struct slab_block *b = malloc(sizeof(*b) + s->size * PER_BLOCK);
    char *at;

    if (!b) return -1;
    b->next = s->blocks;
    s->blocks = b;
    at = (char *)(b + 1) + s->size * PER_BLOCK;
    for (int i = 0; i < PER_BLOCK; i++) {
        struct slab_free *f = (struct slab_free *)(void *)(at -= s->size);

        f->next = s->free;
        s->free = f;
    }
    return 0;
}

void *slab_alloc(struct slab *s)
{
    struct slab_free *f;

    if (fault_hit("alloc")) return NULL;
    if (BASE_ASAN) {
        if (!(f = malloc(s->size))) return NULL;
    } else {
        if (!s->free && slab_grow(s)) return NULL;
        f = s->free;
        s->free = f->next;
    }
    s->live++;
    return f;
}

void *slab_zalloc(struct slab *s)
{
    void *p = slab_alloc(s);

    if (p) memset(p, 0, s->size);
    return p;
}

void slab_free(struct slab *s, void *object)
{
    struct slab_free *f = object;

    if (!f) return;
    CHECK(s->live > 0);
    s->live--;
    if (BASE_ASAN) {
        free(f);
        return;
    }
    f->next = s->free;
    s->free = f;
}

void slab_done(struct slab *s)
{
    CHECK(s->live == 0);
    while (s->blocks) {
        struct slab_block *b = s->blocks;

        s->blocks = b->next;
        free(b);
    }
    s->free = NULL;
}
