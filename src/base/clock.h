/* Time. Monotonic in nanoseconds for intervals and deadlines; wall clock in milliseconds since 1970 for
 * stamps. The coarse ones cost less and are up to about 4 ms late. Tests put a clock of their own under all
 * four. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define NS_PER_US 1000ull
#define NS_PER_MS 1000000ull
#define NS_PER_S  1000000000ull

uint64_t clock_now_ns(void);
uint64_t clock_now_coarse_ns(void);
int64_t clock_wall_ms(void);
int64_t clock_wall_coarse_ms(void);

struct clock_source {
    uint64_t (*now_ns)(void);
    int64_t (*wall_ms)(void);
};

/* For tests: `source` is borrowed until the next call; NULL = the system's clock. A NULL member = the
 * system's. */
void clock_override(const struct clock_source *source);

/* RFC 3339 in UTC with milliseconds, "2026-04-01T00:00:00.000Z": writes 24 bytes and a NUL. */
#define CLOCK_STAMP_SIZE 25
void clock_stamp(char out[CLOCK_STAMP_SIZE], int64_t wall_ms);

#endif
