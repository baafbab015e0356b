/* A CSV of the days of a school year that are not as Monday to Friday. */
#include <stdio.h>

#include "roster/roster_private.h"

enum column { DAY, FIRST, LAST, KIND, SCHOOL_KIND, GRADES, LABEL, COLUMNS };

struct meaning {
    struct str word;
    const char *means;
};

static const struct meaning kinds[] = { { STR_INIT("休業日"), "holiday" },
                                        { STR_INIT("長期休業"), "vacation" },
                                        { STR_INIT("臨時休業"), "closed" },
                                        { STR_INIT("授業日"), "school_day" },
                                        { { NULL, 0 }, NULL } };
static const struct meaning school_kinds[] = { { STR_INIT("小学校"), "elementary" },
                                               { STR_INIT("中学校"), "junior_high" },
                                               { STR_INIT("特別支援学校"), "special_needs" },
                                               { { NULL, 0 }, NULL } };

struct year {
    char first[16], last[16];
    bool city;
};

static void wrong(struct table_reader *t, size_t column, const char *code, bool *ok)
{
    table_problem(t, column, code);
    *ok = false;
}

static const char *cell_of(struct table_reader *t, size_t column, const struct meaning *of, const char *code,
                           bool *ok)
{
    struct str s = table_cell(t, column);
    if (s.n == 0) return NULL;
    for (; of->means; of++)
        if (str_eq(s, of->word)) return of->means;
    wrong(t, column, code, ok);
    return NULL;
}

/* "1・3", "1、3", "1-3", "１～３年": bits. False: it is no such thing. */
static bool grades_read(struct str s, unsigned *ret)
{
    int32_t from = 0;
    bool range = false;
    while (s.n) {
        int32_t c = utf8_next(&s);
        if (c >= '1' && c <= '9') {
            for (int32_t g = range ? from : c - '0'; g <= c - '0'; g++) *ret |= 1u << g;
            if (range && from > c - '0') return false;
            from = range ? 0 : c - '0';
            range = false;
        } else if ((c == '-' || c == '~' || c == 0x301c) && from && !range) {
            range = true;
        } else if (!range && (c == 0x30fb || c == 0x3001 || c == ',' || c == ' ' || c == 0x5e74)) {
            from = 0;
        } else {
            return false;
        }
    }
    return !range && *ret;
}

static unsigned cell_grades(struct table_reader *t, bool *ok)
{
    char word[100];
    unsigned grades = 0;
    struct str s = table_cell(t, GRADES);
    if (s.n == 0 || str_eq(s, STR("全学年")) || str_eq(s, STR("すべて"))) return 0;
    s = text_narrow(s, word, sizeof word);
    if (!s.at || !grades_read(s, &grades)) wrong(t, GRADES, "grades", ok);
    return grades;
}

static struct str cell_day(struct table_reader *t, const struct year *year, size_t column, bool *ok)
{
    struct str day = cell_date(t, column, ok);
    if (day.at && (str_cmp(day, str_c(year->first)) < 0 || str_cmp(day, str_c(year->last)) > 0))
        wrong(t, column, "outside_year", ok);
    return day;
}

static bool line_read(struct table_reader *t, const struct year *year, struct roster_calendar_line *line)
{
    bool ok = true;
    size_t first = t->columns[FIRST].at < 0 ? DAY : FIRST;
    *line = (struct roster_calendar_line){ .line = t->csv.line };
    line->first_day = cell_day(t, year, first, &ok);
    if (ok && !line->first_day.at) wrong(t, first, "missing", &ok);
    line->last_day = cell_day(t, year, LAST, &ok);
    if (ok && !line->last_day.at) line->last_day = line->first_day;
    if (ok && str_cmp(line->last_day, line->first_day) < 0) wrong(t, LAST, "order", &ok);
    line->kind = cell_of(t, KIND, kinds, "kind", &ok);
    if (table_cell(t, KIND).n == 0) wrong(t, KIND, "missing", &ok);
    line->school_kind = cell_of(t, SCHOOL_KIND, school_kinds, "school_kind", &ok);
    if (line->school_kind && !year->city) wrong(t, SCHOOL_KIND, "city_only", &ok);
    line->grades = cell_grades(t, &ok);
    line->label = cell_text(t, LABEL, &ok);
    if (table_cell(t, LABEL).n == 0) wrong(t, LABEL, "missing", &ok);
    if (utf8_count(line->label) > 40) wrong(t, LABEL, "long_label", &ok);
    return ok;
}

static bool same_place(const struct roster_calendar_line *a, const struct roster_calendar_line *b)
{
    if (a->school_kind != b->school_kind) return false;
    return a->grades == b->grades || (a->grades & b->grades) != 0;
}

/* Nested ranges are clear: the shorter one holds. Any other overlap says twice or half the same. */
static const char *clash(const struct roster_calendar_line *a, const struct roster_calendar_line *b)
{
    int first = str_cmp(a->first_day, b->first_day), last = str_cmp(a->last_day, b->last_day);
    if (!same_place(a, b)) return NULL;
    if (first == 0 && last == 0) return "duplicate_line";
    if (str_cmp(a->last_day, b->first_day) < 0 || str_cmp(b->last_day, a->first_day) < 0) return NULL;
    return (first <= 0 && last >= 0) || (first >= 0 && last <= 0) ? NULL : "overlap";
}

static bool clashes(struct table_reader *t, const struct buf *lines, const struct roster_calendar_line *line)
{
    const struct roster_calendar_line *before = (const void *)lines->at;
    for (size_t i = 0; i < lines->n / sizeof *before; i++) {
        const char *code = clash(&before[i], line);
        if (!code) continue;
        table_problem(t, t->columns[FIRST].at < 0 ? DAY : FIRST, code);
        return true;
    }
    return false;
}

static bool heading_read(struct table_reader *t, struct table_column *columns)
{
    static const char *const headings[] = { [DAY] = "日付",  [FIRST] = "開始日",           [LAST] = "終了日",
                                            [KIND] = "種類", [SCHOOL_KIND] = "学校の種類", [GRADES] = "学年",
                                            [LABEL] = "名称" };
    for (int i = 0; i < COLUMNS; i++)
        columns[i] = (struct table_column){ str_c(headings[i]), i == KIND || i == LABEL, -1 };
    if (!table_heading(t, columns, COLUMNS)) return false;
    if (columns[DAY].at >= 0 || columns[FIRST].at >= 0) return true;
    reading_problem(t->r, "no_column", t->csv.line, 0, columns[FIRST].heading);
    return false;
}

static void lines_read(struct table_reader *t, const struct year *year, struct buf *lines)
{
    struct roster_calendar_line line;
    size_t n = 0;
    while (table_next(t) && !t->r->failed) {
        if (++n > ROSTER_CALENDAR_LINES) {
            reading_problem(t->r, "too_many_lines", t->csv.line, 0, (struct str){ 0 });
            return;
        }
        if (line_read(t, year, &line) && !clashes(t, lines, &line)) buf_append(lines, &line, sizeof line);
    }
    if (n == 0 && t->r->out->n_found == 0) reading_problem(t->r, "empty", 0, 0, (struct str){ 0 });
}

enum err roster_read_calendar(struct arena *arena, struct str file, unsigned school_year, bool city,
                              struct roster_calendar *ret)
{
    struct reading r;
    struct roster roster;
    struct table_reader t;
    struct table_column columns[COLUMNS];
    struct buf lines = { 0 };
    struct year year = { .city = city };
    snprintf(year.first, sizeof year.first, "%04u-04-01", school_year % 10000);
    snprintf(year.last, sizeof year.last, "%04u-03-31", (school_year + 1) % 10000);
    reading_init(&r, arena, &roster);
    if (table_open(&t, &r, file) && heading_read(&t, columns)) lines_read(&t, &year, &lines);
    table_close(&t);
    r.failed |= lines.failed;
    ret->lines = arena_copy(arena, lines.at, lines.n);
    ret->n_lines = lines.n / sizeof *ret->lines;
    if (!ret->lines) r.failed = true;
    buf_done(&lines);
    enum err err = reading_end(&r);
    ret->encoding = roster.encoding;
    ret->problems = roster.problems;
    ret->n_problems = roster.n_problems;
    return err;
}
