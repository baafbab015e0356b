#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "codec/enc.h"
#include "db/error.h"
#include "db/pgtype.h"
#include "db/rows.h"
#include "db/statement.h"

#include "live.h"

/* One row, columns as given. */
struct column {
    const char *name;
    Oid type;
    const char *bytes;
    int n; /* -1 = null */
};

#define BYTES(literal) literal, sizeof(literal) - 1

static PGresult *result_of(const struct column *columns, int n)
{
    PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc attributes[32] = { 0 };

    for (int i = 0; i < n; i++)
        attributes[i] = (PGresAttDesc){ .name = (char *)(uintptr_t)columns[i].name,
                                        .typid = columns[i].type,
                                        .format = 1 };
    assert_true(PQsetResultAttrs(r, n, attributes));
    for (int i = 0; i < n; i++)
        assert_true(PQsetvalue(r, 0, i, (char *)(uintptr_t)columns[i].bytes, columns[i].n));
    return r;
}

static void expect_json(const struct column *columns, int n, const char *expected)
{
    PGresult *r = result_of(columns, n);
    struct buf out;
    struct enc enc;

    buf_init(&out, 0);
    enc_json(&enc, &out);
    rows_encode(rows_of(r), ROWS_SKIP_DEFAULT, &enc);
    assert_false(out.failed);
    buf_putc(&out, '\0');
    assert_string_equal(out.at, expected);
    buf_done(&out);
    PQclear(r);
}

#define EXPECT(type, literal, expected) expect_one(type, literal, sizeof(literal) - 1, expected)

static void expect_one(Oid type, const char *bytes, size_t n, const char *expected)
{
    struct column column = { "v", type, bytes, (int)n };
    char text[512];

    snprintf(text, sizeof(text), "[{\"v\":%s}]", expected);
    expect_json(&column, 1, text);
}

static void test_scalars(void **state)
{
    (void)state;
    EXPECT(PG_BOOL, "\1", "true");
    EXPECT(PG_INT2, "\377\376", "-2");
    EXPECT(PG_INT4, "\0\0\1\0", "256");
    EXPECT(PG_INT8, "\177\377\377\377\377\377\377\377", "9223372036854775807");
    EXPECT(PG_FLOAT8, "\77\370\0\0\0\0\0\0", "1.5");
    EXPECT(PG_FLOAT4, "\75\314\314\315", "0.1");
    EXPECT(PG_TEXT, "山田\"", "\"山田\\\"\"");
    EXPECT(PG_UUID, "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff",
           "\"00112233-4455-6677-8899-aabbccddeeff\"");
    EXPECT(PG_JSONB, "\1{\"a\": [1, null]}", "{\"a\": [1, null]}");
    EXPECT(PG_JSON, "3", "3");
    EXPECT(PG_BYTEA, "\0\1\2", "\"AAEC\"");
    EXPECT(PG_INT4, "\0", "null"); /* never, but not beyond the end either */
    EXPECT(869, "x", "null");
}

static void test_dates_and_times(void **state)
{
    (void)state;
    EXPECT(PG_DATE, "\0\0\042\171", "\"2024-02-29\"");
    EXPECT(PG_DATE, "\377\377\377\377", "\"1999-12-31\"");
    EXPECT(PG_DATE, "\177\377\377\377", "null");
    EXPECT(PG_TIME, "\0\0\0\7\37\346\362\0", "\"08:30\"");
    EXPECT(PG_TIME, "\0\0\0\7\37\366\64\100", "\"08:30:01\"");
    EXPECT(PG_TIMESTAMPTZ, "\0\0\0\0\0\0\0\0", "\"2000-01-01T09:00:00+09:00\"");
    EXPECT(PG_TIMESTAMPTZ, "\0\0\0\0\0\0\3\350", "\"2000-01-01T09:00:00.001+09:00\"");
    EXPECT(PG_TIMESTAMPTZ, "\377\377\377\377\377\377\377\377", "\"2000-01-01T08:59:59.999+09:00\"");
    EXPECT(PG_TIMESTAMPTZ, "\177\377\377\377\377\377\377\377", "null");
}

static void test_numeric(void **state)
{
    (void)state;
    EXPECT(PG_NUMERIC, "\0\1\0\0\0\0\0\0\0\7", "7");
    EXPECT(PG_NUMERIC, "\0\2\0\0\100\0\0\2\0\14\023\210", "-12.50");
    EXPECT(PG_NUMERIC, "\0\1\0\1\0\0\0\0\0\1", "10000");
    EXPECT(PG_NUMERIC, "\0\1\377\376\0\0\0\6\0\144", "0.000001");
    EXPECT(PG_NUMERIC, "\0\0\0\0\0\0\0\0", "0");
    EXPECT(PG_NUMERIC, "\0\0\0\0\300\0\0\0", "null");
}

static void test_arrays(void **state)
{
    (void)state;
    EXPECT(1007, "\0\0\0\1\0\0\0\1\0\0\0\27\0\0\0\3\0\0\0\1\0\0\0\4\0\0\0\5\377\377\377\377\0\0\0\4\0\0\0\6",
           "[5,null,6]");
    EXPECT(1009, "\0\0\0\0\0\0\0\0\0\0\0\31", "[]");
    EXPECT(1009, "\0\0\0\1\0\0\0\0\0\0\0\31\0\0\0\1\0\0\0\1\0\0\0\2ab", "[\"ab\"]");
    EXPECT(1009, "\0\0\0\2\0\0\0\0\0\0\0\31", "null");
    EXPECT(1009, "\0\0\0\1\0\0\0\0\0\0\0\31\0\0\0\1\0\0\0\1\0\0\0\7ab", "[null]");
    EXPECT(1009, "", "null");
}

static void test_skipped_columns_and_nulls(void **state)
{
    static const struct column columns[] = {
        { "ord", PG_INT8, BYTES("\0\0\0\0\0\0\0\1") }, { "a", PG_INT4, BYTES("\0\0\0\1") },
        { "outcome", PG_TEXT, BYTES("ok") },           { "b", PG_TEXT, NULL, -1 },
        { "outcomes", PG_INT4, BYTES("\0\0\0\2") },
    };
    PGresult *r = result_of(columns, 5);
    struct rows rows = rows_of(r);

    (void)state;
    expect_json(columns, 5, "[{\"a\":1,\"b\":null,\"outcomes\":2}]");
    assert_int_equal(rows_get_i64(rows, 0, "ord", 0), 1);
    assert_int_equal(rows_get_i64(rows, 0, "nope", -5), -5);
    assert_int_equal(rows_get_i64(rows, 0, "outcome", -5), -5);
    assert_true(str_eq(rows_get_text(rows, 0, "outcome"), STR("ok")));
    assert_null(rows_get_text(rows, 0, "b").at);
    assert_true(rows_is_null(rows, 0, 3));
    assert_int_equal(rows_part(rows, 1, 5).count, 0);
    assert_int_equal(rows_part(rows, 0, 5).count, 1);
    assert_int_equal(rows_none().count, 0);
    assert_int_equal(rows_columns(rows_none()), 0);
    PQclear(r);
}

static void test_msgpack(void **state)
{
    static const struct column columns[] = {
        { "j", PG_JSONB, BYTES("\1{\"a\": [1, null]}") },
        { "s", PG_JSONB, BYTES("\1\"x\"") },
        { "n", PG_NUMERIC, BYTES("\0\2\0\0\100\0\0\2\0\14\023\210") },
        { "d", PG_DATE, BYTES("\0\0\0\0") },
    };
    static const char expected[] = "\x91\x84\xa1j\x81\xa1"
                                   "a\x92\x01\xc0\xa1s\xa1x\xa1n\xcb\xc0\x29\0\0\0\0\0\0"
                                   "\xa1"
                                   "d\xaa"
                                   "2000-01-01";
    PGresult *r = result_of(columns, 4);
    struct buf out;
    struct enc enc;

    (void)state;
    buf_init(&out, 0);
    enc_msgpack(&enc, &out);
    rows_encode(rows_of(r), NULL, &enc);
    assert_false(out.failed);
    assert_int_equal(out.n, sizeof(expected) - 1);
    assert_memory_equal(out.at, expected, sizeof(expected) - 1);
    buf_done(&out);
    PQclear(r);
}

static void test_mapped_view(void **state)
{
    static const struct column columns[] = { { "a", PG_INT4, BYTES("\0\0\0\1") } };
    static const int map[] = { 2, 0, 1 };
    PGresult *r = result_of(columns, 1);
    struct rows rows;

    (void)state;
    assert_true(PQsetvalue(r, 1, 0, (char[]){ 0, 0, 0, 2 }, 4));
    assert_true(PQsetvalue(r, 2, 0, (char[]){ 0, 0, 0, 3 }, 4));
    rows = (struct rows){ r, map, 0, 3 };
    assert_int_equal(rows_i64(rows, 0, 0, 0), 3);
    assert_int_equal(rows_i64(rows_part(rows, 1, 1), 0, 0, 0), 1);
    PQclear(r);
}

static void test_names_are_unique(void **state)
{
    static const struct statement_param none[] = { { 0 } };
    static const struct statement a = { .name = "a", .params = none, .file = "x.sql", .line = 1 },
                                  b = { .name = "b", .params = none, .file = "x.sql", .line = 5 },
                                  a2 = { .name = "a", .params = none, .file = "y.sql", .line = 9 };
    static const struct statement *const x[] = { &a, &b, NULL }, *const y[] = { &a2, NULL };
    struct buf out;

    (void)state;
    buf_init(&out, 0);
    assert_int_equal(statement_check_names((const statement_list[]){ x, NULL }, &out), 0);
    assert_int_equal(statement_check_names((const statement_list[]){ x, y, NULL }, &out), -1);
    buf_putc(&out, '\0');
    assert_string_equal(out.at, "y.sql:9: statement a: is also in x.sql:1\n");
    buf_done(&out);
}

/* The server's own bytes for the same values. */
static void test_against_the_server(void **state)
{
    static const char sql[] = "select 12345678901234567890.123400::numeric as n, -0.05::numeric as m, "
                              "1e20::numeric as big, 0.00::numeric as z,"
                              " array[date '2024-02-29', null] as days, timestamptz '2026-04-01 "
                              "07:30:00.25+09' as at, time '23:59:59' as t,"
                              " 1.1::float4 as f, array['a', '']::text[] as texts, '{\"k\": \"あ\"}'::jsonb "
                              "as j, 'x'::char(3) as c,"
                              " array[]::bigint[] as empty, 100000000::numeric as round";
    PGconn *pg = PQconnectdb(live_conninfo());
    PGresult *r = PQexecParams(pg, sql, 0, NULL, NULL, NULL, NULL, 1);
    struct buf out;
    struct enc enc;

    (void)state;
    assert_int_equal(PQresultStatus(r), PGRES_TUPLES_OK);
    buf_init(&out, 0);
    enc_json(&enc, &out);
    rows_encode_row(rows_of(r), 0, NULL, &enc);
    buf_putc(&out, '\0');
    assert_string_equal(
        out.at, "{\"n\":12345678901234567890.123400,\"m\":-0.05,\"big\":100000000000000000000,\"z\":0.00,"
                "\"days\":[\"2024-02-29\",null],\"at\":\"2026-04-01T07:30:00.250+09:00\",\"t\":\"23:59:59\","
                "\"f\":1.1,\"texts\":[\"a\",\"\"],\"j\":{\"k\": \"あ\"},\"c\":\"x  \",\"empty\":[],"
                "\"round\":100000000}");
    buf_done(&out);
    PQclear(r);
    PQfinish(pg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_dates_and_times),
        cmocka_unit_test(test_numeric),
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_skipped_columns_and_nulls),
        cmocka_unit_test(test_msgpack),
        cmocka_unit_test(test_mapped_view),
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_against_the_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
