#include "engine/offload.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NICE 10

void offload_init(struct offload *offload, uv_loop_t *loop)
{
    *offload = (struct offload){ .loop = loop };
}

static void job_on_thread(uv_work_t *work)
{
    static __thread bool lowered;
    struct offload_job *job = work->data;
    if (!lowered) {
        /* Linux keeps a nice value per thread. */
        setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
        lowered = true;
    }
    job->run(job);
}

static void job_on_loop(uv_work_t *work, int status)
{
    struct offload_job *job = work->data;
    (void)status;
    job->offload->outstanding--;
    job->done(job);
}

int offload_submit(struct offload *offload, struct offload_job *job)
{
    if (offload->outstanding >= OFFLOAD_WAITING_MAX) return -1;
    job->offload = offload;
    job->work.data = job;
    if (uv_queue_work(offload->loop, &job->work, job_on_thread, job_on_loop)) return -1;
    offload->outstanding++;
    return 0;
}
