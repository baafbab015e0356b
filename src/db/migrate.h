/* The schema's files, applied in order: `todoke migrate`, and the check at start-up.
 *
 * Files are embedded by `sqlc --embed NAME out.c files...` as `const struct embedded_file NAME[]`, ended by
 * {0}; the name is the path below the schema folder: "0001_city.sql", "functions/guardian_of.sql".
 *
 * NNNN_name.sql run once, in the order of their numbers, each in one transaction together with its record in
 * schema_migrations (version, name, sha256, applied_at). Forward only: there is no way down. A recorded file
 * that changed, or is gone, is an error. functions/x.sql (`create or replace`, recorded in schema_functions)
 * run again whenever they, or any migration before them in this run, changed: all in one transaction, in
 * alphabetical order, after the numbered ones. One at a time: an advisory lock of the session; a second
 * `migrate` waits for the first.
 *
 * Synchronous libpq: for subcommands and the start of the program, never on a running loop. */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct embedded_file {
    const char *name;           /* NULL ends the list */
    const unsigned char *bytes; /* followed by a NUL that is not counted */
    size_t n;
};

struct migrate_options {
    unsigned lock_timeout_ms; /* for one try; 0 = 5,000 */
    unsigned tries; /* of a file that hits lock_timeout or a deadlock; 0 = 10, half a second between them */
    FILE *out;      /* what it did, a line per file; NULL = quiet. Errors go to err_out */
    FILE *err_out;  /* NULL = stderr */
    const struct embedded_file
        *after; /* run after the functions, in their transaction (--fence-test), or NULL; when these change,
                   appear or are gone, the functions run again */
};

/* 0, or -1 with the reason on err_out. */
int migrate_run(const char *conninfo, const struct embedded_file *files,
                const struct migrate_options *options);

/* How many files are not applied as they are here (new, changed, gone): 0 = the schema is this program's. -1
 * when the database can't be asked. With the reasons, a line each, on `out` (NULL = quiet). A schema that is
 * newer than the program (unknown later versions) is not pending: during an upgrade the old program runs on.
 */
int migrate_pending(const char *conninfo, const struct embedded_file *files, FILE *out);

/* The same for a database that was migrated with `after` (a fence test): to migrate_pending such a one is
 * never right. */
int migrate_pending_after(const char *conninfo, const struct embedded_file *files,
                          const struct embedded_file *after, FILE *out);

#endif
