#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/http1_path.h"

static void expect_path(const char *raw, const char *wanted)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct str path;
    bool valid = path_normalise(&arena, str_c(raw), &path);
    if (!wanted) {
        if (valid) fail_msg("%s became %s", raw, path.at);
    } else {
        assert_true(valid);
        assert_string_equal(path.at, wanted);
        assert_int_equal(path.n, strlen(wanted));
    }
    arena_done(&arena);
}

static void paths_are_normalised(void **state)
{
    (void)state;
    expect_path("/", "/");
    expect_path("//", "/");
    expect_path("/a/b", "/a/b");
    expect_path("/a/b/", "/a/b/");
    expect_path("/a//b", "/a/b");
    expect_path("/a/./b", "/a/b");
    expect_path("/./", "/");
    expect_path("/.", "/");
    expect_path("/a/.", "/a/");
    expect_path("/%61", "/a");
    expect_path("/a%20b", "/a b");
    expect_path("/%E5%B1%8A", "/届");
    expect_path("/%25", "/%");
    expect_path("/%2541", "/%41"); // once only
    expect_path("/...", "/...");
    expect_path("/..a", "/..a");
    expect_path("/a..", "/a..");
    expect_path("/.well-known/x", "/.well-known/x");
    expect_path("/a+b", "/a+b");
}

static void paths_that_are_refused(void **state)
{
    (void)state;
    const char *bad[] = { "",        "a",         "/..",     "/../a",  "/a/..", "/a/../b",    "/%2e%2e/a",
                          "/.%2E",   "/a%2fb",    "/a%2Fb",  "/a%5cb", "/a\\b", "/a%00b",     "/a%0ab",
                          "/a%7f",   "/%",        "/%4",     "/%4g",   "/%g4",  "/a%",        "/%ff",
                          "/%c0%ae", "/a/%2e%2e", "/%2e./x", "/\x01",  "/\x7f", "/%ed%a0%80", NULL };
    for (size_t i = 0; bad[i]; i++) expect_path(bad[i], NULL);
    expect_path("/a/..;", "/a/..;"); // a name like any other
}

static void hosts(void **state)
{
    (void)state;
    const char *good[] = { "a",     "a.b",       "a:1",   "a:65535", "a:", "127.0.0.1:80",
                           "[::1]", "[::1]:443", "xn--a", "a_b",     NULL };
    const char *bad[] = { "",     ":80",   "a:65536", "a:x",   "a b",   "a/b",      "u@a",
                          "[::1", "[]",    "[::g]",   "a:1:2", "a,b c", "a%2",      "a#",
                          "a?",   "\"a\"", "[::1]x",  "a\xe5", "a:-1",  "a:123456", NULL };
    for (size_t i = 0; good[i]; i++) assert_true(host_valid(str_c(good[i])));
    for (size_t i = 0; bad[i]; i++)
        if (host_valid(str_c(bad[i]))) fail_msg("%s passed", bad[i]);
}

static void targets(void **state)
{
    (void)state;
    struct target t;
    assert_true(target_split(STR("/a?b=c?d"), &t));
    assert_true(str_eq(t.path, STR("/a")) && str_eq(t.query, STR("b=c?d")) && !t.authority.at);
    assert_true(target_split(STR("http://h:1"), &t));
    assert_true(str_eq(t.path, STR("/")) && str_eq(t.authority, STR("h:1")) && t.query.n == 0);
    assert_true(target_split(STR("HTTPS://h?x"), &t));
    assert_true(str_eq(t.path, STR("/")) && str_eq(t.query, STR("x")));
    const char *bad[] = { "",     "a",    "http://",     "http:///a", "ftp://a/",
                          "/a#b", "/a b", "http://u@h/", "/\xe5",     NULL };
    for (size_t i = 0; bad[i]; i++)
        if (target_split(str_c(bad[i]), &t)) fail_msg("%s passed", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_normalised),
        cmocka_unit_test(paths_that_are_refused),
        cmocka_unit_test(hosts),
        cmocka_unit_test(targets),
    };
    return cmocka_run_group_tests_name("net/path", tests, NULL, NULL);
}
