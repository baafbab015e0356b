/* One mail or push on its way out, and what became of it. Parcels belong to the sender (delivery.c), a fixed
 * number of them; a transport (relay, maildir, gateway) borrows one from the call that hands it over until
 * its on_done. */
#ifndef DELIVERY_PARCEL_H
#define DELIVERY_PARCEL_H

#include "base/arena.h"
#include "base/buf.h"

/* What the statement outbox_settle knows, under these names. */
enum outcome {
    OUTCOME_SENT,
    OUTCOME_REFUSED,  /* for good */
    OUTCOME_DEAD,     /* for good, because of the address, or the device */
    OUTCOME_LATER,    /* this one may do better later */
    OUTCOME_RETURNED, /* it was not to blame, or not tried */
};

struct verdict {
    enum outcome outcome;
    bool trouble;   /* nothing gets through at the moment: wait before the next one */
    long delay_s;   /* OUTCOME_LATER: not before */
    char error[40]; /* a class and the server's codes; "" when sent. Never the server's text: it may name
                       somebody */
};

enum parcel_state {
    PARCEL_FREE,
    PARCEL_WAITING, /* taken from the outbox, for a transport's line */
    PARCEL_SENDING,
    PARCEL_DONE,     /* there is a verdict, */
    PARCEL_SETTLING, /* and the outbox is being told */
};

struct parcel {
    enum parcel_state state;
    int64_t id, attempt, made_ms;
    uint64_t taken_ns;  /* the outbox's lease runs from a little before */
    struct buf address; /* NUL-terminated; a push's endpoint */
    struct buf message; /* the whole of it, as it travels */
    struct verdict verdict;
    void *transport; /* the transport's own, while it is sending */
};

/* The parcel's verdict is there. May come from inside the call that handed it over. */
typedef void parcel_on_done(void *data, struct parcel *parcel);

#endif
