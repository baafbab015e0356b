#include "engine/problem.h"

const struct problem engine_problems[] = {
    { "internal", 500, "システムで問題が起きました。少し待ってから、もう一度お試しください。" },
    { "malformed", 400, "送られた内容を読み取れませんでした。" },
    { "validation", 400, "入力内容をご確認ください。" },
    { "key_missing", 400, "この操作には Idempotency-Key（UUID）が必要です。" },
    { "signed_out", 401, "ログインしてください。" },
    { "forbidden", 403, "この操作をする権限がありません。" },
    { "prove_again", 403, "この操作の前に、もう一度パスワードかパスキーでご本人の確認をしてください。" },
    { "cross_site", 403, "ほかのサイトからの操作は受け付けられません。" },
    { "not_found", 404, "見つかりませんでした。" },
    { "method", 405, "この操作は用意されていません。" },
    { "timeout", 408, "時間内に受け取れませんでした。もう一度お試しください。" },
    { "stale_version", 409, "ほかの人が先に変更しました。最新の内容をご確認ください。" },
    { "too_large", 413, "送られた内容が大きすぎます。" },
    { "too_long", 414, "アドレスが長すぎます。" },
    { "media_type", 415, "この形式では受け付けられません。" },
    { "expectation", 417, "この要求には応じられません。" },
    { "too_many_rows", 422, "Excelに入る行数を超えました。期間を短くするか、CSVをお選びください。" },
    { "key_reused", 422, "同じ Idempotency-Key が、別の内容で使われています。" },
    { "upgrade", 426, "WebSocket の版が合いません。" },
    { "too_many", 429, "回数が多すぎます。しばらく待ってから、もう一度お試しください。" },
    { "headers", 431, "ヘッダーが大きすぎます。" },
    { "not_implemented", 501, "この要求には対応していません。" },
    { "busy", 503, "ただいま混み合っています。少し待ってから、もう一度お試しください。" },
    { "deadline", 503, "時間内に処理できませんでした。もう一度お試しください。" },
    { "storage", 507, "保存できませんでした。しばらくしてから、もう一度お試しください。" },
    { "version", 505, "この HTTP の版には対応していません。" },
    { 0 },
};

static const struct problem *find(const struct problem *list, struct str name)
{
    for (; list && list->name; list++)
        if (str_eq(str_c(list->name), name)) return list;
    return NULL;
}

const struct problem *problem_find(const struct module *module, struct str name)
{
    const struct problem *problem = module ? find(module->problems, name) : NULL;
    if (!problem) problem = find(engine_problems, name);
    return problem ? problem : &engine_problems[0];
}

const struct problem *problem_of_status(int status)
{
    if (status == 400) return find(engine_problems, STR("malformed"));
    for (const struct problem *p = engine_problems; p->name; p++)
        if (p->status == status) return p;
    return &engine_problems[0];
}
