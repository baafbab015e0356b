/* JSON, by jansson. It nests up to 2,048 deep and allocates per value, so a scan of the bytes keeps both in
 * bounds first. */
#include <jansson.h>
#include <pthread.h>

#include "base/fault.h"
#include "codec/dec_private.h"

/* jansson does not always say that it was memory; its allocator does. */
static _Thread_local bool out_of_memory;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *json_alloc(size_t n)
{
    void *p = base_alloc(n);

    if (!p) out_of_memory = true;
    return p;
}

static void json_start(void)
{
    json_set_alloc_funcs(json_alloc, base_free);
    json_object_seed(0); /* here, because it is not safe among threads */
}

/* The bytes after a string's opening quote -> its closing one (or the end). */
static size_t skip_string(const char *at, size_t i, size_t n)
{
    for (; i < n && at[i] != '"'; i++)
        if (at[i] == '\\') i++;
    return i;
}

static bool within_bounds(const char *at, size_t n)
{
    unsigned depth = 0, elements = 0;

    for (size_t i = 0; i < n; i++) {
        switch (at[i]) {
        case '"': i = skip_string(at, i + 1, n); break;
        case '{':
        case '[':
            depth++;
            elements++;
            break;
        case '}':
        case ']': depth -= depth > 0; break;
        case ',':
        case ':': elements++; break;
        default: break;
        }
        if (depth > DEC_MAX_DEPTH || elements > DEC_MAX_ELEMENTS) return false;
    }
    return true;
}

static enum err json_fail(struct dec_error *ret_error, const json_error_t *from)
{
    const char *message = NULL;

    if (out_of_memory || json_error_code(from) == json_error_out_of_memory)
        return dec_fail(ret_error, ERR_NOMEM, NULL);
    if (json_error_code(from) == json_error_duplicate_key) message = "同じ名前の項目が2回あります。";
    if (json_error_code(from) == json_error_invalid_utf8) message = "文字コードが UTF-8 ではありません。";
    if (json_error_code(from) == json_error_numeric_overflow) message = "数が大きすぎます。";
    dec_fail(ret_error, ERR_INVALID, message ? message : "JSON の形式が正しくありません。");
    if (ret_error) {
        ret_error->line = from->line > 0 ? (unsigned)from->line : 0;
        ret_error->column = from->column > 0 ? (unsigned)from->column : 0;
    }
    return ERR_INVALID;
}

static enum err convert(struct arena *a, json_t *json, struct value *ret_value);

static enum err convert_array(struct arena *a, json_t *json, struct value *ret_value)
{
    size_t n = json_array_size(json);
    struct value *at = arena_array(a, n, sizeof(*at));
    enum err err = at ? ERR_NONE : ERR_NOMEM;

    for (size_t i = 0; i < n && !err; i++) err = convert(a, json_array_get(json, i), &at[i]);
    *ret_value = (struct value){ .kind = VALUE_ARRAY, .array = { at, n } };
    return err;
}

static enum err convert_map(struct arena *a, json_t *json, struct value *ret_value)
{
    struct member *m;
    enum err err = ERR_NONE;

    if (!value_map_new(a, json_object_size(json), ret_value)) return ERR_NOMEM;
    m = ret_value->map.at;
    for (void *i = json_object_iter(json); i && !err; i = json_object_iter_next(json, i), m++) {
        err = dec_text(a, str_c(json_object_iter_key(i)), &m->name);
        if (!err) err = convert(a, json_object_iter_value(i), &m->value);
    }
    return err;
}

static enum err convert(struct arena *a, json_t *json, struct value *ret_value)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT: return convert_map(a, json, ret_value);
    case JSON_ARRAY: return convert_array(a, json, ret_value);
    case JSON_STRING:
        ret_value->kind = VALUE_STR;
        return dec_text(a, str_of(json_string_value(json), json_string_length(json)), &ret_value->str);
    case JSON_INTEGER: *ret_value = value_int(json_integer_value(json)); break;
    case JSON_REAL:
        *ret_value = (struct value){ .kind = VALUE_FLOAT, .number = json_real_value(json) };
        break;
    case JSON_TRUE:
    case JSON_FALSE: *ret_value = (struct value){ .kind = VALUE_BOOL, .boolean = json_is_true(json) }; break;
    case JSON_NULL: *ret_value = (struct value){ .kind = VALUE_NULL }; break;
    }
    return ERR_NONE;
}

enum err dec_json(struct arena *a, const void *bytes, size_t n, struct value *ret_value,
                  struct dec_error *ret_error)
{
    json_error_t error = { 0 };
    struct value value;
    enum err err;
    json_t *json;

    pthread_once(&once, json_start);
    if (!within_bounds(bytes, n)) return dec_fail(ret_error, ERR_TOO_BIG, NULL);
    out_of_memory = false;
    json = json_loadb(n ? bytes : "", n, JSON_REJECT_DUPLICATES, &error);
    if (!json) return json_fail(ret_error, &error);
    /* Where jansson worked around a failed allocation, nothing says what it left out. */
    err = out_of_memory ? ERR_NOMEM : convert(a, json, &value);
    json_decref(json);
    if (err) return dec_fail(ret_error, err, NULL);
    *ret_value = value;
    return ERR_NONE;
}
