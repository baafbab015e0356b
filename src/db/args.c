/* Building arguments by name. The encoding is in encode.c. */
#include "db/args.h"

#include <string.h>

#include "codec/enc.h"
#include "codec/field.h"
#include "codec/value.h"

void args_init(struct args *a, struct arena *arena)
{
    *a = (struct args){ .arena = arena };
}

static void args_add(struct args *a, struct arg arg)
{
    if (a->failed) return;
    if (a->n == a->cap) {
        unsigned cap = a->cap ? a->cap * 2 : 16;
        struct arg *items = arena_array(a->arena, cap, sizeof(*items));
        if (!items) {
            a->failed = true;
            return;
        }
        if (a->n) memcpy(items, a->items, a->n * sizeof(*items));
        a->items = items;
        a->cap = cap;
    }
    a->items[a->n++] = arg;
}

void args_null(struct args *a, const char *name)
{
    args_add(a, (struct arg){ .name = str_c(name) });
}

void args_bool(struct args *a, const char *name, bool value)
{
    args_add(a, (struct arg){ .name = str_c(name), .kind = ARG_BOOL, .b = value });
}

void args_i64(struct args *a, const char *name, int64_t value)
{
    args_add(a, (struct arg){ .name = str_c(name), .kind = ARG_I64, .i = value });
}

void args_id(struct args *a, const char *name, int64_t id)
{
    args_add(a, (struct arg){ .name = str_c(name), .kind = id ? ARG_I64 : ARG_NULL, .i = id });
}

void args_text(struct args *a, const char *name, struct str value)
{
    args_add(a, (struct arg){ .name = str_c(name), .kind = value.at ? ARG_TEXT : ARG_NULL, .s = value });
}

void args_bytes(struct args *a, const char *name, struct str value)
{
    args_add(a, (struct arg){ .name = str_c(name), .kind = value.at ? ARG_BYTES : ARG_NULL, .s = value });
}

void args_list(struct args *a, const char *name, const struct arg *items, size_t n)
{
    args_add(a, (struct arg){ .name = str_c(name), .kind = ARG_LIST, .list = { items, n } });
}

void args_i64s(struct args *a, const char *name, const int64_t *values, size_t n)
{
    struct arg *items = arena_array(a->arena, n, sizeof(*items));

    if (!items) {
        a->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++) items[i] = (struct arg){ .kind = ARG_I64, .i = values[i] };
    args_list(a, name, items, n);
}

void args_texts(struct args *a, const char *name, const struct str *values, size_t n)
{
    struct arg *items = arena_array(a->arena, n, sizeof(*items));

    if (!items) {
        a->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++)
        items[i] = (struct arg){ .kind = values[i].at ? ARG_TEXT : ARG_NULL, .s = values[i] };
    args_list(a, name, items, n);
}

/* Objects travel as JSON text, for jsonb parameters. */
static bool value_json(struct arena *arena, const struct value *value, struct str *ret_text)
{
    struct buf out;
    struct enc enc;

    buf_init(&out, 1u << 20);
    enc_json(&enc, &out);
    enc_value(&enc, value);
    *ret_text = out.failed ? str_of(NULL, 0) : arena_dup(arena, buf_view(&out));
    buf_done(&out);
    return ret_text->at != NULL;
}

static bool arg_of_value(struct arena *arena, const struct value *value, struct arg *ret)
{
    switch (value ? value->kind : VALUE_NULL) {
    case VALUE_NULL: ret->kind = ARG_NULL; return true;
    case VALUE_BOOL: ret->kind = ARG_BOOL, ret->b = value->boolean; return true;
    case VALUE_INT: ret->kind = ARG_I64, ret->i = value->integer; return true;
    case VALUE_STR: ret->kind = ARG_TEXT, ret->s = value->str; return true;
    case VALUE_FLOAT:
    case VALUE_MAP: ret->kind = ARG_TEXT; return value_json(arena, value, &ret->s);
    case VALUE_ARRAY: break;
    }
    struct arg *items = arena_array(arena, value->array.n, sizeof(*items));
    if (!items) return false;
    for (size_t i = 0; i < value->array.n; i++) {
        const struct value *element = &value->array.at[i];
        if (element->kind == VALUE_ARRAY) {
            items[i].kind = ARG_TEXT;
            if (!value_json(arena, element, &items[i].s)) return false;
        } else if (!arg_of_value(arena, element, &items[i])) {
            return false;
        }
    }
    ret->kind = ARG_LIST;
    ret->list.items = items;
    ret->list.n = value->array.n;
    return true;
}

void args_value(struct args *a, struct str name, const struct value *value)
{
    struct arg arg = { .name = name };

    if (arg_of_value(a->arena, value, &arg))
        args_add(a, arg);
    else
        a->failed = true;
}

void args_checked(struct args *a, const struct checked *checked)
{
    if (!checked) return;
    for (size_t i = 0; i < checked->n; i++) args_value(a, str_c(checked->fields[i].name), checked->at[i]);
}

const struct arg *args_find(const struct args *a, struct str name)
{
    for (unsigned i = a->n; i-- > 0;)
        if (str_eq(a->items[i].name, name)) return &a->items[i];
    return NULL;
}

enum err args_bind(const struct args *a, const struct statement *st, struct arena *arena, struct cell *cells,
                   unsigned *ret_param)
{
    if (a && a->failed) return ERR_NOMEM;
    for (unsigned i = 0; i < st->nparams; i++) {
        const struct statement_param *p = &st->params[i];
        const struct arg *arg = a ? args_find(a, str_c(p->name)) : NULL;
        enum err err = arg ? arg_encode(arg, p->type, p->array, arena, &cells[i]) : ERR_NOT_FOUND;

        if (err) {
            if (ret_param) *ret_param = i;
            return err;
        }
    }
    return ERR_NONE;
}
