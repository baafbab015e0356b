/* PQcancel blocks, so it runs in the thread pool. A job outlives its connection if need be.
 *
 * A cancel request names the backend, not the statement: by the time it arrives, the next batch may be
 * running. So nothing new is sent while a job runs, and the batches that were in flight are marked: one of
 * them that is hit was rolled back and simply runs again (slot_reruns). */
#include "base/fault.h"
#include "db/pool_private.h"

#define CANCEL_JOBS 2u /* the thread pool has other work: under a cut network each lasts seconds */

static unsigned jobs; /* of the loop's thread */

struct cancel_job {
    uv_work_t work;
    PGcancel *cancel;
    struct conn *conn; /* NULL: the connection is gone */
};

static void cancel_work(uv_work_t *work)
{
    struct cancel_job *job = work->data;
    char error[256];

    PQcancel(job->cancel, error, sizeof(error)); /* when it fails, the grace period ends the connection */
}

static void cancel_after(uv_work_t *work, int status)
{
    struct cancel_job *job = work->data;
    struct conn *c = job->conn;

    (void)status;
    jobs--;
    PQfreeCancel(job->cancel);
    base_free(job);
    if (!c) return;
    c->job = NULL;
    db_dispatch(c->db, c->lane);
}

void conn_cancel_send(struct conn *c)
{
    struct cancel_job *job = c->job || jobs >= CANCEL_JOBS ? NULL : base_zalloc(sizeof(*job));
    struct conn_slot *slot;

    if (!job) return;
    job->cancel = PQgetCancel(c->pg);
    job->conn = c;
    job->work.data = job;
    if (!job->cancel || uv_queue_work(c->db->loop, &job->work, cancel_work, cancel_after)) {
        PQfreeCancel(job->cancel);
        base_free(job);
        return;
    }
    c->job = job;
    jobs++;
    LIST_FOREACH (slot, &c->slots, link) {
        if (slot->batch) slot->in_danger = true;
    }
}

void conn_cancel_forget(struct conn *c)
{
    if (!c->job) return;
    c->job->conn = NULL;
    c->job = NULL;
}
