#include "roster/roster_private.h"

#define WIDE_SPACE "\xe3\x80\x80"

struct str text_trim(struct str s)
{
    for (;;) {
        size_t before = s.n;
        s = str_trim(s);
        if (str_starts(s, STR(WIDE_SPACE))) s = str_of(s.at + 3, s.n - 3);
        if (str_ends(s, STR(WIDE_SPACE))) s.n -= 3;
        if (s.n == before) return s;
    }
}

static void wrong(struct table_reader *t, size_t column, const char *code, bool *ok)
{
    table_problem(t, column, code);
    *ok = false;
}

static bool has_break(struct str s)
{
    return str_find(s, '\n') >= 0 || str_find(s, '\r') >= 0 || str_find(s, '\t') >= 0;
}

/* The apostrophe with which enc_csv keeps a spreadsheet from running a cell. */
static struct str without_apostrophe(struct str s)
{
    return s.n > 1 && s.at[0] == '\'' && strchr("=+-@", s.at[1]) ? str_of(s.at + 1, s.n - 1) : s;
}

struct str cell_text(struct table_reader *t, size_t column, bool *ok)
{
    struct str s = without_apostrophe(table_cell(t, column));
    if (has_break(s))
        wrong(t, column, "control", ok);
    else if (utf8_count(s) > ROSTER_TEXT_MAX)
        wrong(t, column, "length", ok);
    else
        return reading_keep(t->r, s);
    return (struct str){ 0 };
}

struct str cell_kana(struct table_reader *t, size_t column, bool *ok)
{
    struct buf out = { 0 };
    struct str s = cell_text(t, column, ok);
    kana_hiragana(&out, s);
    s = reading_keep(t->r, buf_view(&out));
    t->r->failed |= out.failed;
    buf_done(&out);
    return s;
}

struct str text_narrow(struct str s, char *out, size_t max)
{
    size_t n = 0;
    while (s.n) {
        struct str from = s;
        int32_t c = utf8_next(&s);
        if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
        size_t bytes = c < 0x80 ? 1 : from.n - s.n;
        if (n + bytes > max) return (struct str){ 0 };
        if (c < 0x80)
            out[n] = (char)c;
        else
            memcpy(out + n, from.at, bytes);
        n += bytes;
    }
    return str_of(out, n);
}

static bool number_of(struct str s, unsigned *ret)
{
    unsigned value = 0;
    if (s.n == 0 || s.n > 6) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.at[i] < '0' || s.at[i] > '9') return false;
        value = value * 10 + (unsigned)(s.at[i] - '0');
    }
    *ret = value;
    return true;
}

static struct str without(struct str s, struct str ending)
{
    return str_ends(s, ending) ? text_trim(str_of(s.at, s.n - ending.n)) : s;
}

unsigned cell_number(struct table_reader *t, size_t column, unsigned min, unsigned max, bool *ok)
{
    char word[32];
    unsigned value = 0;
    struct str s = table_cell(t, column);
    if (s.n == 0) return 0;
    s = text_narrow(s, word, sizeof word);
    s = without(without(without(s, STR("番")), STR("年度")), STR("号"));
    if (!number_of(s, &value))
        wrong(t, column, "format", ok);
    else if (value < min || value > max)
        wrong(t, column, "range", ok);
    else
        return value;
    return 0;
}

/* P1, J3; 小1, 中3年; 1, 1年. */
unsigned short cell_grade(struct table_reader *t, size_t column, bool *ok)
{
    static const struct {
        struct str stage;
        unsigned above, years;
    } stages[] = { { STR_INIT("P"), 0, 6 },    { STR_INIT("J"), 6, 3 },  { STR_INIT("小学"), 0, 6 },
                   { STR_INIT("中学"), 6, 3 }, { STR_INIT("小"), 0, 6 }, { STR_INIT("中"), 6, 3 },
                   { STR_INIT(""), 0, 9 } };
    char word[32];
    unsigned value;
    struct str s = table_cell(t, column);
    if (s.n == 0) return 0;
    s = without(without(text_narrow(s, word, sizeof word), STR("生")), STR("年"));
    for (size_t i = 0; s.at && i < sizeof stages / sizeof *stages; i++) {
        if (!str_starts_nocase(s, stages[i].stage)) continue;
        if (!number_of(str_of(s.at + stages[i].stage.n, s.n - stages[i].stage.n), &value)) break;
        if (value >= 1 && value <= stages[i].years) return (unsigned short)(stages[i].above + value);
        wrong(t, column, "range", ok);
        return 0;
    }
    wrong(t, column, "format", ok);
    return 0;
}

struct word {
    struct str text;
    int means;
};

/* What the cell's word means, or -1. */
static int meaning(struct str s, const struct word *words)
{
    char word[64];
    s = text_narrow(s, word, sizeof word);
    for (; s.at && words->text.at; words++)
        if (str_eq_nocase(s, words->text)) return words->means;
    return -1;
}

enum roster_class_kind cell_class_kind(struct table_reader *t, size_t column, bool *ok)
{
    static const struct word words[] = {
        { STR_INIT("false"), ROSTER_CLASS_REGULAR },        { STR_INIT("true"), ROSTER_CLASS_SUPPORT },
        { STR_INIT("regular"), ROSTER_CLASS_REGULAR },      { STR_INIT("support"), ROSTER_CLASS_SUPPORT },
        { STR_INIT("通常"), ROSTER_CLASS_REGULAR },         { STR_INIT("普通"), ROSTER_CLASS_REGULAR },
        { STR_INIT("通常学級"), ROSTER_CLASS_REGULAR },     { STR_INIT("普通学級"), ROSTER_CLASS_REGULAR },
        { STR_INIT("支援"), ROSTER_CLASS_SUPPORT },         { STR_INIT("特支"), ROSTER_CLASS_SUPPORT },
        { STR_INIT("支援学級"), ROSTER_CLASS_SUPPORT },     { STR_INIT("特別支援"), ROSTER_CLASS_SUPPORT },
        { STR_INIT("特別支援学級"), ROSTER_CLASS_SUPPORT }, { { NULL, 0 }, 0 }
    };
    struct str s = table_cell(t, column);
    if (s.n == 0) return ROSTER_CLASS_UNTOLD;
    int kind = meaning(s, words);
    if (kind < 0) wrong(t, column, "format", ok);
    return kind < 0 ? ROSTER_CLASS_UNTOLD : (enum roster_class_kind)kind;
}

bool cell_gone(struct table_reader *t, size_t column, bool *ok)
{
    static const struct word words[] = { { STR_INIT("active"), 0 }, { STR_INIT("tobedeleted"), 1 },
                                         { STR_INIT("0"), 0 },      { STR_INIT("1"), 1 },
                                         { STR_INIT("false"), 0 },  { STR_INIT("true"), 1 },
                                         { STR_INIT("在籍"), 0 },   { STR_INIT("在学"), 0 },
                                         { STR_INIT("転出"), 1 },   { STR_INIT("除籍"), 1 },
                                         { STR_INIT("退学"), 1 },   { STR_INIT("卒業"), 1 },
                                         { STR_INIT("○"), 1 },      { { NULL, 0 }, 0 } };
    struct str s = table_cell(t, column);
    int gone = s.n ? meaning(s, words) : 0;
    if (gone < 0) wrong(t, column, "format", ok);
    return gone > 0;
}
