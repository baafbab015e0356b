/* A CSV whose columns somebody has named. */
#include "roster/roster_private.h"

/* By heading where there is one, else by place. */
static bool columns_find(struct table_reader *t, struct table_column *columns,
                         const struct roster_mapping *mapping)
{
    bool headed = !mapping->no_heading;
    for (int i = 0; i < ROSTER_FIELDS; i++) {
        columns[i] = (struct table_column){ .at = -1 };
        if (headed) columns[i].heading = mapping->columns[i].heading;
        columns[i].required = headed && mapping->columns[i].heading.at;
    }
    t->columns = columns;
    t->n = ROSTER_FIELDS;
    if (headed && !table_heading(t, columns, ROSTER_FIELDS)) return false;
    for (int i = 0; i < ROSTER_FIELDS; i++)
        if (!columns[i].heading.at && mapping->columns[i].at) columns[i].at = (int)mapping->columns[i].at - 1;
    return true;
}

/* A space of either width parts family and given name. */
static bool split(struct str whole, struct str *ret_family, struct str *ret_given)
{
    for (struct str rest = whole; rest.n;) {
        struct str here = rest;
        int32_t c = utf8_next(&rest);
        if (c < 0) return false;
        if (c != ' ' && c != 0x3000) continue;
        *ret_family = str_of(whole.at, (size_t)(here.at - whole.at));
        *ret_given = text_trim(rest);
        return ret_given->n > 0;
    }
    return false;
}

static void names(struct table_reader *t, enum roster_field column, struct str whole, struct str *family,
                  struct str *given, bool *ok)
{
    if (!whole.at || (family->at && given->at)) return;
    if (split(whole, family, given)) return;
    table_problem(t, column, "split_name");
    *ok = false;
}

static bool row_read(struct table_reader *t, const struct roster_mapping *mapping, struct roster_row *row)
{
    bool ok = true;
    *row = (struct roster_row){ .line = t->csv.line };
    row->code = cell_text(t, ROSTER_CODE, &ok);
    row->school_code = cell_text(t, ROSTER_SCHOOL_CODE, &ok);
    row->school_year = cell_number(t, ROSTER_SCHOOL_YEAR, 2000, 2200, &ok);
    row->grade = cell_grade(t, ROSTER_GRADE, &ok);
    row->class_code = cell_text(t, ROSTER_CLASS_CODE, &ok);
    row->class_name = cell_text(t, ROSTER_CLASS_NAME, &ok);
    row->class_kind = cell_class_kind(t, ROSTER_CLASS_KIND, &ok);
    row->number = (unsigned short)cell_number(t, ROSTER_NUMBER, 1, 999, &ok);
    row->family_name = cell_text(t, ROSTER_FAMILY_NAME, &ok);
    row->given_name = cell_text(t, ROSTER_GIVEN_NAME, &ok);
    row->family_kana = cell_kana(t, ROSTER_FAMILY_KANA, &ok);
    row->given_kana = cell_kana(t, ROSTER_GIVEN_KANA, &ok);
    names(t, ROSTER_FULL_NAME, cell_text(t, ROSTER_FULL_NAME, &ok), &row->family_name, &row->given_name, &ok);
    names(t, ROSTER_FULL_KANA, cell_kana(t, ROSTER_FULL_KANA, &ok), &row->family_kana, &row->given_kana, &ok);
    row->exchange_class_code = cell_text(t, ROSTER_EXCHANGE_CLASS_CODE, &ok);
    row->gone = cell_gone(t, ROSTER_GONE, &ok);
    if (!row->school_code.at) row->school_code = mapping->school_code;
    if (!row->school_year) row->school_year = mapping->school_year;
    return ok;
}

enum err roster_read_csv(struct arena *arena, struct str file, const struct roster_mapping *mapping,
                         struct roster *ret)
{
    struct reading r;
    struct table_reader t;
    struct table_column columns[ROSTER_FIELDS];
    struct roster_row row;
    struct roster_mapping own = *mapping;
    reading_init(&r, arena, ret);
    own.school_code = reading_keep(&r, mapping->school_code);
    if (table_open(&t, &r, file) && columns_find(&t, columns, &own)) {
        size_t n = 0;
        while (table_next(&t) && !r.failed) {
            if (++n > ROSTER_ROWS) {
                reading_problem(&r, "too_many_rows", t.csv.line, 0, (struct str){ 0 });
                break;
            }
            if (row_read(&t, &own, &row)) reading_row(&r, &row);
        }
        if (n == 0 && ret->n_found == 0) reading_problem(&r, "empty", 0, 0, (struct str){ 0 });
    }
    table_close(&t);
    return reading_end(&r);
}

/* ---- a look into it ---- */

static struct str *line_keep(struct reading *r, const struct csv *csv)
{
    struct str *cells = arena_array(r->arena, csv->n + 1, sizeof *cells);
    for (unsigned i = 0; cells && i < csv->n; i++) {
        struct str cell = text_trim(csv->cells[i]);
        cells[i] = arena_dup(r->arena, utf8_prefix(cell, 4 * ROSTER_TEXT_MAX));
        if (!cells[i].at) r->failed = true;
    }
    if (!cells) r->failed = true;
    return cells;
}

enum err roster_preview_csv(struct arena *arena, struct str file, size_t max, struct roster_preview *ret)
{
    struct reading r;
    struct table_reader t;
    struct roster roster;
    struct buf lines = { 0 };
    *ret = (struct roster_preview){ 0 };
    reading_init(&r, arena, &roster);
    bool open = table_open(&t, &r, file);
    while (open && ret->n_lines < max && csv_next(&t.csv) && !r.failed) {
        if (t.csv.fault) continue;
        struct str *line = line_keep(&r, &t.csv);
        buf_append(&lines, &line, sizeof line);
        if (t.csv.n > ret->n_columns) ret->n_columns = t.csv.n;
        ret->n_lines++;
    }
    if (open && ret->n_lines == 0) reading_problem(&r, "empty", 0, 0, (struct str){ 0 });
    ret->lines = arena_copy(arena, lines.at, lines.n);
    bool failed = lines.failed || !ret->lines;
    buf_done(&lines);
    table_close(&t);
    enum err err = reading_end(&r);
    ret->encoding = roster.encoding;
    ret->problems = roster.problems;
    ret->n_problems = roster.n_problems;
    return failed ? ERR_NOMEM : err;
}
