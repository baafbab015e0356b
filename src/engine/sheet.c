#include "engine/sheet.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "codec/dec.h"
#include "codec/table.h"
#include "db/pgtype.h"
#include "engine/reply.h"
#include "engine/spool.h"

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

struct sheet_maker {
    struct arena *arena;
    struct rows rows; /* one */
    struct buf text;  /* of the cell in hand */
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
static struct str plain_text(struct sheet_maker *m, int column)
{
    struct enc e;
    buf_reset(&m->text);
    enc_json(&e, &m->text);
    rows_encode_cell(m->rows, 0, column, &e);
    m->failed |= m->text.failed;
    struct str s = buf_view(&m->text);
    return s.n >= 2 && *s.at == '"' ? str_of(s.at + 1, s.n - 2) : s;
}

/* "2026-04-01T08:15:00+09:00": the city's time, as spreadsheets know it. */
static struct str moment_text(struct sheet_maker *m, int column)
{
    struct str s = plain_text(m, column);
    char *copy = s.n >= 16 ? arena_str(m->arena, str_of(s.at, 16)) : NULL;
    if (!copy) return keep(m, s);
    copy[10] = ' ';
    return str_of(copy, 16);
}

static struct str list_text(struct sheet_maker *m, const struct sheet_word *words, int column)
{
    struct value list;
    struct str s = plain_text(m, column);
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

static struct table_cell cell_of(struct sheet_maker *m, const struct sheet_word *words, int column)
{
    uint32_t type = rows_type(m->rows, column);
    if (rows_is_null(m->rows, 0, column)) return (struct table_cell){ 0 };
    if (pgtype_element(type)) return (struct table_cell){ .text = list_text(m, words, column) };
    switch (type) {
    case PG_INT2:
    case PG_INT4:
    case PG_INT8: return (struct table_cell){ .is_number = true, .number = rows_i64(m->rows, 0, column, 0) };
    case PG_BOOL:
        return (struct table_cell){ .text = rows_bool(m->rows, 0, column, false) ? STR("○") : STR("") };
    case PG_TIMESTAMPTZ: return (struct table_cell){ .text = moment_text(m, column) };
    default: break;
    }
    struct str text = rows_text(m->rows, 0, column);
    return (struct table_cell){ .text = keep(m, text.at ? words_text(words, text) : plain_text(m, column)) };
}

/* ---- the file ---- */

/* Its rows come in portions. While a thread writes one, the next is filled; when both are full the database
 * waits. Two of the three are in the request's memory, and the third, the file, has no name.
 *
 *   batch: filling -> full -> given to the thread -> cleared -> filling ...
 *   committed, and the last portion written -> the file is sent (spool.h)                                 */
struct export
{
    struct request *rq;
    const struct sheet *sheet;
    struct work_job job;
    struct portion portions[2];
    unsigned filling; /* the other one is the thread's */
    bool seen;        /* the first row was looked at: it may be a refusal */
    bool full;        /* the thread has not yet come to it */
    bool complete;    /* committed */
    bool last;        /* the thread has the last portion */
    bool sent;        /* the descriptor is the answer's */

    struct str *headings;
    int *columns; /* of the rows; -1: none */
    size_t n_columns;
    struct table_cell *cells; /* of one row */
    struct table_note *notes; /* with room for the number of rows */
    size_t n_notes;
    struct table_writer *writer;
    int fd;
};

static enum err file_begin(struct export *ex)
{
    static const enum table_format formats[] = {
        [SHEET_CSV] = TABLE_CSV, [SHEET_CSV_CP932] = TABLE_CSV_CP932, [SHEET_XLSX] = TABLE_XLSX
    };
    ex->fd = spool_open();
    if (ex->fd < 0) return ERR_IO;
    return table_begin(formats[ex->rq->sheet], str_c(ex->sheet->name), ex->headings, ex->n_columns, ex->fd,
                       spool_folder(), &ex->writer);
}

static enum err file_row(struct export *ex, struct sheet_maker *m)
{
    for (size_t i = 0; i < ex->n_columns; i++)
        ex->cells[i] = ex->columns[i] < 0 ? (struct table_cell){ 0 }
                                          : cell_of(m, ex->sheet->columns[i].words, ex->columns[i]);
    return m->failed ? ERR_NOMEM : table_row(ex->writer, ex->cells);
}

static enum err file_end(struct export *ex, struct arena *arena)
{
    size_t n = ex->n_notes;
    if (n) {
        const char *count = arena_printf(arena, "%zu", table_rows(ex->writer));
        if (!count) return ERR_NOMEM;
        ex->notes[n++] = (struct table_note){ STR("件数"), str_c(count) };
    }
    return table_end(ex->writer, ex->notes, n);
}

/* A thread's. */
static enum err export_write(struct work *work)
{
    struct export *ex = *(struct export *const *)work->input;
    struct portion *portion = &ex->portions[!ex->filling];
    struct sheet_maker m = { .arena = &work->arena };
    enum err err = ex->writer ? ERR_NONE : file_begin(ex);
    for (unsigned i = 0; i < portion->n && err == ERR_NONE; i++) {
        m.rows = rows_of(portion->at[i]);
        err = file_row(ex, &m);
        arena_reset(&work->arena);
    }
    portion_clear(portion);
    buf_done(&m.text);
    return err == ERR_NONE && ex->last ? file_end(ex, &work->arena) : err;
}

/* ---- on the loop ---- */

static struct str file_name(struct request *rq)
{
    char today[CLOCK_STAMP_SIZE];
    clock_stamp(today, clock_wall_ms() + TOKYO_MS);
    const char *name = arena_printf(&rq->arena, "%s_%.10s.%s", rq->route->sheet->name, today,
                                    rq->sheet == SHEET_XLSX ? "xlsx" : "csv");
    return name ? str_c(name) : STR("todoke");
}

static void export_answer(struct export *ex)
{
    struct request *rq = ex->rq;
    const char *type = rq->sheet == SHEET_XLSX  ? TABLE_XLSX_TYPE
                       : rq->sheet == SHEET_CSV ? "text/csv; charset=utf-8"
                                                : "text/csv; charset=shift_jis";
    if (rq->sheet == SHEET_CSV_CP932) {
        const char *n = arena_printf(&rq->arena, "%zu", table_replaced(ex->writer));
        reply_header(rq, "x-todoke-replaced", str_c(n ? n : ""));
    }
    ex->sent = true;
    spool_reply(rq, type, file_name(rq), ex->fd, &rq->engine->exports);
}

static void export_failed(struct export *ex, enum err err)
{
    if (err == ERR_IO) {
        log_error("export.failed", LOG_S("route", ex->rq->route->path));
        reply_problem(ex->rq, "storage");
    } else if (err == ERR_TOO_BIG) {
        reply_problem(ex->rq, "too_many_rows");
    } else {
        request_failed(ex->rq, err, NULL);
    }
}

static void export_give(struct export *ex);

static void export_written(struct work_job *job)
{
    struct export *ex = container_of(job, struct export, job);
    struct request *rq = ex->rq;
    rq->working = false;
    work_done(&job->work);
    if (rq->gone)
        request_memory_free(rq);
    else if (job->err != ERR_NONE)
        export_failed(ex, job->err);
    else if (ex->last)
        export_answer(ex);
    else if (ex->full || ex->complete)
        export_give(ex);
}

/* The portion that was filled goes to the thread, the other one is filled. */
static void export_give(struct export *ex)
{
    struct request *rq = ex->rq;
    ex->filling = !ex->filling;
    ex->full = false;
    ex->last = ex->complete;
    ex->job.work.result = ex;
    ex->job.work.input = &ex->job.work.result;
    rq->working = true;
    work_continue(&rq->engine->work, &ex->job); /* EXPORTS_MAX bounds them */
    if (!ex->complete) batch_go_on(&rq->batch, &ex->portions[ex->filling]);
}

static bool notes_take(struct export *ex, struct rows about)
{
    struct arena *arena = &ex->rq->arena;
    ex->notes = arena_array(arena, (size_t)about.count + 1, sizeof *ex->notes);
    for (int i = 0; ex->notes && i < about.count; i++) {
        struct str label = arena_dup(arena, rows_get_text(about, i, "label"));
        struct str text = arena_dup(arena, rows_get_text(about, i, "text"));
        if (!label.at || !text.at) return false;
        ex->notes[ex->n_notes++] = (struct table_note){ label, text };
    }
    return ex->notes != NULL;
}

/* The first rows. False: answered. */
static bool export_look(struct export *ex)
{
    struct request *rq = ex->rq;
    const struct portion *portion = &ex->portions[ex->filling];
    if (ex->seen) return true;
    ex->seen = true;
    struct rows first = portion->n ? rows_of(portion->at[0]) : rows_none();
    if (reply_if_refused(rq, first)) return false;
    for (size_t i = 0; i < ex->n_columns; i++)
        ex->columns[i] = rows_column(first, ex->sheet->columns[i].name);
    if (!ex->sheet->about || notes_take(ex, batch_rows(&rq->batch, 0))) return true;
    request_failed(rq, ERR_NOMEM, NULL);
    return false;
}

static void export_on_portion(struct batch *batch, void *data)
{
    struct export *ex = data;
    (void)batch;
    if (!export_look(ex)) return;
    ex->full = true;
    if (!ex->rq->working) export_give(ex);
}

static void export_on_done(struct batch *batch, void *data)
{
    struct export *ex = data;
    struct request *rq = ex->rq;
    if (batch->err != ERR_NONE) {
        rq->reruns = REQUEST_RERUNS; /* rows may be in the file */
        request_failed(rq, batch->err, &batch->error);
        return;
    }
    if (!export_look(ex)) return;
    ex->complete = true;
    if (!rq->working) export_give(ex);
}

static struct export *export_new(struct request *rq)
{
    struct export *ex = request_alloc(rq, sizeof *ex);
    if (!ex) return NULL;
    ex->rq = rq;
    ex->sheet = rq->route->sheet;
    ex->fd = -1;
    ex->job.run = export_write;
    ex->job.done = export_written;
    while (ex->sheet->columns[ex->n_columns].name) ex->n_columns++;
    ex->headings = arena_array(&rq->arena, ex->n_columns, sizeof *ex->headings);
    ex->columns = arena_array(&rq->arena, ex->n_columns, sizeof *ex->columns);
    ex->cells = arena_array(&rq->arena, ex->n_columns, sizeof *ex->cells);
    if (!ex->headings || !ex->columns || !ex->cells) return NULL;
    for (size_t i = 0; i < ex->n_columns; i++) {
        ex->headings[i] = str_c(ex->sheet->columns[i].heading);
        ex->columns[i] = -1;
    }
    return ex;
}

static enum err export_ask(struct request *rq)
{
    struct args args;
    const struct route *route = rq->route;
    request_args(rq, &args);
    batch_init(&rq->batch, rq->engine->options.db, &rq->arena, DB_EXPORT, rq->session.schools, EXPORT_MS);
    rq->batch_used = true;
    enum err err = route->sheet->about ? batch_add(&rq->batch, route->sheet->about, &args, NULL) : ERR_NONE;
    if (err == ERR_NONE) err = batch_add(&rq->batch, route->runs, &args, NULL);
    if (err != ERR_NONE) return err;
    return batch_send_portions(&rq->batch, rq->export->portions, export_on_portion, export_on_done,
                               rq->export);
}

/* How long a file takes says nothing about the crowd at the door. */
static void door_forget(struct request *rq)
{
    if (rq->entered_ns) door_leave(&rq->engine->admit.door, rq->entered_ns, clock_now_ns(), false);
    rq->entered_ns = 0;
}

void export_begin(struct request *rq)
{
    door_forget(rq);
    if (rq->engine->exports >= EXPORTS_MAX) {
        reply_problem(rq, "busy");
        return;
    }
    struct export *ex = export_new(rq);
    if (!ex) {
        request_failed(rq, ERR_NOMEM, NULL);
        return;
    }
    rq->export = ex;
    rq->engine->exports++;
    enum err err = export_ask(rq);
    if (err != ERR_NONE) request_failed(rq, err, NULL);
}

bool export_cancel(struct export *ex)
{
    if (!work_cancel(&ex->job)) return false;
    work_done(&ex->job.work);
    return true;
}

void export_free(struct export *ex)
{
    if (!ex) return;
    portion_clear(&ex->portions[0]);
    portion_clear(&ex->portions[1]);
    table_free(ex->writer);
    if (ex->sent) return;
    if (ex->fd >= 0) close(ex->fd);
    ex->rq->engine->exports--;
}

const char *sheet_missing(const struct sheet *sheet, struct rows columns)
{
    for (const struct sheet_column *c = sheet->columns; c->name; c++)
        if (rows_column(columns, c->name) < 0) return c->name;
    return NULL;
}
