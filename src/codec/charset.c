#include "codec/charset.h"

#include <errno.h>
#include <iconv.h>

#define BOM  "\xef\xbb\xbf"
#define GETA "\x81\xac" /* 〓 in CP932 */

const char *charset_name(enum charset charset)
{
    static const char *const names[] = { "utf-8", "utf-8-bom", "cp932" };
    return names[charset];
}

/* ---- which one? ---- */

static size_t utf8_prefix_length(struct str s)
{
    struct str rest = s;
    while (rest.n && utf8_next(&rest) >= 0) continue;
    return s.n - rest.n;
}

static bool is_lead(unsigned char c)
{
    return (c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc);
}

static bool is_trail(unsigned char c)
{
    return c >= 0x40 && c <= 0xfc && c != 0x7f;
}

/* By its structure; whether each code is assigned, iconv knows. */
static size_t cp932_prefix_length(struct str s)
{
    const unsigned char *at = (const unsigned char *)s.at;
    for (size_t i = 0; i < s.n; i++) {
        if (at[i] < 0x80 || (at[i] >= 0xa1 && at[i] <= 0xdf)) continue;
        if (!is_lead(at[i]) || i + 1 == s.n || !is_trail(at[i + 1])) return i;
        i++;
    }
    return s.n;
}

/* Kana and kanji as UTF-8 are three bytes each: as CP932 they would be rare characters that never stand so
 * close together, so a line like that is UTF-8. Two bytes prove nothing: half-width kana look like that. */
static bool has_japanese(struct str utf8)
{
    int32_t c;
    while ((c = utf8_next(&utf8)) >= 0)
        if (c >= 0x2e80 && c < 0xfffe) return true;
    return false;
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.at[i] >= 0x80) return false;
    return true;
}

enum line_kind { LINE_EITHER, LINE_UTF8, LINE_CP932, LINE_NEITHER };

static enum line_kind line_kind(struct str line)
{
    if (is_ascii(line)) return LINE_EITHER;
    bool utf8 = utf8_prefix_length(line) == line.n, cp932 = cp932_prefix_length(line) == line.n;
    if (utf8 && (!cp932 || has_japanese(line))) return LINE_UTF8;
    if (utf8) return LINE_EITHER;
    return cp932 ? LINE_CP932 : LINE_NEITHER;
}

static struct str line_next(struct str *rest)
{
    ptrdiff_t n = str_find(*rest, '\n');
    struct str line = str_of(rest->at, n < 0 ? rest->n : (size_t)n + 1);
    *rest = str_of(rest->at + line.n, rest->n - line.n);
    return line;
}

struct line_count {
    size_t utf8, cp932;
    bool odd; /* a line is neither */
};

static struct line_count lines_count(struct str file)
{
    struct line_count count = { 0 };
    while (file.n) {
        enum line_kind kind = line_kind(line_next(&file));
        count.utf8 += kind == LINE_UTF8;
        count.cp932 += kind == LINE_CP932;
        count.odd |= kind == LINE_NEITHER;
    }
    return count;
}

/* The first line that is not as the others are. */
static enum err fault_find(struct str file, bool utf8, struct charset_text *ret)
{
    for (struct str rest = file; rest.n;) {
        struct str line = line_next(&rest);
        enum line_kind kind = line_kind(line);
        if (kind == LINE_EITHER || kind == (utf8 ? LINE_UTF8 : LINE_CP932)) continue;
        size_t good = utf8 ? utf8_prefix_length(line) : cp932_prefix_length(line);
        for (size_t i = 0; good == line.n && i < line.n; i++) /* all of it would do: its first character */
            if ((unsigned char)line.at[i] >= 0x80) good = i;
        ret->fault = kind == LINE_NEITHER ? CHARSET_FAULT_INVALID : CHARSET_FAULT_MIXED;
        ret->fault_at = (size_t)(line.at - file.at) + good;
        break;
    }
    return ERR_INVALID;
}

/* ---- conversion ---- */

static enum err cp932_decode(struct str file, struct charset_text *ret)
{
    iconv_t cd = iconv_open("UTF-8", "CP932");
    char *in = (char *)(uintptr_t)file.at;
    size_t left = file.n, rc = 0;
    if (cd == (iconv_t)-1) return errno == ENOMEM ? ERR_NOMEM : ERR_UNSUPPORTED;
    do {
        size_t room = left + left / 2 + 64, free = room;
        char *out = buf_reserve(&ret->own, room);
        if (!out) break;
        rc = iconv(cd, &in, &left, &out, &free);
        buf_commit(&ret->own, room - free);
    } while (rc == (size_t)-1 && errno == E2BIG);
    iconv_close(cd);
    if (ret->own.failed) return ERR_NOMEM;
    if (rc == (size_t)-1) {
        ret->fault = CHARSET_FAULT_INVALID;
        ret->fault_at = file.n - left;
        return ERR_INVALID;
    }
    ret->text = buf_view(&ret->own);
    return ERR_NONE;
}

enum err charset_decode(struct str file, struct charset_text *ret)
{
    *ret = (struct charset_text){ 0 };
    if (str_starts(file, STR("\xff\xfe")) || str_starts(file, STR("\xfe\xff"))) {
        ret->fault = CHARSET_FAULT_UTF16;
        return ERR_INVALID;
    }
    bool marked = str_starts(file, STR(BOM));
    struct str text = marked ? str_of(file.at + sizeof BOM - 1, file.n - sizeof BOM + 1) : file;
    ret->charset = marked ? CHARSET_UTF8_BOM : CHARSET_UTF8;
    ret->text = text;
    if (utf8_valid(text)) return ERR_NONE;
    struct line_count count = lines_count(text);
    bool utf8 = marked || count.utf8 > count.cp932;
    if (!utf8) ret->charset = CHARSET_CP932;
    if (utf8 || count.utf8 || count.odd) {
        enum err err = fault_find(text, utf8, ret);
        ret->fault_at += (size_t)(text.at - file.at);
        return err;
    }
    return cp932_decode(text, ret);
}

/* The character at in[0]: its bytes, or 1 where it is none. */
static size_t character_length(const char *in, size_t left, int32_t *ret_code)
{
    struct str rest = str_of(in, left);
    *ret_code = utf8_next(&rest);
    return *ret_code < 0 ? 1 : left - rest.n;
}

static bool is_variation_selector(int32_t c)
{
    return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

enum err charset_encode_cp932(struct str text, struct buf *out, size_t *replaced)
{
    iconv_t cd = iconv_open("CP932", "UTF-8");
    char *in = (char *)(uintptr_t)text.at;
    size_t left = text.n;
    if (cd == (iconv_t)-1) return errno == ENOMEM ? ERR_NOMEM : ERR_UNSUPPORTED;
    while (left && !out->failed) {
        size_t room = left + 16, free = room;
        char *to = buf_reserve(out, room);
        if (!to) break;
        size_t rc = iconv(cd, &in, &left, &to, &free);
        buf_commit(out, room - free);
        if (rc != (size_t)-1 || errno == E2BIG) continue;
        int32_t code;
        size_t n = character_length(in, left, &code);
        if (!is_variation_selector(code)) buf_str(out, STR(GETA));
        (*replaced)++;
        in += n;
        left -= n;
    }
    iconv_close(cd);
    return out->failed ? ERR_NOMEM : ERR_NONE;
}
