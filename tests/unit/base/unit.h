/* What cmocka wants included first, and helpers that the unit tests of these layers share. */
#ifndef TESTS_UNIT_BASE_UNIT_H
#define TESTS_UNIT_BASE_UNIT_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fault.h"
#include "base/str.h"

#define assert_str(s, literal)                                                                               \
    do {                                                                                                     \
        struct str unit_s_ = (s);                                                                            \
        assert_int_equal(unit_s_.n, sizeof(literal) - 1);                                                    \
        assert_memory_equal(unit_s_.at ? unit_s_.at : "", literal, sizeof(literal) - 1);                     \
    } while (0)

/* Does it abort? In a child, silently and without a core. */
#define assert_aborts(statement)                                                                             \
    do {                                                                                                     \
        int unit_status_;                                                                                    \
        pid_t unit_pid_ = fork();                                                                            \
        if (unit_pid_ == 0) {                                                                                \
            setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });                                                \
            signal(SIGABRT, SIG_DFL);                                                                        \
            if (!freopen("/dev/null", "w", stderr)) _exit(2);                                                \
            statement;                                                                                       \
            _exit(0);                                                                                        \
        }                                                                                                    \
        assert_int_equal(waitpid(unit_pid_, &unit_status_, 0), unit_pid_);                                   \
        assert_true(WIFSIGNALED(unit_status_) && WTERMSIG(unit_status_) == SIGABRT);                         \
    } while (0)

/* Runs its body (which must set `ok`) with the 1st, 2nd, ... allocation failing until one run passes without
 * reaching its fault. The body cleans up after itself, so leaks are ASan's to find. */
#define FAIL_EACH_ALLOCATION(...)                                                                            \
    do {                                                                                                     \
        unsigned unit_n_ = 1;                                                                                \
        for (;; unit_n_++) {                                                                                 \
            char unit_spec_[32];                                                                             \
            bool ok = false, unit_hit_;                                                                      \
            snprintf(unit_spec_, sizeof(unit_spec_), "alloc:%u", unit_n_);                                   \
            assert_int_equal(fault_arm(unit_spec_), 0);                                                      \
            __VA_ARGS__;                                                                                     \
            unit_hit_ = fault_calls("alloc") >= unit_n_;                                                     \
            fault_arm(NULL);                                                                                 \
            assert_int_equal(ok, !unit_hit_);                                                                \
            if (!unit_hit_) break;                                                                           \
            assert_true(unit_n_ < 100000);                                                                   \
        }                                                                                                    \
        assert_true(unit_n_ > 1);                                                                            \
    } while (0)

#endif
