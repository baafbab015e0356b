#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef skip /* cmocka's */

/* The tool is no library: its files are taken in as they are. */
#include "db/tool/embed.c"
#include "db/tool/emit.c"
#include "db/tool/scan.c"
#include "db/tool/sqlfile.c"
#include "db/tool/util.c"

static struct sql_file file;
static char *errors;

static int parse(const char *text)
{
    size_t n;
    FILE *out = open_memstream(&errors, &n);
    int rc = sql_file_parse(&file, "x.sql", text, strlen(text), out);

    fclose(out);
    return rc;
}

static void done(void)
{
    sql_file_free(&file);
    free(errors);
    errors = NULL;
}

static void expect_text(const char *sql, const char *text)
{
    char whole[2048];

    snprintf(whole, sizeof(whole), "-- name: s\n-- internal\n-- takes: a bigint\nselect :a, %s", sql);
    if (parse(whole)) print_message("%s", errors);
    assert_int_equal(file.nerrors, 0);
    assert_memory_equal(file.blocks[0].text, "select $1, ", 11);
    assert_string_equal(file.blocks[0].text + 11, text);
    done();
}

static void expect_error(const char *text, const char *error)
{
    assert_int_equal(parse(text), -1);
    if (!strstr(errors, error)) print_message("got: %s", errors);
    assert_non_null(strstr(errors, error));
    done();
}

static void test_parameters(void **state)
{
    (void)state;
    expect_text(":a", "$1");
    expect_text(":a::int", "$1::int");
    expect_text("now()::date", "now()::date");
    expect_text("':a', \":a\"", "':a', \":a\"");
    expect_text("'it''s :a', :a", "'it''s :a', $1");
    expect_text("E'\\':a', :a", "E'\\':a', $1");
    expect_text("$$ :a $$, $x$ :a $$ $x$", "$$ :a $$, $x$ :a $$ $x$");
    expect_text("arr[1:2], arr[1:a], f(b)[:a]", "arr[1:2], arr[1:a], f(b)[$1]");
    expect_text("f(x := :a)", "f(x := $1)");
    expect_text(":a -- :b 'x\n, 2", "$1\n, 2");
    expect_text("/* :b /* nested */ ' */ 3", "  3");
    expect_text(":a;\n\n-- a comment of the next block\n", "$1");
}

static void test_header(void **state)
{
    (void)state;
    assert_int_equal(
        parse("-- A file.\n\n-- name: one\n-- gather write\n-- Some prose, which says nothing.\n"
              "-- takes: b date,\n--   c text\nselect :c, :actor, :b, :c, :fingerprint\n\n"
              "-- About two.\n-- name: two\n-- public\n-- internal\n-- takes: ids bigint[]\nselect :ids;\n"),
        0);
    assert_int_equal(file.nblocks, 2);
    assert_string_equal(file.blocks[0].text, "select $2, $3, $1, $2, $4");
    assert_int_equal(file.blocks[0].flags, SQL_GATHER | SQL_WRITE);
    assert_int_equal(file.blocks[0].nparams, 4);
    assert_string_equal(file.blocks[0].params[0].oid, "PG_DATE");
    assert_string_equal(file.blocks[0].params[2].name, "actor");
    assert_string_equal(file.blocks[0].params[2].oid, "PG_INT8");
    assert_string_equal(file.blocks[0].params[3].oid, "PG_BYTEA");
    assert_int_equal(file.blocks[1].flags, SQL_PUBLIC | SQL_INTERNAL);
    assert_int_equal(file.blocks[1].line, 11);
    assert_true(file.blocks[1].params[0].array);
    done();
}

static void test_errors(void **state)
{
    (void)state;
    expect_error("", "x.sql:1:1: no '-- name:'");
    expect_error("select 1", "x.sql:1:1: SQL before the first");
    expect_error("-- name: a\n-- public\nselect 1,\n  :b", "x.sql:4:3: parameter ':b' is not declared");
    expect_error("-- name: a\n-- public\n-- takes: b int, c int\nselect :b",
                 "x.sql:3:18: parameter 'c' is declared but");
    expect_error("-- name: a\n-- public\n-- takes: b int, b int\nselect :b",
                 "x.sql:3:18: parameter 'b' is declared twice");
    expect_error("-- name: a\n-- public\n-- takes: b inet\nselect :b",
                 "x.sql:3:13: parameter 'b' has unknown type 'inet'");
    expect_error("-- name: a\n-- public\n-- takes: b int not\nselect :b", "x.sql:3:17: expected ','");
    expect_error("-- name: a\n-- pubilc\nselect :actor", "x.sql:2:4: unknown flag");
    expect_error("-- name: a\n-- gather pubilc\nselect :actor", "x.sql:2:4: an unknown flag among");
    expect_error("-- name: A\nselect :actor", "x.sql:1:10: 'A' is not a statement's name");
    expect_error("-- name: a\nselect :actor\n-- name: a\nselect :actor",
                 "x.sql:3:10: statement 'a' is already on line 1");
    expect_error("-- name: a\nselect 1", "x.sql:1:10: statement 'a' does not use :actor");
    expect_error("-- name: a\n-- public\nselect :actor",
                 "x.sql:1:10: statement 'a' is public but uses :actor");
    expect_error("-- name: a\n-- public gather\nselect 1", "takes no parameter");
    expect_error("-- name: a\n-- gather\n-- takes: b int[]\nselect :actor, :b", "can't take arrays");
    expect_error("-- name: a\n-- public\n\n-- name: b\n-- public\nselect 1",
                 "x.sql:1:10: statement 'a' is empty");
    expect_error("-- name: a\n-- public\nselect 1; select 2", "x.sql:3:11: a block holds one statement");
    expect_error("-- name: a\n-- public\nselect 'x", "x.sql:3:8: ' is not closed");
    expect_error("-- name: a\n-- public\nselect $x$ $$", "x.sql:3:8: $x$ is not closed");
    expect_error("-- name: a\n-- public\nselect 1 /* /* */", "the comment is not closed");
}

static void test_emitted(void **state)
{
    char *text;
    size_t n;
    FILE *out;

    (void)state;
    assert_int_equal(parse("-- name: a\n-- public write\n-- takes: b text\nselect \"x\\y\" ,\n:b"), 0);
    out = open_memstream(&text, &n);
    sql_file_emit_source(&file, "some-file.sql", out);
    fclose(out);
    assert_non_null(strstr(text, "#include \"some-file.sql.h\""));
    assert_non_null(strstr(text, "    .text = \"select \\\"x\\\\y\\\" ,\\n\"\n            \"$1\",\n"));
    assert_non_null(strstr(text, "    { \"b\", PG_TEXT, false },"));
    assert_non_null(strstr(text, ".flags = STATEMENT_PUBLIC | STATEMENT_WRITE,"));
    assert_non_null(
        strstr(text, "const struct statement *const some_file_statements[] = {\n    &a,\n    NULL,\n};"));
    free(text);
    out = open_memstream(&text, &n);
    sql_file_emit_header(&file, "some-file.sql", out);
    fclose(out);
    assert_non_null(strstr(text, "#ifndef GEN_SOME_FILE_SQL_H"));
    assert_non_null(strstr(text, "extern const struct statement a;"));
    free(text);
    done();
}

static void test_embedded_names(void **state)
{
    (void)state;
    assert_string_equal(sql_embed_name("/build/x/schema/0001_a.sql"), "0001_a.sql");
    assert_string_equal(sql_embed_name("/schema/x/schema/functions/a.sql"), "functions/a.sql");
    assert_string_equal(sql_embed_name("schema/0001_a.sql"), "0001_a.sql");
    assert_string_equal(sql_embed_name("tests/support/open.sql"), "open.sql");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters),     cmocka_unit_test(test_header),
        cmocka_unit_test(test_errors),         cmocka_unit_test(test_emitted),
        cmocka_unit_test(test_embedded_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
