/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "supervisor.h"

static struct config config;

/* Reads the words; returns how many were left, or -1. */
static int read_words(size_t n, const char *const *words)
{
    static char copies[16][64];
    char *argv[16];
    int argc = (int)n;
    for (size_t i = 0; i < n; i++) {
        snprintf(copies[i], sizeof copies[i], "%s", words[i]);
        argv[i] = copies[i];
    }
    config_done(&config);
    return config_read(&config, &argc, argv) ? -1 : argc;
}
#define READ(...)                                                                                            \
    read_words(sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *), (const char *[]){ __VA_ARGS__ })

static void has_defaults(void **state)
{
    (void)state;
    assert_int_equal(READ("rest"), 1);
    assert_int_equal(config_number(&config, CONFIG_WORKERS), 1);
    assert_false(config_flag(&config, CONFIG_DEMO));
    assert_null(config_text(&config, CONFIG_ORIGIN));
}

static void takes_flags_in_both_forms_and_leaves_the_rest(void **state)
{
    (void)state;
    assert_int_equal(READ("--workers", "3", "--students", "9", "--log=warn", "--demo"), 2);
    assert_int_equal(config_number(&config, CONFIG_WORKERS), 3);
    assert_string_equal(config_text(&config, CONFIG_LOG), "warn");
    assert_true(config_flag(&config, CONFIG_DEMO));
}

static void refuses_what_does_not_fit(void **state)
{
    (void)state;
    assert_int_equal(READ("--workers", "0"), -1);
    assert_int_equal(READ("--workers", "65"), -1);
    assert_int_equal(READ("--workers", "two"), -1);
    assert_int_equal(READ("--workers"), -1);
    assert_int_equal(READ("--demo=perhaps"), -1);
    assert_int_equal(READ("--config", "/nonexistent/todoke.conf"), -1);
}

static void prefers_flag_to_environment_to_file(void **state)
{
    char path[] = "/tmp/todoke-config-XXXXXX";
    static const char text[] = "# comment\n\nworkers = 5\ndrain-seconds=7\n  log = error  \n";
    int fd = mkstemp(path);
    (void)state;
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    setenv("TODOKE_DRAIN_SECONDS", "8", 1);
    setenv("TODOKE_LOG", "warn", 1);
    assert_int_equal(READ("--config", path, "--log", "debug"), 0);
    assert_int_equal(config_number(&config, CONFIG_WORKERS), 5);
    assert_int_equal(config_number(&config, CONFIG_DRAIN_SECONDS), 8);
    assert_string_equal(config_text(&config, CONFIG_LOG), "debug");
    unsetenv("TODOKE_DRAIN_SECONDS");
    unsetenv("TODOKE_LOG");
    unlink(path);
}

static void refuses_an_unknown_line_of_the_file(void **state)
{
    char path[] = "/tmp/todoke-config-XXXXXX";
    int fd = mkstemp(path);
    (void)state;
    assert_int_equal(write(fd, "wokers = 5\n", 11), 11);
    close(fd);
    assert_int_equal(READ("--config", path), -1);
    unlink(path);
}

static void splits_addresses(void **state)
{
    static const char *const bad[] = { "",           "8443",    "host",   ":8443", "host:",
                                       "host:65536", "host:-1", "host:x", "[]:1" };
    char host[64];
    uint16_t port;
    (void)state;
    assert_int_equal(config_address("127.0.0.1:8443", host, sizeof host, &port), 0);
    assert_string_equal(host, "127.0.0.1");
    assert_int_equal(port, 8443);
    assert_int_equal(config_address("[::1]:0", host, sizeof host, &port), 0);
    assert_string_equal(host, "::1");
    assert_int_equal(port, 0);
    assert_int_equal(config_address("127.0.0.1:80", host, 9, &port), -1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(config_address(bad[i], host, sizeof host, &port), -1);
}

static void reads_a_workers_seat(void **state)
{
    char *good[] = { "1", "5", "6", "3", "9" }, *bad[] = { "1", "5", "6", "3", "-9" },
         *word[] = { "1", "5", "x", "3", "9" };
    struct worker_seat seat;
    (void)state;
    assert_int_equal(worker_seat_parse(&seat, 5, good), 0);
    assert_int_equal(seat.slot, 1);
    assert_int_equal(seat.metrics, 3);
    assert_int_equal(seat.ready_fd, 9);
    assert_int_equal(worker_seat_parse(&seat, 4, good), -1);
    assert_int_equal(worker_seat_parse(&seat, 5, bad), -1);
    assert_int_equal(worker_seat_parse(&seat, 5, word), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_defaults),
        cmocka_unit_test(takes_flags_in_both_forms_and_leaves_the_rest),
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(prefers_flag_to_environment_to_file),
        cmocka_unit_test(refuses_an_unknown_line_of_the_file),
        cmocka_unit_test(splits_addresses),
        cmocka_unit_test(reads_a_workers_seat),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    config_done(&config);
    return failed;
}
