/* A guardian's phone: comes at its time, looks, thinks, reports, keeps the connection a little, and goes.
 *
 *   AWAY --(due)--> CALLING --(line granted)--> ASKING --(answer)--> THINKING (after the look) --(due)-->
 * CALLING | ASKING ^                 |                           |                      `--(line lost)-->
 * THINKING
 *    `--(lost, busy, timeout: back-off)------------'--(last answer)--> RESTING --(due, lost)--> GONE
 *
 * AWAY also is the pause before another attempt. Owner: struct bench (one array). */
#ifndef BENCH_PHONE_H
#define BENCH_PHONE_H

#include "bench.h"

enum phone_state { PHONE_AWAY, PHONE_CALLING, PHONE_ASKING, PHONE_THINKING, PHONE_RESTING, PHONE_GONE };
enum phone_step { STEP_LOOK, STEP_REPORT };

struct phone {
    struct wish wish;
    struct due due;
    struct bench *bench;
    const struct session *session;
    struct report report; /* student 0 = this one only looks */
    uint64_t arrival;     /* ns, intended */
    uint64_t asked;       /* when the first attempt of the step left; 0 = none yet */
    char key[37];         /* Idempotency-Key */
    uint8_t attempts;
    enum phone_state state;
    enum phone_step step;
};

/* Chooses who comes and who reports for whom. 0; -1 after a line on stderr. */
int phones_plan(struct bench *bench);
/* Everybody comes along the curve, from bench->started on. */
int phones_start(struct bench *bench);
/* Nobody waits any longer (the run was broken off). */
void phones_stop(struct bench *bench);

#endif
