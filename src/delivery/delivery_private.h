/* What delivery.c (life, what wakes it) and delivery_turn.c (the queue) share. */
#ifndef DELIVERY_DELIVERY_PRIVATE_H
#define DELIVERY_DELIVERY_PRIVATE_H

#include "delivery/delivery.h"

#include "db/batch.h"
#include "delivery/keeper.h"
#include "delivery/relay.h"

#define PARCELS 4 /* on their way at once */

struct delivery {
    struct delivery_options options;
    struct mailbox from;
    struct relay *relay; /* null: the folder, or nothing */
    struct listen *listen;
    struct ticker *ticker;
    struct parcel parcels[PARCELS];
    struct keeper keeper;
    struct arena arena;
    struct batch batch;
    unsigned settling; /* of the batch in flight: parcels [bits] that it settles, */
    unsigned taking;   /* and how many it takes */
    bool asking;       /* a batch is in flight */
    bool wanted;       /* there may be something due */
    bool draining, closing;
    unsigned ticks;
    unsigned pause, next_pause; /* ticks */
    double allowance;           /* mails that the rate lets out now */
    void (*on_drained)(void *data);
    void *drained_data;
    void (*on_closed)(void *data);
    void *closed_data;
};

/* Is there a relay or a folder? */
bool delivery_sends(const struct delivery *d);

/* The next question to the outbox, when there is one: what is done, and what is due. One at a time. When
 * nothing is under way any more, whoever waits for that is told. */
void delivery_turn(struct delivery *d);

/* A parcel's verdict is there (parcel_on_done). */
void delivery_on_parcel(void *data, struct parcel *parcel);

/* Everything is settled after delivery_close. */
void delivery_finish(struct delivery *d);

#endif
