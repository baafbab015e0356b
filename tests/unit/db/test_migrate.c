#include <unistd.h>

#include "live.h"

#define FILE_(name, text)                                                                                    \
    {                                                                                                        \
        name, (const unsigned char *)(text), sizeof(text) - 1                                                \
    }

static char said[8192];

/* Runs in a database of its own; what was said is in `said`. */
static const char *own_database(void)
{
    static char conninfo[512];

    snprintf(conninfo, sizeof(conninfo), "%s dbname=todoke_migrate_test", live_conninfo());
    live_sql("drop database if exists todoke_migrate_test (force)", NULL, 0);
    live_sql("create database todoke_migrate_test", NULL, 0);
    return conninfo;
}

static int migrate_(const char *conninfo, const struct embedded_file *files,
                    const struct embedded_file *after)
{
    FILE *out = fmemopen(said, sizeof(said), "w");
    struct migrate_options options = {
        .out = out, .err_out = out, .lock_timeout_ms = 100, .tries = 2, .after = after
    };
    int rc;

    memset(said, 0, sizeof(said));
    rc = migrate_run(conninfo, files, &options);
    fclose(out);
    return rc;
}

static int pending_(const char *conninfo, const struct embedded_file *files)
{
    FILE *out = fmemopen(said, sizeof(said), "w");
    int rc;

    memset(said, 0, sizeof(said));
    rc = migrate_pending(conninfo, files, out);
    fclose(out);
    return rc;
}

static void own_sql(const char *conninfo, const char *sql, char *out, size_t size)
{
    PGconn *pg = PQconnectdb(conninfo);
    PGresult *r = PQexec(pg, sql);

    if (out) snprintf(out, size, "%s", PQntuples(r) ? PQgetvalue(r, 0, 0) : PQerrorMessage(pg));
    PQclear(r);
    PQfinish(pg);
}

#define ONE FILE_("0001_a.sql", "create table a (id int); create table b (id int);")
#define TWO FILE_("0002_b.sql", "alter table a add column n int;\ncreate table c (id int);")
#define F_B FILE_("functions/b.sql", "create or replace function b() returns int language sql as 'select 2'")
#define F_A                                                                                                  \
    FILE_("functions/a.sql", "create or replace function a() returns int language sql as 'select b()'")
#define F_A2                                                                                                 \
    FILE_("functions/a.sql", "create or replace function a() returns int language sql as 'select b() + 10'")

static void test_apply_and_again(void **state)
{
    static const struct embedded_file first[] = { ONE, F_A, F_B, { 0 } };
    static const struct embedded_file second[] = { ONE, TWO, F_A2, F_B, { 0 } };
    const char *conninfo = own_database();
    char value[64];

    (void)state;
    assert_int_equal(pending_(conninfo, first), 1);
    assert_int_equal(migrate_(conninfo, first, NULL), 0);
    assert_string_equal(said, "applied 0001_a.sql\napplied functions\n");
    assert_int_equal(pending_(conninfo, first), 0);
    assert_int_equal(migrate_(conninfo, first, NULL), 0);
    assert_string_equal(said, "nothing to do\n");
    own_sql(conninfo, "select a()", value, sizeof(value));
    assert_string_equal(value, "2");
    assert_int_equal(pending_(conninfo, second), 3); /* a file, and a function that was and is different */
    assert_int_equal(migrate_(conninfo, second, NULL), 0);
    assert_string_equal(said, "applied 0002_b.sql\napplied functions\n");
    own_sql(conninfo, "select a()", value, sizeof(value));
    assert_string_equal(value, "12");
    assert_int_equal(pending_(conninfo, first), 0); /* the old program runs on under a newer schema */
}

static void test_changed_or_missing_file(void **state)
{
    static const struct embedded_file first[] = { ONE, TWO, { 0 } };
    static const struct embedded_file changed[] = { FILE_("0001_a.sql", "create table a (id bigint)"),
                                                    TWO,
                                                    { 0 } };
    static const struct embedded_file missing[] = { TWO, { 0 } };
    static const struct embedded_file late[] = { FILE_("0000_z.sql", "select 1"), ONE, TWO, { 0 } };
    const char *conninfo = own_database();

    (void)state;
    assert_int_equal(migrate_(conninfo, first, NULL), 0);
    assert_int_equal(migrate_(conninfo, changed, NULL), -1);
    assert_non_null(strstr(said, "0001_a.sql: changed since it was applied"));
    assert_int_equal(pending_(conninfo, changed), 1);
    assert_int_equal(migrate_(conninfo, missing, NULL), -1);
    assert_non_null(strstr(said, "0001_a.sql: was applied to this database, but is not in this program"));
    assert_int_equal(migrate_(conninfo, late, NULL), -1);
    assert_non_null(strstr(said, "0000_z.sql: a later file was applied already"));
}

static void test_failing_file_leaves_nothing(void **state)
{
    static const struct embedded_file bad[] = {
        ONE,
        FILE_("0002_bad.sql", "create table c (id int);\n-- あいう\ninsert into nowhere values (1);"),
        { 0 }
    };
    static const struct embedded_file commits[] = { FILE_("0001_c.sql", "create table z (id int); commit;"),
                                                    { 0 } };
    static const struct embedded_file same[] = { ONE, FILE_("0001_b.sql", "select 1"), { 0 } };
    static const struct embedded_file misnamed[] = { FILE_("1_b.sql", "select 1"), { 0 } };
    const char *conninfo = own_database();
    char value[256];

    (void)state;
    assert_int_equal(migrate_(conninfo, bad, NULL), -1);
    assert_non_null(strstr(said, "0002_bad.sql:3: "));
    own_sql(conninfo, "select to_regclass('c') is null and to_regclass('a') is not null", value,
            sizeof(value));
    assert_string_equal(value, "t");
    conninfo = own_database();
    assert_int_equal(migrate_(conninfo, commits, NULL), -1);
    assert_non_null(strstr(said, "ends the transaction by itself"));
    assert_int_equal(migrate_(conninfo, same, NULL), -1);
    assert_non_null(strstr(said, "the same number"));
    assert_int_equal(migrate_(conninfo, misnamed, NULL), -1);
}

static void test_lock_timeout(void **state)
{
    static const struct embedded_file first[] = { ONE, { 0 } };
    static const struct embedded_file second[] = { ONE, TWO, { 0 } };
    const char *conninfo = own_database();
    PGconn *pg;

    (void)state;
    assert_int_equal(migrate_(conninfo, first, NULL), 0);
    pg = PQconnectdb(conninfo);
    PQclear(PQexec(pg, "begin; select * from a"));
    assert_int_equal(migrate_(conninfo, second, NULL), -1);
    assert_non_null(strstr(said, "0002_b.sql waits for a lock (try 1 of 2)"));
    assert_non_null(strstr(said, "could not get its locks"));
    PQfinish(pg);
    assert_int_equal(migrate_(conninfo, second, NULL), 0);
}

static void test_after_files(void **state)
{
    static const struct embedded_file files[] = { ONE, F_A, F_B, { 0 } };
    static const struct embedded_file after[] = {
        FILE_("open.sql", "create or replace function a() returns int language sql as 'select 99'"), { 0 }
    };
    const char *conninfo = own_database();
    char value[64];

    (void)state;
    assert_int_equal(migrate_(conninfo, files, after), 0);
    own_sql(conninfo, "select a()", value, sizeof(value));
    assert_string_equal(value, "99");
    assert_int_equal(pending_(conninfo, files), 1); /* an opened fence is never right */
    assert_int_equal(migrate_pending_after(conninfo, files, after, NULL), 0);
    assert_int_equal(migrate_(conninfo, files, NULL), 0);
    own_sql(conninfo, "select a()", value, sizeof(value));
    assert_string_equal(value, "2");
    assert_int_equal(pending_(conninfo, files), 0);
}

static void test_no_server(void **state)
{
    static const struct embedded_file files[] = { ONE, { 0 } };

    (void)state;
    assert_int_equal(migrate_("host=/nowhere", files, NULL), -1);
    assert_int_equal(pending_("host=/nowhere", files), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apply_and_again),
        cmocka_unit_test(test_changed_or_missing_file),
        cmocka_unit_test(test_failing_file_leaves_nothing),
        cmocka_unit_test(test_lock_timeout),
        cmocka_unit_test(test_after_files),
        cmocka_unit_test(test_no_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
