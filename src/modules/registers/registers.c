#include "engine/module.h"

#include "registers.sql.h"

#define DAYS_AT_ONCE 366

static const char *const causes[] = { "influenza", "covid", "gastroenteritis", "other_infection", "disaster",
                                      "other",     NULL };

static const struct field class_in_period[] = {
    { "class_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CLASS },
    { "first_day", FROM_QUERY, DATE, REQUIRED, .help = "最初の日" },
    { "last_day", FROM_QUERY, DATE, REQUIRED, .help = "最後の日（1年まで）" },
    { 0 },
};

static const struct field correction[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "day", FROM_BODY, DATE, REQUIRED, .help = "何日を直すか" },
    { "automatic", FROM_BODY, BOOL, OPTIONAL, .help = "手で直したものをやめ、連絡と点呼から計算する" },
    { "mark", FROM_BODY, LINE, OPTIONAL, .max = 32, .help = "出席簿の記号（なければ出席）" },
    { "late", FROM_BODY, BOOL, OPTIONAL, .help = "遅刻" },
    { "leave_early", FROM_BODY, BOOL, OPTIONAL, .help = "早退" },
    { "note", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 200, .help = "直したわけ" },
    { 0 },
};

static const struct field student_on_day[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "day", FROM_QUERY, DATE, REQUIRED, .help = "何日のものか" },
    { 0 },
};

// clang-format off
#define CLOSURE                                                                                                \
    { "first_day", FROM_BODY, DATE, REQUIRED, .help = "最初の日" },                                            \
    { "last_day", FROM_BODY, DATE, REQUIRED, .help = "最後の日" },                                             \
    { "cause", FROM_BODY, ENUM, REQUIRED, .of = causes, .help = "理由" },                                      \
    { "note", FROM_BODY, TEXT, OPTIONAL, .max = 500, .help = "保護者へのお知らせの文" }
// clang-format on

static const struct field new_closure[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "grade", FROM_BODY, INT, OPTIONAL, .min = 1, .max = 9, .help = "学年閉鎖の学年" },
    { "class_id", FROM_BODY, ID, OPTIONAL, .help = "学級閉鎖の学級（学年も学級もなければ休校）" },
    CLOSURE,
    { 0 },
};

static const struct field changed_closure[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CLOSURE },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    { "ended", FROM_BODY, BOOL, OPTIONAL, .help = "まちがいだったので取り消す" },
    CLOSURE,
    { 0 },
};

static const struct field one_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};

static void period_fits(const struct checked *in, struct field_errors *errors)
{
    int64_t days = date_days(checked_str(in, "last_day")) - date_days(checked_str(in, "first_day")) + 1;
    if (days < 1 || days > DAYS_AT_ONCE)
        field_errors_add(errors, STR("last_day"), "range",
                         "最後の日は、最初の日から1年以内の日にしてください。");
}

static void closure_fits(const struct checked *in, struct field_errors *errors)
{
    if (str_cmp(checked_str(in, "last_day"), checked_str(in, "first_day")) < 0)
        field_errors_add(errors, STR("last_day"), "range",
                         "最後の日は、最初の日かそれよりあとにしてください。");
}

static void new_closure_fits(const struct checked *in, struct field_errors *errors)
{
    if (checked_has(in, "grade") && checked_has(in, "class_id"))
        field_errors_add(errors, STR("class_id"), "unexpected", "学年か学級の、どちらかにしてください。");
    closure_fits(in, errors);
}

/* A day of attendance has no mark; a day of absence is neither late nor cut short. */
static void correction_fits(const struct checked *in, struct field_errors *errors)
{
    bool attends = checked_bool(in, "late", false) || checked_bool(in, "leave_early", false);
    bool automatic = checked_bool(in, "automatic", false);
    if (checked_has(in, "mark") && (attends || automatic))
        field_errors_add(errors, STR("mark"), "unexpected",
                         "遅刻・早退の日や計算の日に、欠席の記号はつけられません。");
    else if (attends && automatic)
        field_errors_add(errors, STR("automatic"), "unexpected", "遅刻・早退と、いっしょには選べません。");
}

static const struct sheet_column total_columns[] = {
    { "number", "出席番号" },
    { "code", "児童生徒コード" },
    { "family_name", "姓" },
    { "given_name", "名" },
    { "school_days", "授業日数" },
    { "suspended", "出席停止・忌引等" },
    { "due", "出席しなければならない日数" },
    { "absent", "欠席日数" },
    { "attended", "出席日数" },
    { "late", "遅刻" },
    { "leave_early", "早退" },
    { 0 },
};
static const struct sheet total_sheet = { "出席簿の集計", total_columns };

static const struct sheet_column day_columns[] = {
    { "day", "日付" },
    { "grade", "学年" },
    { "class_name", "学級" },
    { "number", "出席番号" },
    { "code", "児童生徒コード" },
    { "student_name", "氏名" },
    { "mark", "出欠" },
    { "mark_code", "外部コード" },
    { "late", "遅刻" },
    { "leave_early", "早退" },
    { 0 },
};
static const struct sheet day_sheet = { "出欠", day_columns };

static const struct route routes[] = {
    { GET, "/classes/{class_id}/register", .may = STAFF, .takes = class_in_period, .check = period_fits,
      .runs = &register_show, .gives = ROWS, .flags = SLOW, .sheet = &total_sheet,
      .says = "出席簿：子どもごとの日数と、出席でない日" },
    { GET, "/classes/{class_id}/register/head", .may = STAFF, .takes = class_in_period, .check = period_fits,
      .runs = &register_head, .gives = ROWS, .says = "出席簿の授業日と、閉鎖・点呼のようす" },
    { GET, "/classes/{class_id}/register/days", .may = STAFF, .takes = class_in_period, .check = period_fits,
      .runs = &register_days, .gives = ROWS, .flags = SLOW, .sheet = &day_sheet,
      .says = "出席でない日の一覧（校務支援システムへ）" },
    { PUT, "/students/{student_id}/register", .may = STAFF, .takes = correction, .check = correction_fits,
      .runs = &register_correct, .gives = ROW, .says = "出席簿の一日を手で直す" },
    { GET, "/students/{student_id}/register/corrections", .may = STAFF, .takes = student_on_day,
      .runs = &register_corrections_of, .gives = ROWS, .says = "出席簿の一日を直した記録" },
    { POST, "/schools/{school_id}/closures", .may = OFFICE, .takes = new_closure, .check = new_closure_fits,
      .runs = &closure_make, .gives = NEW_ROW, .flags = NEEDS_KEY, .says = "学級閉鎖・学年閉鎖・休校にする" },
    { GET, "/schools/{school_id}/closures", .may = STAFF | BOARD, .takes = one_school,
      .runs = &closures_of_school, .gives = ROWS, .says = "学校の閉鎖" },
    { PUT, "/closures/{id}", .may = OFFICE, .takes = changed_closure, .check = closure_fits,
      .runs = &closure_change, .gives = ROW, .says = "閉鎖を直す、取り消す" },
    { GET, "/children/closures", .may = GUARDIAN, .runs = &children_closures, .gives = ROWS,
      .says = "自分の子の学級の閉鎖" },
    { 0 },
};

static const struct problem problems[] = {
    { "too_old", 422, "400日より前の出欠は直せません。" },
    { "future_day", 422, "先の日の出欠は記録できません。" },
    { "other_school", 422, "この日は、前の学校にいました。" },
    { "already_closed", 409, "この期間には、すでに閉鎖が登録されています。" },
    { "already_ended", 409, "この閉鎖は取り消されています。" },
    { 0 },
};

static const struct topic topics[] = {
    { "school", "school_id", .may = OFFICE, .allows = &may_follow_school, .snapshot = &closures_in_school,
      .object = OBJECT_SCHOOL },
    { 0 },
};

static const struct feed feeds[] = {
    { "closures", .changed = &closures_changed, .topics = topics },
    { 0 },
};

const struct module registers_module = {
    .name = "registers",
    .routes = routes,
    .problems = problems,
    .feeds = feeds,
    .statements = registers_statements,
};
