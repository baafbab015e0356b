#include "unit.h"

static void comparing(void **state)
{
    (void)state;
    assert_true(str_eq(STR(""), (struct str){ NULL, 0 }));
    assert_false(str_eq(STR("a"), STR("A")));
    assert_true(str_eq_nocase(STR("Content-LENGTH"), STR("content-length")));
    assert_false(str_eq_nocase(STR("@"), STR("`")));
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("b"), STR("ab")) > 0);
    assert_int_equal(str_cmp(STR("x"), STR("x")), 0);
    assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
    assert_true(str_starts(STR("abc"), STR("")));
    assert_false(str_starts(STR("ab"), STR("abc")));
    assert_true(str_starts_nocase(STR("Bearer x"), STR("bearer ")));
    assert_true(str_ends(STR("a.sql"), STR(".sql")));
    assert_false(str_ends(STR("sql"), STR(".sql")));
    assert_true(str_eq_secret(STR("token"), STR("token")));
    assert_false(str_eq_secret(STR("token"), STR("tokem")));
    assert_false(str_eq_secret(STR("token"), STR("toke")));
}

static void cutting(void **state)
{
    struct str rest = STR("a,,b,"), items[8];
    size_t n = 0;

    (void)state;
    while (rest.at) items[n++] = str_cut(rest, ',', &rest);
    assert_int_equal(n, 4);
    assert_str(items[0], "a");
    assert_str(items[1], "");
    assert_str(items[2], "b");
    assert_str(items[3], "");
    assert_str(str_cut((struct str){ NULL, 0 }, ',', &rest), "");
    assert_null(rest.at);
    assert_str(str_trim(STR(" \t a b\r\n")), "a b");
    assert_str(str_trim(STR("  ")), "");
    assert_int_equal(str_find(STR("abc"), 'c'), 2);
    assert_int_equal(str_find(STR(""), 'c'), -1);
}

static void numbers(void **state)
{
    static const char *const bad[] = { "",
                                       "-",
                                       "+1",
                                       " 1",
                                       "1 ",
                                       "01",
                                       "-0",
                                       "00",
                                       "1.0",
                                       "0x1",
                                       "1e3",
                                       "9223372036854775808",
                                       "-9223372036854775809",
                                       "99999999999999999999",
                                       "１" };
    int64_t v = 5;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) assert_false(str_to_i64(str_c(bad[i]), &v));
    assert_int_equal(v, 5);
    assert_true(str_to_i64(STR("0"), &v) && v == 0);
    assert_true(str_to_i64(STR("-1"), &v) && v == -1);
    assert_true(str_to_i64(STR("9223372036854775807"), &v) && v == INT64_MAX);
    assert_true(str_to_i64(STR("-9223372036854775808"), &v) && v == INT64_MIN);
}

static void utf8(void **state)
{
    static const char *const bad[] = { "\x80",
                                       "\xc0\x80",
                                       "\xc1\xbf",
                                       "\xe0\x80\x80",
                                       "\xe0\x9f\xbf",
                                       "\xed\xa0\x80",
                                       "\xed\xbf\xbf",
                                       "\xf0\x80\x80\x80",
                                       "\xf4\x90\x80\x80",
                                       "\xf5\x80\x80\x80",
                                       "\xff",
                                       "\xe3\x81",
                                       "a\xc3",
                                       "12345678\x80",
                                       "\xe3\x81\x28",
                                       "\xf0\x9f\x98",
                                       "\xff\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
                                       "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80" };
    struct str s = STR("a\xc3\xa9\xe5\xb1\x8a\xf0\xa0\xae\xb7");

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) assert_false(utf8_valid(str_c(bad[i])));
    assert_true(utf8_valid(s));
    assert_true(utf8_valid(STR("")));
    assert_true(utf8_valid(STR("\0")));
    assert_true(utf8_valid(STR("\xf4\x8f\xbf\xbf\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf")));
    assert_int_equal(utf8_count(s), 4);
    assert_int_equal(utf8_prefix(s, 5).n, 3);
    assert_int_equal(utf8_prefix(s, 6).n, 6);
    assert_int_equal(utf8_prefix(s, 100).n, 10);
    assert_int_equal(utf8_prefix(s, 0).n, 0);
    assert_int_equal(utf8_next(&s), 'a');
    assert_int_equal(utf8_next(&s), 0xe9);
    assert_int_equal(utf8_next(&s), 0x5c4a);
    assert_int_equal(utf8_next(&s), 0x20bb7);
    assert_int_equal(utf8_next(&s), -1);
}

/* RFC 4648 section 10 */
static void base64(void **state)
{
    static const char *const pairs[][2] = { { "", "" },
                                            { "f", "Zg==" },
                                            { "fo", "Zm8=" },
                                            { "foo", "Zm9v" },
                                            { "foob", "Zm9vYg==" },
                                            { "fooba", "Zm9vYmE=" },
                                            { "foobar", "Zm9vYmFy" } };
    static const char *const bad[] = { "Z",      "Zg",   "Zg=",  "Zg===", "Zh==",     "Zm9=",
                                       "Zm9v\n", "Zm 9", "====", "Z===",  "Zg==Zg==", "-_-_" };
    char out[32];
    size_t n = 99;

    (void)state;
    for (size_t i = 0; i < 7; i++) {
        size_t in = strlen(pairs[i][0]), want = strlen(pairs[i][1]);

        assert_int_equal(base64_encode(out, pairs[i][0], in), want);
        assert_int_equal(BASE64_SIZE(in), want);
        assert_memory_equal(out, pairs[i][1], want);
        assert_true(base64_decode(out, in, str_c(pairs[i][1]), &n) && n == in);
        assert_memory_equal(out, pairs[i][0], in);
        if (in) assert_false(base64_decode(out, in - 1, str_c(pairs[i][1]), &n));
    }
    n = 99;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(base64_decode(out, 32, str_c(bad[i]), &n));
    assert_int_equal(n, 99);
}

static void base64url(void **state)
{
    unsigned char bytes[64], back[64];
    char out[128];
    size_t n;

    (void)state;
    for (size_t i = 0; i < 64; i++) bytes[i] = (unsigned char)(i * 37 + 0xf8);
    for (size_t len = 0; len <= 64; len++) {
        size_t w = base64url_encode(out, bytes, len);

        assert_int_equal(w, BASE64URL_SIZE(len));
        assert_true(base64url_decode(back, sizeof(back), str_of(out, w), &n) && n == len);
        assert_memory_equal(back, bytes, len);
    }
    assert_int_equal(base64url_encode(out, "\xfb\xff", 2), 3);
    assert_memory_equal(out, "-_8", 3);
    assert_false(base64url_decode(back, 64, STR("-_9"), &n));
    assert_false(base64url_decode(back, 64, STR("Zg=="), &n));
    assert_false(base64url_decode(back, 64, STR("+/8"), &n));
    assert_false(base64url_decode(back, 64, STR("A"), &n));
}

static void hex(void **state)
{
    char out[8];
    size_t n = 9;

    (void)state;
    assert_int_equal(hex_encode(out, "\x00\xff\x1a", 3), 6);
    assert_memory_equal(out, "00ff1a", 6);
    assert_true(hex_decode(out, 8, STR("00Ff1A"), &n) && n == 3);
    assert_memory_equal(out, "\x00\xff\x1a", 3);
    assert_false(hex_decode(out, 8, STR("0"), &n));
    assert_false(hex_decode(out, 8, STR("0g"), &n));
    assert_false(hex_decode(out, 2, STR("000000"), &n));
}

static void percent(void **state)
{
    static const char *const bad[] = { "%", "%4", "a%", "%zz", "%4g", "%%41", "%-1" };
    char out[32], same[] = "%41%42";
    size_t n;

    (void)state;
    assert_true(url_decode(out, STR("a%20b+c%E5%b1%8A"), false, &n));
    assert_str(str_of(out, n), "a b+c\xe5\xb1\x8a");
    assert_true(url_decode(out, STR("a+b%2B"), true, &n));
    assert_str(str_of(out, n), "a b+");
    assert_true(url_decode(same, str_c(same), false, &n));
    assert_str(str_of(same, n), "AB");
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(url_decode(out, str_c(bad[i]), true, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing), cmocka_unit_test(cutting), cmocka_unit_test(numbers),
        cmocka_unit_test(utf8),      cmocka_unit_test(base64),  cmocka_unit_test(base64url),
        cmocka_unit_test(hex),       cmocka_unit_test(percent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
