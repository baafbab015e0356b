/* A region: allocate many, free all at once. One per request, message, decode, ...
 *
 * The arena is embedded in its owner, who calls arena_done. Everything allocated from it lives until
 * arena_reset or arena_done. Not for use by two threads at once. Nothing is allocated by arena_init.
 * Blocks of the standard size come from, and return to, a small cache of the thread, so that a request on the
 * hot path does not call malloc. Under AddressSanitizer each allocation is a malloc of its own, so that a use
 * after the arena's end, or beyond an object's end, is caught. Fault point: "alloc" (each allocation passes
 * it). */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

#if defined(__SANITIZE_ADDRESS__)
#define BASE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BASE_ASAN 1
#endif
#endif
#ifndef BASE_ASAN
#define BASE_ASAN 0
#endif

#define ARENA_BLOCK 8192u /* bytes of a standard block, its header included */
#define ARENA_ALIGN 16u

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first; the one being filled is the first */
    char *at, *end;             /* the free part of the first block */
    size_t block_size;
    size_t used; /* bytes handed out, rounded up: for limits and metrics */
};

/* block_size 0 = ARENA_BLOCK. Can't fail. */
void arena_init(struct arena *a, size_t block_size);

/* n bytes aligned to 16 (n = 0 gives a valid pointer); NULL when memory is out. The bytes are not cleared. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc, alloc_size(2)));
void *arena_zalloc(struct arena *a, size_t n) __attribute__((malloc, alloc_size(2)));

/* n objects of `size` bytes, cleared; NULL also when the product overflows. */
void *arena_array(struct arena *a, size_t n, size_t size) __attribute__((malloc));

/* Copies; NULL when memory is out. arena_str and arena_printf are NUL-terminated. arena_dup gives {NULL, 0}
 * on failure (also the copy of an empty string has at != NULL). */
void *arena_copy(struct arena *a, const void *ptr, size_t n);
char *arena_str(struct arena *a, struct str s);
struct str arena_dup(struct arena *a, struct str s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Forgets every allocation; keeps the first block (not under ASan) so that the next use needs no malloc. */
void arena_reset(struct arena *a);

/* Frees everything. The arena is as after arena_init. */
void arena_done(struct arena *a);

/* Frees the blocks that this thread keeps. Before a thread ends, or at the end of main. */
void arena_cache_drop(void);

#endif
