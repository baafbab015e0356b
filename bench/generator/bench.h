/* The object graph of one run. One loop, one thread. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "curve.h"
#include "dash.h"
#include "due.h"
#include "glass.h"
#include "ledger.h"
#include "lines.h"
#include "meter.h"
#include "options.h"
#include "pump.h"
#include "request.h"
#include "sessions.h"

/* Why an attempt was made again. The first LOSS_KINDS are enum loss. */
enum { RETRY_BUSY = LOSS_KINDS, RETRY_KINDS };

struct counts {
    uint64_t looked, acknowledged;
    uint64_t refused, gave_up; /* both are errors */
    uint64_t retries[RETRY_KINDS];
    uint64_t untold; /* told to wait (503, 429), but not how long */
    uint64_t statuses[600];
    struct step_count {
        uint64_t offered, ok;
        uint64_t refused, told_when; /* told to wait (503, 429) in the end; with Retry-After */
        uint64_t failed, lost;       /* any other answer; none */
    } steps[STEPS];
};

/* One second of the run, by when things happened. */
struct second {
    uint32_t due, acknowledged, shown, retried;
    uint32_t busy;    /* of the retried: told to wait; the others lost their connection */
    uint64_t slowest; /* ns, acknowledgement */
    struct {
        uint32_t offered, ok, refused;
    } steps[STEPS];
};
#define SECONDS_MAX 3600

enum timing {
    T_CONNECT,
    T_LOOK,
    T_ACK,
    T_SERVICE,
    T_LATE,
    T_CLASS,
    T_SCHOOL,
    T_ALL,
    T_RAISE,
    T_HEAL,
    T_EXPORT,
    T_SIGN_IN,
    T_REFUSED, /* + enum step */
    T_LAG = T_REFUSED + STEPS,
    TIMINGS
};
const char *timing_name(enum timing timing);

/* PREFLIGHT -> RAISING (dashboards come up) -> RUNNING -> SETTLING (last rows) -> LINGERING (late ones) ->
 * CLOSING */
enum phase { PREFLIGHT, RAISING, RUNNING, SETTLING, LINGERING, CLOSING };

struct scenario;
struct phone;
struct bench {
    const struct scenario *scenario;
    struct options options;
    uv_loop_t loop;
    struct dues dues;
    struct dial dial;
    struct lines lines;
    struct sessions sessions;
    struct dice dice;
    struct ledger ledger;
    struct glass glass;
    struct dashes dashes;
    struct meter meter;
    struct words words;
    struct pump pump;
    struct phone *phones;
    size_t phone_count, phones_left;
    size_t shard, shards; /* shards 0 = the whole plan */
    const char *host, *origin;
    char *origin_made;
    uint64_t reason_id;
    int64_t first_day;
    enum phase phase;
    uint64_t phase_since, started; /* ns; `started` = the curve's zero, ... */
    int64_t began;                 /* ... and in Unix milliseconds */
    struct due beat;
    struct hist timings[TIMINGS];
    struct counts counts;
    struct second *seconds;
    uint64_t last_ack, longest_silence; /* ns, between two acknowledgements */
    bool failed;                        /* memory, or the server was never there */
};

/* A row of the scenario table. */
struct scenario {
    const char *name, *help;
    struct options defaults;
    bool phones;       /* guardians come along a curve */
    bool pumped;       /* ... over the pump's connections: as fast as the server answers, */
    bool arrivals;     /* or in the open model */
    bool timed;        /* the pump ends after --seconds */
    bool signs_in;     /* guardians without a session, who want one */
    bool idle_sockets; /* --sockets of them instead of the dashboards */
    bool steered;      /* commands come on stdin (steer.h) */
};
const struct scenario *scenario_find(const char *name);
const struct scenario *scenario_at(size_t index);

/* The current second's cell; never NULL (the last one takes what is beyond SECONDS_MAX). */
struct second *bench_second(struct bench *bench, uint64_t at);
static inline uint64_t ns_of(double seconds)
{
    return (uint64_t)(seconds * 1e9);
}

#endif
