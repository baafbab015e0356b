/* The memory that a supervisor and its workers share: the counters, and the keys of TLS session tickets (so
 * that a ticket of one worker, or of a replaced one, resumes at another). A memfd, inherited by its number.
 */
#ifndef SHARED_H
#define SHARED_H

#include <stdint.h>

#include "net/tls.h"

/* Two for each worker: while one is replaced, both it and its successor count. */
#define SHARED_SLOTS(workers) (2 * (workers))

struct shared_memory {
    unsigned workers;
    uint8_t ticket_keys[TLS_TICKET_KEY_BYTES];
    _Alignas(64) unsigned char metrics[]; /* base/metrics.h */
};

/* Makes and fills it. Returns the descriptor (closed on exec), or -1. */
int shared_create(unsigned workers);
/* Maps it for the life of the process; null on failure. */
struct shared_memory *shared_map(int fd);

#endif
