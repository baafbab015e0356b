#include <errno.h>
#include <unistd.h>

#include "base/fault.h"
#include "codec/charset.h"
#include "codec/enc.h"
#include "codec/table_private.h"

#define FLUSH_BYTES 65536u

/* ---- records ---- */

static void csv_cells(struct enc *e, const struct table_cell *cells, size_t n)
{
    enc_array(e, n);
    for (size_t i = 0; i < n; i++) {
        if (cells[i].is_number)
            enc_int(e, cells[i].number);
        else
            enc_text(e, cells[i].text);
    }
    enc_end(e);
}

static void csv_texts(struct enc *e, const struct str *texts, size_t n)
{
    enc_array(e, n);
    for (size_t i = 0; i < n; i++) enc_text(e, texts[i]);
    enc_end(e);
}

static void csv_rows(const struct table *table, struct enc *e)
{
    enc_array(e, table->rows + 1);
    csv_texts(e, table->headings, table->columns);
    for (size_t row = 0; row < table->rows; row++)
        csv_cells(e, &table->cells[row * table->columns], table->columns);
    enc_end(e);
}

enum err table_csv(const struct table *table, bool cp932, struct buf *out, size_t *replaced)
{
    struct buf utf8;
    struct enc e;
    buf_init(&utf8, 0);
    enc_csv(&e, cp932 ? &utf8 : out, !cp932);
    csv_rows(table, &e);
    enum err err = utf8.failed || out->failed ? ERR_NOMEM : ERR_NONE;
    if (err == ERR_NONE && cp932) err = charset_encode_cp932(buf_view(&utf8), out, replaced);
    buf_done(&utf8);
    return err;
}

/* ---- a writer of CSV ---- */

static enum err file_append(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = fault_hit("spool.write") ? (errno = ENOSPC, -1) : write(fd, bytes.at, bytes.n);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return ERR_IO;
        bytes = str_of(bytes.at + n, bytes.n - (size_t)n);
    }
    return ERR_NONE;
}

static enum err csv_flush(struct table_writer *w)
{
    enum err err = w->text.failed ? ERR_NOMEM : ERR_NONE;
    if (err == ERR_NONE && w->format == TABLE_CSV) err = file_append(w->fd, buf_view(&w->text));
    if (err == ERR_NONE && w->format == TABLE_CSV_CP932) {
        err = charset_encode_cp932(buf_view(&w->text), &w->bytes, &w->replaced);
        if (err == ERR_NONE) err = file_append(w->fd, buf_view(&w->bytes));
    }
    buf_reset(&w->text);
    buf_reset(&w->bytes);
    return err;
}

/* One record: of cells, or of texts. */
static enum err csv_record(struct table_writer *w, const struct table_cell *cells, const struct str *texts,
                           size_t n)
{
    struct enc e;
    enc_csv(&e, &w->text, false);
    enc_array(&e, 1);
    if (cells)
        csv_cells(&e, cells, n);
    else
        csv_texts(&e, texts, n);
    enc_end(&e);
    return w->text.failed ? ERR_NOMEM : w->text.n < FLUSH_BYTES ? ERR_NONE : csv_flush(w);
}

static enum err csv_begin(struct table_writer *w)
{
    if (w->format == TABLE_CSV) buf_str(&w->text, STR("\xef\xbb\xbf"));
    return csv_record(w, NULL, w->headings, w->columns);
}

static enum err csv_end(struct table_writer *w, const struct table_note *notes, size_t n)
{
    enum err err = ERR_NONE;
    if (n) buf_str(&w->text, STR("\r\n"));
    for (size_t i = 0; i < n && err == ERR_NONE; i++)
        err = csv_record(w, NULL, (const struct str[]){ notes[i].label, notes[i].text }, 2);
    return err == ERR_NONE ? csv_flush(w) : err;
}

/* ---- a writer of either ---- */

enum err table_begin(enum table_format format, struct str name, const struct str *headings, size_t columns,
                     int fd, const char *folder, struct table_writer **ret)
{
    struct table_writer *w = base_zalloc(sizeof *w);
    if (!w) return ERR_NOMEM;
    w->format = format;
    w->name = name;
    w->headings = headings;
    w->columns = columns;
    w->fd = fd;
    enum err err = format == TABLE_XLSX ? workbook_begin(w, folder) : csv_begin(w);
    if (err == ERR_NONE)
        *ret = w;
    else
        table_free(w);
    return err;
}

enum err table_row(struct table_writer *w, const struct table_cell *cells)
{
    enum err err = w->format == TABLE_XLSX ? workbook_row(w, cells) : csv_record(w, cells, NULL, w->columns);
    if (err == ERR_NONE) w->rows++;
    return err;
}

enum err table_end(struct table_writer *w, const struct table_note *notes, size_t n)
{
    return w->format == TABLE_XLSX ? workbook_end(w, notes, n) : csv_end(w, notes, n);
}

size_t table_rows(const struct table_writer *w)
{
    return w->rows;
}

size_t table_replaced(const struct table_writer *w)
{
    return w->replaced;
}

void table_free(struct table_writer *w)
{
    if (!w) return;
    workbook_free(w->book);
    buf_done(&w->text);
    buf_done(&w->bytes);
    base_free(w);
}
