/* How long what nobody waits for stands back between two pieces of work, so that what somebody waits for is
 * not slower for it: four times as long as the last piece took; while the machine has no CPU to spare, as in
 * a rush of reports, twenty times. At least 20 ms, in which more gathers for the next piece; at most a
 * second. */
#ifndef DELIVERY_PACE_H
#define DELIVERY_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed: the machine is taken to have CPU to spare. */
struct pace {
    uint64_t spare, whole; /* of all CPUs since the machine started, as of the last look: in ticks */
    bool busy;
};

/* Call it each second: what was spare since the last call, by /proc/stat (proc(5)). */
void pace_look(struct pace *pace);
/* The same, of its first line. What can't be read changes nothing. */
void pace_note(struct pace *pace, const char *line);

uint64_t pace_rest_ms(const struct pace *pace, uint64_t work_ns);

#endif
