/* Several processes and one plan: each plays its part, all parts together are the plan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../../../bench/generator/curve.c"
#include "../../../bench/generator/due.c"
#include "../../../bench/generator/glass.c"
#include "../../../bench/generator/hist.c"
#include "../../../bench/generator/plan.c"
#include "../../../bench/generator/table.c"

enum { GUARDIANS = 700, TEACHERS = 20, SESSIONS = GUARDIANS + TEACHERS, SHARDS = 3 };

static struct session sessions[SESSIONS];
static uint64_t children[GUARDIANS][2];
static struct scenario scenario;

/* sessions.c reads files; the plan only walks. */
const struct session *sessions_next(const struct sessions *all, enum role role, size_t *cursor)
{
    while (*cursor < all->count)
        if (all->all[(*cursor)++].role == role) return &all->all[*cursor - 1];
    return NULL;
}

static int make_sessions(void **state)
{
    (void)state;
    for (size_t i = 0; i < GUARDIANS; i++) {
        children[i][0] = 1000 + i; /* the second one may also be reported by the next guardian */
        children[i][1] = 1001 + i;
        sessions[i] = (struct session){ .role = ROLE_GUARDIAN,
                                        .account_id = i + 1,
                                        .school_id = i % 4 + 1,
                                        .students = children[i],
                                        .student_count = 1 + i % 2 };
    }
    for (size_t i = 0; i < TEACHERS; i++)
        sessions[GUARDIANS + i] =
            (struct session){ .role = ROLE_TEACHER, .school_id = i % 4 + 1, .class_id = i + 1 };
    return 0;
}

static struct bench *plan_made(const struct options *options, size_t shard, size_t shards)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->options = *options;
    bench->scenario = &scenario;
    bench->shard = shard;
    bench->shards = shards;
    bench->sessions = (struct sessions){ .all = sessions, .count = SESSIONS };
    bench->sessions.by_role[ROLE_GUARDIAN] = GUARDIANS;
    dice_init(&bench->dice, 42);
    assert_int_equal(dashes_make(bench), 0);
    assert_int_equal(phones_plan(bench), 0);
    return bench;
}

static void plan_free(struct bench *bench)
{
    for (size_t i = 0; i < bench->dashes.count; i++) table_done(&bench->dashes.all[i].screen.rows);
    glass_done(&bench->glass);
    free(bench->dues.heap);
    free(bench->dashes.all);
    free(bench->phones);
    free(bench);
}

static void shards_are_the_plan(void **state)
{
    (void)state;
    const struct options options = { .guardians = 1500, .percent = 100, .days_ahead = 3, .per_topic = 2 };
    struct bench *whole = plan_made(&options, 0, 0), *shards[SHARDS];
    size_t screens = 0, reports = 0;
    for (size_t k = 0; k < SHARDS; k++) {
        shards[k] = plan_made(&options, k, SHARDS);
        assert_int_equal(shards[k]->phone_count, whole->phone_count);
        screens += shards[k]->dashes.count;
        reports += shards[k]->glass.reports.count;
    }
    assert_int_equal(whole->phone_count, 1500);
    assert_int_equal(screens, whole->dashes.count);
    assert_int_equal(reports, whole->glass.reports.count);
    for (size_t i = 0; i < whole->phone_count; i++) {
        const struct phone *phone = &whole->phones[i];
        assert_true(phone->mine);
        for (size_t k = 0; k < SHARDS; k++) {
            const struct phone *same = &shards[k]->phones[i];
            assert_ptr_equal(same->session, phone->session);
            assert_int_equal(same->report.student, phone->report.student);
            assert_int_equal(same->report.day, phone->report.day);
            assert_int_equal(same->mine, (size_t)(phone->session - sessions) % SHARDS == k);
        }
    }
    for (size_t k = 0; k < SHARDS; k++) plan_free(shards[k]);
    plan_free(whole);
}

static void no_child_is_reported_twice_for_a_day(void **state)
{
    (void)state;
    const struct options options = {
        .guardians = 2000, .percent = 100, .days_ahead = 5, .no_dashboards = true
    };
    struct bench *bench = plan_made(&options, 0, 0);
    assert_int_equal(bench->phone_count, 2000);
    assert_int_equal(bench->glass.reports.count, 2000); /* student and day are its key */
    plan_free(bench);
}

static void one_school_has_its_own(void **state)
{
    (void)state;
    const struct options options = {
        .guardians = 300, .percent = 100, .days_ahead = 9, .school = 3, .per_topic = 1
    };
    struct bench *bench = plan_made(&options, 0, 0);
    assert_int_equal(bench->phone_count, 300);
    for (size_t i = 0; i < bench->phone_count; i++) {
        assert_int_equal(bench->phones[i].session->school_id, 3);
        assert_int_equal(bench->phones[i].session->student_count, 1);
    }
    assert_int_equal(bench->dashes.count, TEACHERS / 4);
    for (size_t i = 0; i < bench->dashes.count; i++)
        assert_int_equal(bench->dashes.all[i].session->school_id, 3);
    plan_free(bench);
}

static void a_mix_has_its_parts(void **state)
{
    (void)state;
    const struct options options = {
        .rate = 100, .seconds = 10, .percent = 100, .reads = 40, .days_ahead = 3
    };
    struct bench *bench = plan_made(&options, 0, 0);
    size_t reports = 0;
    for (size_t i = 0; i < bench->phone_count; i++) reports += bench->phones[i].report.student != 0;
    assert_int_equal(bench->phone_count, 1000);
    assert_int_equal(reports, 600);
    plan_free(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shards_are_the_plan),
        cmocka_unit_test(no_child_is_reported_twice_for_a_day),
        cmocka_unit_test(one_school_has_its_own),
        cmocka_unit_test(a_mix_has_its_parts),
    };
    return cmocka_run_group_tests(tests, make_sessions, NULL);
}
