/* What a person reads about an error. */
#include "codec/field_private.h"

static const char *type_detail(const struct field *f)
{
    static const char *const details[FIELD_TYPES] = {
        [ID] = "正しい番号で指定してください。",       [INT] = "整数で入力してください。",
        [BOOL] = "true か false で指定してください。", [DATE] = "日付を入力してください。",
        [TIME] = "時刻を入力してください。",           [TEXT] = "文字で入力してください。",
        [LINE] = "文字で入力してください。",           [ENUM] = "選択肢の中から選んでください。",
        [UUID] = "UUID で指定してください。",          [TEXT_LIST] = "文字の一覧で指定してください。",
        [ID_LIST] = "番号の一覧で指定してください。",  [ENUM_LIST] = "選択肢の中から選んでください。",
    };

    return details[f->type];
}

static const char *format_detail(const struct field *f)
{
    if (f->type == DATE) return "実在する日付を「2026-04-01」の形で入力してください。";
    if (f->type == TIME) return "時刻を「08:30」の形で入力してください。";
    if (f->type == UUID) return type_detail(f);
    return "使えない文字が含まれています。";
}

/* "3以上10以下の…" with the side that has no bound left out. */
static const char *bounds_detail(struct arena *a, const struct field *f, const char *unit, const char *end)
{
    long long min = (long long)field_min(f), max = (long long)field_max(f);

    if (min <= (f->type == INT ? INT64_MIN : 0) || (f->type != INT && min <= 1))
        return arena_printf(a, "%lld%s以内で%s", max, unit, end);
    if (max == INT64_MAX) return arena_printf(a, "%lld%s以上で%s", min, unit, end);
    return arena_printf(a, "%lld%s以上%lld%s以内で%s", min, unit, max, unit, end);
}

static const char *length_detail(struct arena *a, const struct field *f)
{
    if (f->type == TEXT || f->type == LINE) return bounds_detail(a, f, "文字", "入力してください。");
    return bounds_detail(a, f, "件", "指定してください。");
}

const char *field_detail(struct arena *a, const struct field *f, const char *code)
{
    struct str c = str_c(code);

    if (str_eq(c, STR("required"))) return "必須の項目です。入力してください。";
    if (str_eq(c, STR("enum"))) return "選択肢の中から選んでください。";
    if (str_eq(c, STR("duplicate"))) return "同じものが2回指定されています。";
    if (str_eq(c, STR("format"))) return format_detail(f);
    if (str_eq(c, STR("length"))) return length_detail(a, f);
    if (str_eq(c, STR("range")) && f->type == INT) return bounds_detail(a, f, "", "入力してください。");
    return type_detail(f);
}
