#include "unit.h"

#include <sys/mman.h>

#include "base/metrics.h"

static struct buf out;

static const char *rendered(void)
{
    buf_reset(&out);
    metrics_render(&out);
    buf_putc(&out, '\0');
    assert_false(out.failed);
    return out.at;
}

static void *region_new(unsigned workers)
{
    void *p = mmap(NULL, metrics_size(workers), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    assert_ptr_not_equal(p, MAP_FAILED);
    return p;
}

static void it_works_before_attach(void **state)
{
    (void)state;
    metric_inc(METRIC_HTTP_2XX);
    assert_int_equal(metric_total(METRIC_HTTP_2XX), 1);
}

static void processes_write_one_region(void **state)
{
    enum { WORKERS = 3 };
    void *region = region_new(WORKERS);

    (void)state;
    for (unsigned w = 0; w < WORKERS; w++) {
        pid_t pid = fork();

        if (pid == 0) {
            metrics_attach(region, WORKERS, w);
            for (int i = 0; i < 1000; i++) metric_inc(METRIC_HTTP_2XX);
            metric_set(METRIC_CONNECTIONS, 10 * (int64_t)w);
            metric_move(METRIC_CONNECTIONS, -1);
            metric_observe(METRIC_HTTP_SECONDS, 1000000);
            _exit(0);
        }
        waitpid(pid, NULL, 0);
    }
    metrics_attach(region, WORKERS, WORKERS);
    metric_inc(METRIC_WORKER_RESTARTS);
    assert_int_equal(metric_total(METRIC_HTTP_2XX), 3000);
    assert_int_equal(metric_total(METRIC_CONNECTIONS), 27);
    assert_int_equal(metric_total(METRIC_HTTP_SECONDS), 3);
    metrics_slot_ended(2);
    assert_int_equal(metric_total(METRIC_CONNECTIONS), 8);
    metrics_attach(region, WORKERS, 1);
    assert_int_equal(metric_total(METRIC_CONNECTIONS), -1);
    assert_int_equal(metric_total(METRIC_HTTP_2XX), 3000);
    assert_non_null(strstr(rendered(), "\nhttp_requests_total{class=\"2xx\"} 3000\n"));
    assert_non_null(strstr(rendered(), "\nconnections -1\n"));
    munmap(region, metrics_size(WORKERS));
}

static unsigned count(const char *haystack, const char *needle)
{
    unsigned n = 0;

    for (; (haystack = strstr(haystack, needle)); haystack++) n++;
    return n;
}

static void the_text_has_one_head_per_name(void **state)
{
    const char *s;

    (void)state;
    metrics_attach(region_new(0), 0, 0);
    s = rendered();
    assert_int_equal(count(s, "# TYPE http_requests_total counter\n"), 1);
    assert_int_equal(count(s, "# HELP http_requests_total HTTP requests"), 1);
    assert_int_equal(count(s, "\nhttp_requests_total{"), 5);
    assert_int_equal(count(s, "# TYPE connections gauge\n"), 1);
    assert_int_equal(count(s, "# TYPE loop_lag_seconds histogram\n"), 1);
}

static void buckets_are_cumulative_and_inclusive(void **state)
{
    static const uint64_t values[] = { 0,          16384,       16385,       20480,         20481,
                                       1000000000, 68719476736, 68719476737, UINT64_MAX / 2 };
    const char *s;

    (void)state;
    metrics_attach(region_new(0), 0, 0);
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) metric_observe(METRIC_LOOP_LAG, values[i]);
    s = rendered();
    assert_non_null(strstr(s, "\nloop_lag_seconds_bucket{le=\"1.6384e-05\"} 2\n"));
    assert_non_null(strstr(s, "\nloop_lag_seconds_bucket{le=\"2.048e-05\"} 4\n"));
    assert_non_null(strstr(s, "\nloop_lag_seconds_bucket{le=\"2.4576e-05\"} 5\n"));
    assert_non_null(strstr(s, "\nloop_lag_seconds_bucket{le=\"0.939524096\"} 5\n"));
    assert_non_null(strstr(s, "\nloop_lag_seconds_bucket{le=\"1.07374182\"} 6\n"));
    assert_non_null(strstr(s, "\nloop_lag_seconds_bucket{le=\"68.7194767\"} 7\n"));
    assert_non_null(strstr(s, "\nloop_lag_seconds_bucket{le=\"+Inf\"} 9\n"));
    assert_non_null(strstr(s, "\nloop_lag_seconds_count 9\n"));
    assert_int_equal(count(s, "\nloop_lag_seconds_bucket{"), 90);
}

static void the_wrong_kind_is_a_programming_error(void **state)
{
    (void)state;
    assert_aborts(metric_inc(METRIC_CONNECTIONS));
    assert_aborts(metric_set(METRIC_LOOP_LAG, 1));
    assert_aborts(metrics_attach(region_new(1), 1, 2));
}

static void memory_can_be_out(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct buf b;

        buf_init(&b, 0);
        metrics_render(&b);
        ok = !b.failed;
        buf_done(&b);
    });
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_works_before_attach),
        cmocka_unit_test(processes_write_one_region),
        cmocka_unit_test(the_text_has_one_head_per_name),
        cmocka_unit_test(buckets_are_cumulative_and_inclusive),
        cmocka_unit_test(the_wrong_kind_is_a_programming_error),
        cmocka_unit_test(memory_can_be_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
