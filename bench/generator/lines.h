/* The lines: HTTP connections, handed out to wishes (one phone's wish to speak), bounded in number.
 *
 *   IDLE --line_want--> QUEUED --(a place is free)--> DIALING --(stands)--> HELD --line_give--> IDLE
 *                          `--(reuse: an idle line)-----------------------^
 *   DIALING or HELD --(connection lost)--> IDLE (`lost` is called)
 *   any --line_drop--> IDLE
 *
 * Without reuse each wish gets a new connection, as real phones do. With reuse connections are kept and go
 * from wish to wish. More wishes than connections wait in a queue, first come first served (their latency
 * counts on).
 *
 * Owner: struct bench owns the lines, the phone embeds its wish. Calls may come from inside line_want. */
#ifndef BENCH_LINES_H
#define BENCH_LINES_H

#include "hist.h"
#include "http.h"

enum wish_state { WISH_IDLE, WISH_QUEUED, WISH_DIALING, WISH_HELD };

struct wish;
struct wish_calls {
    void (*granted)(struct wish *wish);
    void (*answered)(struct wish *wish, int status, struct str body);
    void (*lost)(struct wish *wish, enum loss loss); /* the wish is IDLE again */
};
struct wish {
    enum wish_state state;
    struct http *http; /* when DIALING or HELD */
    struct list link;  /* when QUEUED */
    const struct wish_calls *calls;
};

struct lines {
    struct dial *dial;
    bool reuse;
    unsigned limit, open, most_open;
    unsigned waiting, most_waiting;
    struct list idle, queue;
    struct hist *connect; /* TCP and TLS handshake, ns */
};

void lines_init(struct lines *lines, struct dial *dial, bool reuse, unsigned limit, struct hist *connect);
/* Closes the idle lines; no wish may be pending. */
void lines_close(struct lines *lines);

void wish_init(struct wish *wish, const struct wish_calls *calls);
void line_want(struct lines *lines, struct wish *wish);
/* Back after an answer. */
void line_give(struct lines *lines, struct wish *wish);
/* Gives the wish up in any state; a held connection is closed. Nothing is called. */
void line_drop(struct lines *lines, struct wish *wish);

#endif
