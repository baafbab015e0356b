#include "unit.h"

#include "base/arena.h"

static void allocations_are_aligned_and_apart(void **state)
{
    struct arena a;
    unsigned char *p[300];

    (void)state;
    arena_init(&a, 0);
    assert_null(a.blocks);
    for (size_t i = 0; i < 300; i++) {
        p[i] = arena_alloc(&a, i);
        assert_non_null(p[i]);
        assert_int_equal((uintptr_t)p[i] % ARENA_ALIGN, 0);
        memset(p[i], (int)i & 0xff, i);
    }
    for (size_t i = 0; i < 300; i++)
        for (size_t j = 0; j < i; j++) assert_int_equal(p[i][j], i & 0xff);
    arena_done(&a);
    arena_done(&a);
}

static void an_empty_allocation_is_a_pointer(void **state)
{
    struct arena a;
    void *p, *q;

    (void)state;
    arena_init(&a, 0);
    p = arena_alloc(&a, 0);
    q = arena_alloc(&a, 0);
    assert_non_null(p);
    assert_non_null(q);
    assert_ptr_not_equal(p, q);
    arena_done(&a);
}

static void large_allocations_do_not_end_the_block(void **state)
{
    struct arena a;
    char *first, *big, *next;

    (void)state;
    arena_init(&a, 1024);
    big = arena_alloc(&a, 100000);
    memset(big, 1, 100000);
    first = arena_alloc(&a, 16);
    big = arena_alloc(&a, 100000);
    memset(big, 1, 100000);
    next = arena_alloc(&a, 16);
    if (!BASE_ASAN) assert_ptr_equal(next, first + 16);
    arena_done(&a);
}

static void odd_block_sizes_stay_inside(void **state)
{
    struct arena a;

    (void)state;
    for (size_t size = 257; size < 300; size++) {
        arena_init(&a, size);
        for (int i = 0; i < 100; i++) memset(arena_alloc(&a, 16), i, 16);
        arena_reset(&a);
        for (int i = 0; i < 100; i++) memset(arena_alloc(&a, 16), i, 16);
        arena_done(&a);
    }
}

static void sizes_that_overflow_fail(void **state)
{
    struct arena a;
    volatile size_t huge = SIZE_MAX;

    (void)state;
    arena_init(&a, 0);
    assert_null(arena_alloc(&a, huge));
    assert_null(arena_array(&a, SIZE_MAX / 8, 16));
    assert_null(arena_str(&a, str_of("", SIZE_MAX)));
    arena_done(&a);
}

static void zalloc_clears_reused_memory(void **state)
{
    struct arena a;
    char *p;

    (void)state;
    arena_init(&a, 0);
    memset(arena_alloc(&a, 512), 0xff, 512);
    arena_reset(&a);
    p = arena_zalloc(&a, 512);
    for (int i = 0; i < 512; i++) assert_int_equal(p[i], 0);
    arena_done(&a);
}

static void reset_keeps_the_first_block(void **state)
{
    struct arena a;
    void *before;

    (void)state;
    arena_init(&a, 0);
    before = arena_alloc(&a, 64);
    for (int i = 0; i < 5; i++) arena_alloc(&a, 2000);
    arena_reset(&a);
    assert_int_equal(a.used, 0);
    if (!BASE_ASAN) assert_non_null(a.blocks);
    assert_non_null(arena_alloc(&a, 64));
    (void)before;
    arena_done(&a);
}

static void a_second_arena_reuses_the_threads_blocks(void **state)
{
    struct arena a;
    void *first, *second;

    (void)state;
    arena_init(&a, 0);
    first = arena_alloc(&a, 64);
    arena_done(&a);
    second = arena_alloc(&a, 64);
    if (!BASE_ASAN) assert_ptr_equal(first, second);
    arena_done(&a);
    arena_cache_drop();
    arena_cache_drop();
}

static void text_is_copied_and_terminated(void **state)
{
    struct arena a;
    struct str empty;

    (void)state;
    arena_init(&a, 0);
    assert_string_equal(arena_str(&a, str_of("abcdef", 3)), "abc");
    assert_string_equal(arena_str(&a, (struct str){ NULL, 0 }), "");
    assert_string_equal(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
    assert_int_equal(strlen(arena_printf(&a, "%9000d", 1)), 9000);
    assert_memory_equal(arena_copy(&a, "a\0b", 3), "a\0b", 3);
    empty = arena_dup(&a, (struct str){ NULL, 0 });
    assert_non_null(empty.at);
    arena_done(&a);
}

static void each_allocation_can_fail(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct arena a;
        char *p;
        void *q, *r;

        arena_init(&a, 0);
        p = arena_printf(&a, "%s", "x");
        q = arena_zalloc(&a, 20000);
        r = arena_dup(&a, STR("abc")).at ? &a : NULL;
        ok = p && q && r && arena_array(&a, 3, 3) && arena_copy(&a, "x", 1);
        arena_done(&a);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_aligned_and_apart),
        cmocka_unit_test(an_empty_allocation_is_a_pointer),
        cmocka_unit_test(large_allocations_do_not_end_the_block),
        cmocka_unit_test(odd_block_sizes_stay_inside),
        cmocka_unit_test(sizes_that_overflow_fail),
        cmocka_unit_test(zalloc_clears_reused_memory),
        cmocka_unit_test(reset_keeps_the_first_block),
        cmocka_unit_test(a_second_arena_reuses_the_threads_blocks),
        cmocka_unit_test(text_is_copied_and_terminated),
        cmocka_unit_test(each_allocation_can_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
