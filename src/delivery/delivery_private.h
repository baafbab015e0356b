/* What delivery.c (life, what wakes it), delivery_turn.c (the queue) and delivery_send.c (what is sent)
 * share. */
#ifndef DELIVERY_DELIVERY_PRIVATE_H
#define DELIVERY_DELIVERY_PRIVATE_H

#include "delivery/delivery.h"

#include "db/batch.h"
#include "delivery/gateway.h"
#include "delivery/keeper.h"
#include "delivery/relay.h"
#include "delivery/teller.h"

#define MAILS   4 /* on their way at once */
#define PUSHES  16
#define PARCELS (MAILS + PUSHES) /* the mails first */

struct delivery {
    struct delivery_options options;
    struct mailbox from;
    struct relay *relay;     /* null: the folder, or nothing */
    struct gateway *gateway; /* null: no push */
    struct listen *listen;
    struct ticker *ticker;
    struct parcel parcels[PARCELS];
    struct keeper keeper;
    struct teller teller;
    struct arena arena;
    struct batch batch;
    unsigned settling;      /* of the batch in flight: parcels [bits] that it settles, */
    unsigned mails, pushes; /* and how many it takes */
    bool asking;            /* a batch is in flight */
    bool wanted;            /* there may be something due */
    bool draining, closing;
    bool rested;   /* a push service did, a tick ago */
    bool stopping; /* pushes are broken off: one turn, when all are */
    unsigned ticks;
    unsigned pause, next_pause; /* ticks */
    double allowance;           /* mails that the rate lets out now, */
    double push_allowance;      /* and pushes */
    void (*on_drained)(void *data);
    void *drained_data;
    void (*on_closed)(void *data);
    void *closed_data;
};

/* Is there a relay or a folder? */
bool delivery_mails(const struct delivery *d);

/* What outbox_settle calls them. */
extern const char *const outcome_names[];

/* A row of outbox_take or push_take goes into a free parcel of its kind, and out. */
void delivery_send_mail(struct delivery *d, struct rows rows, int row);
void delivery_send_push(struct delivery *d, struct rows rows, int row);

/* The next question to the outbox, when there is one: what is done, and what is due. One at a time. When
 * nothing is under way any more, whoever waits for that is told. */
void delivery_turn(struct delivery *d);

/* A parcel's verdict is there (parcel_on_done). */
void delivery_on_parcel(void *data, struct parcel *parcel);

/* Everything is settled after delivery_close. */
void delivery_finish(struct delivery *d);

#endif
