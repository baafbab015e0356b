/* A CSV as records whose cells are known by name, and all that can be wrong with it as problems. */
#include "roster/roster_private.h"

static const char *const csv_codes[] = {
    [CSV_FAULT_OPEN_QUOTE] = "open_quote", [CSV_FAULT_STRAY_QUOTE] = "stray_quote",
    [CSV_FAULT_CONTROL] = "control",       [CSV_FAULT_COLUMNS] = "too_many_columns",
    [CSV_FAULT_CELL] = "long_cell",
};

static const char *const charset_codes[] = {
    [CHARSET_FAULT_UTF16] = "utf16",
    [CHARSET_FAULT_MIXED] = "mixed_encoding",
    [CHARSET_FAULT_INVALID] = "encoding",
};

bool table_open(struct table_reader *t, struct reading *r, struct str file)
{
    *t = (struct table_reader){ .r = r };
    enum err err = charset_decode(file, &t->text);
    r->out->encoding = (enum roster_encoding)t->text.charset;
    csv_init(&t->csv, t->text.text);
    if (err == ERR_NONE) return true;
    if (err == ERR_INVALID) {
        unsigned line = 0, column = 0;
        if (t->text.fault != CHARSET_FAULT_UTF16) csv_place(file, t->text.fault_at, &line, &column);
        reading_problem(r, charset_codes[t->text.fault], line, column, (struct str){ 0 });
    } else {
        r->failed = true;
    }
    return false;
}

void table_close(struct table_reader *t)
{
    csv_done(&t->csv);
    buf_done(&t->text.own);
}

/* False: the end. Faults are told and passed over. */
static bool next_record(struct table_reader *t)
{
    while (csv_next(&t->csv)) {
        if (!t->csv.fault) return true;
        if (t->csv.fault == CSV_FAULT_MEMORY)
            t->r->failed = true;
        else
            reading_problem(t->r, csv_codes[t->csv.fault], t->csv.line, t->csv.column, (struct str){ 0 });
    }
    return false;
}

static void column_find(struct table_reader *t, struct table_column *column)
{
    column->at = -1;
    for (unsigned i = 0; column->heading.at && i < t->csv.n; i++) {
        if (!str_eq_nocase(text_trim(t->csv.cells[i]), column->heading)) continue;
        if (column->at >= 0) reading_problem(t->r, "twice_column", t->csv.line, i + 1, column->heading);
        if (column->at < 0) column->at = (int)i;
    }
}

bool table_heading(struct table_reader *t, struct table_column *columns, size_t n)
{
    size_t found_before = t->r->out->n_found;
    t->columns = columns;
    t->n = n;
    if (!next_record(t)) {
        if (t->r->out->n_found == found_before) reading_problem(t->r, "empty", 0, 0, (struct str){ 0 });
        return false;
    }
    t->width = t->csv.n;
    for (size_t i = 0; i < n; i++) {
        column_find(t, &columns[i]);
        if (columns[i].required && columns[i].at < 0)
            reading_problem(t->r, "no_column", t->csv.line, 0, columns[i].heading);
    }
    return t->r->out->n_found == found_before;
}

static bool all_empty(const struct csv *csv)
{
    for (unsigned i = 0; i < csv->n; i++)
        if (text_trim(csv->cells[i]).n) return false;
    return true;
}

bool table_next(struct table_reader *t)
{
    while (next_record(t)) {
        if (all_empty(&t->csv)) continue;
        if (t->width == 0) t->width = t->csv.n;
        if (t->csv.n == t->width) return true;
        reading_problem(t->r, "columns", t->csv.line, 0, (struct str){ 0 });
    }
    return false;
}

struct str table_cell(const struct table_reader *t, size_t column)
{
    int at = t->columns[column].at;
    return at < 0 || (unsigned)at >= t->csv.n ? STR("") : text_trim(t->csv.cells[at]);
}

void table_problem(struct table_reader *t, size_t column, const char *code)
{
    const struct table_column *c = &t->columns[column];
    reading_problem(t->r, code, t->csv.line, c->at < 0 ? 0 : (unsigned)c->at + 1, c->heading);
}
