#include <stdio.h>
#include <string.h>

#include "engine/module.h"
#include "oidc/oidc.h"

#include "oidc.sql.h"

#define COOKIE            "__Host-todoke-oidc"
#define COOKIE_ATTRIBUTES "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age="

static const struct field begin_fields[] = {
    { "provider", FROM_BODY, LINE, REQUIRED, .max = 32, .help = "GET /oidc/providers の name" },
    { 0 },
};
static const struct field finish_fields[] = {
    { "code", FROM_BODY, LINE, REQUIRED | SECRET, .max = 1000, .help = "戻り先に付いていた code" },
    { "state", FROM_BODY, LINE, REQUIRED | SECRET, .max = 100, .help = "戻り先に付いていた state" },
    { 0 },
};

/* What the thread gets, and what it finds out. */
struct exchange {
    const struct oidc_provider *provider;
    struct oidc_attempt attempt;
    struct str code, state_sha256, token;
    enum oidc_outcome outcome;
    struct str url;
    struct oidc_claims claims;
};

/* ---- which there are ---- */

static void list_providers(struct request *rq)
{
    const struct oidc *oidc = request_oidc(rq);
    const struct oidc_provider *provider;
    struct value rows = { .kind = VALUE_ARRAY };
    rows.array.at = request_alloc(rq, OIDC_PROVIDERS_MAX * sizeof(struct value));
    for (size_t i = 0; rows.array.at && (provider = oidc_at(oidc, i)); i++) {
        struct member *members = request_alloc(rq, 2 * sizeof *members);
        if (!members) break;
        members[0] = (struct member){ STR("name"), value_str(str_c(provider->name)) };
        members[1] = (struct member){ STR("label"), value_str(str_c(provider->label)) };
        rows.array.at[rows.array.n++] = (struct value){ .kind = VALUE_MAP, .map = { members, 2 } };
    }
    struct member member = { STR("rows"), rows };
    reply_value(rq, &(struct value){ .kind = VALUE_MAP, .map = { &member, 1 } });
}

static step_fn *const list_steps[] = { list_providers, NULL };

/* ---- there ---- */

static enum err begin_work(struct work *work)
{
    struct exchange *x = (struct exchange *)(uintptr_t)work->input;
    x->outcome = oidc_begin(x->provider, &x->attempt, &work->arena, &x->url);
    return x->outcome == OIDC_NO_MEMORY ? ERR_NOMEM : ERR_NONE;
}

static void begin(struct request *rq)
{
    struct str unused;
    struct exchange *x = request_alloc(rq, sizeof *x);
    const struct oidc_provider *provider =
        oidc_find(request_oidc(rq), checked_str(request_in(rq), "provider"));
    if (!provider) {
        reply_problem(rq, "not_found");
        return;
    }
    if (!x || session_token_new(rq, &x->attempt.state, &x->state_sha256) ||
        session_token_new(rq, &x->attempt.nonce, &unused) ||
        session_token_new(rq, &x->attempt.verifier, &unused)) {
        reply_problem(rq, "busy");
        return;
    }
    x->provider = provider;
    x->attempt.redirect_uri = request_url(rq, "/signin/oidc");
    request_keep(rq, x);
    ask_work(rq, begin_work, x);
}

static bool fell_short(struct request *rq, enum oidc_outcome outcome)
{
    if (outcome == OIDC_OK) return false;
    reply_problem(rq, outcome == OIDC_UNREACHABLE ? "oidc_unreachable" : "oidc_refused");
    return true;
}

static void remember(struct request *rq)
{
    struct exchange *x = request_kept(rq);
    if (fell_short(rq, x->outcome)) return;
    const struct extra extra[] = {
        { "state_sha256", value_str(x->state_sha256) },
        { "provider", value_str(str_c(x->provider->name)) },
        { "nonce", value_str(x->attempt.nonce) },
        { "verifier", value_str(x->attempt.verifier) },
    };
    ask(rq, &oidc_attempt_begin, extra, sizeof extra / sizeof *extra);
}

static void reply_attempt_cookie(struct request *rq, struct str state, const char *seconds)
{
    char *cookie = request_alloc(rq, 200);
    if (!cookie) return;
    snprintf(cookie, 200, COOKIE "=" STR_FMT COOKIE_ATTRIBUTES "%s", STR_ARG(state), seconds);
    reply_header(rq, "set-cookie", str_c(cookie));
}

static void answer_begin(struct request *rq)
{
    struct exchange *x = request_kept(rq);
    reply_attempt_cookie(rq, x->attempt.state, "600");
    struct member url = { STR("url"), value_str(x->url) };
    reply_value(rq, &(struct value){ .kind = VALUE_MAP, .map = { &url, 1 } });
}

static step_fn *const begin_steps[] = { begin, remember, answer_begin, NULL };

/* ---- and back ---- */

static void take(struct request *rq)
{
    struct exchange *x = request_alloc(rq, sizeof *x);
    struct str state = checked_str(request_in(rq), "state"), cookie = request_cookie(rq, COOKIE);
    if (!x) {
        reply_problem(rq, "busy");
        return;
    }
    x->state_sha256 = session_token_hash(rq, state);
    /* Somebody else's attempt must not end in this browser. */
    if (!x->state_sha256.at || !cookie.at || !str_eq(cookie, state)) {
        reply_problem(rq, "oidc_refused");
        return;
    }
    reply_attempt_cookie(rq, STR(""), "0");
    x->code = checked_str(request_in(rq), "code");
    request_keep(rq, x);
    ask(rq, &oidc_attempt_take, &(struct extra){ "state_sha256", value_str(x->state_sha256) }, 1);
}

static enum err finish_work(struct work *work)
{
    struct exchange *x = (struct exchange *)(uintptr_t)work->input;
    x->outcome = oidc_finish(x->provider, &x->attempt, x->code, &work->arena, &x->claims);
    return x->outcome == OIDC_NO_MEMORY ? ERR_NOMEM : ERR_NONE;
}

static struct str copy(struct request *rq, struct str s)
{
    char *bytes = request_alloc(rq, s.n + 1);
    if (bytes) memcpy(bytes, s.at, s.n);
    return str_of(bytes, bytes ? s.n : 0);
}

static void exchange(struct request *rq)
{
    struct exchange *x = request_kept(rq);
    struct rows attempt = answer_rows(rq, 0);
    /* None: it is over, or was never begun. */
    if (attempt.count) x->provider = oidc_find(request_oidc(rq), rows_get_text(attempt, 0, "provider"));
    if (!x->provider) {
        reply_problem(rq, "oidc_refused");
        return;
    }
    x->attempt.nonce = copy(rq, rows_get_text(attempt, 0, "nonce"));
    x->attempt.verifier = copy(rq, rows_get_text(attempt, 0, "verifier"));
    x->attempt.redirect_uri = request_url(rq, "/signin/oidc");
    if (!x->attempt.nonce.at || !x->attempt.verifier.at)
        reply_problem(rq, "busy");
    else
        ask_work(rq, finish_work, x);
}

static void find_account(struct request *rq)
{
    struct exchange *x = request_kept(rq);
    if (fell_short(rq, x->outcome)) return;
    const struct extra extra[] = {
        { "provider", value_str(str_c(x->provider->name)) },
        { "subject", value_str(x->claims.subject) },
        { "email", value_str(x->claims.email) },
    };
    ask(rq, &oidc_account_find, extra, sizeof extra / sizeof *extra);
}

static void open_session(struct request *rq)
{
    struct exchange *x = request_kept(rq);
    struct str sha256, agent = request_header(rq, "user-agent");
    int64_t account = rows_get_i64(answer_rows(rq, 0), 0, "account_id", 0);
    if (!account) {
        reply_problem(rq, "oidc_unknown");
        return;
    }
    if (session_token_new(rq, &x->token, &sha256)) {
        reply_problem(rq, "busy");
        return;
    }
    const struct extra extra[] = {
        { "account_id", value_int(account) },
        { "token_sha256", value_str(sha256) },
        { "device", value_str(agent.at ? agent : STR("")) },
        { "factors", value_int(x->claims.second_factor ? 2 : 1) },
    };
    ask(rq, &oidc_session_open, extra, sizeof extra / sizeof *extra);
}

static void answer_finish(struct request *rq)
{
    struct exchange *x = request_kept(rq);
    if (!answer_rows(rq, 0).count) {
        reply_problem(rq, "oidc_unknown"); /* closed just now */
        return;
    }
    reply_session_cookie(rq, x->token);
    reply_rows(rq, answer_rows(rq, 0), NEW_ROW);
}

static step_fn *const finish_steps[] = { take, exchange, find_account, open_session, answer_finish, NULL };

static const struct route routes[] = {
    { GET, "/oidc/providers", .may = ANYONE, .steps = list_steps, .gives = ROWS,
      .says = "ほかの組織のアカウントでログインできるところ" },
    { POST, "/oidc/start", .may = ANYONE, .takes = begin_fields, .steps = begin_steps, .gives = ROW,
      .says = "ほかの組織のアカウントでのログインを始める" },
    { POST, "/oidc/finish", .may = ANYONE, .takes = finish_fields, .steps = finish_steps, .gives = NEW_ROW,
      .answers = &oidc_session_open, .says = "戻ってきてログインを終える" },
    { 0 },
};

static const struct problem problems[] = {
    { "oidc_unknown", 403,
      "このアカウントの教職員登録が見つかりません。学校の管理者から招待を受けてから、お試しください。" },
    { "oidc_refused", 403, "ログインを終えられませんでした。はじめからやり直してください。" },
    { "oidc_unreachable", 503, "ログイン先が応えません。少し待ってから、もう一度お試しください。" },
    { 0 },
};

const struct module oidc_module = {
    .name = "oidc",
    .routes = routes,
    .problems = problems,
    .statements = oidc_statements,
};
