/* What the generator itself costs: CPU time, and the lag of its loop (a timer every 10 ms; how late it
 * fires). */
#ifndef BENCH_METER_H
#define BENCH_METER_H

#include <sys/resource.h>

#include "due.h"
#include "hist.h"

struct meter {
    struct due due;
    struct dues *dues;
    struct hist *lag;
    struct rusage before, after;
    uint64_t started, stopped;
    uint64_t waited_before, waited_after; /* ns, ready to run but not running */
};

void meter_start(struct meter *meter, struct dues *dues, struct hist *lag);
void meter_stop(struct meter *meter);
/* CPU seconds, user and system. */
double meter_user(const struct meter *meter);
double meter_system(const struct meter *meter);
/* Seconds that it was ready to run and the machine had no CPU for it (/proc/self/schedstat); 0 where the
 * kernel doesn't say. */
double meter_waited(const struct meter *meter);
double meter_seconds(const struct meter *meter);

#endif
