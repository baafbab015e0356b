#include "engine/module.h"

#include "absence_list.sql.h"

#define DAYS_MAX 366

static const char *const kinds[] = {
    "absent", "late", "leave_early", "late_and_leave_early", "attend", NULL
};
static const char *const states[] = { "unacknowledged", "acknowledged", "cancelled", NULL };
static const char *const vias[] = { "guardian", "school", NULL };
static const char *const aways[] = { "suspended", "standing", NULL };
static const char *const sorts[] = { "class", "arrival", "day", NULL };

// clang-format off
#define FILTERS                                                                                                \
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },                                         \
    { "from", FROM_BODY, DATE, REQUIRED, .help = "この日から" },                                               \
    { "to", FROM_BODY, DATE, REQUIRED, .help = "この日まで（366日以内）" },                                    \
    { "grade", FROM_BODY, INT, OPTIONAL, .min = 1, .max = 9, .help = "この学年だけ" },                         \
    { "class_id", FROM_BODY, ID, OPTIONAL, .help = "この学級だけ（交流学級の子も）" },                         \
    { "kind", FROM_BODY, ENUM, OPTIONAL, .of = kinds, .help = "遅刻して早退は、遅刻にも早退にも入ります" },    \
    { "reason_id", FROM_BODY, ID, OPTIONAL, .help = "この理由だけ" },                                          \
    { "state", FROM_BODY, ENUM, OPTIONAL, .of = states, .help = "未確認・確認済み・取り消し" },                \
    { "via", FROM_BODY, ENUM, OPTIONAL, .of = vias, .help = "保護者から、または学校が電話などで" },            \
    { "away", FROM_BODY, ENUM, OPTIONAL, .of = aways, .help = "出席停止の子、または長期欠席の子の連絡だけ" },  \
    { "q", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 40, .help = "名前・よみがな・連絡の文の一部" },        \
    { "sort", FROM_BODY, ENUM, OPTIONAL, .of = sorts, .help = "学級と出席番号・届いた順・日の順" }
// clang-format on

static const struct field list[] = {
    FILTERS,
    { "after", FROM_BODY, LINE, OPTIONAL, .max = 140, .help = "この行（key を . でつないだもの）のあとから" },
    { 0 },
};
static const struct field file[] = { FILTERS, { 0 } };

static const struct field city_file[] = {
    { "from", FROM_QUERY, DATE, REQUIRED, .help = "この日から" },
    { "to", FROM_QUERY, DATE, REQUIRED, .help = "この日まで（366日以内）" },
    { "kind", FROM_QUERY, ENUM, OPTIONAL, .of = kinds, .help = "この種類だけ" },
    { "state", FROM_QUERY, ENUM, OPTIONAL, .of = states, .help = "未確認・確認済み・取り消し" },
    { 0 },
};

static const struct field sheet_of_day[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "day", FROM_QUERY, DATE, REQUIRED, .help = "いつの" },
    { "class_id", FROM_QUERY, ID, OPTIONAL, .help = "この学級だけ" },
    { 0 },
};

static const struct sheet_word kind_words[] = {
    { "absent", "欠席" },      { "late", "遅刻" },
    { "leave_early", "早退" }, { "late_and_leave_early", "遅刻・早退" },
    { "attend", "登校" },      { 0 }
};
static const struct sheet_word state_words[] = {
    { "unacknowledged", "未確認" }, { "acknowledged", "確認済み" }, { "cancelled", "取り消し" }, { 0 }
};
static const struct sheet_word away_words[] = { { "suspended", "出席停止" },
                                                { "standing", "長期欠席" },
                                                { 0 } };
static const struct sheet_word via_words[] = { { "guardian", "保護者" },
                                               { "school", "学校（電話など）" },
                                               { 0 } };
static const struct sheet_word symptom_words[] = { { "fever", "発熱" },
                                                   { "headache", "頭痛" },
                                                   { "respiratory", "せき・鼻水" },
                                                   { "diarrhea", "下痢・腹痛" },
                                                   { "nausea", "吐き気・嘔吐" },
                                                   { "rash", "発疹" },
                                                   { "flu_like", "インフルエンザ様" },
                                                   { "other", "その他" },
                                                   { 0 } };
static const struct sheet_word pick_up_words[] = {
    { "alone", "一人で帰る" }, { "guardian", "保護者の迎え" }, { "other_person", "ほかの人の迎え" }, { 0 }
};

static const struct sheet_column absence_columns[] = {
    { "grade", "学年" },
    { "class_name", "学級" },
    { "number", "出席番号" },
    { "student_name", "氏名" },
    { "student_kana", "よみがな" },
    { "first_day", "最初の日" },
    { "last_day", "最後の日" },
    { "kind", "種類", kind_words },
    { "away", "出席停止など", away_words },
    { "arrive_at", "登校時刻" },
    { "leave_at", "早退時刻" },
    { "reason", "理由" },
    { "note", "連絡の内容" },
    { "symptoms", "症状", symptom_words },
    { "pick_up", "帰り方", pick_up_words },
    { "pick_up_note", "迎えの人" },
    { "via", "連絡した人", via_words },
    { "reported_at", "受付" },
    { "state", "状態", state_words },
    { "acknowledged_at", "確認" },
    { 0 },
};
static const struct sheet absence_sheet = { "欠席等の連絡", absence_columns, &absences_about };

static const struct sheet_column city_columns[] = {
    { "school", "学校" },
    { "grade", "学年" },
    { "class_name", "学級" },
    { "first_day", "最初の日" },
    { "last_day", "最後の日" },
    { "kind", "種類", kind_words },
    { "reason", "理由" },
    { "via", "連絡した人", via_words },
    { "state", "状態", state_words },
    { "reported_at", "受付" },
    { 0 },
};
static const struct sheet city_sheet = { "市全体の欠席等", city_columns, &city_absences_about };

static void period_fits(const struct checked *in, struct field_errors *errors)
{
    int64_t days = date_days(checked_str(in, "to")) - date_days(checked_str(in, "from")) + 1;
    if (days < 1) field_errors_add(errors, STR("to"), "range", "最初の日かそれよりあとにしてください。");
    if (days > DAYS_MAX) field_errors_add(errors, STR("to"), "range", "期間は366日までにしてください。");
}

static const struct route routes[] = {
    { POST, "/schools/{school_id}/absences/list", .may = STAFF, .takes = list, .check = period_fits,
      .runs = &absences_list, .gives = ROWS, .flags = READS, .says = "連絡の一覧（200件ずつ）" },
    { POST, "/schools/{school_id}/absences/file", .may = STAFF, .takes = file, .check = period_fits,
      .runs = &absences_file, .gives = ROWS, .flags = READS | ONLY_FILES, .sheet = &absence_sheet,
      .says = "連絡の一覧のファイル" },
    { GET, "/city/absences", .may = BOARD, .takes = city_file, .check = period_fits, .runs = &city_absences,
      .gives = ROWS, .flags = ONLY_FILES, .sheet = &city_sheet,
      .says = "市全体の連絡のファイル（名前・出席番号・連絡の文なし）" },
    { GET, "/schools/{school_id}/day-sheets", .may = STAFF, .takes = sheet_of_day, .runs = &day_sheet,
      .gives = ROWS, .says = "学級ごとの一日の表" },
    { 0 },
};

const struct module absence_list_module = {
    .name = "absence_list",
    .routes = routes,
    .statements = absence_list_statements,
};
