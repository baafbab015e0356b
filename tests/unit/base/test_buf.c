#include "unit.h"

#include "base/buf.h"

static void it_grows(void **state)
{
    struct buf b;
    size_t n;
    char *taken;

    (void)state;
    buf_init(&b, 0);
    assert_null(b.at);
    for (int i = 0; i < 10000; i++) buf_putc(&b, (char)i);
    for (int i = 0; i < 10000; i++) assert_int_equal(b.at[i], (char)i);
    buf_reset(&b);
    buf_printf(&b, "%d %s", 7, "x");
    buf_str(&b, STR("!"));
    assert_str(buf_view(&b), "7 x!");
    buf_append(&b, NULL, 0);
    buf_printf(&b, "%0300d", 1);
    assert_int_equal(b.n, 304);
    buf_consume(&b, 300);
    assert_str(buf_view(&b), "0001");
    buf_consume(&b, 4);
    assert_int_equal(b.n, 0);
    buf_putc(&b, 'z');
    taken = buf_take(&b, &n);
    assert_int_equal(n, 1);
    assert_null(b.at);
    base_free(taken);
    assert_null(buf_take(&b, &n));
    buf_done(&b);
}

static void the_maximum_is_hard_and_failure_sticks(void **state)
{
    struct buf b;
    size_t n = 9;

    (void)state;
    buf_init(&b, 5);
    buf_append(&b, "abcde", 5);
    assert_false(b.failed);
    buf_append(&b, "", 0);
    assert_false(b.failed);
    buf_putc(&b, 'f');
    assert_true(b.failed);
    assert_int_equal(b.n, 5);
    buf_consume(&b, 5);
    buf_putc(&b, 'g');
    assert_int_equal(b.n, 0);
    assert_null(buf_reserve(&b, 1));
    buf_commit(&b, 1);
    assert_int_equal(b.n, 0);
    assert_null(buf_take(&b, &n));
    assert_int_equal(n, 0);
    assert_int_equal(b.max, 5);
    assert_null(buf_reserve(&b, SIZE_MAX));
    buf_done(&b);
    buf_init(&b, 0);
    assert_null(buf_reserve(&b, SIZE_MAX - 1));
    assert_true(b.failed);
    buf_reset(&b);
    assert_false(b.failed);
    buf_done(&b);
}

static void reserve_then_commit(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 0);
    memcpy(buf_reserve(&b, 1000), "abc", 3);
    buf_commit(&b, 3);
    memset(buf_reserve(&b, 100000), 1, 100000);
    buf_commit(&b, 0);
    assert_str(buf_view(&b), "abc");
    buf_done(&b);
}

static void numbers(void **state)
{
    static const int64_t edges[] = { 0,   1,    9,     10,        99, 100, 101,
                                     999, 1000, 12345, INT64_MAX, -1, -10, INT64_MIN };
    struct buf b;
    char want[32];

    (void)state;
    buf_init(&b, 0);
    for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++) {
        buf_reset(&b);
        buf_i64(&b, edges[i]);
        buf_putc(&b, '\0');
        snprintf(want, sizeof(want), "%lld", (long long)edges[i]);
        assert_string_equal(b.at, want);
    }
    buf_reset(&b);
    buf_u64(&b, UINT64_MAX);
    assert_str(buf_view(&b), "18446744073709551615");
    buf_done(&b);
}

static void each_allocation_can_fail(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct buf b;

        buf_init(&b, 0);
        for (int i = 0; i < 600; i++) buf_putc(&b, 'x');
        buf_printf(&b, "%0300d", 1);
        buf_i64(&b, -5);
        ok = !b.failed;
        if (ok) assert_int_equal(b.n, 902);
        buf_done(&b);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_grows),
        cmocka_unit_test(the_maximum_is_hard_and_failure_sticks),
        cmocka_unit_test(reserve_then_commit),
        cmocka_unit_test(numbers),
        cmocka_unit_test(each_allocation_can_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
