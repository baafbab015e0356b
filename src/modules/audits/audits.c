#include "engine/module.h"

#include "audits.sql.h"

#define PAGE(most)                                                                                              \
    { "from", FROM_QUERY, DATE, OPTIONAL, .help = "この日から" },                                               \
        { "to", FROM_QUERY, DATE, OPTIONAL, .help = "この日まで" },                                             \
    {                                                                                                           \
        "limit", FROM_QUERY, INT, OPTIONAL, .min = 1, .max = (most), .help = "何行まで（なければ50）" \
    }

static const struct field filters[] = {
    { "school_id", FROM_QUERY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "どの学校の記録か" },
    PAGE(10000),
    { "account_id", FROM_QUERY, ID, OPTIONAL, .help = "だれがしたか" },
    { "action", FROM_QUERY, LINE, OPTIONAL, .max = 60, .help = "何をしたか" },
    { "object_kind", FROM_QUERY, LINE, OPTIONAL, .max = 40, .help = "対象の種類" },
    { "object_id", FROM_QUERY, ID, OPTIONAL, .help = "対象" },
    { "student_id", FROM_QUERY, ID, OPTIONAL, .help = "どの子についてか" },
    { "person_id", FROM_QUERY, ID, OPTIONAL, .help = "だれについてか" },
    { "before", FROM_QUERY, ID, OPTIONAL, .help = "この行より前" },
    { 0 },
};

static const struct field one_child[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    PAGE(200),
    { "before", FROM_QUERY, ID, OPTIONAL, .help = "この時（moment）より前" },
    { 0 },
};

/* Codes of the program: what else is typed would stand in the log. */
static void code_fits(const struct checked *in, struct field_errors *errors, const char *field)
{
    struct str code = checked_str(in, field);
    for (size_t i = 0; i < code.n; i++)
        if (code.at[i] != '_' && (code.at[i] < 'a' || code.at[i] > 'z')) {
            field_errors_add(errors, str_c(field), "format", "一覧にあるものを選んでください。");
            return;
        }
}

static void days_fit(const struct checked *in, struct field_errors *errors)
{
    if (checked_has(in, "from") && checked_has(in, "to") &&
        str_cmp(checked_str(in, "from"), checked_str(in, "to")) > 0)
        field_errors_add(errors, STR("to"), "range",
                         "終わりの日は、始まりの日かそれよりあとにしてください。");
}

static void filters_fit(const struct checked *in, struct field_errors *errors)
{
    days_fit(in, errors);
    code_fits(in, errors, "action");
    code_fits(in, errors, "object_kind");
}

static const struct sheet_word actor_kinds[] = {
    { "staff", "教職員" },
    { "board", "教育委員会" },
    { "operator", "運用担当" },
    { "guardian", "保護者" },
    { "gone", "退会" },
    { "system", "自動" },
    { 0 },
};

static const struct sheet_column audit_columns[] = {
    { "at", "日時" },
    { "actor_kind", "立場", actor_kinds },
    { "actor_name", "だれが" },
    { "account_id", "利用者番号" },
    { "action", "操作" },
    { "object_kind", "対象の種類" },
    { "object_id", "対象の番号" },
    { "school_name", "学校" },
    { "student_id", "児童生徒の番号" },
    { "person_id", "対象の利用者番号" },
    { 0 },
};
static const struct sheet audit_sheet = { "操作の記録", audit_columns };

static const struct route routes[] = {
    { GET, "/audit", .may = OFFICE | BOARD, .takes = filters, .check = filters_fit, .runs = &audit_list,
      .gives = ROWS, .sheet = &audit_sheet, .says = "だれが、いつ、何を見たか・変えたか" },
    { GET, "/students/{student_id}/audit", .may = OFFICE | BOARD, .takes = one_child, .check = days_fit,
      .runs = &audit_of_child, .gives = ROWS, .says = "この子の情報に起きたことのすべて" },
    { 0 },
};

const struct module audits_module = {
    .name = "audits",
    .routes = routes,
    .statements = audits_statements,
};
