/* Host names of a conninfo -> addresses, in the thread pool: libpq would resolve them on the loop's thread.
 */
#ifndef DB_RESOLVE_H
#define DB_RESOLVE_H

#include <uv.h>

#include "base/err.h"

/* Lists with a comma between, as libpq takes them: one entry for each address of each name. */
struct resolved {
    char host[2048];
    char hostaddr[2048];
    char port[512];
};

struct resolve;
typedef void resolve_on_done(void *data, enum err err, const struct resolved *resolved);

/* The conninfo's host and port lists (ports may be NULL or a single one). ERR_NOT_FOUND: there is nothing to
 * resolve (paths, addresses, no host); then no callback comes. on_done: ERR_NONE, or ERR_IO when no name has
 * an address. */
enum err resolve_start(struct resolve **ret_resolve, uv_loop_t *loop, const char *hosts, const char *ports,
                       resolve_on_done *on_done, void *data);

/* No callback any more. NULL is accepted. The work ends by itself. */
void resolve_cancel(struct resolve *r);

#endif
