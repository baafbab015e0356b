/* The database as the engine sees it: lanes of pipelined connections, and whether it is there.
 *
 * struct db belongs to whoever called db_open and is freed by db_close, from its callback on. All calls are
 * made on the loop's thread; all callbacks come on it, never from inside the call that asked for them.
 *
 * A lane is for one kind of work, so that a slow report delays no report of an absence. Each lane has its own
 * few connections, a limit of batches in flight on each (a connection runs its batches one after the other,
 * without a round trip between them), and a bounded queue. A full queue is ERR_BUSY at once.
 *
 * Connections: every statement is prepared and described (one pipeline) before a connection is used. One that
 * is lost comes back by itself (50 ms doubling to 2 s, with jitter). Batches in flight on it end with
 * ERR_CLOSED; those in the queue go to another, or wait until their deadline. */
#ifndef DB_POOL_H
#define DB_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "base/err.h"
#include "db/rows.h"
#include "db/statement.h"

enum db_lane {
    DB_READ,     /* short reads of requests */
    DB_WRITE,    /* writes, gathered ones too */
    DB_REPORT,   /* slow work: totals, imports, chores */
    DB_EXPORT,   /* files: rows in portions, at the pace of who takes them */
    DB_INTERNAL, /* the engine's own: sessions, the hub's reads, gauges */
    DB_OUTBOX,   /* what is told and sent: an answer to somebody never waits behind it */
    DB_LANES
};

struct db_lane_options {
    unsigned connections; /* 0 = the default (read, write, outbox 2, the others 1) */
    unsigned
        in_flight;  /* batches on one connection; 0 = the default (read 4, write 2, internal 4, others 1) */
    unsigned queue; /* batches that wait; 0 = the default (1,024; report, export and outbox 32) */
    unsigned statement_timeout_ms; /* the server's own fence behind the deadlines; 0 = the default (5,000;
                                      report 60,000, export 300,000) */
};

struct db_options {
    const char *conninfo;             /* libpq's, several hosts allowed; borrowed until db_close's callback */
    const char *application_name;     /* NULL = "todoke" */
    const statement_list *statements; /* NULL-terminated array of lists; borrowed for ever */
    struct db_lane_options lanes[DB_LANES];
    unsigned connect_timeout_ms; /* for each host of an attempt; 0 = 3,000 */
    bool any_server;             /* do not ask for a server that takes writes (tools, tests) */
};

struct db;

/* The outcome of the start, once: ERR_NONE when every lane has a connection with all its statements prepared;
 * ERR_INVALID when a statement does not fit the schema (`message`: a line per fault, borrowed during the
 * call): the program must not start; ERR_UNSUPPORTED for a conninfo that can't be read. While the server
 * can't be reached the attempts go on and nothing is called: who wants to give up sets a timer and calls
 * db_close. */
typedef void db_on_started(void *data, enum err err, const char *message);

/* Allocates and begins to connect. ERR_NOMEM, or ERR_INVALID with `message` (may be NULL) for a bad conninfo
 * or names that clash; then nothing is left behind and on_started is not called. */
enum err db_open(struct db **ret_db, uv_loop_t *loop, const struct db_options *options,
                 db_on_started *on_started, void *data, struct buf *message);

/* Ends everything: batches and gathered requests that are not done get ERR_CANCELLED (inside this call),
 * listeners are closed. `on_closed` (may be NULL) comes when the last handle is gone; *db is then freed. To
 * drain, wait for db_idle first. */
void db_close(struct db *db, void (*on_closed)(void *data), void *data);

/* Has every lane a usable connection at this moment? For /readyz. */
bool db_ready(const struct db *db);

/* Nothing queued, nothing in flight, nothing gathered. */
bool db_idle(const struct db *db);

/* Batches waiting, and in flight, on a lane. */
size_t db_queued(const struct db *db, enum db_lane lane);
size_t db_in_flight(const struct db *db, enum db_lane lane);

const char *db_lane_name(enum db_lane lane);

/* The columns of a statement's answer, as rows without a row; no columns before a connection has described
 * it. Lives as long as the db. For documents, not for requests. */
struct rows db_describe(const struct db *db, const struct statement *st);

#endif
