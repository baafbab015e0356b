/* struct db and what its parts say to each other. Internal to db. */
#ifndef DB_POOL_PRIVATE_H
#define DB_POOL_PRIVATE_H

#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"
#include "base/slab.h"
#include "db/batch.h"
#include "db/conn.h"
#include "db/handle.h"

#define DB_CONNECTIONS_MAX 16u
#define DB_PARAMS_MAX      64u
#define DB_SWEEP_MS        25u

struct lane {
    struct conn conns[DB_CONNECTIONS_MAX];
    unsigned nconns;
    struct db_lane_options options; /* defaults filled in */
    struct list queue;              /* of batches */
    size_t queued, in_flight;
};

struct db {
    uv_loop_t *loop;
    struct db_options options;
    struct lane lanes[DB_LANES];
    struct slab slots;
    struct list finished; /* batches whose on_done is due */
    struct ticker *sweeper;
    bool sweeping;
    uv_check_t check; /* the end of the tick */
    uv_idle_t idle;   /* keeps the loop from sleeping before it */
    bool ticking;
    bool goes_on; /* a connection's */

    db_on_started *on_started;
    void *started_data;
    bool started; /* on_started was, or is about to be, called */
    bool start_due;
    enum err start_err;
    struct buf start_message;

    struct map_u64 described; /* address of the statement -> PGresult without rows */
    struct map_u64 gatherers; /* address of the statement -> struct gatherer */
    struct list dirty;        /* gatherers with something to send */
    struct list all_gatherers;
    uint64_t gather_swept_ns;
    size_t gathered; /* requests waiting or in flight */

    bool closing;
    unsigned handles; /* to be closed before the memory goes */
    void (*on_closed)(void *data);
    void *closed_data;
};

/* Something is to be done at the end of this tick: finished batches, gathered requests. */
void db_wake(struct db *db);

/* Sends what waits on a lane, as far as there is room. */
void db_dispatch(struct db *db, enum db_lane lane);

/* The schema changed, or the server became a standby: every connection is made again once nothing is in
 * flight on it. */
void db_conns_stale(struct db *db);

/* Something is waiting or in flight: deadlines are watched. */
void db_watch(struct db *db);

/* The outcome of the start, for the end of the tick. */
void db_start_done(struct db *db, enum err err);
void db_start_check(struct db *db);

size_t db_statement_count(const struct db *db);
const struct statement *db_statement_at(const struct db *db, size_t index);

/* batch.c. finish: on_done is due. */
enum batch_state { BATCH_NEW, BATCH_QUEUED, BATCH_SENT, BATCH_FINISHED, BATCH_DONE };
void batch_finish(struct batch *b, enum err err);
void batch_sent(struct batch *b, struct conn_slot *slot);
void batch_requeue(struct batch *b);
void batch_clear_results(struct batch *b);
void batch_call(struct batch *b);

/* gather.c */
void gather_flush(struct db *db);
void gather_sweep(struct db *db, uint64_t now_ns);
void gather_close(struct db *db);

#endif
