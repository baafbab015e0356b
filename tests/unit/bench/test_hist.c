/* The load generator's histogram: exact where it says so, within 0.1 % elsewhere, mergeable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../../../bench/generator/hist.c"

static void cells_are_contiguous(void **state)
{
    (void)state;
    uint64_t next = 0;
    for (size_t cell = 0; cell < HIST_CELLS; cell++) {
        assert_int_equal(hist_cell(next), cell);
        assert_int_equal(hist_cell(hist_cell_top(cell)), cell);
        next = hist_cell_top(cell) + 1;
    }
    assert_int_equal(next, HIST_MAX + 1);
}

static void three_digits_hold(void **state)
{
    (void)state;
    for (uint64_t value = 1; value < HIST_MAX; value += value / 7 + 1) {
        uint64_t top = hist_cell_top(hist_cell(value));
        assert_true(top >= value);
        assert_true((double)(top - value) <= (double)value / 1000);
    }
}

static void quantiles_of_1_to_1000(void **state)
{
    (void)state;
    struct hist hist;
    assert_int_equal(hist_init(&hist), 0);
    assert_int_equal(hist_quantile(&hist, 0.99), 0);
    for (uint64_t value = 1000; value > 0; value--) hist_record(&hist, value);
    assert_int_equal(hist.count, 1000);
    assert_int_equal(hist.min, 1);
    assert_int_equal(hist.max, 1000);
    assert_int_equal(hist_quantile(&hist, 0), 1);
    assert_int_equal(hist_quantile(&hist, 0.5), 500);
    assert_int_equal(hist_quantile(&hist, 0.99), 990);
    assert_int_equal(hist_quantile(&hist, 0.999), 999);
    assert_int_equal(hist_quantile(&hist, 1), 1000);
    assert_true(hist_mean(&hist) > 500.4 && hist_mean(&hist) < 500.6);
    hist_done(&hist);
}

static int value_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void quantiles_agree_with_sorting(void **state)
{
    (void)state;
    enum { N = 20000 };
    struct hist hist;
    uint64_t *values = calloc(N, sizeof *values), seed = 1;
    assert_int_equal(hist_init(&hist), 0);
    for (size_t i = 0; i < N; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        values[i] = (seed >> 30) % (UINT64_C(1) << (10 + (seed >> 60)));
        hist_record(&hist, values[i]);
    }
    qsort(values, N, sizeof *values, value_compare);
    const double quantiles[] = { 0.01, 0.25, 0.5, 0.9, 0.99, 0.999 };
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        double exact = (double)values[(size_t)ceil(quantiles[i] * N) - 1],
               got = (double)hist_quantile(&hist, quantiles[i]);
        assert_true(got >= exact && got <= exact * 1.001 + 1);
    }
    free(values);
    hist_done(&hist);
}

static void merged_is_recorded_together(void **state)
{
    (void)state;
    struct hist a, b, both;
    assert_int_equal(hist_init(&a) | hist_init(&b) | hist_init(&both), 0);
    for (uint64_t value = 1; value < 3000000; value += 997) {
        hist_record(value % 2 ? &a : &b, value);
        hist_record(&both, value);
    }
    hist_merge(&a, &b);
    assert_int_equal(a.count, both.count);
    assert_int_equal(a.min, both.min);
    assert_int_equal(a.max, both.max);
    for (double q = 0; q <= 1; q += 0.05) assert_int_equal(hist_quantile(&a, q), hist_quantile(&both, q));
    hist_done(&a);
    hist_done(&b);
    hist_done(&both);
}

static void too_long_is_counted_at_the_end(void **state)
{
    (void)state;
    struct hist hist;
    assert_int_equal(hist_init(&hist), 0);
    hist_record(&hist, UINT64_MAX);
    assert_int_equal(hist.cells[HIST_CELLS - 1], 1);
    assert_int_equal(hist.max, UINT64_MAX);
    hist_done(&hist);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_contiguous),        cmocka_unit_test(three_digits_hold),
        cmocka_unit_test(quantiles_of_1_to_1000),      cmocka_unit_test(quantiles_agree_with_sorting),
        cmocka_unit_test(merged_is_recorded_together), cmocka_unit_test(too_long_is_counted_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
