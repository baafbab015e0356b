/* The dashboards: live sockets of teachers, offices and the board, that stay through the run and come back
 * when lost.
 *
 *   AWAY --(due)--> DIALING --(101)--> JOINING --(every topic's snapshot is complete)--> READY
 *    ^-------(lost, refused, silent; back-off with jitter)--'-------------'----------------'
 *
 * Owner: struct bench. A dash may be freed when its live socket is released (dashes_released). */
#ifndef BENCH_DASH_H
#define BENCH_DASH_H

#include "due.h"
#include "glass.h"
#include "live.h"
#include "sessions.h"

enum dash_state { DASH_AWAY, DASH_DIALING, DASH_JOINING, DASH_READY, DASH_CLOSED };

struct bench;
struct dash {
    struct live live;
    struct due due;
    struct bench *bench;
    const struct session *session;
    struct screen screen;
    struct buf hello;
    struct table gauges; /* the board: school -> absent + 1 */
    enum dash_state state;
    bool socket; /* `live` is in use until released */
    bool raised; /* was READY once */
    unsigned snapshots_due, attempts;
    uint64_t since; /* when it should have been dialled, or was lost */
    uint64_t heard; /* the latest message */
};

struct dashes {
    struct dash *all;
    size_t count, raised, ready;
    uint64_t lost, refused, messages, ticks, gauges, bytes;
    uint64_t closes_told;  /* lost with a close frame */
    uint64_t busy, untold; /* upgrades that were told to wait (503, 429); without a Retry-After */
    bool board_known;
    int64_t board_before,
        board_now; /* absent children of the whole city, as the board's first screen has it */
};

/* Makes the dashboards that options and sessions ask for, dials nothing. 0, or -1 without memory. */
int dashes_make(struct bench *bench);
/* Dials them one after the other from `at` on, --open-rate each second; returns when the last one is due
 * (ns). */
uint64_t dashes_raise(struct bench *bench, uint64_t at);
void dashes_close(struct bench *bench);
void dashes_done(struct dashes *dashes);
const char *screen_name(enum screen_kind kind);

/* frame.c: one message of the server. 0; -1 = not what todoke.live.v1 says (or no memory). */
int dash_read(struct dash *dash, const char *bytes, size_t n, uint64_t at);
/* For dash_read: one more topic has its snapshot; the topic was refused. */
void dash_joined(struct dash *dash, uint64_t at);

#endif
