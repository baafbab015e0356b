/* clang-format off */
#include "../base/unit.h"
/* clang-format on */

#include "delivery/compose.h"

static struct buf out;

static const struct mailbox school = { STR_INIT("市立第一小学校"), STR_INIT("school@city.example.jp") };

static struct mail plain(void)
{
    return (struct mail){ .address = STR("sato@example.jp"),
                          .subject = STR("Hello"),
                          .body = STR("one\ntwo"),
                          .message_id = STR("01234567-89ab-cdef-0123-456789abcdef"),
                          .date_ms = 1775001600000 }; /* 2026-04-01T00:00:00Z */
}

static int compose(const struct mailbox *from, struct mail mail)
{
    buf_done(&out);
    buf_init(&out, 0);
    return mail_compose(&out, from, &mail);
}

static struct str header(const char *name)
{
    struct str rest = buf_view(&out);
    while (rest.at && rest.n > 0) {
        struct str line = str_cut(rest, '\n', &rest);
        struct str value = { NULL, 0 };
        if (str_eq(str_cut(line, ':', &value), str_c(name))) return str_trim(value);
    }
    return (struct str){ NULL, 0 };
}

static void writes_a_whole_message(void **state)
{
    (void)state;
    const struct mailbox nobody = { STR(""), STR("a@b.jp") };
    assert_int_equal(compose(&nobody, plain()), 0);
    assert_str(buf_view(&out), "Date: Wed, 1 Apr 2026 09:00:00 +0900\r\n"
                               "From: <a@b.jp>\r\n"
                               "To: <sato@example.jp>\r\n"
                               "Subject: Hello\r\n"
                               "Message-ID: <01234567-89ab-cdef-0123-456789abcdef@b.jp>\r\n"
                               "Auto-Submitted: auto-generated\r\n"
                               "MIME-Version: 1.0\r\n"
                               "Content-Type: text/plain; charset=UTF-8\r\n"
                               "Content-Transfer-Encoding: base64\r\n"
                               "\r\n"
                               "b25lDQp0d28NCg==\r\n");
}

static void encodes_words_of_whole_characters(void **state)
{
    (void)state;
    struct mail mail = plain();
    mail.subject = STR("「𠮷野」さんの登録の確認コードをお送りします。このメールに返信はできません。");
    assert_int_equal(compose(&school, mail), 0);
    char text[256];
    size_t n = 0, lines = 0;
    struct str rest = buf_view(&out), line;
    while (!str_starts(rest, STR("Subject: "))) str_cut(rest, '\n', &rest);
    rest = str_of(rest.at + 9, rest.n - 9);
    do {
        line = str_trim(str_cut(rest, '\n', &rest));
        assert_true(line.n <= 76 && str_starts(line, STR("=?UTF-8?B?")) && str_ends(line, STR("?=")));
        size_t part;
        assert_true(base64_decode(text + n, sizeof text - n, str_of(line.at + 10, line.n - 12), &part));
        assert_true(utf8_valid(str_of(text + n, part)));
        n += part;
        lines++;
    } while (rest.at[0] == ' ');
    assert_true(lines > 1);
    assert_true(str_eq(str_of(text, n), mail.subject));
}

static void encodes_what_could_be_misread(void **state)
{
    (void)state;
    struct mail mail = plain();
    mail.subject = STR("=?UTF-8?B?YQ==?=");
    assert_int_equal(compose(&school, mail), 0);
    assert_str(header("Subject"), "=?UTF-8?B?PT9VVEYtOD9CP1lRPT0/PQ==?=");
    assert_str(header("From"), "=?UTF-8?B?5biC56uL56ys5LiA5bCP5a2m5qCh?=");
}

static void ends_lines_as_mail_does(void **state)
{
    (void)state;
    struct mail mail = plain();
    mail.body = STR("a\r\nb\rc\n");
    assert_int_equal(compose(&school, mail), 0);
    assert_true(str_ends(buf_view(&out), STR("\r\n\r\nYQ0KYg0KYw0K\r\n"))); /* a CRLF b CRLF c CRLF */
    mail.body = STR("");
    assert_int_equal(compose(&school, mail), 0);
    assert_true(str_ends(buf_view(&out), STR("\r\n\r\nDQo=\r\n")));
}

static void lets_nobody_add_a_header(void **state)
{
    (void)state;
    static const struct str addresses[] = {
        STR_INIT("a@b.jp\r\nBcc: c@d.jp"),
        STR_INIT("a@b.jp\n"),
        STR_INIT("a@b.jp>"),
        STR_INIT("a@b@c.jp"),
        STR_INIT("a b@c.jp"),
        STR_INIT("a@b.jp,c@d.jp"),
        STR_INIT("\"a\"@b.jp"),
        STR_INIT(""),
        STR_INIT("a@b.jp\0.jp"),
    };
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct mail mail = plain();
        mail.address = addresses[i];
        assert_int_equal(compose(&school, mail), -1);
    }
    struct mail mail = plain();
    mail.subject = STR("x\r\nBcc: c@d.jp");
    assert_int_equal(compose(&school, mail), -1);
    mail.subject = STR("x\x7f");
    assert_int_equal(compose(&school, mail), -1);
    mail = plain();
    mail.message_id = STR("x>\r\nBcc: c@d.jp");
    assert_int_equal(compose(&school, mail), -1);
    mail = plain();
    mail.body = STR("\xff");
    assert_int_equal(compose(&school, mail), -1);
    const struct mailbox bad = { STR("a\nb"), STR("a@b.jp") };
    assert_int_equal(compose(&bad, plain()), -1);
}

static void says_when_memory_is_out(void **state)
{
    (void)state;
    for (int at = 1; at < 4; at++) {
        char spec[32];
        snprintf(spec, sizeof spec, "alloc:%d", at);
        struct mail mail = plain();
        buf_done(&out);
        buf_init(&out, 0);
        fault_arm(spec);
        int rc = mail_compose(&out, &school, &mail);
        bool hit = fault_calls("alloc") >= (uint64_t)at;
        fault_arm(NULL);
        assert_int_equal(rc, hit ? -1 : 0);
    }
}

static void knows_addresses(void **state)
{
    (void)state;
    static const struct str good[] = { STR_INIT("a@b.jp"), STR_INIT("a.b+c@x-y.example.co.jp"),
                                       STR_INIT("..a..@docomo.ne.jp"),
                                       STR_INIT("o'neil_!#$%&*/=?^`{|}~-@b.museum"), STR_INIT("A@B.JP") };
    static const struct str bad[] = { STR_INIT("a"),       STR_INIT("a@"),      STR_INIT("@b.jp"),
                                      STR_INIT("a@b"),     STR_INIT("a@b..jp"), STR_INIT("a@-b.jp"),
                                      STR_INIT("a@b-.jp"), STR_INIT("a@b.jp."), STR_INIT("a@127.0.0.1"),
                                      STR_INIT("ａ@b.jp"), STR_INIT("a@例.jp"), STR_INIT("a@[::1]"),
                                      STR_INIT("a;b@c.jp") };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_true(address_valid(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(address_valid(bad[i]));
    char longest[300];
    memset(longest, 'a', sizeof longest);
    memcpy(longest + 64, "@b.jp", 5);
    assert_true(address_valid(str_of(longest, 69)));
    memcpy(longest + 65, "@b.jp", 5);
    longest[64] = 'a';
    assert_false(address_valid(str_of(longest, 70)));
}

static void quotes_old_addresses(void **state)
{
    (void)state;
    static const struct {
        struct str address, written;
    } cases[] = { { STR_INIT("a.b@c.jp"), STR_INIT("a.b@c.jp") },
                  { STR_INIT("a..b@c.jp"), STR_INIT("\"a..b\"@c.jp") },
                  { STR_INIT("a.@c.jp"), STR_INIT("\"a.\"@c.jp") },
                  { STR_INIT(".a@c.jp"), STR_INIT("\".a\"@c.jp") } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf written;
        buf_init(&written, 0);
        address_write(&written, cases[i].address);
        assert_true(str_eq(buf_view(&written), cases[i].written));
        buf_done(&written);
    }
}

static void reads_senders(void **state)
{
    (void)state;
    struct mailbox m;
    assert_int_equal(mailbox_parse(STR(" 市立学校 連絡係 <a@b.jp> "), &m), 0);
    assert_str(m.name, "市立学校 連絡係");
    assert_str(m.address, "a@b.jp");
    assert_int_equal(mailbox_parse(STR("a@b.jp"), &m), 0);
    assert_str(m.name, "");
    assert_int_equal(mailbox_parse(STR("<a@b.jp>"), &m), 0);
    assert_int_equal(mailbox_parse(STR(""), &m), -1);
    assert_int_equal(mailbox_parse(STR("name"), &m), -1);
    assert_int_equal(mailbox_parse(STR("name <a@b.jp"), &m), -1);
    assert_int_equal(mailbox_parse(STR("<"), &m), -1);
    assert_int_equal(mailbox_parse(STR(">"), &m), -1);
    assert_int_equal(mailbox_parse(STR("x\r\nBcc: y <a@b.jp>"), &m), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_whole_message),
        cmocka_unit_test(encodes_words_of_whole_characters),
        cmocka_unit_test(encodes_what_could_be_misread),
        cmocka_unit_test(ends_lines_as_mail_does),
        cmocka_unit_test(lets_nobody_add_a_header),
        cmocka_unit_test(says_when_memory_is_out),
        cmocka_unit_test(knows_addresses),
        cmocka_unit_test(quotes_old_addresses),
        cmocka_unit_test(reads_senders),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_done(&out);
    return failed;
}
