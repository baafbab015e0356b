#include "live.h"

STATEMENT(put, STATEMENT_GATHER | STATEMENT_WRITE,
          "with i as (select * from unnest($1, $2) with ordinality as i (id, note, ord)), "
          "n as (insert into gather_test (id, note) select id, note from i returning id) "
          "select i.ord, i.id, i.note, current_setting('todoke.schools') as schools from i join n using (id) "
          "order by i.ord desc",
          { "id", PG_INT8, false }, { "note", PG_TEXT, false });
STATEMENT(
    series, STATEMENT_GATHER,
    "select i.ord, s as n from unnest($1) with ordinality as i (count, ord), generate_series(1, i.count) s "
    "order by s",
    { "count", PG_INT4, false });
STATEMENT(
    nap, STATEMENT_GATHER | STATEMENT_WRITE,
    "select i.ord, pg_sleep(i.ms / 1000.0)::text as done from unnest($1) with ordinality as i (ms, ord)",
    { "ms", PG_INT4, false });

static const struct statement *const list[] = { &put, &series, &nap, NULL };
static const statement_list lists[] = { list, NULL };

#define MANY 1000

struct one {
    struct gather_request request;
    bool done;
    unsigned calls, batch;
    enum err err;
    struct db_error error;
    bool unknown;
    int rows;
    int64_t value, last;
    char schools[64];
};

struct crowd {
    struct one at[MANY];
    unsigned answered;
    bool all;
    unsigned wanted;
};

static struct crowd *crowd;

static void one_on_rows(struct gather_request *request, const struct gather_answer *answer, void *data)
{
    struct one *one = data;

    assert_ptr_equal(request, &one->request);
    one->calls++;
    one->done = true;
    one->err = answer->err;
    one->error = answer->error;
    one->unknown = answer->outcome_unknown;
    one->batch = answer->batch;
    one->rows = answer->rows.count;
    if (one->rows) {
        struct str schools = rows_get_text(answer->rows, 0, "schools");
        one->value = rows_get_i64(answer->rows, 0, "id", rows_get_i64(answer->rows, 0, "n", -1));
        one->last = rows_get_i64(answer->rows, one->rows - 1, "n", -1);
        snprintf(one->schools, sizeof(one->schools), STR_FMT, STR_ARG(schools));
    }
    if (++crowd->answered == crowd->wanted) crowd->all = true;
}

static void fresh(struct live *l)
{
    live_sql("drop table if exists gather_test; "
             "create table gather_test (id bigint primary key, note text check (note <> 'bad'))",
             NULL, 0);
    crowd = test_calloc(1, sizeof(*crowd));
    live_open(l, lists, NULL);
    assert_int_equal(l->start_err, ERR_NONE);
}

static void end(struct live *l)
{
    live_close(l);
    test_free(crowd);
}

static void add_put(struct live *l, int i, const char *note, const char *in_schools)
{
    struct args args;
    struct arena arena;

    arena_init(&arena, 0); /* the arguments may go after gather_add */
    args_init(&args, &arena);
    args_i64(&args, "id", i);
    args_text(&args, "note", str_c(note));
    assert_int_equal(gather_add(&crowd->at[i].request, l->db, &put, &args, str_c(in_schools), 0, one_on_rows,
                                &crowd->at[i], NULL),
                     ERR_NONE);
    arena_done(&arena);
    crowd->wanted++;
    crowd->all = false;
}

static void add_int(struct live *l, const struct statement *st, const char *name, int i, int value,
                    unsigned ms)
{
    struct args args;

    args_init(&args, &l->arena);
    args_i64(&args, name, value);
    assert_int_equal(
        gather_add(&crowd->at[i].request, l->db, st, &args, STR("1"), ms, one_on_rows, &crowd->at[i], NULL),
        ERR_NONE);
    crowd->wanted++;
    crowd->all = false;
}

static void test_idle_request_goes_at_once(void **state)
{
    struct live l;
    uint64_t start;

    (void)state;
    fresh(&l);
    start = clock_now_ns();
    add_put(&l, 1, "x", "4");
    assert_true(live_until(&l.loop, &crowd->all, 3000));
    assert_true(clock_now_ns() - start < 100 * NS_PER_MS);
    assert_int_equal(crowd->at[1].err, ERR_NONE);
    assert_int_equal(crowd->at[1].value, 1);
    assert_int_equal(crowd->at[1].batch, 1);
    assert_string_equal(crowd->at[1].schools, "4");
    end(&l);
}

static void test_a_thousand_in_one_tick(void **state)
{
    struct live l;
    unsigned largest = 0;

    (void)state;
    fresh(&l);
    for (int i = 0; i < MANY; i++) add_put(&l, i, i % 7 ? "note" : NULL, i % 2 ? "1,3" : "2");
    assert_true(live_until(&l.loop, &crowd->all, 5000));
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(crowd->at[i].err, ERR_NONE);
        assert_int_equal(crowd->at[i].calls, 1);
        assert_int_equal(crowd->at[i].rows, 1);
        assert_int_equal(crowd->at[i].value, i);
        assert_string_equal(crowd->at[i].schools, "1,2,3");
        if (crowd->at[i].batch > largest) largest = crowd->at[i].batch;
    }
    assert_int_equal(largest, GATHER_BATCH);
    assert_int_equal(live_count("select count(*) from gather_test"), MANY);
    assert_int_equal(live_count("select count(*) from gather_test where note is null"), 143);
    live_turn(&l.loop, 60);
    assert_true(db_idle(l.db));
    end(&l);
}

static void test_rows_go_to_their_requests(void **state)
{
    struct live l;

    (void)state;
    fresh(&l);
    for (int i = 0; i < 20; i++) add_int(&l, &series, "count", i, i, 0);
    assert_true(live_until(&l.loop, &crowd->all, 3000));
    for (int i = 0; i < 20; i++) {
        assert_int_equal(crowd->at[i].err, ERR_NONE);
        assert_int_equal(crowd->at[i].rows, i); /* none for the first: that is a 404, not an error */
        if (!i) continue;
        assert_int_equal(crowd->at[i].value, 1);
        assert_int_equal(crowd->at[i].last, i); /* in the statement's order */
    }
    end(&l);
}

static void test_bad_rows_hurt_nobody_else(void **state)
{
    struct live l;

    (void)state;
    fresh(&l);
    live_sql("insert into gather_test (id) values (100), (101)", NULL, 0);
    for (int i = 0; i < 300; i++) add_put(&l, i, i == 17 || i == 299 ? "bad" : "good", "1");
    assert_true(live_until(&l.loop, &crowd->all, 5000));
    for (int i = 0; i < 300; i++) {
        const struct one *one = &crowd->at[i];
        assert_int_equal(one->calls, 1);
        if (i == 17 || i == 299)
            assert_int_equal(one->error.class, DB_ERROR_CHECK);
        else if (i == 100 || i == 101)
            assert_int_equal(one->error.class, DB_ERROR_UNIQUE);
        else
            assert_int_equal(one->err, ERR_NONE);
        if (one->err) assert_int_equal(one->batch, 1);
    }
    assert_int_equal(live_count("select count(*) from gather_test"), 298);
    end(&l);
}

static void test_client_went_away(void **state)
{
    struct live l;

    (void)state;
    fresh(&l);
    for (int i = 0; i < 10; i++) add_put(&l, i, "x", "1");
    gather_cancel(&crowd->at[3].request); /* not sent yet: never sent */
    crowd->wanted--;
    live_turn(&l.loop, 0);
    uv_run(&l.loop, UV_RUN_NOWAIT);
    gather_cancel(&crowd->at[4].request);
    gather_cancel(&crowd->at[4].request);
    if (!crowd->at[4].calls) crowd->wanted--;
    live_turn(&l.loop, 200);
    assert_int_equal(crowd->answered, crowd->wanted);
    assert_int_equal(crowd->at[3].calls, 0);
    assert_int_equal(live_count("select count(*) from gather_test where id = 3"), 0);
    end(&l);
}

static void test_backend_killed_under_a_gathered_write(void **state)
{
    struct live l;

    (void)state;
    fresh(&l);
    for (int i = 0; i < 5; i++) add_int(&l, &nap, "ms", i, 300, 0);
    live_turn(&l.loop, 50);
    for (int i = 5; i < 8; i++) add_put(&l, i, "x", "1");
    live_sql("select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(i.ms%' "
             "and state = 'active' and pid <> pg_backend_pid()",
             NULL, 0);
    assert_true(live_until(&l.loop, &crowd->all, 5000));
    for (int i = 0; i < 5; i++) {
        assert_int_equal(crowd->at[i].err, ERR_CLOSED);
        assert_true(crowd->at[i].unknown);
    }
    for (int i = 5; i < 8; i++) assert_int_equal(crowd->at[i].err, ERR_NONE);
    end(&l);
}

static void test_many_go_beside_a_slow_one(void **state)
{
    struct live l;

    (void)state;
    fresh(&l);
    add_int(&l, &nap, "ms", 0, 2500, 3000);
    live_turn(&l.loop, 20);
    for (unsigned i = 1; i <= GATHER_BESIDE; i++) add_int(&l, &nap, "ms", (int)i, 1, 3000);
    assert_true(live_until(&l.loop, &crowd->at[GATHER_BESIDE].done, 2400));
    assert_false(crowd->at[0].done);
    assert_int_equal(crowd->at[1].batch, GATHER_BESIDE);
    assert_true(live_until(&l.loop, &crowd->all, 5000));
    assert_int_equal(crowd->at[0].err, ERR_NONE);
    end(&l);
}

static void test_deadline(void **state)
{
    struct live l;
    uint64_t start;

    (void)state;
    fresh(&l);
    start = clock_now_ns();
    add_int(&l, &nap, "ms", 0, 3000, 300);
    assert_true(live_until(&l.loop, &crowd->all, 3000));
    assert_true(clock_now_ns() - start < 600 * NS_PER_MS);
    assert_int_equal(crowd->at[0].err, ERR_TIMEOUT);
    assert_true(crowd->at[0].unknown);
    live_turn(&l.loop, 400);
    add_int(&l, &nap, "ms", 1, 1, 1000);
    assert_true(live_until(&l.loop, &crowd->all, 3000));
    assert_int_equal(crowd->at[1].err, ERR_NONE);
    end(&l);
}

static void test_bounded(void **state)
{
    struct live l;
    struct gather_request *requests = test_calloc(GATHER_WAITING + 1, sizeof(*requests));
    struct args args;
    enum err err = ERR_NONE;
    unsigned n = 0;

    (void)state;
    fresh(&l);
    args_init(&args, &l.arena);
    args_i64(&args, "count", 1);
    while (n <= GATHER_WAITING && !err)
        err = gather_add(&requests[n++], l.db, &series, &args, STR(""), 0, one_on_rows, &crowd->at[0], NULL);
    assert_int_equal(err, ERR_BUSY);
    assert_int_equal(n, GATHER_WAITING + 1);
    assert_int_equal(gather_waiting(l.db, &series), GATHER_WAITING);
    for (unsigned i = 0; i < n; i++) gather_cancel(&requests[i]);
    live_turn(&l.loop, 50);
    assert_int_equal(gather_waiting(l.db, NULL), 0);
    end(&l);
    test_free(requests);
}

static void close_on_rows(struct gather_request *request, const struct gather_answer *answer, void *data)
{
    struct live *l = data;

    (void)request;
    if (answer->err != ERR_CANCELLED) db_close(l->db, live_on_closed, l);
    crowd->answered++;
}

static void test_close_from_a_callback(void **state)
{
    struct live l;
    struct args args;

    (void)state;
    fresh(&l);
    args_init(&args, &l.arena);
    args_i64(&args, "count", 1);
    for (int i = 0; i < 600; i++)
        assert_int_equal(
            gather_add(&crowd->at[i].request, l.db, &series, &args, STR("1"), 0, close_on_rows, &l, NULL),
            ERR_NONE);
    assert_true(live_until(&l.loop, &l.closed, 3000));
    assert_int_equal(crowd->answered, 600);
    uv_run(&l.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&l.loop), 0);
    arena_done(&l.arena);
    arena_cache_drop();
    test_free(crowd);
}

static void test_every_allocation(void **state)
{
    (void)state;
    for (int n = 1; n <= 40; n++) {
        struct live l;
        char spec[64];
        fresh(&l);
        snprintf(spec, sizeof(spec), "alloc:%d", n);
        fault_arm(spec);
        for (int i = 0; i < 3; i++) {
            struct args args;
            args_init(&args, &l.arena);
            args_i64(&args, "count", 2);
            if (!gather_add(&crowd->at[i].request, l.db, &series, &args, STR("1"), 0, one_on_rows,
                            &crowd->at[i], NULL))
                crowd->wanted++;
        }
        if (crowd->wanted) assert_true(live_until(&l.loop, &crowd->all, 5000));
        fault_arm(NULL);
        end(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_idle_request_goes_at_once),
        cmocka_unit_test(test_a_thousand_in_one_tick),
        cmocka_unit_test(test_rows_go_to_their_requests),
        cmocka_unit_test(test_bad_rows_hurt_nobody_else),
        cmocka_unit_test(test_client_went_away),
        cmocka_unit_test(test_backend_killed_under_a_gathered_write),
        cmocka_unit_test(test_many_go_beside_a_slow_one),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_close_from_a_callback),
        cmocka_unit_test(test_every_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
