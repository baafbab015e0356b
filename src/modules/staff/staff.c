#include "engine/module.h"

#include "staff.sql.h"

static const char *const roles[] = { "administrator", "office", "nurse",    "homeroom",
                                     "teacher",       "board",  "operator", NULL };

// clang-format off
#define CODE { "code", FROM_BODY, LINE, REQUIRED | SECRET, .max = 40, .help = "招待コード" }
#define PLACE                                                                                                  \
    { "school_id", FROM_BODY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "なければ市の役割" },             \
    { "role", FROM_BODY, ENUM, REQUIRED, .of = roles },                                                        \
    { "class_id", FROM_BODY, ID, OPTIONAL, .help = "担任・教員の学級" }
// clang-format on

static const struct field one_school[] = {
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },
    { 0 },
};
static const struct field invitation[] = {
    PLACE,
    { "family_name", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 40, .help = "姓" },
    { "given_name", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 40, .help = "名" },
    { "family_kana", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 60, .help = "姓のよみがな" },
    { "given_kana", FROM_BODY, LINE, REQUIRED | PERSONAL, .max = 60, .help = "名のよみがな" },
    { "email", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 254, .help = "なければ紙で渡す" },
    { 0 },
};
static const struct field one_invitation[] = {
    { "invitation_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STAFF_INVITATION },
    { 0 },
};
static const struct field code_alone[] = { CODE, { 0 } };
static const struct field code_and_password[] = {
    CODE,
    { "password", FROM_BODY, LINE, REQUIRED | SECRET, .min = PASSWORD_MIN, .max = PASSWORD_MAX,
      .help = "これから使うパスワード（8文字以上）" },
    { 0 },
};
static const struct field another_role[] = {
    { "account_id", FROM_BODY, ID, REQUIRED, .object = OBJECT_ACCOUNT },
    PLACE,
    { 0 },
};
static const struct field one_role[] = {
    { "role_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STAFF_ROLE },
    { 0 },
};

/* ---- joining by a code: look at it, hash the password, make the account ---- */

static void look(struct request *rq)
{
    ask(rq, &staff_invitation_look_up, NULL, 0);
}

static void hash(struct request *rq)
{
    static const char *const columns[] = { "family_name", "given_name", "school_name" };
    struct rows found = answer_rows(rq, 0);
    struct str own[3], password = checked_str(request_in(rq), "password");
    if (rows_get_text(found, 0, "outcome").at) {
        reply_rows(rq, found, ROW);
        return;
    }
    for (size_t i = 0; i < 3; i++) own[i] = rows_get_text(found, 0, columns[i]);
    if (password_weak(password, own, 3))
        reply_problem(rq, "weak_password");
    else
        ask_new_hash(rq, password);
}

static void join(struct request *rq)
{
    const struct extra extra[] = { { "hash", value_str(answer_new_hash(rq)) } };
    ask(rq, &staff_join_by_code, extra, 1);
}

static void answer_new(struct request *rq)
{
    reply_rows(rq, answer_rows(rq, 0), NEW_ROW);
}

static step_fn *const join_steps[] = { look, hash, join, answer_new, NULL };

/* Steps, for the network that guesses are counted for. */
static void accept(struct request *rq)
{
    ask(rq, &staff_invitation_accept, NULL, 0);
}

static void answer_row(struct request *rq)
{
    reply_rows(rq, answer_rows(rq, 0), ROW);
}

static step_fn *const accept_steps[] = { accept, answer_row, NULL };

static const struct route routes[] = {
    { GET, "/schools/{school_id}/staff", .may = OFFICE | BOARD, .takes = one_school, .runs = &staff_of_school,
      .gives = ROWS, .says = "学校の教職員と役割" },
    { GET, "/city/staff", .may = BOARD, .runs = &staff_of_city, .gives = ROWS,
      .says = "教育委員会の職員と役割" },
    { GET, "/schools/{school_id}/staff-invitations", .may = OFFICE | BOARD, .takes = one_school,
      .runs = &staff_invitations_of_school, .gives = ROWS, .says = "まだ使われていない教職員の招待" },
    { GET, "/city/staff-invitations", .may = BOARD, .runs = &staff_invitations_of_city, .gives = ROWS,
      .says = "まだ使われていない市の招待" },
    { POST, "/staff-invitations", .may = OFFICE | BOARD, .takes = invitation, .check = person_names_check,
      .runs = &staff_invitation_make, .gives = NEW_ROW, .flags = NEEDS_KEY, .says = "教職員を招待する" },
    { DELETE, "/staff-invitations/{invitation_id}", .may = OFFICE | BOARD, .takes = one_invitation,
      .runs = &staff_invitation_revoke, .gives = NOTHING, .says = "教職員の招待を取り消す" },
    { POST, "/staff-invitations/look", .may = ANYONE, .takes = code_alone, .runs = &staff_invitation_look_up,
      .gives = ROW, .says = "招待コードが何の招待か" },
    { POST, "/staff-invitations/join", .may = ANYONE, .takes = code_and_password, .steps = join_steps,
      .gives = NEW_ROW, .answers = &staff_join_by_code, .says = "招待コードで教職員として登録する" },
    { POST, "/staff-invitations/accept", .may = SIGNED_IN, .takes = code_alone, .steps = accept_steps,
      .gives = ROW, .answers = &staff_invitation_accept, .says = "ログインしている人が招待を受ける" },
    { POST, "/staff-roles", .may = OFFICE | BOARD, .takes = another_role, .runs = &staff_role_give,
      .gives = NEW_ROW, .says = "教職員に役割を加える" },
    { DELETE, "/staff-roles/{role_id}", .may = OFFICE | BOARD, .takes = one_role, .runs = &staff_role_end,
      .gives = NOTHING, .says = "教職員の役割を終える" },
    { 0 },
};

static const struct problem problems[] = {
    { "code_mistyped", 422, "コードが違います。書かれているとおりに、もう一度入力してください。" },
    { "code_unknown", 404, "このコードは使えません。新しい招待を、招待した方にお求めください。" },
    { "too_many_codes", 429,
      "違うコードが続いたため、しばらく受け付けられません。時間をおいてお試しください。" },
    { "email_invalid", 422, "メールアドレスの形をご確認ください。" },
    { "role_unfit", 422, "役割と学校・学級の組み合わせをご確認ください。" },
    { "account_exists", 409,
      "この招待のメールアドレスは登録済みです。ログインしてから、招待コードを入力してください。" },
    { "weak_password", 422, "このパスワードは当てられやすいため使えません。ほかのものにしてください。" },
    { "has_role", 409, "この方は、すでにこの役割です。" },
    { "last_administrator", 409, "最後のひとりは外せません。先に、ほかの方にこの役割をつけてください。" },
    { 0 },
};

const struct module staff_module = {
    .name = "staff",
    .routes = routes,
    .problems = problems,
    .statements = staff_statements,
};
