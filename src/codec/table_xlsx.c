/* XLSX through libxlsxwriter, in its mode of constant memory: what is written waits in files without a name.
 */
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/fault.h"
#include "codec/table_private.h"

#define ROWS_MAX  1048575u /* under the headings */
#define TEXT_MAX  32767u   /* characters in a cell, as Excel counts them (UTF-16) */
#define WIDTH_MIN 6u
#define WIDTH_MAX 60u
#define NOTES     "この表について"

struct workbook {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *heading, *text;
    unsigned *widest; /* [columns] */
    char *cell;       /* a text with its NUL */
    size_t cell_size;
    char path[48];
};

/* Full-width characters are two wide. */
static unsigned text_width(struct str s)
{
    unsigned width = 0;
    int32_t c;
    while (width < WIDTH_MAX && (c = utf8_next(&s)) >= 0) width += c < 0x1100 ? 1 : 2;
    return width;
}

static struct str text_fitting(struct str s)
{
    struct str rest = s;
    size_t units = 0;
    int32_t c;
    while (rest.n && (c = utf8_next(&rest)) >= 0) {
        units += c > 0xffff ? 2 : 1;
        if (units > TEXT_MAX) break;
        s.n = (size_t)(rest.at - s.at);
    }
    return s;
}

static const char *text_c(struct workbook *w, struct str s)
{
    if (s.n > TEXT_MAX / 2) s = text_fitting(s);
    if (s.n + 1 > w->cell_size) {
        char *more = base_realloc(w->cell, s.n + 1);
        if (!more) return NULL;
        w->cell = more;
        w->cell_size = s.n + 1;
    }
    memcpy(w->cell, s.at, s.n);
    w->cell[s.n] = '\0';
    return w->cell;
}

static enum err err_of(lxw_error error)
{
    if (error == LXW_ERROR_MEMORY_MALLOC_FAILED) return ERR_NOMEM;
    return error == LXW_NO_ERROR ? ERR_NONE : ERR_IO;
}

static lxw_error write_text(struct workbook *w, size_t row, size_t column, struct str s, lxw_format *format)
{
    const char *text = text_c(w, s);
    if (!text) return LXW_ERROR_MEMORY_MALLOC_FAILED;
    return worksheet_write_string(w->sheet, (lxw_row_t)row, (lxw_col_t)column, text, format);
}

static void widen(struct workbook *w, size_t column, struct str s)
{
    unsigned width = text_width(s);
    if (width > w->widest[column]) w->widest[column] = width;
}

static lxw_error write_cell(struct workbook *w, size_t row, size_t column, const struct table_cell *cell)
{
    if (cell->is_number)
        return worksheet_write_number(w->sheet, (lxw_row_t)row, (lxw_col_t)column, (double)cell->number,
                                      NULL);
    if (!cell->text.n) return LXW_NO_ERROR;
    widen(w, column, cell->text);
    return write_text(w, row, column, cell->text, w->text);
}

static enum err write_headings(struct table_writer *writer)
{
    struct workbook *w = writer->book;
    lxw_error error = LXW_NO_ERROR;
    worksheet_freeze_panes(w->sheet, 1, 0);
    for (size_t i = 0; i < writer->columns && !error; i++) {
        widen(w, i, writer->headings[i]);
        error = write_text(w, 0, i, writer->headings[i], w->heading);
    }
    return err_of(error);
}

/* At most 31 characters. */
static void sheet_name(struct str name, char ret[static 32 * 4])
{
    struct str rest = name;
    size_t n = 0;
    for (unsigned count = 0; count < 31 && utf8_next(&rest) >= 0; count++) n = (size_t)(rest.at - name.at);
    if (n) memcpy(ret, name.at, n);
    ret[n] = '\0';
}

enum err workbook_begin(struct table_writer *writer, const char *folder)
{
    lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = (char *)(uintptr_t)folder };
    struct workbook *w = writer->book = base_zalloc(sizeof *w);
    char name[32 * 4];
    if (!w || !(w->widest = base_zalloc(writer->columns * sizeof *w->widest))) return ERR_NOMEM;
    sheet_name(writer->name, name);
    snprintf(w->path, sizeof w->path, "/proc/self/fd/%d", writer->fd);
    if (!(w->book = workbook_new_opt(w->path, &options))) return ERR_NOMEM;
    w->sheet = workbook_add_worksheet(w->book, *name ? name : NULL);
    w->heading = workbook_add_format(w->book);
    w->text = workbook_add_format(w->book);
    if (!w->sheet || !w->heading || !w->text) return ERR_NOMEM;
    format_set_bold(w->heading);
    format_set_num_format(w->text, "@");
    return write_headings(writer);
}

enum err workbook_row(struct table_writer *writer, const struct table_cell *cells)
{
    lxw_error error = LXW_NO_ERROR;
    if (writer->rows == ROWS_MAX) return ERR_TOO_BIG;
    for (size_t i = 0; i < writer->columns && !error; i++)
        error = write_cell(writer->book, writer->rows + 1, i, &cells[i]);
    return err_of(error);
}

static enum err write_notes(struct workbook *w, const struct table_note *notes, size_t n)
{
    lxw_error error = LXW_NO_ERROR;
    w->sheet = workbook_add_worksheet(w->book, NOTES);
    if (!w->sheet) return ERR_NOMEM;
    worksheet_set_column(w->sheet, 0, 0, 16, NULL);
    worksheet_set_column(w->sheet, 1, 1, WIDTH_MAX, NULL);
    for (size_t i = 0; i < n && !error; i++) {
        error = write_text(w, i, 0, notes[i].label, w->heading);
        if (!error && notes[i].text.n) error = write_text(w, i, 1, notes[i].text, w->text);
    }
    return err_of(error);
}

enum err workbook_end(struct table_writer *writer, const struct table_note *notes, size_t n)
{
    struct workbook *w = writer->book;
    for (size_t i = 0; i < writer->columns; i++)
        worksheet_set_column(w->sheet, (lxw_col_t)i, (lxw_col_t)i,
                             (w->widest[i] < WIDTH_MIN ? WIDTH_MIN : w->widest[i]) + 2, NULL);
    enum err err = n ? write_notes(w, notes, n) : ERR_NONE;
    lxw_workbook *book = w->book;
    if (err != ERR_NONE) return err;
    w->book = NULL; /* closing frees it */
    return err_of(workbook_close(book));
}

/* The library forgets the files of sheets that were never assembled. */
static void book_free(lxw_workbook *book)
{
    lxw_worksheet *sheet;
    STAILQ_FOREACH(sheet, book->worksheets, list_pointers)
    {
        if (sheet->optimize_tmpfile) fclose(sheet->optimize_tmpfile);
    }
    lxw_workbook_free(book);
}

void workbook_free(struct workbook *w)
{
    if (!w) return;
    if (w->book) book_free(w->book);
    base_free(w->widest);
    base_free(w->cell);
    base_free(w);
}
