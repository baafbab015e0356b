#include "codec/table.h"

#include "codec/charset.h"
#include "codec/enc.h"

static void csv_rows(const struct table *table, struct enc *e)
{
    enc_array(e, table->rows + 1);
    enc_array(e, table->columns);
    for (size_t i = 0; i < table->columns; i++) enc_text(e, table->headings[i]);
    enc_end(e);
    for (size_t row = 0; row < table->rows; row++) {
        enc_array(e, table->columns);
        for (size_t i = 0; i < table->columns; i++) {
            const struct table_cell *cell = &table->cells[row * table->columns + i];
            if (cell->is_number)
                enc_int(e, cell->number);
            else
                enc_text(e, cell->text);
        }
        enc_end(e);
    }
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
