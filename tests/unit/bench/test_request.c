/* What a phone says, byte for byte, and what it reads out of a receipt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../../../bench/generator/day.c"
#include "../../../bench/generator/request.c"

static struct bench bench;

static int make_words(void **state)
{
    (void)state;
    bench.host = "school.example:8443";
    bench.origin = "https://school.example:8443";
    bench.options.export_path = "/api/city/history?days=5";
    bench.options.password = "secret";
    bench.first_day = day_parse("2026-04-30", 10);
    bench.reason_id = 12;
    bench.sessions.first_guardian = 1605;
    return words_make(&bench) ? 0 : -1;
}

static struct phone phone_made(enum step step)
{
    static struct session session = { .token = (char *)"TOKEN", .token_size = 5, .account_id = 1606 };
    struct phone phone = { .bench = &bench, .session = &session, .step = step };
    memcpy(phone.key, "00000000-0000-4000-8000-000000000001", 37);
    phone.report.student = 77;
    phone.report.day = bench.first_day + 1;
    return phone;
}

static void assert_says(const struct phone *phone, const char *expected)
{
    char text[REQUEST_MAX];
    size_t n = request_write(phone, text);
    assert_int_equal(n, strlen(expected));
    assert_memory_equal(text, expected, n);
}

static void a_report(void **state)
{
    (void)state;
    struct phone phone = phone_made(STEP_REPORT);
    assert_says(&phone,
                "POST /api/absences HTTP/1.1\r\nHost: school.example:8443\r\nAccept: application/json\r\n"
                "Sec-Fetch-Site: same-origin\r\nOrigin: https://school.example:8443\r\n"
                "Content-Type: application/json\r\nCookie: __Host-todoke=TOKEN\r\n"
                "Idempotency-Key: 00000000-0000-4000-8000-000000000001\r\nContent-Length: 73\r\n\r\n"
                "{\"student_id\":77,\"first_day\":\"2026-05-01\",\"kind\":\"absent\",\"reason_id\":12}");
}

static void a_look_and_an_export(void **state)
{
    (void)state;
    struct phone look = phone_made(STEP_LOOK), export = phone_made(STEP_EXPORT);
    assert_says(&look,
                "GET /api/children HTTP/1.1\r\nHost: school.example:8443\r\nAccept: application/json\r\n"
                "Sec-Fetch-Site: same-origin\r\nCookie: __Host-todoke=TOKEN\r\n\r\n");
    assert_says(
        &export,
        "GET /api/city/history?days=5 HTTP/1.1\r\nHost: school.example:8443\r\nAccept: application/json\r\n"
        "Sec-Fetch-Site: same-origin\r\nCookie: __Host-todoke=TOKEN\r\n\r\n");
}

static void a_sign_in(void **state)
{
    (void)state;
    struct phone phone = phone_made(STEP_SIGN_IN);
    assert_says(&phone,
                "POST /api/session HTTP/1.1\r\nHost: school.example:8443\r\nAccept: application/json\r\n"
                "Sec-Fetch-Site: same-origin\r\nOrigin: https://school.example:8443\r\n"
                "Content-Type: application/json\r\nContent-Length: 42\r\n\r\n"
                "{\"login_id\":\"g000002\",\"password\":\"secret\"}");
}

static void receipts(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        uint64_t id, version; /* id 0 = none */
    } cases[] = {
        { "{\"id\":\"123\",\"version\":1,\"at\":\"2026-04-30\"}", 123, 1 },
        { "{\"version\": 7, \"id\": 45}", 45, 7 },
        { "{\"id\":9}", 9, 0 },
        { "{\"student_id\":9,\"version\":1}", 0, 0 },
        { "{\"id\":null}", 0, 0 },
        { "", 0, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t id = 0, version = 0;
        assert_int_equal(receipt_read(str_c(cases[i].body), &id, &version), cases[i].id != 0);
        assert_int_equal(id, cases[i].id);
        assert_int_equal(version, cases[i].version);
    }
}

static void a_name_that_is_too_long(void **state)
{
    (void)state;
    static char host[1000];
    static struct bench other;
    memset(host, 'h', sizeof host - 1);
    other = bench;
    other.host = host;
    assert_false(words_make(&other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report), cmocka_unit_test(a_look_and_an_export),    cmocka_unit_test(a_sign_in),
        cmocka_unit_test(receipts), cmocka_unit_test(a_name_that_is_too_long),
    };
    return cmocka_run_group_tests(tests, make_words, NULL);
}
