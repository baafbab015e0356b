/* A guardian's phone: comes at its time, looks, thinks, reports, keeps the connection a little, and goes.
 *
 *   AWAY --(due)--> CALLING --(line granted)--> ASKING --(answer)--> THINKING (after the look) --(due)-->
 * CALLING | ASKING ^                 |                           |                      `--(line lost)-->
 * THINKING
 *    `--(lost, busy, timeout: back-off)------------'--(last answer)--> RESTING --(due, lost)--> GONE
 *
 * AWAY also is the pause before another attempt. In the pump's scenarios a phone is AWAY or ASKING, and its
 * connection is the pump's. Owner: struct bench (one array). */
#ifndef BENCH_PHONE_H
#define BENCH_PHONE_H

#include "bench.h"

enum phone_state { PHONE_AWAY, PHONE_CALLING, PHONE_ASKING, PHONE_THINKING, PHONE_RESTING, PHONE_GONE };
/* How a phone's request ended when it did not end well. */
enum ending { ENDED_TOLD_TO_WAIT, ENDED_REFUSED, ENDED_LOST };

struct phone {
    struct wish wish;
    struct due due;
    struct list link; /* for the pump */
    struct bench *bench;
    const struct session *session;
    struct report report; /* student 0 = this one only looks */
    uint64_t arrival;     /* ns, intended */
    uint64_t asked;       /* when the first attempt of the step left; 0 = none yet */
    char key[37];         /* Idempotency-Key */
    uint8_t attempts;
    enum phone_state state;
    enum step step;
    bool mine; /* of this process's --shard */
};

/* Chooses who comes and who reports for whom. 0; -1 after a line on stderr. */
int phones_plan(struct bench *bench);
/* Everybody comes along the curve, from bench->started on. */
int phones_start(struct bench *bench);
/* Nobody waits any longer (the run was broken off). */
void phones_stop(struct bench *bench);
/* When it means to speak. */
uint64_t phone_intended(const struct phone *phone);

/* ending.c: what becomes of a request, whoever carries it. */
/* Counted among what was asked of the server: in the pump's open loop from its arrival on, even when no
 * connection was free for it; elsewhere when it is sent. */
void phone_offered(const struct phone *phone);
/* Its text is about to leave, for the first time or again. */
void phone_sent(struct phone *phone, uint64_t now);
/* True when it is what was asked for, with a receipt in case of a report; else nothing is counted yet. */
bool phone_succeeded(struct phone *phone, int status, struct str body, uint64_t now);
/* Ends without success: counted and written down. The phone is GONE. */
void phone_end(struct phone *phone, enum ending ending, int status, bool told_when);
/* An answer as the pump gets it. True when it was good. */
bool phone_answered(struct phone *phone, int status, unsigned retry_after, struct str body, uint64_t now);
/* Another attempt after a pause, unless the time is over; `why` is an enum loss or RETRY_BUSY. */
void phone_retry(struct phone *phone, int why, unsigned retry_after);
/* phone.c */
void phone_gone(struct phone *phone);

#endif
