/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include "engine/network.h"

static bool same(const char *one, const char *other)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct str a = network_sha256(&arena, str_c(one)), b = network_sha256(&arena, str_c(other));
    assert_int_equal(a.n, 32);
    bool equal = str_eq(a, b);
    arena_done(&arena);
    return equal;
}

static void an_ipv4_address_is_a_network(void **state)
{
    (void)state;
    assert_true(same("192.0.2.7", "192.0.2.7"));
    assert_false(same("192.0.2.7", "192.0.2.8"));
    assert_true(same("::ffff:192.0.2.7", "192.0.2.7"));
}

static void an_ipv6_prefix_is_a_network(void **state)
{
    (void)state;
    assert_true(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
    assert_false(same("2001:db8:1:2::1", "2001:db8:1:3::1"));
}

static void what_is_no_address_is_one_of_its_own(void **state)
{
    (void)state;
    assert_true(same("", ""));
    assert_false(same("", "192.0.2.7"));
    assert_false(same("a name that is far too long to be the address of anything at all", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ipv4_address_is_a_network),
        cmocka_unit_test(an_ipv6_prefix_is_a_network),
        cmocka_unit_test(what_is_no_address_is_one_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
