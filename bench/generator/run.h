/* One run of a scenario, from the first connection to the last. */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "bench.h"

/* Sets up, runs, closes; the results are in `bench` until run_done. 0; -1 when it could not start (said on
 * stderr). */
int run_scenario(struct bench *bench, const struct scenario *scenario, const struct options *options);
void run_done(struct bench *bench);

#endif
