#include "../base/unit.h"

#include "codec/zip.h"

static const struct zip_limits limits = { .entries = 10, .unpacked = 4 << 20 };
static struct buf archive, content;
static enum zip_fault fault;

static int set_up(void **state)
{
    (void)state;
    buf_reset(&archive);
    buf_reset(&content);
    fault = ZIP_FAULT_NONE;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_done(&archive);
    buf_done(&content);
    return 0;
}

static void write_one(const char *name, struct str bytes)
{
    const struct zip_entry_text file = { name, bytes };
    assert_int_equal(zip_write(&file, 1, &archive), ERR_NONE);
}

/* The archive's outcome: of opening it, else of reading its first entry. */
static enum err read_first(struct str bytes)
{
    struct zip_archive *zip = NULL;
    enum err err = zip_open_archive(bytes, &limits, &zip, &fault);
    if (err == ERR_NONE) err = zip_entries(zip) ? zip_entry_read(zip, 0, &content, &fault) : ERR_NOT_FOUND;
    zip_close_archive(zip);
    return err;
}

static void assert_fault(struct str bytes, enum zip_fault expected)
{
    assert_int_equal(read_first(bytes), ERR_INVALID);
    assert_int_equal(fault, expected);
}

/* In both headers of the one entry: `at` counts from the version in the local header. */
static void patch(size_t at, unsigned char value)
{
    for (size_t i = 0; i + 4 < archive.n; i++) {
        if (memcmp(archive.at + i, "PK\3\4", 4) == 0) archive.at[i + 4 + at] = (char)value;
        if (memcmp(archive.at + i, "PK\1\2", 4) == 0) archive.at[i + 6 + at] = (char)value;
    }
}

static void what_is_written_is_read(void **state)
{
    const struct zip_entry_text files[] = { { "RO/users.csv", STR("a,b\r\n山田,𠮷\r\n") },
                                            { "leer", STR("") } };
    struct zip_archive *zip = NULL;
    struct buf again = { 0 };
    (void)state;
    assert_int_equal(zip_write(files, 2, &archive), ERR_NONE);
    assert_int_equal(zip_write(files, 2, &again), ERR_NONE);
    assert_true(str_eq(buf_view(&archive), buf_view(&again)));
    buf_done(&again);
    assert_int_equal(zip_open_archive(buf_view(&archive), &limits, &zip, &fault), ERR_NONE);
    assert_int_equal(zip_entries(zip), 2);
    assert_str(zip_entry_name(zip, 0), "RO/users.csv");
    assert_int_equal(zip_entry_read(zip, 0, &content, &fault), ERR_NONE);
    assert_str(buf_view(&content), "a,b\r\n山田,𠮷\r\n");
    buf_reset(&content);
    assert_int_equal(zip_entry_read(zip, 1, &content, &fault), ERR_NONE);
    assert_int_equal(content.n, 0);
    zip_close_archive(zip);
}

static void no_zip_and_damaged_ones(void **state)
{
    (void)state;
    assert_fault(STR(""), ZIP_FAULT_FORMAT);
    assert_fault(STR("sourcedId,status\r\n"), ZIP_FAULT_FORMAT);
    write_one("users.csv", STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb"));
    for (size_t n = 0; n < archive.n; n++) assert_int_equal(read_first(str_of(archive.at, n)), ERR_INVALID);
    archive.at[45] ^= 0x55; /* the packed bytes, or the CRC says no */
    assert_fault(buf_view(&archive), ZIP_FAULT_FORMAT);
}

static void bombs(void **state)
{
    struct buf zeros = { 0 };
    (void)state;
    memset(buf_reserve(&zeros, 3 << 20), 0, 3 << 20);
    buf_commit(&zeros, 3 << 20);
    write_one("users.csv", buf_view(&zeros));
    assert_fault(buf_view(&archive), ZIP_FAULT_SIZE); /* 1000 : 1 */
    buf_reset(&archive);
    for (size_t i = 0; i < zeros.n; i++) zeros.at[i] = (char)(i * 2654435761u >> 13);
    write_one("users.csv", buf_view(&zeros));
    assert_int_equal(read_first(buf_view(&archive)), ERR_NONE);
    struct zip_archive *zip = NULL;
    assert_int_equal(zip_open_archive(buf_view(&archive), &limits, &zip, &fault), ERR_NONE);
    assert_int_equal(zip_entry_read(zip, 0, &content, &fault), ERR_NONE);
    assert_int_equal(zip_entry_read(zip, 0, &content, &fault), ERR_INVALID); /* 6 MiB in all */
    assert_int_equal(fault, ZIP_FAULT_SIZE);
    zip_close_archive(zip);
    buf_done(&zeros);
}

static void a_size_that_lies(void **state)
{
    (void)state;
    write_one("users.csv", STR("0123456789012345678901234567890123456789"));
    patch(18, 20);
    assert_int_equal(read_first(buf_view(&archive)), ERR_INVALID);
    patch(18, 60);
    assert_int_equal(read_first(buf_view(&archive)), ERR_INVALID);
}

static void too_many_entries(void **state)
{
    struct zip_entry_text files[500];
    char names[500][8];
    (void)state;
    for (size_t i = 0; i < 500; i++) {
        snprintf(names[i], sizeof names[i], "f%zu", i);
        files[i] = (struct zip_entry_text){ names[i], STR("x") };
    }
    assert_int_equal(zip_write(files, 11, &archive), ERR_NONE);
    assert_fault(buf_view(&archive), ZIP_FAULT_ENTRIES);
    buf_reset(&archive);
    assert_int_equal(zip_write(files, 500, &archive), ERR_NONE);
    assert_fault(buf_view(&archive), ZIP_FAULT_ENTRIES);
}

static void names_that_lead_elsewhere(void **state)
{
    static const char *const names[] = { "/etc/passwd", "../users.csv", "a/../../b",
                                         "a\\b",        "C:users.csv",  "a\tb" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        buf_reset(&archive);
        write_one(names[i], STR("x"));
        assert_fault(buf_view(&archive), ZIP_FAULT_NAME);
    }
    const struct zip_entry_text twice[] = { { "users.csv", STR("x") }, { "Users.csv", STR("y") } };
    buf_reset(&archive);
    assert_int_equal(zip_write(twice, 2, &archive), ERR_NONE);
    assert_fault(buf_view(&archive), ZIP_FAULT_NAME);
}

static void passwords_and_strange_methods(void **state)
{
    (void)state;
    write_one("users.csv", STR("0123456789"));
    patch(2, 1);
    assert_fault(buf_view(&archive), ZIP_FAULT_ENCRYPTED);
    patch(2, 0);
    patch(4, 97);
    assert_fault(buf_view(&archive), ZIP_FAULT_METHOD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_written_is_read, set_up),
        cmocka_unit_test_setup(no_zip_and_damaged_ones, set_up),
        cmocka_unit_test_setup(bombs, set_up),
        cmocka_unit_test_setup(a_size_that_lies, set_up),
        cmocka_unit_test_setup(too_many_entries, set_up),
        cmocka_unit_test_setup(names_that_lead_elsewhere, set_up),
        cmocka_unit_test_setup(passwords_and_strange_methods, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
