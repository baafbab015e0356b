#include <stdio.h>
#include <string.h>

#include "engine/module.h"

#include "factors.sql.h"

#define CODES_MADE   10
#define CODE_SYMBOLS 10 /* 50 bits */

static const struct field one_code[] = {
    { "code", FROM_BODY, LINE, REQUIRED | SECRET, .max = 40,
      .help = "認証アプリの6桁の確認コード、または回復コード" },
    { 0 },
};

static const struct field one_account[] = {
    { "account_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ACCOUNT },
    { 0 },
};

/* What the steps of one request have found out. */
struct proof {
    struct str token, sha256; /* of the session from now on */
    struct value codes;       /* as they are shown */
    struct value macs;        /* as they are kept */
};

static struct proof *proof_of(struct request *rq)
{
    return request_kept(rq);
}

static bool proof_begin(struct request *rq)
{
    struct proof *proof = request_alloc(rq, sizeof *proof);
    request_keep(rq, proof);
    if (proof && session_token_new(rq, &proof->token, &proof->sha256) == 0) return true;
    reply_problem(rq, "busy");
    return false;
}

/* ---- recovery codes ---- */

static struct str code_mac(struct request *rq, struct str code)
{
    return request_mac(rq, FOR_RECOVERY, request_actor(rq), code);
}

/* "ABCDE-FGHJK": what is shown; kept is the hash of the symbols. */
static struct str code_shown(struct request *rq, struct str code)
{
    const size_t half = CODE_SYMBOLS / 2;
    char *text = request_alloc(rq, CODE_SYMBOLS + 1);
    if (!text) return (struct str){ 0 };
    memcpy(text, code.at, half);
    text[half] = '-';
    memcpy(text + half + 1, code.at + half, CODE_SYMBOLS - half);
    return str_of(text, CODE_SYMBOLS + 1);
}

static bool codes_make(struct request *rq, struct proof *proof)
{
    struct value *codes = request_alloc(rq, CODES_MADE * sizeof *codes);
    struct value *macs = request_alloc(rq, CODES_MADE * sizeof *macs);
    for (size_t i = 0; codes && macs && i < CODES_MADE; i++) {
        struct str code = code_new(rq, CODE_SYMBOLS);
        if (!code.at) return false;
        codes[i] = value_str(code_shown(rq, code));
        macs[i] = value_str(code_mac(rq, code));
        if (!codes[i].str.at || !macs[i].str.at) return false;
    }
    proof->codes = (struct value){ .kind = VALUE_ARRAY, .array = { codes, CODES_MADE } };
    proof->macs = (struct value){ .kind = VALUE_ARRAY, .array = { macs, CODES_MADE } };
    return codes && macs;
}

static void answer_codes(struct request *rq)
{
    struct member shown = { STR("recovery_codes"), proof_of(rq)->codes };
    reply_value(rq, &(struct value){ .kind = VALUE_MAP, .map = { &shown, 1 } });
}

static void renew_codes(struct request *rq)
{
    if (!proof_begin(rq)) return;
    struct proof *proof = proof_of(rq);
    if (!codes_make(rq, proof)) {
        reply_problem(rq, "busy");
        return;
    }
    const struct extra extra[] = { { "code_macs", proof->macs } };
    ask(rq, &recovery_codes_renew, extra, 1);
}

static void answer_renewed(struct request *rq)
{
    if (answer_rows(rq, 0).count > 0)
        answer_codes(rq);
    else
        reply_problem(rq, "prove_first");
}

static step_fn *const renewed_codes[] = { renew_codes, answer_renewed, NULL };

/* ---- showing the second factor ---- */

static void try_code(struct request *rq)
{
    if (proof_begin(rq)) ask(rq, &factor_try, NULL, 0);
}

/* True: answered, because the account is locked. */
static bool refuse_locked(struct request *rq, struct rows rows)
{
    char *seconds = request_alloc(rq, 24);
    if (!rows_get_bool(rows, 0, "locked", false)) return false;
    if (seconds) {
        snprintf(seconds, 24, "%lld", (long long)rows_get_i64(rows, 0, "retry_after", 60));
        reply_header(rq, "retry-after", str_c(seconds));
    }
    reply_problem(rq, "code_locked");
    return true;
}

static bool is_app_code(struct str code)
{
    for (size_t i = 0; i < code.n; i++)
        if (code.at[i] < '0' || code.at[i] > '9') return false;
    return code.n == 6;
}

/* The step of the code by the secret in `column`; 0: answered. */
static int64_t step_of(struct request *rq, struct rows rows, const char *column, struct str code)
{
    struct str sealed = rows_get_bytes(rows, 0, column);
    int64_t step = sealed.at ? totp_check(rq, request_actor(rq), sealed, code) : 0;
    if (step <= 0) reply_problem(rq, step < 0 ? "secret_lost" : "wrong_code");
    return step > 0 ? step : 0;
}

static void check_code(struct request *rq)
{
    struct rows rows = answer_rows(rq, 0);
    struct proof *proof = proof_of(rq);
    struct str code = code_typed(rq, checked_str(request_in(rq), "code"));
    if (refuse_locked(rq, rows)) return;
    struct extra extra[] = { { "new_token_sha256", value_str(proof->sha256) }, { "step", value_int(0) } };
    if (is_app_code(code)) {
        int64_t step = step_of(rq, rows, "sealed", code);
        extra[1].value = value_int(step);
        if (step) ask(rq, &totp_use, extra, 2);
    } else {
        extra[1] = (struct extra){ "code_mac", value_str(code_mac(rq, code)) };
        ask(rq, &recovery_code_use, extra, 2);
    }
}

static void show_session(struct request *rq)
{
    if (answer_rows(rq, 0).count > 0)
        ask(rq, &factor_session, NULL, 0);
    else
        reply_problem(rq, "wrong_code");
}

static void answer_shown(struct request *rq)
{
    struct rows rows = answer_rows(rq, 0);
    if (rows_get_bool(rows, 0, "shared", false))
        reply_session_cookie_brief(rq, proof_of(rq)->token);
    else
        reply_session_cookie(rq, proof_of(rq)->token);
    reply_rows(rq, rows, ROW);
}

static step_fn *const second_factor[] = { try_code, check_code, show_session, answer_shown, NULL };

/* ---- an authenticator app: a secret, then a code of it ---- */

static void make_secret(struct request *rq)
{
    struct str *text = request_alloc(rq, sizeof *text), sealed;
    if (!text || totp_secret_new(rq, request_actor(rq), text, &sealed)) {
        reply_problem(rq, "busy");
        return;
    }
    request_keep(rq, text);
    const struct extra extra[] = { { "sealed", value_str(sealed) } };
    ask(rq, &totp_begin, extra, 1);
}

static void answer_secret(struct request *rq)
{
    static const char form[] = "otpauth://totp/todoke:%.*s?secret=%.*s&issuer=todoke";
    const struct str *secret = request_kept(rq);
    struct rows rows = answer_rows(rq, 0);
    if (rows.count == 0) {
        reply_problem(rq, "prove_first");
        return;
    }
    struct str login = rows_get_text(rows, 0, "login_id");
    size_t size = sizeof form + secret->n + login.n;
    char *uri = request_alloc(rq, size);
    if (!uri) {
        reply_problem(rq, "busy");
        return;
    }
    snprintf(uri, size, form, (int)login.n, login.at, (int)secret->n, secret->at);
    struct member shown[] = { { STR("secret"), value_str(*secret) }, { STR("uri"), value_str(str_c(uri)) } };
    reply_value(rq, &(struct value){ .kind = VALUE_MAP, .map = { shown, 2 } });
}

static step_fn *const new_app[] = { make_secret, answer_secret, NULL };

static void confirm_app(struct request *rq)
{
    struct rows rows = answer_rows(rq, 0);
    struct proof *proof = proof_of(rq);
    struct str code = code_typed(rq, checked_str(request_in(rq), "code"));
    if (refuse_locked(rq, rows)) return;
    int64_t step = step_of(rq, rows, "pending", code);
    if (!step) return;
    if (!codes_make(rq, proof)) {
        reply_problem(rq, "busy");
        return;
    }
    const struct extra extra[] = { { "new_token_sha256", value_str(proof->sha256) },
                                   { "step", value_int(step) },
                                   { "code_macs", proof->macs } };
    ask(rq, &totp_confirm, extra, sizeof extra / sizeof *extra);
}

static void show_confirmed(struct request *rq)
{
    if (answer_rows(rq, 0).count > 0)
        ask(rq, &factor_session, NULL, 0);
    else
        reply_problem(rq, "prove_first");
}

static void answer_confirmed(struct request *rq)
{
    if (rows_get_bool(answer_rows(rq, 0), 0, "shared", false))
        reply_session_cookie_brief(rq, proof_of(rq)->token);
    else
        reply_session_cookie(rq, proof_of(rq)->token);
    answer_codes(rq);
}

static step_fn *const confirmed_app[] = { try_code, confirm_app, show_confirmed, answer_confirmed, NULL };

static const struct route routes[] = {
    { POST, "/session/second-factor", .may = SIGNED_IN | HALF, .takes = one_code, .steps = second_factor,
      .gives = ROW, .answers = &factor_session, .says = "二つ目の確認（確認コードか回復コード）" },
    { GET, "/factors", .may = SIGNED_IN | HALF, .runs = &factors_show, .gives = ROW,
      .says = "自分のログインの方法" },
    { POST, "/factors/totp", .may = SIGNED_IN | HALF, .steps = new_app, .gives = ROW, .flags = PROVED,
      .says = "認証アプリの登録を始める" },
    { POST, "/factors/totp/confirm", .may = SIGNED_IN | HALF, .takes = one_code, .steps = confirmed_app,
      .gives = ROW, .flags = PROVED, .says = "認証アプリの最初の確認コードで登録を終える" },
    { DELETE, "/factors/totp", .may = SIGNED_IN, .runs = &totp_remove, .gives = ROW, .flags = PROVED,
      .says = "認証アプリの登録を消す" },
    { POST, "/factors/recovery-codes", .may = SIGNED_IN, .steps = renewed_codes, .gives = ROW,
      .flags = PROVED, .says = "回復コードを作りなおす" },
    { POST, "/accounts/{account_id}/factors/reset", .may = OFFICE | BOARD, .takes = one_account,
      .runs = &factors_reset, .gives = ROW, .says = "なくした二つ目の確認方法を消す" },
    { 0 },
};

static const struct problem problems[] = {
    { "wrong_code", 422, "コードが違うか、すでに使われています。新しいコードでお試しください。" },
    { "code_locked", 429, "続けて間違えたため、しばらく確認できません。時間をおいてお試しください。" },
    { "prove_first", 403, "いまの確認方法でログインしてから、もう一度お試しください。" },
    { "last_factor", 409, "教職員には二つ目の確認方法が必要です。先に別の方法を登録してください。" },
    { "secret_lost", 500, "確認コードを確かめられません。学校の管理者か教育委員会へご連絡ください。" },
    { 0 },
};

const struct module factors_module = {
    .name = "factors",
    .routes = routes,
    .problems = problems,
    .statements = factors_statements,
};
