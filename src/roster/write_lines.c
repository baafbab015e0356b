/* Lines of cells as a file in columns that somebody has chosen: for another system, or for a spreadsheet. */
#include <string.h>

#include "codec/charset.h"
#include "roster/roster_private.h"

static bool runs(struct str cell)
{
    return cell.n && memchr("=+-@\t\r", *cell.at, 6);
}

static bool needs_quotes(struct str cell, char separator)
{
    for (size_t i = 0; i < cell.n; i++)
        if (cell.at[i] == separator || cell.at[i] == '"' || cell.at[i] == '\r' || cell.at[i] == '\n')
            return true;
    return false;
}

static void cell_write(const struct roster_lines *lines, struct str cell, struct buf *out)
{
    bool quoted = needs_quotes(cell, lines->separator);
    if (quoted) buf_str(out, STR("\""));
    if (lines->neutralised && runs(cell)) buf_str(out, STR("'"));
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.at[i] == '"') buf_str(out, STR("\""));
        buf_str(out, str_of(cell.at + i, 1));
    }
    if (quoted) buf_str(out, STR("\""));
}

static void line_write(const struct roster_lines *lines, struct str line, struct buf *out)
{
    for (;;) {
        const char *end = line.n ? memchr(line.at, ROSTER_CELL_END, line.n) : NULL;
        size_t n = end ? (size_t)(end - line.at) : line.n;
        cell_write(lines, str_of(line.at, n), out);
        if (!end) break;
        buf_str(out, str_of(&lines->separator, 1));
        line = str_of(end + 1, line.n - n - 1);
    }
    buf_str(out, STR("\r\n"));
}

static void lines_write(const struct roster_lines *lines, struct buf *out)
{
    if (lines->heading.at) line_write(lines, lines->heading, out);
    for (size_t i = 0; i < lines->n; i++) line_write(lines, lines->at[i], out);
}

enum err roster_write_lines(const struct roster_lines *lines, struct buf *out, size_t *ret_replaced)
{
    struct buf utf8;
    *ret_replaced = 0;
    if (lines->encoding != ROSTER_CP932) {
        if (lines->encoding == ROSTER_UTF8_BOM) buf_str(out, STR("\xef\xbb\xbf"));
        lines_write(lines, out);
        return out->failed ? ERR_NOMEM : ERR_NONE;
    }
    buf_init(&utf8, 0);
    lines_write(lines, &utf8);
    enum err err = utf8.failed ? ERR_NOMEM : charset_encode_cp932(buf_view(&utf8), out, ret_replaced);
    buf_done(&utf8);
    return err;
}
