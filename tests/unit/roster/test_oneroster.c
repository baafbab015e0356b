#include "roster_unit.h"

enum { MANIFEST, SESSIONS, ORGS, CLASSES, USERS, ROLES, ENROLLMENTS, FILES };

static const char *const names[FILES] = { "manifest.csv",   "academicSessions.csv",
                                          "orgs.csv",       "classes.csv",
                                          "users.csv",      "roles.csv",
                                          "enrollments.csv" };

/* By the profile's rules, as another system writes it: a homeroom, a support class with its exchange class, a
 * course; a teacher and a guardian beside the children. */
static const char *const good[FILES] = {
    [MANIFEST] =
        "\"propertyName\",\"value\"\r\n\"manifest.version\",\"1.0\"\r\n\"oneroster.version\",\"1.2\"\r\n"
        "\"file.academicSessions\",\"bulk\"\r\n\"file.orgs\",\"bulk\"\r\n\"file.classes\",\"bulk\"\r\n"
        "\"file.users\",\"bulk\"\r\n\"file.roles\",\"bulk\"\r\n\"file.enrollments\",\"bulk\"\r\n"
        "\"file.demographics\",\"absent\"\r\n",
    [SESSIONS] = "\"sourcedId\",\"status\",\"dateLastModified\",\"title\",\"type\",\"startDate\",\"endDate\","
                 "\"parentSourcedId\",\"schoolYear\"\r\n"
                 "\"y\",\"\",\"\",\"2026年度\",\"schoolYear\",\"2026-04-01\",\"2027-03-31\",\"\",\"2027\"\r\n"
                 "\"t3\",\"\",\"\",\"3学期\",\"term\",\"2027-01-08\",\"2027-03-24\",\"y\",\"2027\"\r\n",
    [ORGS] =
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\r\n"
        "d,,,尼崎市,district,,\r\ns1,,,中央小学校,school,B128210000011,d\r\ns2,,,中央中学校,school,,d\r\n",
    [CLASSES] = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
                "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods,metadata.jp.specialNeeds\r\n"
                "c1,,,2年1組,P2,co,,homeroom,,s1,y,,,,false\r\n"
                "c2,,,たんぽぽ,\"P1,P2\",co,,homeroom,,s1,y,,,,true\r\n"
                "c3,,,3年A組,J3,co,,homeroom,,s2,\"t3,y\",,,,\r\n"
                "m,,,算数,P2,co,,scheduled,,s1,y,,,,\r\n",
    [USERS] =
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
        "grades,"
        "primaryOrgSourcedId,metadata.jp.kanaGivenName,metadata.jp.kanaFamilyName,metadata.jp.homeClass\r\n"
        "u1,,,true,u1,,太郎,𠮷田,,P2,s1,タロウ,ヨシダ,c1\r\n"
        "u2,,,true,u2,,花子,髙橋,,P2,s1,ﾊﾅｺ,ﾀｶﾊｼ,\r\n"
        "u3,,,true,u3,,次郎,森,,J3,s2,ジロウ,モリ,3年A組\r\n"
        "t1,,,true,t1,,先生,山,,,s1,,,\r\n"
        "g1,,,true,g1,,保護者,𠮷田,,,,,,\r\n",
    [ROLES] =
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
        "userProfileSourcedId\r\n"
        "r1,,,u1,primary,student,,,s1,\r\nr2,,,u2,primary,student,,,s1,\r\nr3,,,u3,primary,student,,,s2,\r\n"
        "r4,,,t1,primary,teacher,,,s1,\r\nr5,,,g1,primary,guardian,,,s1,\r\n",
    [ENROLLMENTS] =
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
        "beginDate,endDate,metadata.jp.ShussekiNo,metadata.jp.PublicFlg\r\n"
        "e1,,,c1,s1,u1,student,false,,,12,true\r\ne2,,,m,s1,u1,student,false,,,1,true\r\n"
        "e3,,,c1,s1,u2,student,false,,,31,true\r\ne4,,,c2,s1,u2,student,false,,,3,true\r\n"
        "e5,,,c3,s2,u3,student,false,,,7,true\r\ne6,,,c1,s1,t1,teacher,true,,,,\r\n",
};

static const char *files[FILES];

static int set_up(void **state)
{
    (void)state;
    arena_done(&arena);
    memcpy(files, good, sizeof files);
    return 0;
}

/* `folder`: in front of the names. */
static void read_in(const char *folder)
{
    struct zip_entry_text entries[FILES];
    char paths[FILES][64];
    struct buf zip = { 0 };
    size_t n = 0;
    for (int i = 0; i < FILES; i++) {
        if (!files[i]) continue;
        snprintf(paths[i], sizeof paths[i], "%s%s", folder, names[i]);
        entries[n++] = (struct zip_entry_text){ paths[i], str_c(files[i]) };
    }
    assert_int_equal(zip_write(entries, n, &zip), ERR_NONE);
    assert_int_equal(roster_read_oneroster(&arena, buf_view(&zip), &roster), ERR_NONE);
    buf_done(&zip);
}

static void read_files(void)
{
    read_in("");
}

static const struct roster_row *row_of(const char *code)
{
    for (size_t i = 0; i < roster.n_rows; i++)
        if (str_eq(roster.rows[i].code, str_c(code))) return &roster.rows[i];
    fail_msg("no row %s", code);
    return NULL;
}

static void assert_good(void)
{
    const struct roster_row *row = row_of("u1");
    assert_int_equal(roster.n_problems, 0);
    assert_int_equal(roster.n_rows, 3);
    assert_int_equal(roster.mode, ROSTER_BULK);
    assert_str(row->school_code, "B128210000011");
    assert_str(row->class_code, "c1");
    assert_str(row->class_name, "2年1組");
    assert_str(row->family_name, "𠮷田");
    assert_str(row->given_kana, "たろう");
    assert_true(row->grade == 2 && row->number == 12 && row->school_year == 2026 && row->line == 2 &&
                !row->gone);
    assert_int_equal(row->class_kind, ROSTER_CLASS_REGULAR);
    assert_null(row->exchange_class_code.at);
    row = row_of("u2");
    assert_str(row->class_code, "c2");
    assert_str(row->exchange_class_code, "c1");
    assert_str(row->family_kana, "たかはし");
    assert_true(row->class_kind == ROSTER_CLASS_SUPPORT && row->number == 3 && row->grade == 2);
    row = row_of("u3");
    assert_str(row->school_code, "s2");
    assert_true(row->grade == 9 && row->number == 7 && row->school_year == 2026);
    assert_int_equal(roster.n_schools, 2);
    assert_str(roster.schools[0].name, "中央小学校");
}

static void another_systems_archive(void **state)
{
    (void)state;
    read_files();
    assert_good();
    read_in("RO_20260401_B1282/");
    assert_good();
}

static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    char *copy = arena_printf(&arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    assert_non_null(copy);
    return copy;
}

static void change(int file, const char *from, const char *to)
{
    files[file] = replaced(files[file], from, to);
}

static void both_spellings_and_a_mark(void **state)
{
    (void)state;
    change(ENROLLMENTS, "metadata.jp.ShussekiNo", "metadata.jp.shussekiNo");
    change(USERS, "sourcedId", "\xef\xbb\xbfsourcedId");
    change(MANIFEST, "\"propertyName\"", "\xef\xbb\xbf\"propertyName\"");
    read_files();
    assert_good();
}

static void a_delta_tells_only_what_has_changed(void **state)
{
    (void)state;
    files[MANIFEST] = "propertyName,value\noneroster.version,1.2\nfile.users,delta\nfile.enrollments,delta\n"
                      "file.roles,delta\nfile.classes,absent\n";
    files[SESSIONS] = files[ORGS] = files[CLASSES] = NULL;
    files[USERS] =
        "sourcedId,status,givenName,familyName,grades\nu1,active,新,名前,\nu2,tobedeleted,花子,髙橋,P2\n"
        "t9,active,先生,新,\n";
    files[ROLES] = "userSourcedId,role,orgSourcedId,status\nu1,student,s9,active\n";
    files[ENROLLMENTS] = "status,classSourcedId,userSourcedId,role,metadata.jp.ShussekiNo\n"
                         "active,B1:2026:1-2,u7,student,5\ntobedeleted,c1,u8,student,6\n";
    read_files();
    assert_int_equal(roster.n_problems, 0);
    assert_int_equal(roster.mode, ROSTER_DELTA);
    assert_int_equal(roster.n_rows, 3);
    assert_str(row_of("u1")->given_name, "新");
    assert_str(row_of("u1")->school_code, "s9");
    assert_true(row_of("u1")->grade == 0 && !row_of("u1")->class_code.at);
    assert_true(row_of("u2")->gone);
    assert_str(row_of("u7")->class_code, "1-2");
    assert_true(row_of("u7")->number == 5 && !row_of("u7")->family_name.at);
}

static void the_year_is_told_by_the_day_on_which_it_begins(void **state)
{
    (void)state;
    change(CLASSES, "s2,\"t3,y\"", "s2,t3");
    read_files();
    assert_int_equal(row_of("u3")->school_year, 2026);
    change(SESSIONS, "2027-01-08", "2027-04-08");
    read_files();
    assert_int_equal(row_of("u3")->school_year, 2027);
}

static void a_child_that_moved_within_the_year_is_in_its_new_class(void **state)
{
    (void)state;
    change(USERS, ",タロウ,ヨシダ,c1", ",タロウ,ヨシダ,");
    change(
        ENROLLMENTS, "e1,,,c1,s1,u1,student,false,,,12,true",
        "e1,,,c1,s1,u1,student,false,,2026-09-30,12,true\r\ne9,,,c3,s2,u1,student,false,2026-10-01,,40,true");
    read_files();
    assert_str(row_of("u1")->class_code, "c3");
    assert_str(row_of("u1")->school_code, "s2");
    assert_int_equal(row_of("u1")->number, 40);
    assert_null(row_of("u1")->exchange_class_code.at);
}

static void mistakes_have_file_line_and_column(void **state)
{
    (void)state;
    change(USERS, "u2,,,true,u2,,花子,髙橋,,P2", "u2,,,true,u2,,花子,髙橋,,P8");
    change(USERS, "u3,,,true,u3", "u1,,,true,u3");
    change(ENROLLMENTS, "e1,,,c1,s1,u1,student,false,,,12", "e1,,,cX,s1,u1,student,false,,,12");
    change(ENROLLMENTS, "e4,,,c2,s1,u2,student,false,,,3", "e4,,,c2,s1,uX,student,false,,,3");
    change(CLASSES, "たんぽぽ,\"P1,P2\",co,,homeroom,,s1", "たんぽぽ,\"P1,P2\",co,,homeroom,,sX");
    read_files();
    assert_string_equal(problem(0), "classes.csv 3 10 schoolSourcedId unknown");
    assert_string_equal(problem(1), "users.csv 3 10 grades range");
    assert_string_equal(problem(2), "users.csv 4 1 sourcedId duplicate");
    assert_string_equal(problem(3), "enrollments.csv 2 4 classSourcedId unknown");
    assert_string_equal(problem(4), "enrollments.csv 5 6 userSourcedId unknown");
    assert_string_equal(problem(5), "enrollments.csv 6 6 userSourcedId unknown");
    assert_int_equal(roster.n_problems, 6);
}

static void archives_that_are_none(void **state)
{
    (void)state;
    assert_int_equal(roster_read_oneroster(&arena, STR("sourcedId,status\n"), &roster), ERR_NONE);
    assert_string_equal(problem(0), " 0 0  zip_format");
    files[MANIFEST] = NULL;
    read_files();
    assert_string_equal(problem(0), "manifest.csv 0 0  no_file");
    assert_int_equal(roster.n_rows, 0);
    files[MANIFEST] =
        replaced(good[MANIFEST], "\"oneroster.version\",\"1.2\"", "\"oneroster.version\",\"1.1\"");
    read_files();
    assert_string_equal(problem(0), "manifest.csv 3 2 value version");
    files[MANIFEST] = replaced(good[MANIFEST], "\"file.users\",\"bulk\"", "\"file.users\",\"all\"");
    read_files();
    assert_string_equal(problem(0), "manifest.csv 7 2 value format");
    memcpy(files, good, sizeof files);
    files[USERS] = NULL;
    read_files();
    assert_string_equal(problem(0), "users.csv 0 0  no_file");
    files[USERS] = "sourcedId,familyName\n1,2\n";
    read_files();
    assert_string_equal(problem(0), "users.csv 1 0 givenName no_column");
    files[USERS] = "";
    read_files();
    assert_string_equal(problem(0), "users.csv 0 0  empty");
}

static void what_is_written_is_read(void **state)
{
    struct buf zip = { 0 };
    struct roster city = roster_city(&arena, 29000);
    struct roster_school schools[] = { { STR("B00000"), STR("第一小学校") } };
    (void)state;
    city.schools = schools;
    city.n_schools = 1;
    assert_int_equal(roster_write_oneroster(&city, STR("2026-04-01T00:00:00.000Z"), &zip), ERR_NONE);
    assert_int_equal(roster_read_oneroster(&arena, buf_view(&zip), &roster), ERR_NONE);
    assert_int_equal(roster.n_found, 0);
    assert_rows(&city, &roster);
    assert_int_equal(roster.n_schools, 58);
    assert_str(roster.schools[0].name, "第一小学校");
    buf_done(&zip);
}

static void memory_may_fail(void **state)
{
    (void)state;
    FAIL_EACH_ALLOCATION({
        struct buf zip = { 0 };
        struct roster_row row = {
            .code = STR("1"), .school_code = STR("s"), .class_code = STR("c"), .school_year = 2026
        };
        struct roster city = { .rows = &row, .n_rows = 1 };
        enum err err = roster_write_oneroster(&city, STR("2026-04-01T00:00:00.000Z"), &zip);
        if (err == ERR_NONE) err = roster_read_oneroster(&arena, buf_view(&zip), &roster);
        assert_true(err == ERR_NONE || err == ERR_NOMEM);
        ok = err == ERR_NONE;
        buf_done(&zip);
        arena_done(&arena);
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(another_systems_archive, set_up),
        cmocka_unit_test_setup(both_spellings_and_a_mark, set_up),
        cmocka_unit_test_setup(a_delta_tells_only_what_has_changed, set_up),
        cmocka_unit_test_setup(the_year_is_told_by_the_day_on_which_it_begins, set_up),
        cmocka_unit_test_setup(a_child_that_moved_within_the_year_is_in_its_new_class, set_up),
        cmocka_unit_test_setup(mistakes_have_file_line_and_column, set_up),
        cmocka_unit_test_setup(archives_that_are_none, set_up),
        cmocka_unit_test_setup(what_is_written_is_read, set_up),
        cmocka_unit_test_setup(memory_may_fail, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, roster_tear_down);
}
