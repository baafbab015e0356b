#include "live.h"

STATEMENT(answer, 0, "select $1 + 1 as n", { "n", PG_INT8, false });
STATEMENT(put, STATEMENT_WRITE, "insert into batch_test (id) values ($1) returning id",
          { "id", PG_INT8, false });
STATEMENT(put_deferred, STATEMENT_WRITE, "insert into batch_deferred (id) values ($1)",
          { "id", PG_INT8, false });
STATEMENT(divide, 0, "select 1 / $1 as n", { "n", PG_INT8, false });
STATEMENT(nap, 0, "select pg_sleep($1::int / 1000.0)::text as done", { "ms", PG_INT8, false });
STATEMENT(schools, 0, "select current_setting('todoke.schools') as schools");
STATEMENT(no_schools, STATEMENT_PUBLIC,
          "select coalesce(current_setting('todoke.schools', true), '') as schools");
STATEMENT(whoami, 0, "select pg_backend_pid() as pid");
STATEMENT(shape, 0, "select * from batch_shape");

static const struct statement *const list[] = { &answer,  &put,        &put_deferred, &divide, &nap,
                                                &schools, &no_schools, &whoami,       &shape,  NULL };
static const statement_list lists[] = { list, NULL };

static void tables(void)
{
    live_sql("drop table if exists batch_test, batch_deferred, batch_shape; create table batch_test (id "
             "bigint primary key);"
             "create table batch_deferred (id bigint unique deferrable initially deferred);"
             "create table batch_shape (a int)",
             NULL, 0);
}

static void test_many_batches_pipelined(void **state)
{
    struct live l;
    struct ask asks[200];

    (void)state;
    tables();
    live_open(&l, lists, NULL);
    assert_int_equal(l.start_err, ERR_NONE);
    assert_true(db_ready(l.db));
    for (int i = 0; i < 200; i++) {
        ask_init(&asks[i], &l, DB_READ, "1", 0);
        ask_add_i64(&asks[i], &answer, "n", i);
        ask_add_i64(&asks[i], &answer, "n", i * 10);
        ask_send(&asks[i]);
        assert_false(asks[i].done);
    }
    assert_true(db_queued(l.db, DB_READ) > 0);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(ask_wait(&asks[i]), ERR_NONE);
        assert_int_equal(rows_get_i64(batch_rows(&asks[i].batch, 0), 0, "n", 0), i + 1);
        assert_int_equal(rows_get_i64(batch_rows(&asks[i].batch, 1), 0, "n", 0), i * 10 + 1);
        batch_done(&asks[i].batch);
    }
    live_turn(&l.loop, 60);
    assert_true(db_idle(l.db));
    live_close(&l);
}

static void test_schools_are_for_one_transaction(void **state)
{
    struct live l;
    struct ask a, b;
    struct db_options one = { .lanes[DB_READ].connections = 1 };

    (void)state;
    tables();
    live_open(&l, lists, &one);
    ask_init(&a, &l, DB_READ, "3,5", 0);
    ask_add_i64(&a, &schools, NULL, 0);
    ask_send(&a);
    ask_init(&b, &l, DB_READ, "7", 0);
    ask_add_i64(&b, &no_schools, NULL, 0);
    ask_send(&b);
    assert_int_equal(ask_wait(&a), ERR_NONE);
    assert_int_equal(ask_wait(&b), ERR_NONE);
    assert_true(str_eq(rows_get_text(batch_rows(&a.batch, 0), 0, "schools"), STR("3,5")));
    assert_true(str_eq(rows_get_text(batch_rows(&b.batch, 0), 0, "schools"), STR("")));
    batch_done(&a.batch);
    batch_done(&b.batch);
    live_close(&l);
}

static void test_batch_is_one_transaction(void **state)
{
    struct live l;
    struct ask a;

    (void)state;
    tables();
    live_open(&l, lists, NULL);
    ask_init(&a, &l, DB_WRITE, "", 0);
    ask_add_i64(&a, &put, "id", 1);
    ask_add_i64(&a, &divide, "n", 0);
    ask_add_i64(&a, &put, "id", 2);
    ask_send(&a);
    assert_int_equal(ask_wait(&a), ERR_CONFLICT);
    assert_int_equal(a.batch.failed, 1);
    assert_int_equal(a.batch.error.class, DB_ERROR_INPUT);
    assert_string_equal(a.batch.error.sqlstate, "22012");
    assert_false(a.batch.outcome_unknown);
    assert_int_equal(live_count("select count(*) from batch_test"), 0);
    batch_done(&a.batch);

    ask_init(&a, &l, DB_WRITE, "", 0);
    ask_add_i64(&a, &put, "id", 1);
    ask_add_i64(&a, &put, "id", 1);
    ask_send(&a);
    assert_int_equal(ask_wait(&a), ERR_CONFLICT);
    assert_int_equal(a.batch.error.class, DB_ERROR_UNIQUE);
    assert_string_equal(a.batch.error.constraint, "batch_test_pkey");
    assert_string_equal(a.batch.error.table, "batch_test");
    batch_done(&a.batch);
    live_close(&l);
}

static void test_failing_commit(void **state)
{
    struct live l;
    struct ask a, b;

    (void)state;
    tables();
    live_open(&l, lists, NULL);
    ask_init(&a, &l, DB_WRITE, "", 0);
    ask_add_i64(&a, &put_deferred, "id", 1);
    ask_add_i64(&a, &put_deferred, "id", 1);
    ask_send(&a);
    assert_int_equal(ask_wait(&a), ERR_CONFLICT);
    assert_int_equal(a.batch.failed, -1);
    assert_int_equal(a.batch.error.class, DB_ERROR_UNIQUE);
    assert_int_equal(live_count("select count(*) from batch_deferred"), 0);
    ask_init(&b, &l, DB_WRITE, "", 0);
    ask_add_i64(&b, &put_deferred, "id", 1);
    ask_send(&b);
    assert_int_equal(ask_wait(&b), ERR_NONE);
    batch_done(&a.batch);
    batch_done(&b.batch);
    live_close(&l);
}

static void test_deadline(void **state)
{
    struct live l;
    struct ask slow, behind;
    struct db_options one = { .lanes[DB_READ].connections = 1 };
    uint64_t start;

    (void)state;
    tables();
    live_open(&l, lists, &one);
    start = clock_now_ns();
    ask_init(&slow, &l, DB_READ, "", 300);
    ask_add_i64(&slow, &nap, "ms", 4000);
    ask_send(&slow);
    ask_init(&behind, &l, DB_READ, "", 3000); /* in flight on the same connection: must not suffer */
    ask_add_i64(&behind, &answer, "n", 1);
    ask_send(&behind);
    assert_int_equal(ask_wait(&slow), ERR_TIMEOUT);
    assert_true(clock_now_ns() - start < 600 * NS_PER_MS);
    assert_false(slow.batch.outcome_unknown); /* a read */
    assert_int_equal(ask_wait(&behind), ERR_NONE);
    assert_true(clock_now_ns() - start < 1500 * NS_PER_MS);
    batch_done(&slow.batch);
    batch_done(&behind.batch);
    live_turn(&l.loop, 60);
    assert_true(db_idle(l.db)); /* the slot came back */
    live_close(&l);
}

/* A server that is stopped, or behind a cut cable: the deadline is kept, and what waits goes over a new
 * connection. */
static void test_silent_server(void **state)
{
    struct live l;
    struct ask first, lost, behind;
    struct db_options one = { .lanes[DB_WRITE] = { .connections = 1, .in_flight = 1 } };
    char command[64];
    uint64_t start;

    (void)state;
    tables();
    live_open(&l, lists, &one);
    ask_init(&first, &l, DB_WRITE, "", 0);
    ask_add_i64(&first, &whoami, NULL, 0);
    ask_send(&first);
    assert_int_equal(ask_wait(&first), ERR_NONE);
    int pid = (int)rows_get_i64(batch_rows(&first.batch, 0), 0, "pid", 0);
    batch_done(&first.batch);
    snprintf(command, sizeof(command), "kill -STOP %d 2>/dev/null", pid);
    if (system(command)) skip();
    start = clock_now_ns();
    ask_init(&lost, &l, DB_WRITE, "", 500);
    ask_add_i64(&lost, &put, "id", 1);
    ask_send(&lost);
    ask_init(&behind, &l, DB_WRITE, "", 5000);
    ask_add_i64(&behind, &put, "id", 2);
    ask_send(&behind);
    enum err lost_err = ask_wait(&lost);
    uint64_t took = clock_now_ns() - start;
    enum err behind_err = ask_wait(&behind);
    uint64_t back = clock_now_ns() - start;
    snprintf(command, sizeof(command), "kill -CONT %d", pid);
    assert_int_equal(system(command), 0);
    assert_int_equal(lost_err, ERR_TIMEOUT);
    assert_true(lost.batch.outcome_unknown);
    assert_true(took < 800 * NS_PER_MS);
    assert_int_equal(behind_err, ERR_NONE);
    assert_true(back < 3000 * NS_PER_MS);
    batch_done(&lost.batch);
    batch_done(&behind.batch);
    live_close(&l);
}

static void test_cancel_forgets(void **state)
{
    struct live l;
    struct ask a;

    (void)state;
    tables();
    live_open(&l, lists, NULL);
    ask_init(&a, &l, DB_READ, "", 500);
    ask_add_i64(&a, &nap, "ms", 100);
    ask_send(&a);
    batch_done(&a.batch);
    live_turn(&l.loop, 300);
    assert_int_equal(a.calls, 0);
    assert_true(db_idle(l.db));
    live_close(&l);
}

static void test_busy_lane(void **state)
{
    struct live l;
    struct ask asks[8];
    struct db_options small = { .lanes[DB_REPORT] = { .connections = 1, .in_flight = 1, .queue = 2 } };

    (void)state;
    tables();
    live_open(&l, lists, &small);
    for (int i = 0; i < 4; i++) {
        ask_init(&asks[i], &l, DB_REPORT, "", 0);
        ask_add_i64(&asks[i], &nap, "ms", 50);
    }
    for (int i = 0; i < 3; i++) ask_send(&asks[i]);
    assert_int_equal(batch_send(&asks[3].batch, ask_on_done, &asks[3]), ERR_BUSY);
    /* another lane is not touched by it */
    ask_init(&asks[4], &l, DB_READ, "", 0);
    ask_add_i64(&asks[4], &answer, "n", 1);
    ask_send(&asks[4]);
    for (int i = 0; i < 3; i++) assert_int_equal(ask_wait(&asks[i]), ERR_NONE);
    assert_int_equal(ask_wait(&asks[4]), ERR_NONE);
    assert_int_equal(asks[3].calls, 0);
    for (int i = 0; i < 5; i++) batch_done(&asks[i].batch);
    live_close(&l);
}

static void test_backend_killed(void **state)
{
    struct live l;
    struct ask asks[6], again;
    struct db_options one = { .lanes[DB_WRITE] = { .connections = 1, .in_flight = 2 } };
    char sql[128];

    (void)state;
    tables();
    live_open(&l, lists, &one);
    ask_init(&again, &l, DB_WRITE, "", 0);
    ask_add_i64(&again, &whoami, NULL, 0);
    ask_send(&again);
    assert_int_equal(ask_wait(&again), ERR_NONE);
    snprintf(sql, sizeof(sql), "select pg_terminate_backend(%d)",
             (int)rows_get_i64(batch_rows(&again.batch, 0), 0, "pid", 0));
    batch_done(&again.batch);
    for (int i = 0; i < 4; i++) {
        ask_init(&asks[i], &l, DB_WRITE, "", 0);
        ask_add_i64(&asks[i], &put, "id", i);
        if (i < 2) ask_add_i64(&asks[i], &nap, "ms", 500);
        ask_send(&asks[i]);
    }
    live_turn(&l.loop, 30);
    live_sql(sql, NULL, 0);
    for (int i = 0; i < 4; i++) {
        enum err err = ask_wait(&asks[i]);
        assert_int_equal(err,
                         i < 2 ? ERR_CLOSED : ERR_NONE); /* what only waited goes to the next connection */
        assert_int_equal(asks[i].batch.outcome_unknown, i < 2);
        batch_done(&asks[i].batch);
    }
    assert_int_equal(live_count("select count(*) from batch_test"), 2);
    live_close(&l);
}

static void test_close_with_work_in_flight(void **state)
{
    struct live l;
    struct ask asks[10];

    (void)state;
    tables();
    live_open(&l, lists, NULL);
    for (int i = 0; i < 10; i++) {
        ask_init(&asks[i], &l, DB_READ, "", 0);
        ask_add_i64(&asks[i], &nap, "ms", 200);
        ask_send(&asks[i]);
    }
    live_close(&l);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(asks[i].calls, 1);
        assert_int_equal(asks[i].batch.err, ERR_CANCELLED);
        batch_done(&asks[i].batch);
    }
}

static void test_wait_for_standby_cancelled(void **state)
{
    struct live l;
    struct ask a;
    char sql[128];
    long pid;

    (void)state;
    if (!live_count("select usesuper::int from pg_user where usename = current_user")) skip();
    tables();
    live_open(&l, lists, NULL);
    live_sql("alter system set synchronous_standby_names = 'nobody'", NULL, 0);
    live_sql("select pg_reload_conf()", NULL, 0);
    live_turn(&l.loop, 300);
    ask_init(&a, &l, DB_WRITE, "", 5000);
    ask_add_i64(&a, &put, "id", 77);
    ask_send(&a);
    live_turn(&l.loop, 300);
    bool early = a.done;
    pid = live_count("select pid from pg_stat_activity where wait_event = 'SyncRep' limit 1");
    snprintf(sql, sizeof(sql), "select pg_cancel_backend(%ld)", pid);
    live_sql(sql, NULL, 0);
    enum err err = ask_wait(&a);
    PGconn *pg = PQconnectdb(live_conninfo());
    PQclear(PQexec(pg, "set synchronous_commit = off"));
    PQclear(PQexec(pg, "alter system reset synchronous_standby_names"));
    PQclear(PQexec(pg, "select pg_reload_conf()"));
    PQfinish(pg);
    assert_false(early); /* not acknowledged while it waits */
    assert_int_equal(err, ERR_CONFLICT);
    assert_int_equal(a.batch.error.class, DB_ERROR_NOT_DURABLE);
    assert_true(a.batch.outcome_unknown);
    batch_done(&a.batch);
    live_close(&l);
}

static void test_schema_changed_under_a_plan(void **state)
{
    struct live l;
    struct ask a;

    (void)state;
    tables();
    live_open(&l, lists, NULL);
    for (int i = 0; i < 4; i++) {
        if (i == 2) live_sql("alter table batch_shape add column b text", NULL, 0);
        ask_init(&a, &l, DB_READ, "", 0);
        ask_add_i64(&a, &shape, NULL, 0);
        ask_send(&a);
        assert_int_equal(ask_wait(&a), ERR_NONE);
        assert_int_equal(rows_columns(batch_rows(&a.batch, 0)), i < 2 ? 1 : 2);
        batch_done(&a.batch);
    }
    live_close(&l);
}

static void test_every_fault_point(void **state)
{
    static const char *const points[] = { "db.send", "db.recv", "db.alloc", "db.connect", "alloc" };
    char spec[64];

    (void)state;
    tables();
    for (size_t p = 0; p < 5; p++) {
        for (int n = 1; n <= 12; n++) {
            struct live l;
            struct ask asks[3];
            live_open(&l, lists, NULL);
            snprintf(spec, sizeof(spec), "%s:%d", points[p], n);
            assert_int_equal(fault_arm(spec), 0);
            for (int i = 0; i < 3; i++) {
                struct args args;
                ask_init(&asks[i], &l, DB_READ, "", 2000);
                args_init(&args, &l.arena);
                args_i64(&args, "n", 1);
                if (batch_add(&asks[i].batch, &answer, &args, NULL) ||
                    batch_send(&asks[i].batch, ask_on_done, &asks[i]))
                    asks[i].done = true;
            }
            for (int i = 0; i < 3; i++) {
                assert_true(live_until(&l.loop, &asks[i].done, 5000));
                assert_true(asks[i].calls <= 1);
                batch_done(&asks[i].batch);
            }
            fault_arm(NULL);
            live_close(&l);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_batches_pipelined),
        cmocka_unit_test(test_schools_are_for_one_transaction),
        cmocka_unit_test(test_batch_is_one_transaction),
        cmocka_unit_test(test_failing_commit),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_silent_server),
        cmocka_unit_test(test_cancel_forgets),
        cmocka_unit_test(test_busy_lane),
        cmocka_unit_test(test_backend_killed),
        cmocka_unit_test(test_close_with_work_in_flight),
        cmocka_unit_test(test_wait_for_standby_cancelled),
        cmocka_unit_test(test_schema_changed_under_a_plan),
        cmocka_unit_test(test_every_fault_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
