#include <stdio.h>

#include "engine/module.h"

#include "own_data.sql.h"

static const struct field new_terms[] = {
    { "version", FROM_BODY, LINE, REQUIRED, .max = 10, .help = "年と月（2027-04）" },
    { "changes", FROM_BODY, LINE, OPTIONAL, .max = 300, .help = "変わるところ（一文）" },
    { "body", FROM_BODY, TEXT, REQUIRED, .max = 20000, .help = "本文" },
    { 0 },
};

static const struct field agreed[] = {
    { "version", FROM_BODY, LINE, REQUIRED, .max = 10, .help = "同意した版" },
    { 0 },
};

static const struct field password_again[] = {
    { "password", FROM_BODY, LINE, OPTIONAL | SECRET, .max = 200,
      .help = "いまのパスワード（パスワードのない人は不要）" },
    { 0 },
};

static const struct field page[] = {
    { "before", FROM_QUERY, ID, OPTIONAL, .help = "これより前" },
    { 0 },
};

static const struct field batch[] = {
    { "school_id", FROM_BODY, ID, OPTIONAL, .object = OBJECT_SCHOOL, .help = "この学校だけ" },
    { "years", FROM_BODY, INT, OPTIONAL, .min = 1, .max = 30, .help = "離れてから何年か（なければ5年）" },
    { 0 },
};

static const struct field one_erasure[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ERASURE },
    { 0 },
};

/* "2027-04", or "2027-04-2" where a month has several. */
static void version_fits(const struct checked *in, struct field_errors *errors)
{
    struct str version = checked_str(in, "version");
    size_t digits = 0, dashes = 0;
    for (size_t i = 0; i < version.n; i++) {
        digits += version.at[i] >= '0' && version.at[i] <= '9';
        dashes += version.at[i] == '-' && (i == 4 || (i == 7 && i + 1 < version.n));
    }
    if (digits + dashes != version.n || digits < 6 || version.at[4] != '-')
        field_errors_add(errors, STR("version"), "format", "版は「2027-04」のように書いてください。");
}

/* ---- a file of one's own data ---- */

static void find_own(struct request *rq)
{
    ask(rq, &own_data_file, NULL, 0);
}

static void answer_own_file(struct request *rq)
{
    reply_file(rq, "application/json", STR("todoke-own-data.json"),
               rows_get_text(answer_rows(rq, 0), 0, "file"));
}

static step_fn *const own_file[] = { find_own, answer_own_file, NULL };

/* ---- leaving: the password again, then everything at once ---- */

static void find_proof(struct request *rq)
{
    ask(rq, &own_proof, NULL, 0);
}

static void refuse_locked(struct request *rq, struct rows proof)
{
    char *seconds = request_alloc(rq, 24);
    if (seconds) {
        snprintf(seconds, 24, "%lld", (long long)rows_get_i64(proof, 0, "retry_after", 60));
        reply_header(rq, "retry-after", str_c(seconds));
    }
    reply_problem(rq, "locked");
}

static void check_proof(struct request *rq)
{
    struct rows proof = answer_rows(rq, 0);
    struct str hash = rows_get_text(proof, 0, "password_hash");
    if (rows_get_bool(proof, 0, "still_staff", true))
        reply_problem(rq, "still_staff");
    else if (!hash.at && !request_is_proved(rq))
        reply_problem(rq, "prove_again");
    else if (!hash.at)
        ask(rq, &own_erase, NULL, 0);
    else if (rows_get_bool(proof, 0, "locked", false))
        refuse_locked(rq, proof);
    else if (!checked_has(request_in(rq), "password"))
        reply_problem(rq, "wrong_password");
    else
        ask_password(rq, checked_str(request_in(rq), "password"), hash);
}

static void answer_erased(struct request *rq)
{
    struct rows rows = answer_rows(rq, 0);
    if (rows_column(rows, "backups_until") < 0) {
        reply_problem(rq, "wrong_password");
        return;
    }
    reply_session_end(rq);
    reply_rows(rq, rows, ROW);
}

/* Who has no password is erased already; else it depends on the password. */
static void erase_or_count(struct request *rq)
{
    if (rows_column(answer_rows(rq, 0), "backups_until") >= 0)
        answer_erased(rq);
    else
        ask(rq, answer_password(rq) ? &own_erase : &own_proof_failed, NULL, 0);
}

static step_fn *const leave[] = { find_proof, check_proof, erase_or_count, answer_erased, NULL };

static const struct route routes[] = {
    { GET, "/terms", .may = ANYONE, .runs = &terms_show, .gives = ROW, .says = "利用規約と個人情報の扱い" },
    { POST, "/terms", .may = BOARD, .takes = new_terms, .check = version_fits, .runs = &terms_publish,
      .gives = NEW_ROW, .flags = NEEDS_KEY, .max_body = 128 * 1024, .says = "新しい版を公表する" },
    { POST, "/consent", .may = SIGNED_IN, .takes = agreed, .runs = &consent_give, .gives = ROW,
      .says = "同意する" },
    { GET, "/own-data", .may = SIGNED_IN, .runs = &own_data_show, .gives = ROW,
      .says = "自分について保存されている情報" },
    { GET, "/own-data/file", .may = SIGNED_IN, .steps = own_file, .answers = &own_data_file, .gives = ROW,
      .says = "自分について保存されている情報を、ファイルで受け取る" },
    { POST, "/own-data/erase", .may = SIGNED_IN, .takes = password_again, .steps = leave,
      .answers = &own_erase, .gives = ROW, .says = "退会する（自分の情報を消去する）" },
    { GET, "/erasures", .may = BOARD, .takes = page, .runs = &erasures_list, .gives = ROWS,
      .says = "消去の準備と証明書" },
    { POST, "/erasures", .may = BOARD, .takes = batch, .runs = &erasure_prepare, .gives = NEW_ROW,
      .flags = NEEDS_KEY, .says = "卒業・転出した児童生徒の消去を準備する" },
    { GET, "/erasures/{id}", .may = BOARD, .takes = one_erasure, .runs = &erasure_show, .gives = ROW,
      .says = "消去の準備または証明書ひとつ" },
    { POST, "/erasures/{id}/apply", .may = BOARD, .takes = one_erasure, .runs = &erasure_apply, .gives = ROW,
      .says = "準備した消去を進める（残りが 0 になるまで繰り返す）" },
    { POST, "/erasures/{id}/discard", .may = BOARD, .takes = one_erasure, .runs = &erasure_discard,
      .gives = ROW, .says = "準備した消去をやめる" },
    { 0 },
};

static const struct problem problems[] = {
    { "old_version", 409, "この版より新しい版が、すでに公表されています。" },
    { "terms_changed", 409, "内容が新しくなりました。もう一度お読みください。" },
    { "wrong_password", 403, "パスワードが違います。" },
    { "locked", 429, "続けて間違えたため、しばらく受け付けられません。時間をおいてお試しください。" },
    { "still_staff", 409,
      "教職員としての役割が残っているため、退会できません。学校の管理者にご相談ください。" },
    { "already_applied", 409, "この消去は、すでに始まっています。" },
    { "discarded", 409, "この消去の準備は、とりやめられています。" },
    { 0 },
};

const struct module own_data_module = {
    .name = "own_data",
    .routes = routes,
    .problems = problems,
    .statements = own_data_statements,
};
