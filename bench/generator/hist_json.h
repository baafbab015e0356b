/* Histograms as JSON: whole (sparse, mergeable) and as a summary for readers. */
#ifndef BENCH_HIST_JSON_H
#define BENCH_HIST_JSON_H

#include <jansson.h>

#include "hist.h"

/* {"unit":"ns","cells":[[top,count],...],"count","min","max","sum"}: the cells that hold something,
 * ascending; `top` is the highest value that falls into the cell. Adding the counts of equal tops merges two
 * of them. A new object, NULL without memory. */
json_t *hist_json(const struct hist *hist);
/* Adds such an object to `into`. 0; -1 when it is none: `into` may then hold a part of it. */
int hist_json_add(struct hist *into, const json_t *object);
/* {"count","min","mean","p50","p90","p99","p999","max"} in milliseconds. A new object, NULL without memory.
 */
json_t *hist_json_summary(const struct hist *hist);

#endif
