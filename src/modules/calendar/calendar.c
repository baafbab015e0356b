#include "engine/module.h"

#include "calendar.sql.h"
#include "files.h"

static const char *const kinds[] = { "holiday", "vacation", "closed", "school_day", NULL };
static const char *const school_kinds[] = { "elementary", "junior_high", "special_needs", NULL };

// clang-format off
#define ENTRY                                                                                                  \
    { "school_kind", FROM_BODY, ENUM, OPTIONAL, .of = school_kinds, .help = "市の予定だけ。なければすべての学校" }, \
    { "grades", FROM_BODY, ID_LIST, OPTIONAL, .max = 9, .help = "学年。なければすべての学年" },                \
    { "first_day", FROM_BODY, DATE, REQUIRED, .help = "最初の日" },                                            \
    { "last_day", FROM_BODY, DATE, OPTIONAL, .help = "最後の日（なければ最初の日と同じ）" },                   \
    { "kind", FROM_BODY, ENUM, REQUIRED, .of = kinds, .help = "休業日・長期休業・臨時休業・授業日" },          \
    { "label", FROM_BODY, LINE, REQUIRED, .max = 40, .help = "名称（開校記念日など）" }
// clang-format on

static const struct field one_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};

static const struct field new_entry[] = {
    { "school_id", FROM_BODY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の予定" },
    ENTRY,
    { 0 },
};

static const struct field edited_entry[] = {
    { "entry_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CALENDAR_ENTRY },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    ENTRY,
    { 0 },
};

static const struct field one_entry[] = {
    { "entry_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CALENDAR_ENTRY },
    { 0 },
};

static const struct field year_file[] = {
    { "school_id", FROM_QUERY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の年間行事" },
    { "year", FROM_QUERY, INT, REQUIRED, .min = 2000, .max = 2200, .help = "年度" },
    { 0 },
};

static const struct sheet_word kind_words[] = { { "holiday", "休業日" },
                                                { "vacation", "長期休業" },
                                                { "closed", "臨時休業" },
                                                { "school_day", "授業日" },
                                                { 0 } };
static const struct sheet_word school_kind_words[] = {
    { "elementary", "小学校" }, { "junior_high", "中学校" }, { "special_needs", "特別支援学校" }, { 0 }
};
static const struct sheet_column columns[] = {
    { "first_day", "開始日" },
    { "last_day", "終了日" },
    { "kind", "種類", kind_words },
    { "school_kind", "学校の種類", school_kind_words },
    { "grades", "学年" },
    { "label", "名称" },
    { 0 },
};
static const struct sheet year_sheet = { "年間行事", columns };

static void range_fits(const struct checked *in, struct field_errors *errors)
{
    if (!checked_has(in, "last_day")) return;
    int64_t days = date_days(checked_str(in, "last_day")) - date_days(checked_str(in, "first_day")) + 1;
    if (days < 1)
        field_errors_add(errors, STR("last_day"), "range",
                         "最後の日は、最初の日かそれよりあとにしてください。");
    if (days > 366) field_errors_add(errors, STR("last_day"), "range", "一度に入力できるのは1年までです。");
}

static void new_fits(const struct checked *in, struct field_errors *errors)
{
    range_fits(in, errors);
    if (checked_has(in, "school_id") && checked_has(in, "school_kind"))
        field_errors_add(errors, STR("school_kind"), "unexpected", "学校の種類は、市の予定だけで選べます。");
}

static const struct route routes[] = {
    { GET, "/schools/{school_id}/calendar", .may = STAFF | BOARD, .takes = one_school,
      .runs = &calendar_of_school, .gives = ROWS, .says = "学校の年間行事（市の予定と祝日を含む）" },
    { GET, "/city/calendar", .may = BOARD, .runs = &calendar_of_city, .gives = ROWS, .says = "市の年間行事" },
    { GET, "/children/days", .may = GUARDIAN, .runs = &children_days, .gives = ROWS,
      .says = "自分の子の、これからの休業日と休日の授業日" },
    { POST, "/calendar", .may = OFFICE | BOARD, .takes = new_entry, .check = new_fits, .runs = &calendar_make,
      .gives = NEW_ROW, .flags = NEEDS_KEY, .says = "年間行事に予定を加える" },
    { PUT, "/calendar/{entry_id}", .may = OFFICE | BOARD, .takes = edited_entry, .check = range_fits,
      .runs = &calendar_edit, .gives = ROW, .says = "年間行事の予定を直す" },
    { DELETE, "/calendar/{entry_id}", .may = OFFICE | BOARD, .takes = one_entry, .runs = &calendar_remove,
      .gives = NOTHING, .says = "年間行事の予定を消す" },
    { GET, "/calendar/file", .may = OFFICE | BOARD, .takes = year_file, .runs = &calendar_file, .gives = ROWS,
      .flags = ONLY_FILES, .sheet = &year_sheet, .says = "年度の年間行事のファイル（取り込みと同じ列）" },
    { POST, "/calendar/check", .may = OFFICE | BOARD, .takes = calendar_checked, .steps = calendar_checking,
      .gives = ROW, .flags = RAW_BODY | READS | SLOW, .max_body = 1048576,
      .says = "年間行事のCSVを調べる（取り込まない）", .answers = &calendar_check },
    { POST, "/calendar/import", .may = OFFICE | BOARD, .takes = calendar_taken, .steps = calendar_taking,
      .gives = ROW, .flags = RAW_BODY | NEEDS_KEY | SLOW, .max_body = 1048576,
      .says = "確かめたとおりに年間行事を取り込む", .answers = &calendar_import },
    { 0 },
};

static const struct problem problems[] = {
    { "stale_plan", 409, "確認したあとで年間行事が変わりました。もう一度、変更を確かめてください。" },
    { "has_problems", 409, "問題のある行があります。直してから取り込んでください。" },
    { 0 },
};

const struct module calendar_module = {
    .name = "calendar",
    .routes = routes,
    .problems = problems,
    .statements = calendar_statements,
};
