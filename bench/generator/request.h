/* The requests' text. What all have in common is written once, before the run. */
#ifndef BENCH_REQUEST_H
#define BENCH_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "day.h"

enum step { STEP_LOOK, STEP_REPORT, STEP_EXPORT, STEP_SIGN_IN, STEPS };
const char *step_name(enum step step);

#define REQUEST_MAX  2048
#define REQUEST_DAYS 63

struct bench;
struct phone;
struct words {
    char heads[STEPS][768]; /* up to the session's token */
    size_t head_sizes[STEPS];
    char days[REQUEST_DAYS][DAY_SIZE];
    char tail[64]; /* of the report's body */
    size_t tail_size;
};

/* From the options, the first day and the reason, which must be known. False when the names are too long. */
bool words_make(struct bench *bench);
/* Writes the phone's next request; returns its size. */
size_t request_write(const struct phone *phone, char out[REQUEST_MAX]);
/* The receipt of a report: {"id":…,"version":…}, numbers or decimal strings. False without an id. */
bool receipt_read(struct str body, uint64_t *ret_id, uint64_t *ret_version);

#endif
