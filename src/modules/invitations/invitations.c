#include "engine/module.h"

#include "invitations.sql.h"

static const char *const whom[] = { "missing", "all", NULL };

static const struct field one_code[] = {
    { "code", FROM_BODY, LINE, REQUIRED | SECRET, .max = 40, .help = "登録コード・再設定コード" },
    { 0 },
};

static const struct field one_child[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { 0 },
};

static const struct field invited[] = {
    { "student_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "email", FROM_BODY, LINE, OPTIONAL | PERSONAL, .max = 254,
      .help = "コードを送る先（なければ送らない）" },
    { 0 },
};

static const struct field one_invitation[] = {
    { "invitation_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_INVITATION },
    { 0 },
};

// clang-format off
#define LETTERS                                                                                                \
    { "school_id", FROM_PATH, ID, REQUIRED, .object = OBJECT_SCHOOL },                                         \
    { "class_id", FROM_BODY, ID, OPTIONAL, .help = "この学級だけ" },                                           \
    { "student_id", FROM_BODY, ID, OPTIONAL, .help = "この児童生徒だけ" },                                     \
    { "letter", FROM_BODY, INT, OPTIONAL, .min = 1, .max = 4, .help = "何人目の保護者への手紙か" }
// clang-format on

static const struct field letters[] = { LETTERS, { 0 } };

static const struct field new_letters[] = {
    LETTERS,
    { "who", FROM_BODY, ENUM, OPTIONAL, .of = whom, .help = "まだ保護者のいない児童生徒だけか、全員か" },
    { "again", FROM_BODY, BOOL, OPTIONAL, .help = "使われていないコードを取り消して作り直す" },
    { "days", FROM_BODY, INT, OPTIONAL, .min = 1, .max = 365, .help = "有効な日数（なければ90日）" },
    { 0 },
};

static const struct route routes[] = {
    { POST, "/invitations/look", .may = ANYONE, .takes = one_code, .runs = &invitation_look_up, .gives = ROW,
      .says = "コードが何のためのものか" },
    { GET, "/children/{student_id}/invitations", .may = GUARDIAN, .takes = one_child,
      .runs = &invitations_of_child, .gives = ROWS, .says = "自分が作った、まだ使われていない招待" },
    { POST, "/children/{student_id}/invitations", .may = GUARDIAN, .takes = invited, .runs = &invitation_make,
      .gives = NEW_ROW, .flags = NEEDS_KEY, .says = "ほかの保護者を招待する" },
    { DELETE, "/invitations/{invitation_id}", .may = GUARDIAN | OFFICE | BOARD, .takes = one_invitation,
      .runs = &invitation_revoke, .gives = NOTHING, .says = "招待・手紙のコードを取り消す" },
    { POST, "/schools/{school_id}/letters", .may = OFFICE | BOARD, .takes = new_letters,
      .runs = &letters_make, .gives = NEW_ROW, .flags = NEEDS_KEY, .says = "登録の手紙のコードを作る" },
    { POST, "/schools/{school_id}/letters/list", .may = OFFICE | BOARD, .takes = letters,
      .runs = &letters_list, .gives = ROWS, .says = "印刷する手紙" },
    { POST, "/schools/{school_id}/letters/revoke", .may = OFFICE | BOARD, .takes = letters,
      .runs = &letters_revoke, .gives = ROW, .says = "手紙のコードを取り消す" },
    { 0 },
};

static const struct problem problems[] = {
    { "code_mistyped", 422,
      "コードの文字が違うようです。もう一度お確かめください。数字の0と1、英字のOとIは使われていません。" },
    { "code_unknown", 404,
      "このコードは使えません。いちばん新しい手紙のコードかお確かめのうえ、学校へお問い合わせください。" },
    { "too_many_codes", 429, "使えないコードが続けて入力されました。時間をおいてお試しください。" },
    { "email_invalid", 422, "メールアドレスをご確認ください。" },
    { "no_room", 409, "この児童生徒の保護者は、登録できる人数に達しています。学校へお問い合わせください。" },
    { "too_many_mails", 429, "招待の数が多すぎます。時間をおいてお試しください。" },
    { 0 },
};

const struct module invitations_module = {
    .name = "invitations",
    .routes = routes,
    .problems = problems,
    .statements = invitations_statements,
};
