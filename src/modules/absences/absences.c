#include "engine/module.h"

#include "absences.sql.h"

#define DAYS_IN_ONE_REPORT 31

static const char *const kinds[] = {
    "absent", "late", "leave_early", "late_and_leave_early", "attend", NULL
};
static const char *const pick_ups[] = { "alone", "guardian", "other_person", NULL };
static const char *const symptoms[] = { "fever", "headache", "respiratory", "diarrhea", "nausea",
                                        "rash",  "flu_like", "other",       NULL };
static const char *const actions[] = { "correct", "cancel", NULL };
static const char *const decisions[] = { "accepted", "declined", NULL };
static const char *const withdrawal[] = { "withdrawn", NULL };

// clang-format off
#define BEGAN_AT                                                                                               \
    { "began_at", FROM_BODY, INT, OPTIONAL, .min = 0, .max = 4102444800,                                       \
      .help = "入力を始めた時刻（1970年からの秒数）。15分前までなら、受付時間のうちに始めた連絡を受け付ける" }
#define CONTENT(NEED)                                                                                          \
    { "first_day", FROM_BODY, DATE, NEED, .help = "最初の日" },                                                \
    { "last_day", FROM_BODY, DATE, OPTIONAL, .help = "最後の日（なければ最初の日と同じ）" },                   \
    { "kind", FROM_BODY, ENUM, NEED, .of = kinds,                                                              \
      .help = "欠席・遅刻・早退・遅刻して早退・登校（長期の欠席の子が来る日）" },                              \
    { "arrive_at", FROM_BODY, TIME, OPTIONAL, .help = "登校する時刻（遅刻のとき）" },                          \
    { "leave_at", FROM_BODY, TIME, OPTIONAL, .help = "早退する時刻" },                                         \
    { "reason_id", FROM_BODY, ID, OPTIONAL, .help = "学校の理由の一覧から" },                                  \
    { "note", FROM_BODY, TEXT, OPTIONAL | PERSONAL, .max = 500, .help = "連絡の文" },                          \
    { "pick_up", FROM_BODY, ENUM, OPTIONAL, .of = pick_ups, .help = "早退のときの帰り方（いつもと違うとき）" }, \
    { "pick_up_note", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 100, .help = "迎えに来る人など" },          \
    { "symptoms", FROM_BODY, ENUM_LIST, OPTIONAL | PERSONAL, .of = symptoms, .max = 8, .help = "症状" }
// clang-format on

static const struct field new_absence[] = {
    { "student_id", FROM_BODY, ID, REQUIRED, .object = OBJECT_STUDENT, .help = "だれの連絡か" },
    CONTENT(REQUIRED),
    BEGAN_AT,
    { 0 },
};

static const struct field one_absence[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ABSENCE },
    { 0 },
};

static const struct field corrected_absence[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ABSENCE },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    CONTENT(REQUIRED),
    BEGAN_AT,
    { 0 },
};

static const struct field cancelled_absence[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ABSENCE },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て取り消した版" },
    { 0 },
};

static const struct field new_request[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ABSENCE },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見た版" },
    { "action", FROM_BODY, ENUM, REQUIRED, .of = actions, .help = "訂正か、取り消しか" },
    CONTENT(OPTIONAL),
    { 0 },
};

// clang-format off
#define ANSWERED(STATES, WHICH)                                                                                \
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_REQUEST },                                               \
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見た版" },                     \
    { "report_version", FROM_BODY, INT, OPTIONAL, .min = 1, .max = INT32_MAX,                                  \
      .help = "見た連絡の版。そのあと訂正されていれば認めない" },                                              \
    { "state", FROM_BODY, ENUM, REQUIRED, .of = STATES, .help = WHICH },                                       \
    { "answer", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 200, .help = "ひとこと" }
// clang-format on

static const struct field decision[] = {
    ANSWERED(decisions, "認めるか、見送るか"),
    { 0 },
};

static const struct field taken_back[] = {
    ANSWERED(withdrawal, "取り下げ"),
    { 0 },
};

static const struct field seen_absence[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ABSENCE },
    { "version", FROM_BODY, INT, OPTIONAL, .min = 1, .max = INT32_MAX,
      .help = "見た版。訂正されていれば確認しない" },
    { 0 },
};

static const struct field seen_absences[] = {
    { "class_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_CLASS },
    { "absence_ids", FROM_BODY, ID_LIST, REQUIRED, .max = 100, .object = OBJECT_ABSENCE,
      .help = "確認した連絡" },
    { "versions", FROM_BODY, TEXT_LIST, OPTIONAL, .max = 100,
      .help = "見た版（連絡と同じ順）。訂正された連絡は確認しない" },
    { 0 },
};

static const struct field one_school[] = {
    { "school_id", FROM_QUERY, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};

/* A time belongs to the kinds that need it, and to no other. Whether it may be missing is the reason's. */
static void only_for(const struct checked *in, struct field_errors *errors, const char *field, bool fits)
{
    if (fits || !checked_has(in, field)) return;
    field_errors_add(errors, str_c(field), "unexpected", "この種類の連絡にはつけられません。");
}

static void days_fit(const struct checked *in, struct field_errors *errors)
{
    if (!checked_has(in, "last_day")) return;
    if (!checked_has(in, "first_day")) {
        field_errors_add(errors, STR("first_day"), "required", "最初の日を入力してください。");
        return;
    }
    int64_t days = date_days(checked_str(in, "last_day")) - date_days(checked_str(in, "first_day")) + 1;
    if (days < 1)
        field_errors_add(errors, STR("last_day"), "range",
                         "最後の日は、最初の日かそれよりあとにしてください。");
    if (days > DAYS_IN_ONE_REPORT)
        field_errors_add(errors, STR("last_day"), "range", "一度に連絡できるのは31日までです。");
}

static void content_fits(const struct checked *in, struct field_errors *errors)
{
    struct str kind = checked_str(in, "kind");
    bool both = str_eq(kind, STR("late_and_leave_early"));
    bool late = both || str_eq(kind, STR("late")), early = both || str_eq(kind, STR("leave_early"));
    only_for(in, errors, "arrive_at", late);
    only_for(in, errors, "leave_at", early);
    only_for(in, errors, "pick_up", early);
    only_for(in, errors, "pick_up_note", early && checked_has(in, "pick_up"));
    if (checked_has(in, "arrive_at") && checked_has(in, "leave_at") &&
        str_cmp(checked_str(in, "arrive_at"), checked_str(in, "leave_at")) >= 0)
        field_errors_add(errors, STR("leave_at"), "range",
                         "早退の時刻は、登校の時刻よりあとにしてください。");
    days_fit(in, errors);
}

/* A correction says the whole report, a cancellation nothing but why. */
static void request_fits(const struct checked *in, struct field_errors *errors)
{
    static const char *const whole[] = { "first_day", "kind" };
    static const char *const content[] = { "first_day", "last_day", "kind",     "arrive_at",   "leave_at",
                                           "reason_id", "pick_up",  "symptoms", "pick_up_note" };
    bool correct = str_eq(checked_str(in, "action"), STR("correct"));
    for (size_t i = 0; correct && i < sizeof whole / sizeof *whole; i++)
        if (!checked_has(in, whole[i]))
            field_errors_add(errors, str_c(whole[i]), "required", "入力してください。");
    for (size_t i = 0; !correct && i < sizeof content / sizeof *content; i++)
        if (checked_has(in, content[i]))
            field_errors_add(errors, str_c(content[i]), "unexpected", "取り消しにはつけられません。");
    if (correct) content_fits(in, errors);
}

/* One version for each report, as a number. */
static void versions_fit(const struct checked *in, struct field_errors *errors)
{
    const struct value *ids = checked_get(in, "absence_ids"), *versions = checked_get(in, "versions");
    if (!ids || !versions) return;
    bool fits = versions->array.n == ids->array.n;
    int64_t version = 1;
    for (size_t i = 0; fits && i < versions->array.n; i++)
        fits = str_to_i64(versions->array.at[i].str, &version) && version > 0 && version <= INT32_MAX;
    if (!fits) field_errors_add(errors, STR("versions"), "range", "連絡と同じ数の版を指定してください。");
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
    { POST, "/absences/{id}/requests", .may = GUARDIAN, .takes = new_request, .check = request_fits,
      .runs = &absence_request, .gives = NEW_ROW, .flags = NEEDS_KEY,
      .says = "締め切りのあとで、訂正や取り消しを学校に頼む" },
    { GET, "/absences/{id}/requests", .may = GUARDIAN | STAFF, .takes = one_absence,
      .runs = &absence_requests_of, .gives = ROWS, .says = "連絡についての頼みごとと、その結果" },
    { POST, "/requests/{id}/decide", .may = STAFF, .takes = decision, .runs = &absence_request_decide,
      .gives = ROW, .says = "頼まれた訂正や取り消しを、認める・見送る" },
    { POST, "/requests/{id}/withdraw", .may = GUARDIAN, .takes = taken_back, .runs = &absence_request_decide,
      .gives = ROW, .says = "頼んだことを取り下げる" },
    { POST, "/absences/{id}/acknowledge", .may = STAFF, .takes = seen_absence, .runs = &absence_acknowledge,
      .gives = ROW, .says = "連絡を確認したと知らせる" },
    { POST, "/classes/{class_id}/acknowledge", .may = STAFF, .takes = seen_absences, .check = versions_fit,
      .runs = &class_acknowledge, .gives = ROWS, .says = "学級の連絡をまとめて確認する" },
    { 0 },
};

static const struct problem problems[] = {
    { "already_reported", 409, "この日の連絡は、すでに届いています。" },
    { "after_cutoff", 409, "訂正・取り消しの受付時刻を過ぎました。学校へお電話ください。" },
    { "already_cancelled", 409, "この連絡は取り消されています。" },
    { "no_school_day", 422, "授業のない日だけの連絡はできません。" },
    { "outside_hours", 409, "いまは連絡の受付時間の外です。お急ぎのときは学校へお電話ください。" },
    { "past_day", 422, "過ぎた日の連絡はできません。" },
    { "time_needed", 422, "時刻を入力してください。" },
    { "not_standing", 422, "長期の欠席の届けがない日です。登校の連絡はいりません。" },
    { "still_open", 409, "まだ締め切り前です。ご自分で訂正・取り消しができます。" },
    { "already_requested", 409, "この連絡については、すでに学校に頼んでいます。" },
    { "already_decided", 409, "この頼みごとには、すでに返事がされています。" },
    { "too_far", 422, "60日より先の連絡はできません。" },
    { 0 },
};

static const struct refusal refusals[] = {
    { "absences_once", "already_reported" },
    { "absence_requests_open", "already_requested" },
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

static const struct topic request_topics[] = {
    { "class", "class_id", .also = "exchange_class_id", .may = STAFF, .allows = &may_follow_class,
      .snapshot = &requests_of_class, .object = OBJECT_CLASS },
    { "school", "school_id", .may = OFFICE, .allows = &may_follow_school, .snapshot = &requests_of_school,
      .object = OBJECT_SCHOOL },
    { "student", "student_id", .may = GUARDIAN, .allows = &may_follow_student,
      .snapshot = &requests_of_student, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct feed feeds[] = {
    { "absences", .changed = &absences_changed, .topics = topics },
    { "requests", .changed = &requests_changed, .topics = request_topics },
    { 0 },
};

static const struct gauge gauges[] = {
    { "city",
      .feeds = { "absences", "attendance", "rolls", "standing", "illnesses", "closures", "inquiries" },
      .column = "school_id", .reads = &city_counts, .snapshot = &city_counts_all, .may = BOARD,
      .allows = &may_follow_city, .every_ms = 250 },
    { "classes", .feeds = { "absences", "attendance", "rolls", "standing", "illnesses", "inquiries" },
      .column = "class_id", .reads = &class_counts, .scope = "school", .by = "school_id",
      .snapshot = &class_counts_of_school, .may = OFFICE | BOARD, .allows = &may_follow_counts,
      .every_ms = 250, .object = OBJECT_SCHOOL },
    { "arrivals", .feeds = { "absences" }, .reads = &arrivals_today, .snapshot = &arrivals_today,
      .may = BOARD, .allows = &may_follow_city, .every_ms = 1000 },
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
