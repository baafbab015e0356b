#include "engine/module.h"

#include "absences.sql.h"

#define DAYS_IN_ONE_REPORT 31

static const char *const kinds[] = { "absent", "late", "leave_early", "late_and_leave_early", NULL };

// clang-format off
#define CONTENT                                                                                                \
    { "first_day", FROM_BODY, DATE, REQUIRED, .help = "最初の日" },                                            \
    { "last_day", FROM_BODY, DATE, OPTIONAL, .help = "最後の日（なければ最初の日と同じ）" },                   \
    { "kind", FROM_BODY, ENUM, REQUIRED, .of = kinds, .help = "欠席・遅刻・早退・遅刻して早退" },              \
    { "arrive_at", FROM_BODY, TIME, OPTIONAL, .help = "登校する時刻（遅刻のとき）" },                          \
    { "leave_at", FROM_BODY, TIME, OPTIONAL, .help = "早退する時刻" },                                         \
    { "reason_id", FROM_BODY, ID, OPTIONAL, .help = "学校の理由の一覧から" },                                  \
    { "note", FROM_BODY, TEXT, OPTIONAL | PERSONAL, .max = 500, .help = "連絡の文" }
// clang-format on

static const struct field new_absence[] = {
    { "student_id", FROM_BODY, ID, REQUIRED, .object = OBJECT_STUDENT, .help = "だれの連絡か" },
    CONTENT,
    { 0 },
};

static const struct field one_absence[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ABSENCE },
    { 0 },
};

static const struct field corrected_absence[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ABSENCE },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    CONTENT,
    { 0 },
};

static const struct field cancelled_absence[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ABSENCE },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て取り消した版" },
    { 0 },
};

static const struct field seen_absences[] = {
    { "class_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CLASS },
    { "absence_ids", FROM_BODY, ID_LIST, REQUIRED, .max = 100, .object = OBJECT_ABSENCE,
      .help = "確認した連絡" },
    { 0 },
};

static const struct field one_school[] = {
    { "school_id", FROM_QUERY, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};

/* A time belongs to the kinds that need it, and to no other. */
static void time_fits(const struct checked *in, struct field_errors *errors, const char *field, bool needed)
{
    if (checked_has(in, field) == needed) return;
    field_errors_add(errors, str_c(field), needed ? "required" : "unexpected",
                     needed ? "時刻を入力してください。" : "この種類の連絡に時刻はつけられません。");
}

static void content_fits(const struct checked *in, struct field_errors *errors)
{
    struct str kind = checked_str(in, "kind");
    bool both = str_eq(kind, STR("late_and_leave_early"));
    time_fits(in, errors, "arrive_at", both || str_eq(kind, STR("late")));
    time_fits(in, errors, "leave_at", both || str_eq(kind, STR("leave_early")));
    if (both && str_cmp(checked_str(in, "arrive_at"), checked_str(in, "leave_at")) >= 0)
        field_errors_add(errors, STR("leave_at"), "range",
                         "早退の時刻は、登校の時刻よりあとにしてください。");
    if (!checked_has(in, "last_day")) return;
    int64_t days = date_days(checked_str(in, "last_day")) - date_days(checked_str(in, "first_day")) + 1;
    if (days < 1)
        field_errors_add(errors, STR("last_day"), "range",
                         "最後の日は、最初の日かそれよりあとにしてください。");
    if (days > DAYS_IN_ONE_REPORT)
        field_errors_add(errors, STR("last_day"), "range", "一度に連絡できるのは31日までです。");
}

static const struct route routes[] = {
    { GET, "/reasons", .may = GUARDIAN | STAFF, .takes = one_school, .runs = &reasons_list, .gives = ROWS,
      .says = "学校が決めた理由の一覧" },
    { POST, "/absences", .may = GUARDIAN | STAFF, .takes = new_absence, .check = content_fits,
      .runs = &absence_report, .gives = NEW_ROW, .flags = NEEDS_KEY, .says = "欠席・遅刻・早退を連絡する" },
    { GET, "/absences/{id}", .may = GUARDIAN | STAFF, .takes = one_absence, .runs = &absence_get,
      .gives = ROW, .says = "連絡ひとつ" },
    { GET, "/absences/{id}/versions", .may = GUARDIAN | STAFF, .takes = one_absence,
      .runs = &absence_versions_of, .gives = ROWS, .says = "連絡のすべての版" },
    { PUT, "/absences/{id}", .may = GUARDIAN | STAFF, .takes = corrected_absence, .check = content_fits,
      .runs = &absence_correct, .gives = ROW, .flags = NEEDS_KEY, .says = "連絡を訂正する" },
    { POST, "/absences/{id}/cancel", .may = GUARDIAN | STAFF, .takes = cancelled_absence,
      .runs = &absence_cancel, .gives = ROW, .flags = NEEDS_KEY, .says = "連絡を取り消す" },
    { POST, "/absences/{id}/acknowledge", .may = STAFF, .takes = one_absence, .runs = &absence_acknowledge,
      .gives = ROW, .says = "連絡を確認したと知らせる" },
    { POST, "/classes/{class_id}/acknowledge", .may = STAFF, .takes = seen_absences,
      .runs = &class_acknowledge, .gives = ROWS, .says = "学級の連絡をまとめて確認する" },
    { 0 },
};

static const struct problem problems[] = {
    { "already_reported", 409, "この日の連絡は、すでに届いています。" },
    { "after_cutoff", 409, "訂正・取り消しの受付時刻を過ぎました。学校へお電話ください。" },
    { "already_cancelled", 409, "この連絡は取り消されています。" },
    { "past_day", 422, "過ぎた日の連絡はできません。" },
    { "too_far", 422, "60日より先の連絡はできません。" },
    { 0 },
};

static const struct refusal refusals[] = {
    { "absences_once", "already_reported" },
    { 0 },
};

static const struct topic topics[] = {
    { "class", "class_id", .also = "exchange_class_id", .may = STAFF, .allows = &may_follow_class,
      .snapshot = &absences_of_class, .object = OBJECT_CLASS },
    { "school", "school_id", .may = OFFICE, .allows = &may_follow_school, .snapshot = &absences_of_school,
      .object = OBJECT_SCHOOL },
    { "student", "student_id", .may = GUARDIAN, .allows = &may_follow_student,
      .snapshot = &absences_of_student, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct feed feeds[] = {
    { "absences", .changed = &absences_changed, .topics = topics },
    { 0 },
};

static const struct gauge gauges[] = {
    { "city", .feed = "absences", .column = "school_id", .reads = &city_counts, .snapshot = &city_counts_all,
      .may = BOARD, .allows = &may_follow_city, .every_ms = 250 },
    { "classes", .feed = "absences", .column = "class_id", .reads = &class_counts, .scope = "school",
      .by = "school_id", .snapshot = &class_counts_of_school, .may = OFFICE | BOARD,
      .allows = &may_follow_counts, .every_ms = 250, .object = OBJECT_SCHOOL },
    { "arrivals", .feed = "absences", .reads = &arrivals_today, .snapshot = &arrivals_today, .may = BOARD,
      .allows = &may_follow_city, .every_ms = 1000 },
    { 0 },
};

const struct module absences_module = {
    .name = "absences",
    .routes = routes,
    .problems = problems,
    .refusals = refusals,
    .feeds = feeds,
    .gauges = gauges,
    .statements = absences_statements,
};
