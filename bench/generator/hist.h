/* A log-linear histogram in the manner of HdrHistogram (http://hdrhistogram.org): 3 significant digits over
 * the whole range, constant memory, mergeable.
 *
 * Values are nanoseconds. Up to 2,047 each value has a counter of its own; above, each power of two is split
 * into 1,024 equal parts, so a value is known to better than 0.1 %. Values over HIST_MAX are counted as
 * HIST_MAX.
 *
 * Owner: whoever holds the struct (about 270 KB: never on the stack). hist_init can fail; nothing else can.
 */
#ifndef BENCH_HIST_H
#define BENCH_HIST_H

#include <stdint.h>
#include <stddef.h>

#define HIST_SUB_BITS 11u /* 2^11 exact values, then 2^10 parts for each power of two */
#define HIST_MAX_BITS 42u /* 2^42 ns = 73 minutes */
#define HIST_MAX      ((UINT64_C(1) << HIST_MAX_BITS) - 1)
#define HIST_CELLS    ((1u << HIST_SUB_BITS) + (HIST_MAX_BITS - HIST_SUB_BITS) * (1u << (HIST_SUB_BITS - 1)))

struct hist {
    uint64_t *cells; /* HIST_CELLS of them */
    uint64_t count, min, max;
    double sum;
};

/* 0, or -1 without memory. */
int hist_init(struct hist *hist);
void hist_done(struct hist *hist);
void hist_record(struct hist *hist, uint64_t value);
/* Everything that `from` holds is added to `into`. */
void hist_merge(struct hist *into, const struct hist *from);
/* The smallest recorded value (to 3 digits) that at least `quantile` (0..1) of the values don't exceed; 0
 * when empty. */
uint64_t hist_quantile(const struct hist *hist, double quantile);
double hist_mean(const struct hist *hist);

/* For tests: the cell of a value, and the highest value of a cell. */
size_t hist_cell(uint64_t value);
uint64_t hist_cell_top(size_t cell);

#endif
