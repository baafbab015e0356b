/* Reading CSV (RFC 4180): records of cells out of a text in UTF-8, with the place of every mistake.
 *
 *     struct csv csv;
 *     csv_init(&csv, text);
 *     while (csv_next(&csv)) {
 *         if (csv.fault) report(csv.fault, csv.line, csv.column), continue;
 *         use csv.cells[0 .. csv.n)
 *     }
 *     csv_done(&csv);
 *
 * Lines end with CRLF, LF or CR; a cell in quotes may hold commas, line ends and "" for a quote. Empty lines
 * are passed over. A record with a fault has no cells; reading goes on behind its line, but for a quote that
 * is never closed. Cells are borrowed: from the text, or from the reader until the next record. */
#ifndef CODEC_CSV_H
#define CODEC_CSV_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

#define CSV_COLUMNS    1000u
#define CSV_CELL_BYTES 65536u

enum csv_fault {
    CSV_FAULT_NONE,
    CSV_FAULT_OPEN_QUOTE,  /* a quote is never closed */
    CSV_FAULT_STRAY_QUOTE, /* a quote inside a cell without quotes, or text behind the closing one */
    CSV_FAULT_CONTROL,     /* a control character (NUL, ...) */
    CSV_FAULT_COLUMNS,     /* more than CSV_COLUMNS */
    CSV_FAULT_CELL,        /* a cell over CSV_CELL_BYTES */
    CSV_FAULT_MEMORY,      /* nothing more comes */
};

struct csv {
    struct str cells[CSV_COLUMNS];
    unsigned n;
    unsigned line;   /* where the record begins; of a fault: where it is. 1: the first */
    unsigned column; /* of a fault: which cell. 1: the first */
    enum csv_fault fault;

    struct str rest;
    unsigned next_line;
    struct buf unquoted; /* the record's cells that had "" in them */
};

void csv_init(struct csv *csv, struct str text);
/* False: the end. */
bool csv_next(struct csv *csv);
void csv_done(struct csv *csv);

/* The line and cell in which a byte of a text stands, for faults that are found before it is read as CSV. The
 * text may be in any encoding whose ASCII is ASCII. */
void csv_place(struct str text, size_t offset, unsigned *ret_line, unsigned *ret_column);

#endif
