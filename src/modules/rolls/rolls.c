#include "engine/module.h"

#include "rolls.sql.h"

static const char *const states[] = { "expected", "present",    "late",
                                      "absent",   "left_early", "late_and_left_early",
                                      NULL };
static const char *const guardians_answers[] = { "on_the_way", "not_known", NULL };
static const char *const schools_answers[] = { "closed", NULL };

static const struct field mark[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "day", FROM_BODY, DATE, REQUIRED, .help = "何日の出欠か" },
    { "state", FROM_BODY, ENUM, REQUIRED, .of = states,
      .help = "出席・遅刻・欠席・早退。expected は記録の取り消し" },
    { "arrived_at", FROM_BODY, TIME, OPTIONAL, .help = "来た時刻（遅刻のとき）" },
    { "left_at", FROM_BODY, TIME, OPTIONAL, .help = "帰った時刻（早退のとき）" },
    { "seen_at", FROM_BODY, INT, REQUIRED, .min = 1, .max = 4102444800000,
      .help = "記録した時刻（端末の時計、1970年からのミリ秒）。遅い方が残る" },
    { 0 },
};

static const struct field call[] = {
    { "class_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CLASS },
    { "day", FROM_BODY, DATE, REQUIRED, .help = "何日の点呼か" },
    { "done", FROM_BODY, BOOL, REQUIRED, .help = "終わったか、やり直すか" },
    { 0 },
};

static const struct field class_on_day[] = {
    { "class_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CLASS },
    { "day", FROM_QUERY, DATE, REQUIRED, .help = "何日の出欠か" },
    { 0 },
};

static const struct field one_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct field answered[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_INQUIRY },
    { "answer", FROM_BODY, ENUM, REQUIRED, .of = guardians_answers, .help = "家を出た、わからない" },
    { 0 },
};

static const struct field closed[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_INQUIRY },
    { "answer", FROM_BODY, ENUM, REQUIRED, .of = schools_answers, .help = "確認できた" },
    { 0 },
};

static void time_only_for(const struct checked *in, struct field_errors *errors, const char *field, bool fits)
{
    if (fits || !checked_has(in, field)) return;
    field_errors_add(errors, str_c(field), "unexpected", "この記録に時刻はつけられません。");
}

static void times_fit(const struct checked *in, struct field_errors *errors)
{
    struct str state = checked_str(in, "state");
    bool both = str_eq(state, STR("late_and_left_early"));
    time_only_for(in, errors, "arrived_at", both || str_eq(state, STR("late")));
    time_only_for(in, errors, "left_at", both || str_eq(state, STR("left_early")));
}

static const struct route routes[] = {
    { PUT, "/students/{student_id}/attendance", .may = STAFF, .takes = mark, .check = times_fit,
      .runs = &attendance_put, .gives = ROW, .says = "点呼で見たことを記録する" },
    { PUT, "/classes/{class_id}/roll", .may = STAFF, .takes = call, .runs = &roll_put, .gives = ROW,
      .says = "学級の点呼を終える、やり直す" },
    { GET, "/classes/{class_id}/attendance", .may = STAFF, .takes = class_on_day, .runs = &class_attendance,
      .gives = ROWS, .says = "学級の、ある日の出欠の記録" },
    { POST, "/students/{student_id}/inquiry", .may = STAFF, .takes = one_student, .runs = &inquiry_make,
      .gives = ROW, .says = "登校が確認できない子の保護者にたずねる" },
    { PUT, "/inquiries/{id}/answer", .may = GUARDIAN, .takes = answered, .runs = &inquiry_answer,
      .gives = ROW, .says = "学校からの確認に答える" },
    { PUT, "/inquiries/{id}/close", .may = STAFF, .takes = closed, .runs = &inquiry_answer, .gives = ROW,
      .says = "子どもを確認できたので、たずねるのを終える" },
    { 0 },
};

static const struct problem problems[] = {
    { "overtaken", 409, "この子の出欠は、あとから別の端末で記録されています。" },
    { "too_old", 422, "400日より前の出欠は直せません。" },
    { "other_school", 422, "この日は、前の学校にいました。" },
    { "inquiry_over", 409, "この確認は、もう終わっています。" },
    { "just_asked", 409, "この子の保護者には、いま別の人がたずねたところです。" },
    { "future_day", 422, "先の日の出欠は記録できません。" },
    { "accounted_for", 409, "この子の欠席・遅刻は、すでに連絡されています。" },
    { 0 },
};

static const struct topic attendance_topics[] = {
    { "class", "class_id", .also = "exchange_class_id", .may = STAFF, .allows = &may_follow_class,
      .snapshot = &attendance_of_class, .object = OBJECT_CLASS },
    { "school", "school_id", .may = OFFICE, .allows = &may_follow_school, .snapshot = &attendance_of_school,
      .object = OBJECT_SCHOOL },
    { 0 },
};

static const struct topic roll_topics[] = {
    { "class", "class_id", .may = STAFF, .allows = &may_follow_class, .snapshot = &rolls_of_class,
      .object = OBJECT_CLASS },
    { "school", "school_id", .may = OFFICE, .allows = &may_follow_school, .snapshot = &rolls_of_school,
      .object = OBJECT_SCHOOL },
    { 0 },
};

static const struct topic inquiry_topics[] = {
    { "class", "class_id", .also = "exchange_class_id", .may = STAFF, .allows = &may_follow_class,
      .snapshot = &inquiries_of_class, .object = OBJECT_CLASS },
    { "school", "school_id", .may = OFFICE, .allows = &may_follow_school, .snapshot = &inquiries_of_school,
      .object = OBJECT_SCHOOL },
    { "student", "student_id", .may = GUARDIAN, .allows = &may_follow_student,
      .snapshot = &inquiries_of_student, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct feed feeds[] = {
    { "attendance", .changed = &attendance_changed, .topics = attendance_topics },
    { "rolls", .changed = &rolls_changed, .topics = roll_topics },
    { "inquiries", .changed = &inquiries_changed, .topics = inquiry_topics },
    { 0 },
};

static const struct chore chores[] = {
    { &reports_escalate, 1 },
    { &overdue_announce, 1 },
    { 0 },
};

const struct module rolls_module = {
    .name = "rolls",
    .routes = routes,
    .problems = problems,
    .feeds = feeds,
    .chores = chores,
    .statements = rolls_statements,
};
