#include "files.h"

#include <string.h>

#include "roster/roster.h"

#include "calendar.sql.h"

static const char *const encodings[] = {
    [ROSTER_UTF8] = "utf8", [ROSTER_UTF8_BOM] = "utf8_bom", [ROSTER_CP932] = "cp932"
};

// clang-format off
#define UPLOAD                                                                                                 \
    { "school_id", FROM_QUERY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の年間行事" },        \
    { "year", FROM_QUERY, INT, REQUIRED, .min = 2000, .max = 2200, .help = "年度" },                           \
    { "removes", FROM_QUERY, BOOL, OPTIONAL, .help = "この年度の、ファイルにない予定を消す" }
// clang-format on

const struct field calendar_checked[] = { UPLOAD, { 0 } };
const struct field calendar_taken[] = {
    UPLOAD,
    { "plan", FROM_QUERY, LINE, REQUIRED, .max = 32, .help = "確かめた変更（check の plan）" },
    { 0 },
};

/* ---- reading, in the thread ---- */

struct upload {
    struct str file;
    unsigned year;
    bool city;
};

struct parsed {
    struct str lines, problems; /* JSON, in the work's out */
    enum roster_encoding encoding;
    bool wrong;
};

static void text(struct enc *enc, const char *name, struct str s)
{
    enc_key(enc, name, strlen(name));
    enc_text(enc, s);
}

static void line_encode(struct enc *enc, const struct roster_calendar_line *line)
{
    enc_map(enc, 7);
    text(enc, "first_day", line->first_day);
    text(enc, "last_day", line->last_day);
    text(enc, "kind", str_c(line->kind));
    text(enc, "school_kind", line->school_kind ? str_c(line->school_kind) : (struct str){ 0 });
    text(enc, "label", line->label);
    enc_key_lit(enc, "line");
    enc_int(enc, line->line);
    enc_key_lit(enc, "grades");
    if (line->grades == 0) {
        enc_null(enc);
    } else {
        size_t n = 0;
        for (unsigned g = 1; g <= 9; g++) n += line->grades >> g & 1;
        enc_array(enc, n);
        for (unsigned g = 1; g <= 9; g++)
            if (line->grades >> g & 1) enc_int(enc, g);
        enc_end(enc);
    }
    enc_end(enc);
}

static void number(struct enc *enc, const char *name, unsigned n)
{
    enc_key(enc, name, strlen(name));
    if (n)
        enc_int(enc, n);
    else
        enc_null(enc);
}

static void problem_encode(struct enc *enc, const struct roster_problem *problem)
{
    enc_map(enc, 5);
    number(enc, "line", problem->line);
    number(enc, "column_no", problem->column);
    text(enc, "column_name", problem->column_name);
    text(enc, "code", str_c(problem->code));
    text(enc, "text", problem->text);
    enc_end(enc);
}

static enum err parsed_make(struct work *work, const struct roster_calendar *calendar)
{
    struct parsed *parsed = arena_zalloc(&work->arena, sizeof *parsed);
    struct enc enc;
    if (!parsed) return ERR_NOMEM;
    enc_json(&enc, &work->out);
    enc_array(&enc, calendar->n_lines);
    for (size_t i = 0; i < calendar->n_lines; i++) line_encode(&enc, &calendar->lines[i]);
    enc_end(&enc);
    size_t n = buf_view(&work->out).n;
    enc_json(&enc, &work->out);
    enc_array(&enc, calendar->n_problems);
    for (size_t i = 0; i < calendar->n_problems; i++) problem_encode(&enc, &calendar->problems[i]);
    enc_end(&enc);
    if (work->out.failed) return ERR_NOMEM;
    struct str all = buf_view(&work->out);
    *parsed = (struct parsed){ str_of(all.at, n), str_of(all.at + n, all.n - n), calendar->encoding,
                               calendar->n_problems > 0 };
    work->result = parsed;
    return ERR_NONE;
}

static enum err file_read(struct work *work)
{
    const struct upload *upload = work->input;
    struct arena arena;
    struct roster_calendar calendar = { 0 };
    arena_init(&arena, 0);
    enum err err = roster_read_calendar(&arena, upload->file, upload->year, upload->city, &calendar);
    if (err == ERR_NONE) err = parsed_make(work, &calendar);
    arena_done(&arena);
    return err;
}

/* ---- the steps ---- */

static void may_ask(struct request *rq)
{
    ask(rq, &calendar_import_may, NULL, 0);
}

static void file_ask(struct request *rq)
{
    const struct checked *in = request_in(rq);
    struct upload *upload = request_alloc(rq, sizeof *upload);
    if (answer_rows(rq, 0).count == 0) {
        reply_problem(rq, "not_found");
        return;
    }
    if (!upload) {
        reply_problem(rq, "busy");
        return;
    }
    *upload = (struct upload){ request_body(rq), (unsigned)checked_int(in, "year", 0),
                               !checked_has(in, "school_id") };
    ask_work(rq, file_read, upload);
}

static void check_ask(struct request *rq)
{
    const struct parsed *parsed = answer_work(rq)->result;
    const struct extra extra[] = { { "lines", value_str(parsed->lines) },
                                   { "problems", value_str(parsed->problems) },
                                   { "encoding", value_str(str_c(encodings[parsed->encoding])) } };
    ask(rq, &calendar_check, extra, sizeof extra / sizeof *extra);
}

static void take_ask(struct request *rq)
{
    const struct parsed *parsed = answer_work(rq)->result;
    const struct extra lines = { "lines", value_str(parsed->lines) };
    if (parsed->wrong)
        reply_problem(rq, "has_problems");
    else
        ask(rq, &calendar_import, &lines, 1);
}

static void answer(struct request *rq)
{
    reply_rows(rq, answer_rows(rq, 0), ROW);
}

step_fn *const calendar_checking[] = { may_ask, file_ask, check_ask, answer, NULL };
step_fn *const calendar_taking[] = { may_ask, file_ask, take_ask, answer, NULL };
