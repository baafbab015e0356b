/* One attempt to connect, without blocking: names, TCP or socket, TLS, authentication, the right kind of
 * server.
 *
 * struct connector is embedded in its owner and reused for the next attempt. connect_start -> on_done (once),
 * unless connect_cancel comes first. On success the PGconn is the owner's (non-blocking already). Fault
 * point: "db.connect". */
#ifndef DB_CONNECT_H
#define DB_CONNECT_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "db/handle.h"
#include "db/resolve.h"

struct connector;

/* pg NULL = failed: `message` says why in one line (borrowed during the call; no password is in it). */
typedef void connect_on_done(void *data, PGconn *pg, const char *message);

struct connect_options {
    const char *conninfo;
    const char *application_name;
    unsigned statement_timeout_ms; /* 0 = the server's */
    unsigned timeout_ms;           /* for each host of an attempt; 0 = 3,000 */
    bool any_server;
};

struct connector {
    uv_loop_t *loop;
    struct connect_options options;
    connect_on_done *on_done;
    void *data;
    PGconn *pg;
    struct poller *poller;
    struct ticker *ticker;
    struct resolve *resolve;
};

void connect_init(struct connector *c, uv_loop_t *loop, const struct connect_options *options,
                  connect_on_done *on_done, void *data);

/* ERR_NOMEM, ERR_INVALID (conninfo), ERR_IO: then on_done does not come. */
enum err connect_start(struct connector *c);
void connect_cancel(struct connector *c);

/* Can this conninfo be read? false with a message appended. */
struct buf;
bool connect_parses(const char *conninfo, struct buf *message);

/* How long to wait before attempt n (from 0): 50 ms doubling to 2 s, half of it by chance. */
unsigned connect_backoff_ms(unsigned attempt);

#endif
