/* Results of several processes as one: counts are added, histograms merged, summaries taken anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../../../bench/generator/hist.c"
#include "../../../bench/generator/hist_json.c"
#include "../../../bench/generator/merge.c"

/* A result as a process writes it, with the values from, from + step, ... */
static json_t *result_of(uint64_t from, uint64_t step, int count, double seconds, const char *failed)
{
    struct hist hist;
    assert_int_equal(hist_init(&hist), 0);
    for (int i = 0; i < count; i++) hist_record(&hist, from + step * (uint64_t)i);
    json_t *result = json_pack(
        "{s:s s:{s:i s:{s:i}} s:{s:i s:f s:f} s:{s:o} s:{s:o} s:{s:f s:b} s:n s:[[i,i,f],[i,i,f]] s:{s:b "
        "s:o}}",
        "bench", "todoke", "requests", "acknowledged", count, "statuses", "201", count, "throughput",
        "requests", count, "seconds", seconds, "per_second", count / seconds, "latency_ms", "acknowledge",
        hist_json_summary(&hist), "histograms", "acknowledge", hist_json(&hist), "generator", "seconds",
        seconds, "bottleneck", 0, "ledger", "timeline", 0, count, 1.5, 1, 1, (double)seconds, "verdict", "ok",
        *failed == '\0', "failed", *failed ? json_pack("[s]", failed) : json_array());
    hist_done(&hist);
    assert_non_null(result);
    return result;
}

static json_int_t number_at(const json_t *result, const char *part, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(result, part), name));
}

static void parts_are_the_whole(void **state)
{
    (void)state;
    json_t *whole = result_of(1000, 777, 3000, 2, ""), *merged = result_of(1000, 3 * 777, 1000, 2, "");
    for (uint64_t k = 1; k < 3; k++) {
        json_t *shard = result_of(1000 + k * 777, 3 * 777, 1000, 2, "");
        assert_int_equal(merge_results(merged, shard), 0);
        json_decref(shard);
    }
    assert_true(json_equal(json_object_get(merged, "histograms"), json_object_get(whole, "histograms")));
    assert_true(json_equal(json_object_get(merged, "latency_ms"), json_object_get(whole, "latency_ms")));
    assert_true(json_equal(json_object_get(merged, "requests"), json_object_get(whole, "requests")));
    assert_true(json_equal(json_object_get(merged, "throughput"), json_object_get(whole, "throughput")));
    assert_true(json_is_true(json_object_get(json_object_get(merged, "verdict"), "ok")));
    json_decref(merged);
    json_decref(whole);
}

static void what_is_not_added(void **state)
{
    (void)state;
    json_t *a = result_of(1, 1, 10, 2, ""), *b = result_of(1, 1, 30, 4, "lost");
    assert_int_equal(merge_results(a, b), 0);
    assert_int_equal(number_at(a, "requests", "acknowledged"), 40);
    json_t *throughput = json_object_get(a, "throughput"), *rows = json_object_get(a, "timeline");
    assert_true(json_real_value(json_object_get(throughput, "seconds")) == 4);
    assert_true(json_real_value(json_object_get(throughput, "per_second")) == 10);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(rows, 0), 1)), 40);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(rows, 1), 0)), 1);
    assert_true(json_real_value(json_array_get(json_array_get(rows, 1), 2)) == 4);
    assert_false(json_is_true(json_object_get(json_object_get(a, "verdict"), "ok")));
    json_decref(a);
    json_decref(b);
}

static void what_is_no_result_is_refused(void **state)
{
    (void)state;
    json_t *a = result_of(1, 1, 10, 2, ""), *other = json_pack("{s:s}", "bench", "other");
    assert_int_equal(merge_results(a, other), -1);
    assert_int_equal(number_at(a, "requests", "acknowledged"), 10);
    json_decref(a);
    json_decref(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_the_whole),
        cmocka_unit_test(what_is_not_added),
        cmocka_unit_test(what_is_no_result_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
