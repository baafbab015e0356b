/* Results of several processes that shared one plan, as one. */
#ifndef BENCH_MERGE_H
#define BENCH_MERGE_H

#include <jansson.h>

/* Adds `from` (a result, borrowed) to `into`: counts and timelines are added, histograms merged, what can't
 * be added is taken anew from those or from the first. 0, or -1 when one is no result or memory is out. */
int merge_results(json_t *into, const json_t *from);
/* todoke-bench merge A.json B.json ... --json OUT: an exit code. */
int merge_command(int argc, char **argv);

#endif
