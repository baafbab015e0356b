#include "db/pgtype.h"

#include <stddef.h>

struct pgtype {
    uint32_t oid, array;
    const char *name, *array_name;
    bool param; /* may be declared in "-- takes:" */
};

static const struct pgtype types[] = {
    { PG_BOOL, 1000, "bool", "bool[]", true },
    { PG_BYTEA, 1001, "bytea", "bytea[]", true },
    { PG_NAME, 1003, "name", "name[]", false },
    { PG_INT8, 1016, "bigint", "bigint[]", true },
    { PG_INT2, 1005, "smallint", "smallint[]", true },
    { PG_INT4, 1007, "int", "int[]", true },
    { PG_TEXT, 1009, "text", "text[]", true },
    { PG_JSON, 199, "json", "json[]", false },
    { PG_FLOAT4, 1021, "real", "real[]", false },
    { PG_FLOAT8, 1022, "double precision", "double precision[]", false },
    { PG_BPCHAR, 1014, "char", "char[]", false },
    { PG_VARCHAR, 1015, "varchar", "varchar[]", false },
    { PG_DATE, 1182, "date", "date[]", true },
    { PG_TIME, 1183, "time", "time[]", true },
    { PG_TIMESTAMPTZ, 1185, "timestamptz", "timestamptz[]", true },
    { PG_NUMERIC, 1231, "numeric", "numeric[]", false },
    { PG_UUID, 2951, "uuid", "uuid[]", true },
    { PG_JSONB, 3807, "jsonb", "jsonb[]", true },
};
#define TYPES (sizeof(types) / sizeof(types[0]))

uint32_t pgtype_find(struct str name)
{
    static const struct {
        struct str name;
        uint32_t oid;
    } others[] = {
        { STR_INIT("int8"), PG_INT8 }, { STR_INIT("int4"), PG_INT4 },    { STR_INIT("integer"), PG_INT4 },
        { STR_INIT("int2"), PG_INT2 }, { STR_INIT("boolean"), PG_BOOL },
    };

    for (size_t i = 0; i < TYPES; i++)
        if (types[i].param && str_eq(name, str_c(types[i].name))) return types[i].oid;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (str_eq(name, others[i].name)) return others[i].oid;
    return 0;
}

const char *pgtype_name(uint32_t oid)
{
    for (size_t i = 0; i < TYPES; i++) {
        if (types[i].oid == oid) return types[i].name;
        if (types[i].array == oid) return types[i].array_name;
    }
    return "?";
}

uint32_t pgtype_array(uint32_t oid)
{
    for (size_t i = 0; i < TYPES; i++)
        if (types[i].oid == oid) return types[i].array;
    return 0;
}

uint32_t pgtype_element(uint32_t array_oid)
{
    for (size_t i = 0; i < TYPES; i++)
        if (types[i].array == array_oid) return types[i].oid;
    return 0;
}

bool pgtype_encodes(uint32_t oid)
{
    return pgtype_array(oid) || pgtype_element(oid);
}

/* Days and civil dates: the year begins on 1 March, so that the leap day is its last; eras of 400 years. */
int64_t pgtype_days(int64_t year, unsigned month, unsigned day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (int64_t)((month + 9) % 12) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

void pgtype_civil(int64_t days, int64_t *ret_year, unsigned *ret_month, unsigned *ret_day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *ret_day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    *ret_month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    *ret_year = yoe + era * 400 + (*ret_month <= 2 ? 1 : 0);
}
