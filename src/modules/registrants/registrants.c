#include "engine/module.h"

#include "registrants.sql.h"

static const char *const states[] = { "registered", "missing",         "mail_problem",
                                      "unreached",  "never_signed_in", NULL };
static const char *const relations[] = { "mother", "father", "grandparent", "other", NULL };
static const char *const rights[] = { "report", "read", "contact", "blocked", NULL };

// clang-format off
#define GUARDIAN_OF_STUDENT                                                                                    \
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },                                       \
    { "account_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ACCOUNT }
// clang-format on

static const struct field one_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};
static const struct field search[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { "q", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 20, .help = "かなの初めの数文字" },
    { "class_id", FROM_BODY, ID, OPTIONAL, .help = "この学級だけ" },
    { "state", FROM_BODY, ENUM, OPTIONAL, .of = states,
      .help = "登録済み・未登録・メールが届かない・何も届かない・ログインしたことがない" },
    { 0 },
};
static const struct field one_student[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { 0 },
};
static const struct field one_guardian[] = { GUARDIAN_OF_STUDENT, { 0 } };
static const struct field changed_guardian[] = {
    GUARDIAN_OF_STUDENT,
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て直した版" },
    { "relation", FROM_BODY, ENUM, REQUIRED, .of = relations, .help = "続柄" },
    { "rights", FROM_BODY, ENUM, REQUIRED, .of = rights, .help = "連絡と閲覧・閲覧のみ・連絡先のみ・停止" },
    { "valid_from", FROM_BODY, DATE, REQUIRED, .help = "最初の日" },
    { "valid_to", FROM_BODY, DATE, OPTIONAL, .help = "最後の日（なければ終わりなし）" },
    { 0 },
};
static const struct field named_guardian[] = {
    GUARDIAN_OF_STUDENT,
    { "version", FROM_BODY, INT, REQUIRED, .min = 1, .max = INT32_MAX,
      .help = "見て直した名前の版（names_version）" },
    { "family_name", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 40, .help = "姓" },
    { "given_name", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 40, .help = "名" },
    { "family_kana", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 60, .help = "姓のよみがな" },
    { "given_kana", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 60, .help = "名のよみがな" },
    { 0 },
};
static const struct field seen_guardian[] = {
    GUARDIAN_OF_STUDENT,
    { "version", FROM_QUERY, INT, REQUIRED, .min = 1, .max = INT32_MAX, .help = "見て外した版" },
    { 0 },
};

static const struct sheet_word state_words[] = { { "missing", "未登録" },
                                                 { "registered", "登録済み" },
                                                 { 0 } };
static const struct sheet_word relation_words[] = {
    { "mother", "母" }, { "father", "父" }, { "grandparent", "祖父母" }, { "other", "その他" }, { 0 }
};
static const struct sheet_word rights_words[] = { { "report", "連絡と閲覧" },
                                                  { "read", "閲覧のみ" },
                                                  { "contact", "連絡先のみ" },
                                                  { "blocked", "停止" },
                                                  { 0 } };
static const struct sheet_word mail_words[] = {
    { "none", "なし" }, { "ok", "届く" }, { "problem", "届かない" }, { 0 }
};
static const struct sheet_word unreached_words[] = {
    { "no_address", "メールアドレスも、通知を受け取る端末もありません" },
    { "undeliverable", "メールが届かず、通知を受け取る端末もありません" },
    { 0 },
};
static const struct sheet_column registrant_columns[] = {
    { "grade", "学年" },
    { "class_name", "学級" },
    { "number", "出席番号" },
    { "student_name", "児童生徒" },
    { "student_kana", "よみがな" },
    { "state", "登録", state_words },
    { "guardian_name", "保護者" },
    { "relation", "続柄", relation_words },
    { "rights", "権限", rights_words },
    { "last_signed_in", "最終ログイン" },
    { "mail", "メール", mail_words },
    { "unreached", "連絡が届かない理由", unreached_words },
    { 0 },
};
static const struct sheet registrant_sheet = { "登録者一覧", registrant_columns };

static void period_fits(const struct checked *in, struct field_errors *errors)
{
    if (checked_has(in, "valid_to") &&
        str_cmp(checked_str(in, "valid_to"), checked_str(in, "valid_from")) < 0)
        field_errors_add(errors, STR("valid_to"), "range",
                         "最後の日は、最初の日かそれよりあとにしてください。");
}

static const struct route routes[] = {
    { GET, "/schools/{school_id}/registrants", .may = STAFF | BOARD, .takes = one_school,
      .runs = &registrant_classes, .gives = ROWS, .says = "学級ごとの登録者の数" },
    { POST, "/schools/{school_id}/registrants/search", .may = STAFF | BOARD, .takes = search,
      .runs = &registrants_search, .gives = ROWS, .flags = READS, .says = "登録者の一覧" },
    { POST, "/schools/{school_id}/registrants/list", .may = STAFF | BOARD, .takes = search,
      .runs = &registrants_list, .gives = ROWS, .flags = READS, .sheet = &registrant_sheet,
      .says = "登録者の一覧（CSV・Excelでも）" },
    { GET, "/students/{student_id}/guardians", .may = STAFF | BOARD, .takes = one_student,
      .runs = &guardians_of_student, .gives = ROWS, .says = "児童生徒の保護者" },
    { GET, "/students/{student_id}/guardians/versions", .may = OFFICE | BOARD, .takes = one_student,
      .runs = &guardian_versions, .gives = ROWS, .says = "保護者のつながりの履歴" },
    { PUT, "/students/{student_id}/guardians/{account_id}", .may = OFFICE | BOARD, .takes = changed_guardian,
      .check = period_fits, .runs = &guardian_change, .gives = ROW, .says = "保護者の権限を変える" },
    { PUT, "/students/{student_id}/guardians/{account_id}/names", .may = OFFICE | BOARD,
      .takes = named_guardian, .check = person_names_check, .runs = &guardian_names_change, .gives = ROW,
      .says = "保護者の名前を直す" },
    { DELETE, "/students/{student_id}/guardians/{account_id}", .may = OFFICE | BOARD, .takes = seen_guardian,
      .runs = &guardian_remove, .gives = NOTHING, .says = "保護者のつながりを外す" },
    { POST, "/students/{student_id}/guardians/{account_id}/reset", .may = OFFICE | BOARD,
      .takes = one_guardian, .runs = &guardian_reset, .gives = NEW_ROW, .says = "再設定コードを作る" },
    { POST, "/students/{student_id}/guardians/{account_id}/forget-email", .may = OFFICE | BOARD,
      .takes = one_guardian, .runs = &guardian_forget_email, .gives = NOTHING,
      .says = "使えなくなったメールアドレスを外す" },
    { 0 },
};

static const struct problem problems[] = {
    { "is_staff", 409,
      "教職員のアカウントは、ここでは変更できません。管理者または教育委員会にご連絡ください。" },
    { 0 },
};

const struct module registrants_module = {
    .name = "registrants",
    .routes = routes,
    .problems = problems,
    .statements = registrants_statements,
};
