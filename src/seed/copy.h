/* Loading a table by COPY. Tables behind row-level security refuse COPY, also their owner's: rows go to a
 * temporary table of the same columns and from there, in one insert, through the fence. */
#ifndef SEED_COPY_H
#define SEED_COPY_H

#include <libpq-fe.h>

#include "base/buf.h"

struct seed_copy {
    PGconn *conn; /* borrowed */
    const char *table, *columns;
    struct buf rows;
    int failed; /* sticky; the reason is printed when it happens */
};

/* Starts within the connection's transaction; follow by seed_copy_end whatever happens. */
void seed_copy_begin(struct seed_copy *copy, PGconn *conn, const char *table, const char *columns);
/* A row in COPY's text format: tabs between columns, \N for null, a newline at the end. */
void seed_copy_row(struct seed_copy *copy, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* 0, or -1 when anything failed since the beginning. */
int seed_copy_end(struct seed_copy *copy);

/* Runs statements (separated by semicolons). 0, or -1 after printing the server's reason. */
int seed_exec(PGconn *conn, const char *sql);
/* The same with formatted text: numbers and our own names only, never input. */
int seed_execf(PGconn *conn, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One query with no parameters; null after printing the reason. The caller clears it. */
PGresult *seed_query(PGconn *conn, const char *sql);
/* Connected, one transaction begun, alone (an advisory lock), the whole city in view. Null after printing why
 * not. */
PGconn *seed_connect(const char *conninfo);

#endif
