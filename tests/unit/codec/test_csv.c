#include "../base/unit.h"

#include "codec/csv.h"

static struct csv csv;

static void start(struct str text)
{
    csv_done(&csv);
    csv_init(&csv, text);
}

/* The next record as "a|b|c"; "!fault line column"; "end". */
static const char *next(void)
{
    static char shown[256];
    size_t n = 0;
    if (!csv_next(&csv)) return "end";
    if (csv.fault) {
        snprintf(shown, sizeof shown, "!%d %u %u", csv.fault, csv.line, csv.column);
        return shown;
    }
    for (unsigned i = 0; i < csv.n && n < sizeof shown; i++)
        n += (size_t)snprintf(shown + n, sizeof shown - n, "%s" STR_FMT, i ? "|" : "", STR_ARG(csv.cells[i]));
    return shown;
}

static void records_of_every_kind(void **state)
{
    (void)state;
    start(STR("a,b,c\r\n\"1\",\"x, y\",\r\n,,\n\n\r\"q\"\"q\"\"\",\"\"\"\",\"\"\rlast"));
    assert_string_equal(next(), "a|b|c");
    assert_int_equal(csv.line, 1);
    assert_string_equal(next(), "1|x, y|");
    assert_string_equal(next(), "||");
    assert_int_equal(csv.line, 3);
    assert_string_equal(next(), "q\"q\"|\"|");
    assert_int_equal(csv.line, 6);
    assert_string_equal(next(), "last");
    assert_int_equal(csv.line, 7);
    assert_string_equal(next(), "end");
    assert_string_equal(next(), "end");
    start(STR(""));
    assert_string_equal(next(), "end");
    start(STR("a,"));
    assert_string_equal(next(), "a|");
    start(STR("\r\n\r\n"));
    assert_string_equal(next(), "end");
}

static void line_ends_in_quotes_count_as_an_editor_counts(void **state)
{
    (void)state;
    start(STR("\"a\nb\",\"c\r\nd\r\"\r\nx\n"));
    assert_string_equal(next(), "a\nb|c\r\nd\r");
    assert_int_equal(csv.line, 1);
    assert_string_equal(next(), "x");
    assert_int_equal(csv.line, 5);
}

static void faults_have_a_place_and_reading_goes_on(void **state)
{
    char expected[32];
    (void)state;
    start(STR("a,b\"c,d\n\"x\"y,z\nok,1\n\"p\nq\"r\nfine\n1,2,\"never\nclosed"));
    snprintf(expected, sizeof expected, "!%d 1 2", CSV_FAULT_STRAY_QUOTE);
    assert_string_equal(next(), expected);
    snprintf(expected, sizeof expected, "!%d 2 1", CSV_FAULT_STRAY_QUOTE);
    assert_string_equal(next(), expected);
    assert_string_equal(next(), "ok|1");
    snprintf(expected, sizeof expected, "!%d 5 1", CSV_FAULT_STRAY_QUOTE);
    assert_string_equal(next(), expected);
    assert_string_equal(next(), "fine");
    snprintf(expected, sizeof expected, "!%d 7 3", CSV_FAULT_OPEN_QUOTE);
    assert_string_equal(next(), expected);
    assert_string_equal(next(), "end");
    start(STR("a,b\0c\nd,\"\x01\"\ne\n"));
    snprintf(expected, sizeof expected, "!%d 1 2", CSV_FAULT_CONTROL);
    assert_string_equal(next(), expected);
    snprintf(expected, sizeof expected, "!%d 2 2", CSV_FAULT_CONTROL);
    assert_string_equal(next(), expected);
    assert_string_equal(next(), "e");
}

static void bounds_are_faults(void **state)
{
    struct buf text = { 0 };
    char expected[32];
    (void)state;
    for (unsigned i = 0; i < 10000; i++) buf_putc(&text, ',');
    buf_str(&text, STR("\nok\n"));
    for (unsigned i = 0; i < 1048576; i++) buf_putc(&text, 'x');
    buf_str(&text, STR("\n1,\""));
    for (unsigned i = 0; i < 1048576; i++) buf_putc(&text, 'x');
    buf_str(&text, STR("\"\nend\n"));
    start(buf_view(&text));
    snprintf(expected, sizeof expected, "!%d 1 %u", CSV_FAULT_COLUMNS, CSV_COLUMNS + 1);
    assert_string_equal(next(), expected);
    assert_string_equal(next(), "ok");
    snprintf(expected, sizeof expected, "!%d 3 1", CSV_FAULT_CELL);
    assert_string_equal(next(), expected);
    snprintf(expected, sizeof expected, "!%d 4 2", CSV_FAULT_CELL);
    assert_string_equal(next(), expected);
    assert_string_equal(next(), "end");
    buf_done(&text);
}

static void a_byte_has_a_line_and_a_cell(void **state)
{
    const struct str text = STR("a,b\r\n\"x,y\nz\",q\rr");
    unsigned line, column;
    (void)state;
    csv_place(text, 2, &line, &column);
    assert_true(line == 1 && column == 2);
    csv_place(text, 8, &line, &column);
    assert_true(line == 2 && column == 1);
    csv_place(text, 13, &line, &column);
    assert_true(line == 3 && column == 2);
    csv_place(text, text.n - 1, &line, &column);
    assert_true(line == 4 && column == 1);
}

static void memory_may_fail(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        start(STR("\"a\"\"\"\nb\n"));
        bool more = csv_next(&csv);
        assert_true(more);
        ok = !csv.fault;
        if (!ok) assert_int_equal(csv.fault, CSV_FAULT_MEMORY);
        assert_int_equal(csv_next(&csv), ok);
        csv_done(&csv);
    });
}

static int tear_down(void **state)
{
    (void)state;
    csv_done(&csv);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_every_kind),
        cmocka_unit_test(line_ends_in_quotes_count_as_an_editor_counts),
        cmocka_unit_test(faults_have_a_place_and_reading_goes_on),
        cmocka_unit_test(bounds_are_faults),
        cmocka_unit_test(a_byte_has_a_line_and_a_cell),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
