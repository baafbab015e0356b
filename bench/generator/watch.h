/* Sockets that only count: what comes is told apart by its bytes, not read again for each socket, so that one
 * process follows ten thousand of them for less than their server pays. Of todoke (with sessions) or of any
 * other server.
 *
 *   AWAY --(a place among --dialing)--> DIALING --(101)--> JOINING --(snapshot)--> UP
 *    ^---------(lost: counted; a lost one that was UP stays away)--'-------------'
 *
 * Owner: whoever holds the struct. After watches_drop(0), the loop must run until `busy` is 0, then
 * watches_done. */
#ifndef BENCH_WATCH_H
#define BENCH_WATCH_H

#include "live.h"
#include "sessions.h"

enum watch_state { WATCH_AWAY, WATCH_DIALING, WATCH_JOINING, WATCH_UP };

struct watches;
struct watch {
    struct live live;
    struct watches *of;
    const struct session *session; /* NULL: not todoke */
    struct buf hello;
    enum watch_state state;
    bool socket; /* `live` is in use until released */
    uint64_t events;
};

struct watches_options {
    struct live_hello hello; /* without the token */
    const char *topic;       /* of todoke; NULL: each session's own */
    bool subscribe;
    size_t dialing_max;
};

struct watches {
    struct dial *dial;
    struct watches_options options;
    struct watch *all;
    size_t room, wanted, dialing, up, busy; /* busy: not released yet */
    size_t next;                            /* where to look for the next one to dial */
    uint64_t failed, lost, odd;             /* not opened; lost when up; messages that nobody expects */
    uint64_t messages, events,
        bytes;            /* since watches_mark; an event is a row, or a message of other servers */
    const char *cipher;   /* of the socket that was opened last; NULL: plain */
    struct buf seen;      /* the message that was read last, */
    uint64_t seen_events; /* and what is in it */
};

/* `room` sockets at most. Sessions: NULL for other servers. 0, or -1 without memory or a session that fits.
 */
int watches_init(struct watches *watches, struct dial *dial, const struct watches_options *options,
                 const struct sessions *sessions, size_t room);
/* Opens up to `wanted` of them (never more than the room); again = also those that failed. */
void watches_raise(struct watches *watches, size_t wanted);
void watches_drop(struct watches *watches, size_t wanted);
void watches_mark(struct watches *watches);
/* The fewest and the most events that a socket has counted since the mark. */
void watches_range(const struct watches *watches, uint64_t *ret_least, uint64_t *ret_most);
void watches_done(struct watches *watches);

#endif
