/* What goes out, by mail and as Web Push: takes due rows of the outbox, hands them to a transport, and says
 * in the outbox what became of them. And what is to be told (tellings) becomes rows of the outbox.
 *
 * One per worker, on its loop. A row is taken under a lease (outbox_take) and settled afterwards
 * (outbox_settle), so a worker that dies leaves its mails to the others, once the lease is over. In the
 * outbox each mail is done exactly once; at the mail server's edge it is at least once: where an answer is
 * lost after the mail was handed over, it goes out again under the same Message-ID.
 *
 * NOTIFY on channel "outbox" wakes it; a tick each second does the rest: retries, the rate, the purges.
 * Without a relay or a folder mails wait in the outbox until they expire, without a key pushes do. */
#ifndef DELIVERY_DELIVERY_H
#define DELIVERY_DELIVERY_H

#include <uv.h>

#include "base/buf.h"
#include "db/pool.h"

struct delivery;
struct push;

struct delivery_options {
    uv_loop_t *loop;
    struct db *db;
    const char *conninfo;                  /* for LISTEN */
    const char *from;                      /* "name <address>" */
    const char *relay;                     /* URL: see relay.h; may be null */
    const char *dir;                       /* instead of a relay; may be null */
    const char *user, *password_file, *ca; /* of the relay; may be null */
    double per_second;                     /* this worker's share of the rate */
    struct push *push;                     /* null: no push */
    const char *push_ca;                   /* PEM, for the push services' certificates; may be null */
    double pushes_per_second;              /* this worker's share */
    bool demo;                             /* keep what was sent in demo_mails */
    bool keeper;                           /* this worker counts, expires and purges for all */
};

/* Null on failure, with a line in `message`. All that is given is borrowed until closed, but for `message`.
 */
struct delivery *delivery_new(const struct delivery_options *options, struct buf *message);

/* Takes nothing more; on_drained when what is under way is sent and settled (perhaps at once, inside the
 * call). */
void delivery_drain(struct delivery *delivery, void (*on_drained)(void *data), void *data);

/* Breaks off what is under way and returns it to the outbox. on_closed when that is done; it is then freed.
 * Accepts null (on_closed is then called at once). The database outlives it. */
void delivery_close(struct delivery *delivery, void (*on_closed)(void *data), void *data);

#endif
