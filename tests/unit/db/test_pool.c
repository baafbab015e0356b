#include "live.h"

STATEMENT(answer, 0, "select $1 + 1 as n", { "n", PG_INT8, false });
STATEMENT(nothing, STATEMENT_PUBLIC, "select 1 as n where false");

static const struct statement *const list[] = { &answer, &nothing, NULL };
static const statement_list lists[] = { list, NULL };

static void on_started_conninfo(const char *conninfo, unsigned ms, bool ready)
{
    struct db_options options = { .conninfo = conninfo, .statements = lists };
    struct live l;

    memset(&l, 0, sizeof(l));
    log_set_level(getenv("TODOKE_TEST_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_OFF);
    uv_loop_init(&l.loop);
    arena_init(&l.arena, 0);
    assert_int_equal(db_open(&l.db, &l.loop, &options, live_on_started, &l, NULL), ERR_NONE);
    assert_int_equal(live_until(&l.loop, &l.started, ms), ready);
    assert_int_equal(db_ready(l.db), ready);
    live_close(&l);
}

static void test_conninfos(void **state)
{
    struct db_options options = { .conninfo = "host=x nonsense=1", .statements = lists };
    char conninfo[1024], port[32];
    struct buf message;
    struct db *db = NULL;
    uv_loop_t loop;

    (void)state;
    live_sql("show port", port, sizeof(port));
    /* a name, resolved in the thread pool; the first of two hosts is not there */
    snprintf(conninfo, sizeof(conninfo), "%s host=localhost,localhost port=1,%s", live_conninfo(), port);
    on_started_conninfo(conninfo, 5000, true);
    snprintf(conninfo, sizeof(conninfo), "%s host=/nowhere,127.0.0.1 port=%s", live_conninfo(), port);
    on_started_conninfo(conninfo, 5000, true);
    on_started_conninfo("host=no-such-host.invalid dbname=x", 300, false);
    on_started_conninfo("host=/nowhere dbname=x", 300, false);
    buf_init(&message, 0);
    uv_loop_init(&loop);
    assert_int_equal(db_open(&db, &loop, &options, live_on_started, NULL, &message), ERR_INVALID);
    assert_null(db);
    buf_putc(&message, '\0');
    assert_non_null(strstr(message.at, "nonsense"));
    buf_done(&message);
    assert_int_equal(uv_loop_close(&loop), 0);
}

STATEMENT(bad_table, 0, "select * from not_there");
STATEMENT(bad_type, 0, "select '1.2.3.4'::inet as address, 1 as one, 2 as one");
STATEMENT(bad_gather, STATEMENT_GATHER, "select 1::int as ord from unnest($1)", { "n", PG_INT8, false });

static void test_refuses_a_schema_that_does_not_fit(void **state)
{
    static const struct statement *const bad[] = { &answer, &bad_table, &bad_type, &bad_gather, NULL };
    static const statement_list bad_lists[] = { bad, NULL };
    struct live l;

    (void)state;
    live_open(&l, bad_lists, NULL);
    assert_int_equal(l.start_err, ERR_INVALID);
    assert_non_null(strstr(l.message, "statement bad_table: relation \"not_there\" does not exist"));
    assert_non_null(
        strstr(l.message, "statement bad_type: column address (type 869, ?) has a type without an encoder"));
    assert_non_null(strstr(l.message, "column one (type 23, int) is there twice"));
    assert_non_null(strstr(l.message, "statement bad_gather: column ord (type 23, int) must be bigint"));
    live_close(&l);
}

static void test_every_allocation_of_the_start(void **state)
{
    char spec[64];

    (void)state;
    for (int n = 1; n <= 60; n++) {
        struct db_options options = { .conninfo = live_conninfo(), .statements = lists };
        struct live l;
        memset(&l, 0, sizeof(l));
        log_set_level(LOG_LEVEL_OFF);
        uv_loop_init(&l.loop);
        snprintf(spec, sizeof(spec), n <= 40 ? "alloc:%d" : "db.recv:%d", n <= 40 ? n : n - 40);
        fault_arm(spec);
        enum err err = db_open(&l.db, &l.loop, &options, live_on_started, &l, NULL);
        assert_true(err == ERR_NONE || err == ERR_NOMEM || err == ERR_INVALID);
        if (!err) {
            assert_true(live_until(&l.loop, &l.started, 5000)); /* it tries again */
            assert_int_equal(l.start_err, ERR_NONE);
            db_close(l.db, live_on_closed, &l);
        }
        fault_arm(NULL);
        uv_run(&l.loop, UV_RUN_DEFAULT);
        assert_int_equal(uv_loop_close(&l.loop), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conninfos),
        cmocka_unit_test(test_refuses_a_schema_that_does_not_fit),
        cmocka_unit_test(test_every_allocation_of_the_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
