#include "../base/unit.h"

#include "codec/table.h"
#include "codec/zip.h"

static struct str headings[] = { STR_INIT("番号"), STR_INIT("氏名") };
static struct table_cell cells[] = {
    { .is_number = true, .number = 7 },     { .text = STR_INIT("𠮷田") }, { .text = STR_INIT("007") },
    { .text = STR_INIT("=SUM(A1),\"x\"") }, { .text = { NULL, 0 } },      { .text = STR_INIT("<&>\n髙") },
};
static const struct table table = { STR_INIT("名簿"), headings, cells, 3, 2 };

static void csv_in_utf8_and_cp932(void **state)
{
    struct buf out = { 0 };
    size_t replaced = 0;
    (void)state;
    assert_int_equal(table_csv(&table, false, &out, &replaced), ERR_NONE);
    assert_str(buf_view(&out),
               "\xef\xbb\xbf番号,氏名\r\n7,𠮷田\r\n007,\"'=SUM(A1),\"\"x\"\"\"\r\n,\"<&>\n髙\"\r\n");
    buf_reset(&out);
    assert_int_equal(table_csv(&table, true, &out, &replaced), ERR_NONE);
    assert_int_equal(replaced, 1);
    assert_true(
        str_starts(buf_view(&out), STR("\x94\xd4\x8d\x86,\x8e\x81\x96\xbc\r\n7,\x81\xac\x93\x63\r\n")));
    buf_done(&out);
}

static struct buf sheet_of(struct str xlsx)
{
    static const struct zip_limits limits = { .entries = 50, .unpacked = 64 << 20 };
    struct zip_archive *zip = NULL;
    struct buf content = { 0 };
    enum zip_fault fault;
    assert_int_equal(zip_open_archive(xlsx, &limits, &zip, &fault), ERR_NONE);
    for (unsigned i = 0; i < zip_entries(zip); i++)
        if (str_eq(zip_entry_name(zip, i), STR("xl/worksheets/sheet1.xml")))
            assert_int_equal(zip_entry_read(zip, i, &content, &fault), ERR_NONE);
    zip_close_archive(zip);
    buf_putc(&content, '\0');
    return content;
}

static void a_workbook_has_texts_as_texts(void **state)
{
    struct buf out = { 0 };
    (void)state;
    assert_int_equal(table_xlsx(&table, &out), ERR_NONE);
    struct buf sheet = sheet_of(buf_view(&out));
    assert_non_null(strstr(sheet.at, "<v>7</v>"));
    assert_non_null(strstr(sheet.at, "<t>007</t>"));
    assert_non_null(strstr(sheet.at, "<t>=SUM(A1),\"x\"</t>"));
    assert_non_null(strstr(sheet.at, "𠮷田"));
    assert_non_null(strstr(sheet.at, "&lt;&amp;&gt;"));
    assert_null(strstr(sheet.at, "<f>"));
    buf_done(&sheet);
    buf_done(&out);
}

static void long_texts_are_cut_where_excel_cuts_them(void **state)
{
    struct buf out = { 0 }, text = { 0 };
    struct table_cell cell;
    struct table one = { STR_INIT("あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめも"),
                         headings, &cell, 1, 1 };
    (void)state;
    for (int i = 0; i < 20000; i++) buf_str(&text, STR("𠮷"));
    cell = (struct table_cell){ .text = buf_view(&text) };
    assert_int_equal(table_xlsx(&one, &out), ERR_NONE);
    struct buf sheet = sheet_of(buf_view(&out));
    assert_true(sheet.n > 16383 * 4 && sheet.n < 16383 * 4 + 2000);
    buf_done(&sheet);
    buf_done(&text);
    buf_done(&out);
}

static void a_table_without_rows(void **state)
{
    const struct table empty = { STR_INIT(""), headings, NULL, 0, 2 };
    struct buf out = { 0 };
    size_t replaced = 0;
    (void)state;
    assert_int_equal(table_csv(&empty, false, &out, &replaced), ERR_NONE);
    assert_str(buf_view(&out), "\xef\xbb\xbf番号,氏名\r\n");
    buf_reset(&out);
    assert_int_equal(table_xlsx(&empty, &out), ERR_NONE);
    buf_done(&out);
}

static void memory_may_fail(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct buf out = { 0 };
        size_t replaced = 0;
        enum err err = table_csv(&table, true, &out, &replaced);
        if (err == ERR_NONE) err = table_xlsx(&table, &out);
        assert_true(err == ERR_NONE || err == ERR_NOMEM);
        ok = err == ERR_NONE;
        buf_done(&out);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_in_utf8_and_cp932),
        cmocka_unit_test(a_workbook_has_texts_as_texts),
        cmocka_unit_test(long_texts_are_cut_where_excel_cuts_them),
        cmocka_unit_test(a_table_without_rows),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
