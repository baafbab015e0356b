#include "engine/module.h"

#include "accounts.sql.h"

static const char *const relations[] = { "mother", "father", "grandparent", "other", NULL };
static const char *const languages[] = { "ja", "ja-Easy", "en",  "zh-Hans", "zh-Hant", "ko", "vi",
                                         "pt", "es",      "fil", "ne",      "id",      NULL };

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
#define RELATION { "relation", FROM_BODY, ENUM, REQUIRED, .of = relations, .help = "お子さんとの続柄" }
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
      .help = "ログインID、またはメールアドレス" },
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
    { "old_password", FROM_BODY, LINE, OPTIONAL | SECRET, .max = PASSWORD_MAX, .help = "いまのパスワード" },
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
                         "ログインIDかメールアドレス、または再設定コードのどちらかを入力してください。");
}

/* ---- a new password ---- */

/* `known` holds what the database knows of the person; the names may also have been sent. */
static bool is_weak(struct request *rq, struct rows known, bool names_sent)
{
    const struct checked *in = request_in(rq);
    static const char *const sent[] = { "family_name", "given_name", "family_kana", "given_kana" };
    static const char *const kept[] = { "login_id",    "city_name",  "school_name",
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
    struct str *kept = request_alloc(rq, sizeof *kept);
    if (!kept || session_token_new(rq, &token, &sha256)) {
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

/* ---- registration ---- */

static void look_at_registration(struct request *rq)
{
    ask(rq, &registration_look, NULL, 0);
}

static void hash_of_registration(struct request *rq)
{
    new_password(rq, true);
}

static void end_registration(struct request *rq)
{
    finish(rq, &registration_end, &registration_resume, "registration_over");
}

static void answer_registration(struct request *rq)
{
    answer_finish(rq, NEW_ROW);
}

static step_fn *const registration_steps[] = { look_at_registration, hash_of_registration, end_registration,
                                               answer_registration, NULL };

/* ---- recovery ---- */

static void look_at_recovery(struct request *rq)
{
    ask(rq, &recovery_look, NULL, 0);
}

static void hash_of_recovery(struct request *rq)
{
    new_password(rq, false);
}

static void end_recovery(struct request *rq)
{
    finish(rq, &recovery_end, &recovery_resume, "recovery_over");
}

static void answer_recovery(struct request *rq)
{
    answer_finish(rq, ROW);
}

static step_fn *const recovery_steps[] = { look_at_recovery, hash_of_recovery, end_recovery, answer_recovery,
                                           NULL };

/* ---- one's own password and address ---- */

static void ask_for_password(struct request *rq)
{
    ask(rq, &account_password_ask, NULL, 0);
}

/* False: answered. What is known of the person stays for the later steps. */
static bool password_may_be_tried(struct request *rq, struct rows *ret)
{
    struct rows found = *ret = answer_rows(rq, 0);
    if (found.count > 0 && !rows_get_i64(found, 0, "retry_after", 0)) return true;
    reply_problem(rq, "too_many");
    return false;
}

static void check_old_password(struct request *rq)
{
    struct rows found;
    if (!password_may_be_tried(rq, &found)) return;
    if (is_weak(rq, found, false)) {
        reply_problem(rq, "weak_password");
        return;
    }
    bool *first = request_alloc(rq, sizeof *first);
    if (!first) {
        reply_problem(rq, "busy");
        return;
    }
    *first = rows_get_bool(found, 0, "may_set_first", false);
    if (*first && !request_is_proved(rq)) {
        reply_problem(rq, "prove_again");
        return;
    }
    request_keep(rq, first);
    struct str old = checked_str(request_in(rq), "old_password");
    ask_password(rq, old.at ? old : STR(""), rows_get_text(found, 0, "password_hash"));
}

static void hash_new_password(struct request *rq)
{
    const bool *first = request_kept(rq);
    if (answer_password(rq) || *first)
        ask_new_hash(rq, checked_str(request_in(rq), "password"));
    else
        reply_problem(rq, "wrong_password");
}

static void change_password(struct request *rq)
{
    struct str token, sha256;
    struct str *kept = request_alloc(rq, sizeof *kept);
    if (!kept || session_token_new(rq, &token, &sha256)) {
        reply_problem(rq, "busy");
        return;
    }
    const struct extra extra[] = {
        { "password_hash", value_str(answer_new_hash(rq)) },
        { "new_token_sha256", value_str(sha256) },
    };
    *kept = token;
    request_keep(rq, kept);
    ask(rq, &account_password_change, extra, sizeof extra / sizeof *extra);
}

static void answer_password_change(struct request *rq)
{
    const struct str *token = request_kept(rq);
    reply_session_cookie(rq, *token);
    reply_nothing(rq);
}

static step_fn *const password_steps[] = { ask_for_password, check_old_password,     hash_new_password,
                                           change_password,  answer_password_change, NULL };

static void check_password(struct request *rq)
{
    struct rows found;
    if (password_may_be_tried(rq, &found))
        ask_password(rq, checked_str(request_in(rq), "password"), rows_get_text(found, 0, "password_hash"));
}

static void start_email_change(struct request *rq)
{
    if (answer_password(rq))
        ask(rq, &email_change_start, NULL, 0);
    else
        reply_problem(rq, "wrong_password");
}

static void answer_email_change(struct request *rq)
{
    reply_rows(rq, answer_rows(rq, 0), ROW);
}

static step_fn *const email_steps[] = { ask_for_password, check_password, start_email_change,
                                        answer_email_change, NULL };

// clang-format off
static const struct route routes[] = {
    { POST, "/registrations", .may = ANYONE, .takes = beginning, .runs = &registration_begin, .gives = NEW_ROW,
      .says = "登録を始める" },
    { POST, "/registrations/resend", .may = ANYONE, .takes = token_alone, .runs = &registration_resend,
      .gives = NOTHING, .says = "確認コードをもう一度送る" },
    { POST, "/registrations/confirm", .may = ANYONE, .takes = token_and_digits, .runs = &registration_confirm,
      .gives = NOTHING, .says = "メールアドレスを確認する" },
    { POST, "/registrations/finish", .may = ANYONE, .takes = registration, .check = person_names_check,
      .steps = registration_steps, .gives = NEW_ROW, .answers = &registration_end, .says = "登録を終える" },
    { POST, "/recoveries", .may = ANYONE, .takes = whose, .check = one_of_both, .runs = &recovery_begin,
      .gives = NEW_ROW, .says = "パスワードの再設定を始める" },
    { POST, "/recoveries/resend", .may = ANYONE, .takes = token_alone, .runs = &recovery_resend, .gives = NOTHING,
      .says = "確認コードをもう一度送る" },
    { POST, "/recoveries/confirm", .may = ANYONE, .takes = token_and_digits, .runs = &recovery_confirm,
      .gives = ROW, .says = "本人であることを確認する" },
    { POST, "/recoveries/finish", .may = ANYONE, .takes = token_and_password, .steps = recovery_steps,
      .gives = ROW, .answers = &recovery_end, .says = "新しいパスワードを設定する" },
    { GET, "/account", .may = SIGNED_IN, .runs = &account_show, .gives = ROW, .says = "自分の登録内容" },
    { PUT, "/account/names", .may = SIGNED_IN, .takes = names, .check = person_names_check,
      .runs = &account_names_change, .gives = ROW, .says = "名前を変える" },
    { PUT, "/account/language", .may = SIGNED_IN, .takes = one_language, .runs = &account_language_change,
      .gives = ROW, .says = "使う言語を変える" },
    { PUT, "/account/password", .may = SIGNED_IN, .takes = both_passwords, .steps = password_steps,
      .gives = NOTHING, .says = "パスワードを変える" },
    { POST, "/account/email", .may = SIGNED_IN, .takes = new_email, .steps = email_steps, .gives = ROW,
      .answers = &email_change_start, .says = "メールアドレスの変更を始める" },
    { POST, "/account/email/confirm", .may = SIGNED_IN, .takes = both_digits, .runs = &email_change_confirm,
      .gives = ROW, .says = "メールアドレスの変更を確認する" },
    { DELETE, "/account/email", .may = SIGNED_IN, .runs = &email_change_give_up, .gives = NOTHING,
      .says = "メールアドレスの変更をやめる" },
    { POST, "/account/email/stop", .may = ANYONE, .takes = stop_code, .runs = &email_change_undo,
      .gives = NOTHING, .says = "メールアドレスの変更を取り消す" },
    { GET, "/account/children", .may = SIGNED_IN, .runs = &account_children, .gives = ROWS,
      .says = "自分の子と、保護者の人数" },
    { POST, "/account/children", .may = SIGNED_IN, .takes = another_child, .runs = &account_child_add,
      .gives = ROW, .says = "登録コードで子を追加する" },
    { 0 },
};
// clang-format on

static const struct problem problems[] = {
    { "wrong_password", 403, "いまのパスワードが違います。" },
    { "code_unknown", 404,
      "このコードは使えません。いちばん新しい手紙のコードかお確かめのうえ、学校へお問い合わせください。" },
    { "mail_code_due", 409, "先に、メールで届いた確認コードを入力してください。" },
    { "no_room", 409, "この児童生徒の保護者は、登録できる人数に達しています。学校へお問い合わせください。" },
    { "terms_changed", 409,
      "利用のきまりが新しくなりました。新しいきまりをお読みのうえ、もう一度同意してください。" },
    { "email_same", 409, "いまのメールアドレスと同じです。" },
    { "mail_code_over", 410,
      "この確認コードはもう使えません。はじめからやり直すか、コードをもう一度お送りください。" },
    { "registration_over", 410, "この登録の手続きは終わっています。もう一度はじめからお願いします。" },
    { "recovery_over", 410, "この手続きは終わっています。もう一度はじめからお願いします。" },
    { "code_mistyped", 422,
      "コードの文字が違うようです。もう一度お確かめください。数字の0と1、英字のOとIは使われていません。" },
    { "email_invalid", 422, "メールアドレスをご確認ください。" },
    { "mail_code_wrong", 422, "確認コードが違います。" },
    { "weak_password", 422, "このパスワードは推測されやすいため使えません。別のパスワードにしてください。" },
    { "too_many_codes", 429, "使えないコードが続けて入力されました。時間をおいてお試しください。" },
    { 0 },
};

const struct module accounts_module = {
    .name = "accounts",
    .routes = routes,
    .problems = problems,
    .statements = accounts_statements,
};
