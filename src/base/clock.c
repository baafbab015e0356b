#include "base/clock.h"

#include <time.h>

static const struct clock_source *source;

static uint64_t system_ns(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

uint64_t clock_now_ns(void)
{
    return source && source->now_ns ? source->now_ns() : system_ns(CLOCK_MONOTONIC);
}

uint64_t clock_now_coarse_ns(void)
{
    return source && source->now_ns ? source->now_ns() : system_ns(CLOCK_MONOTONIC_COARSE);
}

int64_t clock_wall_ms(void)
{
    return source && source->wall_ms ? source->wall_ms() : (int64_t)(system_ns(CLOCK_REALTIME) / NS_PER_MS);
}

int64_t clock_wall_coarse_ms(void)
{
    return source && source->wall_ms ? source->wall_ms()
                                     : (int64_t)(system_ns(CLOCK_REALTIME_COARSE) / NS_PER_MS);
}

void clock_override(const struct clock_source *s)
{
    source = s;
}

static void put_digits(char *at, int digits, int64_t value)
{
    while (digits--) {
        at[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* Days since 1970-01-01 -> year, month, day: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
static void civil_from_days(int64_t days, int64_t ret[3])
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    ret[1] = mp < 10 ? mp + 3 : mp - 9;
    ret[0] = yoe + era * 400 + (ret[1] <= 2);
    ret[2] = doy - (153 * mp + 2) / 5 + 1;
}

void clock_stamp(char out[CLOCK_STAMP_SIZE], int64_t wall_ms)
{
    static const char shape[CLOCK_STAMP_SIZE] = "0000-00-00T00:00:00.000Z";
    int64_t day_ms = 86400000, days = wall_ms / day_ms - (wall_ms % day_ms < 0), ms = wall_ms - days * day_ms;
    int64_t civil[3];

    civil_from_days(days, civil);
    for (int i = 0; i < CLOCK_STAMP_SIZE; i++) out[i] = shape[i];
    put_digits(out, 4, civil[0]);
    put_digits(out + 5, 2, civil[1]);
    put_digits(out + 8, 2, civil[2]);
    put_digits(out + 11, 2, ms / 3600000);
    put_digits(out + 14, 2, ms / 60000 % 60);
    put_digits(out + 17, 2, ms / 1000 % 60);
    put_digits(out + 20, 3, ms % 1000);
}
