#include "roster_unit.h"

static struct roster_mapping mapping;

static void map_heading(enum roster_field field, const char *heading)
{
    mapping.columns[field].heading = str_c(heading);
}

static int set_up(void **state)
{
    (void)state;
    arena_done(&arena);
    mapping = (struct roster_mapping){ .school_code = STR("B1"), .school_year = 2026 };
    return 0;
}

static void read_file(struct str file)
{
    assert_int_equal(roster_read_csv(&arena, file, &mapping, &roster), ERR_NONE);
}

static void a_mapped_file(void **state)
{
    (void)state;
    map_heading(ROSTER_CODE, "個人番号");
    map_heading(ROSTER_GRADE, "学年");
    map_heading(ROSTER_CLASS_NAME, "組");
    map_heading(ROSTER_NUMBER, "番号");
    map_heading(ROSTER_FULL_NAME, "児童氏名");
    map_heading(ROSTER_FULL_KANA, "ﾌﾘｶﾞﾅ");
    map_heading(ROSTER_CLASS_KIND, "種別");
    map_heading(ROSTER_GONE, "異動");
    read_file(STR("学年,組,番号,個人番号,児童氏名,ﾌﾘｶﾞﾅ,住所,種別,異動\r\n"
                  "１年,1組,01,000123,𠮷田　太郎,ﾖｼﾀﾞ ﾀﾛｳ,\"x,y\",通常,\r\n"
                  "中3,A,12番,000124,ジョン スミス Jr.,ジョン　スミスジュニア,,特別支援,転出\r\n"
                  ",,,,,,,,\r\n"));
    assert_int_equal(roster.n_problems, 0);
    assert_int_equal(roster.n_rows, 2);
    const struct roster_row *row = roster.rows;
    assert_str(row->code, "000123");
    assert_str(row->school_code, "B1");
    assert_str(row->class_name, "1組");
    assert_str(row->family_name, "𠮷田");
    assert_str(row->given_name, "太郎");
    assert_str(row->family_kana, "よしだ");
    assert_str(row->given_kana, "たろう");
    assert_null(row->class_code.at);
    assert_true(row->grade == 1 && row->number == 1 && row->school_year == 2026 && row->line == 2 &&
                !row->gone);
    assert_int_equal(row->class_kind, ROSTER_CLASS_REGULAR);
    assert_str(row[1].given_name, "スミス Jr.");
    assert_true(row[1].grade == 9 && row[1].number == 12 && row[1].gone &&
                row[1].class_kind == ROSTER_CLASS_SUPPORT);
}

static void columns_by_their_place(void **state)
{
    (void)state;
    mapping.no_heading = true;
    mapping.columns[ROSTER_FAMILY_NAME].at = 1;
    mapping.columns[ROSTER_GIVEN_NAME].at = 2;
    mapping.columns[ROSTER_NUMBER].at = 4;
    read_file(STR("\x8e\x52\x93\x63,\x91\xbe\x98\x59,x,3\n\x8e\x52\x93\x63,\x91\xbe\x98\x59,y,x\n"));
    assert_int_equal(roster.encoding, ROSTER_CP932);
    assert_int_equal(roster.n_rows, 1);
    assert_str(roster.rows[0].family_name, "山田");
    assert_int_equal(roster.rows[0].number, 3);
    assert_string_equal(problem(0), " 2 4  format");
}

static void every_mistake_has_its_place(void **state)
{
    (void)state;
    map_heading(ROSTER_CODE, "code");
    map_heading(ROSTER_GRADE, "grade");
    map_heading(ROSTER_NUMBER, "no");
    map_heading(ROSTER_FULL_NAME, "name");
    read_file(STR("code,grade,no,name\n"
                  "1,P7,1000,山田\n"
                  "2,x,-1,\"山\n田 太郎\"\n"
                  "3,1,1\n"
                  "4,1,1,\"a\"b\n"
                  "5,1,1,山田 太郎\n"));
    assert_int_equal(roster.n_rows, 1);
    assert_str(roster.rows[0].code, "5");
    assert_string_equal(problem(0), " 2 2 grade range");
    assert_string_equal(problem(1), " 2 3 no range");
    assert_string_equal(problem(2), " 2 4 name split_name");
    assert_string_equal(problem(3), " 3 2 grade format");
    assert_string_equal(problem(4), " 3 3 no format");
    assert_string_equal(problem(5), " 3 4 name control");
    assert_string_equal(problem(6), " 5 0  columns");
    assert_string_equal(problem(7), " 6 4  stray_quote");
    assert_int_equal(roster.n_problems, 8);
}

static void files_that_are_none(void **state)
{
    (void)state;
    map_heading(ROSTER_CODE, "code");
    read_file(STR(""));
    assert_string_equal(problem(0), " 0 0  empty");
    read_file(STR("code\n"));
    assert_string_equal(problem(0), " 0 0  empty");
    read_file(STR("kode\n1\n"));
    assert_string_equal(problem(0), " 1 0 code no_column");
    read_file(STR("code,CODE\n1,2\n"));
    assert_string_equal(problem(0), " 1 2 code twice_column");
    read_file(STR("code\n山田\n佐藤\n\x8e\x52\x93\x63\n"));
    assert_string_equal(problem(0), " 4 1  mixed_encoding");
    read_file(STR("\xff\xfe\x63\0"));
    assert_string_equal(problem(0), " 0 0  utf16");
    read_file(STR("PK\3\4\0\0\0\0\xff\xff"));
    assert_string_equal(problem(0), " 1 1  encoding");
}

static void problems_are_counted_beyond_those_kept(void **state)
{
    struct buf file = { 0 };
    (void)state;
    map_heading(ROSTER_NUMBER, "no");
    buf_str(&file, STR("no\n"));
    for (int i = 0; i < 1500; i++) buf_str(&file, STR("x\n"));
    read_file(buf_view(&file));
    assert_int_equal(roster.n_problems, ROSTER_PROBLEMS);
    assert_int_equal(roster.n_found, 1500);
    buf_done(&file);
}

static void readings_in_any_kana(void **state)
{
    static const struct {
        struct str from, to;
    } pairs[] = {
        { STR_INIT("ｶﾞｷﾞｸﾞﾊﾞﾊﾟﾋﾟｳﾞﾂﾞﾄﾞ"), STR_INIT("がぎぐばぱぴゔづど") },
        { STR_INIT("ヤマダ・ジョー"), STR_INIT("やまだ・じょー") },
        { STR_INIT("ﾁｮｺﾚｰﾄ"), STR_INIT("ちょこれーと") },
        { STR_INIT("か\xe3\x82\x99は\xe3\x82\x9a"), STR_INIT("がぱ") },
        { STR_INIT("ｱﾞﾝﾟ"), STR_INIT("あﾞんﾟ") },
        { STR_INIT("ヴァイオリン"), STR_INIT("ゔぁいおりん") },
        { STR_INIT("Smith"), STR_INIT("Smith") },
    };
    (void)state;
    mapping.no_heading = true;
    mapping.columns[ROSTER_FAMILY_KANA].at = 1;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        read_file(pairs[i].from);
        assert_int_equal(roster.n_rows, 1);
        assert_true(str_eq(roster.rows[0].family_kana, pairs[i].to));
    }
}

static void what_is_written_is_read(void **state)
{
    struct buf file = { 0 };
    struct roster city = roster_city(&arena, 2000);
    size_t replaced = 7;
    (void)state;
    roster_mapping_own(&mapping);
    assert_int_equal(roster_write_csv(&city, ROSTER_UTF8_BOM, &file, &replaced), ERR_NONE);
    assert_int_equal(replaced, 0);
    read_file(buf_view(&file));
    assert_int_equal(roster.n_problems, 0);
    assert_int_equal(roster.encoding, ROSTER_UTF8_BOM);
    assert_rows(&city, &roster);
    buf_reset(&file);
    assert_int_equal(roster_write_csv(&city, ROSTER_CP932, &file, &replaced), ERR_NONE);
    read_file(buf_view(&file));
    assert_int_equal(roster.n_problems, 0);
    assert_int_equal(roster.encoding, ROSTER_CP932);
    assert_int_equal(roster.n_rows, 2000);
    assert_int_equal(replaced, 400 + 500 + 4 * 500); /* 𠮷, 👧, and ゔ in every reading */
    buf_done(&file);
}

static void a_look_into_a_file(void **state)
{
    struct roster_preview preview;
    (void)state;
    assert_int_equal(roster_preview_csv(&arena, STR("学年,組\n1,\"A\nB\",x\n2,B\n3,C\n"), 3, &preview),
                     ERR_NONE);
    assert_int_equal(preview.n_lines, 3);
    assert_int_equal(preview.n_columns, 3);
    assert_str(preview.lines[0][1], "組");
    assert_null(preview.lines[0][2].at);
    assert_str(preview.lines[1][2], "x");
    assert_int_equal(roster_preview_csv(&arena, STR("\xff\xfe"), 3, &preview), ERR_NONE);
    assert_int_equal(preview.n_problems, 1);
}

static void memory_may_fail(void **state)
{
    (void)state;
    roster_mapping_own(&mapping);
    FAIL_EACH_ALLOCATION({
        struct buf file = { 0 };
        struct roster city = { .n_rows = 0 };
        struct roster_row row = { .code = STR("1"), .family_name = STR("山"), .given_kana = STR("た") };
        city = (struct roster){ .rows = &row, .n_rows = 1 };
        enum err err = roster_write_csv(&city, ROSTER_CP932, &file, NULL);
        if (err == ERR_NONE) err = roster_read_csv(&arena, buf_view(&file), &mapping, &roster);
        assert_true(err == ERR_NONE || err == ERR_NOMEM);
        ok = err == ERR_NONE;
        buf_done(&file);
        arena_done(&arena);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_mapped_file, set_up),
        cmocka_unit_test_setup(columns_by_their_place, set_up),
        cmocka_unit_test_setup(every_mistake_has_its_place, set_up),
        cmocka_unit_test_setup(files_that_are_none, set_up),
        cmocka_unit_test_setup(problems_are_counted_beyond_those_kept, set_up),
        cmocka_unit_test_setup(readings_in_any_kana, set_up),
        cmocka_unit_test_setup(what_is_written_is_read, set_up),
        cmocka_unit_test_setup(a_look_into_a_file, set_up),
        cmocka_unit_test_setup(memory_may_fail, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, roster_tear_down);
}
