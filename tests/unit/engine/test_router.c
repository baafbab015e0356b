/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include "engine/router.h"

static const struct route animal_routes[] = {
    { GET, "/animals", .says = "all" },
    { POST, "/animals", .says = "new" },
    { GET, "/animals/{id}", .says = "one" },
    { GET, "/animals/lions", .says = "lions" },
    { PUT, "/animals/{id}/name", .says = "name" },
    { 0 },
};
static const struct route plant_routes[] = { { DELETE, "/plants/{kind}/{id}", .says = "gone" }, { 0 } };
static const struct module animals = { .name = "animals", .routes = animal_routes };
static const struct module plants = { .name = "plants", .routes = plant_routes };

static const struct module *const both[] = { &animals, &plants, NULL };

static const char *says(const struct router *router, enum http_method method, const char *path,
                        struct match *ret)
{
    router_match(router, method, str_c(path), ret);
    return ret->route ? ret->route->says : NULL;
}

static void finds_by_method_and_path(void **state)
{
    struct router *router = router_new(both);
    struct match match;
    (void)state;
    assert_string_equal(says(router, METHOD_GET, "/animals", &match), "all");
    assert_string_equal(says(router, METHOD_HEAD, "/animals", &match), "all");
    assert_string_equal(says(router, METHOD_POST, "/animals", &match), "new");
    assert_ptr_equal(match.module, &animals);
    assert_string_equal(says(router, METHOD_DELETE, "/plants/tree/9", &match), "gone");
    assert_ptr_equal(match.module, &plants);
    router_free(router);
}

static void gives_the_parameters_of_the_path(void **state)
{
    struct router *router = router_new(both);
    struct match match;
    (void)state;
    assert_string_equal(says(router, METHOD_DELETE, "/plants/tree/9", &match), "gone");
    assert_int_equal(match.n_params, 2);
    assert_true(str_eq(match.params[0].name, STR("kind")) && str_eq(match.params[0].value, STR("tree")));
    assert_true(str_eq(match.params[1].name, STR("id")) && str_eq(match.params[1].value, STR("9")));
    router_free(router);
}

static void prefers_what_is_fixed(void **state)
{
    struct router *router = router_new(both);
    struct match match;
    (void)state;
    assert_string_equal(says(router, METHOD_GET, "/animals/lions", &match), "lions");
    assert_string_equal(says(router, METHOD_GET, "/animals/7", &match), "one");
    router_free(router);
}

static void says_which_methods_a_path_has(void **state)
{
    struct router *router = router_new(both);
    struct match match;
    (void)state;
    assert_null(says(router, METHOD_DELETE, "/animals", &match));
    assert_int_equal(match.allowed, 1u << GET | 1u << POST);
    assert_null(says(router, METHOD_GET, "/animals/7/name", &match));
    assert_int_equal(match.allowed, 1u << PUT);
    assert_null(says(router, METHOD_OPTIONS, "/animals", &match));
    router_free(router);
}

static void refuses_what_is_not_there(void **state)
{
    static const char *const paths[] = {
        "", "/", "/animal", "/animals/", "/animals//name", "/plants/tree", "/animals/7/name/x"
    };
    struct router *router = router_new(both);
    struct match match;
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_null(says(router, METHOD_GET, paths[i], &match));
        assert_int_equal(match.allowed, 0);
    }
    router_free(router);
}

static void refuses_two_routes_of_one_shape(void **state)
{
    static const struct route rows[] = { { GET, "/a/{x}/b" }, { GET, "/a/{y}/b" }, { 0 } };
    static const struct module module = { .name = "twice", .routes = rows };
    static const struct module *const modules[] = { &module, NULL };
    (void)state;
    assert_null(router_new(modules));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_by_method_and_path),  cmocka_unit_test(gives_the_parameters_of_the_path),
        cmocka_unit_test(prefers_what_is_fixed),     cmocka_unit_test(says_which_methods_a_path_has),
        cmocka_unit_test(refuses_what_is_not_there), cmocka_unit_test(refuses_two_routes_of_one_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
