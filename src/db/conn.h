/* One pipelined connection of a lane. Internal to db.
 *
 *   waiting -> connecting -> preparing -> ready
 *      ^___________|____________|__________|      any -> closed
 *
 * Owned by its db. A ready connection takes batches while conn_has_room; each has a slot, in the order of
 * sending; the head is what the server is working on. A slot outlives its batch: when the batch is cancelled
 * or its deadline passes, the answer is still read (and dropped), so that a slot is never lost. Deadline at
 * the head: a cancel request goes out in the thread pool; if that does not help within a second, the
 * connection is dropped. */
#ifndef DB_CONN_H
#define DB_CONN_H

#include <libpq-fe.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/sm.h"
#include "db/connect.h"
#include "db/pool.h"

struct batch;
struct cancel_job;

enum conn_state { CONN_WAITING, CONN_CONNECTING, CONN_PREPARING, CONN_READY, CONN_CLOSED };

#define CONN_CANCEL_GRACE_MS 1000u

struct conn_slot {
    struct list link; /* of conn->slots */
    struct conn *conn;
    struct batch *batch; /* NULL: nobody waits for it any more */
    uint64_t deadline_ns;
    uint64_t cancel_ns; /* when its cancelling began; 0 = not */
    unsigned commands;  /* set_config included */
    unsigned at;        /* the command that is being answered */
    bool has_set;       /* the first command is set_config */
    bool ending;        /* its result came, the closing NULL has not */
    bool in_danger;     /* was in flight when a cancel request for another went out */
    bool not_durable;
    bool stale_plan; /* the schema changed under its statement */
    bool portioned;  /* the last command's rows come one by one */
    bool rows_came;
    bool failed;
    int failed_at;
};

struct conn {
    struct db *db;
    enum db_lane lane;
    struct sm sm;
    struct connector connector;
    PGconn *pg;
    struct poller *poller;
    struct ticker *backoff;
    unsigned attempt;
    struct list slots;
    unsigned in_flight;
    unsigned prepared; /* statements described so far */
    bool prepare_ending, prepare_describes, prepare_failed, prepare_again;
    struct buf faults; /* of the statements, while preparing */
    bool stale;        /* reconnect as soon as nothing is in flight */
    bool reading;      /* within conn_read */
    bool quiet;        /* the socket is not read: the head's portion is full */
    bool goes_on;      /* it is to be read again at the end of this tick */
    bool was_ready;
    struct cancel_job *job;
};

/* Begins to connect. -1 when memory is out (then nothing is left open). */
int conn_open(struct conn *c, struct db *db, enum db_lane lane);

/* Ends for good; slots are freed without telling their batches (the db has). Safe on a conn that was never
 * opened. */
void conn_close(struct conn *c);

bool conn_has_room(const struct conn *c);

/* Sends the batch in a slot of its own. ERR_NOMEM: nothing was sent. Any later failure loses the connection,
 * and the batch ends with the others (through batch_finish). */
enum err conn_send(struct conn *c, struct batch *b);

/* Deadlines of what is in flight. */
void conn_sweep(struct conn *c, uint64_t now_ns);

/* Reads on at the end of the tick, and does so (db_on_check). */
void conn_let_go_on(struct conn *c);
void conn_read_on(struct conn *c);

/* Everything in flight gets ERR_CLOSED; it connects again. */
void conn_lost(struct conn *c, const char *why);

/* conn_prepare.c: sends, then reads, Parse and Describe of every statement. */
int conn_prepare_send(struct conn *c);
void conn_prepare_read(struct conn *c);

/* conn_cancel.c: the cancel request for the head. */
void conn_cancel_send(struct conn *c);
void conn_cancel_forget(struct conn *c);

/* Called by the parts above. */
void conn_became_ready(struct conn *c);

#define CONN_SET_NAME "todoke_set_schools"

#endif
