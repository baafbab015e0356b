#include "engine/sheet.h"

#include <string.h>

#include "base/clock.h"
#include "codec/dec.h"
#include "codec/table.h"
#include "db/pgtype.h"
#include "engine/reply.h"

#define TOKYO_MS (9 * 3600 * 1000)

const char *const sheet_formats[] = { "csv", "csv_cp932", "xlsx", NULL };

bool sheet_format_take(struct value *query, enum sheet_format *ret)
{
    *ret = SHEET_NONE;
    for (size_t i = 0; i < query->map.n; i++) {
        if (!str_eq(query->map.at[i].name, STR("format"))) continue;
        struct str asked = query->map.at[i].value.str;
        query->map.at[i] = query->map.at[--query->map.n];
        for (int f = 0; sheet_formats[f]; f++)
            if (str_eq(asked, str_c(sheet_formats[f]))) *ret = (enum sheet_format)(f + 1);
        return *ret != SHEET_NONE;
    }
    return true;
}

/* ---- rows to cells ---- */

struct sheet_input {
    const struct sheet *sheet;
    struct rows rows;
    enum sheet_format format;
};

struct sheet_maker {
    struct arena *arena;
    struct rows rows;
    struct buf text; /* of the cell in hand */
    bool failed;
};

static struct str keep(struct sheet_maker *m, struct str s)
{
    struct str copy = s.at ? arena_dup(m->arena, s) : s;
    if (s.at && !copy.at) m->failed = true;
    return copy;
}

static struct str words_text(const struct sheet_word *words, struct str value)
{
    for (; words && words->value; words++)
        if (str_eq(str_c(words->value), value)) return str_c(words->text);
    return value;
}

/* As the API writes it, without the quotes: days, times, numbers with a fraction, ... */
static struct str plain_text(struct sheet_maker *m, int row, int column)
{
    struct enc e;
    buf_reset(&m->text);
    enc_json(&e, &m->text);
    rows_encode_cell(m->rows, row, column, &e);
    m->failed |= m->text.failed;
    struct str s = buf_view(&m->text);
    return s.n >= 2 && *s.at == '"' ? str_of(s.at + 1, s.n - 2) : s;
}

/* "2026-04-01T08:15:00+09:00": the city's time, as spreadsheets know it. */
static struct str moment_text(struct sheet_maker *m, int row, int column)
{
    struct str s = plain_text(m, row, column);
    char *copy = s.n >= 16 ? arena_str(m->arena, str_of(s.at, 16)) : NULL;
    if (!copy) return keep(m, s);
    copy[10] = ' ';
    return str_of(copy, 16);
}

static struct str list_text(struct sheet_maker *m, const struct sheet_word *words, int row, int column)
{
    struct value list;
    struct str s = plain_text(m, row, column);
    if (dec_json(m->arena, s.at, s.n, &list, NULL) != ERR_NONE || list.kind != VALUE_ARRAY) return keep(m, s);
    buf_reset(&m->text);
    for (size_t i = 0; i < list.array.n; i++) {
        if (i) buf_str(&m->text, STR("、"));
        if (list.array.at[i].kind == VALUE_STR)
            buf_str(&m->text, words_text(words, list.array.at[i].str));
        else if (list.array.at[i].kind == VALUE_INT)
            buf_i64(&m->text, list.array.at[i].integer);
    }
    m->failed |= m->text.failed;
    return keep(m, m->text.at ? buf_view(&m->text) : STR(""));
}

static struct table_cell cell_of(struct sheet_maker *m, const struct sheet_word *words, int row, int column)
{
    uint32_t type = rows_type(m->rows, column);
    if (rows_is_null(m->rows, row, column)) return (struct table_cell){ 0 };
    if (pgtype_element(type)) return (struct table_cell){ .text = list_text(m, words, row, column) };
    switch (type) {
    case PG_INT2:
    case PG_INT4:
    case PG_INT8:
        return (struct table_cell){ .is_number = true, .number = rows_i64(m->rows, row, column, 0) };
    case PG_BOOL:
        return (struct table_cell){ .text = rows_bool(m->rows, row, column, false) ? STR("○") : STR("") };
    case PG_TIMESTAMPTZ: return (struct table_cell){ .text = moment_text(m, row, column) };
    default: break;
    }
    struct str text = rows_text(m->rows, row, column);
    return (struct table_cell){ .text =
                                    keep(m, text.at ? words_text(words, text) : plain_text(m, row, column)) };
}

static size_t count_columns(const struct sheet *sheet)
{
    size_t n = 0;
    while (sheet->columns[n].name) n++;
    return n;
}

static bool table_make(struct arena *arena, const struct sheet_input *in, struct table *ret)
{
    struct sheet_maker m = { .arena = arena, .rows = in->rows };
    struct table t = { .name = str_c(in->sheet->name),
                       .columns = count_columns(in->sheet),
                       .rows = (size_t)in->rows.count };
    t.headings = arena_array(arena, t.columns, sizeof *t.headings);
    t.cells = arena_array(arena, t.rows * t.columns, sizeof *t.cells);
    if (!t.headings || !t.cells) return false;
    for (size_t i = 0; i < t.columns; i++) {
        const struct sheet_column *column = &in->sheet->columns[i];
        int at = rows_column(in->rows, column->name);
        t.headings[i] = str_c(column->heading);
        for (size_t row = 0; at >= 0 && row < t.rows; row++)
            t.cells[row * t.columns + i] = cell_of(&m, column->words, (int)row, at);
    }
    buf_done(&m.text);
    *ret = t;
    return !m.failed;
}

static enum err sheet_make(struct work *work)
{
    const struct sheet_input *in = work->input;
    struct table table;
    size_t *replaced = arena_zalloc(&work->arena, sizeof *replaced);
    work->result = replaced;
    if (!replaced || !table_make(&work->arena, in, &table)) return ERR_NOMEM;
    if (in->format == SHEET_XLSX) return table_xlsx(&table, &work->out);
    return table_csv(&table, in->format == SHEET_CSV_CP932, &work->out, replaced);
}

/* ---- answering ---- */

void sheet_reply(struct request *rq, struct rows rows)
{
    struct sheet_input *input = request_alloc(rq, sizeof *input);
    rq->ask_err = input ? ERR_NONE : ERR_NOMEM;
    if (input) {
        *input = (struct sheet_input){ rq->route->sheet, rows, rq->sheet };
        ask_work(rq, sheet_make, input);
        rq->sheet_asked = true;
    }
    if (rq->ask_err != ERR_NONE && !rq->stepping) request_failed(rq, rq->ask_err, NULL);
}

static struct str file_name(struct request *rq)
{
    char today[CLOCK_STAMP_SIZE];
    clock_stamp(today, clock_wall_ms() + TOKYO_MS);
    const char *name = arena_printf(&rq->arena, "%s_%.10s.%s", rq->route->sheet->name, today,
                                    rq->sheet == SHEET_XLSX ? "xlsx" : "csv");
    return name ? str_c(name) : STR("todoke");
}

void sheet_finish(struct request *rq)
{
    const struct work *work = answer_work(rq);
    const size_t *replaced = work->result;
    const char *type = rq->sheet == SHEET_XLSX  ? TABLE_XLSX_TYPE
                       : rq->sheet == SHEET_CSV ? "text/csv; charset=utf-8"
                                                : "text/csv; charset=shift_jis";
    if (rq->sheet == SHEET_CSV_CP932) {
        const char *n = arena_printf(&rq->arena, "%zu", *replaced);
        reply_header(rq, "x-todoke-replaced", str_c(n ? n : ""));
    }
    reply_file(rq, type, file_name(rq), buf_view(&work->out));
}

const char *sheet_missing(const struct sheet *sheet, struct rows columns)
{
    for (const struct sheet_column *c = sheet->columns; c->name; c++)
        if (rows_column(columns, c->name) < 0) return c->name;
    return NULL;
}
