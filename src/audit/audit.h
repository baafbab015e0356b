/* `todoke audit`: is the log whole?
 *
 *   todoke audit verify [--anchor SEQ:HASH]...   walks the chain; exit 0: whole, 1: broken, said where
 *   todoke audit anchor                          prints its head, SEQ:HASH, to be kept elsewhere
 *
 * Synchronous libpq, one read-only snapshot, a few thousand links at a time. The hashes are computed here and
 * the rows' text is put together by our own query: no function of the database is trusted. */
#ifndef AUDIT_H
#define AUDIT_H

/* Returns an exit status: 2 is a usage error or no database. */
int audit_command(const char *conninfo, int argc, char **argv);

#endif
