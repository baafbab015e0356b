#include "files.h"

#include <stdio.h>
#include <string.h>

#include "roster/roster.h"

#include "roster.sql.h"

static const char *const kinds[] = { "oneroster", "csv", NULL };
static const char *const modes[] = { "bulk", "delta", NULL };
static const char *const formats[] = { "oneroster", "csv", "csv_cp932", NULL };
static const char *const encodings[] = {
    [ROSTER_UTF8] = "utf8", [ROSTER_UTF8_BOM] = "utf8_bom", [ROSTER_CP932] = "cp932"
};
static const char *const class_kinds[] = {
    [ROSTER_CLASS_REGULAR] = "regular", [ROSTER_CLASS_SUPPORT] = "support"
};

const struct field roster_uploaded[] = {
    { "school_id", FROM_QUERY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の全校" },
    { "kind", FROM_QUERY, ENUM, REQUIRED, .of = kinds, .help = "ファイルの形式" },
    { "mode", FROM_QUERY, ENUM, OPTIONAL, .of = modes, .help = "CSV: 全員のファイルか、変わった子だけか" },
    { "mapping_id", FROM_QUERY, ID, OPTIONAL, .help = "CSV: 列の対応表（なければ本システムの列）" },
    { "school_year", FROM_QUERY, INT, OPTIONAL, .min = 2000, .max = 2200, .help = "年度（なければ今年度）" },
    { 0 },
};

const struct field roster_exported[] = {
    { "school_id", FROM_QUERY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の全校" },
    { "format", FROM_QUERY, ENUM, OPTIONAL, .of = formats, .help = "なければ OneRoster" },
    { 0 },
};

/* ---- reading, in the thread ---- */

struct upload {
    struct str file;
    bool csv;
    struct roster_mapping mapping;
};

struct parsed {
    enum roster_mode mode;
    enum roster_encoding encoding;
    struct str rows, problems; /* JSON, in the work's out */
};

static void text(struct enc *enc, const char *name, struct str s)
{
    enc_key(enc, name, strlen(name));
    enc_text(enc, s);
}

static void number(struct enc *enc, const char *name, unsigned n)
{
    enc_key(enc, name, strlen(name));
    if (n)
        enc_int(enc, n);
    else
        enc_null(enc);
}

static void row_encode(struct enc *enc, const struct roster_row *row)
{
    const char *kind = class_kinds[row->class_kind];
    enc_map(enc, 15);
    text(enc, "code", row->code);
    text(enc, "school_code", row->school_code);
    text(enc, "class_code", row->class_code);
    text(enc, "class_name", row->class_name);
    text(enc, "exchange_class_code", row->exchange_class_code);
    text(enc, "family_name", row->family_name);
    text(enc, "given_name", row->given_name);
    text(enc, "family_kana", row->family_kana);
    text(enc, "given_kana", row->given_kana);
    text(enc, "class_kind", kind ? str_c(kind) : (struct str){ 0 });
    number(enc, "school_year", row->school_year);
    number(enc, "grade", row->grade);
    number(enc, "number", row->number);
    number(enc, "line", row->line);
    enc_key_lit(enc, "gone");
    enc_bool(enc, row->gone);
    enc_end(enc);
}

static void problem_encode(struct enc *enc, const struct roster_problem *problem)
{
    enc_map(enc, 6);
    text(enc, "file", problem->file.n ? problem->file : (struct str){ 0 });
    number(enc, "line", problem->line);
    number(enc, "column_no", problem->column);
    text(enc, "column_name", problem->column_name);
    text(enc, "code", str_c(problem->code));
    text(enc, "says", problem->text);
    enc_end(enc);
}

/* The rows go to the database as one JSON text: it is made here, where it holds up nobody. */
static enum err parsed_make(struct work *work, const struct roster *roster)
{
    struct parsed *parsed = arena_zalloc(&work->arena, sizeof *parsed);
    struct enc enc;
    if (!parsed) return ERR_NOMEM;
    parsed->mode = roster->mode;
    parsed->encoding = roster->encoding;
    enc_json(&enc, &work->out);
    enc_array(&enc, roster->n_rows);
    for (size_t i = 0; i < roster->n_rows; i++) row_encode(&enc, &roster->rows[i]);
    enc_end(&enc);
    size_t n = buf_view(&work->out).n;
    enc_json(&enc, &work->out);
    enc_array(&enc, roster->n_problems);
    for (size_t i = 0; i < roster->n_problems; i++) problem_encode(&enc, &roster->problems[i]);
    enc_end(&enc);
    if (work->out.failed) return ERR_NOMEM;
    struct str all = buf_view(&work->out);
    parsed->rows = str_of(all.at, n);
    parsed->problems = str_of(all.at + n, all.n - n);
    work->result = parsed;
    return ERR_NONE;
}

static enum err file_read(struct work *work)
{
    const struct upload *upload = work->input;
    struct arena arena;
    struct roster roster = { 0 };
    arena_init(&arena, 0);
    enum err err = upload->csv ? roster_read_csv(&arena, upload->file, &upload->mapping, &roster)
                               : roster_read_oneroster(&arena, upload->file, &roster);
    if (err == ERR_NONE) err = parsed_make(work, &roster);
    arena_done(&arena);
    return err;
}

/* ---- the steps of an upload ---- */

static bool refused(struct rows rows)
{
    return rows.count == 0 || !rows_is_null(rows, 0, rows_column(rows, "outcome"));
}

static void facts_ask(struct request *rq)
{
    ask(rq, &roster_upload_facts, NULL, 0);
}

static void mapping_fill(struct rows facts, bool saved, struct roster_mapping *mapping)
{
    bool by_place = rows_get_bool(facts, 0, "by_place", false);
    if (!saved) roster_mapping_own(mapping);
    for (int i = 0; saved && i < ROSTER_FIELDS; i++) {
        struct str heading = rows_get_text(facts, 0, roster_field_names[i]);
        int64_t at = 0;
        if (!heading.at) continue;
        if (by_place && str_to_i64(heading, &at) && at > 0 && at < 10000)
            mapping->columns[i].at = (unsigned)at;
        else
            mapping->columns[i].heading = heading;
    }
    mapping->school_code = rows_get_text(facts, 0, "own_code");
    mapping->school_year = (unsigned)rows_get_i64(facts, 0, "year", 0);
}

static void file_ask(struct request *rq)
{
    const struct checked *in = request_in(rq);
    struct rows facts = answer_rows(rq, 0);
    struct upload *upload = request_alloc(rq, sizeof *upload);
    if (refused(facts)) {
        reply_rows(rq, facts, ROW);
        return;
    }
    if (!upload) {
        reply_problem(rq, "busy");
        return;
    }
    upload->file = request_body(rq);
    upload->csv = str_eq(checked_str(in, "kind"), STR("csv"));
    mapping_fill(facts, checked_has(in, "mapping_id"), &upload->mapping);
    ask_work(rq, file_read, upload);
}

static void stage_ask(struct request *rq)
{
    const struct checked *in = request_in(rq);
    const struct parsed *parsed = answer_work(rq)->result;
    struct str mode = checked_str(in, "mode");
    if (!mode.at || !str_eq(checked_str(in, "kind"), STR("csv"))) mode = str_c(modes[parsed->mode]);
    const struct value none = { .kind = VALUE_NULL };
    const struct value *year = checked_get(in, "school_year");
    const struct extra extra[] = { { "mode", value_str(mode) },
                                   { "encoding", value_str(str_c(encodings[parsed->encoding])) },
                                   { "year", year ? *year : none },
                                   { "rows", value_str(parsed->rows) },
                                   { "problems", value_str(parsed->problems) } };
    ask(rq, &roster_file_stage, extra, sizeof extra / sizeof *extra);
}

static void import_ask(struct request *rq)
{
    struct rows staged = answer_rows(rq, 0);
    struct extra id = { "import_id", value_int(rows_get_i64(staged, 0, "import_id", 0)) };
    if (refused(staged))
        reply_rows(rq, staged, ROW);
    else
        ask(rq, &roster_import_get, &id, 1);
}

static void import_answer(struct request *rq)
{
    reply_rows(rq, answer_rows(rq, 0), NEW_ROW);
}

step_fn *const roster_uploading[] = { facts_ask, file_ask, stage_ask, import_ask, import_answer, NULL };

/* ---- writing, in the thread ---- */

struct download {
    struct rows rows;
    struct str format, made;
};

static void row_fill(struct rows rows, int i, bool needs_code, struct roster_row *row)
{
    *row = (struct roster_row){
        .code = rows_get_text(rows, i, "code"),
        .school_code = rows_get_text(rows, i, "school_code"),
        .class_code = rows_get_text(rows, i, "class_code"),
        .class_name = rows_get_text(rows, i, "class_name"),
        .exchange_class_code = rows_get_text(rows, i, "exchange_class_code"),
        .family_name = rows_get_text(rows, i, "family_name"),
        .given_name = rows_get_text(rows, i, "given_name"),
        .family_kana = rows_get_text(rows, i, "family_kana"),
        .given_kana = rows_get_text(rows, i, "given_kana"),
        .class_kind = str_eq(rows_get_text(rows, i, "class_kind"), STR("support")) ? ROSTER_CLASS_SUPPORT
                                                                                   : ROSTER_CLASS_REGULAR,
        .school_year = (unsigned)rows_get_i64(rows, i, "school_year", 0),
        .grade = (unsigned short)rows_get_i64(rows, i, "grade", 0),
        .number = (unsigned short)rows_get_i64(rows, i, "number", 0),
    };
    if (needs_code && !row->code.at) row->code = rows_get_text(rows, i, "own_code");
}

static enum err schools_fill(struct work *work, struct rows rows, struct roster *roster)
{
    struct str last = { 0 };
    roster->schools = arena_zalloc(&work->arena, ((size_t)rows.count + 1) * sizeof *roster->schools);
    if (!roster->schools) return ERR_NOMEM;
    for (int i = 0; i < rows.count; i++) {
        struct str code = rows_get_text(rows, i, "school_code");
        if (last.at && str_eq(code, last)) continue;
        last = code;
        roster->schools[roster->n_schools++] =
            (struct roster_school){ code, rows_get_text(rows, i, "school_name") };
    }
    return ERR_NONE;
}

static enum err file_write(struct work *work)
{
    const struct download *download = work->input;
    bool zip = str_eq(download->format, STR("oneroster"));
    int n = download->rows.count;
    struct roster roster = { .rows = arena_zalloc(&work->arena, ((size_t)n + 1) * sizeof *roster.rows) };
    size_t *replaced = arena_zalloc(&work->arena, sizeof *replaced);
    if (!roster.rows || !replaced) return ERR_NOMEM;
    for (int i = 0; i < n; i++) row_fill(download->rows, i, zip, &roster.rows[roster.n_rows++]);
    if (schools_fill(work, download->rows, &roster) != ERR_NONE) return ERR_NOMEM;
    work->result = replaced;
    if (zip) return roster_write_oneroster(&roster, download->made, &work->out);
    bool cp932 = str_eq(download->format, STR("csv_cp932"));
    return roster_write_csv(&roster, cp932 ? ROSTER_CP932 : ROSTER_UTF8_BOM, &work->out, replaced);
}

static void roster_ask(struct request *rq)
{
    ask(rq, &roster_export, NULL, 0);
}

static void write_ask(struct request *rq)
{
    struct rows rows = answer_rows(rq, 0);
    struct download *download = request_alloc(rq, sizeof *download);
    struct str format = checked_str(request_in(rq), "format");
    if (refused(rows)) {
        reply_rows(rq, rows, ROW);
        return;
    }
    if (!download) {
        reply_problem(rq, "busy");
        return;
    }
    *download =
        (struct download){ rows, format.at ? format : STR("oneroster"), rows_get_text(rows, 0, "made") };
    ask_work(rq, file_write, download);
}

static void file_answer(struct request *rq)
{
    struct str format = checked_str(request_in(rq), "format");
    const struct work *work = answer_work(rq);
    bool zip = !format.at || str_eq(format, STR("oneroster"));
    bool cp932 = !zip && str_eq(format, STR("csv_cp932"));
    const char *type = zip     ? "application/zip"
                       : cp932 ? "text/csv; charset=shift_jis"
                               : "text/csv; charset=utf-8";
    char replaced[24];
    snprintf(replaced, sizeof replaced, "%zu", *(const size_t *)work->result);
    if (cp932) reply_header(rq, "x-todoke-replaced", str_c(replaced));
    reply_file(rq, type, zip ? STR("名簿.zip") : STR("名簿.csv"), buf_view(&work->out));
}

step_fn *const roster_exporting[] = { roster_ask, write_ask, file_answer, NULL };
