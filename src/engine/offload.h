/* Work that takes longer than a millisecond: done by libuv's thread pool, through a bounded queue, at a lower
 * priority than the loop, so that a flood of sign-ins does not slow a report. */
#ifndef ENGINE_OFFLOAD_H
#define ENGINE_OFFLOAD_H

#include <stdbool.h>
#include <uv.h>

#define OFFLOAD_WAITING_MAX 128

struct offload {
    uv_loop_t *loop;
    unsigned outstanding;
};

struct offload_job {
    uv_work_t work;
    struct offload *offload;
    void (*run)(struct offload_job *job);  /* in a thread: touches nothing but the job */
    void (*done)(struct offload_job *job); /* on the loop, exactly once */
};

void offload_init(struct offload *offload, uv_loop_t *loop);
/* The job stays the caller's until done. Returns 0, or -1 when the queue is full: done is not called. */
int offload_submit(struct offload *offload, struct offload_job *job);

#endif
