/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

#include "engine/work.h"

#define JOBS (WORK_RUNNING_MAX + WORK_WAITING_MAX + 1)

static uv_loop_t loop;
static struct work_queue queue;
static struct work_job jobs[JOBS];
static unsigned done;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* held: works do not end */

static enum err work_copy(struct work *work)
{
    const char *input = work->input;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    buf_str(&work->out, str_c(input));
    work->result = arena_str(&work->arena, str_c(input));
    return getpriority(PRIO_PROCESS, 0) == 19 ? ERR_NONE : ERR_DENIED;
}

static enum err work_fail(struct work *work)
{
    (void)work;
    return ERR_NOMEM;
}

static void on_done(struct work_job *job)
{
    (void)job;
    done++;
}

static int submit(size_t i, work_fn *run)
{
    jobs[i] = (struct work_job){ .work = { .input = "仕事" }, .run = run, .done = on_done };
    return work_submit(&queue, &jobs[i]);
}

static int set_up(void **state)
{
    (void)state;
    done = 0;
    work_queue_init(&queue, &loop);
    return 0;
}

static void work_is_done_by_a_thread_of_least_priority(void **state)
{
    (void)state;
    assert_int_equal(submit(0, work_copy), 0);
    assert_int_equal(done, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(done, 1);
    assert_int_equal(jobs[0].err, ERR_NONE);
    assert_string_equal(jobs[0].work.result, "仕事");
    assert_true(str_eq(buf_view(&jobs[0].work.out), STR("仕事")));
    assert_true(getpriority(PRIO_PROCESS, 0) < 19);
    work_done(&jobs[0].work);
}

static void what_a_work_says_is_told(void **state)
{
    (void)state;
    assert_int_equal(submit(0, work_fail), 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(jobs[0].err, ERR_NOMEM);
    work_done(&jobs[0].work);
}

static void the_queue_is_bounded_and_goes_on_in_order(void **state)
{
    (void)state;
    pthread_mutex_lock(&gate);
    for (size_t i = 0; i < JOBS - 1; i++) assert_int_equal(submit(i, work_copy), 0);
    assert_int_equal(submit(JOBS - 1, work_copy), -1);
    assert_int_equal(queue.running, WORK_RUNNING_MAX);
    pthread_mutex_unlock(&gate);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(done, JOBS - 1);
    assert_int_equal(queue.running, 0);
    assert_int_equal(queue.n_waiting, 0);
    for (size_t i = 0; i < JOBS - 1; i++) work_done(&jobs[i].work);
    assert_int_equal(submit(0, work_copy), 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    work_done(&jobs[0].work);
}

static void who_waits_can_be_cancelled_and_who_runs_cannot(void **state)
{
    (void)state;
    pthread_mutex_lock(&gate);
    for (size_t i = 0; i < WORK_RUNNING_MAX + 2; i++) assert_int_equal(submit(i, work_copy), 0);
    assert_false(work_cancel(&jobs[0]));
    assert_true(work_cancel(&jobs[WORK_RUNNING_MAX]));
    assert_int_equal(queue.n_waiting, 1);
    pthread_mutex_unlock(&gate);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(done, WORK_RUNNING_MAX + 1);
    assert_null(jobs[WORK_RUNNING_MAX].work.result);
    for (size_t i = 0; i < WORK_RUNNING_MAX + 2; i++) work_done(&jobs[i].work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(work_is_done_by_a_thread_of_least_priority, set_up),
        cmocka_unit_test_setup(what_a_work_says_is_told, set_up),
        cmocka_unit_test_setup(the_queue_is_bounded_and_goes_on_in_order, set_up),
        cmocka_unit_test_setup(who_waits_can_be_cancelled_and_who_runs_cannot, set_up),
    };
    uv_loop_init(&loop);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    uv_loop_close(&loop);
    return failed;
}
