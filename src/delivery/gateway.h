/* The browsers' push services (RFC 8030): a POST for each push, by libcurl's multi interface on the loop,
 * over few connections (HTTP/2 where they speak it) that are kept.
 *
 * A push service that is in trouble (no connection, 5xx, 401 or 403) is given a rest, 1 s doubling to 32 s or
 * what its Retry-After says; the others go on. What an address may lead to is looked at again when a name has
 * been resolved (push_allows_address). Nothing of an answer's text is kept. */
#ifndef DELIVERY_GATEWAY_H
#define DELIVERY_GATEWAY_H

#include <uv.h>

#include "delivery/parcel.h"
#include "push/push.h"

#define GATEWAY_LINES_MAX 32
#define GATEWAYS_RESTING  8

struct gateway;

struct gateway_options {
    uv_loop_t *loop;
    struct push *push;
    const char *ca;      /* PEM: who may have signed the push services' certificates; null: the system's */
    unsigned lines;      /* pushes at once, at most GATEWAY_LINES_MAX */
    unsigned patience_s; /* for one try; 0: 20. Less than push_take's lease */
    parcel_on_done *on_done;
    void *data;
};

/* Everything that is given is borrowed until gateway_free. Null: no memory. */
struct gateway *gateway_new(const struct gateway_options *options);

/* What is pushed, as push_take gives it. */
struct letter {
    struct str endpoint, p256dh, auth, body, topic, urgency;
    int64_t ttl_s;
};

/* Begins; the parcel is borrowed until on_done, which comes later on the loop. Fails with a verdict in the
 * parcel: nothing has begun. */
int gateway_send(struct gateway *gateway, struct parcel *parcel, const struct letter *letter);

/* The push services that rest: how many, their names in `ret`, borrowed until the next call of any. */
size_t gateway_resting(struct gateway *gateway, struct str ret[GATEWAYS_RESTING]);

/* Breaks off what is under way: its on_done comes from inside the call. It may have arrived all the same. */
void gateway_stop(struct gateway *gateway);

/* Every parcel must be done. Null is accepted. */
void gateway_free(struct gateway *gateway);

#endif
