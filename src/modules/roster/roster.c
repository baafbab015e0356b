#include "engine/module.h"

#include "files.h"
#include "roster.sql.h"

static const struct field any_school[] = {
    { "school_id", FROM_QUERY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "この学校だけ" },
    { 0 },
};

static const struct field one_import[] = {
    { "import_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_IMPORT },
    { 0 },
};

static const struct field changes_of[] = {
    { "import_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_IMPORT },
    { "kind", FROM_QUERY, LINE, OPTIONAL, .max = 30, .help = "この種類の変更だけ" },
    { "school_id", FROM_QUERY, ID, OPTIONAL, .help = "この学校だけ" },
    { "after", FROM_QUERY, ID, OPTIONAL, .help = "ここまでは見た（最後の行の id）" },
    { 0 },
};

static const struct field problems_of[] = {
    { "import_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_IMPORT },
    { "after", FROM_QUERY, ID, OPTIONAL, .help = "ここまでは見た（最後の行の id）" },
    { 0 },
};

static const struct field confirmed[] = {
    { "import_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_IMPORT },
    { "missing", FROM_BODY, BOOL, OPTIONAL, .help = "消失した児童生徒を転出にする" },
    { "left_on", FROM_BODY, DATE, OPTIONAL, .help = "転出の日（なければきょう）" },
    { "problems", FROM_BODY, BOOL, OPTIONAL, .help = "問題のある行を除いて取り込む" },
    { 0 },
};

static const struct field new_rollover[] = {
    { "on_day", FROM_BODY, DATE, OPTIONAL, .help = "更新する日（なければ4月1日）" },
    { "read_days", FROM_BODY, INT, OPTIONAL, .max = 366, .help = "卒業した子の保護者が読める日数" },
    { 0 },
};

static const struct field scheduled[] = {
    { "import_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_IMPORT },
    { "on_day", FROM_BODY, DATE, REQUIRED, .help = "この日の0時5分に更新する" },
    { 0 },
};

static const struct field places_of[] = {
    { "import_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_IMPORT },
    { "school_id", FROM_QUERY, ID, OPTIONAL, .help = "次の年度の学校" },
    { "from_school_id", FROM_QUERY, ID, OPTIONAL, .help = "いまの学校" },
    { "undecided", FROM_QUERY, BOOL, OPTIONAL, .help = "未定の児童生徒だけ" },
    { 0 },
};

static const struct field classes_of[] = {
    { "import_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_IMPORT },
    { "school_id", FROM_QUERY, ID, REQUIRED, .help = "次の年度の学校" },
    { 0 },
};

static const char *const class_kinds[] = { "regular", "support", NULL };

static const struct field corrected_place[] = {
    { "import_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_IMPORT },
    { "student_id", FROM_BODY, ID, REQUIRED, .help = "だれの次の年度か" },
    { "leaves", FROM_BODY, BOOL, OPTIONAL, .help = "市の学校には進まない" },
    { "school_id", FROM_BODY, ID, OPTIONAL, .help = "次の学校" },
    { "grade", FROM_BODY, INT, OPTIONAL, .min = 1, .max = 9, .help = "次の学年" },
    { "class_name", FROM_BODY, LINE, OPTIONAL, .max = 30, .help = "次の学級" },
    { "class_kind", FROM_BODY, ENUM, OPTIONAL, .of = class_kinds, .help = "通常の学級か支援学級か" },
    { "number", FROM_BODY, INT, OPTIONAL, .min = 1, .max = 999, .help = "出席番号（なければ空いた番号）" },
    { 0 },
};

static const struct field cleared_place[] = {
    { "import_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_IMPORT },
    { "student_id", FROM_BODY, ID, REQUIRED, .help = "だれの訂正を消すか" },
    { 0 },
};

static const struct field next_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "next_school_id", FROM_BODY, ID, OPTIONAL, .help = "進学先の中学校（なければ未定）" },
    { 0 },
};

#define COLUMN(field, text)                                                                                  \
    {                                                                                                        \
        field, FROM_BODY, LINE, OPTIONAL, .max = 100, .help = text                                           \
    }

static const struct field new_mapping[] = {
    { "school_id", FROM_BODY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の全校で使う" },
    { "name", FROM_BODY, LINE, REQUIRED, .max = 60, .help = "対応表の名前" },
    { "by_place", FROM_BODY, BOOL, OPTIONAL, .help = "見出しではなく、列の番号で指す" },
    COLUMN("code", "児童生徒コードの列"),
    COLUMN("school_code", "学校コードの列"),
    COLUMN("school_year_column", "年度の列"),
    COLUMN("grade", "学年の列"),
    COLUMN("class_code", "学級コードの列"),
    COLUMN("class_name", "学級の列"),
    COLUMN("class_kind", "学級の種類の列"),
    COLUMN("number", "出席番号の列"),
    COLUMN("family_name", "姓の列"),
    COLUMN("given_name", "名の列"),
    COLUMN("family_kana", "姓のよみがなの列"),
    COLUMN("given_kana", "名のよみがなの列"),
    COLUMN("full_name", "氏名の列（姓と名のあいだに空白）"),
    COLUMN("full_kana", "氏名のよみがなの列"),
    COLUMN("exchange_class_code", "交流学級の列"),
    COLUMN("gone", "転出の列"),
    { 0 },
};

static const struct field one_mapping[] = {
    { "mapping_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_MAPPING },
    { 0 },
};

/* ---- what is done to an import: its function first, then the import as it is now, in one transaction ----
 */

static void ask_import(struct request *rq, const struct statement *what)
{
    ask(rq, what, NULL, 0);
    ask(rq, &roster_import_get, NULL, 0);
}

static void plan(struct request *rq)
{
    ask_import(rq, &roster_import_plan);
}

static void apply(struct request *rq)
{
    ask_import(rq, &roster_import_apply);
}

static void undo(struct request *rq)
{
    ask_import(rq, &roster_import_undo);
}

static void discard(struct request *rq)
{
    ask_import(rq, &roster_import_discard);
}

static void schedule(struct request *rq)
{
    ask_import(rq, &roster_rollover_schedule);
}

static void unschedule(struct request *rq)
{
    ask_import(rq, &roster_rollover_unschedule);
}

static bool refused(struct rows rows)
{
    return rows.count == 0 || !rows_is_null(rows, 0, rows_column(rows, "outcome"));
}

static void import_as_it_is(struct request *rq)
{
    struct rows done = answer_rows(rq, 0);
    reply_rows(rq, refused(done) ? done : answer_rows(rq, 1), ROW);
}

static void rollover_make(struct request *rq)
{
    ask(rq, &roster_rollover_make, NULL, 0);
}

static void rollover_made(struct request *rq)
{
    struct rows made = answer_rows(rq, 0);
    struct extra id = { "import_id", value_int(rows_get_i64(made, 0, "import_id", 0)) };
    if (refused(made))
        reply_rows(rq, made, ROW);
    else
        ask(rq, &roster_import_get, &id, 1);
}

static void import_made(struct request *rq)
{
    reply_rows(rq, answer_rows(rq, 0), NEW_ROW);
}

static step_fn *const planning[] = { plan, import_as_it_is, NULL };
static step_fn *const applying[] = { apply, import_as_it_is, NULL };
static step_fn *const undoing[] = { undo, import_as_it_is, NULL };
static step_fn *const discarding[] = { discard, import_as_it_is, NULL };
static step_fn *const scheduling[] = { schedule, import_as_it_is, NULL };
static step_fn *const unscheduling[] = { unschedule, import_as_it_is, NULL };
static step_fn *const rolling[] = { rollover_make, rollover_made, import_made, NULL };

static const struct route routes[] = {
    { POST, "/roster/imports", .may = OFFICE | BOARD, .takes = roster_uploaded, .steps = roster_uploading,
      .gives = NEW_ROW, .flags = RAW_BODY | NEEDS_KEY | SLOW, .max_body = UPLOAD_MAX,
      .says = "名簿のファイルを調べる（まだ取り込まない）", .answers = &roster_import_get },
    { GET, "/roster/export", .may = OFFICE | BOARD, .takes = roster_exported, .steps = roster_exporting,
      .gives = ROW, .flags = SLOW, .says = "名簿のファイル（OneRoster、CSV）" },
    { GET, "/roster/imports", .may = OFFICE | BOARD, .takes = any_school, .runs = &roster_imports_list,
      .gives = ROWS, .says = "名簿の取り込みの一覧" },
    { GET, "/roster/imports/{import_id}", .may = OFFICE | BOARD, .takes = one_import,
      .runs = &roster_import_get, .gives = ROW, .says = "取り込みひとつ" },
    { GET, "/roster/imports/{import_id}/summary", .may = OFFICE | BOARD, .takes = one_import,
      .runs = &roster_import_summary, .gives = ROWS, .says = "学校と種類ごとの変更の数" },
    { GET, "/roster/imports/{import_id}/changes", .may = OFFICE | BOARD, .takes = changes_of,
      .runs = &roster_import_changes, .gives = ROWS, .says = "変わる児童生徒と学級、前と後" },
    { GET, "/roster/imports/{import_id}/problems", .may = OFFICE | BOARD, .takes = problems_of,
      .runs = &roster_import_problems, .gives = ROWS, .says = "ファイルの問題、行と列" },
    { POST, "/roster/imports/{import_id}/plan", .may = OFFICE | BOARD, .takes = one_import, .steps = planning,
      .gives = ROW, .flags = SLOW, .says = "いまの名簿と比べなおす", .answers = &roster_import_get },
    { POST, "/roster/imports/{import_id}/apply", .may = OFFICE | BOARD, .takes = confirmed, .steps = applying,
      .gives = ROW, .flags = SLOW, .says = "確認した変更を名簿に取り込む", .answers = &roster_import_get },
    { POST, "/roster/imports/{import_id}/undo", .may = OFFICE | BOARD, .takes = one_import, .steps = undoing,
      .gives = ROW, .flags = SLOW, .says = "取り込みを取り消して元に戻す", .answers = &roster_import_get },
    { POST, "/roster/imports/{import_id}/discard", .may = OFFICE | BOARD, .takes = one_import,
      .steps = discarding, .gives = ROW, .flags = SLOW, .says = "取り込まずに捨てる",
      .answers = &roster_import_get },
    { POST, "/roster/rollovers", .may = BOARD, .takes = new_rollover, .steps = rolling, .gives = NEW_ROW,
      .flags = NEEDS_KEY | SLOW, .says = "年次更新を用意する", .answers = &roster_import_get },
    { POST, "/roster/imports/{import_id}/schedule", .may = BOARD, .takes = scheduled, .steps = scheduling,
      .gives = ROW, .says = "年次更新の日を決める", .answers = &roster_import_get },
    { POST, "/roster/imports/{import_id}/unschedule", .may = BOARD, .takes = one_import,
      .steps = unscheduling, .gives = ROW, .says = "年次更新の予定をやめる", .answers = &roster_import_get },
    { GET, "/roster/imports/{import_id}/places", .may = OFFICE | BOARD, .takes = places_of,
      .runs = &roster_rollover_places, .gives = ROWS, .says = "児童生徒の次の年度の学級" },
    { GET, "/roster/imports/{import_id}/classes", .may = OFFICE | BOARD, .takes = classes_of,
      .runs = &roster_rollover_classes, .gives = ROWS, .says = "次の年度の学級と人数" },
    { PUT, "/roster/imports/{import_id}/places", .may = OFFICE | BOARD, .takes = corrected_place,
      .runs = &roster_place_set, .gives = ROW, .says = "ひとりの次の年度を直す" },
    { POST, "/roster/imports/{import_id}/places/clear", .may = OFFICE | BOARD, .takes = cleared_place,
      .runs = &roster_place_unset, .gives = NOTHING, .says = "ひとりの訂正を消す" },
    { GET, "/roster/next-schools", .may = BOARD, .runs = &roster_next_schools, .gives = ROWS,
      .says = "小学校ごとの進学先" },
    { PUT, "/schools/{school_id}/next-school", .may = BOARD, .takes = next_school,
      .runs = &roster_next_school_set, .gives = ROW, .says = "進学先の中学校を決める" },
    { GET, "/roster/mappings", .may = OFFICE | BOARD, .takes = any_school, .runs = &roster_mappings_list,
      .gives = ROWS, .says = "CSVの列の対応表" },
    { PUT, "/roster/mappings", .may = OFFICE | BOARD, .takes = new_mapping, .runs = &roster_mapping_put,
      .gives = ROW, .says = "列の対応表をしまう（同じ名前は置きかえる）" },
    { DELETE, "/roster/mappings/{mapping_id}", .may = OFFICE | BOARD, .takes = one_mapping,
      .runs = &roster_mapping_delete, .gives = NOTHING, .says = "列の対応表を消す" },
    { 0 },
};

static const struct problem problems[] = {
    { "stale_plan", 409, "確認したあとで名簿が変わりました。もう一度、変更を確かめてください。" },
    { "has_problems", 409, "問題のある行があります。直すか、除いて取り込むことを選んでください。" },
    { "wrong_state", 409, "この取り込みには、いまはできない操作です。" },
    { "undo_overwrites", 409, "取り込みのあとで変わったものがあるため、元に戻せません。" },
    { "rollover_exists", 409, "この年度の年次更新は、すでに用意されています。" },
    { "too_early", 409, "年次更新は、その日が来るまで行えません。" },
    { "wrong_year", 422, "年度がちがいます。" },
    { "future_day", 422, "先の日にはできません。" },
    { 0 },
};

/* A plan keeps what it has seen; these are met only by what slipped in between. */
static const struct refusal refusals[] = {
    { "students_by_code", "stale_plan" },
    { "classes_by_code", "stale_plan" },
    { "classes_school_id_school_year_grade_name_key", "stale_plan" },
    { "roster_imports_one_rollover", "rollover_exists" },
    { 0 },
};

static const struct chore chores[] = {
    { &roster_rollover_due, .every_minutes = 1 },
    { &roster_forget, .every_minutes = 60 },
    { 0 },
};

const struct module roster_module = {
    .name = "roster",
    .routes = routes,
    .problems = problems,
    .refusals = refusals,
    .chores = chores,
    .statements = roster_statements,
};
