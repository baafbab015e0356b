#include "unit.h"

#include "base/list.h"
#include "base/slab.h"

struct item {
    int number;
    struct list link;
};

static void objects_are_reused(void **state)
{
    struct slab s;
    void *p[200], *again;

    (void)state;
    slab_init(&s, 24);
    assert_int_equal(s.size, 32);
    for (int i = 0; i < 200; i++) {
        p[i] = slab_alloc(&s);
        assert_int_equal((uintptr_t)p[i] % 16, 0);
        memset(p[i], 0xff, 24);
    }
    assert_int_equal(s.live, 200);
    slab_free(&s, p[17]);
    again = slab_zalloc(&s);
    for (int i = 0; i < 24; i++) assert_int_equal(((char *)again)[i], 0);
    p[17] = again;
    for (int i = 0; i < 200; i++) slab_free(&s, p[i]);
    slab_free(&s, NULL);
    slab_done(&s);
}

static void an_object_that_is_out_is_a_programming_error(void **state)
{
    struct slab s;
    void *p;

    (void)state;
    slab_init(&s, 1);
    p = slab_alloc(&s);
    assert_aborts(slab_done(&s));
    slab_free(&s, p);
    slab_done(&s);
}

static void slab_passes_failure_on(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct slab s;
        void *p, *q;

        slab_init(&s, 100);
        p = slab_alloc(&s);
        q = slab_zalloc(&s);
        ok = p && q;
        slab_free(&s, p);
        slab_free(&s, q);
        slab_done(&s);
    });
}

static void list_keeps_order(void **state)
{
    struct list head, other;
    struct item items[5], *i, *tmp;
    int n = 0;

    (void)state;
    list_init(&head);
    list_init(&other);
    assert_true(list_empty(&head));
    assert_null(list_pop(&head));
    assert_null(LIST_FIRST(&head, struct item, link));
    for (int k = 0; k < 5; k++) {
        items[k].number = k;
        list_append(k < 3 ? &head : &other, &items[k].link);
    }
    list_splice(&head, &other);
    assert_true(list_empty(&other));
    list_splice(&head, &other);
    LIST_FOREACH (i, &head, link) assert_int_equal(i->number, n++);
    assert_int_equal(n, 5);
    LIST_FOREACH_SAFE (i, tmp, &head, link)
        if (i->number % 2) list_remove(&i->link);
    assert_false(list_linked(&items[1].link));
    list_remove(&items[1].link);
    assert_int_equal(LIST_POP(&head, struct item, link)->number, 0);
    assert_int_equal(LIST_FIRST(&head, struct item, link)->number, 2);
    list_prepend(&head, &items[1].link);
    assert_int_equal(LIST_FIRST(&head, struct item, link)->number, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_reused),
        cmocka_unit_test(an_object_that_is_out_is_a_programming_error),
        cmocka_unit_test(slab_passes_failure_on),
        cmocka_unit_test(list_keeps_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
