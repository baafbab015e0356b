/* clang-format off */
#include "../base/unit.h"
/* clang-format on */

#include "delivery/smtp_talk.h"

/* "> " said, "< " heard; a line each. */
static struct verdict after(const char *script, enum smtp_end end)
{
    struct smtp_talk talk;
    struct str rest = str_c(script);
    smtp_talk_begin(&talk);
    while (rest.at && rest.n > 0) {
        struct str line = str_cut(rest, '\n', &rest);
        char text[256];
        int n = snprintf(text, sizeof text, STR_FMT "\r\n", (int)line.n - 2, line.at + 2);
        if (line.at[0] == '>')
            smtp_talk_said(&talk, str_of(text, (size_t)n));
        else
            smtp_talk_heard(&talk, str_of(text, (size_t)n));
    }
    return smtp_verdict(&talk, end);
}

#define HELLO   "< 220 hi\n> EHLO a\n< 250-hi\n< 250 SIZE\n"
#define MAIL    HELLO "> MAIL FROM:<a@b.jp>\n< 250 2.1.0 ok\n"
#define RCPT    MAIL "> RCPT TO:<c@d.jp>\n< 250 2.1.5 ok\n"
#define CONTENT RCPT "> DATA\n< 354 go\n"

static void judges_conversations(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        enum smtp_end end;
        enum outcome outcome;
        bool trouble;
        const char *error;
    } cases[] = {
        { CONTENT "< 250 2.0.0 taken\n", SMTP_END_OK, OUTCOME_SENT, false, "" },
        /* ours or the relay's: nothing is known about the mail */
        { "", SMTP_END_FAILED, OUTCOME_RETURNED, true, "connect" },
        { "", SMTP_END_TIMEOUT, OUTCOME_RETURNED, true, "connect timeout" },
        { "< 554 go away\n", SMTP_END_FAILED, OUTCOME_RETURNED, true, "connect 554" },
        { HELLO, SMTP_END_TLS, OUTCOME_RETURNED, true, "hello tls" },
        { HELLO "> AUTH PLAIN abc\n< 535 5.7.8 no\n", SMTP_END_FAILED, OUTCOME_RETURNED, true,
          "hello 535 5.7.8" },
        { HELLO "> MAIL FROM:<a@b.jp>\n< 550 5.7.1 no\n", SMTP_END_FAILED, OUTCOME_RETURNED, true,
          "mail 550 5.7.1" },
        { HELLO "> MAIL FROM:<a@b.jp> SIZE=9\n< 552 5.3.4 too big\n", SMTP_END_FAILED, OUTCOME_REFUSED, false,
          "mail 552 5.3.4" },
        /* the address */
        { MAIL "> RCPT TO:<c@d.jp>\n< 550 5.1.1 unknown c@d.jp\n", SMTP_END_FAILED, OUTCOME_DEAD, false,
          "rcpt 550 5.1.1" },
        { MAIL "> RCPT TO:<c@d.jp>\n< 550-5.2.1 asleep\n< 550 for ever\n", SMTP_END_FAILED, OUTCOME_DEAD,
          false, "rcpt 550 5.2.1" },
        { MAIL "> RCPT TO:<c@d.jp>\n< 550 unknown\n", SMTP_END_FAILED, OUTCOME_DEAD, false, "rcpt 550" },
        { MAIL "> RCPT TO:<c@d.jp>\n< 554 no\n", SMTP_END_FAILED, OUTCOME_REFUSED, false, "rcpt 554" },
        { MAIL "> RCPT TO:<c@d.jp>\n< 550 5.7.1 relaying denied\n", SMTP_END_FAILED, OUTCOME_REFUSED, false,
          "rcpt 550 5.7.1" },
        /* the mail, or the moment */
        { MAIL "> RCPT TO:<c@d.jp>\n< 451 4.7.1 greylisted\n", SMTP_END_FAILED, OUTCOME_LATER, false,
          "rcpt 451 4.7.1" },
        { RCPT "> DATA\n< 421 4.3.2 closing\n", SMTP_END_FAILED, OUTCOME_LATER, true, "data 421 4.3.2" },
        { CONTENT "< 554 5.6.0 spam\n", SMTP_END_FAILED, OUTCOME_REFUSED, false, "content 554 5.6.0" },
        { CONTENT "< 452 full\n", SMTP_END_FAILED, OUTCOME_LATER, false, "content 452" },
        { CONTENT, SMTP_END_TIMEOUT, OUTCOME_LATER, true, "content timeout" },
        { CONTENT, SMTP_END_FAILED, OUTCOME_LATER, true, "content" },
        { MAIL, SMTP_END_FAILED, OUTCOME_RETURNED, true, "mail" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct verdict got = after(cases[i].script, cases[i].end);
        assert_string_equal(got.error, cases[i].error);
        assert_int_equal(got.outcome, cases[i].outcome);
        assert_int_equal(got.trouble, cases[i].trouble);
    }
}

/* A password's line in base64 may look like anything but a command. */
static void forgets_what_it_can_not_read(void **state)
{
    (void)state;
    assert_string_equal(
        after(HELLO "> AUTH LOGIN\n< 334 x\n> UkNQVCBUTzo=\n< 535 no\n", SMTP_END_FAILED).error, "hello 535");
    assert_string_equal(after(MAIL "> RCPT TO:<c@d.jp>\n< 99 no\n< \n< abc\n", SMTP_END_FAILED).error,
                        "rcpt");
    assert_string_equal(after(MAIL "> RCPT TO:<c@d.jp>\n< 550 5.1.1111 x\n", SMTP_END_FAILED).error,
                        "rcpt 550");
    assert_string_equal(after(MAIL "> RCPT TO:<c@d.jp>\n< 550 5.1\n", SMTP_END_FAILED).error, "rcpt 550");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(judges_conversations),
                                        cmocka_unit_test(forgets_what_it_can_not_read) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
