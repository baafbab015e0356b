/* A roster read from texts, and compared. */
#ifndef TESTS_UNIT_ROSTER_ROSTER_UNIT_H
#define TESTS_UNIT_ROSTER_ROSTER_UNIT_H

#include "../base/unit.h"

#include "codec/zip.h"
#include "roster/roster.h"

static struct arena arena;
static struct roster roster;

static inline int roster_tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* "file line column column_name code", of problem i. */
static inline const char *problem(size_t i)
{
    static char shown[256];
    if (i >= roster.n_problems) return "none";
    const struct roster_problem *p = &roster.problems[i];
    assert_true(p->text.n > 0);
    snprintf(shown, sizeof shown, STR_FMT " %u %u " STR_FMT " %s", STR_ARG(p->file), p->line, p->column,
             STR_ARG(p->column_name), p->code);
    return shown;
}

static inline void assert_row(const struct roster_row *a, const struct roster_row *b)
{
    const struct str *x = &a->code, *y = &b->code;
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(!x[i].at, !y[i].at);
        assert_true(str_eq(x[i], y[i]));
    }
    assert_int_equal(a->class_kind, b->class_kind);
    assert_int_equal(a->school_year, b->school_year);
    assert_int_equal(a->grade, b->grade);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->gone, b->gone);
}
_Static_assert(offsetof(struct roster_row, given_kana) == 8 * sizeof(struct str), "nine texts come first");

static inline void assert_rows(const struct roster *a, const struct roster *b)
{
    assert_int_equal(a->n_rows, b->n_rows);
    for (size_t i = 0; i < a->n_rows; i++) assert_row(&a->rows[i], &b->rows[i]);
}

/* 29,000 children of 60 schools, made of numbers alone. */
static inline struct roster roster_city(struct arena *a, size_t n)
{
    static const char *const families[] = { "山田", "𠮷川", "髙﨑", "佐々木", "=田" };
    static const char *const givens[] = { "太郎", "さくら", "👧", "ジョン" };
    struct roster city = { .n_rows = n };
    city.rows = arena_array(a, n, sizeof *city.rows);
    assert_non_null(city.rows);
    for (size_t i = 0; i < n; i++) {
        struct roster_row *row = &city.rows[i];
        bool support = i % 31 == 7;
        size_t school = i / 500, class = i % 500 / 30;
        *row = (struct roster_row){
            .code = str_c(arena_printf(a, "c%07zu", i)),
            .school_code = str_c(arena_printf(a, "B%05zu", school)),
            .class_code = str_c(arena_printf(a, support ? "s-%zu" : "%zu", class)),
            .class_name = str_c(arena_printf(a, support ? "たんぽぽ%zu" : "%zu組", class)),
            .family_name = str_c(families[i % 5]),
            .given_name = str_c(givens[i % 4]),
            .family_kana = STR("やまだ"),
            .given_kana = STR("ゔぃおら"),
            .class_kind = support ? ROSTER_CLASS_SUPPORT : ROSTER_CLASS_REGULAR,
            .school_year = 2026,
            .grade = (unsigned short)(1 + class % 9),
            .number = (unsigned short)(1 + i % 30),
            .gone = i % 997 == 3,
        };
        if (support && i % 2) row->exchange_class_code = str_c(arena_printf(a, "%zu", class));
    }
    return city;
}

#endif
