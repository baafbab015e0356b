/* Timers with nanosecond resolution (libuv's have milliseconds, too coarse for intended send times): a binary
 * heap on one timerfd, CLOCK_MONOTONIC.
 *
 * A struct due is embedded in its owner and must be unset before the owner goes. Memory: dues_reserve before,
 * so that due_set can't fail. */
#ifndef BENCH_DUE_H
#define BENCH_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/clock.h"

struct due {
    uint64_t at;  /* ns, clock_now_ns() */
    size_t place; /* in the heap from 1; 0 = not set */
    void (*fire)(struct due *due);
};

struct dues {
    struct due **heap; /* heap[1..count] */
    size_t count, room;
    uint64_t armed; /* what the timerfd is set to; 0 = off */
    int fd;
    bool firing;
    uv_poll_t poll;
    uv_prepare_t prepare;
};

/* 0 or -1. After dues_init: dues_close, run the loop until its handles are closed, dues_done. */
int dues_init(struct dues *dues, uv_loop_t *loop);
void dues_close(struct dues *dues);
void dues_done(struct dues *dues);
/* Room for `more` dues in addition to what was reserved before; 0, or -1 without memory. */
int dues_reserve(struct dues *dues, size_t more);

/* Fires once at `at` (at once when that has passed, but never from inside this call). Set again = moved. */
void due_set(struct dues *dues, struct due *due, uint64_t at);
void due_unset(struct dues *dues, struct due *due);
/* Fires what is due, `most` of them. For callbacks of costly I/O: one turn of the loop may last long when
 * many answers come at once, and a send time must not wait for its end. Anything may be closed by it, nothing
 * is freed. */
void dues_fire(struct dues *dues, int most);

#endif
