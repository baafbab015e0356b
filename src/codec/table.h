/* Tables of texts and numbers, for people and their spreadsheets: written as CSV or XLSX.
 *
 * CSV: UTF-8 with a byte order mark, or CP932; CRLF. A text that begins with = + - @ TAB CR gets a leading
 * apostrophe, so that a spreadsheet does not run it; texts keep their leading zeros. XLSX: texts are text
 * cells, whatever they look like; the heading row stays in view.
 *
 * A long table is written row by row into a file, and is never whole in memory:
 *     table_begin -> table_row... -> table_end -> table_free
 * All of one writer's calls may come from different threads, one after the other. */
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

enum table_format { TABLE_CSV, TABLE_CSV_CP932, TABLE_XLSX };

/* What a table says of itself, behind its rows: in CSV after an empty line, in XLSX on a sheet of its own. */
struct table_note {
    struct str label, text;
};

struct table_writer;

/* `fd` (borrowed, empty) gets the file; `folder` is for what XLSX needs on the way. Headings and name must
 * live as long as the writer. ERR_NOMEM, ERR_IO (errno says why), ERR_UNSUPPORTED. */
enum err table_begin(enum table_format format, struct str name, const struct str *headings, size_t columns,
                     int fd, const char *folder, struct table_writer **ret);
/* ERR_TOO_BIG: more rows than XLSX has. */
enum err table_row(struct table_writer *writer, const struct table_cell *cells);
enum err table_end(struct table_writer *writer, const struct table_note *notes, size_t n);
size_t table_rows(const struct table_writer *writer);
size_t table_replaced(const struct table_writer *writer);
/* Also one that did not come to its end. Accepts NULL. */
void table_free(struct table_writer *writer);

#define TABLE_XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#endif
