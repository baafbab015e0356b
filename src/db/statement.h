/* A statement: one "-- name:" block of a .sql file, made by sqlc at build time (format:
 * src/db/tool/README.md).
 *
 * x.sql gives gen/x.sql.h with `extern const struct statement a, b, ...;` and
 * `extern const struct statement *const x_statements[];` (NULL-terminated). Everything is constant and lives
 * for ever. The lists are handed to db_open, which prepares and describes every statement on each connection.
 */
#ifndef DB_STATEMENT_H
#define DB_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "db/pgtype.h"

enum statement_flag {
    STATEMENT_GATHER =
        1u << 0, /* every parameter is an array of its declared type; the result has `ord` bigint */
    STATEMENT_PUBLIC = 1u << 1,   /* uses no :actor; the batch sets no schools for it */
    STATEMENT_INTERNAL = 1u << 2, /* only the engine itself runs it: no route may */
    STATEMENT_WRITE = 1u << 3     /* changes data: a lost connection leaves its outcome unknown */
};

struct statement_param {
    const char *name;
    uint32_t type; /* enum pg_oid of one value, or of an element when `array` */
    bool array;    /* declared as "bigint[]": never in a gathered statement */
};

struct statement {
    const char *name; /* also the name under which it is prepared: unique in the program */
    const char *text; /* :names replaced by $1, $2, ... */
    const struct statement_param *params; /* in the order of $n; never NULL */
    unsigned nparams;
    unsigned flags; /* enum statement_flag */
    unsigned index; /* its place in the file's list */
    const char *file;
    unsigned line; /* of its "-- name:" */
};

/* A NULL-terminated list, as sqlc makes it. */
typedef const struct statement *const *statement_list;

/* The OID that travels for a parameter: of the type, or of its array (gather, or declared as one). */
uint32_t statement_param_oid(const struct statement *st, unsigned i);

/* The index of a parameter, or -1. */
int statement_param_find(const struct statement *st, struct str name);

/* Compares a description by the server (a PGresult of PQdescribePrepared) with the declaration: number and
 * types of the parameters; every column has an encoder and a name of its own; a gathered statement gives
 * `ord` bigint; `outcome` is text. 0, or -1 with one line "file:line: statement name: what" for each fault
 * appended to `out`. */
struct pg_result;
int statement_check(const struct statement *st, const struct pg_result *description, struct buf *out);

/* Names are unique over all lists (NULL-terminated array of lists). 0 or -1 with a line per fault. */
int statement_check_names(const statement_list *lists, struct buf *out);

#endif
