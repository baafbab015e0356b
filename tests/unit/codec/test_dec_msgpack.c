#include "../base/unit.h"

#include "codec/dec.h"
#include "codec/enc.h"

static struct arena arena;

static enum err dec(const char *bytes, size_t n, struct value *v)
{
    struct dec_error e = { .message = NULL };
    char *exact = malloc(n ? n : 1); /* so that ASan sees a read behind the end */
    enum err err;

    if (n) memcpy(exact, bytes, n);
    arena_reset(&arena);
    err = dec_msgpack(&arena, exact, n, v, &e);
    assert_true(!err == !e.message);
    free(exact);
    return err;
}

static void a_document_becomes_a_tree(void **state)
{
    static const char doc[] = "\x87\xa1"
                              "a\x01\xa1"
                              "b\xff\xa1"
                              "c\x93\xc0\xc2\xc3\xa1"
                              "d\xcb\x3f\xe0\0\0\0\0\0\0\xa1"
                              "e\xca\x3f\0\0\0\xa1"
                              "f\xd9\x03\xe5\xb1\x8a\xa1"
                              "g\xcf\x7f\xff\xff\xff\xff\xff\xff\xff";
    struct value v;

    (void)state;
    assert_int_equal(dec(doc, sizeof(doc) - 1, &v), ERR_NONE);
    assert_int_equal(v.map.n, 7);
    assert_int_equal(value_get(&v, STR("a"))->integer, 1);
    assert_int_equal(value_get(&v, STR("b"))->integer, -1);
    assert_int_equal(value_get(&v, STR("c"))->array.n, 3);
    assert_true(value_at(value_get(&v, STR("c")), 2)->boolean);
    assert_true(value_get(&v, STR("d"))->number == 0.5);
    assert_true(value_get(&v, STR("e"))->number == 0.5);
    assert_str(value_get(&v, STR("f"))->str, "\xe5\xb1\x8a");
    assert_true(value_get(&v, STR("g"))->integer == INT64_MAX);
}

#define BYTES(literal)                                                                                       \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

static void what_is_malformed_or_not_ours_is_refused(void **state)
{
    static const struct str bad[] = {
        BYTES(""),
        BYTES("\x01"),
        BYTES("\xa1x"),
        BYTES("\xc0"), /* nothing, or no container */
        BYTES("\x90\x90"),
        BYTES("\x90\xc0"), /* trailing bytes */
        BYTES("\x91"),
        BYTES("\x81\xa1x"),
        BYTES("\x91\xa5x"),
        BYTES("\x91\xcb\0"),
        BYTES("\x91\xd9"),
        BYTES("\xdc\0"), /* cut off */
        BYTES("\x91\xc1"),
        BYTES("\x91\xc4\x01x"),
        BYTES("\x91\xc5\0\x01x"),
        BYTES("\x91\xc6\0\0\0\x01x"), /* never used, bin */
        BYTES("\x91\xd4\x01x"),
        BYTES("\x91\xc7\x01\x01x"),
        BYTES("\x91\xd8\x01xxxxxxxxxxxxxxxx"), /* ext */
        BYTES("\x91\xd6\xff\0\0\0\0"),         /* timestamp */
        BYTES("\x81\x01\x02"),
        BYTES("\x81\xc0\x02"),
        BYTES("\x81\x90\x02"), /* keys that are no strings */
        BYTES("\x82\xa1x\x01\xa1x\x02"),
        BYTES("\x82\xa1x\x01\xd9\x01x\x02"), /* one key twice */
        BYTES("\x91\xa1\x80"),
        BYTES("\x91\xa2\xc0\x80"),
        BYTES("\x91\xa1\0"),
        BYTES("\x81\xa1\0\x01"),             /* text */
        BYTES("\x91\xcf\x80\0\0\0\0\0\0\0"), /* 2^63 */
        BYTES("\x91\xca\x7f\x80\0\0"),
        BYTES("\x91\xca\x7f\xc0\0\0"),
        BYTES("\x91\xcb\xff\xf0\0\0\0\0\0\0"), /* inf, nan */
        BYTES("\xdd\xff\xff\xff\xff"),
        BYTES("\xdf\xff\xff\xff\xff"),
        BYTES("\xdf\x80\0\0\0\xa1x"),
        BYTES("\x91\xdb\xff\xff\xff\xff"),
    };
    struct value v;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (dec(bad[i].at, bad[i].n, &v) != ERR_INVALID) fail_msg("accepted case %zu", i);
}

static enum err nested(unsigned depth)
{
    char bytes[100];
    struct value v;

    memset(bytes, '\x91', depth);
    bytes[depth - 1] = '\x90';
    return dec(bytes, depth, &v);
}

static void bounds(void **state)
{
    static char bytes[DEC_MAX_ELEMENTS + 10];
    struct value v;

    (void)state;
    for (unsigned d = 1; d <= DEC_MAX_DEPTH; d++) assert_int_equal(nested(d), ERR_NONE);
    assert_int_equal(nested(DEC_MAX_DEPTH + 1), ERR_TOO_BIG);
    memcpy(bytes, "\xdd\0\x01\x86\x9f", 5); /* 99,999 elements and the array itself */
    assert_int_equal(dec(bytes, 5 + 99999, &v), ERR_NONE);
    assert_int_equal(v.array.n, 99999);
    bytes[4] = '\xa0';
    assert_int_equal(dec(bytes, 5 + 100000, &v), ERR_TOO_BIG);
}

static void many_keys_are_compared_too(void **state)
{
    struct buf b;
    struct enc e;
    struct value v;
    char key[16];

    (void)state;
    for (int twice = 0; twice < 2; twice++) {
        buf_init(&b, 0);
        enc_msgpack(&e, &b);
        enc_map(&e, 30000);
        for (int i = 0; i < 30000; i++) {
            int n = snprintf(key, sizeof(key), "k%d", twice && i == 29999 ? 5 : i);

            enc_key(&e, key, (size_t)n);
            enc_int(&e, i);
        }
        enc_end(&e);
        assert_int_equal(dec(b.at, b.n, &v), twice ? ERR_INVALID : ERR_NONE);
        buf_done(&b);
    }
}

static void each_allocation_can_fail(void **state)
{
    static const char doc[] = "\x82\xa1"
                              "a\x93\x01\xa3two\x81\xa1"
                              "b\x02\xa1"
                              "c\xa4text";

    (void)state;
    FAIL_EACH_ALLOCATION({
        struct arena a;
        struct value v;
        enum err err;

        arena_init(&a, 0);
        err = dec_msgpack(&a, doc, sizeof(doc) - 1, &v, NULL);
        assert_true(err == ERR_NONE || err == ERR_NOMEM);
        ok = !err;
        arena_done(&a);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_becomes_a_tree),
        cmocka_unit_test(what_is_malformed_or_not_ours_is_refused),
        cmocka_unit_test(bounds),
        cmocka_unit_test(many_keys_are_compared_too),
        cmocka_unit_test(each_allocation_can_fail),
    };
    int rc;

    arena_init(&arena, 0);
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return rc;
}
