// A request on a warm connection calls malloc not once: counted by standing in front of libc's.
#include "serve.h"

static struct serve s;

#if BASE_ASAN

static void a_warm_request_calls_no_malloc(void **state)
{
    (void)state, (void)s;
    skip(); // under ASan every allocation is a malloc, on purpose
}

#else

extern void *__libc_malloc(size_t n);
static unsigned long mallocs;

void *malloc(size_t n)
{
    mallocs++;
    return __libc_malloc(n);
}

static void a_warm_request_calls_no_malloc(void **state)
{
    (void)state;
    static const char get[] =
        "GET /a HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nCookie: __Host-todoke=abc\r\n\r\n";
    static const char post[] = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    assert_true(serve_start(&s));
    int fd = serve_connect(&s);
    for (int i = 0; i < 1010; i++) {
        if (i == 10) mallocs = 0;
        s.got_n = 0;
        serve_exchange(&s, fd, get, sizeof get - 1);
        serve_exchange(&s, fd, post, sizeof post - 1);
        assert_non_null(strstr(s.got, "hello"));
    }
    assert_int_equal(mallocs, 0);
    close(fd);
    serve_stop(&s);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_warm_request_calls_no_malloc) };
    return cmocka_run_group_tests_name("net/hot_path", tests, NULL, NULL);
}
