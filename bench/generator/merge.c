#include "merge.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "hist_json.h"

static json_t *greater_of(const json_t *a, const json_t *b)
{
    return json_number_value(a) >= json_number_value(b) ? json_deep_copy(a) : json_deep_copy(b);
}

static json_t *sum_of(const json_t *a, const json_t *b)
{
    if (json_is_integer(a) && json_is_integer(b))
        return json_integer(json_integer_value(a) + json_integer_value(b));
    return json_real(json_number_value(a) + json_number_value(b));
}

/* Rows that begin with their second: the other columns are added, but a time (the only decimal) is the
 * greater one. */
static json_t *timelines_of(const json_t *a, const json_t *b)
{
    size_t rows = json_array_size(a) > json_array_size(b) ? json_array_size(a) : json_array_size(b);
    json_t *merged = json_array();
    for (size_t i = 0; i < rows; i++) {
        const json_t *x = json_array_get(a, i), *y = json_array_get(b, i);
        json_t *row = json_array();
        for (size_t k = 0; k < json_array_size(x ? x : y); k++) {
            const json_t *one = json_array_get(x, k), *other = json_array_get(y, k);
            json_t *cell = !one || !other      ? json_deep_copy(one ? one : other)
                           : k == 0            ? json_deep_copy(one)
                           : json_is_real(one) ? greater_of(one, other)
                                               : sum_of(one, other);
            json_array_append_new(row, cell);
        }
        json_array_append_new(merged, row);
    }
    return merged;
}

/* Two values of the same name. Durations and shares of processes that ran side by side are not added. */
static json_t *value_of(const char *name, const json_t *a, const json_t *b)
{
    static const char *const greater[] = { "seconds", "cpu_share", "most_open", "most_waiting" };
    if (json_is_null(a) || json_is_null(b)) return json_deep_copy(json_is_null(a) ? b : a);
    for (size_t i = 0; i < sizeof greater / sizeof *greater; i++)
        if (strcmp(name, greater[i]) == 0) return greater_of(a, b);
    if (json_is_array(a)) return timelines_of(a, b);
    if (json_is_boolean(a)) return json_boolean(json_is_true(a) || json_is_true(b));
    return json_is_number(a) && json_is_number(b) ? sum_of(a, b) : json_deep_copy(a);
}

static void objects_merge(json_t *into, const json_t *from)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)from, name, value)
    {
        json_t *mine = json_object_get(into, name);
        if (!mine)
            json_object_set_new(into, name, json_deep_copy(value));
        else if (json_is_object(mine) && json_is_object(value))
            objects_merge(mine, value);
        else
            json_object_set_new(into, name, value_of(name, mine, value));
    }
}

/* One timing: the merged histogram, and the summary that readers see. */
static int histogram_merge(json_t *into, const json_t *from, const char *name)
{
    struct hist hist;
    json_t *mine = json_object_get(json_object_get(into, "histograms"), name);
    const json_t *other = json_object_get(json_object_get(from, "histograms"), name);
    if (hist_init(&hist) != 0) return -1;
    int result =
        (mine && hist_json_add(&hist, mine) != 0) || (other && hist_json_add(&hist, other) != 0) ? -1 : 0;
    if (result == 0) {
        bool lag = strcmp(name, "loop_lag") == 0;
        json_t *summaries = json_object_get(into, lag ? "generator" : "latency_ms");
        json_object_set_new(json_object_get(into, "histograms"), name, hist_json(&hist));
        json_object_set_new(summaries, lag ? "loop_lag_ms" : name, hist_json_summary(&hist));
    }
    hist_done(&hist);
    return result;
}

static void verdicts_merge(json_t *into, const json_t *from)
{
    json_t *failed = json_object_get(into, "failed"), *name;
    size_t i, k;
    json_array_foreach(json_object_get(from, "failed"), i, name)
    {
        bool known = false;
        for (k = 0; k < json_array_size(failed); k++)
            known = known || json_equal(json_array_get(failed, k), name);
        if (!known) json_array_append(failed, name);
    }
    json_object_set_new(into, "ok", json_boolean(json_array_size(failed) == 0));
}

static void throughput_divide(json_t *throughput)
{
    double seconds = json_number_value(json_object_get(throughput, "seconds"));
    if (!json_is_object(throughput) || seconds <= 0) return;
    double requests = json_number_value(json_object_get(throughput, "requests"));
    json_object_set_new(throughput, "per_second", json_real(requests / seconds));
}

static bool is_result(const json_t *result)
{
    const char *bench = json_string_value(json_object_get(result, "bench"));
    return bench && strcmp(bench, "todoke") == 0 && json_is_object(json_object_get(result, "histograms")) &&
           json_is_object(json_object_get(result, "verdict"));
}

int merge_results(json_t *into, const json_t *from)
{
    static const char *const added[] = { "requests",   "throughput", "classes",
                                         "dashboards", "generator",  "ledger" };
    const char *name;
    json_t *value;
    if (!is_result(into) || !is_result(from)) return -1;
    json_object_foreach(json_object_get(from, "histograms"), name, value)
    {
        if (histogram_merge(into, from, name) != 0) return -1;
    }
    json_t *lag = json_deep_copy(json_object_get(json_object_get(into, "generator"), "loop_lag_ms"));
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        json_t *mine = json_object_get(into, added[i]), *other = json_object_get(from, added[i]);
        if (json_is_object(mine) && json_is_object(other))
            objects_merge(mine, other);
        else if (json_is_null(mine) && other)
            json_object_set_new(into, added[i], json_deep_copy(other));
    }
    json_object_set_new(json_object_get(into, "generator"), "loop_lag_ms", lag);
    json_object_set_new(into, "timeline",
                        timelines_of(json_object_get(into, "timeline"), json_object_get(from, "timeline")));
    json_object_del(into, "longest_silence_ms"); /* of all together nobody knows it */
    throughput_divide(json_object_get(into, "throughput"));
    verdicts_merge(json_object_get(into, "verdict"), json_object_get(from, "verdict"));
    return 0;
}

static int file_merge(json_t **merged, const char *path)
{
    json_error_t error;
    json_t *result = json_load_file(path, 0, &error);
    int failed = result ? 0 : -1;
    if (!result) {
        fprintf(stderr, "todoke-bench: %s: %s\n", path, error.text);
    } else if (!*merged) {
        *merged = json_incref(result);
    } else if (merge_results(*merged, result) != 0) {
        fprintf(stderr, "todoke-bench: %s: not a result that can be merged\n", path);
        failed = -1;
    }
    json_decref(result);
    return failed;
}

int merge_command(int argc, char **argv)
{
    const char *out = "-";
    json_t *merged = NULL;
    int files = 0, failed = 0;
    for (int i = 2; i < argc && !failed; i++) {
        if (strcmp(argv[i], "--json") == 0 && i + 1 < argc)
            out = argv[++i];
        else if (file_merge(&merged, argv[i]) == 0)
            files++;
        else
            failed = 1;
    }
    if (!failed && !files) fprintf(stderr, "usage: todoke-bench merge A.json B.json ... --json OUT\n");
    if (merged && !failed) {
        size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(9);
        failed =
            strcmp(out, "-") == 0 ? json_dumpf(merged, stdout, flags) : json_dump_file(merged, out, flags);
        if (failed) fprintf(stderr, "todoke-bench: %s: could not be written\n", out);
    }
    bool well = json_is_true(json_object_get(json_object_get(merged, "verdict"), "ok"));
    json_decref(merged);
    return failed || !files ? 2 : !well;
}
