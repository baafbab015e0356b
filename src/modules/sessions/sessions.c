#include <stdio.h>

#include "engine/module.h"

#include "sessions.sql.h"

static const struct field credentials[] = {
    { "login_id", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 254,
      .help = "ログインID、またはメールアドレス" },
    { "password", FROM_BODY, LINE, REQUIRED | SECRET, .max = 200, .help = "パスワード" },
    { "shared", FROM_BODY, BOOL, OPTIONAL, .help = "ほかの人も使う端末か" },
    { 0 },
};

static const struct field own_password[] = {
    { "password", FROM_BODY, LINE, REQUIRED | SECRET, .max = 200, .help = "いまのパスワード" },
    { 0 },
};

static const struct field one_session[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SESSION },
    { 0 },
};

/* ---- signing in: find the account, check the password, open the session or count the failure ---- */

struct sign_in {
    const char *wrong; /* the problem of a wrong password */
    struct str token;
    bool network_full;
    int64_t network_retry_after;
};

static void find_account(struct request *rq)
{
    if (passwords_are_full(rq))
        reply_problem(rq, "busy");
    else
        ask(rq, &account_by_login, NULL, 0);
}

/* An account that does not exist, or is locked, costs as much time as one that does. */
static void check_password(struct request *rq)
{
    struct rows found = answer_rows(rq, 0);
    ask_password(rq, checked_str(request_in(rq), "password"), rows_get_text(found, 0, "password_hash"));
}

/* Null: answered. */
static struct sign_in *sign_in_begin(struct request *rq, const char *wrong)
{
    struct sign_in *state = request_alloc(rq, sizeof *state);
    if (!state) {
        reply_problem(rq, "busy");
        return NULL;
    }
    state->wrong = wrong;
    request_keep(rq, state);
    return state;
}

static void refuse_for(struct request *rq, const char *problem, int64_t seconds)
{
    char *text = request_alloc(rq, 24);
    if (text) {
        snprintf(text, 24, "%lld", (long long)(seconds > 0 ? seconds : 1));
        reply_header(rq, "retry-after", str_c(text));
    }
    reply_problem(rq, problem);
}

static void open_session(struct request *rq, struct sign_in *state, int64_t account)
{
    struct str sha256, agent = request_header(rq, "user-agent");
    if (session_token_new(rq, &state->token, &sha256)) {
        reply_problem(rq, "busy");
        return;
    }
    const struct extra extra[] = {
        { "account_id", value_int(account) },
        { "new_token_sha256", value_str(sha256) },
        { "device", value_str(agent.at ? agent : STR("")) },
        { "factors", value_int(1) },
    };
    ask(rq, &session_open, extra, sizeof extra / sizeof *extra);
}

/* From a network where too many fail only those come in who have come in from there before, and nobody learns
 * who those are: every other answer is the network's. */
static void open_or_count(struct request *rq)
{
    struct rows found = answer_rows(rq, 0);
    struct sign_in *state = sign_in_begin(rq, "wrong_credentials");
    if (!state) return;
    state->network_full = rows_get_bool(found, 0, "network_full", false);
    state->network_retry_after = rows_get_i64(found, 0, "network_retry_after", 60);
    bool locked = rows_get_bool(found, 0, "locked", false);
    bool let_in = answer_password(rq) && !locked;
    if (!answer_password(rq) && !locked)
        ask(rq, &login_failed, NULL, 0);
    else if (state->network_full && !(let_in && rows_get_bool(found, 0, "familiar", false)))
        refuse_for(rq, "network_busy", state->network_retry_after);
    else if (locked)
        refuse_for(rq, "locked", rows_get_i64(found, 0, "retry_after", 60));
    else
        open_session(rq, state, rows_get_i64(found, 0, "account_id", 0));
}

static void show_session(struct request *rq)
{
    struct sign_in *state = request_kept(rq);
    struct rows rows = answer_rows(rq, 0);
    int64_t session = rows_get_i64(rows, 0, "session_id", 0);
    if (session) {
        const struct extra extra[] = {
            { "session_id", value_int(session) },
            { "actor", value_int(rows_get_i64(rows, 0, "account_id", 0)) },
        };
        ask(rq, &session_show, extra, sizeof extra / sizeof *extra);
    } else if (state->network_full) {
        refuse_for(rq, "network_busy", state->network_retry_after);
    } else if (rows_get_bool(rows, 0, "locked", false)) {
        refuse_for(rq, "locked", rows_get_i64(rows, 0, "retry_after", 60));
    } else {
        reply_problem(rq, state->wrong);
    }
}

static void answer_with_session(struct request *rq, enum gives gives)
{
    struct sign_in *state = request_kept(rq);
    struct rows rows = answer_rows(rq, 0);
    bool half = rows_get_text(rows, 0, "second_factor").at != NULL;
    if (half || rows_get_bool(rows, 0, "shared", false))
        reply_session_cookie_brief(rq, state->token);
    else
        reply_session_cookie(rq, state->token);
    reply_rows(rq, rows, gives);
}

static void answer_sign_in(struct request *rq)
{
    answer_with_session(rq, NEW_ROW);
}

static step_fn *const sign_in[] = { find_account, check_password, open_or_count,
                                    show_session, answer_sign_in, NULL };

/* ---- the password once more, within the session ---- */

static void find_own_password(struct request *rq)
{
    if (passwords_are_full(rq))
        reply_problem(rq, "busy");
    else
        ask(rq, &proof_ask, NULL, 0);
}

static void check_own_password(struct request *rq)
{
    struct rows found = answer_rows(rq, 0);
    int64_t seconds = rows_get_i64(found, 0, "retry_after", 0);
    if (seconds)
        refuse_for(rq, "locked", seconds);
    else
        check_password(rq);
}

static void prove_or_count(struct request *rq)
{
    struct str sha256;
    struct sign_in *state = sign_in_begin(rq, "wrong_password");
    if (!state) return;
    if (!answer_password(rq)) {
        ask(rq, &proof_failed, NULL, 0);
    } else if (session_token_new(rq, &state->token, &sha256)) {
        reply_problem(rq, "busy");
    } else {
        const struct extra extra[] = { { "new_token_sha256", value_str(sha256) } };
        ask(rq, &proof_given, extra, 1);
    }
}

static void answer_proof(struct request *rq)
{
    answer_with_session(rq, ROW);
}

static step_fn *const prove[] = { find_own_password, check_own_password, prove_or_count,
                                  show_session,      answer_proof,       NULL };

/* ---- who is signed in, under which token ---- */

static void show_and_renew(struct request *rq)
{
    struct str *next = request_alloc(rq, sizeof *next), sha256;
    if (!next || session_token_next(rq, next, &sha256)) {
        reply_problem(rq, "busy");
        return;
    }
    request_keep(rq, next);
    const struct extra extra[] = { { "next_sha256", value_str(sha256) } };
    ask(rq, &session_show, NULL, 0);
    ask(rq, &session_next, extra, 1);
}

static void answer_session(struct request *rq)
{
    const struct str *next = request_kept(rq);
    if (answer_rows(rq, 1).count > 0) reply_session_cookie(rq, *next);
    reply_rows(rq, answer_rows(rq, 0), ROW);
}

static step_fn *const show[] = { show_and_renew, answer_session, NULL };

/* ---- signing out ---- */

static void close_session(struct request *rq)
{
    ask(rq, &session_close, NULL, 0);
}

static void answer_sign_out(struct request *rq)
{
    reply_session_end(rq);
    reply_nothing(rq);
}

static step_fn *const sign_out[] = { close_session, answer_sign_out, NULL };

/* ---- the demonstration's accounts, with the codes that their authenticator apps would show ---- */

static void list_demo_accounts(struct request *rq)
{
    ask(rq, &demo_accounts_list, NULL, 0);
}

static struct value text_or_null(struct str text)
{
    return text.at ? value_str(text) : (struct value){ .kind = VALUE_NULL };
}

static void answer_demo_accounts(struct request *rq)
{
    static const char *const columns[] = { "label", "login_id", "password", "role", "totp" };
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct rows rows = answer_rows(rq, 0);
    struct value *list = request_alloc(rq, (size_t)(rows.count + 1) * sizeof *list);
    for (int row = 0; list && row < rows.count; row++) {
        struct member *members = request_alloc(rq, (COLUMNS + 1) * sizeof *members);
        if (!members) break;
        for (int c = 0; c < COLUMNS; c++)
            members[c] =
                (struct member){ str_c(columns[c]), text_or_null(rows_get_text(rows, row, columns[c])) };
        struct str secret = rows_get_text(rows, row, "totp");
        members[COLUMNS] =
            (struct member){ STR("code"), text_or_null(secret.at ? totp_now(rq, secret) : secret) };
        list[row] = (struct value){ .kind = VALUE_MAP, .map = { members, COLUMNS + 1 } };
    }
    struct member all = { STR("rows"),
                          { .kind = VALUE_ARRAY, .array = { list, list ? (size_t)rows.count : 0 } } };
    reply_value(rq, &(struct value){ .kind = VALUE_MAP, .map = { &all, 1 } });
}

static step_fn *const demo_accounts[] = { list_demo_accounts, answer_demo_accounts, NULL };

static const struct route routes[] = {
    { POST, "/session", .may = ANYONE, .takes = credentials, .steps = sign_in, .gives = NEW_ROW,
      .answers = &session_show, .says = "ログインする" },
    { GET, "/session", .may = SIGNED_IN | HALF, .steps = show, .gives = ROW, .answers = &session_show,
      .says = "だれとしてログインしているか" },
    { DELETE, "/session", .may = SIGNED_IN | HALF, .steps = sign_out, .gives = NOTHING,
      .says = "ログアウトする" },
    { POST, "/session/proof", .may = SIGNED_IN | HALF, .takes = own_password, .steps = prove, .gives = ROW,
      .answers = &session_show, .says = "ログインの方法を変える前の、パスワードによる本人確認" },
    { GET, "/sessions", .may = SIGNED_IN, .runs = &sessions_list, .gives = ROWS,
      .says = "ログインしている端末の一覧" },
    { DELETE, "/sessions", .may = SIGNED_IN, .runs = &sessions_end_others, .gives = ROW,
      .says = "ほかのすべての端末をログアウトさせる" },
    { DELETE, "/sessions/{id}", .may = SIGNED_IN, .takes = one_session, .runs = &session_end, .gives = ROW,
      .says = "端末をログアウトさせる" },
    { GET, "/demo-accounts", .may = ANYONE, .steps = demo_accounts, .gives = ROWS, .flags = DEMO_ONLY,
      .answers = &demo_accounts_list, .says = "デモのアカウント" },
    { 0 },
};

static const struct problem problems[] = {
    { "wrong_credentials", 401, "ログインIDかパスワードが違います。" },
    { "wrong_password", 403, "パスワードが違います。" },
    { "locked", 429, "続けて間違えたため、しばらくログインできません。時間をおいてお試しください。" },
    { "network_busy", 429,
      "お使いのネットワークから失敗が続いたため、しばらくログインできません。時間をおくか、別の回線でお試し"
      "ください。" },
    { 0 },
};

const struct module sessions_module = {
    .name = "sessions",
    .routes = routes,
    .problems = problems,
    .statements = sessions_statements,
};
