/* What came out: JSON (the format is in bench/README.md), a short table, and whether it is good enough. */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <jansson.h>

#include "bench.h"

struct outcome {
    struct audit audit;
    struct verdict verdict; /* of the ledger, when `verified` */
    bool verified, verify_failed;
};

struct audit bench_audit(const struct bench *bench);
/* A new object, NULL without memory. ["verdict"]["ok"] decides the exit code. */
json_t *result_json(struct bench *bench, const struct outcome *outcome);
void result_print(struct bench *bench, const struct outcome *outcome, const json_t *result);

#endif
