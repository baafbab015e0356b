#include "engine/work.h"

#include <sys/resource.h>

#define BLOCK 262144u

static void on_thread(uv_work_t *uv)
{
    struct work_job *job = container_of(uv, struct work_job, uv);
    /* Of the thread alone, and for good: whoever answers comes first. */
    setpriority(PRIO_PROCESS, 0, 19);
    job->err = job->run(&job->work);
    arena_cache_drop();
}

static void run_next(struct work_queue *queue);

static void on_done(uv_work_t *uv, int status)
{
    struct work_job *job = container_of(uv, struct work_job, uv);
    struct work_queue *queue = job->queue;
    (void)status;
    queue->running--;
    run_next(queue);
    job->done(job);
}

/* uv_queue_work fails only without a function. */
static void run_next(struct work_queue *queue)
{
    while (queue->running < WORK_RUNNING_MAX && !list_empty(&queue->waiting)) {
        struct work_job *job = LIST_POP(&queue->waiting, struct work_job, link);
        queue->n_waiting--;
        queue->running++;
        uv_queue_work(queue->loop, &job->uv, on_thread, on_done);
    }
}

void work_queue_init(struct work_queue *queue, uv_loop_t *loop)
{
    *queue = (struct work_queue){ .loop = loop };
    list_init(&queue->waiting);
}

int work_submit(struct work_queue *queue, struct work_job *job)
{
    if (queue->n_waiting >= WORK_WAITING_MAX) return -1;
    work_continue(queue, job);
    return 0;
}

void work_continue(struct work_queue *queue, struct work_job *job)
{
    job->queue = queue;
    arena_init(&job->work.arena, BLOCK);
    buf_init(&job->work.out, 0);
    list_append(&queue->waiting, &job->link);
    queue->n_waiting++;
    run_next(queue);
}

bool work_cancel(struct work_job *job)
{
    if (!list_linked(&job->link)) return false;
    list_remove(&job->link);
    job->queue->n_waiting--;
    return true;
}

void work_done(struct work *work)
{
    arena_done(&work->arena);
    buf_done(&work->out);
}
