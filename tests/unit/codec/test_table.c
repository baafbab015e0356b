#include "../base/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

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

static const struct table_note notes[] = { { STR_INIT("学校"), STR_INIT("=見本小") },
                                           { STR_INIT("件数"), STR_INIT("3") } };

/* Row by row into a file of memory, and back. */
static enum err written(const struct table *t, enum table_format format, size_t n_notes, struct buf *out,
                        size_t *ret_replaced)
{
    int fd = memfd_create("table", MFD_CLOEXEC);
    struct table_writer *w = NULL;
    enum err err = table_begin(format, t->name, t->headings, t->columns, fd, "/tmp", &w);
    for (size_t row = 0; row < t->rows && err == ERR_NONE; row++)
        err = table_row(w, &t->cells[row * t->columns]);
    if (err == ERR_NONE) err = table_end(w, notes, n_notes);
    if (err == ERR_NONE) assert_int_equal(table_rows(w), t->rows);
    if (w && ret_replaced) *ret_replaced = table_replaced(w);
    table_free(w);
    size_t size = (size_t)lseek(fd, 0, SEEK_END);
    char *to = err == ERR_NONE ? buf_reserve(out, size) : NULL;
    if (to) {
        assert_int_equal(pread(fd, to, size, 0), size);
        buf_commit(out, size);
    }
    close(fd);
    return err == ERR_NONE && out->failed ? ERR_NOMEM : err;
}

static struct buf sheet_of(struct str xlsx, const char *name)
{
    static const struct zip_limits limits = { .entries = 50, .unpacked = 64 << 20 };
    struct zip_archive *zip = NULL;
    struct buf content = { 0 };
    enum zip_fault fault;
    assert_int_equal(zip_open_archive(xlsx, &limits, &zip, &fault), ERR_NONE);
    for (unsigned i = 0; i < zip_entries(zip); i++)
        if (str_eq(zip_entry_name(zip, i), str_c(name)))
            assert_int_equal(zip_entry_read(zip, i, &content, &fault), ERR_NONE);
    zip_close_archive(zip);
    buf_putc(&content, '\0');
    return content;
}

static void a_workbook_has_texts_as_texts(void **state)
{
    struct buf out = { 0 };
    (void)state;
    assert_int_equal(written(&table, TABLE_XLSX, 2, &out, NULL), ERR_NONE);
    struct buf sheet = sheet_of(buf_view(&out), "xl/worksheets/sheet1.xml");
    assert_non_null(strstr(sheet.at, "<v>7</v>"));
    assert_non_null(strstr(sheet.at, "<t>007</t>"));
    assert_non_null(strstr(sheet.at, "<t>=SUM(A1),\"x\"</t>"));
    assert_non_null(strstr(sheet.at, "𠮷田"));
    assert_non_null(strstr(sheet.at, "&lt;&amp;&gt;"));
    assert_null(strstr(sheet.at, "<f>"));
    buf_done(&sheet);
    sheet = sheet_of(buf_view(&out), "xl/worksheets/sheet2.xml");
    assert_non_null(strstr(sheet.at, "<t>=見本小</t>"));
    buf_done(&sheet);
    buf_done(&out);
}

static void a_file_is_the_same_row_by_row(void **state)
{
    static const char about[] = "\r\n学校,'=見本小\r\n件数,3\r\n";
    struct buf whole = { 0 }, out = { 0 };
    size_t replaced = 0, again = 0;
    (void)state;
    assert_int_equal(table_csv(&table, false, &whole, &replaced), ERR_NONE);
    buf_str(&whole, str_c(about));
    assert_int_equal(written(&table, TABLE_CSV, 2, &out, &again), ERR_NONE);
    assert_true(str_eq(buf_view(&out), buf_view(&whole)));
    buf_reset(&out);
    buf_reset(&whole);
    assert_int_equal(table_csv(&table, true, &whole, &replaced), ERR_NONE);
    assert_int_equal(written(&table, TABLE_CSV_CP932, 0, &out, &again), ERR_NONE);
    assert_true(str_eq(buf_view(&out), buf_view(&whole)));
    assert_int_equal(again, replaced);
    buf_done(&whole);
    buf_done(&out);
}

/* Many rows, in one flush after the other; a disk that is full is said. */
static void a_full_disk_is_an_error(void **state)
{
    struct table_cell cell = { .text = STR("あいうえおかきくけこ") };
    struct table_writer *w;
    int fd = memfd_create("table", MFD_CLOEXEC);
    enum err err;
    (void)state;
    assert_int_equal(table_begin(TABLE_CSV, STR("名簿"), headings, 1, fd, "/tmp", &w), ERR_NONE);
    assert_int_equal(fault_arm("spool.write:2"), 0);
    unsigned rows = 0;
    while ((err = table_row(w, &cell)) == ERR_NONE) assert_true(++rows < 10000);
    assert_int_equal(err, ERR_IO);
    assert_true(rows > 3000);
    fault_arm(NULL);
    table_free(w);
    close(fd);
}

/* Who goes away in the middle leaves no file open. */
static void a_workbook_may_be_dropped(void **state)
{
    struct table_writer *w;
    int fd = memfd_create("table", MFD_CLOEXEC), next;
    (void)state;
    next = dup(fd);
    close(next);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(table_begin(TABLE_XLSX, STR("名簿"), headings, 2, fd, "/tmp", &w), ERR_NONE);
        assert_int_equal(table_row(w, cells), ERR_NONE);
        table_free(w);
    }
    assert_int_equal(dup(fd), next);
    close(next);
    close(fd);
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
    assert_int_equal(written(&one, TABLE_XLSX, 0, &out, NULL), ERR_NONE);
    struct buf sheet = sheet_of(buf_view(&out), "xl/worksheets/sheet1.xml");
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
    assert_int_equal(written(&empty, TABLE_XLSX, 0, &out, NULL), ERR_NONE);
    buf_done(&out);
}

static void memory_may_fail(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct buf out = { 0 };
        size_t replaced = 0;
        enum err err = table_csv(&table, true, &out, &replaced);
        if (err == ERR_NONE) err = written(&table, TABLE_CSV_CP932, 2, &out, NULL);
        if (err == ERR_NONE) err = written(&table, TABLE_XLSX, 2, &out, NULL);
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
        cmocka_unit_test(a_file_is_the_same_row_by_row),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(a_workbook_may_be_dropped),
        cmocka_unit_test(long_texts_are_cut_where_excel_cuts_them),
        cmocka_unit_test(a_table_without_rows),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
