#include "engine/module.h"

#include "intake.sql.h"

static const char *const days[] = { "every", "weekdays", "school_days", "days_off", "dates", NULL };
static const char *const kinds[] = { "absent", "late", "leave_early", "late_and_leave_early", NULL };
static const char *const abouts[] = { "same_day", "any", NULL };

// clang-format off
#define RULE                                                                                                   \
    { "days", FROM_BODY, ENUM, REQUIRED, .of = days, .help = "毎日・曜日・登校日・休業日・日付" },             \
    { "weekdays", FROM_BODY, ID_LIST, OPTIONAL, .max = 7, .help = "曜日（1が月曜、7が日曜）" },                \
    { "first_day", FROM_BODY, DATE, OPTIONAL, .help = "日付の初め" },                                          \
    { "last_day", FROM_BODY, DATE, OPTIONAL, .help = "日付の終わり（なければ初めと同じ）" },                   \
    { "from_time", FROM_BODY, TIME, REQUIRED, .help = "この時刻から" },                                        \
    { "to_time", FROM_BODY, TIME, REQUIRED, .help = "この時刻まで（始まり以前なら翌日）" },                    \
    { "kinds", FROM_BODY, ENUM_LIST, REQUIRED, .of = kinds, .help = "受け付けない連絡の種類" },                \
    { "about", FROM_BODY, ENUM, REQUIRED, .of = abouts, .help = "当日の連絡だけか、どの日の連絡もか" },        \
    { "message", FROM_BODY, LINE, REQUIRED, .max = 200, .help = "保護者への文" },                              \
    { "active", FROM_BODY, BOOL, OPTIONAL, .help = "なければ true" }
// clang-format on

static const struct field one_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};

static const struct field new_rule[] = {
    { "school_id", FROM_BODY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の標準" },
    { "overrides", FROM_BODY, ID, OPTIONAL, .help = "この市の標準の代わり" },
    RULE,
    { 0 },
};

static const struct field edited_rule[] = {
    { "rule_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_INTAKE_RULE },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    RULE,
    { 0 },
};

static const struct field one_rule[] = {
    { "rule_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_INTAKE_RULE },
    { 0 },
};

static const struct field edited_times[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    { "correct_until", FROM_BODY, TIME, REQUIRED, .help = "保護者が当日の連絡を直せる時刻の終わり" },
    { "escalate_at", FROM_BODY, TIME, REQUIRED, .help = "未確認の連絡を職員室に知らせる時刻" },
    { "escalate_again_at", FROM_BODY, TIME, OPTIONAL, .help = "もう一度知らせる時刻（なければ一度だけ）" },
    { 0 },
};

static void times_follow(const struct checked *in, struct field_errors *errors)
{
    if (!checked_has(in, "escalate_again_at") ||
        str_cmp(checked_str(in, "escalate_again_at"), checked_str(in, "escalate_at")) > 0)
        return;
    field_errors_add(errors, STR("escalate_again_at"), "range", "一度目の時刻より後にしてください。");
}

/* What belongs to one choice of days, and to no other. */
static void belongs(const struct checked *in, struct field_errors *errors, const char *field,
                    const char *chosen)
{
    bool needed = str_eq(checked_str(in, "days"), str_c(chosen));
    if (checked_has(in, field) == needed) return;
    field_errors_add(errors, str_c(field), needed ? "required" : "unexpected",
                     needed ? "日を選んでください。" : "この選び方では使えません。");
}

static void rule_fits(const struct checked *in, struct field_errors *errors)
{
    belongs(in, errors, "weekdays", "weekdays");
    belongs(in, errors, "first_day", "dates");
    if (!checked_has(in, "last_day")) return;
    if (!checked_has(in, "first_day")) {
        field_errors_add(errors, STR("last_day"), "unexpected", "この選び方では使えません。");
        return;
    }
    int64_t n = date_days(checked_str(in, "last_day")) - date_days(checked_str(in, "first_day")) + 1;
    if (n < 1 || n > 366)
        field_errors_add(errors, STR("last_day"), "range", "日付は、初めの日から1年までにしてください。");
}

static void new_fits(const struct checked *in, struct field_errors *errors)
{
    rule_fits(in, errors);
    if (checked_has(in, "overrides") && !checked_has(in, "school_id"))
        field_errors_add(errors, STR("overrides"), "unexpected", "市の標準に代わりは作れません。");
}

static const struct route routes[] = {
    { GET, "/schools/{school_id}/intake", .may = STAFF | BOARD, .takes = one_school,
      .runs = &intake_of_school, .gives = ROWS, .says = "学校の受付時間の決まり（市の標準を含む）" },
    { GET, "/city/intake", .may = BOARD, .runs = &intake_of_city, .gives = ROWS,
      .says = "受付時間の、市の標準" },
    { GET, "/children/intake", .may = GUARDIAN, .runs = &children_intake, .gives = ROWS,
      .says = "自分の子の学校で、連絡を受け付けない時間（あさってまで）" },
    { POST, "/intake", .may = OFFICE | BOARD, .takes = new_rule, .check = new_fits, .runs = &intake_make,
      .gives = NEW_ROW, .flags = NEEDS_KEY, .says = "受け付けない時間を加える" },
    { PUT, "/intake/{rule_id}", .may = OFFICE | BOARD, .takes = edited_rule, .check = rule_fits,
      .runs = &intake_edit, .gives = ROW, .says = "受け付けない時間を直す" },
    { DELETE, "/intake/{rule_id}", .may = OFFICE | BOARD, .takes = one_rule, .runs = &intake_remove,
      .gives = NOTHING, .says = "受け付けない時間を消す" },
    { GET, "/schools/{school_id}/times", .may = STAFF | BOARD, .takes = one_school, .runs = &times_of_school,
      .gives = ROW, .says = "学校の締め切り" },
    { PUT, "/schools/{school_id}/times", .may = OFFICE | BOARD, .takes = edited_times, .check = times_follow,
      .runs = &times_edit, .gives = ROW, .says = "学校の締め切りを変える" },
    { 0 },
};

static const struct problem problems[] = {
    { "already_overridden", 409, "この市の標準には、すでに学校の決まりがあります。" },
    { 0 },
};

static const struct refusal refusals[] = {
    { "intake_rules_overridden", "already_overridden" },
    { 0 },
};

const struct module intake_module = {
    .name = "intake",
    .routes = routes,
    .problems = problems,
    .refusals = refusals,
    .statements = intake_statements,
};
