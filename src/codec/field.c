/* Tables and checked values by name. */
#include "base/check.h"
#include "codec/field_private.h"

static const char *const type_names[FIELD_TYPES] = {
    [ID] = "id",           [INT] = "int",
    [BOOL] = "bool",       [DATE] = "date",
    [TIME] = "time",       [TEXT] = "text",
    [LINE] = "line",       [ENUM] = "enum",
    [UUID] = "uuid",       [TEXT_LIST] = "text_list",
    [ID_LIST] = "id_list", [ENUM_LIST] = "enum_list",
};

const char *field_type_name(enum field_type type)
{
    return (unsigned)type < FIELD_TYPES ? type_names[type] : "unknown";
}

int field_find(const struct field *fields, struct str name)
{
    for (int i = 0; fields && fields[i].name; i++)
        if (str_eq(str_c(fields[i].name), name)) return i;
    return -1;
}

static bool is_text(const struct field *f)
{
    return f->type == TEXT || f->type == LINE;
}

static bool is_list(const struct field *f)
{
    return f->type == TEXT_LIST || f->type == ID_LIST || f->type == ENUM_LIST;
}

int64_t field_min(const struct field *f)
{
    if (f->type == INT) return f->min || f->max ? f->min : INT64_MIN;
    return f->min == 0 && (f->flags & REQUIRED) ? 1 : f->min;
}

int64_t field_max(const struct field *f)
{
    if (f->max) return f->max;
    return is_text(f) ? FIELD_TEXT_MAX : is_list(f) ? FIELD_LIST_MAX : INT64_MAX;
}

void field_errors_add(struct field_errors *errors, struct str field, const char *code, const char *detail)
{
    if (errors->n < FIELD_MAX_ERRORS) errors->at[errors->n++] = (struct field_error){ field, code, detail };
}

const struct value *checked_get(const struct checked *c, const char *name)
{
    int i;

    if (!c) return NULL;
    i = field_find(c->fields, str_c(name));
    CHECK(i >= 0 && (size_t)i < c->n);
    return c->at[i];
}

bool checked_has(const struct checked *c, const char *name)
{
    return checked_get(c, name) != NULL;
}

int64_t checked_int(const struct checked *c, const char *name, int64_t otherwise)
{
    const struct value *v = checked_get(c, name);

    if (!v) return otherwise;
    CHECK(v->kind == VALUE_INT);
    return v->integer;
}

int64_t checked_id(const struct checked *c, const char *name)
{
    return checked_int(c, name, 0);
}

bool checked_bool(const struct checked *c, const char *name, bool otherwise)
{
    const struct value *v = checked_get(c, name);

    if (!v) return otherwise;
    CHECK(v->kind == VALUE_BOOL);
    return v->boolean;
}

struct str checked_str(const struct checked *c, const char *name)
{
    const struct value *v = checked_get(c, name);

    if (!v) return (struct str){ NULL, 0 };
    CHECK(v->kind == VALUE_STR);
    return v->str;
}
