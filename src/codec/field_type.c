/* The check of each type. */
#include "base/map.h"
#include "codec/dec.h"
#include "codec/field_private.h"

static const char NOMEM[] = "";

typedef const char *type_check(struct arena *a, const struct field_raw *raw, const struct value **ret_value);

static const char *new_value(struct arena *a, struct value value, const struct value **ret_value)
{
    *ret_value = arena_copy(a, &value, sizeof(value));
    return *ret_value ? NULL : NOMEM;
}

/* An integer as it stands in a body, or its text. */
static const char *integer_of(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    int64_t i;

    if (!raw->text) {
        *ret_value = raw->value;
        return raw->value->kind == VALUE_INT ? NULL : "type";
    }
    return str_to_i64(raw->value->str, &i) ? new_value(a, value_int(i), ret_value) : "type";
}

static const char *check_id(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    const char *code = integer_of(a, raw, ret_value);

    return code ? code : (*ret_value)->integer > 0 ? NULL : "range";
}

static const char *check_int(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    const char *code = integer_of(a, raw, ret_value);
    int64_t i = code ? 0 : (*ret_value)->integer;

    if (code) return code;
    return i >= field_min(raw->field) && i <= field_max(raw->field) ? NULL : "range";
}

static const char *check_bool(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    struct value value = { .kind = VALUE_BOOL };

    *ret_value = raw->value;
    if (!raw->text) return raw->value->kind == VALUE_BOOL ? NULL : "type";
    value.boolean = str_eq(raw->value->str, STR("true"));
    if (!value.boolean && !str_eq(raw->value->str, STR("false"))) return "type";
    return new_value(a, value, ret_value);
}

static const char *check_shape(const struct field_raw *raw, bool (*valid)(struct str),
                               const struct value **ret_value)
{
    if (raw->value->kind != VALUE_STR) return "type";
    *ret_value = raw->value;
    return valid(raw->value->str) ? NULL : "format";
}

static const char *check_date(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    (void)a;
    return check_shape(raw, date_valid, ret_value);
}

static const char *check_time(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    (void)a;
    return check_shape(raw, time_valid, ret_value);
}

static const char *check_uuid(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    const char *code = check_shape(raw, uuid_valid, ret_value);
    char *lower;

    if (code) return code;
    if (!(lower = arena_str(a, raw->value->str))) return NOMEM;
    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'F') *c = (char)(*c | 32);
    return new_value(a, value_str(str_of(lower, raw->value->str.n)), ret_value);
}

/* C0, DEL and C1 are refused; U+0000 is one of them. -1 is invalid UTF-8 (paths are not decoded by a
 * decoder). */
static bool printable(int32_t cp, bool one_line)
{
    if (cp == '\n' || cp == '\t') return !one_line;
    return cp >= 0x20 && !(cp >= 0x7f && cp <= 0x9f);
}

static const char *text_code(struct str s, bool one_line, int64_t *ret_count)
{
    int64_t count = 0;

    while (s.n) {
        if (!printable(utf8_next(&s), one_line)) return "format";
        count++;
    }
    *ret_count = count;
    return NULL;
}

static const char *check_text(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    const char *code;
    int64_t n;

    (void)a;
    if (raw->value->kind != VALUE_STR) return "type";
    code = text_code(raw->value->str, raw->field->type == LINE, &n);
    if (code) return code;
    *ret_value = raw->value;
    if (n == 0 && (raw->field->flags & REQUIRED)) return "required";
    return n >= field_min(raw->field) && n <= field_max(raw->field) ? NULL : "length";
}

static bool is_one_of(const char *const *of, struct str s)
{
    for (; of && *of; of++)
        if (str_eq(str_c(*of), s)) return true;
    return false;
}

static const char *check_enum(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    (void)a;
    if (raw->value->kind != VALUE_STR) return "type";
    *ret_value = raw->value;
    return is_one_of(raw->field->of, raw->value->str) ? NULL : "enum";
}

static const char *item_text(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    int64_t n;

    (void)a;
    if (raw->value->kind != VALUE_STR) return "type";
    *ret_value = raw->value;
    if (text_code(raw->value->str, false, &n)) return "format";
    return n <= FIELD_TEXT_MAX ? NULL : "length";
}

/* "1,5,9" -> an array of strings; the empty text is the empty list. */
static const char *split_list(struct arena *a, struct str text, struct value_array *ret_items)
{
    size_t n = text.n > 0, i = 0;

    for (size_t at = 0; at < text.n; at++) n += text.at[at] == ',';
    if (n > DEC_MAX_ELEMENTS) return "length";
    if (!(ret_items->at = arena_array(a, n, sizeof(struct value)))) return NOMEM;
    ret_items->n = n;
    while (i < n) ret_items->at[i++] = value_str(str_cut(text, ',', &text));
    return NULL;
}

static struct str item_key(const struct value *v)
{
    return v->kind == VALUE_INT ? str_of((const char *)&v->integer, sizeof(v->integer)) : v->str;
}

static const char *each_once(const struct value_array *items)
{
    struct map seen;
    const char *code = NULL;

    map_init(&seen);
    for (size_t i = 0; i < items->n && !code; i++) {
        void *old;

        if (map_set(&seen, item_key(&items->at[i]), &items->at[i], &old))
            code = NOMEM;
        else if (old)
            code = "duplicate";
    }
    map_done(&seen);
    return code;
}

static const char *check_items(struct arena *a, const struct field_raw *raw, const struct value_array *items,
                               type_check *check, struct value *ret_list)
{
    struct value *at = arena_array(a, items->n, sizeof(*at));
    const char *code = at ? NULL : NOMEM;

    for (size_t i = 0; i < items->n && !code; i++) {
        struct field_raw item = { raw->field, &items->at[i], raw->text };
        const struct value *checked;

        code = check(a, &item, &checked);
        if (!code) at[i] = *checked;
    }
    *ret_list = (struct value){ .kind = VALUE_ARRAY, .array = { at, items->n } };
    return code;
}

static const char *check_list(struct arena *a, const struct field_raw *raw, const struct value **ret_value,
                              type_check *check, bool once)
{
    struct value_array items;
    struct value list;
    const char *code = NULL;

    if (raw->text)
        code = split_list(a, raw->value->str, &items);
    else if (raw->value->kind == VALUE_ARRAY)
        items = raw->value->array;
    else
        code = "type";
    if (code) return code;
    if (items.n == 0 && (raw->field->flags & REQUIRED)) return "required";
    if ((int64_t)items.n < field_min(raw->field) || (int64_t)items.n > field_max(raw->field)) return "length";
    code = check_items(a, raw, &items, check, &list);
    if (!code && once) code = each_once(&list.array);
    return code ? code : new_value(a, list, ret_value);
}

static const char *check_text_list(struct arena *a, const struct field_raw *raw,
                                   const struct value **ret_value)
{
    return check_list(a, raw, ret_value, item_text, false);
}

static const char *check_id_list(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    return check_list(a, raw, ret_value, check_id, true);
}

static const char *check_enum_list(struct arena *a, const struct field_raw *raw,
                                   const struct value **ret_value)
{
    return check_list(a, raw, ret_value, check_enum, true);
}

static type_check *const checks[FIELD_TYPES] = {
    [ID] = check_id,           [INT] = check_int,
    [BOOL] = check_bool,       [DATE] = check_date,
    [TIME] = check_time,       [TEXT] = check_text,
    [LINE] = check_text,       [ENUM] = check_enum,
    [UUID] = check_uuid,       [TEXT_LIST] = check_text_list,
    [ID_LIST] = check_id_list, [ENUM_LIST] = check_enum_list,
};

const char *field_check_one(struct arena *a, const struct field_raw *raw, const struct value **ret_value)
{
    return checks[raw->field->type](a, raw, ret_value);
}
