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
        cmocka_unit_test(arrivals_follow_the_curve),
        cmocka_unit_test(there_is_no_such_curve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
