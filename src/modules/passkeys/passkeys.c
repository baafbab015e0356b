#include "engine/module.h"

#include "passkeys.sql.h"

#define CLIENT_DATA                                                                                          \
    {                                                                                                        \
        "client_data", FROM_BODY, LINE, REQUIRED | SECRET, .max = 8000,                                      \
                                                           .help = "clientDataJSON（base64url）"           \
    }
#define AUTHENTICATOR_DATA                                                                                   \
    {                                                                                                        \
        "authenticator_data", FROM_BODY, LINE, REQUIRED | SECRET, .max = 8000,                               \
                                                                  .help = "authenticatorData（base64url）" \
    }
#define NAME                                                                                                 \
    {                                                                                                        \
        "name", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 60, .help = "自分でわかる名前"          \
    }

static const struct field new_passkey[] = { CLIENT_DATA, AUTHENTICATOR_DATA, NAME, { 0 } };

// clang-format off
#define SHOWN                                                                                                \
    CLIENT_DATA,                                                                                             \
    AUTHENTICATOR_DATA,                                                                                      \
    { "credential_id", FROM_BODY, LINE, REQUIRED | SECRET, .max = 1400, .help = "rawId（base64url）" },      \
    { "signature", FROM_BODY, LINE, REQUIRED | SECRET, .max = 2000, .help = "signature（base64url）" },      \
    { "user_handle", FROM_BODY, LINE, OPTIONAL | SECRET, .max = 100, .help = "userHandle（base64url）" }
// clang-format on

static const struct field own_passkey[] = { SHOWN, { 0 } };

static const struct field shown_passkey[] = {
    SHOWN,
    { "shared", FROM_BODY, BOOL, OPTIONAL, .help = "ほかの人も使う端末か" },
    { 0 },
};

static const struct field one_passkey[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_PASSKEY },
    { 0 },
};

static const struct field renamed_passkey[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_PASSKEY },
    NAME,
    { 0 },
};

static struct value flag(bool yes)
{
    return (struct value){ .kind = VALUE_BOOL, .boolean = yes };
}

static struct str field(struct request *rq, const char *name)
{
    return checked_str(request_in(rq), name);
}

static void reply_map(struct request *rq, struct member *members, size_t n)
{
    reply_value(rq, &(struct value){ .kind = VALUE_MAP, .map = { members, n } });
}

/* ---- a new one ---- */

static void find_owner(struct request *rq)
{
    ask(rq, &passkey_owner, NULL, 0);
}

static struct value words_of(struct request *rq, struct str text)
{
    size_t n = 0, room = 1;
    for (size_t i = 0; i < text.n; i++) room += text.at[i] == ' ' ? 1u : 0u;
    struct value *words = request_alloc(rq, room * sizeof *words);
    for (struct str rest = text; words && text.n && rest.at && n < room;)
        words[n++] = value_str(str_cut(rest, ' ', &rest));
    return (struct value){ .kind = VALUE_ARRAY, .array = { words, n } };
}

static void answer_challenge(struct request *rq)
{
    struct rows rows = answer_rows(rq, 0);
    if (rows.count == 0) {
        reply_problem(rq, "prove_first");
        return;
    }
    struct member members[] = {
        { STR("challenge"), value_str(passkey_challenge(rq, request_actor(rq))) },
        { STR("rp_id"), value_str(passkey_rp_id(rq)) },
        { STR("user_handle"), value_str(passkey_handle(rq, request_actor(rq))) },
        { STR("user_name"), value_str(rows_get_text(rows, 0, "login_id")) },
        { STR("display_name"), value_str(rows_get_text(rows, 0, "display_name")) },
        { STR("known"), words_of(rq, rows_get_text(rows, 0, "known")) },
    };
    reply_map(rq, members, sizeof members / sizeof *members);
}

static step_fn *const challenge_to_make[] = { find_owner, answer_challenge, NULL };

static void add_passkey(struct request *rq)
{
    struct passkey made;
    struct str *token = request_alloc(rq, sizeof *token), sha256;
    request_keep(rq, token);
    if (!token || session_token_new(rq, token, &sha256)) {
        reply_problem(rq, "busy");
        return;
    }
    if (!passkey_is_new(rq, field(rq, "client_data"), field(rq, "authenticator_data"), &made)) {
        reply_problem(rq, "passkey_refused");
        return;
    }
    const struct extra extra[] = {
        { "new_token_sha256", value_str(sha256) },
        { "challenge_sha256", value_str(made.challenge_sha256) },
        { "credential_id", value_str(made.credential_id) },
        { "algorithm", value_int(made.algorithm) },
        { "public_key", value_str(made.public_key) },
        { "sign_count", value_int(made.sign_count) },
        { "backup_eligible", flag(made.backup_eligible) },
        { "backed_up", flag(made.backed_up) },
        { "aaguid", value_str(made.aaguid) },
    };
    ask(rq, &passkey_add, extra, sizeof extra / sizeof *extra);
}

static void show_session(struct request *rq)
{
    struct rows rows = answer_rows(rq, 0);
    if (rows.count == 0) {
        reply_problem(rq, "passkey_refused");
        return;
    }
    int account = rows_column(rows, "account_id"); /* only at sign-in; else it is the actor's */
    const struct extra extra[] = {
        { "session_id", value_int(rows_get_i64(rows, 0, "session_id", 0)) },
        { "actor", value_int(rows_get_i64(rows, 0, "account_id", 0)) },
    };
    ask(rq, &passkey_session, extra, account < 0 ? 1 : 2);
}

static void answer_with_session(struct request *rq, enum gives gives)
{
    const struct str *token = request_kept(rq);
    struct rows rows = answer_rows(rq, 0);
    bool half = rows_get_text(rows, 0, "second_factor").at != NULL;
    if (rows.count > 0 && (half || rows_get_bool(rows, 0, "shared", false)))
        reply_session_cookie_brief(rq, *token);
    else if (rows.count > 0)
        reply_session_cookie(rq, *token);
    reply_rows(rq, rows, gives);
}

static void answer_session(struct request *rq)
{
    answer_with_session(rq, NEW_ROW);
}

static step_fn *const added_passkey[] = { add_passkey, show_session, answer_session, NULL };

/* ---- signing in ---- */

static void answer_challenge_to_all(struct request *rq)
{
    struct member members[] = {
        { STR("challenge"), value_str(passkey_challenge(rq, 0)) },
        { STR("rp_id"), value_str(passkey_rp_id(rq)) },
    };
    reply_map(rq, members, sizeof members / sizeof *members);
}

static step_fn *const challenge_to_show[] = { answer_challenge_to_all, NULL };

static void find_passkey_by(struct request *rq, const struct statement *statement)
{
    struct str id = bytes_of(rq, field(rq, "credential_id"));
    const struct extra extra[] = { { "credential_id", value_str(id.at ? id : STR("")) } };
    ask(rq, statement, extra, 1);
}

static void find_passkey(struct request *rq)
{
    find_passkey_by(rq, &passkey_by_credential);
}

static bool is_genuine(struct request *rq, struct rows rows, struct passkey *passkey)
{
    if (rows.count == 0) return false;
    struct str handle = field(rq, "user_handle");
    int64_t account = rows_get_i64(rows, 0, "account_id", 0);
    *passkey = (struct passkey){ .algorithm = rows_get_i64(rows, 0, "algorithm", 0),
                                 .public_key = rows_get_bytes(rows, 0, "public_key") };
    if (handle.at && !str_eq(handle, passkey_handle(rq, account))) return false;
    return passkey_is_shown(rq, field(rq, "client_data"), field(rq, "authenticator_data"),
                            field(rq, "signature"), passkey);
}

static void use_passkey_by(struct request *rq, const struct statement *statement)
{
    struct passkey passkey;
    struct rows rows = answer_rows(rq, 0);
    struct str *token = request_alloc(rq, sizeof *token), sha256, agent = request_header(rq, "user-agent");
    request_keep(rq, token);
    if (!token || session_token_new(rq, token, &sha256)) {
        reply_problem(rq, "busy");
        return;
    }
    if (!is_genuine(rq, rows, &passkey)) {
        reply_problem(rq, "passkey_refused");
        return;
    }
    const struct extra extra[] = {
        { "passkey_id", value_int(rows_get_i64(rows, 0, "passkey_id", 0)) },
        { "challenge_sha256", value_str(passkey.challenge_sha256) },
        { "sign_count", value_int(passkey.sign_count) },
        { "backed_up", flag(passkey.backed_up) },
        { "new_token_sha256", value_str(sha256) },
        { "device", value_str(agent.at ? agent : STR("")) },
    };
    ask(rq, statement, extra, sizeof extra / sizeof *extra);
}

static void use_passkey(struct request *rq)
{
    use_passkey_by(rq, &passkey_use);
}

static step_fn *const signed_in[] = { find_passkey, use_passkey, show_session, answer_session, NULL };

/* ---- one's own once more, within the session ---- */

static void find_own(struct request *rq)
{
    find_passkey_by(rq, &passkey_own);
}

static void prove(struct request *rq)
{
    use_passkey_by(rq, &passkey_prove);
}

static void answer_proof(struct request *rq)
{
    answer_with_session(rq, ROW);
}

static step_fn *const proved[] = { find_own, prove, show_session, answer_proof, NULL };

static const struct route routes[] = {
    { GET, "/session/passkey", .may = ANYONE, .steps = challenge_to_show, .gives = ROW,
      .says = "パスキーでログインするための問い" },
    { POST, "/session/passkey", .may = ANYONE, .takes = shown_passkey, .steps = signed_in, .gives = NEW_ROW,
      .answers = &passkey_session, .says = "パスキーでログインする" },
    { POST, "/session/proof/passkey", .may = SIGNED_IN | HALF, .takes = own_passkey, .steps = proved,
      .gives = ROW, .answers = &passkey_session,
      .says = "ログインの方法を変える前の、パスキーによる本人確認" },
    { GET, "/passkeys", .may = SIGNED_IN, .runs = &passkeys_list, .gives = ROWS, .says = "自分のパスキー" },
    { GET, "/passkeys/challenge", .may = SIGNED_IN | HALF, .steps = challenge_to_make, .gives = ROW,
      .flags = PROVED, .says = "パスキーを登録するための問い" },
    { POST, "/passkeys", .may = SIGNED_IN | HALF, .takes = new_passkey, .steps = added_passkey,
      .gives = NEW_ROW, .flags = PROVED, .answers = &passkey_session, .says = "パスキーを登録する" },
    { PUT, "/passkeys/{id}", .may = SIGNED_IN, .takes = renamed_passkey, .runs = &passkey_rename,
      .gives = ROW, .says = "パスキーの名前を変える" },
    { DELETE, "/passkeys/{id}", .may = SIGNED_IN, .takes = one_passkey, .runs = &passkey_remove, .gives = ROW,
      .flags = PROVED, .says = "パスキーを消す" },
    { 0 },
};

static const struct problem problems[] = {
    { "passkey_refused", 422, "このパスキーは使えませんでした。もう一度お試しください。" },
    { "prove_first", 403, "いまの確認方法でログインしてから、もう一度お試しください。" },
    { "last_way_in", 409,
      "ほかにログインする方法がありません。先にパスワードか別のパスキーを登録してください。" },
    { "last_factor", 409, "教職員には二つ目の確認方法が必要です。先に別の方法を登録してください。" },
    { 0 },
};

const struct module passkeys_module = {
    .name = "passkeys",
    .routes = routes,
    .problems = problems,
    .statements = passkeys_statements,
};
