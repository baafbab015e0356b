/* What migrate.c (what to do) and migrate_apply.c (doing it) share. */
#ifndef DB_MIGRATE_PRIVATE_H
#define DB_MIGRATE_PRIVATE_H

#include <libpq-fe.h>

#include "db/migrate.h"

#define MIGRATE_HEX 65 /* a SHA-256 in hexadecimal, with a NUL */

struct migrate {
    PGconn *pg;
    FILE *out, *err_out; /* out NULL = quiet */
    unsigned lock_timeout_ms, tries;
    bool changed; /* a numbered file was applied in this run */
};

enum migrate_kind { MIGRATE_NUMBERED, MIGRATE_FUNCTION, MIGRATE_AFTER };

__attribute__((format(printf, 2, 3))) void migrate_say(FILE *out, const char *format, ...);

/* Runs one query that must succeed; NULL after saying why on err_out. `what` names it. */
PGresult *migrate_query(struct migrate *m, const char *what, const char *sql, int n,
                        const char *const *values);

/* The file's checksum, by the server. */
int migrate_sum(struct migrate *m, const struct embedded_file *file, char ret_hex[MIGRATE_HEX]);

/* The NNNN of "NNNN_name.sql"; -1 when the name is not of this form. */
int migrate_version(const char *name);
bool migrate_is_function(const char *name);

/* Applies a numbered file with its record; all functions with theirs. 0 or -1 (said why). */
int migrate_apply(struct migrate *m, const struct embedded_file *file, const char *hex);
int migrate_functions(struct migrate *m, const struct embedded_file *files,
                      const struct embedded_file *after);

#endif
