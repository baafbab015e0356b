/* What is to be told becomes rows of the outbox: a few at a time, with rests (pace.h), so that a rush of
 * reports is not told at the cost of taking them. Every worker has one; the database gives each telling to
 * one of them (tellings_expand). */
#ifndef DELIVERY_TELLER_H
#define DELIVERY_TELLER_H

#include "db/batch.h"

struct ticker;
struct pace;

/* Embedded in its owner, zeroed. */
struct teller {
    struct db *db;
    const struct pace *pace;
    struct ticker *ticker;
    bool busy, resting, wanted, stopped;
    uint64_t begun_ns;
    int64_t most; /* what the batch in flight takes */
    struct arena arena;
    struct batch batch;
};

/* `pace` is borrowed until teller_done. -1: no memory. */
int teller_open(struct teller *teller, uv_loop_t *loop, struct db *db, const struct pace *pace);
/* There may be something to tell. */
void teller_wake(struct teller *teller);
/* Begins nothing more. */
void teller_stop(struct teller *teller);
/* No callback comes after this. What is under way is done or undone by the database alone. */
void teller_done(struct teller *teller);

#endif
