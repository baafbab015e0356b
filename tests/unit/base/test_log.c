#include "unit.h"

#include <fcntl.h>
#include <math.h>

#include "base/clock.h"
#include "base/log.h"

static uint64_t now_ns = 5 * NS_PER_S;

static uint64_t fake_ns(void)
{
    return now_ns;
}

static int64_t fake_ms(void)
{
    return 1775000000123;
}

static int pipe_fds[2];
static char text[1 << 18];

static const char *logged(void)
{
    ssize_t n = read(pipe_fds[0], text, sizeof(text) - 1);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

static int setup(void **state)
{
    static const struct clock_source source = { fake_ns, fake_ms };

    (void)state;
    clock_override(&source);
    if (pipe2(pipe_fds, O_NONBLOCK)) return -1;
    log_set_fd(pipe_fds[1]);
    return 0;
}

static void a_line_is_one_object(void **state)
{
    char want[256];

    (void)state;
    log_info("request", LOG_S("method", "GET"), LOG_I("status", -200), LOG_U("ns", UINT64_MAX),
             LOG_B("tls", true), LOG_F("ratio", 0.5), LOG_F("bad", NAN), LOG_S("none", NULL),
             LOG_STR("cut", str_of("abc", 2)));
    snprintf(want, sizeof(want),
             "{\"ts\":\"2026-03-31T23:33:20.123Z\",\"level\":\"info\",\"pid\":%d,\"event\":\"request\","
             "\"method\":\"GET\","
             "\"status\":-200,\"ns\":18446744073709551615,\"tls\":true,\"ratio\":0.5,\"bad\":null,\"none\":"
             "null,\"cut\":\"ab\"}\n",
             (int)getpid());
    assert_string_equal(logged(), want);
    log_warn("bare");
    assert_non_null(strstr(logged(), "\"event\":\"bare\"}\n"));
}

static void values_are_escaped(void **state)
{
    (void)state;
    log_error("x", LOG_STR("v", STR("a\"\\\n\x01\x7f\xff\xe3\x81\0\xe5\xb1\x8a")));
    assert_non_null(strstr(
        logged(),
        "\"v\":\"a\\\"\\\\\\u000a\\u0001\\u007f\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\u0000\xe5\xb1\x8a\"}"
        "\n"));
}

static void levels_filter(void **state)
{
    enum log_level level = LOG_LEVEL_OFF;

    (void)state;
    log_debug("hidden");
    assert_string_equal(logged(), "");
    assert_true(log_level_parse(STR("debug"), &level));
    log_set_level(level);
    log_debug("shown");
    assert_non_null(strstr(logged(), "\"level\":\"debug\""));
    log_set_level(LOG_LEVEL_OFF);
    log_error("hidden");
    assert_string_equal(logged(), "");
    log_set_level(LOG_LEVEL_INFO);
    assert_false(log_level_parse(STR("loud"), &level));
}

static void a_long_line_loses_its_last_fields(void **state)
{
    static char big[9000];
    const char *line;

    (void)state;
    memset(big, 'x', sizeof(big) - 1);
    log_info("big", LOG_I("a", 1), LOG_S("b", big), LOG_I("c", 3));
    line = logged();
    assert_non_null(strstr(line, "\"a\":1,\"truncated\":true}\n"));
    big[3900] = '\0';
    log_info("big", LOG_S("b", big), LOG_S("c", big));
    line = logged();
    assert_true(strlen(line) <= 4096);
    assert_non_null(strstr(line, "xx\",\"truncated\":true}\n"));
}

static unsigned lines(const char *s)
{
    unsigned n = 0;

    for (; *s; s++) n += *s == '\n';
    return n;
}

static void flood(int n)
{
    for (int i = 0; i < n; i++) log_info("flood", LOG_I("i", i));
}

static void a_flood_is_summed_up(void **state)
{
    (void)state;
    flood(500);
    assert_int_equal(lines(logged()), LOG_PER_SECOND);
    log_flush();
    assert_string_equal(logged(), "");
    now_ns += NS_PER_S;
    log_flush();
    assert_non_null(strstr(logged(), "\"event\":\"flood\",\"suppressed\":480}\n"));
    log_flush();
    assert_string_equal(logged(), "");
    flood(30);
    logged();
    now_ns += NS_PER_S;
    flood(1);
    assert_int_equal(lines(logged()), 2);
    assert_non_null(strstr(text, "\"suppressed\":10}"));
    log_flush();
    now_ns += NS_PER_S;
    log_flush();
    assert_string_equal(logged(), "");
}

static void stamps(void **state)
{
    static const struct {
        int64_t ms;
        const char *stamp;
    } cases[] = {
        { 0, "1970-01-01T00:00:00.000Z" },
        { -1, "1969-12-31T23:59:59.999Z" },
        { 951782399999, "2000-02-28T23:59:59.999Z" },
        { 951782400000, "2000-02-29T00:00:00.000Z" },
        { 4107542399999, "2100-02-28T23:59:59.999Z" },
        { 4107542400000, "2100-03-01T00:00:00.000Z" },
    };
    char stamp[CLOCK_STAMP_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        clock_stamp(stamp, cases[i].ms);
        assert_string_equal(stamp, cases[i].stamp);
    }
}

static void clocks(void **state)
{
    static const struct clock_source only_wall = { NULL, fake_ms };
    uint64_t a, b;

    (void)state;
    assert_int_equal(clock_now_coarse_ns(), now_ns);
    assert_int_equal(clock_wall_coarse_ms(), fake_ms());
    clock_override(&only_wall);
    assert_int_equal(clock_wall_ms(), fake_ms());
    a = clock_now_ns();
    b = clock_now_ns();
    assert_true(b >= a && a > 0);
    clock_override(NULL);
    assert_true(clock_wall_ms() > 1600000000000 && clock_wall_coarse_ms() > 1600000000000);
    assert_true(clock_now_coarse_ns() > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_object),
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(levels_filter),
        cmocka_unit_test(a_long_line_loses_its_last_fields),
        cmocka_unit_test(a_flood_is_summed_up),
        cmocka_unit_test(stamps),
        cmocka_unit_test(clocks),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
