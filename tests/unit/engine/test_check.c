/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "app.h"
#include "base/buf.h"
#include "base/fault.h"
#include "engine/engine.h"
#include "engine/id_set.h"
#include "engine/openapi.h"
#include "engine/problem.h"

static const struct statement_param params[] = { { "actor", PG_INT8, false }, { "colour", PG_TEXT, false } };
static const struct statement paint = {
    .name = "paint", .params = params, .nparams = 2, .file = "paint.sql", .line = 7
};
static const struct statement secret = { .name = "secret",
                                         .params = params,
                                         .nparams = 1,
                                         .flags = STATEMENT_INTERNAL,
                                         .file = "paint.sql",
                                         .line = 9 };
static const struct field with_colour[] = { { "colour", FROM_BODY, TEXT, REQUIRED }, { 0 } };

static int check(struct route route, struct buf *out)
{
    const struct route routes[] = { route, { 0 } };
    const struct module module = { .name = "paint", .routes = routes };
    const struct module *const modules[] = { &module, NULL };
    buf_init(out, 0);
    return engine_check(modules, out);
}

static void accepts_a_route_that_fits(void **state)
{
    struct buf out;
    (void)state;
    assert_int_equal(
        check((struct route){ POST, "/walls", .may = STAFF, .takes = with_colour, .runs = &paint }, &out), 0);
    assert_int_equal(out.n, 0);
    buf_done(&out);
}

static void step_nothing(struct request *rq)
{
    (void)rq;
}
static step_fn *const steps[] = { step_nothing, NULL };

static void a_file_needs_steps_a_session_and_the_body_for_itself(void **state)
{
    static const struct field in_query[] = { { "colour", FROM_QUERY, TEXT, REQUIRED }, { 0 } };
    const struct route good = { POST,           "/walls",          .may = STAFF,          .takes = in_query,
                                .steps = steps, .flags = RAW_BODY, .max_body = UPLOAD_MAX };
    struct route bad[5] = { good, good, good, good, good };
    struct buf out;
    (void)state;
    assert_int_equal(check(good, &out), 0);
    bad[0].may = ANYONE;
    bad[1].takes = with_colour;
    bad[2].method = GET;
    bad[3].max_body = UPLOAD_MAX + 1;
    bad[4].steps = NULL;
    bad[4].runs = &paint;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(check(bad[i], &out), -1);
        buf_putc(&out, '\0');
        assert_non_null(strstr(out.at, "/walls"));
        buf_done(&out);
    }
}

static void nothing_is_proved_without_a_session(void **state)
{
    static const struct statement open_to_all = { .name = "open_to_all", .flags = STATEMENT_PUBLIC };
    struct route route = { POST, "/locks", .may = SIGNED_IN, .runs = &open_to_all, .flags = PROVED };
    struct buf out;
    (void)state;
    assert_int_equal(check(route, &out), 0);
    route.may = ANYONE;
    assert_int_equal(check(route, &out), -1);
    buf_putc(&out, '\0');
    assert_non_null(strstr(out.at, "/locks"));
    buf_done(&out);
}

static void names_file_line_and_parameter_that_no_field_gives(void **state)
{
    struct buf out;
    (void)state;
    assert_int_equal(check((struct route){ POST, "/walls", .may = STAFF, .runs = &paint }, &out), -1);
    buf_putc(&out, '\0');
    assert_non_null(strstr(out.at, "paint.sql:7"));
    assert_non_null(strstr(out.at, ":colour"));
    buf_done(&out);
}

static void refuses_a_statement_that_a_route_may_not_run(void **state)
{
    struct buf out;
    (void)state;
    assert_int_equal(check((struct route){ GET, "/walls", .may = STAFF, .runs = &secret }, &out), -1);
    buf_done(&out);
    assert_int_equal(
        check((struct route){ GET, "/walls", .may = ANYONE, .takes = with_colour, .runs = &paint }, &out),
        -1);
    buf_done(&out);
    assert_int_equal(check((struct route){ GET, "/walls", .may = STAFF }, &out), -1);
    buf_done(&out);
}

static void accepts_the_whole_program(void **state)
{
    struct buf out;
    (void)state;
    buf_init(&out, 0);
    assert_int_equal(engine_check(app_modules, &out), 0);
    buf_done(&out);
}

static void finds_problems_in_the_module_then_the_engine(void **state)
{
    static const struct problem own[] = { { "busy", 409, "own" }, { 0 } };
    const struct module module = { .problems = own };
    (void)state;
    assert_int_equal(problem_find(&module, STR("busy"))->status, 409);
    assert_int_equal(problem_find(NULL, STR("busy"))->status, 503);
    assert_int_equal(problem_find(&module, STR("not_found"))->status, 404);
    assert_int_equal(problem_find(&module, STR("no such name"))->status, 500);
    for (const struct problem *p = engine_problems; p->name; p++)
        assert_int_equal(problem_of_status(p->status)->status, p->status);
}

static void keeps_each_id_once(void **state)
{
    struct id_set set = { 0 };
    (void)state;
    for (int64_t i = 0; i < 1000; i++) assert_true(id_set_add(&set, i * 7 % 100));
    id_set_sort(&set);
    assert_int_equal(set.n, 100);
    for (size_t i = 0; i < set.n; i++) assert_int_equal(set.at[i], i);
    id_set_drop(&set, 90);
    assert_int_equal(set.n, 10);
    assert_int_equal(set.at[0], 90);
    id_set_done(&set);
}

static void writes_an_openapi_document_without_a_database(void **state)
{
    (void)state;
    struct str document = openapi_new(app_modules, NULL);
    assert_non_null(document.at);
    assert_true(str_starts(document, STR("{\"openapi\":\"3.1.0\"")));
    assert_non_null(memmem(document.at, document.n, "\"/api/absences/{id}\"", 20));
    base_free((void *)(uintptr_t)document.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_a_route_that_fits),
        cmocka_unit_test(a_file_needs_steps_a_session_and_the_body_for_itself),
        cmocka_unit_test(nothing_is_proved_without_a_session),
        cmocka_unit_test(names_file_line_and_parameter_that_no_field_gives),
        cmocka_unit_test(refuses_a_statement_that_a_route_may_not_run),
        cmocka_unit_test(accepts_the_whole_program),
        cmocka_unit_test(finds_problems_in_the_module_then_the_engine),
        cmocka_unit_test(keeps_each_id_once),
        cmocka_unit_test(writes_an_openapi_document_without_a_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
