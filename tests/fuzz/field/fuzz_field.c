/* A query string, a zero byte, a JSON body -> a table with every type. */
#include <string.h>

#include "base/check.h"
#include "codec/dec.h"
#include "codec/field.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "absent", "late", "leave_early", NULL };

#define FIELDS(from, prefix)                                                                                 \
    { prefix "id", from, ID }, { prefix "int", from, INT, .min = -5, .max = 99 },                            \
        { prefix "bool", from, BOOL }, { prefix "date", from, DATE }, { prefix "time", from, TIME },         \
        { prefix "text", from, TEXT, .max = 20 }, { prefix "line", from, LINE, .min = 2 },                   \
        { prefix "enum", from, ENUM, .of = names }, { prefix "uuid", from, UUID },                           \
        { prefix "texts", from, TEXT_LIST, .max = 4 }, { prefix "ids", from, ID_LIST },                      \
    {                                                                                                        \
        prefix "enums", from, ENUM_LIST, .of = names                                                         \
    }

static const struct field table[] = { FIELDS(FROM_BODY, ""), FIELDS(FROM_QUERY, "q_"), { 0 } };

static bool given(const struct value *v, enum field_type type)
{
    switch (type) {
    case ID: return v->kind == VALUE_INT && v->integer > 0;
    case INT: return v->kind == VALUE_INT && v->integer >= -5 && v->integer <= 99;
    case BOOL: return v->kind == VALUE_BOOL;
    case DATE: return v->kind == VALUE_STR && date_valid(v->str) && date_days(v->str) > -40000;
    case TIME: return v->kind == VALUE_STR && time_valid(v->str);
    case UUID: return v->kind == VALUE_STR && uuid_valid(v->str);
    case TEXT: return v->kind == VALUE_STR && utf8_valid(v->str) && utf8_count(v->str) <= 20;
    case LINE: return v->kind == VALUE_STR && utf8_valid(v->str) && str_find(v->str, '\n') < 0;
    case ENUM: return v->kind == VALUE_STR;
    case TEXT_LIST: return v->kind == VALUE_ARRAY && v->array.n <= 4;
    default: return v->kind == VALUE_ARRAY && v->array.n <= FIELD_LIST_MAX;
    }
}

static void check(struct arena *a, const struct value *body, const struct value *query)
{
    struct checked c;
    struct field_errors errors = { .n = 0 };
    enum err err = field_check(a, table, &(struct field_input){ .body = body, .query = query }, &c, &errors);

    CHECK(err == ERR_NONE || (err == ERR_INVALID && errors.n > 0 && errors.n <= FIELD_MAX_ERRORS));
    for (size_t i = 0; i < errors.n; i++)
        CHECK(errors.at[i].code && errors.at[i].detail && utf8_valid(errors.at[i].field));
    for (size_t i = 0; !err && i < c.n; i++) CHECK(!c.at[i] || given(c.at[i], table[i].type));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct str json, query = str_cut(str_of((const char *)data, size), '\0', &json);
    struct value body, pairs;
    bool has_body, has_query;

    arena_init(&a, 0);
    has_body = dec_json(&a, json.at, json.n, &body, NULL) == ERR_NONE;
    has_query = dec_form(&a, query, &pairs, NULL) == ERR_NONE;
    check(&a, has_body ? &body : NULL, has_query ? &pairs : NULL);
    arena_done(&a);
    return 0;
}
