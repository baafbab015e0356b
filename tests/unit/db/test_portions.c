/* Long answers: rows in portions, at the pace of who takes them. */
#include "live.h"

/* In the select list: its rows come as they are made. */
STATEMENT(count, 0, "select generate_series(1, $1) as n, repeat('x', 500) as t", { "n", PG_INT8, false });
STATEMENT(count_badly, 0, "select 1 / ($1 - n)::bigint as n from generate_series(1, $1) n",
          { "n", PG_INT8, false });

static const struct statement *const list[] = { &count, &count_badly, NULL };
static const statement_list lists[] = { list, NULL };

struct reader {
    struct ask ask;
    struct portion portion;
    int64_t sum;
    unsigned portions, most;
    bool slow; /* takes none by itself */
};

static void reader_take(struct reader *r)
{
    for (unsigned i = 0; i < r->portion.n; i++) r->sum += rows_get_i64(rows_of(r->portion.at[i]), 0, "n", 0);
    if (r->portion.n > r->most) r->most = r->portion.n;
    portion_clear(&r->portion);
}

static void reader_on_portion(struct batch *b, void *data)
{
    struct reader *r = container_of(data, struct reader, ask);

    r->portions++;
    if (r->slow) return;
    reader_take(r);
    batch_go_on(b, &r->portion);
}

static void reader_begin(struct reader *r, struct live *l, const struct statement *st, int64_t n,
                         unsigned deadline_ms)
{
    memset(r, 0, sizeof *r);
    ask_init(&r->ask, l, DB_EXPORT, "1", deadline_ms);
    ask_add_i64(&r->ask, st, "n", n);
    assert_int_equal(batch_send_portions(&r->ask.batch, &r->portion, reader_on_portion, ask_on_done, &r->ask),
                     ERR_NONE);
}

static void reader_until_full(struct reader *r, struct live *l)
{
    for (int i = 0; r->portions == 0 && i < 500; i++) live_turn(&l->loop, 10);
    live_turn(&l->loop, 50);
    assert_int_equal(r->portions, 1); /* and no more */
    assert_int_equal(r->ask.calls, 0);
}

static void test_rows_come_in_portions(void **state)
{
    struct live l;
    struct reader r;
    const int64_t counts[] = { 0, 1, PORTION_ROWS, PORTION_ROWS + 1, 5000 };

    (void)state;
    live_open(&l, lists, NULL);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        reader_begin(&r, &l, &count, counts[i], 20000);
        assert_int_equal(ask_wait(&r.ask), ERR_NONE);
        reader_take(&r);
        assert_int_equal(r.sum, counts[i] * (counts[i] + 1) / 2);
        assert_int_equal(r.portions, counts[i] / PORTION_ROWS);
        assert_true(r.most <= PORTION_ROWS);
        assert_int_equal(rows_columns(batch_rows(&r.ask.batch, 0)), 2);
        batch_done(&r.ask.batch);
    }
    live_close(&l);
}

/* Rows that nobody takes stay where they are; then they come, or who asked gives up and the next one is
 * served. */
static void test_portions_wait_for_who_takes_them(void **state)
{
    struct live l;
    struct reader r, next;

    (void)state;
    live_open(&l, lists, NULL);
    memset(&next, 0, sizeof next);
    reader_begin(&r, &l, &count, 5000, 20000);
    r.slow = true;
    reader_until_full(&r, &l);
    r.slow = false;
    reader_take(&r);
    batch_go_on(&r.ask.batch, &r.portion);
    assert_int_equal(ask_wait(&r.ask), ERR_NONE);
    reader_take(&r);
    assert_int_equal(r.sum, 5000 * 5001 / 2);
    batch_done(&r.ask.batch);
    reader_begin(&r, &l, &count, 2000000000, 0);
    r.slow = true;
    reader_until_full(&r, &l);
    batch_done(&r.ask.batch);
    portion_clear(&r.portion);
    reader_begin(&next, &l, &count, 300, 20000);
    assert_int_equal(ask_wait(&next.ask), ERR_NONE);
    reader_take(&next);
    assert_int_equal(next.sum, 300 * 301 / 2);
    assert_int_equal(r.ask.calls, 0);
    batch_done(&next.ask.batch);
    live_turn(&l.loop, 60);
    assert_true(db_idle(l.db));
    live_close(&l);
}

static void test_portions_of_what_fails(void **state)
{
    struct live l;
    struct reader r;

    (void)state;
    live_open(&l, lists, NULL);
    reader_begin(&r, &l, &count_badly, 1000, 20000);
    assert_int_equal(ask_wait(&r.ask), ERR_CONFLICT);
    assert_int_equal(r.ask.batch.failed, 0);
    portion_clear(&r.portion);
    batch_done(&r.ask.batch);
    reader_begin(&r, &l, &count, 2000000000, 200);
    r.slow = true;
    assert_int_equal(ask_wait(&r.ask), ERR_TIMEOUT);
    portion_clear(&r.portion);
    batch_done(&r.ask.batch);
    reader_begin(&r, &l, &count, 10, 20000);
    assert_int_equal(ask_wait(&r.ask), ERR_NONE);
    reader_take(&r);
    batch_done(&r.ask.batch);
    ask_init(&r.ask, &l, DB_READ, "1", 0);
    ask_add_i64(&r.ask, &count, "n", 1);
    assert_int_equal(batch_send_portions(&r.ask.batch, &r.portion, reader_on_portion, ask_on_done, &r.ask),
                     ERR_UNSUPPORTED);
    batch_done(&r.ask.batch);
    live_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_come_in_portions),
        cmocka_unit_test(test_portions_wait_for_who_takes_them),
        cmocka_unit_test(test_portions_of_what_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
