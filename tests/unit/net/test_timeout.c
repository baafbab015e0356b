#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "net/timeout.h"

static uv_loop_t loop;
static struct wheel wheel;
static int fired;

static void on_due(struct timeout *timeout)
{
    (void)timeout;
    fired++;
}

static int setup(void **state)
{
    (void)state;
    uv_loop_init(&loop);
    return wheel_init(&wheel, &loop);
}

static int teardown(void **state)
{
    (void)state;
    uv_close((uv_handle_t *)&wheel.timer, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    return uv_loop_close(&loop);
}

static void run_for(unsigned ms)
{
    uv_update_time(&loop);
    uint64_t end = uv_now(&loop) + ms;
    uv_ref((uv_handle_t *)&wheel.timer);
    while (uv_now(&loop) < end) uv_run(&loop, UV_RUN_ONCE);
    uv_unref((uv_handle_t *)&wheel.timer);
}

static void fires_once_and_not_early(void **state)
{
    (void)state;
    struct timeout t;
    timeout_init(&t, on_due);
    fired = 0;
    timeout_set(&wheel, &t, 300);
    run_for(250);
    assert_int_equal(fired, 0);
    run_for(400);
    assert_int_equal(fired, 1);
    run_for(300);
    assert_int_equal(fired, 1);
}

static void later_and_earlier(void **state)
{
    (void)state;
    struct timeout t;
    timeout_init(&t, on_due);
    fired = 0;
    timeout_set(&wheel, &t, 200);
    timeout_set(&wheel, &t, 700); // stays in its slot, is looked at and linked again
    run_for(500);
    assert_int_equal(fired, 0);
    timeout_set(&wheel, &t, 60000);
    timeout_set(&wheel, &t, 100); // moves to an earlier slot
    run_for(400);
    assert_int_equal(fired, 1);
}

static void cleared_never_fires(void **state)
{
    (void)state;
    struct timeout t;
    timeout_init(&t, on_due);
    fired = 0;
    timeout_set(&wheel, &t, 100);
    timeout_clear(&t);
    timeout_clear(&t);
    run_for(400);
    assert_int_equal(fired, 0);
}

static void beyond_the_horizon_waits(void **state)
{
    (void)state;
    struct timeout t;
    timeout_init(&t, on_due);
    fired = 0;
    timeout_set(&wheel, &t, 10 * 60 * 1000);
    run_for(300);
    assert_int_equal(fired, 0);
    assert_true(list_linked(&t.link));
    timeout_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fires_once_and_not_early),
        cmocka_unit_test(later_and_earlier),
        cmocka_unit_test(cleared_never_fires),
        cmocka_unit_test(beyond_the_horizon_waits),
    };
    return cmocka_run_group_tests_name("net/timeout", tests, setup, teardown);
}
