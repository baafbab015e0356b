/* The pump: keep-alive connections that work through the planned phones as fast as the server answers (closed
 * loop), or as they arrive (open loop). It is what measures throughput, so a request costs as little as it
 * can: no memory is asked for, all that a connection has to say in a turn of the loop leaves in one write,
 * and so do the ledger's lines.
 *
 *   AWAY --(due)--> DIALING --(stands)--> OPEN --(lost, closed, silent)--> AWAY
 *
 * All connections stand before the run begins. Each has up to --depth requests out; a phone whose connection
 * is lost, or that is told to wait (503, 429), asks again under its key, unless --no-retry.
 *
 * Owner: struct bench. pump_open first; pump_close, then run the loop, then pump_done. */
#ifndef BENCH_PUMP_H
#define BENCH_PUMP_H

#include "due.h"
#include "http.h"

#define DEPTH_MAX 32

struct bench;
struct phone;
struct pump;

enum caller_state { CALLER_AWAY, CALLER_DIALING, CALLER_OPEN };
struct caller {
    struct pump *pump;
    struct http *http;
    struct due due;
    struct list idle, dirty;      /* links: has room for a request; has something to write */
    struct buf text;              /* what leaves at the end of this turn */
    struct phone *out[DEPTH_MAX]; /* a ring, as the answers will come */
    unsigned first, count, attempts;
    uint64_t since; /* when the oldest one out became the oldest */
    enum caller_state state;
};

struct pump {
    struct bench *bench;
    struct caller *callers;
    size_t count, dialed, standing;
    unsigned depth;
    bool running, open;  /* open loop */
    size_t next;         /* of the phones */
    struct list waiting; /* phones that have no connection yet */
    struct list idle, dirty;
    struct due due, beat; /* the next arrival; deadlines */
    uv_prepare_t prepare;
    uint64_t ends; /* no new requests from then on; 0 = when all are answered */
    uint64_t first_sent, last_ok, counted_from, succeeded; /* ns, ns, ns (the warm-up's end), answered well */
};

/* 0, or -1 without memory. Dials. */
int pump_open(struct bench *bench);
/* Every connection has stood. */
bool pump_ready(const struct pump *pump);
/* The phones have been prepared by phones_start. */
void pump_begin(struct pump *pump);
void pump_close(struct pump *pump);
void pump_done(struct pump *pump);
/* A phone's pause before another attempt is over. */
void pump_again(struct pump *pump, struct phone *phone);
/* Seconds from the warm-up's end (the first sending) to the last good answer, and what was answered well in
 * them. */
double pump_seconds(const struct pump *pump);
uint64_t pump_succeeded(const struct pump *pump);

#endif
