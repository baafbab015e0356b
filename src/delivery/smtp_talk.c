#include "delivery/smtp_talk.h"

#include <stdio.h>

static const char *const stage_names[] = { "connect", "hello", "mail", "rcpt", "data", "content" };

void smtp_talk_begin(struct smtp_talk *talk)
{
    *talk = (struct smtp_talk){ 0 };
}

static void move(struct smtp_talk *talk, enum smtp_stage stage)
{
    *talk = (struct smtp_talk){ .stage = stage };
}

void smtp_talk_said(struct smtp_talk *talk, struct str command)
{
    if (str_starts_nocase(command, STR("MAIL FROM:")))
        move(talk, SMTP_MAIL);
    else if (str_starts_nocase(command, STR("RCPT TO:")))
        move(talk, SMTP_RCPT);
    else if (str_eq_nocase(str_trim(command), STR("DATA")))
        move(talk, SMTP_DATA);
    else if (talk->stage <= SMTP_HELLO)
        move(talk, SMTP_HELLO);
}

/* `digits` at most; moves *s behind the number. */
static bool number(struct str *s, size_t digits, unsigned *ret)
{
    unsigned n = 0;
    size_t i = 0;
    while (i < s->n && i < digits && s->at[i] >= '0' && s->at[i] <= '9')
        n = n * 10 + (unsigned)(s->at[i++] - '0');
    *s = str_of(s->at + i, s->n - i);
    *ret = n;
    return i > 0;
}

static bool skip(struct str *s, char c)
{
    if (s->n == 0 || s->at[0] != c) return false;
    *s = str_of(s->at + 1, s->n - 1);
    return true;
}

void smtp_talk_heard(struct smtp_talk *talk, struct str reply)
{
    unsigned code, detail[3];
    if (reply.n < 3 || !number(&reply, 3, &code) || code < 200 || code > 599) return;
    if (code != talk->code) move(talk, talk->stage); /* else another line of the same reply */
    talk->code = code;
    if (talk->stage == SMTP_DATA && code == 354) {
        move(talk, SMTP_CONTENT);
        return;
    }
    if (!skip(&reply, ' ') && !skip(&reply, '-')) return;
    if (number(&reply, 1, &detail[0]) && skip(&reply, '.') && number(&reply, 3, &detail[1]) &&
        skip(&reply, '.') && number(&reply, 3, &detail[2]) &&
        (reply.n == 0 || reply.at[0] == ' ' || reply.at[0] == '\r'))
        memcpy(talk->enhanced, detail, sizeof detail);
}

static bool is_about_address(const struct smtp_talk *talk)
{
    unsigned code = talk->code, subject = talk->enhanced[1];
    if (talk->stage != SMTP_RCPT) return false;
    return talk->enhanced[0] ? subject == 1 || subject == 2 : code == 550 || code == 551 || code == 553;
}

static void describe(struct verdict *verdict, const struct smtp_talk *talk, enum smtp_end end)
{
    char *to = verdict->error;
    size_t size = sizeof verdict->error;
    const char *stage = stage_names[talk->stage];
    if (talk->code < 400)
        snprintf(to, size, "%s%s", stage,
                 end == SMTP_END_TIMEOUT ? " timeout"
                 : end == SMTP_END_TLS   ? " tls"
                                         : "");
    else if (talk->enhanced[0])
        snprintf(to, size, "%s %u %u.%u.%u", stage, talk->code, talk->enhanced[0], talk->enhanced[1],
                 talk->enhanced[2]);
    else
        snprintf(to, size, "%s %u", stage, talk->code);
}

struct verdict smtp_verdict(const struct smtp_talk *talk, enum smtp_end end)
{
    struct verdict verdict = { .outcome = OUTCOME_SENT };
    if (end == SMTP_END_OK) return verdict;
    describe(&verdict, talk, end);
    bool too_big = talk->stage == SMTP_MAIL && talk->code == 552; /* RFC 1870: the announced size */
    if (talk->stage < SMTP_RCPT && !too_big) {
        verdict.outcome = OUTCOME_RETURNED;
        verdict.trouble = true;
    } else if (talk->code >= 500) {
        verdict.outcome = is_about_address(talk) ? OUTCOME_DEAD : OUTCOME_REFUSED;
    } else {
        verdict.outcome = OUTCOME_LATER;
        verdict.trouble = talk->code < 400 || talk->code == 421;
    }
    return verdict;
}
