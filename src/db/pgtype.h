/* The PostgreSQL types that the program speaks: their OIDs (fixed in pg_type.dat), names and array types.
 *
 * A type that is not here can be neither a parameter nor a result column: statement_check says so at
 * start-up. */
#ifndef DB_PGTYPE_H
#define DB_PGTYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum pg_oid {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_NAME = 19,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_JSON = 114,
    PG_FLOAT4 = 700,
    PG_FLOAT8 = 701,
    PG_BPCHAR = 1042,
    PG_VARCHAR = 1043,
    PG_DATE = 1082,
    PG_TIME = 1083,
    PG_TIMESTAMPTZ = 1184,
    PG_NUMERIC = 1700,
    PG_UUID = 2950,
    PG_JSONB = 3802
};

/* SQL's name for a parameter type ("bigint", "timestamptz", ...) -> its OID; 0 when it is not one of
 * bigint int smallint text date time timestamptz bool uuid bytea jsonb (and int8 int4 integer int2 boolean).
 */
uint32_t pgtype_find(struct str name);

/* "bigint", "date[]", ...; "?" when unknown. Static text. */
const char *pgtype_name(uint32_t oid);

/* The OID of the array type of a type (bigint -> bigint[]), and back; 0 when there is none here. */
uint32_t pgtype_array(uint32_t oid);
uint32_t pgtype_element(uint32_t array_oid);

/* Is there an encoder for a result column of this type (arrays included)? */
bool pgtype_encodes(uint32_t oid);

/* PostgreSQL counts from 2000-01-01. */
#define PG_EPOCH_DAYS 10957             /* days from 1970-01-01 */
#define PG_EPOCH_US   946684800000000ll /* microseconds from 1970-01-01T00:00Z */

/* Proleptic Gregorian calendar, days since 1970-01-01. */
int64_t pgtype_days(int64_t year, unsigned month, unsigned day);
void pgtype_civil(int64_t days, int64_t *ret_year, unsigned *ret_month, unsigned *ret_day);

#endif
