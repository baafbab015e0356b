/* Rows of one result in binary: typed access, and the generic encoder.
 *
 * struct rows is a view, passed by value or copied freely; it borrows the result. Who lends it says how long
 * it lives (a batch: until batch_done; a gathered answer: during the callback). Row and column numbers are
 * 0-based and must be in range (CHECK). A column is looked for by name: rows_column, -1 when it is not there.
 */
#ifndef DB_ROWS_H
#define DB_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct enc;
struct pg_result;

struct rows {
    const struct pg_result *result; /* NULL = no result: 0 rows, 0 columns */
    const int *map;                 /* NULL, or the row numbers of the result in the order of the view */
    int first;                      /* of map, or of the result */
    int count;                      /* rows in this view */
};

static inline struct rows rows_none(void)
{
    return (struct rows){ 0 };
}

/* All rows of a result. */
struct rows rows_of(const struct pg_result *result);

/* A part: rows [first, first + count) of the view, cut to what is there. */
struct rows rows_part(struct rows rows, int first, int count);

int rows_columns(struct rows rows);
const char *rows_name(struct rows rows, int column);
uint32_t rows_type(struct rows rows, int column);
int rows_column(struct rows rows, const char *name);

bool rows_is_null(struct rows rows, int row, int column);

/* The bytes as the server sent them; {NULL, 0} for null. */
struct str rows_bytes(struct rows rows, int row, int column);

/* Typed access; a null, or a column of another type, gives the `otherwise` value. rows_i64 reads smallint,
 * int, bigint; a date as days since 1970-01-01; a time as microseconds of the day; a timestamptz as
 * milliseconds since 1970. rows_text reads text-like columns, json and jsonb (as its text): {NULL, 0} for
 * null. */
int64_t rows_i64(struct rows rows, int row, int column, int64_t otherwise);
bool rows_bool(struct rows rows, int row, int column, bool otherwise);
double rows_f64(struct rows rows, int row, int column, double otherwise);
struct str rows_text(struct rows rows, int row, int column);

/* The same by the column's name; a missing column is like a null. */
int64_t rows_get_i64(struct rows rows, int row, const char *name, int64_t otherwise);
bool rows_get_bool(struct rows rows, int row, const char *name, bool otherwise);
struct str rows_get_text(struct rows rows, int row, const char *name);
struct str rows_get_bytes(struct rows rows, int row, const char *name);

/* Columns that the engine eats: never part of an answer. */
#define ROWS_SKIP_DEFAULT "ord,outcome"

/* Writes one row as a map {column: value, ...}, or the whole view as an array of such maps, without the
 * columns named in `skip` (comma-separated; NULL = none). By column type: bool, numbers, numeric as a number,
 * text, date "YYYY-MM-DD", time "HH:MM" (with ":SS" when the seconds are not 0), timestamptz as RFC 3339 with
 * +09:00 (milliseconds when not 0), uuid, json and jsonb embedded, bytea as base64, arrays of these as
 * arrays. Infinity (date, timestamptz, numbers) is null. Failure is the encoder's own sticky one. A type
 * without an encoder (impossible after statement_check) is null. */
void rows_encode_row(struct rows rows, int row, const char *skip, struct enc *enc);
void rows_encode(struct rows rows, const char *skip, struct enc *enc);

/* One cell's value. */
void rows_encode_cell(struct rows rows, int row, int column, struct enc *enc);

#endif
