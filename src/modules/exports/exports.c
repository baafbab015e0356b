#include "engine/module.h"

#include <stdio.h>

#include "roster/roster.h"

#include "exports.sql.h"

#define DAYS_MAX    31
#define COLUMNS_MAX 60

static const char *const kinds_of_file[] = { "sums", "days", "every_day", NULL };
static const char *const charsets[] = {
    [ROSTER_UTF8] = "utf8", [ROSTER_UTF8_BOM] = "utf8_bom", [ROSTER_CP932] = "cp932", NULL
};
static const char *const separators[] = { "comma", "tab", NULL };

static const struct field any_school[] = {
    { "school_id", FROM_QUERY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の全校のもの" },
    { 0 },
};

// clang-format off
#define COLUMNS                                                                                                \
    { "file", FROM_BODY, ENUM, REQUIRED, .of = kinds_of_file, .help = "子どもごとの集計・出席でない日・すべての授業日" }, \
    { "headings", FROM_BODY, TEXT_LIST, REQUIRED, .max = COLUMNS_MAX, .help = "列の見出し（順に）" },          \
    { "fields", FROM_BODY, TEXT_LIST, REQUIRED, .max = COLUMNS_MAX, .help = "列の内容（順に）。text: のあとは決まった文字" }
#define PERIOD(FROM)                                                                                           \
    { "class_id", FROM, ID, OPTIONAL, .help = "この学級だけ（なければ学校全体）" },                            \
    { "first_day", FROM, DATE, REQUIRED, .help = "最初の日" },                                                 \
    { "last_day", FROM, DATE, REQUIRED, .help = "最後の日（31日まで）" }
// clang-format on

static const struct field new_mapping[] = {
    { "school_id", FROM_BODY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の全校で使う" },
    { "name", FROM_BODY, LINE, REQUIRED, .max = 60, .help = "出力の名前（スズキ校務など）" },
    COLUMNS,
    { "charset", FROM_BODY, ENUM, REQUIRED, .of = charsets, .help = "文字コード" },
    { "separator", FROM_BODY, ENUM, REQUIRED, .of = separators, .help = "区切り" },
    { "with_heading", FROM_BODY, BOOL, OPTIONAL, .help = "見出しの行をつける（なければつける）" },
    { "neutralised", FROM_BODY, BOOL, OPTIONAL,
      .help = "= + - @ で始まる値の前に ' をつける（なければつける）" },
    { 0 },
};

static const struct field one_mapping[] = {
    { "export_mapping_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_EXPORT_MAPPING },
    { 0 },
};

static const struct field mapped_file[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "export_mapping_id", FROM_QUERY, ID, REQUIRED, .help = "どの出力の設定か" },
    PERIOD(FROM_QUERY),
    { 0 },
};

static const struct field looked_at[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    COLUMNS,
    PERIOD(FROM_BODY),
    { 0 },
};

static void period_fits(const struct checked *in, struct field_errors *errors)
{
    int64_t days = date_days(checked_str(in, "last_day")) - date_days(checked_str(in, "first_day")) + 1;
    if (days < 1 || days > DAYS_MAX)
        field_errors_add(errors, STR("last_day"), "range",
                         "最後の日は、最初の日から31日以内の日にしてください。");
}

static void columns_fit(const struct checked *in, struct field_errors *errors)
{
    if (checked_get(in, "headings")->array.n != checked_get(in, "fields")->array.n)
        field_errors_add(errors, STR("headings"), "length", "見出しと内容を、同じ数にしてください。");
}

static void look_fits(const struct checked *in, struct field_errors *errors)
{
    columns_fit(in, errors);
    period_fits(in, errors);
}

/* ---- the file ---- */

static void lines_ask(struct request *rq)
{
    ask(rq, &register_export, NULL, 0);
}

static enum err file_write(struct work *work)
{
    const struct rows *rows = work->input;
    struct roster_lines lines = { .heading = rows_get_text(*rows, 0, "heading"),
                                  .separator =
                                      str_eq(rows_get_text(*rows, 0, "separator"), STR("tab")) ? '\t' : ',',
                                  .neutralised =
                                      rows_bool(*rows, 0, rows_column(*rows, "neutralised"), true) };
    struct str charset = rows_get_text(*rows, 0, "charset");
    for (int i = 0; charsets[i]; i++)
        if (str_eq(charset, str_c(charsets[i]))) lines.encoding = (enum roster_encoding)i;
    lines.at = arena_zalloc(&work->arena, ((size_t)rows->count + 1) * sizeof *lines.at);
    size_t *replaced = arena_zalloc(&work->arena, sizeof *replaced);
    if (!lines.at || !replaced) return ERR_NOMEM;
    for (int i = 0; i < rows->count; i++) {
        lines.at[lines.n] = rows_get_text(*rows, i, "line");
        if (lines.at[lines.n].at) lines.n++;
    }
    work->result = replaced;
    return roster_write_lines(&lines, &work->out, replaced);
}

static void write_ask(struct request *rq)
{
    struct rows rows = answer_rows(rq, 0);
    struct rows *kept = request_alloc(rq, sizeof *kept);
    if (rows.count == 0) {
        reply_problem(rq, "not_found");
    } else if (!kept) {
        reply_problem(rq, "busy");
    } else {
        *kept = rows;
        request_keep(rq, kept);
        ask_work(rq, file_write, kept);
    }
}

static void file_answer(struct request *rq)
{
    const struct rows *rows = request_kept(rq);
    const struct work *work = answer_work(rq);
    bool cp932 = str_eq(rows_get_text(*rows, 0, "charset"), STR("cp932"));
    bool tab = str_eq(rows_get_text(*rows, 0, "separator"), STR("tab"));
    struct str first = checked_str(request_in(rq), "first_day");
    char replaced[24], name[64];
    snprintf(replaced, sizeof replaced, "%zu", *(const size_t *)work->result);
    snprintf(name, sizeof name, "出席簿_%.7s.%s", first.at, tab ? "tsv" : "csv");
    if (cp932) reply_header(rq, "x-todoke-replaced", str_c(replaced));
    reply_file(rq, cp932 ? "text/csv; charset=shift_jis" : "text/csv; charset=utf-8", str_c(name),
               buf_view(&work->out));
}

static step_fn *const exporting[] = { lines_ask, write_ask, file_answer, NULL };

static const struct route routes[] = {
    { GET, "/export-mappings", .may = OFFICE | BOARD, .takes = any_school, .runs = &export_mappings_list,
      .gives = ROWS, .says = "出席簿を出力するときの列の設定" },
    { PUT, "/export-mappings", .may = OFFICE | BOARD, .takes = new_mapping, .check = columns_fit,
      .runs = &export_mapping_put, .gives = ROW, .says = "出力の設定をしまう（同じ名前は置きかえる）" },
    { DELETE, "/export-mappings/{export_mapping_id}", .may = OFFICE | BOARD, .takes = one_mapping,
      .runs = &export_mapping_delete, .gives = NOTHING, .says = "出力の設定を消す" },
    { GET, "/schools/{school_id}/register/export", .may = OFFICE, .takes = mapped_file, .check = period_fits,
      .steps = exporting, .gives = ROW, .flags = SLOW, .says = "設定した列の、出席簿のファイル" },
    { GET, "/schools/{school_id}/register/export/check", .may = OFFICE, .takes = mapped_file,
      .check = period_fits, .runs = &register_export_check, .gives = ROWS, .flags = SLOW,
      .says = "出力するとコードが空になるもの" },
    { POST, "/schools/{school_id}/register/export/preview", .may = OFFICE, .takes = looked_at,
      .check = look_fits, .runs = &register_export_preview, .gives = ROWS, .flags = READS | SLOW,
      .says = "出力の最初の5行" },
    { 0 },
};

const struct module exports_module = {
    .name = "exports",
    .routes = routes,
    .statements = exports_statements,
};
