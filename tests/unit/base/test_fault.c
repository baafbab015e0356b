#include "unit.h"

#include "base/check.h"
#include "base/err.h"
#include "base/sm.h"

static unsigned hits(unsigned calls)
{
    unsigned bits = 0;

    for (unsigned i = 0; i < calls; i++)
        if (fault_hit("test.point")) bits |= 1u << i;
    return bits;
}

static void nothing_is_armed_at_first(void **state)
{
    (void)state;
    assert_false(fault_armed);
    assert_int_equal(hits(5), 0);
}

static void the_nth_call_fails(void **state)
{
    (void)state;
    assert_int_equal(fault_arm("test.point:3"), 0);
    assert_int_equal(hits(6), 1u << 2);
    assert_int_equal(fault_calls("test.point"), 6);
    assert_int_equal(fault_arm("other:1, test.point:2+"), 0);
    assert_int_equal(hits(4), 0xe);
    assert_int_equal(fault_arm("test.point:0"), 0);
    assert_int_equal(hits(4), 0);
    assert_int_equal(fault_calls("test.point"), 4);
    assert_int_equal(fault_arm(NULL), 0);
    assert_int_equal(hits(4), 0);
}

static void a_malformed_spec_arms_nothing(void **state)
{
    static const char *const bad[] = { "x", "x:", ":1", "x:a", "x:-1", "x:1++", "test.point:1,x", "x:1 +" };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        assert_int_equal(fault_arm(bad[i]), -1);
        assert_false(fault_armed);
        assert_int_equal(hits(2), 0);
    }
}

static void the_environment_arms(void **state)
{
    (void)state;
    setenv("TODOKE_FAULTS", "test.point:1", 1);
    assert_int_equal(fault_init(), 0);
    assert_int_equal(hits(2), 1);
    unsetenv("TODOKE_FAULTS");
    assert_int_equal(fault_init(), 0);
    assert_false(fault_armed);
}

/* This very program, started anew with the word "armed?". */
static void a_program_starts_armed(void **state)
{
    int status;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        setenv("TODOKE_FAULTS", "alloc:2+", 1);
        execl("/proc/self/exe", "test_fault", "armed?", (char *)NULL);
        _exit(1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void allocations_pass_the_point(void **state)
{
    void *p = base_alloc(0), *q;

    (void)state;
    assert_non_null(p);
    fault_arm("alloc:1+");
    assert_null(base_alloc(1));
    assert_null(base_zalloc(1));
    assert_null(base_realloc(p, 100));
    fault_arm(NULL);
    q = base_realloc(p, 100);
    assert_non_null(q);
    base_free(q);
    base_free(NULL);
}

enum { IDLE, BUSY, CLOSED };

static const struct sm_state states[] = {
    [IDLE] = { "idle", SM_TO(BUSY) | SM_TO(CLOSED) },
    [BUSY] = { "busy", SM_TO(IDLE) | SM_TO(CLOSED) },
    [CLOSED] = { "closed", 0 },
};
static const struct sm_table table = SM_TABLE("test", states);
static unsigned traced;

static void trace(const struct sm *sm, unsigned to)
{
    (void)sm;
    traced = traced * 10 + to;
}

static void a_machine_makes_legal_moves_only(void **state)
{
    struct sm sm;

    (void)state;
    sm_init(&sm, &table, IDLE);
    sm_trace = trace;
    sm_move(&sm, BUSY);
    assert_true(sm_is(&sm, BUSY));
    assert_string_equal(sm_name(&sm), "busy");
    assert_false(sm_can(&sm, BUSY));
    assert_false(sm_can(&sm, 99));
    assert_aborts(sm_move(&sm, BUSY));
    assert_aborts(sm_move(&sm, 99));
    sm_move(&sm, CLOSED);
    sm_trace = NULL;
    assert_int_equal(traced, 12);
    assert_aborts(sm_move(&sm, IDLE));
    assert_aborts(sm_init(&sm, &table, 3));
}

static void errors_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) assert_non_null(err_name((enum err)i));
    assert_string_equal(err_name(ERR_NOMEM), "nomem");
    assert_string_equal(err_name(ERR_IO), "io");
    assert_string_equal(err_name((enum err)999), "unknown");
    CHECK(1 + 1 == 2);
    assert_aborts(CHECK(1 + 1 == 3));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_armed_at_first),        cmocka_unit_test(the_nth_call_fails),
        cmocka_unit_test(a_malformed_spec_arms_nothing),    cmocka_unit_test(the_environment_arms),
        cmocka_unit_test(a_program_starts_armed),           cmocka_unit_test(allocations_pass_the_point),
        cmocka_unit_test(a_machine_makes_legal_moves_only), cmocka_unit_test(errors_have_names),
    };

    if (argc > 1 && strcmp(argv[1], "armed?") == 0) {
        void *first = base_alloc(1);
        bool armed = first && !base_alloc(1);

        base_free(first);
        return !armed;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
