/* An HTTP/1.1 client on one connection: keep-alive (RFC 9112), requests one after the
 * other or pipelined.
 *
 * http_dial makes it; it frees itself: after http_close, or after `lost` has been called. `ready` is called
 * once, when the connection (TLS included) stands. The answer's body is borrowed for the call of `answered`.
 */
#ifndef BENCH_HTTP_H
#define BENCH_HTTP_H

#include <llhttp.h>

#include "base/list.h"
#include "conn.h"

struct http;
struct http_calls {
    void (*ready)(struct http *http);
    void (*answered)(struct http *http, int status, struct str body);
    void (*lost)(struct http *http, enum loss loss);
};

struct http {
    struct conn conn;
    llhttp_t parser;
    const struct http_calls *calls;
    struct buf body;
    struct list link;     /* for the owner */
    void *owner, *home;   /* whom the calls are for; whom it belongs to */
    unsigned retry_after; /* seconds, of the latest answer; 0 = not said */
    unsigned out;         /* requests without an answer yet */
    bool keep;            /* the latest answer lets the connection live */
    char field[16];       /* the header that is being read, lower case */
    char value[16];
};

/* NULL without memory or socket. */
struct http *http_dial(struct dial *dial, const struct http_calls *calls, void *owner);
/* One request, complete with its body. */
void http_send(struct http *http, struct str request);
/* One more answer is to come: for who writes requests to http->conn. */
static inline void http_expect(struct http *http)
{
    http->out++;
}
void http_close(struct http *http);

#endif
