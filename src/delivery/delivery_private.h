/* What delivery.c (life, what wakes it), delivery_turn.c (the queue) and delivery_send.c (what is sent)
 * share. */
#ifndef DELIVERY_DELIVERY_PRIVATE_H
#define DELIVERY_DELIVERY_PRIVATE_H

#include "delivery/delivery.h"

#include "db/batch.h"
#include "delivery/gateway.h"
#include "delivery/keeper.h"
#include "delivery/pace.h"
#include "delivery/relay.h"
#include "delivery/teller.h"

#define MAIL_LINES 4 /* on their way at once */
#define PUSH_LINES 16
#define MAILS      32 /* taken at once: a question for a handful costs the outbox as much as one for many */
#define PUSHES     64
#define PARCELS    (MAILS + PUSHES) /* the mails first */

/* What is pushed, until it is on its way: sealing takes its time, so one after the other. */
struct kept_letter {
    struct buf text;
    struct letter letter; /* of `text` */
};

struct delivery {
    struct delivery_options options;
    struct mailbox from;
    struct relay *relay;     /* null: the folder, or nothing */
    struct gateway *gateway; /* null: no push */
    struct listen *listen;
    struct ticker *ticker, *rest;
    struct parcel parcels[PARCELS];
    struct kept_letter letters[PUSHES]; /* of parcels[MAILS + i] */
    struct keeper keeper;
    struct pace pace; /* also the teller's */
    struct teller teller;
    struct arena arena;
    struct batch batch;
    unsigned mails, pushes; /* how many the batch in flight takes */
    uint64_t asked_ns;
    bool asking;                      /* a batch is in flight */
    bool resting;                     /* after it, while there is more for the next */
    bool feeding;                     /* parcels are being handed to their lines */
    bool mails_wanted, pushes_wanted; /* there may be some due */
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

/* A row of outbox_take or push_take goes into a free parcel of its kind, which waits for its line. */
void delivery_keep_mail(struct delivery *d, struct rows rows, int row);
void delivery_keep_push(struct delivery *d, struct rows rows, int row);

/* Hands what waits to the lines that are free, the oldest first; all of it back, when the worker goes. */
void delivery_feed(struct delivery *d);

/* The next question to the outbox, when there is one: what is done, and what is due. One at a time, with a
 * rest between them, in which more of both gathers. When nothing is under way any more, whoever waits for
 * that is told. */
void delivery_turn(struct delivery *d);
/* The rest is over (ticker_on_tick). */
void delivery_rested(void *data);

/* A parcel's verdict is there (parcel_on_done). */
void delivery_on_parcel(void *data, struct parcel *parcel);

/* Everything is settled after delivery_close. */
void delivery_finish(struct delivery *d);

#endif
