/* The arrival curves: the morning has the shape that the field's figures give it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "../../../bench/generator/curve.c"

static void share_and_when_are_inverse(void **state)
{
    (void)state;
    for (size_t i = 0; curve_at(i); i++) {
        assert_true(fabs(curve_share(curve_at(i), 0)) < 1e-9);
        assert_true(fabs(curve_share(curve_at(i), 1) - 1) < 1e-9);
        for (double share = 0.01; share < 1; share += 0.01)
            assert_true(fabs(curve_share(curve_at(i), curve_when(curve_at(i), share)) - share) < 1e-6);
    }
}

static void sixty_percent_within_half_an_hour(void **state)
{
    (void)state;
    const struct curve *curve = curve_find("morning");
    double most = 0, begin = 0;
    for (double from = 0; from <= 60; from += 0.25) {
        double part = curve_share(curve, (from + 30) / 90) - curve_share(curve, from / 90);
        if (part > most) {
            most = part;
            begin = from;
        }
    }
    assert_true(most > 0.59 && most < 0.61);
    assert_true(begin >= 40 && begin <= 45); /* minutes after 7:00 */
}

static void the_peak_is_at_a_quarter_to_eight(void **state)
{
    (void)state;
    const struct curve *curve = curve_find("morning");
    double peak = curve_share(curve, 46.0 / 90) - curve_share(curve, 45.0 / 90);
    for (int minute = 0; minute < 90; minute++) {
        double part = curve_share(curve, (minute + 1) / 90.0) - curve_share(curve, minute / 90.0);
        assert_true(part <= peak + 1e-9);
        if (minute < 45 || minute >= 70) assert_true(part < peak * 0.98);
    }
}

/* The part of all arrivals between two parts of the time, as a rate: 1 = as many as on average. */
static double rate_between(const struct curve *curve, double from, double to)
{
    return (curve_share(curve, to) - curve_share(curve, from)) / (to - from);
}

static void a_constant_rate_is_one(void **state)
{
    (void)state;
    for (double at = 0; at < 0.95; at += 0.05)
        assert_true(fabs(rate_between(curve_find("constant"), at, at + 0.05) - 1) < 1e-9);
}

static void a_ramp_rises_evenly_then_holds(void **state)
{
    (void)state;
    const struct curve *curve = curve_find("ramp");
    double full = 4.0 / 3;
    for (double at = 0; at < 0.49; at += 0.05) {
        double middle = at + 0.025;
        assert_true(fabs(rate_between(curve, at, at + 0.05) - full * middle * 2) < 1e-9);
        assert_true(fabs(rate_between(curve, 0.5 + at, 0.55 + at) - full) < 1e-9);
    }
}

static void a_step_has_four_levels(void **state)
{
    (void)state;
    const struct curve *curve = curve_find("step");
    for (int level = 1; level <= 4; level++)
        for (double at = 0; at < 0.24; at += 0.05) {
            double from = (level - 1) * 0.25 + at;
            assert_true(fabs(rate_between(curve, from, from + 0.05) - level * 0.4) < 1e-9);
        }
    assert_true(fabs(curve_share(curve, 0.5) - 0.3) < 1e-9);
}

static void arrivals_keep_to_the_levels(void **state)
{
    (void)state;
    enum { N = 10000 };
    static uint64_t times[N];
    size_t levels[4] = { 0 };
    curve_arrivals(curve_find("step"), 4000, NULL, times, N);
    for (size_t i = 0; i < N; i++) levels[times[i] / 1000]++;
    for (size_t i = 0; i < 4; i++) assert_in_range(levels[i], N / 10 * (i + 1) - 2, N / 10 * (i + 1) + 2);
}

static void arrivals_follow_the_curve(void **state)
{
    (void)state;
    enum { N = 29000 };
    static uint64_t even[N], random[N], again[N];
    struct dice dice;
    const struct curve *curve = curve_find("morning");
    curve_arrivals(curve, UINT64_C(60000000000), NULL, even, N);
    for (uint64_t seed = 0; seed < 2; seed++) {
        dice_init(&dice, 7);
        curve_arrivals(curve, UINT64_C(60000000000), &dice, seed ? again : random, N);
    }
    assert_memory_equal(random, again, sizeof random);
    for (size_t i = 0; i < N; i++) {
        assert_true(i == 0 || (even[i] >= even[i - 1] && random[i] >= random[i - 1]));
        assert_true(even[i] < UINT64_C(60000000000) && random[i] < UINT64_C(60000000000));
        assert_true(fabs((double)even[i] - (double)random[i]) < 1.5e9);
    }
}

static void there_is_no_such_curve(void **state)
{
    (void)state;
    assert_null(curve_find("evening"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(share_and_when_are_inverse),
        cmocka_unit_test(sixty_percent_within_half_an_hour),
        cmocka_unit_test(the_peak_is_at_a_quarter_to_eight),
        cmocka_unit_test(a_constant_rate_is_one),
        cmocka_unit_test(a_ramp_rises_evenly_then_holds),
        cmocka_unit_test(a_step_has_four_levels),
        cmocka_unit_test(arrivals_keep_to_the_levels),
        cmocka_unit_test(arrivals_follow_the_curve),
        cmocka_unit_test(there_is_no_such_curve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
