#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"

enum { CACHE_MAX = 128 };

struct arena_block {
    struct arena_block *next;
    size_t size; /* header included */
};

static _Thread_local struct arena_block *cache;
static _Thread_local unsigned cached;

static struct arena_block *block_new(size_t size)
{
    struct arena_block *b = cache;

    if (!BASE_ASAN && size == ARENA_BLOCK && b) {
        cache = b->next;
        cached--;
    } else if (!(b = malloc(size))) {
        return NULL;
    }
    b->next = NULL;
    b->size = size;
    return b;
}

static void block_free(struct arena_block *b)
{
    if (BASE_ASAN || b->size != ARENA_BLOCK || cached == CACHE_MAX) {
        free(b);
        return;
    }
    b->next = cache;
    cache = b;
    cached++;
}

void arena_cache_drop(void)
{
    while (cache) {
        struct arena_block *b = cache;

        cache = b->next;
        free(b);
    }
    cached = 0;
}

void arena_init(struct arena *a, size_t block_size)
{
    *a = (struct arena){ .block_size = block_size > 256 ? block_size : ARENA_BLOCK };
}

/* A block of its own, behind the one that is being filled. */
static void *alloc_apart(struct arena *a, size_t n)
{
    struct arena_block *b = block_new(sizeof(*b) + n);

    if (!b) return NULL;
    if (a->blocks) {
        b->next = a->blocks->next;
        a->blocks->next = b;
    } else {
        a->blocks = b;
    }
    a->used += n;
    return b + 1;
}

static void *alloc_slow(struct arena *a, size_t n)
{
    struct arena_block *b;

    if (n > a->block_size / 4) return alloc_apart(a, n);
    if (!(b = block_new(a->block_size))) return NULL;
    b->next = a->blocks;
    a->blocks = b;
    a->at = (char *)(b + 1) + n;
    a->end = (char *)b + (b->size & ~(size_t)(ARENA_ALIGN - 1));
    a->used += n;
    return b + 1;
}

void *arena_alloc(struct arena *a, size_t n)
{
    void *p = a->at;

    if (fault_hit("alloc") || n > SIZE_MAX / 2) return NULL;
    if (BASE_ASAN) return alloc_apart(a, n);
    n = n ? (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1) : ARENA_ALIGN;
    if ((size_t)(a->end - a->at) < n) return alloc_slow(a, n);
    a->at += n;
    a->used += n;
    return p;
}

void *arena_zalloc(struct arena *a, size_t n)
{
    void *p = arena_alloc(a, n);

    if (p) memset(p, 0, n);
    return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes)) return NULL;
    return arena_zalloc(a, bytes);
}

void *arena_copy(struct arena *a, const void *ptr, size_t n)
{
    void *p = arena_alloc(a, n);

    if (p && n) memcpy(p, ptr, n);
    return p;
}

char *arena_str(struct arena *a, struct str s)
{
    char *p = s.n == SIZE_MAX ? NULL : arena_alloc(a, s.n + 1);

    if (!p) return NULL;
    if (s.n) memcpy(p, s.at, s.n);
    p[s.n] = '\0';
    return p;
}

struct str arena_dup(struct arena *a, struct str s)
{
    char *p = arena_str(a, s);

    return p ? str_of(p, s.n) : (struct str){ NULL, 0 };
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;
    char *p = NULL;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    if (n >= 0 && (p = arena_alloc(a, (size_t)n + 1))) vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    char *p;

    va_start(args, format);
    p = arena_vprintf(a, format, args);
    va_end(args);
    return p;
}

static void blocks_free(struct arena_block *b)
{
    while (b) {
        struct arena_block *next = b->next;

        block_free(b);
        b = next;
    }
}

void arena_reset(struct arena *a)
{
    struct arena_block *first = a->blocks;

    if (BASE_ASAN || !first || first->size != a->block_size) {
        arena_done(a);
        return;
    }
    blocks_free(first->next);
    first->next = NULL;
    a->at = (char *)(first + 1);
    a->end = (char *)first + (first->size & ~(size_t)(ARENA_ALIGN - 1));
    a->used = 0;
}

void arena_done(struct arena *a)
{
    blocks_free(a->blocks);
    arena_init(a, a->block_size);
}
