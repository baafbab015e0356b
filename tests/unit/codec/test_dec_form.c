#include "../base/unit.h"

#include "codec/dec.h"

static struct arena arena;

static enum err dec(struct str text, struct value *v)
{
    arena_reset(&arena);
    return dec_form(&arena, text, v, NULL);
}

static void pairs_become_a_map(void **state)
{
    struct value v;

    (void)state;
    assert_int_equal(dec(STR("q=%E3%82%84%E3%81%BE+%2B&empty=&none&&x=a=b&"), &v), ERR_NONE);
    assert_int_equal(v.map.n, 4);
    assert_str(value_get(&v, STR("q"))->str, "\xe3\x82\x84\xe3\x81\xbe +");
    assert_str(value_get(&v, STR("empty"))->str, "");
    assert_str(value_get(&v, STR("none"))->str, "");
    assert_str(value_get(&v, STR("x"))->str, "a=b");
    assert_int_equal(dec(STR(""), &v), ERR_NONE);
    assert_int_equal(v.map.n, 0);
    assert_int_equal(dec((struct str){ NULL, 0 }, &v), ERR_NONE);
}

static void bad_queries_are_refused(void **state)
{
    static const char *const bad[] = { "a=1&a=2", "a=1&%61=2", "a=%",   "a=%4",  "a=%zz",
                                       "%zz=1",   "a=%00",     "%00=1", "a=%80", "a=%ED%A0%80" };
    char many[600] = "";
    struct value v;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (dec(str_c(bad[i]), &v) != ERR_INVALID) fail_msg("accepted: %s", bad[i]);
    for (unsigned i = 0; i < DEC_MAX_PAIRS; i++) sprintf(many + strlen(many), "%u&", i);
    assert_int_equal(dec(str_c(many), &v), ERR_NONE);
    strcat(many, "x");
    assert_int_equal(dec(str_c(many), &v), ERR_TOO_BIG);
}

static void each_allocation_can_fail(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct arena a;
        struct value v;
        enum err err;

        arena_init(&a, 0);
        err = dec_form(&a, STR("a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9&j=1&k=2&l=3&m=4&n=5&o=6&p=7&q=8"), &v,
                       NULL);
        assert_true(err == ERR_NONE || err == ERR_NOMEM);
        ok = !err;
        arena_done(&a);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_become_a_map),
        cmocka_unit_test(bad_queries_are_refused),
        cmocka_unit_test(each_allocation_can_fail),
    };
    int rc;

    arena_init(&arena, 0);
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return rc;
}
