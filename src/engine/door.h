/* The door: how many requests may be inside at once, and who is turned away when more come.
 *
 * Every INTERVAL it looks at two things. How long were those inside that left (a database that is slow or
 * stands still)? Longer than STAY on average: only so many are let in as leave within STAY at the interval's
 * rate (Little's law), but not less than half of what was allowed before. Nobody left though there was a
 * crowd: half of it. And how long did those who ask lie in the kernel before they were heard (a core that is
 * full)? Longer than WAIT, not less than in the interval before, and somebody was turned away: that begins to
 * wait behind serving people, so a quarter less is let in. A crowd that finds room may wait to be heard. A
 * pause opens the door. Otherwise the limit grows again: fast while nobody waits, else slowly.
 *
 * The three classes see one queue and get different shares of it, so the lower one is turned away first:
 * writes of people while fewer than WRITES x limit are inside, reads below the limit, exports below a part of
 * it. Writes wait longer, but are refused last: who reports a child would rather wait a moment than try
 * again.
 *
 * Pure: the caller gives the time. Exports and what waits for the thread pool ask at the door but are not
 * counted: how long they take says nothing about the queue, and they have bounded queues of their own. */
#ifndef ENGINE_DOOR_H
#define ENGINE_DOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

#define DOOR_INTERVAL_NS (100 * NS_PER_MS)
#define DOOR_PAUSE_NS    (3 * DOOR_INTERVAL_NS)
#define DOOR_STAY_NS     (250 * NS_PER_MS)
#define DOOR_WAIT_NS     (10 * NS_PER_MS)
#define DOOR_LIMIT_MIN   128u
#define DOOR_LIMIT_MAX   1024u
#define DOOR_WRITES      2u /* times the limit */
#define DOOR_EXPORTS     2u /* the limit divided by */

enum door_class { DOOR_WRITE, DOOR_READ, DOOR_EXPORT, DOOR_CLASSES };

struct door {
    unsigned limit, inside;
    unsigned turned;   /* away, for Retry-After */
    uint64_t wait_ns;  /* in the last interval */
    uint64_t since_ns; /* this interval: */
    uint64_t stayed_ns, waited_ns;
    unsigned left, heard;
    bool full; /* a write or a read was turned away */
};

void door_init(struct door *door, uint64_t now_ns);
/* One that asks has waited so long to be heard. */
void door_heard(struct door *door, uint64_t waited_ns);
/* May one of this class come in? */
bool door_admits(struct door *door, enum door_class class, uint64_t now_ns);
void door_enter(struct door *door);
/* `answered`: it was served to its end; who went away says nothing. */
void door_leave(struct door *door, uint64_t entered_ns, uint64_t now_ns, bool answered);
/* Seconds for Retry-After: the lower classes later, and not all of the same moment at once. */
unsigned door_retry_after(struct door *door, enum door_class class);

#endif
