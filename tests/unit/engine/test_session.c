/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>

#include "engine/session.h"

static struct http_header headers[4];

static struct http_request request(enum http_method method, const char *name, const char *value)
{
    headers[0] = (struct http_header){ str_c(name), str_c(value) };
    return (struct http_request){ .method = method,
                                  .host = STR("school.example:8443"),
                                  .is_tls = true,
                                  .headers = headers,
                                  .header_count = name ? 1 : 0 };
}

static bool same_site(enum http_method method, const char *name, const char *value, const char *origin)
{
    struct http_request http = request(method, name, value);
    return session_same_site(&http, origin);
}

static void lets_reads_through(void **state)
{
    (void)state;
    assert_true(same_site(METHOD_GET, "sec-fetch-site", "cross-site", NULL));
    assert_true(same_site(METHOD_HEAD, "origin", "https://elsewhere.example", NULL));
}

static void lets_own_writes_through(void **state)
{
    (void)state;
    assert_true(same_site(METHOD_POST, "sec-fetch-site", "same-origin", NULL));
    assert_true(same_site(METHOD_POST, "origin", "https://school.example:8443", NULL));
    assert_true(same_site(METHOD_POST, "origin", "https://todoke.example", "https://todoke.example"));
    assert_true(same_site(METHOD_POST, NULL, NULL, NULL));
}

static void refuses_writes_from_elsewhere(void **state)
{
    static const struct {
        const char *name, *value, *origin;
    } cases[] = {
        { "sec-fetch-site", "cross-site", NULL },
        { "sec-fetch-site", "same-site", NULL },
        { "sec-fetch-site", "", NULL },
        { "origin", "https://elsewhere.example", NULL },
        { "origin", "http://school.example:8443", NULL },
        { "origin", "https://school.example:8443.elsewhere.example", NULL },
        { "origin", "null", NULL },
        { "origin", "", NULL },
        { "origin", "https://school.example:8443", "https://todoke.example" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int method = METHOD_POST; method <= METHOD_DELETE; method++)
            assert_false(same_site((enum http_method)method, cases[i].name, cases[i].value, cases[i].origin));
}

static void wants_the_origin_of_a_socket_exactly(void **state)
{
    struct http_request http = request(METHOD_GET, NULL, NULL);
    (void)state;
    assert_false(session_origin_is_ours(&http, NULL));
    http = request(METHOD_GET, "origin", "https://school.example:8443");
    assert_true(session_origin_is_ours(&http, NULL));
    assert_false(session_origin_is_ours(&http, "https://todoke.example"));
    http.is_tls = false;
    assert_false(session_origin_is_ours(&http, NULL));
}

static struct str token_of(struct arena *arena, const char *cookie)
{
    struct http_request http = request(METHOD_GET, "cookie", cookie);
    return session_token_sha256(arena, &http);
}

static void reads_the_token(void **state)
{
    static const char good[] = "__Host-todoke=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    static const char *const bad[] = {
        "",
        "__Host-todoke",
        "__Host-todoke=",
        "__Host-todoke=AAAA",
        "todoke=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "__Host-todoke=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*",
        "__Host-todoke=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "__Host-todoke=\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
    };
    struct arena arena;
    char text[200];
    (void)state;
    arena_init(&arena, 0);
    struct str hash = token_of(&arena, good);
    assert_int_equal(hash.n, 32);
    snprintf(text, sizeof text, "a=b; %s; c=d", good);
    assert_true(str_eq(token_of(&arena, text), hash));
    /* SHA-256 of 32 zero bytes */
    assert_memory_equal(hash.at, "\x66\x68\x7a\xad\xf8\x62\xbd\x77", 8);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_null(token_of(&arena, bad[i]).at);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_reads_through),
        cmocka_unit_test(lets_own_writes_through),
        cmocka_unit_test(refuses_writes_from_elsewhere),
        cmocka_unit_test(wants_the_origin_of_a_socket_exactly),
        cmocka_unit_test(reads_the_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
