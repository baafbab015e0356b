/* What the readers share: problems and rows that grow, records of a CSV by the names of their columns, and
 * the meaning of cells. */
#ifndef ROSTER_ROSTER_PRIVATE_H
#define ROSTER_ROSTER_PRIVATE_H

#include <string.h>

#include "codec/charset.h"
#include "codec/csv.h"
#include "roster/roster.h"

#define ROSTER_TEXT_MAX 100u /* characters in a cell that we keep */

/* Does roster_write_csv write it? (What stands in one cell there stands in two here.) */
bool roster_field_written(int field);

/* ---- one call of a reader ---- */

struct reading {
    struct arena *arena;
    struct roster *out;
    struct buf rows, problems; /* struct roster_row, struct roster_problem */
    struct str file;           /* that is being read */
    bool failed;               /* memory */
};

void reading_init(struct reading *r, struct arena *arena, struct roster *out);
void reading_problem(struct reading *r, const char *code, unsigned line, unsigned column,
                     struct str column_name);
/* A copy in the arena; null stays null, and empty becomes null. */
struct str reading_keep(struct reading *r, struct str s);
void reading_row(struct reading *r, const struct roster_row *row);
/* Hands rows and problems over. ERR_NONE or ERR_NOMEM. */
enum err reading_end(struct reading *r);

/* ---- records ---- */

struct table_column {
    struct str heading;
    bool required;
    int at; /* -1: the file has no such column */
};

/* A CSV, its text decoded. Records that the reader hands on have as many cells as the heading. */
struct table_reader {
    struct reading *r;
    struct table_column *columns;
    size_t n;
    struct charset_text text;
    struct csv csv;
    unsigned width; /* cells in a record */
};

/* Decodes; false: a problem has been told. table_close is due either way. */
bool table_open(struct table_reader *t, struct reading *r, struct str file);
void table_close(struct table_reader *t);
/* Takes the next record as the heading and looks for the columns (without case, without spaces around).
 * False: one that is required is missing, or there is no heading; told. */
bool table_heading(struct table_reader *t, struct table_column *columns, size_t n);
/* The next record that is sound and not all empty. False: the end. */
bool table_next(struct table_reader *t);
/* A cell without spaces around it; empty when the file has no such column. */
struct str table_cell(const struct table_reader *t, size_t column);
void table_problem(struct table_reader *t, size_t column, const char *code);

/* ---- the meaning of cells ----
 * They read the cell of `column`; what is wrong is told, and *ok is then false. An empty cell is "not told".
 */

struct str cell_text(struct table_reader *t, size_t column, bool *ok);
/* Readings: half-width kana becomes full-width, katakana becomes hiragana. */
struct str cell_kana(struct table_reader *t, size_t column, bool *ok);
unsigned cell_number(struct table_reader *t, size_t column, unsigned min, unsigned max, bool *ok);
unsigned short cell_grade(struct table_reader *t, size_t column, bool *ok);
enum roster_class_kind cell_class_kind(struct table_reader *t, size_t column, bool *ok);
bool cell_gone(struct table_reader *t, size_t column, bool *ok);

/* ASCII out of full-width letters and digits; {NULL, 0}: longer than `max`. */
struct str text_narrow(struct str s, char *out, size_t max);
/* "2026-04-07" out of that, 2026/4/7, 20260407, 令和8年4月7日, R8.4.7; null: not told, or told to be wrong.
 */
struct str cell_date(struct table_reader *t, size_t column, bool *ok);
/* Without spaces around it, the ideographic one too. */
struct str text_trim(struct str s);
/* `from` as hiragana: appended. */
void kana_hiragana(struct buf *out, struct str from);
/* Hiragana as full-width katakana: appended. */
void kana_katakana(struct buf *out, struct str from);

#endif
