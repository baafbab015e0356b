/* What answers look like: a schema from the columns that PostgreSQL describes. */
#include <string.h>

#include "db/pgtype.h"
#include "engine/openapi_private.h"

static const struct json_type {
    uint32_t oid;
    const char *type, *format;
} json_types[] = {
    { PG_BOOL, "boolean", NULL },    { PG_INT2, "integer", NULL },  { PG_INT4, "integer", NULL },
    { PG_INT8, "integer", "int64" }, { PG_FLOAT4, "number", NULL }, { PG_FLOAT8, "number", NULL },
    { PG_NUMERIC, "number", NULL },  { PG_DATE, "string", "date" }, { PG_TIMESTAMPTZ, "string", "date-time" },
    { PG_UUID, "string", "uuid" },
};

static const struct json_type *json_type(uint32_t oid)
{
    static const struct json_type text = { 0, "string", NULL };
    for (size_t i = 0; i < sizeof json_types / sizeof *json_types; i++)
        if (json_types[i].oid == oid) return &json_types[i];
    return &text;
}

static void member(struct enc *e, const char *name, const char *value)
{
    enc_key(e, name, strlen(name));
    enc_text(e, str_c(value));
}

static void scalar(struct enc *e, uint32_t oid, bool nullable)
{
    const struct json_type *type = json_type(oid);
    enc_map(e, type->format ? 2 : 1);
    enc_key_lit(e, "type");
    enc_array(e, nullable ? 2 : 1);
    enc_text(e, str_c(type->type));
    if (nullable) enc_str(e, "null", 4);
    enc_end(e);
    if (type->format) member(e, "format", type->format);
    enc_end(e);
}

static void column(struct enc *e, uint32_t oid)
{
    uint32_t element = pgtype_element(oid);
    if (oid == PG_JSON || oid == PG_JSONB) { /* anything */
        enc_map(e, 0);
        enc_end(e);
    } else if (element) {
        enc_map(e, 2);
        member(e, "type", "array");
        enc_key_lit(e, "items");
        scalar(e, element, false);
        enc_end(e);
    } else {
        scalar(e, oid, true);
    }
}

static bool shown(struct rows columns, int i)
{
    return strcmp(rows_name(columns, i), "ord") != 0 && strcmp(rows_name(columns, i), "outcome") != 0;
}

static void object(struct enc *e, struct rows columns)
{
    size_t n = 0;
    for (int i = 0; i < rows_columns(columns); i++) n += shown(columns, i) ? 1u : 0u;
    enc_map(e, 2);
    member(e, "type", "object");
    enc_key_lit(e, "properties");
    enc_map(e, n);
    for (int i = 0; i < rows_columns(columns); i++) {
        if (!shown(columns, i)) continue;
        enc_key(e, rows_name(columns, i), strlen(rows_name(columns, i)));
        column(e, rows_type(columns, i));
    }
    enc_end(e);
    enc_end(e);
}

void openapi_answer(struct enc *e, struct rows columns, bool many)
{
    if (!many) {
        object(e, columns);
        return;
    }
    enc_map(e, 3);
    member(e, "type", "object");
    enc_key_lit(e, "required");
    enc_array(e, 1);
    enc_str(e, "rows", 4);
    enc_end(e);
    enc_key_lit(e, "properties");
    enc_map(e, 1);
    enc_key_lit(e, "rows");
    enc_map(e, 2);
    member(e, "type", "array");
    enc_key_lit(e, "items");
    object(e, columns);
    enc_end(e);
    enc_end(e);
    enc_end(e);
}
