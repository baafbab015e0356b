#include "db/rows.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "db/pgtype.h"
#include "db/wire.h"

struct rows rows_of(const struct pg_result *result)
{
    return (struct rows){ .result = result, .count = result ? PQntuples(result) : 0 };
}

struct rows rows_part(struct rows rows, int first, int count)
{
    if (first < 0) first = 0;
    if (first > rows.count) first = rows.count;
    if (count < 0 || count > rows.count - first) count = rows.count - first;
    rows.first += first;
    rows.count = count;
    return rows;
}

int rows_columns(struct rows rows)
{
    return rows.result ? PQnfields(rows.result) : 0;
}

const char *rows_name(struct rows rows, int column)
{
    CHECK(column >= 0 && column < rows_columns(rows));
    return PQfname(rows.result, column);
}

uint32_t rows_type(struct rows rows, int column)
{
    CHECK(column >= 0 && column < rows_columns(rows));
    return PQftype(rows.result, column);
}

/* Not PQfnumber: it folds case and knows quotes. */
int rows_column(struct rows rows, const char *name)
{
    for (int i = 0, n = rows_columns(rows); i < n; i++)
        if (!strcmp(PQfname(rows.result, i), name)) return i;
    return -1;
}

static int row_of(struct rows rows, int row)
{
    CHECK(row >= 0 && row < rows.count);
    return rows.map ? rows.map[rows.first + row] : rows.first + row;
}

bool rows_is_null(struct rows rows, int row, int column)
{
    CHECK(column >= 0 && column < rows_columns(rows));
    return PQgetisnull(rows.result, row_of(rows, row), column);
}

struct str rows_bytes(struct rows rows, int row, int column)
{
    int at;

    CHECK(column >= 0 && column < rows_columns(rows));
    at = row_of(rows, row);
    if (PQgetisnull(rows.result, at, column)) return str_of(NULL, 0);
    return str_of(PQgetvalue(rows.result, at, column), (size_t)PQgetlength(rows.result, at, column));
}

int64_t rows_i64(struct rows rows, int row, int column, int64_t otherwise)
{
    struct str b = rows_bytes(rows, row, column);

    switch (rows_type(rows, column)) {
    case PG_INT2: return b.n == 2 ? (int16_t)wire_get16(b.at) : otherwise;
    case PG_INT4: return b.n == 4 ? (int32_t)wire_get32(b.at) : otherwise;
    case PG_INT8: return b.n == 8 ? (int64_t)wire_get64(b.at) : otherwise;
    case PG_DATE: return b.n == 4 ? (int64_t)(int32_t)wire_get32(b.at) + PG_EPOCH_DAYS : otherwise;
    case PG_TIME: return b.n == 8 ? (int64_t)wire_get64(b.at) : otherwise;
    case PG_TIMESTAMPTZ: {
        int64_t us = b.n == 8 ? (int64_t)wire_get64(b.at) : INT64_MAX;
        if (us == INT64_MAX || us == INT64_MIN) return otherwise;
        return us / 1000 + PG_EPOCH_US / 1000;
    }
    default: return otherwise;
    }
}

bool rows_bool(struct rows rows, int row, int column, bool otherwise)
{
    struct str b = rows_bytes(rows, row, column);

    return rows_type(rows, column) == PG_BOOL && b.n == 1 ? b.at[0] != 0 : otherwise;
}

double rows_f64(struct rows rows, int row, int column, double otherwise)
{
    struct str b = rows_bytes(rows, row, column);
    uint32_t type = rows_type(rows, column);

    if (type == PG_FLOAT8 && b.n == 8) {
        uint64_t bits = wire_get64(b.at);
        double d;
        memcpy(&d, &bits, sizeof(d));
        return d;
    }
    if (type == PG_FLOAT4 && b.n == 4) {
        uint32_t bits = wire_get32(b.at);
        float f;
        memcpy(&f, &bits, sizeof(f));
        return (double)f;
    }
    return b.at && (type == PG_INT2 || type == PG_INT4 || type == PG_INT8)
               ? (double)rows_i64(rows, row, column, 0)
               : otherwise;
}

struct str rows_text(struct rows rows, int row, int column)
{
    struct str b = rows_bytes(rows, row, column);

    switch (rows_type(rows, column)) {
    case PG_TEXT:
    case PG_VARCHAR:
    case PG_BPCHAR:
    case PG_NAME:
    case PG_JSON: return b;
    case PG_JSONB: return b.n ? str_of(b.at + 1, b.n - 1) : str_of(NULL, 0);
    default: return str_of(NULL, 0);
    }
}

int64_t rows_get_i64(struct rows rows, int row, const char *name, int64_t otherwise)
{
    int column = rows_column(rows, name);

    return column < 0 ? otherwise : rows_i64(rows, row, column, otherwise);
}

bool rows_get_bool(struct rows rows, int row, const char *name, bool otherwise)
{
    int column = rows_column(rows, name);

    return column < 0 ? otherwise : rows_bool(rows, row, column, otherwise);
}

struct str rows_get_text(struct rows rows, int row, const char *name)
{
    int column = rows_column(rows, name);

    return column < 0 ? str_of(NULL, 0) : rows_text(rows, row, column);
}

struct str rows_get_bytes(struct rows rows, int row, const char *name)
{
    int column = rows_column(rows, name);

    return column < 0 || row >= rows.count ? str_of(NULL, 0) : rows_bytes(rows, row, column);
}
