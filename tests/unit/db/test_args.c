#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"
#include "codec/dec.h"
#include "codec/field.h"
#include "db/args.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    arena_cache_drop();
    return 0;
}

#define EXPECT(arg, type, bytes) expect((arg), (type), (bytes), sizeof(bytes) - 1)

static void expect(struct arg arg, uint32_t type, const char *bytes, size_t n)
{
    struct cell cell;

    assert_int_equal(arg_encode(&arg, type, false, &arena, &cell), ERR_NONE);
    assert_int_equal(cell.n, n);
    assert_memory_equal(cell.at, bytes, n);
}

static void refuse(struct arg arg, uint32_t type)
{
    struct cell cell;

    assert_int_equal(arg_encode(&arg, type, false, &arena, &cell), ERR_INVALID);
}

static struct arg i64(int64_t i)
{
    return (struct arg){ .kind = ARG_I64, .i = i };
}

static struct arg text(const char *s)
{
    return (struct arg){ .kind = ARG_TEXT, .s = str_c(s) };
}

static void test_integers(void **state)
{
    (void)state;
    EXPECT(i64(7), PG_INT8, "\0\0\0\0\0\0\0\7");
    EXPECT(i64(-2), PG_INT4, "\377\377\377\376");
    EXPECT(i64(-32768), PG_INT2, "\200\0");
    EXPECT(i64(INT64_MIN), PG_INT8, "\200\0\0\0\0\0\0\0");
    refuse(i64(32768), PG_INT2);
    refuse(i64(INT64_C(1) << 31), PG_INT4);
    refuse(text("7"), PG_INT8);
    refuse(i64(1), PG_TEXT);
    refuse(i64(1), PG_BOOL);
    EXPECT(((struct arg){ .kind = ARG_BOOL, .b = true }), PG_BOOL, "\1");
}

static void test_text(void **state)
{
    (void)state;
    EXPECT(text("発熱"), PG_TEXT, "発熱");
    EXPECT(text(""), PG_TEXT, "");
    refuse(text("\xff"), PG_TEXT);
    refuse((struct arg){ .kind = ARG_TEXT, .s = { "a\0b", 3 } }, PG_TEXT);
    EXPECT(((struct arg){ .kind = ARG_BYTES, .s = { "a\0b", 3 } }), PG_BYTEA, "a\0b");
    EXPECT(text("{\"a\":1}"), PG_JSONB, "\1{\"a\":1}");
}

static void test_dates_and_times(void **state)
{
    (void)state;
    EXPECT(text("2000-01-01"), PG_DATE, "\0\0\0\0");
    EXPECT(text("1999-12-31"), PG_DATE, "\377\377\377\377");
    EXPECT(text("2024-02-29"), PG_DATE, "\0\0\042\171"); /* 8825 */
    EXPECT(i64(10957 + 8825), PG_DATE, "\0\0\042\171");
    refuse(text("2023-02-29"), PG_DATE);
    refuse(text("2024-13-01"), PG_DATE);
    refuse(text("2024-1-01"), PG_DATE);
    refuse(text("2024-01-01x"), PG_DATE);
    refuse(text("0000-01-01"), PG_DATE);
    EXPECT(text("00:00"), PG_TIME, "\0\0\0\0\0\0\0\0");
    EXPECT(text("08:30"), PG_TIME, "\0\0\0\7\37\346\362\0"); /* 30,600,000,000 us */
    EXPECT(i64(510), PG_TIME, "\0\0\0\7\37\346\362\0");
    refuse(text("24:00"), PG_TIME);
    refuse(text("8:30"), PG_TIME);
    refuse(i64(1440), PG_TIME);
    EXPECT(text("2000-01-01T09:00:00+09:00"), PG_TIMESTAMPTZ, "\0\0\0\0\0\0\0\0");
    EXPECT(text("2000-01-01T00:00:00.001Z"), PG_TIMESTAMPTZ, "\0\0\0\0\0\0\3\350");
    EXPECT(i64(946684800001), PG_TIMESTAMPTZ, "\0\0\0\0\0\0\3\350");
    refuse(text("2000-01-01T00:00:00"), PG_TIMESTAMPTZ);
    refuse(text("2000-01-01T00:00:00+0900"), PG_TIMESTAMPTZ);
}

static void test_days_round_trip(void **state)
{
    int64_t year;
    unsigned month, day;

    (void)state;
    for (int64_t days = -800000; days < 800000; days += 13) {
        pgtype_civil(days, &year, &month, &day);
        assert_int_equal(pgtype_days(year, month, day), days);
    }
}

static void test_uuid(void **state)
{
    (void)state;
    EXPECT(text("00112233-4455-6677-8899-AABBccddeeff"), PG_UUID,
           "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff");
    EXPECT(((struct arg){ .kind = ARG_BYTES, .s = { "0123456789abcdef", 16 } }), PG_UUID, "0123456789abcdef");
    refuse(text("00112233-4455-6677-8899-AABBccddeef"), PG_UUID);
    refuse(text("00112233-4455-6677-8899+AABBccddeeff"), PG_UUID);
    refuse(text("0011223-34455-6677-8899-AABBccddeeff"), PG_UUID);
    refuse(text("0011223g-4455-6677-8899-AABBccddeeff"), PG_UUID);
}

static void test_arrays(void **state)
{
    static const char expected[] = "\0\0\0\1\0\0\0\1\0\0\0\27\0\0\0\3\0\0\0\1"
                                   "\0\0\0\4\0\0\0\5\377\377\377\377\0\0\0\4\0\0\0\6";
    struct arg items[] = { i64(5), { .kind = ARG_NULL }, i64(6) };
    struct arg list = { .kind = ARG_LIST, .list = { items, 3 } };
    struct arg none = { .kind = ARG_NULL };
    struct cell cell;

    (void)state;
    assert_int_equal(arg_encode(&list, PG_INT4, true, &arena, &cell), ERR_NONE);
    assert_int_equal(cell.n, sizeof(expected) - 1);
    assert_memory_equal(cell.at, expected, sizeof(expected) - 1);
    list.list.n = 0;
    assert_int_equal(arg_encode(&list, PG_INT4, true, &arena, &cell), ERR_NONE);
    assert_int_equal(cell.n, 12);
    assert_memory_equal(cell.at, "\0\0\0\0\0\0\0\0\0\0\0\27", 12);
    assert_int_equal(arg_encode(&none, PG_INT4, true, &arena, &cell), ERR_NONE);
    assert_null(cell.at);
    assert_int_equal(arg_encode(&items[0], PG_INT4, true, &arena, &cell), ERR_INVALID);
    struct cell table[4] = { { "aa", 2 }, { "x", 1 }, { "b", 1 }, { "y", 1 } };
    assert_int_equal(array_encode(PG_TEXT, table + 1, 2, 2, &arena, &cell), ERR_NONE); /* the second column */
    assert_int_equal(cell.n, 30);
    assert_memory_equal(cell.at + 20, "\0\0\0\1x\0\0\0\1y", 10);
}

static const struct statement_param params[] = { { "id", PG_INT8, false },
                                                 { "note", PG_TEXT, false },
                                                 { 0 } };
static const struct statement st = { .name = "st", .text = "", .params = params, .nparams = 2 };

static void test_bind(void **state)
{
    struct args args;
    struct cell cells[2];
    unsigned param = 9;

    (void)state;
    args_init(&args, &arena);
    args_i64(&args, "id", 1);
    assert_int_equal(args_bind(&args, &st, &arena, cells, &param), ERR_NOT_FOUND);
    assert_int_equal(param, 1);
    args_text(&args, "note", str_of(NULL, 0));
    args_id(&args, "id", 0); /* the last one counts */
    assert_int_equal(args_bind(&args, &st, &arena, cells, NULL), ERR_NONE);
    assert_null(cells[0].at);
    assert_null(cells[1].at);
    args_text(&args, "id", STR("x"));
    assert_int_equal(args_bind(&args, &st, &arena, cells, &param), ERR_INVALID);
    assert_int_equal(param, 0);
}

static void test_checked(void **state)
{
    static const struct field fields[] = { { "id", FROM_BODY, ID, REQUIRED },
                                           { "note", FROM_BODY, TEXT, OPTIONAL },
                                           { 0 } };
    static const char body_text[] = "{\"id\": 12}";
    struct field_errors errors;
    struct field_input input = { 0 };
    struct checked checked;
    struct value body;
    struct args args;
    struct cell cells[2];

    (void)state;
    assert_int_equal(dec_json(&arena, body_text, sizeof(body_text) - 1, &body, NULL), ERR_NONE);
    input.body = &body;
    assert_int_equal(field_check(&arena, fields, &input, &checked, &errors), ERR_NONE);
    args_init(&args, &arena);
    args_checked(&args, &checked);
    assert_int_equal(args_bind(&args, &st, &arena, cells, NULL), ERR_NONE);
    assert_memory_equal(cells[0].at, "\0\0\0\0\0\0\0\14", 8);
    assert_null(cells[1].at); /* left out */
}

static void test_every_allocation(void **state)
{
    int failed = 0;

    (void)state;
    for (int n = 1; n < 30; n++) {
        static const int64_t ids[] = { 1, 2, 3 };
        static const struct statement_param list_params[] = { { "ids", PG_INT8, true }, { 0 } };
        static const struct statement list = { .name = "l", .text = "", .params = list_params, .nparams = 1 };
        char spec[32];
        struct arena own;
        struct args args;
        struct cell cells[1];
        arena_cache_drop();
        snprintf(spec, sizeof(spec), "alloc:%d", n);
        fault_arm(spec);
        arena_init(&own, 0);
        args_init(&args, &own);
        args_i64s(&args, "ids", ids, 3);
        enum err err = args_bind(&args, &list, &own, cells, NULL);
        assert_true(err == ERR_NONE || err == ERR_NOMEM);
        failed += err == ERR_NOMEM;
        arena_done(&own);
        fault_arm(NULL);
    }
    assert_true(failed > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_dates_and_times),
        cmocka_unit_test(test_days_round_trip),
        cmocka_unit_test(test_uuid),
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_bind),
        cmocka_unit_test(test_checked),
        cmocka_unit_test(test_every_allocation),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
