#include "engine/module.h"

#include "illnesses.sql.h"

#define DAYS_BEFORE_ONSET 30

static const char *const told_by[] = { "phone", "school", NULL };

// clang-format off
#define CONTENT                                                                                                \
    { "disease", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 32, .help = "病気（GET /diseases の code）" },   \
    { "onset_on", FROM_BODY, DATE, REQUIRED | PERSONAL, .help = "発症した日（今日まで）" },                    \
    { "diagnosed_on", FROM_BODY, DATE, OPTIONAL | PERSONAL, .help = "診断を受けた日" },                        \
    { "institution", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 100, .help = "医療機関" },                   \
    { "ended_on", FROM_BODY, DATE, OPTIONAL | PERSONAL, .help = "解熱した日、症状がなくなった日など" },        \
    { "treated_until", FROM_BODY, DATE, OPTIONAL | PERSONAL, .help = "治療の最後の日（百日咳）" },             \
    { "cleared_on", FROM_BODY, DATE, OPTIONAL | PERSONAL, .help = "医師が登校してよいと認めた日" },            \
    { "suspended_from", FROM_BODY, DATE, OPTIONAL | PERSONAL, .help = "出席停止の最初の日（学校が決めるとき）" }, \
    { "note", FROM_BODY, TEXT, OPTIONAL | PERSONAL, .max = 500, .help = "覚え書き" }
// clang-format on

static const struct field new_illness[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "via", FROM_BODY, ENUM, OPTIONAL, .of = told_by, .help = "学校が登録するとき：電話か、学校か" },
    CONTENT,
    { 0 },
};

static const struct field changed_illness[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ILLNESS },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    CONTENT,
    { 0 },
};

static const struct field withdrawn_illness[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ILLNESS },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て取り消した版" },
    { 0 },
};

static const struct field return_form[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ILLNESS },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見た版" },
    { "returned_on", FROM_BODY, DATE, REQUIRED | PERSONAL, .help = "登校を始める日" },
    { "ended_on", FROM_BODY, DATE, OPTIONAL | PERSONAL, .help = "解熱した日、症状がなくなった日など" },
    { "treated_until", FROM_BODY, DATE, OPTIONAL | PERSONAL, .help = "治療の最後の日（百日咳）" },
    { "cleared_on", FROM_BODY, DATE, OPTIONAL | PERSONAL, .help = "医師が登校してよいと認めた日" },
    { "institution", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 100, .help = "医療機関" },
    { 0 },
};

static const struct field one_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct field one_illness[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ILLNESS },
    { 0 },
};

static void not_before(const struct checked *in, struct field_errors *errors, const char *field,
                       int64_t first, const char *says)
{
    if (checked_has(in, field) && date_days(checked_str(in, field)) < first)
        field_errors_add(errors, str_c(field), "range", says);
}

static void days_fit(const struct checked *in, struct field_errors *errors)
{
    static const char *const after[] = { "ended_on", "treated_until", "cleared_on" };
    int64_t onset = date_days(checked_str(in, "onset_on"));
    for (size_t i = 0; i < sizeof after / sizeof *after; i++)
        not_before(in, errors, after[i], onset, "発症した日かそれよりあとの日にしてください。");
    not_before(in, errors, "diagnosed_on", onset - DAYS_BEFORE_ONSET, "発症した日を確かめてください。");
    not_before(in, errors, "suspended_from", onset - DAYS_BEFORE_ONSET, "発症した日を確かめてください。");
}

static const struct route routes[] = {
    { GET, "/diseases", .may = SIGNED_IN, .runs = &diseases_list, .gives = ROWS,
      .says = "病気の一覧と、出席停止の期間の数え方" },
    { GET, "/students/{student_id}/illnesses", .may = GUARDIAN | STAFF, .takes = one_student,
      .runs = &illnesses_of_student, .gives = ROWS, .says = "病気と出席停止の記録" },
    { POST, "/students/{student_id}/illnesses", .may = GUARDIAN | STAFF, .takes = new_illness,
      .check = days_fit, .runs = &illness_new, .gives = NEW_ROW, .flags = NEEDS_KEY,
      .says = "診断された病気を登録する" },
    { GET, "/illnesses/{id}/versions", .may = GUARDIAN | STAFF, .takes = one_illness,
      .runs = &illness_versions_of, .gives = ROWS, .says = "病気の登録のすべての版（登校届も）" },
    { PUT, "/illnesses/{id}", .may = GUARDIAN | STAFF, .takes = changed_illness, .check = days_fit,
      .runs = &illness_change, .gives = ROW, .says = "病気の登録を直す" },
    { PUT, "/illnesses/{id}/return", .may = GUARDIAN | STAFF, .takes = return_form, .runs = &illness_return,
      .gives = ROW, .says = "登校届を出す（学校は、登校を始めた日を入れる）" },
    { PUT, "/illnesses/{id}/withdraw", .may = GUARDIAN | STAFF, .takes = withdrawn_illness,
      .runs = &illness_withdraw, .gives = ROW, .says = "まちがって登録した病気を取り消す" },
    { 0 },
};

static const struct problem problems[] = {
    { "already_ill", 409, "この病気は、すでに登録されています。登録済みの内容を確かめてください。" },
    { "future_day", 422, "この日は、まだ先の日です。今日までの日にしてください。" },
    { "too_old", 422, "発症した日は、60日前までの日にしてください。" },
    { "withdrawn", 409, "この登録は取り消されています。" },
    { "by_school", 409, "学校が登録した内容です。直すときは、学校へご連絡ください。" },
    { "already_returned", 409, "もう登校を始めています。直すときは、学校へご連絡ください。" },
    { "not_suspended", 422, "この病気は出席停止にならないため、登校届はいりません。" },
    { "end_needed", 422, "解熱した日や症状がなくなった日を入れてください。" },
    { "clearance_needed", 422, "医師が登校してよいと認めた日と、医療機関を入れてください。" },
    { "too_early", 422, "登校を始める日が、法律で決められた日より前です。" },
    { 0 },
};

static const struct refusal refusals[] = {
    { "illnesses_once", "already_ill" },
    { 0 },
};

static const struct topic topics[] = {
    { "class", "class_id", .also = "exchange_class_id", .may = STAFF, .allows = &may_follow_class,
      .snapshot = &illnesses_in_class, .object = OBJECT_CLASS },
    { "school", "school_id", .may = OFFICE, .allows = &may_follow_school, .snapshot = &illnesses_in_school,
      .object = OBJECT_SCHOOL },
    { "student", "student_id", .may = GUARDIAN, .allows = &may_follow_student,
      .snapshot = &illnesses_for_student, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct feed feeds[] = {
    { "illnesses", .changed = &illness_rows_changed, .topics = topics },
    { 0 },
};

const struct module illnesses_module = {
    .name = "illnesses",
    .routes = routes,
    .problems = problems,
    .refusals = refusals,
    .feeds = feeds,
    .statements = illnesses_statements,
};
