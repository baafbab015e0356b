/* The outbox's housekeeping, by one worker for all: what waits is counted, what is too late expires, what is
 * old goes. */
#ifndef DELIVERY_KEEPER_H
#define DELIVERY_KEEPER_H

#include "db/batch.h"

/* Embedded in its owner, zeroed but for db. */
struct keeper {
    struct db *db;
    unsigned round;
    bool busy;
    struct arena arena;
    struct batch batch;
};

/* Every few seconds. */
void keeper_round(struct keeper *keeper);
/* No callback comes after this. May be called whether or not it ever ran. */
void keeper_done(struct keeper *keeper);

#endif
