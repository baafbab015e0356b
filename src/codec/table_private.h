/* The inside of a table's writer: table.c (what is common, CSV), table_xlsx.c. */
#ifndef CODEC_TABLE_PRIVATE_H
#define CODEC_TABLE_PRIVATE_H

#include "codec/table.h"

struct workbook;

struct table_writer {
    enum table_format format;
    struct str name;
    const struct str *headings;
    size_t columns, rows, replaced;
    int fd;
    struct buf text, bytes; /* CSV: what is not yet in the file; its CP932 */
    struct workbook *book;  /* XLSX */
};

enum err workbook_begin(struct table_writer *writer, const char *folder);
enum err workbook_row(struct table_writer *writer, const struct table_cell *cells);
enum err workbook_end(struct table_writer *writer, const struct table_note *notes, size_t n);
void workbook_free(struct workbook *book);

#endif
