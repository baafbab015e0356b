#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>

#include "base/fault.h"

enum { FIRST_SIZE = 256 };

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){ .max = max };
}

static size_t limit(const struct buf *b)
{
    return b->max ? b->max : SIZE_MAX / 2;
}

static char *buf_grow(struct buf *b, size_t need)
{
    size_t cap = b->cap ? b->cap : FIRST_SIZE;
    char *at;

    while (cap < need) cap *= 2; /* need <= limit <= SIZE_MAX / 2 */
    if (cap > limit(b)) cap = limit(b);
    if (!(at = base_realloc(b->at, cap))) {
        b->failed = true;
        return NULL;
    }
    b->at = at;
    b->cap = cap;
    return at + b->n;
}

char *buf_reserve(struct buf *b, size_t n)
{
    if (b->failed) return NULL;
    if (b->at && n <= b->cap - b->n) return b->at + b->n;
    if (n > limit(b) - b->n) {
        b->failed = true;
        return NULL;
    }
    return buf_grow(b, b->n + n);
}

void buf_commit(struct buf *b, size_t n)
{
    if (!b->failed) b->n += n;
}

void buf_append(struct buf *b, const void *bytes, size_t n)
{
    char *to;

    if (n == 0 || !(to = buf_reserve(b, n))) return;
    memcpy(to, bytes, n);
    b->n += n;
}

void buf_str(struct buf *b, struct str s)
{
    buf_append(b, s.at, s.n);
}

void buf_putc(struct buf *b, char c)
{
    char *to = buf_reserve(b, 1);

    if (!to) return;
    *to = c;
    b->n++;
}

/* Formats into what is there; where that is too little, once more into enough. */
void buf_printf(struct buf *b, const char *format, ...)
{
    char small[128], *to = small;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(small, sizeof(small), format, args);
    va_end(args);
    if (n < 0) {
        b->failed = true;
        return;
    }
    if ((size_t)n < sizeof(small)) {
        buf_append(b, small, (size_t)n);
        return;
    }
    if (!(to = base_alloc((size_t)n + 1))) {
        b->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf(to, (size_t)n + 1, format, args);
    va_end(args);
    buf_append(b, to, (size_t)n);
    base_free(to);
}

void buf_u64(struct buf *b, uint64_t value)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
        "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";
    char digits[20], *at = digits + sizeof(digits);

    while (value >= 100) {
        at -= 2;
        memcpy(at, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        at -= 2;
        memcpy(at, pairs + value * 2, 2);
    } else {
        *--at = (char)('0' + value);
    }
    buf_append(b, at, (size_t)(digits + sizeof(digits) - at));
}

void buf_i64(struct buf *b, int64_t value)
{
    if (value < 0) buf_putc(b, '-');
    buf_u64(b, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void buf_consume(struct buf *b, size_t n)
{
    if (n >= b->n) {
        b->n = 0;
        return;
    }
    if (n) memmove(b->at, b->at + n, b->n - n);
    b->n -= n;
}

char *buf_take(struct buf *b, size_t *ret_n)
{
    char *at = b->at;
    size_t n = b->n;

    if (b->failed || n == 0) {
        base_free(b->at);
        at = NULL;
        n = 0;
    }
    buf_init(b, b->max);
    *ret_n = n;
    return at;
}

void buf_reset(struct buf *b)
{
    b->n = 0;
    b->failed = false;
}

void buf_done(struct buf *b)
{
    base_free(b->at);
    buf_init(b, b->max);
}
