/* What the server said when a statement failed. Fixed size, copied: no lifetime to think of.
 *
 * `detail` and `message` may hold a person's data (the values of a row): they are kept out of this struct on
 * purpose. The server's log has them. */
#ifndef DB_ERROR_H
#define DB_ERROR_H

#include <stdbool.h>

enum db_error_class {
    DB_ERROR_NONE,
    DB_ERROR_UNIQUE,      /* 23505: see constraint */
    DB_ERROR_EXCLUSION,   /* 23P01: see constraint */
    DB_ERROR_FOREIGN_KEY, /* 23503 */
    DB_ERROR_CHECK,       /* 23514, 23502: see constraint */
    DB_ERROR_INPUT,       /* 22xxx: a value that the type or a function refuses */
    DB_ERROR_DENIED,      /* 42501: a right, or row-level security */
    DB_ERROR_RAISED,      /* P0001: `raise exception` in a function; its message is not kept */
    DB_ERROR_CONFLICT,    /* 40001, 40P01: running it again may do */
    DB_ERROR_CANCELLED,   /* 57014: statement_timeout, or a cancel request */
    DB_ERROR_LOCKED,      /* 55P03: lock_timeout */
    DB_ERROR_RESOURCES,   /* 53xxx, 57P0x: disk full, too many connections, shutting down */
    DB_ERROR_READ_ONLY,   /* 25006: this server became a standby; the connection is dropped */
    DB_ERROR_NOT_DURABLE, /* committed here, but the wait for the synchronous standby was cancelled: NOT
                             acknowledged */
    DB_ERROR_OTHER        /* a fault of ours (42xxx: syntax, missing table) or of the server */
};

struct db_error {
    enum db_error_class class;
    char sqlstate[6];    /* NUL-terminated; "" when the fault is not the server's */
    char constraint[64]; /* "" when none */
    char table[64];      /* "" when none */
};

struct pg_result;

/* Fills *ret_error from an error result (never fails; NULL result = class OTHER). */
void db_error_read(struct db_error *ret_error, const struct pg_result *result);

/* "unique", "denied", ... for logs and metrics. Static text. */
const char *db_error_name(enum db_error_class class);

#endif
