#include <stdio.h>

#include "engine/module.h"

#include "sessions.sql.h"

static const struct field credentials[] = {
    { "login_id", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 254,
      .help = "利用者ID、またはメールアドレス" },
    { "password", FROM_BODY, LINE, REQUIRED | SECRET, .max = 200, .help = "パスワード" },
    { 0 },
};

/* ---- signing in: find the account, check the password, open the session or count the failure ---- */

static void find_account(struct request *rq)
{
    ask(rq, &account_by_login, NULL, 0);
}

/* An account that does not exist, or is locked, costs as much time as one that does. */
static void check_password(struct request *rq)
{
    struct rows found = answer_rows(rq, 0);
    ask_password(rq, checked_str(request_in(rq), "password"), rows_get_text(found, 0, "password_hash"));
}

static void refuse_locked(struct request *rq, struct rows rows)
{
    char *seconds = request_alloc(rq, 24);
    if (seconds) {
        snprintf(seconds, 24, "%lld", (long long)rows_get_i64(rows, 0, "retry_after", 60));
        reply_header(rq, "retry-after", str_c(seconds));
    }
    reply_problem(rq, "locked");
}

static void open_or_count(struct request *rq)
{
    struct rows found = answer_rows(rq, 0);
    struct str token, sha256, agent = request_header(rq, "user-agent");
    if (rows_get_bool(found, 0, "locked", false)) {
        refuse_locked(rq, found);
        return;
    }
    if (!answer_password(rq)) {
        ask(rq, &login_failed, NULL, 0);
        return;
    }
    if (session_token_new(rq, &token, &sha256)) {
        reply_problem(rq, "busy");
        return;
    }
    const struct extra extra[] = {
        { "account_id", value_int(rows_get_i64(found, 0, "account_id", 0)) },
        { "token_sha256", value_str(sha256) },
        { "device", value_str(agent.at ? agent : STR("")) },
    };
    reply_session_cookie(rq, token);
    ask(rq, &session_open, extra, sizeof extra / sizeof *extra);
}

static void answer_sign_in(struct request *rq)
{
    struct rows rows = answer_rows(rq, 0);
    if (rows_column(rows, "account_id") >= 0)
        reply_rows(rq, rows, NEW_ROW);
    else if (rows_get_bool(rows, 0, "locked", false))
        refuse_locked(rq, rows);
    else
        reply_problem(rq, "wrong_credentials");
}

static step_fn *const sign_in[] = { find_account, check_password, open_or_count, answer_sign_in, NULL };

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

static const struct route routes[] = {
    { POST, "/session", .may = ANYONE, .takes = credentials, .steps = sign_in, .gives = NEW_ROW,
      .answers = &session_open, .says = "サインインする" },
    { GET, "/session", .may = SIGNED_IN | HALF, .runs = &session_show, .gives = ROW,
      .says = "だれとしてサインインしているか" },
    { DELETE, "/session", .may = SIGNED_IN | HALF, .steps = sign_out, .gives = NOTHING,
      .says = "サインアウトする" },
    { GET, "/demo-accounts", .may = ANYONE, .runs = &demo_accounts_list, .gives = ROWS, .flags = DEMO_ONLY,
      .says = "デモのアカウント" },
    { 0 },
};

static const struct problem problems[] = {
    { "wrong_credentials", 401, "利用者IDかパスワードが違います。" },
    { "locked", 429, "続けて間違えたため、しばらくサインインできません。時間をおいてお試しください。" },
    { 0 },
};

const struct module sessions_module = {
    .name = "sessions",
    .routes = routes,
    .problems = problems,
    .statements = sessions_statements,
};
