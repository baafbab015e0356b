#include "engine/module.h"

#include "standing.sql.h"

// clang-format off
#define CONTENT                                                                                                \
    { "reason_id", FROM_BODY, ID, OPTIONAL, .help = "学校の理由の一覧から" },                                  \
    { "note", FROM_BODY, TEXT, OPTIONAL | PERSONAL, .max = 500, .help = "覚え書き（保護者にも見えます）" }
// clang-format on

static const struct field new_standing[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "first_day", FROM_BODY, DATE, REQUIRED, .help = "最初の日" },
    { "last_day", FROM_BODY, DATE, OPTIONAL, .help = "最後の日（なければ年度の終わりまで）" },
    CONTENT,
    { 0 },
};

static const struct field changed_standing[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STANDING },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    { "first_day", FROM_BODY, DATE, REQUIRED, .help = "最初の日" },
    { "last_day", FROM_BODY, DATE, REQUIRED, .help = "最後の日" },
    { "ended", FROM_BODY, BOOL, OPTIONAL, .help = "まちがいだったので取り消す" },
    CONTENT,
    { 0 },
};

static const struct field one_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { 0 },
};

static void days_fit(const struct checked *in, struct field_errors *errors)
{
    if (checked_has(in, "last_day") && str_cmp(checked_str(in, "last_day"), checked_str(in, "first_day")) < 0)
        field_errors_add(errors, STR("last_day"), "range",
                         "最後の日は、最初の日かそれよりあとにしてください。");
}

static const struct route routes[] = {
    { POST, "/students/{student_id}/standing", .may = STAFF, .takes = new_standing, .check = days_fit,
      .runs = &standing_new, .gives = NEW_ROW, .flags = NEEDS_KEY, .says = "長期の欠席を登録する" },
    { GET, "/students/{student_id}/standing", .may = GUARDIAN | STAFF, .takes = one_student,
      .runs = &standing_of_student, .gives = ROWS, .says = "長期の欠席の登録" },
    { PUT, "/standing/{id}", .may = STAFF, .takes = changed_standing, .check = days_fit,
      .runs = &standing_change, .gives = ROW, .says = "長期の欠席の登録を直す、取り消す" },
    { 0 },
};

static const struct problem problems[] = {
    { "already_standing", 409, "この期間には、すでに長期の欠席が登録されています。" },
    { "already_ended", 409, "この登録は取り消されています。" },
    { 0 },
};

static const struct refusal refusals[] = {
    { "standing_once", "already_standing" },
    { 0 },
};

static const struct topic topics[] = {
    { "class", "class_id", .also = "exchange_class_id", .may = STAFF, .allows = &may_follow_class,
      .snapshot = &standing_in_class, .object = OBJECT_CLASS },
    { "school", "school_id", .may = OFFICE, .allows = &may_follow_school, .snapshot = &standing_in_school,
      .object = OBJECT_SCHOOL },
    { "student", "student_id", .may = GUARDIAN, .allows = &may_follow_student,
      .snapshot = &standing_for_student, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct feed feeds[] = {
    { "standing", .changed = &standing_rows_changed, .topics = topics },
    { 0 },
};

const struct module standing_module = {
    .name = "standing",
    .routes = routes,
    .problems = problems,
    .refusals = refusals,
    .feeds = feeds,
    .statements = standing_statements,
};
