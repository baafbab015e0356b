#include "../base/unit.h"

#include <math.h>

#include "codec/dec.h"
#include "codec/enc.h"

static struct buf out;
static struct enc e;

static void start(enum enc_format format)
{
    buf_reset(&out);
    enc_init(&e, format, &out);
}

static void write_sample(void)
{
    enc_map(&e, 6);
    enc_key_lit(&e, "id");
    enc_int(&e, -7);
    enc_key_lit(&e, "rows");
    enc_array(&e, 3);
    enc_bool(&e, true);
    enc_null(&e);
    enc_f64(&e, 0.1);
    enc_end(&e);
    enc_key_lit(&e, "none");
    enc_array(&e, 0);
    enc_end(&e);
    enc_key_lit(&e, "s\"");
    enc_str(&e, "\xe5\xb1\x8a\"\\\n\t\x01\x7f/", 10);
    enc_key_lit(&e, "t");
    enc_text(&e, (struct str){ NULL, 0 });
    enc_key_lit(&e, "m");
    enc_map(&e, 0);
    enc_end(&e);
    enc_end(&e);
}

static void json_is_written(void **state)
{
    (void)state;
    start(ENC_JSON);
    write_sample();
    assert_false(out.failed);
    assert_str(buf_view(&out), "{\"id\":-7,\"rows\":[true,null,0.1],\"none\":[],\"s\\\"\":"
                               "\"\xe5\xb1\x8a\\\"\\\\\\n\\t\\u0001\\u007f/\","
                               "\"t\":null,\"m\":{}}");
}

static void msgpack_is_written(void **state)
{
    (void)state;
    start(ENC_MSGPACK);
    write_sample();
    assert_false(out.failed);
    assert_str(buf_view(&out),
               "\x86\xa2id\xf9\xa4rows\x93\xc3\xc0\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a\xa4none\x90\xa2s\"\xaa"
               "\xe5\xb1\x8a\"\\\n\t\x01\x7f/\xa1t\xc0\xa1m\x80");
}

/* What we write, we read back, in both formats. */
static void both_formats_round_trip(void **state)
{
    struct arena a;
    struct value v, w;
    struct str first, second;

    (void)state;
    arena_init(&a, 0);
    start(ENC_JSON);
    write_sample();
    first = arena_dup(&a, buf_view(&out));
    assert_int_equal(dec_json(&a, first.at, first.n, &v, NULL), ERR_NONE);
    start(ENC_MSGPACK);
    enc_value(&e, &v);
    second = arena_dup(&a, buf_view(&out));
    assert_int_equal(dec_msgpack(&a, second.at, second.n, &w, NULL), ERR_NONE);
    start(ENC_JSON);
    enc_value(&e, &w);
    assert_true(str_eq(first, buf_view(&out)));
    arena_done(&a);
}

static void numbers(void **state)
{
    static const double exact[] = {
        0, 1, -1.5, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 3.141592653589793, 9007199254740993.0
    };
    struct arena a;
    struct value v;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof(exact) / sizeof(*exact); i++) {
        start(ENC_JSON);
        enc_f64(&e, exact[i]);
        buf_putc(&out, '\0');
        assert_true(strtod(out.at, NULL) == exact[i]);
    }
    start(ENC_JSON);
    enc_array(&e, 5);
    enc_f64(&e, NAN);
    enc_f64(&e, INFINITY);
    enc_f64(&e, -INFINITY);
    enc_int(&e, 9007199254740993);
    enc_int(&e, INT64_MIN);
    enc_end(&e);
    assert_str(buf_view(&out), "[null,null,null,9007199254740993,-9223372036854775808]");
    start(ENC_MSGPACK);
    enc_array(&e, 2);
    enc_f64(&e, NAN);
    enc_int(&e, INT64_MIN);
    enc_end(&e);
    assert_int_equal(dec_msgpack(&a, out.at, out.n, &v, NULL), ERR_NONE);
    assert_true(value_at(&v, 1)->integer == INT64_MIN);
    arena_done(&a);
}

static void every_byte_survives_json(void **state)
{
    struct arena a;
    struct value v;
    char all[127];

    (void)state;
    arena_init(&a, 0);
    for (int i = 0; i < 127; i++) all[i] = (char)(i + 1);
    start(ENC_JSON);
    enc_array(&e, 1);
    enc_str(&e, all, sizeof(all));
    enc_end(&e);
    assert_int_equal(dec_json(&a, out.at, out.n, &v, NULL), ERR_NONE);
    assert_true(str_eq(value_at(&v, 0)->str, str_of(all, sizeof(all))));
    arena_done(&a);
}

/* Every byte at every place of a word, among bytes above 0x7f and at their borders. */
static void escapes_are_found_anywhere(void **state)
{
    struct arena a;
    struct value v;
    char text[18];

    (void)state;
    arena_init(&a, 0);
    for (int byte = 1; byte < 128; byte++) {
        for (size_t at = 0; at < sizeof(text); at++) {
            for (size_t i = 0; i < sizeof(text); i += 2) memcpy(text + i, "\xc3\xbf", 2);
            text[at & ~(size_t)1] = text[at | 1] = ' ';
            text[at] = (char)byte;
            start(ENC_JSON);
            enc_array(&e, 1);
            enc_str(&e, text, sizeof(text));
            enc_end(&e);
            assert_null(memchr(out.at, 0x7f, out.n));
            assert_int_equal(dec_json(&a, out.at, out.n, &v, NULL), ERR_NONE);
            assert_true(str_eq(value_at(&v, 0)->str, str_of(text, sizeof(text))));
            arena_reset(&a);
        }
    }
    arena_done(&a);
}

static void raw_values_take_their_place(void **state)
{
    (void)state;
    start(ENC_JSON);
    enc_map(&e, 2);
    enc_key_lit(&e, "a");
    enc_raw(&e, "[1]", 3);
    enc_key_lit(&e, "b");
    enc_array(&e, 2);
    enc_raw(&e, "{}", 2);
    enc_raw(&e, "2", 1);
    enc_end(&e);
    enc_end(&e);
    assert_str(buf_view(&out), "{\"a\":[1],\"b\":[{},2]}");
    assert_string_equal(enc_type(ENC_JSON), "application/json");
    assert_string_equal(enc_type(ENC_MSGPACK), "application/msgpack");
}

static void unclosed(size_t n)
{
    start(ENC_JSON);
    enc_array(&e, n);
    enc_int(&e, 1);
    enc_end(&e);
}

static void value_without_name(void)
{
    start(ENC_MSGPACK);
    enc_map(&e, 1);
    enc_int(&e, 1);
}

static void wrong_counts_are_programming_errors(void **state)
{
    (void)state;
    assert_aborts(unclosed(2));
    assert_aborts(unclosed(0));
    assert_aborts(value_without_name());
    assert_aborts((start(ENC_JSON), enc_end(&e)));
    assert_aborts((start(ENC_JSON), enc_array(&e, 1), enc_key(&e, "a", 1)));
    assert_aborts((start(ENC_JSON), enc_map(&e, 2), enc_key(&e, "a", 1), enc_key(&e, "b", 1)));
}

static void nesting_has_an_end(void **state)
{
    (void)state;
    for (unsigned depth = ENC_MAX_DEPTH; depth <= ENC_MAX_DEPTH + 3; depth++) {
        start(ENC_JSON);
        for (unsigned i = 0; i < depth; i++) enc_array(&e, 1);
        enc_null(&e);
        for (unsigned i = 0; i < depth; i++) enc_end(&e);
        assert_int_equal(out.failed, depth > ENC_MAX_DEPTH);
    }
}

static void failure_sticks(void **state)
{
    struct buf small;

    (void)state;
    for (size_t max = 1; max < 80; max++) {
        buf_init(&small, max);
        enc_json(&e, &small);
        write_sample();
        assert_true(small.failed);
        assert_true(small.n <= max);
        buf_done(&small);
    }
    FAIL_EACH_ALLOCATION({
        buf_init(&small, 0);
        enc_msgpack(&e, &small);
        for (int i = 0; i < 30; i++) write_sample();
        ok = !small.failed;
        buf_done(&small);
    });
}

static void cell(const char *text, size_t n)
{
    start(ENC_CSV);
    enc_array(&e, 1);
    enc_array(&e, 1);
    enc_str(&e, text, n);
    enc_end(&e);
    enc_end(&e);
}

#define assert_cell(text, want)                                                                              \
    do {                                                                                                     \
        cell(text, sizeof(text) - 1);                                                                        \
        assert_str(buf_view(&out), want "\r\n");                                                             \
    } while (0)

static void csv_cells(void **state)
{
    (void)state;
    assert_cell("plain", "plain");
    assert_cell("", "");
    assert_cell("a,b", "\"a,b\"");
    assert_cell("say \"x\"", "\"say \"\"x\"\"\"");
    assert_cell("\"", "\"\"\"\"");
    assert_cell("two\nlines", "\"two\nlines\"");
    assert_cell("=1+1", "'=1+1");
    assert_cell("+81", "'+81");
    assert_cell("-x", "'-x");
    assert_cell("@a", "'@a");
    assert_cell("\tx", "'\tx");
    assert_cell("\rx", "\"'\rx\"");
    assert_cell("=\"a\"", "\"'=\"\"a\"\"\"");
    assert_cell("a=1", "a=1");
}

static void csv_rows(void **state)
{
    (void)state;
    start(ENC_CSV_BOM);
    enc_array(&e, 3);
    enc_array(&e, 3);
    enc_str(&e, "id", 2);
    enc_str(&e, "n", 1);
    enc_str(&e, "x", 1);
    enc_end(&e);
    enc_map(&e, 3);
    enc_key_lit(&e, "id");
    enc_int(&e, -1);
    enc_key_lit(&e, "n");
    enc_null(&e);
    enc_key_lit(&e, "x");
    enc_f64(&e, 0.5);
    enc_end(&e);
    enc_array(&e, 0);
    enc_end(&e);
    enc_end(&e);
    assert_false(out.failed);
    assert_str(buf_view(&out), "\xef\xbb\xbfid,n,x\r\n-1,,0.5\r\n\r\n");
    assert_string_equal(enc_type(ENC_CSV_BOM), "text/csv; charset=utf-8");
}

static void csv_holds_rows_only(void **state)
{
    (void)state;
    start(ENC_CSV);
    enc_int(&e, 1);
    assert_true(out.failed);
    start(ENC_CSV);
    enc_map(&e, 0);
    assert_true(out.failed);
    start(ENC_CSV);
    enc_array(&e, 1);
    enc_bool(&e, true);
    assert_true(out.failed);
    start(ENC_CSV);
    enc_array(&e, 1);
    enc_array(&e, 1);
    enc_array(&e, 0);
    enc_end(&e);
    enc_end(&e);
    enc_end(&e);
    assert_true(out.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_written),
        cmocka_unit_test(msgpack_is_written),
        cmocka_unit_test(both_formats_round_trip),
        cmocka_unit_test(numbers),
        cmocka_unit_test(every_byte_survives_json),
        cmocka_unit_test(escapes_are_found_anywhere),
        cmocka_unit_test(raw_values_take_their_place),
        cmocka_unit_test(wrong_counts_are_programming_errors),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(failure_sticks),
        cmocka_unit_test(csv_cells),
        cmocka_unit_test(csv_rows),
        cmocka_unit_test(csv_holds_rows_only),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);

    buf_done(&out);
    return rc;
}
