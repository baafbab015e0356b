/* What would hold up the loop (reading an import, making a workbook) is done by threads, two at a time with
 * the least priority, behind a queue of its own.
 *
 *   submitted --> waiting --> running --> done
 *                    +-- cancelled: never runs
 *
 * The threads are libuv's. A job must not touch anything but its own struct work and what that borrows. */
#ifndef ENGINE_WORK_H
#define ENGINE_WORK_H

#include <stdbool.h>
#include <uv.h>

#include "base/list.h"
#include "engine/module.h"

#define WORK_RUNNING_MAX 2
#define WORK_WAITING_MAX 16

struct work_queue {
    uv_loop_t *loop;
    struct list waiting; /* struct work_job */
    unsigned n_waiting, running;
};

/* Zeroed, filled and kept by its owner until done, or until it was cancelled while it waited. */
struct work_job {
    struct work work;
    work_fn *run;
    void (*done)(struct work_job *job); /* on the loop, exactly once */
    enum err err;                       /* for done: what `run` said */
    struct work_queue *queue;
    struct list link;
    uv_work_t uv;
};

void work_queue_init(struct work_queue *queue, uv_loop_t *loop);
/* 0, or -1 when the queue is full: done is not called. */
int work_submit(struct work_queue *queue, struct work_job *job);
/* For what is bounded by its owner: there is always room. */
void work_continue(struct work_queue *queue, struct work_job *job);
/* True: it waited, and done does not come. False: it runs, and done will come. */
bool work_cancel(struct work_job *job);
/* Frees what the work has made. */
void work_done(struct work *work);

#endif
