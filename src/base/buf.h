/* Growable bytes with a hard maximum and a sticky failure.
 *
 * Embedded in its owner, who calls buf_done (or buf_take). After any failure (memory, maximum, bad format)
 * `failed` stays set, later writes do nothing, and the one check is at the end: `if (b.failed)`. Growth
 * doubles. Fault point: "alloc". */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf {
    char *at; /* NULL until the first write */
    size_t n; /* bytes written */
    size_t cap;
    size_t max; /* never more bytes than this; 0 = no maximum */
    bool failed;
};

/* max 0 = no maximum; a zeroed struct is a buf without one. Allocates nothing. */
void buf_init(struct buf *b, size_t max);

/* Room for n more bytes: where to write them, or NULL (then `failed` is set). Follow by buf_commit(b, written
 * <= n). */
char *buf_reserve(struct buf *b, size_t n);
void buf_commit(struct buf *b, size_t n);

void buf_append(struct buf *b, const void *bytes, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Decimal digits, without printf's cost. */
void buf_i64(struct buf *b, int64_t value);
void buf_u64(struct buf *b, uint64_t value);

/* Drops the first n bytes (n <= b->n) and moves the rest to the front. */
void buf_consume(struct buf *b, size_t n);

/* The content, borrowed until the next write. */
static inline struct str buf_view(const struct buf *b)
{
    return (struct str){ b->at, b->n };
}

/* Hands the memory over: the caller frees it with base_free. NULL with *ret_n = 0 when empty or failed. The
 * buf is as after buf_init. */
char *buf_take(struct buf *b, size_t *ret_n);

/* Empties and clears `failed`; keeps the memory. */
void buf_reset(struct buf *b);

/* Frees. The buf is as after buf_init with the same maximum. */
void buf_done(struct buf *b);

#endif
