/* What becomes of a phone's request: counts, times, the ledger, another attempt. */
#include <stdio.h>

#include "phone.h"

static void phone_note(const struct phone *phone, const char *kind, const char *more)
{
    const struct bench *bench = phone->bench;
    if (phone->step != STEP_REPORT) return;
    ledger_line(&phone->bench->ledger, "%s %s %llu %s%s\n", kind, phone->key,
                (unsigned long long)phone->report.student,
                bench->words.days[phone->report.day - bench->first_day], more);
}

void phone_offered(const struct phone *phone)
{
    struct bench *bench = phone->bench;
    bench_second(bench, phone_intended(phone))->steps[phone->step].offered++;
    bench->counts.steps[phone->step].offered++;
}

void phone_sent(struct phone *phone, uint64_t now)
{
    struct bench *bench = phone->bench;
    phone->state = PHONE_ASKING;
    if (phone->asked) return;
    phone->asked = now;
    bool called = bench->scenario->pumped && !bench->scenario->arrivals;
    if (called) phone->arrival = phone->report.intended = now; /* a closed loop has no time before this one */
    if (called) bench_second(bench, now)->due++;
    if (!bench->scenario->arrivals) phone_offered(phone);
    phone_note(phone, "sent", "");
}

static bool phone_acknowledged(struct phone *phone, struct str body, uint64_t now)
{
    struct bench *bench = phone->bench;
    struct report *report = &phone->report;
    char more[48];
    bool promised = receipt_read(body, &report->id, &report->version);
    snprintf(more, sizeof more, " %llu %llu", (unsigned long long)report->id,
             (unsigned long long)report->version);
    phone_note(phone, "ack", more);
    if (!promised)
        return false; /* a promise without a receipt: the ledger has it, and it counts as lost there */
    bench->counts.acknowledged++;
    hist_record(&bench->timings[T_ACK], now - report->intended);
    hist_record(&bench->timings[T_SERVICE], now - phone->asked);
    struct second *second = bench_second(bench, now);
    second->acknowledged++;
    if (now - report->intended > second->slowest) second->slowest = now - report->intended;
    if (bench->last_ack && now - bench->last_ack > bench->longest_silence)
        bench->longest_silence = now - bench->last_ack;
    bench->last_ack = now;
    return true;
}

bool phone_succeeded(struct phone *phone, int status, struct str body, uint64_t now)
{
    struct bench *bench = phone->bench;
    static const enum timing timings[STEPS] = {
        [STEP_LOOK] = T_LOOK, [STEP_EXPORT] = T_EXPORT, [STEP_SIGN_IN] = T_SIGN_IN
    };
    if (status != 200 && status != 201) return false;
    if (phone->step == STEP_REPORT) {
        if (!phone_acknowledged(phone, body, now)) return false;
    } else {
        hist_record(&bench->timings[timings[phone->step]], now - phone->arrival);
        bench->counts.looked += phone->step == STEP_LOOK;
    }
    bench->counts.steps[phone->step].ok++;
    bench_second(bench, now)->steps[phone->step].ok++;
    return true;
}

void phone_end(struct phone *phone, enum ending ending, int status, bool told_when)
{
    struct bench *bench = phone->bench;
    struct step_count *count = &bench->counts.steps[phone->step];
    char more[16];
    snprintf(more, sizeof more, " %d", status);
    switch (ending) {
    case ENDED_TOLD_TO_WAIT: /* by the server itself, or by one in between that does not know: stored or not
                              */
        phone_note(phone, "unknown", "");
        count->refused++;
        count->told_when += told_when;
        break;
    case ENDED_REFUSED:
        if (status != 200 && status != 201) phone_note(phone, "refused", more);
        count->failed++;
        if (bench->counts.refused++ == 0)
            fprintf(stderr, "todoke-bench: one of the %s was answered with status %d\n",
                    step_name(phone->step), status);
        break;
    case ENDED_LOST:
        if (phone->asked) phone_note(phone, "unknown", "");
        count->lost++;
        bench->counts.gave_up++;
        break;
    }
    phone_gone(phone);
}

/* A pause that doubles, with jitter, and not before the server's Retry-After. */
void phone_retry(struct phone *phone, int why, unsigned retry_after)
{
    struct bench *bench = phone->bench;
    uint64_t now = clock_now_ns();
    uint64_t pause = (UINT64_C(100) << (phone->attempts < 5 ? phone->attempts : 5)) * NS_PER_MS;
    pause = pause / 2 + dice_below(&bench->dice, pause);
    if (pause < retry_after * NS_PER_S)
        pause = retry_after * NS_PER_S + dice_below(&bench->dice, NS_PER_S / 2);
    line_drop(&bench->lines, &phone->wish);
    if (why == RETRY_BUSY) bench->counts.untold += retry_after == 0;
    if (bench->options.no_retry || now + pause > phone_intended(phone) + ns_of(bench->options.retry_for)) {
        phone_end(phone, ENDED_LOST, 0, false);
        return;
    }
    if (phone->attempts < UINT8_MAX) phone->attempts++;
    bench->counts.retries[why]++;
    bench_second(bench, now)->retried++;
    bench_second(bench, now)->busy += why == RETRY_BUSY;
    phone->state = PHONE_AWAY;
    due_set(&bench->dues, &phone->due, now + pause);
}

bool phone_answered(struct phone *phone, int status, unsigned retry_after, struct str body, uint64_t now)
{
    struct bench *bench = phone->bench;
    bool busy = status == 503 || status == 429 || status == 502 || status == 504;
    bench->counts.statuses[status > 0 && status < 600 ? status : 0]++;
    if (phone_succeeded(phone, status, body, now)) {
        phone_gone(phone);
        return true;
    }
    if (!busy) {
        if (bench->counts.refused == 0) /* a problem document names no person */
            fprintf(stderr, "todoke-bench: %.*s\n", (int)(body.n < 400 ? body.n : 400),
                    body.n ? body.at : "");
        phone_end(phone, ENDED_REFUSED, status, false);
    } else if (bench->options.no_retry) {
        hist_record(&bench->timings[T_REFUSED + phone->step], now - phone_intended(phone));
        bench_second(bench, now)->steps[phone->step].refused++;
        phone_end(phone, ENDED_TOLD_TO_WAIT, status, retry_after > 0);
    } else {
        phone_retry(phone, RETRY_BUSY, retry_after);
    }
    return false;
}
