/* Rows as a file for a person's spreadsheet: what a route's .sheet names, in CSV or XLSX (codec/table.h).
 * They are read in portions, written by a thread into a file without a name, and sent in pieces (export_begin
 * in request.h), so that memory does not depend on how many there are. */
#ifndef ENGINE_SHEET_H
#define ENGINE_SHEET_H

#include "engine/module.h"

enum sheet_format { SHEET_NONE, SHEET_CSV, SHEET_CSV_CP932, SHEET_XLSX };

/* The names that ?format= takes; ends with null. */
extern const char *const sheet_formats[];
/* Takes `format` out of the query's map. False: it is none of ours. */
bool sheet_format_take(struct value *query, enum sheet_format *ret);
/* Does every column of the sheet exist in `columns`? The name of one that does not, or null. */
const char *sheet_missing(const struct sheet *sheet, struct rows columns);

#endif
