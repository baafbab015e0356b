/* A file on its way: written by threads into a file without a name, then sent in pieces as the client takes
 * them. It is never whole in memory, and gone with its descriptor. */
#ifndef ENGINE_SPOOL_H
#define ENGINE_SPOOL_H

#include "engine/request.h"

#define SPOOL_PIECE   262144u
#define SPOOL_SEND_MS 900000u /* a client that has not taken it all by then is cut off */

/* $TMPDIR, or /var/tmp. */
const char *spool_folder(void);
/* A descriptor, or -1 with errno. */
int spool_open(void);
/* Answers with the whole file, and takes the descriptor over. `name`: to keep it under. *count is less by one
 * once the file is no longer needed; it must outlive the engine's connections. */
void spool_reply(struct request *rq, const char *type, struct str name, int fd, unsigned *count);

#endif
