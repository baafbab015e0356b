/* What gateway.c (pushes), gateway_loop.c (libcurl on the loop) and gateway_rest.c (trouble) share. */
#ifndef DELIVERY_GATEWAY_PRIVATE_H
#define DELIVERY_GATEWAY_PRIVATE_H

#include "delivery/gateway.h"

#include <curl/curl.h>

#include "base/list.h"

/* Connections that are used for a while and then given up together. */
struct gateway_round {
    struct gateway *gateway;
    CURLM *multi;
    struct ticker *ticker;
    struct list sockets;
    unsigned pushes; /* begun */
    unsigned under_way;
};

/* One push under way. */
struct gateway_line {
    CURL *easy; /* made once, used again */
    struct gateway_round *round;
    struct curl_slist *headers;
    struct parcel *parcel; /* null: free */
    char host[PUSH_GATEWAY_MAX + 1];
};

/* A push service in trouble. */
struct rest {
    char host[PUSH_GATEWAY_MAX + 1]; /* "": none */
    uint64_t until_ns;
    unsigned next_s;
};

struct gateway {
    struct gateway_options options;
    struct gateway_round rounds[2], *round; /* the one that pushes begin in */
    struct gateway_line lines[GATEWAY_LINES_MAX];
    struct rest rests[GATEWAYS_RESTING];
};

/* libcurl's sockets and timers on the loop. 0, or -1: no memory. */
int gateway_loop_open(struct gateway *gateway);
void gateway_loop_close(struct gateway *gateway);
/* The line's push begins, over connections that are fresh enough; ended or broken off, it leaves them. 0, or
 * -1: no memory. */
int gateway_loop_join(struct gateway *gateway, struct gateway_line *line);
void gateway_loop_leave(struct gateway_line *line);
/* A transfer has ended. */
void gateway_on_done(struct gateway *gateway, CURL *easy, CURLcode code);

/* Nothing to this host for a while: the verdict's delay, or, without one, twice as long as the last. */
void rest_begin(struct gateway *gateway, const char *host, const struct verdict *verdict);
/* Has it a rest? */
bool rest_is_on(struct gateway *gateway, const char *host);
/* It works (again). */
void rest_end(struct gateway *gateway, const char *host);

/* What an answer means for the push (RFC 8030, 5 and 7). */
struct verdict gateway_verdict(long status, long retry_after_s);

#endif
