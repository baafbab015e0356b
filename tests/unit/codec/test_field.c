#include "../base/unit.h"

#include "codec/dec.h"
#include "codec/field.h"

static struct arena arena;
static struct checked checked;
static struct field_errors errors;

static const char *const kinds[] = { "absent", "late", NULL };

static const struct field table[] = {
    { "student_id", FROM_BODY, ID, REQUIRED, .object = OBJECT_STUDENT },
    { "day", FROM_BODY, DATE, REQUIRED },
    { "kind", FROM_BODY, ENUM, OPTIONAL, .of = kinds },
    { "note", FROM_BODY, TEXT, OPTIONAL | PERSONAL, .max = 5 },
    { "title", FROM_BODY, LINE, OPTIONAL, .min = 2 },
    { "at", FROM_BODY, TIME, OPTIONAL },
    { "count", FROM_BODY, INT, OPTIONAL, .min = -3, .max = 10 },
    { "any", FROM_BODY, INT, OPTIONAL },
    { "sure", FROM_BODY, BOOL, OPTIONAL },
    { "key", FROM_BODY, UUID, OPTIONAL },
    { "ids", FROM_BODY, ID_LIST, OPTIONAL, .min = 1, .max = 3 },
    { "tags", FROM_BODY, TEXT_LIST, OPTIONAL },
    { "kinds", FROM_BODY, ENUM_LIST, OPTIONAL, .of = kinds },
    { 0 },
};

static enum err check_json(const struct field *fields, const char *json)
{
    struct value body;
    struct field_input in = { .body = &body };

    arena_reset(&arena);
    errors.n = 0;
    assert_int_equal(dec_json(&arena, json, strlen(json), &body, NULL), ERR_NONE);
    /* the checked values may point into the tree, whose root lives here */
    in.body = arena_copy(&arena, &body, sizeof(body));
    return field_check(&arena, fields, &in, &checked, &errors);
}

/* The required fields and one more. */
static enum err check_with(const char *member)
{
    char json[2000];

    snprintf(json, sizeof(json), "{\"student_id\":1,\"day\":\"2026-04-01\",%s}", member);
    return check_json(table, json);
}

#define assert_passes(member) assert_int_equal(check_with(member), ERR_NONE)
#define assert_refused(member, name, with)                                                                   \
    do {                                                                                                     \
        assert_int_equal(check_with(member), ERR_INVALID);                                                   \
        assert_int_equal(errors.n, 1);                                                                       \
        assert_str(errors.at[0].field, name);                                                                \
        assert_string_equal(errors.at[0].code, with);                                                        \
        assert_non_null(errors.at[0].detail);                                                                \
    } while (0)

static void what_passes_is_there_by_name(void **state)
{
    (void)state;
    assert_passes("\"kind\":\"late\",\"note\":\"\\u5c4a\\n\\tab\",\"count\":-3,\"sure\":false,\"ids\":[3,1,2]"
                  ",\"tags\":[\"a\",\"a\"]");
    assert_int_equal(checked_id(&checked, "student_id"), 1);
    assert_str(checked_str(&checked, "day"), "2026-04-01");
    assert_str(checked_str(&checked, "kind"), "late");
    assert_str(checked_str(&checked, "note"), "\xe5\xb1\x8a\n\tab");
    assert_int_equal(checked_int(&checked, "count", 5), -3);
    assert_int_equal(checked_int(&checked, "any", 5), 5);
    assert_true(checked_has(&checked, "sure"));
    assert_false(checked_bool(&checked, "sure", true));
    assert_int_equal(value_at(checked_get(&checked, "ids"), 0)->integer, 3);
    assert_int_equal(checked_get(&checked, "tags")->array.n, 2);
    assert_false(checked_has(&checked, "key"));
    assert_null(checked_str(&checked, "key").at);
    assert_int_equal(checked.n, 13);
    assert_aborts(checked_get(&checked, "typo"));
    assert_aborts(checked_id(&checked, "day"));
    assert_null(checked_get(NULL, "day"));
}

static void null_is_left_out(void **state)
{
    (void)state;
    assert_passes("\"note\":null");
    assert_false(checked_has(&checked, "note"));
    assert_int_equal(check_json(table, "{\"student_id\":null,\"day\":\"2026-04-01\"}"), ERR_INVALID);
    assert_string_equal(errors.at[0].code, "required");
}

static void errors_are_collected(void **state)
{
    (void)state;
    assert_int_equal(check_json(table, "{\"day\":7,\"kind\":\"x\",\"extra\":1}"), ERR_INVALID);
    assert_int_equal(errors.n, 4);
    assert_str(errors.at[0].field, "student_id");
    assert_string_equal(errors.at[0].code, "required");
    assert_string_equal(errors.at[1].code, "type");
    assert_string_equal(errors.at[2].code, "enum");
    assert_str(errors.at[3].field, "extra");
    assert_string_equal(errors.at[3].code, "unknown");
    assert_int_equal(check_json(table, "[1]"), ERR_INVALID);
    assert_int_equal(errors.n, 1);
    assert_str(errors.at[0].field, "");
    for (int i = 0; i < 30; i++) field_errors_add(&errors, STR("x"), "type", "x");
    assert_int_equal(errors.n, FIELD_MAX_ERRORS);
}

static void unknown_names_are_shown_short_and_whole(void **state)
{
    char json[500] = "{\"";

    (void)state;
    for (int i = 0; i < 50; i++) strcat(json, "\xe5\xb1\x8a");
    strcat(json, "\":1}");
    assert_int_equal(check_json(NULL, json), ERR_INVALID);
    assert_int_equal(errors.at[0].field.n, 63);
    assert_true(utf8_valid(errors.at[0].field));
    assert_int_equal(check_json(NULL, "{}"), ERR_NONE);
    assert_int_equal(checked.n, 0);
}

static void ids_and_integers(void **state)
{
    (void)state;
    assert_passes("\"any\":9223372036854775807");
    assert_refused("\"ids\":[0]", "ids", "range");
    assert_refused("\"ids\":[-1]", "ids", "range");
    assert_refused("\"ids\":[\"1\"]", "ids", "type");
    assert_refused("\"ids\":[1.0]", "ids", "type");
    assert_refused("\"ids\":[1,2,1]", "ids", "duplicate");
    assert_refused("\"ids\":[]", "ids", "length");
    assert_refused("\"ids\":[1,2,3,4]", "ids", "length");
    assert_refused("\"ids\":7", "ids", "type");
    assert_refused("\"count\":11", "count", "range");
    assert_refused("\"count\":-4", "count", "range");
    assert_refused("\"count\":\"1\"", "count", "type");
    assert_refused("\"count\":true", "count", "type");
    assert_refused("\"sure\":1", "sure", "type");
    assert_refused("\"sure\":\"true\"", "sure", "type");
}

static void dates(void **state)
{
    static const char *const good[] = { "1900-01-01", "2000-02-29", "2024-02-29", "2026-12-31",
                                        "2199-12-31" };
    static const char *const bad[] = {
        "",           "2026-4-01",   "2026-02-29",  "1900-02-29",  "2100-02-29",
        "2026-04-31", "2026-00-10",  "2026-13-01",  "2026-01-00",  "2026-01-32",
        "2026/01/01", "2026-01-01 ", " 2026-01-01", "1899-12-31",  "2200-01-01",
        "2026-01-0a", "20260101",    "-026-01-01",  "２026-01-01", "2026-01-01T00:00:00Z"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) assert_true(date_valid(str_c(good[i])));
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (date_valid(str_c(bad[i]))) fail_msg("accepted: %s", bad[i]);
    assert_int_equal(date_days(STR("1970-01-01")), 0);
    assert_int_equal(date_days(STR("1969-12-31")), -1);
    assert_int_equal(date_days(STR("2000-03-01")), 11017);
    assert_int_equal(date_days(STR("2000-02-29")), 11016);
    assert_int_equal(check_json(table, "{\"student_id\":1,\"day\":\"2026-02-30\"}"), ERR_INVALID);
    assert_string_equal(errors.at[0].code, "format");
}

static void times_and_uuids(void **state)
{
    (void)state;
    assert_passes("\"at\":\"00:00\"");
    assert_passes("\"at\":\"23:59\"");
    assert_refused("\"at\":\"24:00\"", "at", "format");
    assert_refused("\"at\":\"12:60\"", "at", "format");
    assert_refused("\"at\":\"8:30\"", "at", "format");
    assert_refused("\"at\":\"08:30:00\"", "at", "format");
    assert_refused("\"at\":830", "at", "type");
    assert_passes("\"key\":\"0190A1B2-c3d4-7e5f-8a9b-0c1d2e3f4a5B\"");
    assert_str(checked_str(&checked, "key"), "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");
    assert_refused("\"key\":\"0190a1b2c3d47e5f8a9b0c1d2e3f4a5b\"", "key", "format");
    assert_refused("\"key\":\"{190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5}\"", "key", "format");
    assert_refused("\"key\":\"g190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b\"", "key", "format");
}

static void texts(void **state)
{
    (void)state;
    assert_passes("\"note\":\"\"");
    assert_true(checked_has(&checked, "note"));
    assert_passes(
        "\"note\":\"\\u5c4a\\u5c4a\\u5c4a\\ud842\\udfb7\\u5c4a\""); /* five characters, sixteen bytes */
    assert_refused("\"note\":\"123456\"", "note", "length");
    assert_non_null(strstr(errors.at[0].detail, "5文字以内"));
    assert_refused("\"note\":\"a\\rb\"", "note", "format");
    assert_refused("\"note\":\"a\\u0007\"", "note", "format");
    assert_refused("\"note\":\"a\\u007f\"", "note", "format");
    assert_refused("\"note\":\"a\\u0085\"", "note", "format");
    assert_refused("\"note\":[\"a\"]", "note", "type");
    assert_passes("\"note\":\" a \"");
    assert_str(checked_str(&checked, "note"), " a ");
    assert_refused("\"title\":\"a\"", "title", "length");
    assert_refused("\"title\":\"a\\nb\"", "title", "format");
    assert_refused("\"title\":\"a\\tb\"", "title", "format");
    assert_passes("\"title\":\"ab\"");
}

static void lists(void **state)
{
    char json[1500] = "\"tags\":[\"a\"";

    (void)state;
    assert_passes("\"kinds\":[\"late\",\"absent\"]");
    assert_refused("\"kinds\":[\"late\",\"late\"]", "kinds", "duplicate");
    assert_refused("\"kinds\":[\"late\",\"x\"]", "kinds", "enum");
    assert_refused("\"kinds\":{\"late\":1}", "kinds", "type");
    assert_passes("\"kinds\":[]");
    assert_refused("\"tags\":[\"a\",null]", "tags", "type");
    for (int i = 0; i < FIELD_LIST_MAX; i++) strcat(json, ",\"a\"");
    strcat(json, "]");
    assert_refused(json, "tags", "length");
}

static const struct field routed[] = {
    { "id", FROM_PATH, ID, REQUIRED, .object = OBJECT_ABSENCE },
    { "q", FROM_QUERY, TEXT, REQUIRED },
    { "days", FROM_QUERY, INT, OPTIONAL, .min = 1, .max = 31 },
    { "all", FROM_QUERY, BOOL, OPTIONAL },
    { "ids", FROM_QUERY, ID_LIST, OPTIONAL },
    { 0 },
};

static enum err check_routed(const char *id, const char *query)
{
    struct value *path = arena_zalloc(&arena, sizeof(*path)), *q = arena_zalloc(&arena, sizeof(*q));

    errors.n = 0;
    value_map_new(&arena, 1, path);
    path->map.at[0] = (struct member){ STR("id"), value_str(str_c(id)) };
    assert_int_equal(dec_form(&arena, str_c(query), q, NULL), ERR_NONE);
    return field_check(&arena, routed, &(struct field_input){ .path = path, .query = q }, &checked, &errors);
}

static void text_from_paths_and_queries_gets_its_type(void **state)
{
    static const char *const bad[] = { "",   "0", "-1", "01", "+1", "1.0", "1 ", "0x1", "9223372036854775808",
                                       "abc" };

    (void)state;
    assert_int_equal(check_routed("9223372036854775807", "q=a&days=31&all=true&ids=3,2"), ERR_NONE);
    assert_true(checked_id(&checked, "id") == INT64_MAX);
    assert_int_equal(checked_int(&checked, "days", 0), 31);
    assert_true(checked_bool(&checked, "all", false));
    assert_int_equal(value_at(checked_get(&checked, "ids"), 1)->integer, 2);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        if (check_routed(bad[i], "q=a") != ERR_INVALID) fail_msg("accepted: %s", bad[i]);
        assert_str(errors.at[0].field, "id");
    }
    assert_int_equal(check_routed("1", "q="), ERR_INVALID);
    assert_string_equal(errors.at[0].code, "required");
    assert_int_equal(check_routed("1", "q=a&days=32"), ERR_INVALID);
    assert_int_equal(check_routed("1", "q=a&all=1"), ERR_INVALID);
    assert_int_equal(check_routed("1", "q=a&ids=1,,2"), ERR_INVALID);
    assert_int_equal(check_routed("1", "q=a&ids="), ERR_NONE);
    assert_int_equal(check_routed("1", "q=a&id=1"), ERR_INVALID);
    assert_string_equal(errors.at[0].code, "unknown");
}

static void a_body_where_none_is_taken_is_refused(void **state)
{
    (void)state;
    assert_int_equal(check_json(routed, "{\"q\":\"a\"}"), ERR_INVALID);
    assert_int_equal(errors.n, 3);
    assert_string_equal(errors.at[2].code, "unknown");
}

static void tables_are_searched(void **state)
{
    (void)state;
    assert_int_equal(field_find(table, STR("note")), 3);
    assert_int_equal(field_find(table, STR("not")), -1);
    assert_int_equal(field_find(NULL, STR("x")), -1);
    for (int i = 0; i < FIELD_TYPES; i++) assert_non_null(field_type_name((enum field_type)i));
}

static void each_allocation_can_fail(void **state)
{
    static const char json[] =
        "{\"student_id\":1,\"day\":\"2026-04-01\",\"ids\":[1,2],\"kinds\":[\"late\"],\"count\":99,"
        "\"key\":\"0190A1B2-c3d4-7e5f-8a9b-0c1d2e3f4a5B\",\"note\":\"123456\"}";
    struct value body;

    (void)state;
    arena_reset(&arena);
    assert_int_equal(dec_json(&arena, json, sizeof(json) - 1, &body, NULL), ERR_NONE);
    FAIL_EACH_ALLOCATION({
        struct arena a;
        enum err err;

        arena_init(&a, 0);
        err = field_check(&a, table, &(struct field_input){ .body = &body }, &checked, &errors);
        assert_true(err == ERR_INVALID || err == ERR_NOMEM);
        ok = err == ERR_INVALID && errors.n == 2;
        arena_done(&a);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_passes_is_there_by_name),
        cmocka_unit_test(null_is_left_out),
        cmocka_unit_test(errors_are_collected),
        cmocka_unit_test(unknown_names_are_shown_short_and_whole),
        cmocka_unit_test(ids_and_integers),
        cmocka_unit_test(dates),
        cmocka_unit_test(times_and_uuids),
        cmocka_unit_test(texts),
        cmocka_unit_test(lists),
        cmocka_unit_test(text_from_paths_and_queries_gets_its_type),
        cmocka_unit_test(a_body_where_none_is_taken_is_refused),
        cmocka_unit_test(tables_are_searched),
        cmocka_unit_test(each_allocation_can_fail),
    };
    int rc;

    arena_init(&arena, 0);
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return rc;
}
