/* Histograms as JSON: what is written and read again is the same, and N of them merged are one of all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../../../bench/generator/hist.c"
#include "../../../bench/generator/hist_json.c"

static void assert_same(const struct hist *a, const struct hist *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->min, b->min);
    assert_int_equal(a->max, b->max);
    assert_true(a->sum > b->sum - 1 && a->sum < b->sum + 1);
    assert_memory_equal(a->cells, b->cells, HIST_CELLS * sizeof *a->cells);
}

static void written_and_read_is_the_same(void **state)
{
    (void)state;
    struct hist hist, again;
    assert_int_equal(hist_init(&hist) | hist_init(&again), 0);
    for (uint64_t value = 1; value < HIST_MAX / 2; value += value / 3 + 1) hist_record(&hist, value);
    hist_record(&hist, UINT64_C(1) << 50);
    json_t *json = hist_json(&hist);
    assert_int_equal(hist_json_add(&again, json), 0);
    assert_same(&again, &hist);
    json_decref(json);
    hist_done(&hist);
    hist_done(&again);
}

static void an_empty_one_adds_nothing(void **state)
{
    (void)state;
    struct hist empty, other;
    assert_int_equal(hist_init(&empty) | hist_init(&other), 0);
    hist_record(&other, 7);
    json_t *json = hist_json(&empty);
    assert_int_equal(json_array_size(json_object_get(json, "cells")), 0);
    assert_int_equal(hist_json_add(&other, json), 0);
    assert_int_equal(other.min, 7);
    assert_int_equal(other.count, 1);
    json_decref(json);
    hist_done(&empty);
    hist_done(&other);
}

static void shards_merged_are_one(void **state)
{
    (void)state;
    enum { SHARDS = 5 };
    struct hist shards[SHARDS], whole, merged;
    assert_int_equal(hist_init(&whole) | hist_init(&merged), 0);
    for (int i = 0; i < SHARDS; i++) assert_int_equal(hist_init(&shards[i]), 0);
    uint64_t value = 1;
    for (int i = 0; i < 20000; i++) {
        value = value * UINT64_C(6364136223846793005) + 1442695040888963407u;
        uint64_t ns = (value >> 33) % 90000000;
        hist_record(&shards[i % SHARDS], ns);
        hist_record(&whole, ns);
    }
    for (int i = 0; i < SHARDS; i++) {
        json_t *json = hist_json(&shards[i]);
        assert_int_equal(hist_json_add(&merged, json), 0);
        json_decref(json);
        hist_done(&shards[i]);
    }
    assert_same(&merged, &whole);
    assert_int_equal(hist_quantile(&merged, 0.9999), hist_quantile(&whole, 0.9999));
    hist_done(&whole);
    hist_done(&merged);
}

static void what_is_no_histogram_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"unit\":\"ms\",\"cells\":[],\"count\":0}",
        "{\"unit\":\"ns\",\"cells\":[[5,1]],\"count\":2}",
        "{\"unit\":\"ns\",\"cells\":[[5,-1]],\"count\":-1}",
        "{\"unit\":\"ns\",\"cells\":[[4096,1]],\"count\":1}", /* not the top of any cell */
    };
    struct hist hist;
    assert_int_equal(hist_init(&hist), 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *json = json_loads(texts[i], 0, NULL);
        assert_non_null(json);
        assert_int_equal(hist_json_add(&hist, json), -1);
        json_decref(json);
    }
    hist_done(&hist);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_and_read_is_the_same),
        cmocka_unit_test(an_empty_one_adds_nothing),
        cmocka_unit_test(shards_merged_are_one),
        cmocka_unit_test(what_is_no_histogram_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
