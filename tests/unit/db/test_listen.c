#include "live.h"

struct ear {
    uv_loop_t loop;
    struct listen *listen;
    unsigned gaps, notes, lost;
    bool up, heard, closed, gone;
    bool close_on_note;
    char channel[64], payload[256];
};

static void ear_on_closed(void *data)
{
    ((struct ear *)data)->closed = true;
}

static void ear_on_notify(void *data, struct str channel, struct str payload)
{
    struct ear *ear = data;

    snprintf(ear->channel, sizeof(ear->channel), STR_FMT, STR_ARG(channel));
    snprintf(ear->payload, sizeof(ear->payload), STR_FMT, STR_ARG(payload));
    ear->notes++;
    ear->heard = true;
    if (ear->close_on_note) listen_close(ear->listen, ear_on_closed, ear);
}

static void ear_on_gap(void *data)
{
    struct ear *ear = data;

    ear->gaps++;
    ear->up = true;
}

static void ear_on_lost(void *data)
{
    struct ear *ear = data;

    ear->lost++;
    ear->up = false;
    ear->gone = true;
}

static const char *const channels[] = { "live", "Access \"x\"", NULL };

static void ear_open(struct ear *ear)
{
    struct listen_options options = {
        .conninfo = live_conninfo(),
        .channels = channels,
        .on_notify = ear_on_notify,
        .on_gap = ear_on_gap,
        .on_lost = ear_on_lost,
        .data = ear,
        .heartbeat_ms = 200,
    };

    memset(ear, 0, sizeof(*ear));
    log_set_level(getenv("TODOKE_TEST_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_OFF);
    uv_loop_init(&ear->loop);
    assert_int_equal(listen_open(&ear->listen, &ear->loop, &options), ERR_NONE);
    assert_true(live_until(&ear->loop, &ear->up, 5000));
    assert_true(listen_up(ear->listen));
}

static void ear_end(struct ear *ear)
{
    if (!ear->closed) listen_close(ear->listen, ear_on_closed, ear);
    uv_run(&ear->loop, UV_RUN_DEFAULT);
    assert_true(ear->closed);
    assert_int_equal(uv_loop_close(&ear->loop), 0);
}

static void hear(struct ear *ear, const char *sql)
{
    ear->heard = false;
    live_sql(sql, NULL, 0);
    assert_true(live_until(&ear->loop, &ear->heard, 2000));
}

static void test_notifications(void **state)
{
    struct ear ear;

    (void)state;
    ear_open(&ear);
    assert_int_equal(ear.gaps, 1);
    hear(&ear, "select pg_notify('live', 'absences 12,13')");
    assert_string_equal(ear.channel, "live");
    assert_string_equal(ear.payload, "absences 12,13");
    live_turn(&ear.loop, 700); /* some heartbeats */
    hear(&ear, "notify \"Access \"\"x\"\"\", '7'");
    assert_string_equal(ear.channel, "Access \"x\"");
    assert_int_equal(ear.gaps, 1);
    ear_end(&ear);
}

static void test_gap_after_a_lost_connection(void **state)
{
    struct ear ear;

    (void)state;
    ear_open(&ear);
    live_sql(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'todoke-listen'",
        NULL, 0);
    assert_true(live_until(&ear.loop, &ear.gone, 2000));
    assert_false(listen_up(ear.listen));
    live_sql("select pg_notify('live', 'missed')", NULL, 0);
    assert_true(live_until(&ear.loop, &ear.up, 2000));
    assert_int_equal(ear.gaps, 2);
    assert_int_equal(ear.notes, 0);
    hear(&ear, "select pg_notify('live', 'again')");
    assert_string_equal(ear.payload, "again");
    ear_end(&ear);
}

/* A server that does not answer (stopped, or behind a cut cable) is found by the heartbeat. */
static void test_silent_server(void **state)
{
    struct ear ear;
    char pid[32], command[64];

    (void)state;
    ear_open(&ear);
    live_sql("select pid from pg_stat_activity where application_name = 'todoke-listen'", pid, sizeof(pid));
    snprintf(command, sizeof(command), "kill -STOP %s", pid);
    if (system(command)) skip();
    bool lost = live_until(&ear.loop, &ear.gone, 2000);
    bool back = live_until(&ear.loop, &ear.up, 2000);
    snprintf(command, sizeof(command), "kill -CONT %s", pid);
    assert_int_equal(system(command), 0);
    assert_true(lost);
    assert_true(back);
    assert_int_equal(ear.gaps, 2);
    ear_end(&ear);
}

static void test_close_from_a_callback(void **state)
{
    struct ear ear;

    (void)state;
    ear_open(&ear);
    ear.close_on_note = true;
    hear(&ear, "select pg_notify('live', '1'), pg_notify('live', '2')");
    assert_int_equal(ear.notes, 1);
    assert_true(live_until(&ear.loop, &ear.closed, 1000));
    ear_end(&ear);
}

static void test_faults(void **state)
{
    static const char *const points[] = { "db.connect:1", "db.recv:1", "db.recv:2",
                                          "db.send:1",    "alloc:2",   "alloc:3" };

    (void)state;
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        struct ear ear;
        ear_open(&ear);
        fault_arm(points[i]);
        live_sql(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'todoke-listen'",
            NULL, 0);
        live_turn(&ear.loop, 600);
        fault_arm(NULL);
        assert_true(live_until(&ear.loop, &ear.up, 4000));
        ear_end(&ear);
    }
}

static void test_bad_conninfo(void **state)
{
    struct listen_options options = { .conninfo = "nonsense", .channels = channels };
    struct listen *listen = NULL;
    uv_loop_t loop;

    (void)state;
    uv_loop_init(&loop);
    assert_int_equal(listen_open(&listen, &loop, &options), ERR_INVALID);
    assert_null(listen);
    assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notifications), cmocka_unit_test(test_gap_after_a_lost_connection),
        cmocka_unit_test(test_silent_server), cmocka_unit_test(test_close_from_a_callback),
        cmocka_unit_test(test_faults),        cmocka_unit_test(test_bad_conninfo),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
