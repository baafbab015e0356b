#include "engine/openapi.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "codec/table.h"
#include "db/pool.h"
#include "engine/openapi_private.h"
#include "engine/problem.h"
#include "engine/sheet.h"

static const struct {
    unsigned bit;
    const char *name;
} roles[] = { { GUARDIAN, "guardian" }, { TEACHER, "teacher" }, { OFFICE, "office" }, { BOARD, "board" },
              { OPERATOR, "operator" }, { PERSON, "person" },   { HALF, "half" } };

static const char *const object_names[OBJECT_KINDS] = {
#define OBJECT(KIND, name) [OBJECT_##KIND] = #name,
#include "codec/objects.def"
#undef OBJECT
};

static void key(struct enc *e, const char *name)
{
    enc_key(e, name, strlen(name));
}

static void text(struct enc *e, const char *name, const char *value)
{
    key(e, name);
    enc_text(e, str_c(value));
}

static void may(struct enc *e, unsigned bits)
{
    size_t n = 0, all = sizeof roles / sizeof *roles;
    for (size_t i = 0; i < all; i++) n += (bits & roles[i].bit) != 0;
    key(e, "x-todoke-may");
    enc_array(e, n);
    for (size_t i = 0; i < all; i++)
        if (bits & roles[i].bit) enc_str(e, roles[i].name, strlen(roles[i].name));
    enc_end(e);
}

/* ---- fields ---- */

struct type {
    const char *type, *format;
};

static const struct type types[FIELD_TYPES] = {
    [ID] = { "integer", "int64" },   [INT] = { "integer", NULL },   [BOOL] = { "boolean", NULL },
    [DATE] = { "string", "date" },   [TIME] = { "string", NULL },   [TEXT] = { "string", NULL },
    [LINE] = { "string", NULL },     [ENUM] = { "string", NULL },   [UUID] = { "string", "uuid" },
    [TEXT_LIST] = { "array", NULL }, [ID_LIST] = { "array", NULL }, [ENUM_LIST] = { "array", NULL },
};

static bool is_list(const struct field *f)
{
    return f->type == TEXT_LIST || f->type == ID_LIST || f->type == ENUM_LIST;
}

static bool is_text(const struct field *f)
{
    return f->type == TEXT || f->type == LINE;
}

static void bounds(struct enc *e, const struct field *f)
{
    const char *low = is_list(f) ? "minItems" : is_text(f) ? "minLength" : "minimum";
    const char *high = is_list(f) ? "maxItems" : is_text(f) ? "maxLength" : "maximum";
    int64_t max = f->max ? f->max : is_list(f) ? FIELD_LIST_MAX : is_text(f) ? FIELD_TEXT_MAX : 0;
    int64_t min = f->min ? f->min : f->type == ID ? 1 : 0;
    if (min) {
        key(e, low);
        enc_int(e, min);
    }
    if (max) {
        key(e, high);
        enc_int(e, max);
    }
}

static size_t count_bounds(const struct field *f)
{
    bool max = f->max || is_list(f) || is_text(f), min = f->min || f->type == ID;
    return (size_t)max + min;
}

static void enumeration(struct enc *e, const struct field *f)
{
    size_t n = 0;
    while (f->of[n]) n++;
    key(e, "enum");
    enc_array(e, n);
    for (size_t i = 0; i < n; i++) enc_text(e, str_c(f->of[i]));
    enc_end(e);
}

static void items(struct enc *e, const struct field *f)
{
    key(e, "items");
    enc_map(e, f->of ? 2 : 1);
    text(e, "type", f->type == ID_LIST ? "integer" : "string");
    if (f->of) enumeration(e, f);
    enc_end(e);
}

static void schema(struct enc *e, const struct field *f)
{
    const struct type *type = &types[f->type];
    bool pattern = f->type == TIME, enumerated = f->of && f->type == ENUM;
    const bool extras[] = {
        type->format, pattern, enumerated, is_list(f), f->help, f->object != OBJECT_NONE
    };
    size_t n = 1 + count_bounds(f);
    for (size_t i = 0; i < sizeof extras / sizeof *extras; i++) n += extras[i];
    enc_map(e, n);
    text(e, "type", type->type);
    if (type->format) text(e, "format", type->format);
    if (pattern) text(e, "pattern", "^([01][0-9]|2[0-3]):[0-5][0-9]$");
    if (enumerated) enumeration(e, f);
    if (is_list(f)) items(e, f);
    bounds(e, f);
    if (f->help) text(e, "description", f->help);
    if (f->object) text(e, "x-todoke-object", object_names[f->object]);
    enc_end(e);
}

static size_t count_fields(const struct field *fields, bool body, unsigned flag)
{
    size_t n = 0;
    for (const struct field *f = fields; f && f->name; f++)
        n += (f->from == FROM_BODY) == body && (f->flags & flag) == flag;
    return n;
}

static void parameter(struct enc *e, const char *name, const char *in, bool required, const struct field *f)
{
    enc_map(e, 4);
    text(e, "name", name);
    text(e, "in", in);
    key(e, "required");
    enc_bool(e, required);
    key(e, "schema");
    schema(e, f);
    enc_end(e);
}

static void parameters(struct enc *e, const struct route *route)
{
    static const struct field idempotency_key = { "Idempotency-Key", FROM_QUERY, UUID, REQUIRED,
                                                  .help = "同じ操作を二度しないための UUID" };
    static const struct field format = { "format", FROM_QUERY, ENUM, .of = sheet_formats,
                                         .help = "ファイルとして受け取る形式" };
    bool keyed = route->flags & NEEDS_KEY;
    key(e, "parameters");
    enc_array(e, count_fields(route->takes, false, 0) + keyed + (route->sheet != NULL));
    for (const struct field *f = route->takes; f && f->name; f++)
        if (f->from != FROM_BODY)
            parameter(e, f->name, f->from == FROM_PATH ? "path" : "query", f->flags & REQUIRED, f);
    if (route->sheet) parameter(e, format.name, "query", route->flags & ONLY_FILES, &format);
    if (keyed) parameter(e, idempotency_key.name, "header", true, &idempotency_key);
    enc_end(e);
}

static void body_schema(struct enc *e, const struct field *fields)
{
    enc_map(e, 4);
    text(e, "type", "object");
    key(e, "additionalProperties");
    enc_bool(e, false);
    key(e, "required");
    enc_array(e, count_fields(fields, true, REQUIRED));
    for (const struct field *f = fields; f->name; f++)
        if (f->from == FROM_BODY && f->flags & REQUIRED) enc_text(e, str_c(f->name));
    enc_end(e);
    key(e, "properties");
    enc_map(e, count_fields(fields, true, 0));
    for (const struct field *f = fields; f->name; f++) {
        if (f->from != FROM_BODY) continue;
        key(e, f->name);
        schema(e, f);
    }
    enc_end(e);
    enc_end(e);
}

/* Any bytes. */
static void file_schema(struct enc *e, const char *media)
{
    enc_map(e, 1);
    text(e, "contentMediaType", media);
    enc_end(e);
}

static void body_of(struct enc *e, const struct route *route)
{
    static const char *const forms[] = { "application/json", "application/msgpack", NULL };
    static const char *const files[] = { "text/csv", "application/zip", "application/octet-stream", NULL };
    bool file = route->flags & RAW_BODY;
    const char *const *media = file ? files : forms;
    key(e, "requestBody");
    enc_map(e, 2);
    key(e, "required");
    enc_bool(e, true);
    key(e, "content");
    enc_map(e, file ? 3 : 2);
    for (; *media; media++) {
        key(e, *media);
        enc_map(e, 1);
        key(e, "schema");
        if (file)
            file_schema(e, *media);
        else
            body_schema(e, route->takes);
        enc_end(e);
    }
    enc_end(e);
    enc_end(e);
}

/* ---- routes ---- */

static const struct statement *answering(const struct route *route)
{
    return route->runs ? route->runs : route->answers;
}

static void content(struct enc *e, const char *media, const struct route *route, struct rows columns)
{
    key(e, media);
    enc_map(e, 1);
    key(e, "schema");
    openapi_answer(e, columns, route->gives == ROWS);
    enc_end(e);
}

static const char *const sheet_types[] = { "text/csv", TABLE_XLSX_TYPE };

static void success(struct enc *e, const struct route *route, const struct db *db)
{
    struct rows columns = db && answering(route) ? db_describe(db, answering(route)) : rows_none();
    bool described = route->gives != NOTHING && rows_columns(columns) > 0;
    enc_map(e, described ? 2 : 1);
    text(e, "description", route->says);
    if (described) {
        key(e, "content");
        enc_map(e, route->sheet ? 4 : 2);
        content(e, "application/json", route, columns);
        content(e, "application/msgpack", route, columns);
        for (size_t i = 0; route->sheet && i < 2; i++) {
            key(e, sheet_types[i]);
            enc_map(e, 1);
            key(e, "schema");
            file_schema(e, sheet_types[i]);
            enc_end(e);
        }
        enc_end(e);
    }
    enc_end(e);
}

static void responses(struct enc *e, const struct route *route, const struct db *db)
{
    static const char *const statuses[] = {
        [NOTHING] = "204", [ROW] = "200", [ROWS] = "200", [NEW_ROW] = "201"
    };
    static const char problem[] = "{\"description\":\"RFC 9457\",\"content\":{\"application/problem+json\":"
                                  "{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}}";
    key(e, "responses");
    enc_map(e, 2);
    key(e, statuses[route->gives]);
    success(e, route, db);
    key(e, "default");
    enc_raw(e, problem, sizeof problem - 1);
    enc_end(e);
}

static void operation_id(struct enc *e, const struct route *route)
{
    static const char *const verbs[] = { [GET] = "get", [POST] = "post", [PUT] = "put", [DELETE] = "delete" };
    char id[128];
    size_t n = strlen(verbs[route->method]);
    memcpy(id, verbs[route->method], n);
    for (const char *c = route->path; *c && n < sizeof id - 1; c++)
        if (*c != '{' && *c != '}') id[n++] = *c == '/' || *c == '-' ? '_' : *c;
    key(e, "operationId");
    enc_str(e, id, n);
}

static void operation(struct enc *e, const struct module *module, const struct route *route,
                      const struct db *db)
{
    static const char *const verbs[] = { [GET] = "get", [POST] = "post", [PUT] = "put", [DELETE] = "delete" };
    bool body = route->flags & RAW_BODY || count_fields(route->takes, true, 0) > 0;
    key(e, verbs[route->method]);
    bool proved = route->flags & PROVED;
    enc_map(e, (size_t)6 + body + proved);
    operation_id(e, route);
    text(e, "summary", route->says);
    key(e, "tags");
    enc_array(e, 1);
    enc_text(e, str_c(module->name));
    enc_end(e);
    may(e, route->may);
    if (proved) {
        key(e, "x-todoke-proved");
        enc_bool(e, true);
    }
    parameters(e, route);
    if (body) body_of(e, route);
    responses(e, route, db);
    enc_end(e);
}

struct listed {
    const struct module *module;
    const struct route *route;
};

/* Every route whose path is this one's first: the others of that path stand with it. */
static size_t routes_of_path(const struct module *const *modules, const char *path, struct listed *ret,
                             size_t max)
{
    size_t n = 0;
    for (const struct module *const *m = modules; *m; m++)
        for (const struct route *r = (*m)->routes; r && r->path; r++)
            if (strcmp(r->path, path) == 0 && n < max) ret[n++] = (struct listed){ *m, r };
    return n;
}

static size_t count_paths(const struct module *const *modules)
{
    struct listed of_path[8];
    size_t n = 0;
    for (const struct module *const *m = modules; *m; m++)
        for (const struct route *r = (*m)->routes; r && r->path; r++)
            n += routes_of_path(modules, r->path, of_path, 8) && of_path[0].route == r;
    return n;
}

static void paths(struct enc *e, const struct module *const *modules, const struct db *db)
{
    char full[160] = "/api";
    key(e, "paths");
    enc_map(e, count_paths(modules));
    for (const struct module *const *m = modules; *m; m++)
        for (const struct route *r = (*m)->routes; r && r->path; r++) {
            struct listed of_path[8];
            size_t n = routes_of_path(modules, r->path, of_path, 8);
            if (of_path[0].route != r) continue;
            full[4] = '\0';
            strncat(full, r->path, sizeof full - 5);
            key(e, full);
            enc_map(e, n);
            for (size_t i = 0; i < n; i++) operation(e, of_path[i].module, of_path[i].route, db);
            enc_end(e);
        }
    enc_end(e);
}

/* ---- topics ---- */

static void topic(struct enc *e, const char *feed, const char *scope, unsigned bits, enum object_kind object)
{
    char name[128];
    snprintf(name, sizeof name, "%s/%s%s", feed, scope, object ? "/{key}" : "");
    enc_map(e, 2 + (object != OBJECT_NONE));
    text(e, "topic", name);
    may(e, bits);
    if (object) text(e, "x-todoke-object", object_names[object]);
    enc_end(e);
}

static void topics(struct enc *e, const struct module *const *modules)
{
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass) {
            key(e, "x-todoke-topics");
            enc_array(e, n);
        }
        for (const struct module *const *m = modules; *m; m++) {
            for (const struct feed *f = (*m)->feeds; f && f->name; f++)
                for (const struct topic *t = f->topics; t->scope; t++) {
                    if (pass) topic(e, f->name, t->scope, t->may, t->object);
                    n++;
                }
            for (const struct gauge *g = (*m)->gauges; g && g->name; g++) {
                if (pass) topic(e, g->name, g->scope ? g->scope : "all", g->may, g->object);
                n++;
            }
        }
    }
    enc_end(e);
}

/* ---- problems ---- */

static size_t problem_rows(struct enc *e, const struct problem *list)
{
    size_t n = 0;
    for (; list && list->name; list++, n++) {
        if (!e) continue;
        enc_map(e, 3);
        text(e, "name", list->name);
        key(e, "status");
        enc_int(e, list->status);
        text(e, "title", list->title);
        enc_end(e);
    }
    return n;
}

static void problems(struct enc *e, const struct module *const *modules)
{
    size_t n = problem_rows(NULL, engine_problems);
    for (const struct module *const *m = modules; *m; m++) n += problem_rows(NULL, (*m)->problems);
    key(e, "x-todoke-problems");
    enc_array(e, n);
    problem_rows(e, engine_problems);
    for (const struct module *const *m = modules; *m; m++) problem_rows(e, (*m)->problems);
    enc_end(e);
}

static const char problem_schema[] =
    "{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\"],\"properties\":{"
    "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
    "\"detail\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"field\",\"code\",\"detail\"],\"properties\":{\"field\":{\"type\":\"string\"},"
    "\"code\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}}}}";

struct str openapi_new(const struct module *const *modules, const struct db *db)
{
    struct buf out;
    struct enc enc, *e = &enc;
    buf_init(&out, 0);
    enc_json(e, &out);
    enc_map(e, 6);
    text(e, "openapi", "3.1.0");
    key(e, "info");
    enc_map(e, 2);
    text(e, "title", "todoke");
    text(e, "version", "1");
    enc_end(e);
    paths(e, modules, db);
    key(e, "components");
    enc_map(e, 1);
    key(e, "schemas");
    enc_map(e, 1);
    key(e, "problem");
    enc_raw(e, problem_schema, sizeof problem_schema - 1);
    enc_end(e);
    enc_end(e);
    topics(e, modules);
    problems(e, modules);
    enc_end(e);
    size_t n;
    char *at = buf_take(&out, &n);
    return str_of(at, n);
}
