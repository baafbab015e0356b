/* Rows as a file for a person's spreadsheet: what a route's .sheet names, in CSV or XLSX (codec/table.h),
 * made by a thread. */
#ifndef ENGINE_SHEET_H
#define ENGINE_SHEET_H

#include "engine/module.h"

enum sheet_format { SHEET_NONE, SHEET_CSV, SHEET_CSV_CP932, SHEET_XLSX };

/* The names that ?format= takes; ends with null. */
extern const char *const sheet_formats[];
/* Takes `format` out of the query's map. False: it is none of ours. */
bool sheet_format_take(struct value *query, enum sheet_format *ret);
/* Answers with the rows, which stay as they are until then. */
void sheet_reply(struct request *rq, struct rows rows);
/* The thread has made it. */
void sheet_finish(struct request *rq);
/* Does every column of the sheet exist in `columns`? The name of one that does not, or null. */
const char *sheet_missing(const struct sheet *sheet, struct rows columns);

#endif
