/* Before the run: is the server there, and which reason may a guardian give? Asked as the first guardian. */
#ifndef BENCH_PREFLIGHT_H
#define BENCH_PREFLIGHT_H

#include "bench.h"

/* Calls `then` once, later: with bench->reason_id set, or with bench->failed. `bench` outlives it. */
void preflight_start(struct bench *bench, const struct session *guardian, void (*then)(struct bench *bench));
/* Breaks it off; `then` is not called. Harmless when it is over or was never started. */
void preflight_stop(void);

#endif
