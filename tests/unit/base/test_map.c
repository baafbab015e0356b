#include "unit.h"

#include "base/map.h"

enum { MANY = 5000 };

static char keys[MANY][16];

static struct str key(int i)
{
    return str_c(keys[i]);
}

static void what_is_set_is_found(void **state)
{
    struct map m;
    void *old = &m;

    (void)state;
    map_init(&m);
    assert_null(map_get(&m, key(0)));
    assert_null(map_remove(&m, key(0)));
    for (int i = 0; i < MANY; i++) assert_int_equal(map_set(&m, key(i), keys[i], &old), 0);
    assert_null(old);
    assert_int_equal(m.n, MANY);
    for (int i = 0; i < MANY; i++) assert_ptr_equal(map_get(&m, key(i)), keys[i]);
    assert_int_equal(map_set(&m, key(7), keys[8], &old), 0);
    assert_ptr_equal(old, keys[7]);
    assert_ptr_equal(map_get(&m, key(7)), keys[8]);
    assert_int_equal(m.n, MANY);
    assert_null(map_get(&m, STR("missing")));
    map_done(&m);
}

static void keys_are_bytes(void **state)
{
    struct map m;
    int a, b, c;

    (void)state;
    map_init(&m);
    map_set(&m, str_of("x\0y", 3), &a, NULL);
    map_set(&m, str_of("x\0z", 3), &b, NULL);
    map_set(&m, (struct str){ NULL, 0 }, &c, NULL);
    assert_ptr_equal(map_get(&m, str_of("x\0y", 3)), &a);
    assert_ptr_equal(map_get(&m, str_of("x\0z", 3)), &b);
    assert_ptr_equal(map_get(&m, STR("")), &c);
    assert_null(map_get(&m, STR("x")));
    map_done(&m);
}

static void removal_during_iteration_misses_nothing(void **state)
{
    struct map m;
    struct str k;
    void *v;
    size_t i = 0;
    int seen = 0, kept = 0;

    (void)state;
    map_init(&m);
    for (int j = 0; j < MANY; j++) map_set(&m, key(j), keys[j], NULL);
    while (map_next(&m, &i, &k, &v)) {
        assert_ptr_equal(k.at, v);
        seen++;
        if (seen % 2) assert_ptr_equal(map_remove(&m, k), v);
    }
    assert_int_equal(seen, MANY);
    for (i = 0; map_next(&m, &i, NULL, NULL);) kept++;
    assert_int_equal(kept, MANY / 2);
    assert_int_equal(m.n, MANY / 2);
    map_done(&m);
}

/* Insert and remove for ever: the table must neither grow nor fill up with graves. */
static void churn_does_not_grow_it(void **state)
{
    struct map m;

    (void)state;
    map_init(&m);
    for (int i = 0; i < 20 * MANY; i++) {
        assert_int_equal(map_set(&m, key(i % MANY), keys[0], NULL), 0);
        assert_non_null(map_remove(&m, key(i % MANY)));
    }
    assert_int_equal(m.n, 0);
    assert_true(m.size <= 32);
    map_done(&m);
}

static void numbers_are_keys_too(void **state)
{
    static const uint64_t edges[] = { 0, 1, 2, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX };
    struct map_u64 m;
    uint64_t k;
    void *v;
    size_t i = 0, n = 0;

    (void)state;
    map_u64_init(&m);
    assert_null(map_u64_get(&m, 0));
    for (int j = 0; j < 6; j++) assert_int_equal(map_u64_set(&m, edges[j], keys[j], NULL), 0);
    for (int j = 0; j < 6; j++) assert_ptr_equal(map_u64_get(&m, edges[j]), keys[j]);
    assert_null(map_u64_get(&m, 3));
    while (map_u64_next(&m, &i, &k, &v)) {
        assert_ptr_equal(map_u64_get(&m, k), v);
        n++;
    }
    assert_int_equal(n, 6);
    assert_ptr_equal(map_u64_remove(&m, UINT64_MAX), keys[5]);
    assert_null(map_u64_remove(&m, UINT64_MAX));
    map_u64_done(&m);
}

static void a_null_value_is_a_programming_error(void **state)
{
    struct map m;

    (void)state;
    map_init(&m);
    assert_aborts(map_set(&m, STR("a"), NULL, NULL));
    map_done(&m);
}

/* A failed insert changes nothing. */
static void each_allocation_can_fail(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct map m;
        int i = 0;

        map_init(&m);
        while (i < 100 && map_set(&m, key(i), keys[i], NULL) == 0) i++;
        ok = i == 100;
        assert_int_equal(m.n, i);
        for (int j = 0; j < 100; j++) assert_ptr_equal(map_get(&m, key(j)), j < i ? keys[j] : NULL);
        map_done(&m);
    });
}

/* The same words as CPython's and Rust's SipHash-1-3 for key 00 01 .. 0f. */
static void siphash_depends_on_everything(void **state)
{
    const uint64_t k[2] = { 0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull }, k2[2] = { 0, 0 };

    (void)state;
    assert_true(siphash13(k, "", 0) == 0xabac0158050fc4dcull);
    assert_true(siphash13(k, "\0", 1) == 0xc9f49bf37d57ca93ull);
    assert_true(siphash13(k, "\0\1\2\3\4\5\6\7", 8) != siphash13(k, "\0\1\2\3\4\5\6", 7));
    assert_true(siphash13(k, "a", 1) != siphash13(k2, "a", 1));
    assert_true(hash_bytes("a", 1) == hash_bytes("a", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_set_is_found),
        cmocka_unit_test(keys_are_bytes),
        cmocka_unit_test(removal_during_iteration_misses_nothing),
        cmocka_unit_test(churn_does_not_grow_it),
        cmocka_unit_test(numbers_are_keys_too),
        cmocka_unit_test(a_null_value_is_a_programming_error),
        cmocka_unit_test(each_allocation_can_fail),
        cmocka_unit_test(siphash_depends_on_everything),
    };

    for (int i = 0; i < MANY; i++) snprintf(keys[i], sizeof(keys[i]), "key-%d", i);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
