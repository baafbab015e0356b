/* XLSX through libxlsxwriter. Its files are memory: what is in them is personal. */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/fault.h"
#include "codec/table.h"

#define TEXT_MAX  32767u /* characters in a cell, as Excel counts them (UTF-16) */
#define WIDTH_MIN 6u
#define WIDTH_MAX 60u

struct workbook {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *heading, *text;
    char *cell; /* a text with its NUL */
    size_t cell_size;
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

static lxw_error write_text(struct workbook *w, size_t row, size_t column, struct str s, lxw_format *format)
{
    const char *text = text_c(w, s);
    if (!text) return LXW_ERROR_MEMORY_MALLOC_FAILED;
    return worksheet_write_string(w->sheet, (lxw_row_t)row, (lxw_col_t)column, text, format);
}

static lxw_error write_cell(struct workbook *w, size_t row, size_t column, const struct table_cell *cell)
{
    if (cell->is_number)
        return worksheet_write_number(w->sheet, (lxw_row_t)row, (lxw_col_t)column, (double)cell->number,
                                      NULL);
    return cell->text.n ? write_text(w, row, column, cell->text, w->text) : LXW_NO_ERROR;
}

static void set_widths(struct workbook *w, const struct table *table)
{
    for (size_t i = 0; i < table->columns; i++) {
        unsigned widest = text_width(table->headings[i]);
        for (size_t row = 0; row < table->rows && widest < WIDTH_MAX; row++) {
            unsigned width = text_width(table->cells[row * table->columns + i].text);
            if (width > widest) widest = width;
        }
        worksheet_set_column(w->sheet, (lxw_col_t)i, (lxw_col_t)i,
                             (widest < WIDTH_MIN ? WIDTH_MIN : widest) + 2, NULL);
    }
}

static lxw_error write_rows(struct workbook *w, const struct table *table)
{
    lxw_error error = LXW_NO_ERROR;
    for (size_t i = 0; i < table->columns && !error; i++)
        error = write_text(w, 0, i, table->headings[i], w->heading);
    for (size_t row = 0; row < table->rows; row++)
        for (size_t i = 0; i < table->columns && !error; i++)
            error = write_cell(w, row + 1, i, &table->cells[row * table->columns + i]);
    return error;
}

static int workbook_begin(struct workbook *w, const struct table *table, const char *path)
{
    static char memory[] = "/dev/shm";
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    char name[32 * 4] = "";
    size_t n = 0;
    struct str rest = table->name;
    for (unsigned count = 0; count < 31 && utf8_next(&rest) >= 0; count++)
        n = (size_t)(rest.at - table->name.at);
    if (n) memcpy(name, table->name.at, n);
    if (access(memory, W_OK) == 0) options.tmpdir = memory;
    if (!(w->book = workbook_new_opt(path, &options))) return -1;
    w->sheet = workbook_add_worksheet(w->book, *name ? name : NULL);
    w->heading = workbook_add_format(w->book);
    w->text = workbook_add_format(w->book);
    if (!w->sheet || !w->heading || !w->text) return -1;
    format_set_bold(w->heading);
    format_set_num_format(w->text, "@");
    worksheet_freeze_panes(w->sheet, 1, 0);
    set_widths(w, table);
    return 0;
}

static enum err read_back(int fd, struct buf *out)
{
    struct stat stat;
    if (fstat(fd, &stat) < 0 || stat.st_size <= 0) return ERR_IO;
    size_t size = (size_t)stat.st_size;
    char *to = buf_reserve(out, size);
    if (!to) return ERR_NOMEM;
    for (size_t got = 0; got < size;) {
        ssize_t n = pread(fd, to + got, size - got, (off_t)got);
        if (n <= 0) return ERR_IO;
        got += (size_t)n;
    }
    buf_commit(out, size);
    return ERR_NONE;
}

enum err table_xlsx(const struct table *table, struct buf *out)
{
    struct workbook w = { 0 };
    char path[64];
    int fd = memfd_create("todoke.xlsx", MFD_CLOEXEC);
    if (fd < 0) return ERR_IO;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    lxw_error error =
        workbook_begin(&w, table, path) ? LXW_ERROR_MEMORY_MALLOC_FAILED : write_rows(&w, table);
    lxw_error closed = w.book ? workbook_close(w.book) : error;
    if (!error) error = closed;
    enum err err = error == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERR_NOMEM : error ? ERR_IO : read_back(fd, out);
    base_free(w.cell);
    close(fd);
    return err;
}
