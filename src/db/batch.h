/* A batch: statements that are sent together and are one transaction.
 *
 * Everything between two Syncs commits or fails as one. Unless every statement is public, the batch begins
 * with set_config('todoke.schools', schools, true): the row-level fence, set for this transaction only.
 *
 * struct batch is embedded in its owner (a request), with an arena that outlives it. Life:
 *     batch_init -> batch_add... -> batch_send -> on_done (exactly once) -> batch_done
 * batch_send that fails calls nothing. From batch_send to on_done the struct must not move; batch_cancel (or
 * batch_done) in that time is allowed: on_done then never comes, and the connection finishes or cancels the
 * work by itself. on_done never comes from inside batch_send. Rows live until batch_done.
 *
 * done means durable: on_done with ERR_NONE comes only after the server has said that the transaction is
 * committed, and no warning came that a synchronous standby was not waited for.
 *
 * Outcomes (batch->err):
 *   ERR_NONE     all statements ran, committed
 *   ERR_CONFLICT a statement failed: `failed` is its index (or -1: the commit), `error` says why; all is
 * rolled back, with one exception: class DB_ERROR_NOT_DURABLE (outcome_unknown is set) ERR_TIMEOUT  the
 * deadline passed; the connection cancels it ERR_CLOSED   the connection was lost ERR_CANCELLED the db is
 * being closed outcome_unknown is set for the last three when it had been sent and holds a write: answer 503,
 * the client retries under its idempotency key. Fault points: "db.send", "db.recv", "db.alloc". */
#ifndef DB_BATCH_H
#define DB_BATCH_H

#include "base/arena.h"
#include "base/list.h"
#include "base/sm.h"
#include "db/args.h"
#include "db/error.h"
#include "db/pool.h"
#include "db/rows.h"

struct batch;
typedef void batch_on_done(struct batch *batch, void *data);

#define BATCH_MAX 32u /* statements in one batch */

/* Rows of a long answer, each a result of its own (rows_of). Whoever gets a portion owns its results, and may
 * take it to another thread. */
#define PORTION_ROWS 128u
struct portion {
    unsigned n;
    struct pg_result *at[PORTION_ROWS];
};
typedef void batch_on_portion(struct batch *batch, void *data);

struct batch_item {
    const struct statement *statement;
    const struct cell *cells; /* [nparams], as they travel */
    struct pg_result *result; /* owned; NULL until answered */
};

struct conn_slot;

struct batch {
    /* the outcome, for on_done */
    enum err err;
    int failed;
    struct db_error error;
    bool outcome_unknown;

    /* the question */
    struct db *db;
    struct arena *arena;
    enum db_lane lane;
    struct str schools;
    uint64_t deadline_ns; /* on clock_now_ns; 0 until sent */
    uint32_t deadline_ms;
    struct batch_item items[BATCH_MAX];
    unsigned n;
    bool needs_schools;
    bool writes;

    /* the pool's */
    batch_on_done *on_done;
    void *data;
    batch_on_portion *on_portion;
    struct portion *portion; /* the one that is being filled */
    bool held;               /* it is full: nothing more is read */
    struct list link;
    struct conn_slot *slot; /* its place on a connection, when sent */
    struct sm sm;
    unsigned reruns;
    uint64_t sent_ns;
};

/* `schools`: "*", "1,5,9" or empty (no rows); borrowed until on_done. deadline_ms counts from batch_send; 0 =
 * 3,000. */
void batch_init(struct batch *b, struct db *db, struct arena *arena, enum db_lane lane, struct str schools,
                uint32_t deadline_ms);

/* Adds a statement and encodes its arguments (they may go afterwards). A gathered statement is sent with
 * arrays of one element. ret_param: see args_bind. ERR_TOO_BIG: over BATCH_MAX statements. */
enum err batch_add(struct batch *b, const struct statement *st, const struct args *args, unsigned *ret_param);

/* The same with parameters already in binary, as they travel (gather; arrays are already arrays). Borrowed
 * until on_done. */
enum err batch_add_cells(struct batch *b, const struct statement *st, const struct cell *cells);

/* ERR_BUSY: the lane is full. ERR_INVALID: empty. ERR_CANCELLED: the db is being closed. */
enum err batch_send(struct batch *b, batch_on_done *on_done, void *data);

/* The same for the lane DB_EXPORT, with the rows of its last statement in portions (it must not be the only
 * one, unless it is fenced). When `portion` is full, on_portion is called and nothing more is read from the
 * server, until batch_go_on gives the next one to fill. What is left is in the portion when on_done comes;
 * the statement's rows are then none, with its columns. Portions come before the commit: they are good only
 * if on_done says so. Forgotten, it is cancelled at the server. ERR_UNSUPPORTED: not such a batch. */
enum err batch_send_portions(struct batch *b, struct portion *portion, batch_on_portion *on_portion,
                             batch_on_done *on_done, void *data);
void batch_go_on(struct batch *b, struct portion *portion);
/* Frees the results. From any thread. */
void portion_clear(struct portion *portion);

/* Forgets the question: no on_done any more. A batch that waits is taken from the queue; one in flight runs
 * to its end unseen (a write may well commit). May be called at any time after batch_init. */
void batch_cancel(struct batch *b);

/* The rows of statement i, after on_done with ERR_NONE. */
struct rows batch_rows(const struct batch *b, unsigned i);

/* Frees the results (cancels first when needed). May be called again. */
void batch_done(struct batch *b);

#endif
