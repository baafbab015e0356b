/* How far what nobody waits for stands back, so that what somebody waits for is not slower for it. While half
 * of the CPUs that are ours is to spare, it rests four times as long as the last piece of work took, at
 * least 50 ms, in which more gathers for the next. As there is less to spare, as in a rush of reports, the
 * rests grow and the pieces shrink; at a quarter twenty times, at least 400 ms, for a quarter of the piece.
 * At most a second. */
#ifndef DELIVERY_PACE_H
#define DELIVERY_PACE_H

#include <sched.h>
#include <stdint.h>

/* Zeroed: the machine is taken to have CPU to spare. */
struct pace {
    uint64_t spare, whole; /* of our CPUs since the machine started, as of the last look: in ticks */
    unsigned busy;         /* of 100: 0, half of the CPU is to spare; 100, a quarter or less */
};

/* Call it each second: what was spare since the last call, of the CPUs that this thread may run on (another
 * container's are no help), by /proc/stat (proc(5)). */
void pace_look(struct pace *pace);
/* The same, of that file's text. What can't be read changes nothing. */
void pace_note(struct pace *pace, const char *stat, const cpu_set_t *ours);

uint64_t pace_rest_ms(const struct pace *pace, uint64_t work_ns);

/* How much to do at once, where `most` is the most: at least a quarter. */
unsigned pace_piece(const struct pace *pace, unsigned most);

#endif
