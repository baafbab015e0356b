/* The walk over a table and what came with a request. */
#include "base/check.h"
#include "codec/field_private.h"

enum { NAME_SHOWN = 64 };

static const char *add_error(struct arena *a, const struct field *f, const char *code,
                             struct field_errors *errors)
{
    const char *detail = field_detail(a, f, code);

    if (detail) field_errors_add(errors, str_c(f->name), code, detail);
    return detail;
}

static bool knows(const struct field *fields, enum field_from from, struct str name)
{
    int i = field_find(fields, name);

    return i >= 0 && fields[i].from == from;
}

static void check_unknown(const struct field *fields, enum field_from from, const struct value *map,
                          struct field_errors *errors)
{
    if (!map || map->kind != VALUE_MAP) return;
    for (size_t i = 0; i < map->map.n; i++) {
        struct str name = map->map.at[i].name;

        if (knows(fields, from, name)) continue;
        field_errors_add(errors, utf8_prefix(name, NAME_SHOWN), "unknown", "この項目は指定できません。");
    }
}

static const struct value *raw_of(const struct field_input *in, const struct field *f)
{
    const struct value *map = f->from == FROM_BODY ? in->body : f->from == FROM_PATH ? in->path : in->query;
    const struct value *v = value_get(map, str_c(f->name));

    return v && v->kind != VALUE_NULL ? v : NULL;
}

/* false = memory is out. */
static bool check_field(struct arena *a, const struct field_input *in, const struct field *f,
                        const struct value **ret_value, struct field_errors *errors)
{
    struct field_raw raw = { f, raw_of(in, f), f->from != FROM_BODY };
    const char *code = NULL;

    *ret_value = NULL;
    CHECK(!raw.text || !raw.value || raw.value->kind == VALUE_STR);
    if (raw.value)
        code = field_check_one(a, &raw, ret_value);
    else if (f->flags & REQUIRED)
        code = "required";
    if (!code) return true;
    return *code && add_error(a, f, code, errors);
}

static size_t count(const struct field *fields)
{
    size_t n = 0;

    while (fields && fields[n].name) n++;
    CHECK(n <= FIELD_MAX_COUNT);
    return n;
}

enum err field_check(struct arena *a, const struct field *fields, const struct field_input *input,
                     struct checked *ret_checked, struct field_errors *ret_errors)
{
    struct field_errors errors = { .n = 0 };
    struct checked c = { .fields = fields, .n = count(fields) };

    if (!(c.at = arena_array(a, c.n, sizeof(struct value *)))) return ERR_NOMEM;
    if (input->body && input->body->kind != VALUE_MAP) {
        field_errors_add(&errors, STR(""), "type", "項目の名前と値の組で送ってください。");
        *ret_errors = errors;
        return ERR_INVALID;
    }
    for (size_t i = 0; i < c.n; i++)
        if (!check_field(a, input, &fields[i], &c.at[i], &errors)) return ERR_NOMEM;
    check_unknown(fields, FROM_BODY, input->body, &errors);
    check_unknown(fields, FROM_QUERY, input->query, &errors);
    if (errors.n) {
        *ret_errors = errors;
        return ERR_INVALID;
    }
    *ret_checked = c;
    return ERR_NONE;
}
