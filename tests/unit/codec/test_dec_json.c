#include "../base/unit.h"

#include "codec/dec.h"

static struct arena arena;

static enum err dec(const char *text, size_t n, struct value *v, struct dec_error *e)
{
    arena_reset(&arena);
    return dec_json(&arena, text, n, v, e);
}

static void a_document_becomes_a_tree(void **state)
{
    static const char text[] =
        " {\"z\":1,\"a\":[true,false,null,-2.5,\"\\u5c4a\\n\"],\"m\":{},\"big\":9223372036854775807,"
        "\"small\":-9223372036854775808} ";
    struct value v;
    const struct value *a;

    (void)state;
    assert_int_equal(dec(text, sizeof(text) - 1, &v, NULL), ERR_NONE);
    assert_int_equal(v.kind, VALUE_MAP);
    assert_int_equal(v.map.n, 5);
    assert_str(v.map.at[0].name, "z");
    assert_str(v.map.at[4].name, "small");
    assert_int_equal(value_get(&v, STR("z"))->integer, 1);
    assert_true(value_get(&v, STR("big"))->integer == INT64_MAX);
    assert_true(value_get(&v, STR("small"))->integer == INT64_MIN);
    a = value_get(&v, STR("a"));
    assert_int_equal(a->array.n, 5);
    assert_true(value_at(a, 0)->boolean && !value_at(a, 1)->boolean);
    assert_int_equal(value_at(a, 2)->kind, VALUE_NULL);
    assert_true(value_at(a, 3)->number == -2.5);
    assert_str(value_at(a, 4)->str, "\xe5\xb1\x8a\n");
    assert_null(value_at(a, 5));
    assert_null(value_at(&v, 0));
    assert_null(value_get(a, STR("z")));
    assert_null(value_get(NULL, STR("z")));
    assert_null(value_get(&v, STR("missing")));
}

static void what_is_not_json_is_refused(void **state)
{
    static const char *const bad[] = { "",
                                       " ",
                                       "{",
                                       "}",
                                       "[",
                                       "[1,]",
                                       "{\"a\":}",
                                       "{\"a\" 1}",
                                       "{a:1}",
                                       "{'a':1}",
                                       "[01]",
                                       "[1.]",
                                       "[.5]",
                                       "[+1]",
                                       "[NaN]",
                                       "[Infinity]",
                                       "[1e999]",
                                       "[9223372036854775808]",
                                       "1",
                                       "\"a\"",
                                       "null",
                                       "{} {}",
                                       "{}x",
                                       "[\"a\nb\"]",
                                       "[\"\\x\"]",
                                       "[\"\\ud800\"]",
                                       "[\"\\udc00\\ud800\"]",
                                       "[\"\\u0000\"]",
                                       "{\"\\u0000\":1}",
                                       "{\"a\":1,\"a\":2}",
                                       "{\"a\":1,\"\\u0061\":2}",
                                       "[\"\x80\"]",
                                       "[\"\xc0\x80\"]",
                                       "[\"\xed\xa0\x80\"]",
                                       "\xef\xbb\xbf{}",
                                       "[// x\n1]",
                                       "[tru]",
                                       "[\"a]",
                                       "[\"a\\" };
    struct value v;
    struct dec_error e;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        e.message = NULL;
        if (dec(bad[i], strlen(bad[i]), &v, &e) != ERR_INVALID) fail_msg("accepted: %s", bad[i]);
        assert_non_null(e.message);
    }
    assert_int_equal(dec("[1]\0", 4, &v, &e), ERR_INVALID);
    assert_int_equal(dec("[\"a\0b\"]", 7, &v, &e), ERR_INVALID);
    assert_int_equal(dec(NULL, 0, &v, &e), ERR_INVALID);
}

static void errors_say_where_and_quote_nothing(void **state)
{
    static const char text[] = "{\n \"secret\": oops}";
    struct value v = { .kind = VALUE_INT, .integer = 42 };
    struct dec_error e;

    (void)state;
    assert_int_equal(dec(text, sizeof(text) - 1, &v, &e), ERR_INVALID);
    assert_int_equal(e.line, 2);
    assert_true(e.column > 10);
    assert_null(strstr(e.message, "oops"));
    assert_int_equal(v.integer, 42);
}

static enum err nested(unsigned depth)
{
    char text[200];
    struct value v;

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return dec(text, depth * 2, &v, NULL);
}

static void bounds(void **state)
{
    static const char brackets[] = "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[\"]";
    static char text[300000];
    struct value v;
    size_t n = 0;

    (void)state;
    assert_int_equal(nested(DEC_MAX_DEPTH), ERR_NONE);
    assert_int_equal(nested(DEC_MAX_DEPTH + 1), ERR_TOO_BIG);
    assert_int_equal(dec(brackets, sizeof(brackets) - 1, &v, NULL), ERR_NONE);
    text[n++] = '[';
    for (unsigned i = 0; i < DEC_MAX_ELEMENTS; i++) n += (size_t)sprintf(text + n, "1,");
    text[n - 1] = ']';
    assert_int_equal(dec(text, n, &v, NULL), ERR_NONE);
    text[n - 1] = ',';
    n += (size_t)sprintf(text + n, "1]");
    assert_int_equal(dec(text, n, &v, NULL), ERR_TOO_BIG);
}

static void each_allocation_can_fail(void **state)
{
    static const char text[] =
        "{\"a\":[1,\"two\",{\"b\":2.5}],\"c\":\"long enough to be copied by the lexer, several times over\"}";

    (void)state;
    FAIL_EACH_ALLOCATION({
        struct arena a;
        struct value v;
        struct dec_error e;
        enum err err;

        arena_init(&a, 0);
        err = dec_json(&a, text, sizeof(text) - 1, &v, &e);
        assert_true(err == ERR_NONE || err == ERR_NOMEM);
        ok = !err;
        arena_done(&a);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_becomes_a_tree),          cmocka_unit_test(what_is_not_json_is_refused),
        cmocka_unit_test(errors_say_where_and_quote_nothing), cmocka_unit_test(bounds),
        cmocka_unit_test(each_allocation_can_fail),
    };
    int rc;

    arena_init(&arena, 0);
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return rc;
}
