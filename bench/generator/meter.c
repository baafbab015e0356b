#include "meter.h"

#include <stdio.h>

#include "base/list.h"

#define EVERY (10 * NS_PER_MS)

static void meter_on_due(struct due *due)
{
    struct meter *meter = container_of(due, struct meter, due);
    uint64_t now = clock_now_ns(), at = due->at;
    /* Every beat that a long turn swallowed counts too, or a stop of a second would be one value among
     * hundreds. */
    for (; at <= now; at += EVERY) hist_record(meter->lag, now - at);
    due_set(meter->dues, due, at);
}

static uint64_t waited_read(void)
{
    unsigned long long ran = 0, waited = 0;
    FILE *file = fopen("/proc/self/schedstat", "re");
    if (!file) return 0;
    int got = fscanf(file, "%llu %llu", &ran, &waited);
    fclose(file);
    return got == 2 ? waited : 0;
}

void meter_start(struct meter *meter, struct dues *dues, struct hist *lag)
{
    *meter = (struct meter){ .dues = dues, .lag = lag, .started = clock_now_ns() };
    meter->due.fire = meter_on_due;
    getrusage(RUSAGE_SELF, &meter->before);
    meter->waited_before = waited_read();
    due_set(dues, &meter->due, meter->started + EVERY);
}

void meter_stop(struct meter *meter)
{
    if (!meter->started || meter->stopped) return;
    getrusage(RUSAGE_SELF, &meter->after);
    meter->waited_after = waited_read();
    meter->stopped = clock_now_ns();
    due_unset(meter->dues, &meter->due);
}

static double seconds_between(struct timeval from, struct timeval to)
{
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_usec - from.tv_usec) / 1e6;
}

double meter_user(const struct meter *meter)
{
    return seconds_between(meter->before.ru_utime, meter->after.ru_utime);
}

double meter_system(const struct meter *meter)
{
    return seconds_between(meter->before.ru_stime, meter->after.ru_stime);
}

double meter_waited(const struct meter *meter)
{
    return (double)(meter->waited_after - meter->waited_before) / 1e9;
}

double meter_seconds(const struct meter *meter)
{
    return (double)(meter->stopped - meter->started) / 1e9;
}
