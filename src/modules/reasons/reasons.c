#include "engine/module.h"

#include "reasons.sql.h"

static const char *const kinds[] = { "absent", "late", "leave_early", "late_and_leave_early", NULL };
static const char *const counts[] = { "absent", "suspended", "late", "leave_early", "present", NULL };

// clang-format off
#define REASON                                                                                                 \
    { "label", FROM_BODY, LINE, REQUIRED, .max = 40, .help = "保護者に見せることば" },                         \
    { "label_en", FROM_BODY, LINE, OPTIONAL, .max = 80, .help = "英語" },                                      \
    { "label_zh", FROM_BODY, LINE, OPTIONAL, .max = 80, .help = "中国語" },                                    \
    { "label_vi", FROM_BODY, LINE, OPTIONAL, .max = 80, .help = "ベトナム語" },                                \
    { "label_pt", FROM_BODY, LINE, OPTIONAL, .max = 80, .help = "ポルトガル語" },                              \
    { "needs_note", FROM_BODY, BOOL, REQUIRED, .help = "連絡の文がなければならないか" },                       \
    { "kinds", FROM_BODY, ENUM_LIST, REQUIRED, .of = kinds, .help = "どの連絡で選べるか" },                    \
    { "asks_symptoms", FROM_BODY, BOOL, REQUIRED, .help = "症状をたずねるか" },                                \
    { "asks_times", FROM_BODY, BOOL, REQUIRED, .help = "時刻がなければならないか" },                           \
    { "mark", FROM_BODY, LINE, OPTIONAL, .max = 32, .help = "出席簿の記号" },                                  \
    { "external_code", FROM_BODY, LINE, OPTIONAL, .max = 40, .help = "スズキ校務のコード" },                   \
    { "active", FROM_BODY, BOOL, OPTIONAL, .help = "なければ true" }
// clang-format on

static const struct field one_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};

static const struct field new_reason[] = {
    { "school_id", FROM_BODY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の標準" },
    { "overrides", FROM_BODY, ID, OPTIONAL, .help = "この市の標準の代わり" },
    REASON,
    { 0 },
};

static const struct field edited_reason[] = {
    { "reason_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_REASON },
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    REASON,
    { 0 },
};

static const struct field one_reason[] = {
    { "reason_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_REASON },
    { 0 },
};

static const struct field ordered[] = {
    { "school_id", FROM_BODY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の標準" },
    { "reason_ids", FROM_BODY, ID_LIST, REQUIRED, .max = 100, .help = "上からの順" },
    { 0 },
};

static const struct field mark[] = {
    { "code", FROM_BODY, LINE, REQUIRED, .max = 32, .help = "記号の名（変わらない）" },
    { "version", FROM_BODY, INT, REQUIRED, .min = 0, .max = INT32_MAX, .help = "見て直した版。新しければ0" },
    { "label", FROM_BODY, LINE, REQUIRED, .max = 20, .help = "病欠など" },
    { "symbol", FROM_BODY, LINE, REQUIRED, .max = 4, .help = "出席簿に書く印" },
    { "counts_as", FROM_BODY, ENUM, REQUIRED, .of = counts, .help = "何に数えるか" },
    { "external_code", FROM_BODY, LINE, OPTIONAL, .max = 40, .help = "スズキ校務のコード" },
    { 0 },
};

static void new_fits(const struct checked *in, struct field_errors *errors)
{
    if (checked_has(in, "overrides") && !checked_has(in, "school_id"))
        field_errors_add(errors, STR("overrides"), "unexpected", "市の標準に代わりは作れません。");
}

static const struct route routes[] = {
    { GET, "/schools/{school_id}/reasons", .may = STAFF | BOARD, .takes = one_school,
      .runs = &reasons_of_school, .gives = ROWS, .says = "学校の理由（使わないもの、市の標準を含む）" },
    { GET, "/city/reasons", .may = BOARD, .runs = &reasons_of_city, .gives = ROWS,
      .says = "理由の、市の標準" },
    { POST, "/reasons", .may = OFFICE | BOARD, .takes = new_reason, .check = new_fits, .runs = &reason_make,
      .gives = NEW_ROW, .flags = NEEDS_KEY, .says = "理由を加える" },
    { POST, "/reasons/order", .may = OFFICE | BOARD, .takes = ordered, .runs = &reasons_order, .gives = ROWS,
      .says = "理由を並べかえる" },
    { PUT, "/reasons/{reason_id}", .may = OFFICE | BOARD, .takes = edited_reason, .runs = &reason_edit,
      .gives = ROW, .says = "理由を直す、使わないことにする" },
    { DELETE, "/reasons/{reason_id}", .may = OFFICE | BOARD, .takes = one_reason, .runs = &reason_remove,
      .gives = NOTHING, .says = "使われたことのない理由を消す、市の標準に戻す" },
    { GET, "/marks", .may = STAFF | BOARD, .runs = &marks_list, .gives = ROWS, .says = "出席簿の記号" },
    { PUT, "/marks", .may = BOARD, .takes = mark, .runs = &mark_put, .gives = ROW,
      .says = "出席簿の記号を加える、直す" },
    { 0 },
};

static const struct problem problems[] = {
    { "reason_in_use", 409, "使われたことがある理由は消せません。使わないことにしてください。" },
    { "already_overridden", 409, "この市の標準には、すでに学校のことばがあります。" },
    { "reason_taken", 409, "同じことばの理由があります。" },
    { 0 },
};

static const struct refusal refusals[] = {
    { "reasons_by_label", "reason_taken" },
    { "reasons_overridden", "already_overridden" },
    { 0 },
};

const struct module reasons_module = {
    .name = "reasons",
    .routes = routes,
    .problems = problems,
    .refusals = refusals,
    .statements = reasons_statements,
};
