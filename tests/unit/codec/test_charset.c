#include "../base/unit.h"

#include "codec/charset.h"

static struct charset_text text;

static enum err decode(struct str file)
{
    buf_done(&text.own);
    return charset_decode(file, &text);
}

static int tear_down(void **state)
{
    (void)state;
    buf_done(&text.own);
    return 0;
}

#define CP932_NAME "\x8e\x52\x93\x63" /* 山田 */

static void utf8_with_and_without_a_mark(void **state)
{
    (void)state;
    assert_int_equal(decode(STR("山田,𠮷田,👨‍👩‍👧\n")), ERR_NONE);
    assert_int_equal(text.charset, CHARSET_UTF8);
    assert_str(text.text, "山田,𠮷田,👨‍👩‍👧\n");
    assert_int_equal(decode(STR("\xef\xbb\xbf山田\n")), ERR_NONE);
    assert_int_equal(text.charset, CHARSET_UTF8_BOM);
    assert_str(text.text, "山田\n");
    assert_int_equal(decode(STR("a,b\n")), ERR_NONE);
    assert_int_equal(text.charset, CHARSET_UTF8);
    assert_int_equal(decode(STR("")), ERR_NONE);
    assert_int_equal(decode(STR("\xef\xbb\xbf")), ERR_NONE);
    assert_int_equal(text.text.n, 0);
}

static void cp932_is_found_out(void **state)
{
    (void)state;
    assert_int_equal(decode(STR("code,name\r\n1," CP932_NAME "\r\n2,\xfb\xfc\x8d\xe8\r\n")), ERR_NONE);
    assert_int_equal(text.charset, CHARSET_CP932);
    assert_str(text.text, "code,name\r\n1,山田\r\n2,髙崎\r\n");
    assert_int_equal(decode(STR("\xd4\xcf\xc0\xde,\xc0\xdb\xb3\n")), ERR_NONE);
    assert_int_equal(text.charset, CHARSET_CP932);
    assert_str(text.text, "ﾔﾏﾀﾞ,ﾀﾛｳ\n");
    /* Half-width kana that happen to be UTF-8 as well, among lines that are not. */
    assert_int_equal(decode(STR(CP932_NAME "\n\xc3\xbd\n")), ERR_NONE);
    assert_str(text.text, "山田\nﾃｽ\n");
}

static void a_line_in_another_encoding_is_named(void **state)
{
    (void)state;
    const struct str file = STR("山田\n佐藤\n1," CP932_NAME "\n鈴木\n");
    assert_int_equal(decode(file), ERR_INVALID);
    assert_int_equal(text.fault, CHARSET_FAULT_MIXED);
    assert_int_equal(text.fault_at, strlen("山田\n佐藤\n1,"));
    assert_int_equal(decode(STR(CP932_NAME "\n" CP932_NAME "\nx,田中\n")), ERR_INVALID);
    assert_int_equal(text.fault, CHARSET_FAULT_MIXED);
    assert_int_equal(text.fault_at, 5 + 5 + 2);
    assert_int_equal(decode(STR("\xef\xbb\xbf" CP932_NAME "\n")), ERR_INVALID);
    assert_int_equal(text.fault_at, 3);
}

static void bytes_that_are_nothing_are_named(void **state)
{
    (void)state;
    assert_int_equal(decode(STR("山田\n\xff\n")), ERR_INVALID);
    assert_int_equal(text.fault, CHARSET_FAULT_INVALID);
    assert_int_equal(text.fault_at, 7);
    assert_int_equal(decode(STR(CP932_NAME "\n\x81")), ERR_INVALID);
    assert_int_equal(text.fault, CHARSET_FAULT_INVALID);
    assert_int_equal(decode(STR(CP932_NAME "\n\x85\x40\n")), ERR_INVALID); /* well formed, not assigned */
    assert_int_equal(text.fault, CHARSET_FAULT_INVALID);
    assert_int_equal(text.fault_at, 5);
    assert_int_equal(decode(STR("\xff\xfe"
                                "a\0")),
                     ERR_INVALID);
    assert_int_equal(text.fault, CHARSET_FAULT_UTF16);
    assert_int_equal(decode(STR("\xfe\xff\0a")), ERR_INVALID);
    assert_int_equal(text.fault, CHARSET_FAULT_UTF16);
}

static void what_cp932_lacks_is_a_geta_and_counted(void **state)
{
    struct buf out = { 0 };
    size_t replaced = 0;
    (void)state;
    assert_int_equal(charset_encode_cp932(STR("𠮷田ゔ髙~①Ⅱ葛󠄀"), &out, &replaced), ERR_NONE);
    assert_str(buf_view(&out), "\x81\xac\x93\x63\x81\xac\xfb\xfc~\x87\x40\x87\x55\x8a\x8b");
    assert_int_equal(replaced, 3);
    assert_int_equal(decode(buf_view(&out)), ERR_NONE);
    assert_str(text.text, "〓田〓髙~①Ⅱ葛");
    buf_done(&out);
}

static void every_character_of_cp932_comes_back(void **state)
{
    struct buf all = { 0 }, again = { 0 };
    size_t replaced = 0;
    (void)state;
    for (unsigned lead = 0x88; lead < 0x98; lead++)
        for (unsigned trail = 0x9f; trail < 0xfd; trail++) {
            buf_putc(&all, (char)lead);
            buf_putc(&all, (char)trail);
        }
    assert_int_equal(decode(buf_view(&all)), ERR_NONE);
    assert_int_equal(charset_encode_cp932(text.text, &again, &replaced), ERR_NONE);
    assert_int_equal(replaced, 0);
    assert_true(str_eq(buf_view(&all), buf_view(&again)));
    buf_done(&all);
    buf_done(&again);
}

static void memory_may_fail(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct buf out = { 0 };
        size_t replaced = 0;
        enum err err = decode(STR(CP932_NAME "\n"));
        if (err == ERR_NONE) err = charset_encode_cp932(STR("山"), &out, &replaced);
        assert_true(err == ERR_NONE || err == ERR_NOMEM);
        ok = err == ERR_NONE;
        buf_done(&out);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_with_and_without_a_mark),
        cmocka_unit_test(cp932_is_found_out),
        cmocka_unit_test(a_line_in_another_encoding_is_named),
        cmocka_unit_test(bytes_that_are_nothing_are_named),
        cmocka_unit_test(what_cp932_lacks_is_a_geta_and_counted),
        cmocka_unit_test(every_character_of_cp932_comes_back),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
