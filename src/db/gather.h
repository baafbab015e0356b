/* Gathered statements: many requests, one statement, one commit.
 *
 * Idle, a request is sent at the end of the tick of the loop in which it came (so the requests of one tick
 * share a batch). While a batch of its statement is in flight, requests are collected, and go together when
 * it comes back. They go beside it (GATHER_FLIGHT batches at most) when a whole batch of them waits, or when
 * GATHER_BESIDE of them do and it has taken GATHER_SLOW_MS. At most GATHER_BATCH per batch, GATHER_WAITING
 * waiting for one statement (then ERR_BUSY).
 *
 * struct gather_request is embedded in its owner and must not move until the callback, or gather_cancel,
 * which the owner may call at any time: no callback comes then. The arguments are encoded by gather_add and
 * may go afterwards. The callback comes exactly once, never from inside gather_add; `answer` and its rows
 * live during the callback only.
 *
 * When a gathered batch fails with a statement's error, it is cut in halves which run again, down to the
 * request that fails alone: one bad row hurts nobody else. (In halves, not one by one: 512 requests with one
 * bad row cost 18 commits, not 512.) When it fails with a lost connection, a time-out or a lack of resources,
 * every request gets that error: a write whose outcome is unknown is never run again by us. A batch runs
 * under the union of its requests' schools: rows are the statement's own affair (`:actor` is in each). */
#ifndef DB_GATHER_H
#define DB_GATHER_H

#include "base/list.h"
#include "db/args.h"
#include "db/error.h"
#include "db/pool.h"
#include "db/rows.h"

#define GATHER_BATCH   512u
#define GATHER_WAITING 8192u
#define GATHER_FLIGHT  2u
#define GATHER_BESIDE  32u
#define GATHER_SLOW_MS 200u

struct gather_answer {
    enum err err; /* as struct batch's: ERR_CONFLICT = see error */
    struct db_error error;
    bool outcome_unknown;
    struct rows rows; /* the rows with this request's `ord`, in the statement's order */
    unsigned batch;   /* requests that shared the commit */
};

struct gather_request;
typedef void gather_on_rows(struct gather_request *request, const struct gather_answer *answer, void *data);

struct gather_slot;

struct gather_request {
    gather_on_rows *on_rows;
    void *data;
    struct gather_slot *slot; /* NULL when idle */
};

/* schools: as batch_init's, copied. deadline_ms: 0 = 3,000; from now on, waiting included. The lane is
 * DB_WRITE for a statement that writes, else DB_READ. ERR_BUSY, ERR_NOMEM, ERR_INVALID / ERR_NOT_FOUND (see
 * args_bind), ERR_CANCELLED: then no callback follows. */
enum err gather_add(struct gather_request *request, struct db *db, const struct statement *st,
                    const struct args *args, struct str schools, uint32_t deadline_ms,
                    gather_on_rows *on_rows, void *data, unsigned *ret_param);

/* The client went away. Nothing happens when the request is idle or answered. What waits may still be sent.
 */
void gather_cancel(struct gather_request *request);

/* Requests of a statement that wait, over all statements when st is NULL. */
size_t gather_waiting(const struct db *db, const struct statement *st);

#endif
