/* LISTEN on a connection of its own.
 *
 * Notifications are hints: whoever listens must be able to start over. on_gap comes after each connect, the
 * first too, once LISTEN is in force on every channel: whatever happened before may have been missed, so read
 * afresh. A heartbeat (`select 1` every 2 s, 2 s to answer) finds a dead connection within seconds; then it
 * reconnects with back-off, for ever.
 *
 * Owned by the caller; listen_close frees it, from on_closed on. db_close does not close listeners. Callbacks
 * come on the loop's thread; the strings are borrowed during the call. A callback may call listen_close. */
#ifndef DB_LISTEN_H
#define DB_LISTEN_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "base/str.h"

struct listen;

typedef void listen_on_notify(void *data, struct str channel, struct str payload);
typedef void listen_on_gap(void *data);
typedef void listen_on_lost(void *data); /* the connection went: live views are stale until on_gap */

struct listen_options {
    const char *conninfo;        /* borrowed until closed */
    const char *const *channels; /* NULL-terminated; borrowed until closed */
    listen_on_notify *on_notify;
    listen_on_gap *on_gap;
    listen_on_lost *on_lost; /* may be NULL */
    void *data;
    unsigned heartbeat_ms; /* 0 = 2,000 */
    bool any_server;       /* do not ask for a server that takes writes */
};

/* ERR_NOMEM, ERR_INVALID (conninfo). */
enum err listen_open(struct listen **ret_listen, uv_loop_t *loop, const struct listen_options *options);

/* Is LISTEN in force? */
bool listen_up(const struct listen *l);

/* No callback but on_closed (may be NULL) comes after this. NULL is accepted (on_closed is then not called).
 */
void listen_close(struct listen *l, void (*on_closed)(void *data), void *data);

#endif
