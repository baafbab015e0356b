#include "engine/module.h"

#include "accounts.sql.h"
#include "password.h"
#include "person_name.h"

static const char *const relations[] = { "mother", "father", "grandparent", "other", NULL };
static const char *const languages[] = { "ja", "ja-Easy", "en", "zh-Hans", "zh-Hant", "ko", "vi", "pt", "es", "fil", "ne", "id", NULL };

// clang-format off
#define TOKEN { "token", FROM_BODY, LINE, REQUIRED | SECRET, .max = 100, .help = "はじめの答えにあった token" }
#define MAIL_CODE { "mail_code", FROM_BODY, LINE, REQUIRED | SECRET, .max = 20, .help = "メールで届いた6桁の数字" }
#define PASSWORD                                                                                               \
    { "password", FROM_BODY, LINE, REQUIRED | SECRET, .min = PASSWORD_MIN, .max = PASSWORD_MAX,                \
      .help = "新しいパスワード（8文字以上）" }
#define NAMES                                                                                                  \
    { "family_name", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 40, .help = "姓" },                          \
    { "given_name", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 40, .help = "名" },                           \
    { "family_kana", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 60, .help = "姓のよみがな" },                \
    { "given_kana", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 60, .help = "名のよみがな" }
#define RELATION { "relation", FROM_BODY, ENUM, REQUIRED, .of = relations, .help = "お子さまとの続柄" }
// clang-format on

static const struct field beginning[] = {
    { "code", FROM_BODY, LINE, REQUIRED | SECRET, .max = 40, .help = "登録コード" },
    { "email", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 254, .help = "なければメールなしの登録" },
    { 0 },
};
static const struct field token_alone[] = { TOKEN, { 0 } };
static const struct field token_and_digits[] = { TOKEN, MAIL_CODE, { 0 } };
static const struct field registration[] = {
    TOKEN,
    NAMES,
    RELATION,
    PASSWORD,
    { "consent_version", FROM_BODY, LINE, REQUIRED, .max = 40, .help = "同意した規約の版" },
    { "language", FROM_BODY, ENUM, OPTIONAL, .of = languages, .help = "使う言語（なければ日本語）" },
    { 0 },
};
static const struct field whose[] = {
    { "login", FROM_BODY, LINE, OPTIONAL | PERSONAL, .min = 1, .max = 254,
      .help = "利用者ID、またはメールアドレス" },
    { "code", FROM_BODY, LINE, OPTIONAL | SECRET, .min = 1, .max = 40, .help = "学校の窓口の再設定コード" },
    { 0 },
};
static const struct field token_and_password[] = { TOKEN, PASSWORD, { 0 } };
static const struct field names[] = { NAMES, { 0 } };
static const struct field one_language[] = {
    { "language", FROM_BODY, ENUM, REQUIRED, .of = languages },
    { 0 },
};
static const struct field both_passwords[] = {
    { "old_password", FROM_BODY, LINE, OPTIONAL | SECRET, .max = PASSWORD_MAX,
      .help = "いまのパスワード" },
    PASSWORD,
    { 0 },
};
static const struct field new_email[] = {
    { "email", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 254 },
    { "password", FROM_BODY, LINE, REQUIRED | SECRET, .max = PASSWORD_MAX, .help = "いまのパスワード" },
    { 0 },
};
static const struct field both_digits[] = {
    MAIL_CODE,
    { "old_mail_code", FROM_BODY, LINE, OPTIONAL | SECRET, .max = 20,
      .help = "いまのアドレスに届いた6桁の数字" },
    { 0 },
};
static const struct field stop_code[] = {
    { "code", FROM_BODY, LINE, REQUIRED | SECRET, .max = 40, .help = "お知らせのメールの取り消しコード" },
    { 0 },
};
static const struct field another_child[] = {
    { "code", FROM_BODY, LINE, REQUIRED | SECRET, .max = 40, .help = "登録コード" },
    RELATION,
    { 0 },
};

static void one_of_both(const struct checked *in, struct field_errors *errors)
{
    if (checked_has(in, "login") == checked_has(in, "code"))
        field_errors_add(errors, STR("login"), "required",
                         "利用者IDかメールアドレス、または再設定コードのどちらかを入力してください。");
}

/* ---- a new password ---- */

/* `known` holds what the database knows of the person; the names may also have been sent. */
static bool is_weak(struct request *rq, struct rows known, bool names_sent)
{
    const struct checked *in = request_in(rq);
    static const char *const sent[] = { "family_name", "given_name", "family_kana", "given_kana" };
    static const char *const kept[] = { "login_id",   "city_name",  "school_name",
                                        "family_name", "given_name", "email" };
    struct str own[11], rest;
    size_t n = 0;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) own[n++] = rows_get_text(known, 0, kept[i]);
    own[n - 1] = str_cut(own[n - 1], '@', &rest);
    for (size_t i = 0; names_sent && i < sizeof sent / sizeof *sent; i++) own[n++] = checked_str(in, sent[i]);
    return password_weak(checked_str(in, "password"), own, n);
}

/* Asks for the hash of a new password; or, when a finish is repeated, whether it is the one that it set. */
static void new_password(struct request *rq, bool names_sent)
{
    struct rows found = answer_rows(rq, 0);
    if (rows_get_text(found, 0, "outcome").at)
        reply_rows(rq, found, ROW);
    else if (rows_get_bool(found, 0, "done", false))
        ask_password(rq, checked_str(request_in(rq), "password"), rows_get_text(found, 0, "password_hash"));
    else if (is_weak(rq, found, names_sent))
        reply_problem(rq, "weak_password");
    else
        ask_new_hash(rq, checked_str(request_in(rq), "password"));
}

/* With a new session, ends what `end` does with the new hash; or `resume`s what had ended before. */
static void finish(struct request *rq, const struct statement *end, const struct statement *resume,
                   const char *over)
{
    bool done = rows_get_bool(answer_rows(rq, 0), 0, "done", false);
    struct str token, sha256, agent = request_header(rq, "user-agent");
    if (done && !answer_password(rq)) {
        reply_problem(rq, over);
        return;
    }
    if (session_token_new(rq, &token, &sha256)) {
        reply_problem(rq, "busy");
        return;
    }
    struct str *kept = request_alloc(rq, sizeof *kept);
    if (!kept) {
        reply_problem(rq, "busy");
        return;
    }
    const struct extra extra[] = {
        { "token_sha256", value_str(sha256) },
        { "device", value_str(agent.at ? agent : STR("")) },
        { "password_hash", value_str(answer_new_hash(rq)) },
    };
    *kept = token;
    request_keep(rq, kept);
    ask(rq, done ? resume : end, extra, done ? 2 : 3);
}

static void answer_finish(struct request *rq, enum gives gives)
{
    struct rows rows = answer_rows(rq, 0);
    const struct str *token = request_kept(rq);
    if (rows.count > 0 && !rows_get_text(rows, 0, "outcome").at) reply_session_cookie(rq, *token);
    reply_rows(rq, rows, gives);
}

