/* The mail server that takes everything, by libcurl's SMTP.
 *
 *   smtp://host[:25]            no encryption: a relay on this machine or in a network that is trusted
 *   smtps://host[:465]          TLS from the first byte
 *   smtp+starttls://host[:587]  STARTTLS, or no mail
 *
 * libcurl waits for the answer to a message, and to QUIT, inside its calls, with the multi interface too
 * (smtp_done). So a few lines, each a thread with one connection, do the talking, and the loop never waits. A
 * line keeps its connection for the next mail for a while.
 * A mail that takes longer than 60 s is broken off; one whose kept connection turns out to be stale has a
 * second try.
 */
#ifndef DELIVERY_RELAY_H
#define DELIVERY_RELAY_H

#include <uv.h>

#include "delivery/address.h"
#include "delivery/parcel.h"

#define RELAY_LINES_MAX 16

struct relay;

struct relay_options {
    uv_loop_t *loop;
    const char *url;
    const char *user, *password_file; /* both or none; only with TLS */
    const char *ca;      /* PEM: who may have signed the relay's certificate; null: the system's */
    struct str from;     /* the envelope's sender */
    unsigned lines;      /* mails at once, at most RELAY_LINES_MAX */
    unsigned patience_s; /* for one try; 0: 60. Two are less than outbox_take's lease */
    parcel_on_done *on_done;
    void *data;
};

/* Everything that is given is borrowed until relay_free. Null on failure, with a line in `message`. */
struct relay *relay_new(const struct relay_options *options, struct buf *message);

/* Begins; the parcel is borrowed until on_done, which comes later on the loop. At most `lines` parcels at
 * once. -1: no memory, no thread; nothing has begun. */
int relay_send(struct relay *relay, struct parcel *parcel);

/* Breaks off what is under way: its on_done comes within a second. It may have arrived all the same. */
void relay_stop(struct relay *relay);

/* Every parcel must be done. Null is accepted. */
void relay_free(struct relay *relay);

#endif
