/* A table of texts and numbers, for people and their spreadsheets: written as CSV or XLSX.
 *
 * CSV: UTF-8 with a byte order mark, or CP932; CRLF. A text that begins with = + - @ TAB CR gets a leading
 * apostrophe, so that a spreadsheet does not run it; texts keep their leading zeros. XLSX: texts are text
 * cells, whatever they look like; the heading row stays in view. */
#ifndef CODEC_TABLE_H
#define CODEC_TABLE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct table_cell {
    struct str text; /* .at null: a number, or an empty cell */
    int64_t number;
    bool is_number;
};

struct table {
    struct str name;          /* the XLSX's sheet */
    struct str *headings;     /* [columns] */
    struct table_cell *cells; /* [rows * columns] */
    size_t rows, columns;
};

/* *replaced (CP932) counts the characters that became 〓. ERR_NOMEM, ERR_UNSUPPORTED (see charset.h). */
enum err table_csv(const struct table *table, bool cp932, struct buf *out, size_t *replaced);
/* Row by row through libxlsxwriter, never the whole workbook in memory but for `out`. ERR_NOMEM, ERR_IO. */
enum err table_xlsx(const struct table *table, struct buf *out);

#define TABLE_XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#endif
