/* The body of a statement: one pass over SQL's lexical forms. */
#include "db/tool/sqlfile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    struct sql_file *file;
    struct sql_block *block;
    const char *at;
    size_t n, pos;
    unsigned line;
    size_t line_start;
    char *out; /* room for all: $n is never longer than :name plus 8, see sql_scan */
    size_t out_n, out_cap;
    bool ended; /* a semicolon was seen */
};

static unsigned column(const struct scan *s)
{
    return (unsigned)(s->pos - s->line_start) + 1;
}

static char peek(const struct scan *s, size_t ahead)
{
    return s->pos + ahead < s->n ? s->at[s->pos + ahead] : '\0';
}

static void put(struct scan *s, const char *at, size_t n)
{
    if (s->out_n + n + 1 > s->out_cap) {
        s->out_cap = (s->out_n + n + 1) * 2;
        s->out = tool_realloc(s->out, s->out_cap);
    }
    memcpy(s->out + s->out_n, at, n);
    s->out_n += n;
    s->out[s->out_n] = '\0';
}

static void skip(struct scan *s, bool copy)
{
    char c = s->at[s->pos++];

    if (copy) put(s, &c, 1);
    if (c == '\n') {
        s->line++;
        s->line_start = s->pos;
    }
}

static void scan_quoted(struct scan *s, char quote, bool backslash)
{
    unsigned line = s->line, at = column(s);

    skip(s, true);
    while (s->pos < s->n) {
        if (backslash && peek(s, 0) == '\\' && s->pos + 1 < s->n) {
            skip(s, true);
        } else if (peek(s, 0) == quote) {
            skip(s, true);
            if (peek(s, 0) != quote) return;
        }
        skip(s, true);
    }
    sql_error(s->file, line, at, "%c is not closed", quote);
}

/* $tag$ ... $tag$; false when this $ begins no dollar-quote. */
static bool scan_dollar(struct scan *s)
{
    size_t n = 1;
    unsigned line = s->line, at = column(s);
    const char *tag = s->at + s->pos;

    while (isalnum((unsigned char)peek(s, n)) || peek(s, n) == '_') n++;
    if (peek(s, n) != '$' || isdigit((unsigned char)peek(s, 1))) return false;
    n++;
    for (size_t i = 0; i < n; i++) skip(s, true);
    while (s->pos + n <= s->n) {
        if (!memcmp(s->at + s->pos, tag, n)) {
            for (size_t i = 0; i < n; i++) skip(s, true);
            return true;
        }
        skip(s, true);
    }
    sql_error(s->file, line, at, "%.*s is not closed", (int)n, tag);
    s->pos = s->n;
    return true;
}

static void scan_comment(struct scan *s)
{
    unsigned line = s->line, at = column(s), depth = 0;

    do {
        if (peek(s, 0) == '/' && peek(s, 1) == '*') {
            depth++;
            skip(s, false);
        } else if (peek(s, 0) == '*' && peek(s, 1) == '/') {
            depth--;
            skip(s, false);
        }
        if (s->pos < s->n) skip(s, false);
    } while (depth && s->pos < s->n);
    if (depth) sql_error(s->file, line, at, "the comment is not closed");
    put(s, " ", 1);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* :name -> $n. Not after a word, ')' or ']' (an array's slice, [1:n]). */
static void scan_colon(struct scan *s)
{
    char before = s->pos ? s->at[s->pos - 1] : ' ';
    size_t n = 0;
    struct sql_param *p;
    char number[16];

    if (peek(s, 1) == ':') {
        skip(s, true);
        skip(s, true);
        return;
    }
    if (is_word(before) || before == ')' || before == ']' ||
        !(islower((unsigned char)peek(s, 1)) || peek(s, 1) == '_')) {
        skip(s, true);
        return;
    }
    while (is_word(peek(s, 1 + n))) n++;
    p = sql_block_param(s->block, s->at + s->pos + 1, n);
    if (p) {
        p->used = true;
        if (!p->line) p->line = s->line, p->column = column(s);
        put(s, number, (size_t)snprintf(number, sizeof(number), "$%d", (int)(p - s->block->params) + 1));
    } else {
        sql_error(s->file, s->line, column(s), "parameter ':%.*s' is not declared in '-- takes:'", (int)n,
                  s->at + s->pos + 1);
    }
    s->pos += n + 1;
}

static void scan_one(struct scan *s)
{
    char c = peek(s, 0);
    bool escape = c == '\'' && s->pos && (s->at[s->pos - 1] == 'E' || s->at[s->pos - 1] == 'e') &&
                  (s->pos < 2 || !is_word(s->at[s->pos - 2]));

    if (c == '-' && peek(s, 1) == '-') {
        while (s->pos < s->n && peek(s, 0) != '\n') skip(s, false);
        return;
    }
    if (c == '/' && peek(s, 1) == '*') {
        scan_comment(s);
        return;
    }
    if (c == ';') {
        s->ended = true;
        skip(s, false);
        return;
    }
    if (s->ended && !isspace((unsigned char)c)) {
        sql_error(s->file, s->line, column(s), "a block holds one statement");
        s->pos = s->n;
        return;
    }
    if (c == '\'' || c == '"')
        scan_quoted(s, c, escape);
    else if (c == ':')
        scan_colon(s);
    else if (c != '$' || (s->pos && is_word(s->at[s->pos - 1])) || !scan_dollar(s))
        skip(s, true);
}

/* Lines that comments left empty go, and blanks at the ends of lines. */
static void tidy(char *text)
{
    char *to = text;

    for (char *from = text; *from; from++) {
        if (*from == '\n') {
            while (to > text && isspace((unsigned char)to[-1])) to--;
            if (to == text) continue;
        }
        *to++ = *from;
    }
    while (to > text && isspace((unsigned char)to[-1])) to--;
    *to = '\0';
}

char *sql_scan(struct sql_file *f, struct sql_block *block, struct sql_body body)
{
    struct scan s = { .file = f, .block = block, .at = body.at, .n = body.n, .line = body.line };

    put(&s, "", 0);
    while (s.pos < s.n) scan_one(&s);
    tidy(s.out);
    return s.out;
}
