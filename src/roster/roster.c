#include "roster/roster_private.h"

const char *const roster_field_names[ROSTER_FIELDS] = {
    [ROSTER_CODE] = "code",
    [ROSTER_SCHOOL_CODE] = "school_code",
    [ROSTER_SCHOOL_YEAR] = "school_year",
    [ROSTER_GRADE] = "grade",
    [ROSTER_CLASS_CODE] = "class_code",
    [ROSTER_CLASS_NAME] = "class_name",
    [ROSTER_CLASS_KIND] = "class_kind",
    [ROSTER_NUMBER] = "number",
    [ROSTER_FAMILY_NAME] = "family_name",
    [ROSTER_GIVEN_NAME] = "given_name",
    [ROSTER_FAMILY_KANA] = "family_kana",
    [ROSTER_GIVEN_KANA] = "given_kana",
    [ROSTER_FULL_NAME] = "full_name",
    [ROSTER_FULL_KANA] = "full_kana",
    [ROSTER_EXCHANGE_CLASS_CODE] = "exchange_class_code",
    [ROSTER_GONE] = "gone",
};

const char *const roster_field_headings[ROSTER_FIELDS] = {
    [ROSTER_CODE] = "児童生徒コード",
    [ROSTER_SCHOOL_CODE] = "学校コード",
    [ROSTER_SCHOOL_YEAR] = "年度",
    [ROSTER_GRADE] = "学年",
    [ROSTER_CLASS_CODE] = "学級コード",
    [ROSTER_CLASS_NAME] = "学級名",
    [ROSTER_CLASS_KIND] = "学級種別",
    [ROSTER_NUMBER] = "出席番号",
    [ROSTER_FAMILY_NAME] = "姓",
    [ROSTER_GIVEN_NAME] = "名",
    [ROSTER_FAMILY_KANA] = "せい",
    [ROSTER_GIVEN_KANA] = "めい",
    [ROSTER_FULL_NAME] = "氏名",
    [ROSTER_FULL_KANA] = "ふりがな",
    [ROSTER_EXCHANGE_CLASS_CODE] = "交流学級コード",
    [ROSTER_GONE] = "転出",
};

void roster_mapping_own(struct roster_mapping *ret)
{
    *ret = (struct roster_mapping){ .no_heading = false };
    for (int i = 0; i < ROSTER_FIELDS; i++)
        ret->columns[i].heading =
            roster_field_written(i) ? str_c(roster_field_headings[i]) : (struct str){ 0 };
}

bool roster_field_written(int field)
{
    return field != ROSTER_FULL_NAME && field != ROSTER_FULL_KANA;
}

/* ---- problems ---- */

static const struct {
    const char *code, *text;
} sentences[] = {
    { "empty", "ファイルに読み取れる行がありません。" },
    { "encoding", "文字コードを読み取れません。UTF-8 か Shift_JIS（CP932）で保存し直してください。" },
    { "mixed_encoding",
      "ここだけ文字コードが違います。ファイル全体を一つの文字コードで保存し直してください。" },
    { "utf16", "文字コードが UTF-16 です。「CSV UTF-8」で保存し直してください。" },
    { "open_quote", "ここで始まる引用符（\"）が閉じられていません。" },
    { "stray_quote", "引用符（\"）の使い方が正しくありません。" },
    { "control", "使えない制御文字が入っています。" },
    { "too_many_columns", "列が多すぎます（1000列まで）。" },
    { "long_cell", "ひとつの欄が長すぎます。" },
    { "too_many_rows", "行が多すぎます（20万人まで）。" },
    { "too_many_lines", "行が多すぎます（2,000行まで）。" },
    { "date", "日付として読み取れません（2026-04-07、2026/4/7、令和8年4月7日など）。" },
    { "outside_year", "選んだ年度の日ではありません。" },
    { "order", "終わりの日が、初めの日より前です。" },
    { "long_label", "長すぎます（40文字まで）。" },
    { "kind", "休業日・長期休業・臨時休業・授業日のどれかにしてください。" },
    { "school_kind", "小学校・中学校・特別支援学校のどれかにしてください。" },
    { "city_only", "学校の種類は、市の年間行事だけで選べます。" },
    { "grades", "学年は「1・3」や「1-3」のように書いてください。空欄はすべての学年です。" },
    { "duplicate_line", "同じ日と学年の行が、すでにあります。" },
    { "overlap", "前の行と、期間の一部だけが重なっています。" },
    { "columns", "列の数が見出しの行と違います。" },
    { "no_column", "必要な列が見つかりません。" },
    { "twice_column", "同じ見出しの列が二つあります。" },
    { "missing", "空にできない欄です。" },
    { "length", "長すぎます（100文字まで）。" },
    { "format", "この欄の書き方ではありません。" },
    { "range", "この欄の値の範囲を超えています。" },
    { "split_name", "姓と名の間に空白がないため、分けられません。" },
    { "duplicate", "同じコードの行がすでにあります。" },
    { "unknown", "対応する行がほかのファイルにありません。" },
    { "zip_format", "ZIP ファイルとして読み取れません。壊れているか、ZIP ではありません。" },
    { "zip_entries", "ZIP の中のファイルが多すぎます。" },
    { "zip_size", "ZIP を展開すると大きすぎます。" },
    { "zip_name", "ZIP の中に、使えないファイル名があります。" },
    { "zip_encrypted", "パスワードの付いた ZIP は読み取れません。" },
    { "zip_method", "この圧縮方式の ZIP は読み取れません。" },
    { "no_file", "ZIP の中に、このファイルがありません。" },
    { "version", "OneRoster 1.2 のファイルではありません。" },
};

static struct str sentence(const char *code)
{
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (strcmp(sentences[i].code, code) == 0) return str_c(sentences[i].text);
    return STR("");
}

void reading_init(struct reading *r, struct arena *arena, struct roster *out)
{
    *out = (struct roster){ .mode = ROSTER_BULK };
    *r = (struct reading){ .arena = arena, .out = out };
}

void reading_problem(struct reading *r, const char *code, unsigned line, unsigned column,
                     struct str column_name)
{
    struct roster_problem problem = { r->file, line, column, column_name, code, sentence(code) };
    r->out->n_found++;
    if (r->out->n_found > ROSTER_PROBLEMS) return;
    if (column_name.at) problem.column_name = reading_keep(r, utf8_prefix(column_name, 200));
    buf_append(&r->problems, &problem, sizeof problem);
}

struct str reading_keep(struct reading *r, struct str s)
{
    if (!s.at || s.n == 0) return (struct str){ 0 };
    struct str copy = arena_dup(r->arena, s);
    if (!copy.at) r->failed = true;
    return copy;
}

void reading_row(struct reading *r, const struct roster_row *row)
{
    buf_append(&r->rows, row, sizeof *row);
}

enum err reading_end(struct reading *r)
{
    struct roster *out = r->out;
    out->n_rows = r->rows.n / sizeof *out->rows;
    out->n_problems = r->problems.n / sizeof *out->problems;
    out->rows = arena_copy(r->arena, r->rows.at, r->rows.n);
    out->problems = arena_copy(r->arena, r->problems.at, r->problems.n);
    bool failed = r->failed || r->rows.failed || r->problems.failed || !out->rows || !out->problems;
    buf_done(&r->rows);
    buf_done(&r->problems);
    return failed ? ERR_NOMEM : ERR_NONE;
}
