/* Who may come in (door.h), and what is said to those who may not: 503, Retry-After and a problem document
 * that lies ready, decided on the request's line and headers. Health pages, the web app and live sockets do
 * not ask. */
#ifndef ENGINE_ADMIT_H
#define ENGINE_ADMIT_H

#include "base/buf.h"
#include "codec/enc.h"
#include "engine/door.h"
#include "engine/module.h"
#include "net/http1.h"

struct admit {
    struct door door;
    unsigned asked;
    struct buf lines[2];            /* the header, but for Retry-After, by enum enc_format */
    struct buf busy[2];             /* and the document */
    unsigned refused[DOOR_CLASSES]; /* since it was logged */
    uint64_t logged_ns;
};

/* 0, or -1 when memory is out. */
int admit_init(struct admit *admit);
void admit_done(struct admit *admit);
/* False: answered. */
bool admit_head(struct admit *admit, struct http_request *http, const struct route *route);
/* Does the door count requests of this route? */
bool admit_counts(const struct route *route);
/* The value of Retry-After for a 503 that was not decided at the door. */
struct str admit_retry_after(struct admit *admit);

#endif
