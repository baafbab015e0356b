/* clang-format off */
#include "../base/unit.h"
/* clang-format on */

#include "base/clock.h"
#include "delivery/pace.h"

static void note(struct pace *pace, const char *stat)
{
    cpu_set_t ours;
    CPU_ZERO(&ours);
    CPU_SET(0, &ours);
    CPU_SET(2, &ours);
    pace_note(pace, stat, &ours);
}

static void rests_four_times_as_long_as_it_worked(void **state)
{
    (void)state;
    struct pace pace = { 0 };
    assert_int_equal(pace_rest_ms(&pace, 30 * NS_PER_MS), 120);
    assert_int_equal(pace_rest_ms(&pace, 1 * NS_PER_MS), 50);
    assert_int_equal(pace_rest_ms(&pace, 900 * NS_PER_MS), 1000);
}

/* user nice system idle iowait irq softirq steal guest guest_nice */
static void stands_back_as_the_machine_gets_busy(void **state)
{
    (void)state;
    struct pace pace = { 0 };
    note(&pace, "cpu0 900 0 100 0 0 0 0 0 0 0\n");
    assert_int_equal(pace.busy, 0); /* of all the time before, nothing follows */
    note(&pace, "cpu0 920 10 110 10 10 5 5 20 0 0\n");
    assert_int_equal(pace.busy, 100); /* 20 of 90 */
    assert_int_equal(pace_rest_ms(&pace, 30 * NS_PER_MS), 600);
    assert_int_equal(pace_rest_ms(&pace, 1 * NS_PER_MS), 400);
    assert_int_equal(pace_piece(&pace, 64), 16);
    note(&pace, "cpu0 980 10 110 50 10 5 5 20 0 0\n");
    assert_int_equal(pace.busy, 40); /* 40 of 100 */
    assert_int_equal(pace_rest_ms(&pace, 30 * NS_PER_MS), 312);
    assert_int_equal(pace_piece(&pace, 64), 44);
    note(&pace, "cpu0 1000 10 110 60 20 5 5 20 0 0\n");
    assert_int_equal(pace.busy, 0); /* 20 of 40 */
    assert_int_equal(pace_piece(&pace, 64), 64);
}

static void goes_on_where_nothing_can_be_read(void **state)
{
    (void)state;
    struct pace pace = { 0 };
    note(&pace, "cpu0 1000 0 0 0 0 0 0 0 0 0\n");
    note(&pace, "cpu0 2000 0 0 0 0 0 0 0 0 0\n");
    assert_int_equal(pace.busy, 100);
    note(&pace, "cpu0 2000 0 0 0 0 0 0 0 0 0\n");
    note(&pace, "cpu0 3000 0 0 50\n");
    note(&pace, "intr 5");
    note(&pace, "");
    assert_int_equal(pace.busy, 100);
    note(&pace, "cpu0 2000 0 0 900 0 0 0 0 0 0\n");
    note(&pace, "cpu0 2900 0 0 800 1 0 0 0 0 0\n"); /* the idle time went back */
    assert_int_equal(pace.busy, 100);
}

static void counts_the_cpus_that_are_ours(void **state)
{
    (void)state;
    struct pace pace = { 0 };
    note(&pace, "cpu  900 0 0 900 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0 0 0\ncpu2 5 0 0 5 "
                "0 0 0 0 0 0\nintr 1\n");
    note(&pace, "cpu  950 0 0 990 0 0 0 0\ncpu0 50 0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 90 0 0 0 0 0 0\ncpu2 45 0 0 "
                "15 0 0 0 0 0 0\nintr 1\n");
    assert_int_equal(pace.busy, 100); /* 10 of 100: what another one idles is not ours */
    note(&pace, "cpu1 9 0 0 990 0 0 0 0 0 0\n");
    assert_int_equal(pace.busy, 100);
    note(&pace, "cpu0 60 0 0 20 0 0 0 0 0 0\ncpu2 55 0 0 35 0 0 0 0 0 0");
    assert_int_equal(pace.busy, 0); /* 40 of 60 */
}

static void looks_at_this_machine(void **state)
{
    (void)state;
    struct pace pace = { 0 };
    pace_look(&pace);
    assert_true(pace.whole > 0 && pace.whole >= pace.spare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rests_four_times_as_long_as_it_worked),
        cmocka_unit_test(stands_back_as_the_machine_gets_busy),
        cmocka_unit_test(goes_on_where_nothing_can_be_read),
        cmocka_unit_test(counts_the_cpus_that_are_ours),
        cmocka_unit_test(looks_at_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
