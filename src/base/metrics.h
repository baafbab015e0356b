/* Counters, gauges and histograms of all workers in one memory region.
 *
 * The supervisor maps metrics_size(workers) zeroed bytes MAP_SHARED|MAP_ANONYMOUS before it forks; each
 * worker attaches to its own slot (0 .. workers-1), the supervisor to slot `workers`. A slot is written by
 * one thread of one process (plain stores, no locked instructions) and read by any: metrics_render sums all
 * slots. Before metrics_attach, everything goes to a private region, so tools and tests need no set-up. The
 * metrics are listed in metrics.def; add a line there. */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define METRIC_COUNTER(id, name, labels, help)   METRIC_##id,
#define METRIC_GAUGE(id, name, labels, help)     METRIC_##id,
#define METRIC_HISTOGRAM(id, name, labels, help) METRIC_##id,
enum metric {
#include "base/metrics.def"
    METRIC_COUNT
};
#undef METRIC_COUNTER
#undef METRIC_GAUGE
#undef METRIC_HISTOGRAM

/* Bytes for `workers` workers and the supervisor. */
size_t metrics_size(unsigned workers);

/* From now on this process writes to `slot` (<= workers) of `region` (borrowed for ever, aligned to 64).
 * The counters of a slot go on where a predecessor left them; its gauges restart at 0. */
void metrics_attach(void *region, unsigned workers, unsigned slot);

/* The process of `slot` is gone: its gauges are 0 (the supervisor calls it; counters stay). Two processes
 * must not hold one slot at once: while an old worker drains, its successor needs another slot, so map more
 * slots than workers. */
void metrics_slot_ended(unsigned slot);

void metric_add(enum metric counter, uint64_t n);
static inline void metric_inc(enum metric counter)
{
    metric_add(counter, 1);
}

/* Gauges of workers are summed: give each worker's own share. */
void metric_set(enum metric gauge, int64_t value);
void metric_move(enum metric gauge, int64_t delta);

/* Histograms of durations: nanoseconds in, seconds out. Four buckets per power of two from 16 us to 69 s, so
 * a quantile is at most 25 % off. */
void metric_observe(enum metric histogram, uint64_t ns);

/* The sum over all slots, for tests and decisions (histogram: the number of observations). */
int64_t metric_total(enum metric metric);

/* Appends the Prometheus text format 0.0.4 (content type METRICS_TYPE); see out->failed. */
#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"
void metrics_render(struct buf *out);

#endif
