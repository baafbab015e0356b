/* Fields of a mail, split at zero bytes -> a message in which nothing has become a header of its own. The
 * same bytes as a relay's replies -> a verdict whose words are ours. */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "delivery/compose.h"
#include "delivery/smtp_talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned check_head(struct str message)
{
    unsigned headers = 0;
    for (;;) {
        struct str line = str_cut(message, '\n', &message);
        CHECK(line.n > 0 && line.at[line.n - 1] == '\r');
        for (size_t i = 0; i + 1 < line.n; i++) CHECK(line.at[i] >= 0x20 && line.at[i] <= 0x7e);
        if (line.n == 1) return headers;
        headers += line.at[0] != ' ';
    }
}

static void compose(struct str rest)
{
    struct mailbox from = { 0 };
    struct mail mail = { .message_id = STR("0") };
    struct buf out;
    buf_init(&out, 0);
    struct str sender = str_cut(rest, '\0', &rest);
    mail.address = str_cut(rest, '\0', &rest);
    mail.subject = str_cut(rest, '\0', &rest);
    mail.body = rest;
    mail.date_ms = (int64_t)sender.n * 1000000007;
    if (mailbox_parse(sender, &from)) from = (struct mailbox){ STR("x"), STR("a@b.jp") };
    if (mail_compose(&out, &from, &mail) == 0) CHECK(check_head(buf_view(&out)) == 9);
    buf_done(&out);
}

static void talk(struct str rest)
{
    static const char *const said[] = { "EHLO a\r\n", "MAIL FROM:<a@b.jp>\r\n", "RCPT TO:<c@d.jp>\r\n",
                                        "DATA\r\n" };
    struct smtp_talk talk;
    smtp_talk_begin(&talk);
    for (unsigned i = 0; rest.at && rest.n > 0; i++) {
        smtp_talk_heard(&talk, str_cut(rest, '\n', &rest));
        if (i < 4) smtp_talk_said(&talk, str_c(said[i]));
    }
    struct verdict verdict = smtp_verdict(&talk, SMTP_END_FAILED);
    CHECK(verdict.outcome != OUTCOME_SENT && verdict.error[0]);
    for (const char *c = verdict.error; *c; c++) CHECK(strchr("abcdefghijklmnopqrstuvwxyz0123456789. ", *c));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = str_of((const char *)data, size);
    compose(bytes);
    talk(bytes);
    return 0;
}
