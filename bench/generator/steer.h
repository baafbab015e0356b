/* `todoke-bench screens`: sockets that the suite steers by lines on stdin, one JSON line on stdout for each:
 *
 *   raise N    opens sockets until N are up, --dialing at once     answered when they are, or after --raise
 * seconds drop N     closes all but N                                    answered when they are closed mark
 * counts from 0                                       answered at once, as is: count await N    waits for N
 * events since the mark                   answered when they are there, or after --settle seconds
 *
 * Between two looks at its sockets it sleeps --nap milliseconds, but while they are opened. Otherwise each
 * frame that is sent over loopback wakes this process on the other core, and the sender pays for that: up to
 * half of all that a delivery costs it, and nothing that a server whose clients are elsewhere would see.
 *
 * The end of stdin ends it. The answer (watch.h):
 * {"up","failed","lost","odd","messages","events","bytes","cipher","least","most", "cpu","seconds"}; cpu and
 * seconds are since the start. */
#ifndef BENCH_STEER_H
#define BENCH_STEER_H

#include "options.h"

/* The exit code: 0; 1 when sockets were lost or said what nobody expects; 2 when it could not start. */
int steer(const struct options *options);

#endif
