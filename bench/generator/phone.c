#include "phone.h"

#include <stdlib.h>
#include <string.h>

#include "day.h"
#include "json.h"

static void phone_call(struct phone *phone);

static uint64_t phone_intended(const struct phone *phone)
{
    return phone->step == STEP_LOOK ? phone->arrival : phone->report.intended;
}

static void phone_gone(struct phone *phone)
{
    phone->state = PHONE_GONE;
    due_unset(&phone->bench->dues, &phone->due);
    phone->bench->phones_left--;
    line_drop(&phone->bench->lines, &phone->wish);
}

static void phone_note(struct phone *phone, const char *kind, const char *more)
{
    char day[DAY_SIZE];
    if (phone->step != STEP_REPORT) return;
    day_print(phone->report.day, day);
    ledger_line(&phone->bench->ledger, "%s %s %llu %s%s\n", kind, phone->key,
                (unsigned long long)phone->report.student, day, more);
}

static void phone_ask(struct phone *phone)
{
    struct bench *bench = phone->bench;
    char request[1024], body[256], day[DAY_SIZE];
    int n, size;
    uint64_t now = clock_now_ns();
    if (!phone->asked) {
        phone->asked = now;
        phone_note(phone, "sent", "");
    }
    if (phone->step == STEP_LOOK) {
        n = snprintf(request, sizeof request,
                     "GET /api/children HTTP/1.1\r\nHost: %s\r\nCookie: __Host-todoke=%s\r\nAccept: "
                     "application/json\r\n"
                     "Sec-Fetch-Site: same-origin\r\n\r\n",
                     bench->host, phone->session->token);
    } else {
        day_print(phone->report.day, day);
        size = snprintf(body, sizeof body,
                        "{\"student_id\":%llu,\"first_day\":\"%s\",\"kind\":\"absent\",\"reason_id\":%llu}",
                        (unsigned long long)phone->report.student, day, (unsigned long long)bench->reason_id);
        n = snprintf(
            request, sizeof request,
            "POST /api/absences HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: __Host-todoke=%s\r\n"
            "Accept: application/json\r\nContent-Type: application/json\r\nSec-Fetch-Site: same-origin\r\n"
            "Idempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s",
            bench->host, bench->origin, phone->session->token, phone->key, size, body);
    }
    phone->state = PHONE_ASKING;
    due_set(&bench->dues, &phone->due, now + ns_of(bench->options.timeout));
    http_send(phone->wish.http, str_of(request, n < (int)sizeof request ? (size_t)n : sizeof request - 1));
}

/* An answer that no other attempt will change, or no time left for one. */
static void phone_fail(struct phone *phone, int status)
{
    struct bench *bench = phone->bench;
    char more[16];
    snprintf(more, sizeof more, " %d", status);
    if (status) {
        phone_note(phone, "refused", more);
        if (bench->counts.refused++ == 0)
            fprintf(stderr, "todoke-bench: %s was refused with status %d\n",
                    phone->step == STEP_LOOK ? "GET /api/children" : "POST /api/absences", status);
    } else {
        if (phone->asked) phone_note(phone, "unknown", "");
        bench->counts.gave_up++;
    }
    phone_gone(phone);
}

/* Another attempt after a pause that doubles, with jitter, and not before the server's Retry-After. */
static void phone_retry(struct phone *phone, int why, unsigned retry_after)
{
    struct bench *bench = phone->bench;
    uint64_t now = clock_now_ns();
    uint64_t pause = (UINT64_C(100) << (phone->attempts < 5 ? phone->attempts : 5)) * NS_PER_MS;
    pause = pause / 2 + dice_below(&bench->dice, pause);
    if (pause < retry_after * NS_PER_S)
        pause = retry_after * NS_PER_S + dice_below(&bench->dice, NS_PER_S / 2);
    line_drop(&bench->lines, &phone->wish);
    if (now + pause > phone_intended(phone) + ns_of(bench->options.retry_for)) {
        phone_fail(phone, 0);
        return;
    }
    if (phone->attempts < UINT8_MAX) phone->attempts++;
    bench->counts.retries[why]++;
    bench_second(bench, now)->retried++;
    phone->state = PHONE_AWAY;
    due_set(&bench->dues, &phone->due, now + pause);
}

static void phone_rest(struct phone *phone)
{
    struct bench *bench = phone->bench;
    phone->state = PHONE_RESTING;
    if (bench->options.reuse) line_give(&bench->lines, &phone->wish);
    uint64_t pause = bench->options.reuse ? 0 : ns_of(bench->options.idle);
    if (pause && phone->wish.state == WISH_HELD)
        due_set(&bench->dues, &phone->due, clock_now_ns() + pause);
    else
        phone_gone(phone);
}

static void phone_acknowledged(struct phone *phone, struct str body)
{
    struct bench *bench = phone->bench;
    uint64_t now = clock_now_ns();
    json_t *receipt = json_loadb(body.at, body.n, 0, NULL);
    phone->report.id = json_id(json_object_get(receipt, "id"));
    phone->report.version = json_id(json_object_get(receipt, "version"));
    json_decref(receipt);
    char more[48];
    snprintf(more, sizeof more, " %llu %llu", (unsigned long long)phone->report.id,
             (unsigned long long)phone->report.version);
    phone_note(phone, "ack", more);
    if (!phone->report.id) { /* a promise without a receipt: the ledger has it, and it counts as lost there */
        bench->counts.refused++;
        phone_gone(phone);
        return;
    }
    bench->counts.acknowledged++;
    hist_record(&bench->timings[T_ACK], now - phone->report.intended);
    hist_record(&bench->timings[T_SERVICE], now - phone->asked);
    struct second *second = bench_second(bench, now);
    second->acknowledged++;
    if (now - phone->report.intended > second->slowest) second->slowest = now - phone->report.intended;
    if (bench->last_ack && now - bench->last_ack > bench->longest_silence)
        bench->longest_silence = now - bench->last_ack;
    bench->last_ack = now;
    phone_rest(phone);
}

/* The child's class and school, out of the phone's own list. False when the child isn't there. */
static bool phone_find_child(struct phone *phone, struct str body)
{
    json_t *answer = json_loadb(body.at, body.n, 0, NULL), *row;
    size_t i;
    bool found = phone->report.student == 0 && json_is_array(json_object_get(answer, "rows"));
    json_array_foreach(json_object_get(answer, "rows"), i, row)
    {
        if (found || json_id(json_object_get(row, "student_id")) != phone->report.student) continue;
        phone->report.class_id = json_id(json_object_get(row, "class_id"));
        phone->report.school_id = json_id(json_object_get(row, "school_id"));
        found = true;
    }
    json_decref(answer);
    return found;
}

static void phone_looked(struct phone *phone, struct str body)
{
    struct bench *bench = phone->bench;
    bench->counts.looked++;
    hist_record(&bench->timings[T_LOOK], clock_now_ns() - phone->arrival);
    if (!phone_find_child(phone, body)) {
        phone_fail(phone, 404);
        return;
    }
    if (!phone->report.student) {
        phone_rest(phone);
        return;
    }
    phone->step = STEP_REPORT;
    phone->asked = phone->attempts = 0;
    phone->state = PHONE_THINKING;
    if (bench->options.reuse || !phone->wish.http->keep) line_give(&bench->lines, &phone->wish);
    uint64_t now =
        clock_now_ns(); /* a slow look makes the report late: that is the server's lateness, not ours */
    due_set(&bench->dues, &phone->due, phone->report.intended > now ? phone->report.intended : now);
}

static void phone_on_answered(struct wish *wish, int status, struct str body)
{
    struct phone *phone = container_of(wish, struct phone, wish);
    struct bench *bench = phone->bench;
    bench->counts.statuses[status > 0 && status < 600 ? status : 0]++;
    if (phone->state != PHONE_ASKING) return;
    due_unset(&bench->dues, &phone->due);
    bool look = phone->step == STEP_LOOK;
    if (look && status == 200)
        phone_looked(phone, body);
    else if (!look && (status == 201 || status == 200))
        phone_acknowledged(phone, body);
    else if (status == 503 || status == 429 || status == 502 || status == 504)
        phone_retry(phone, RETRY_BUSY, wish->http->retry_after);
    else
        phone_fail(phone, status);
}

static void phone_on_granted(struct wish *wish)
{
    phone_ask(container_of(wish, struct phone, wish));
}

static void phone_on_lost(struct wish *wish, enum loss loss)
{
    struct phone *phone = container_of(wish, struct phone, wish);
    if (phone->state == PHONE_RESTING)
        phone_gone(phone);
    else if (phone->state != PHONE_THINKING)
        phone_retry(phone, (int)loss, 0);
}

static void phone_call(struct phone *phone)
{
    struct bench *bench = phone->bench;
    phone->state = PHONE_CALLING;
    due_set(&bench->dues, &phone->due, clock_now_ns() + ns_of(bench->options.timeout));
    line_want(&bench->lines, &phone->wish);
}

/* Waiting for a free line is no attempt: the attempt's time runs from the dialling on. */
static void phone_still_calling(struct phone *phone)
{
    const struct options *options = &phone->bench->options;
    uint64_t now = clock_now_ns(), ends = phone->wish.state == WISH_QUEUED
                                              ? phone_intended(phone) + ns_of(options->retry_for)
                                              : phone->wish.http->conn.started + ns_of(options->timeout);
    if (now < ends)
        due_set(&phone->bench->dues, &phone->due, ends < now + NS_PER_S ? ends : now + NS_PER_S);
    else if (phone->wish.state == WISH_QUEUED)
        phone_fail(phone, 0);
    else
        phone_retry(phone, LOSS_TIMEOUT, 0);
}

static void phone_on_due(struct due *due)
{
    struct phone *phone = container_of(due, struct phone, due);
    if (due->at == phone_intended(phone))
        hist_record(&phone->bench->timings[T_LATE], clock_now_ns() - due->at);
    switch (phone->state) {
    case PHONE_AWAY: phone_call(phone); break;
    case PHONE_THINKING:
        if (phone->wish.state == WISH_HELD)
            phone_ask(phone);
        else
            phone_call(phone);
        break;
    case PHONE_CALLING: phone_still_calling(phone); break;
    case PHONE_ASKING: phone_retry(phone, LOSS_TIMEOUT, 0); break;
    case PHONE_RESTING: phone_gone(phone); break;
    case PHONE_GONE: break;
    }
}

static const struct wish_calls calls = { phone_on_granted, phone_on_answered, phone_on_lost };

/* A random UUID (RFC 9562, version 4), from the seeded dice and the wall clock: two runs never share a key.
 */
static void key_make(struct dice *dice, char out[37])
{
    uint64_t a = dice_roll(dice), b = dice_roll(dice);
    snprintf(out, 37, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16) & 0xffff,
             (unsigned)a & 0xfff, 0x8000u | ((unsigned)(b >> 48) & 0x3fff),
             (unsigned long long)(b & 0xffffffffffff));
}

int phones_start(struct bench *bench)
{
    const struct options *options = &bench->options;
    struct dice keys;
    uint64_t *times = calloc(bench->phone_count ? bench->phone_count : 1, sizeof *times);
    if (!times) return -1;
    dice_init(&keys, (uint64_t)clock_wall_ms() * 1000003u + clock_now_ns());
    curve_arrivals(curve_find(options->curve), ns_of(options->seconds), options->even ? NULL : &bench->dice,
                   times, bench->phone_count);
    for (size_t i = 0; i < bench->phone_count; i++) {
        struct phone *phone = &bench->phones[i];
        phone->bench = bench;
        phone->due.fire = phone_on_due;
        phone->arrival = bench->started + times[i];
        phone->report.intended =
            phone->report.student ? phone->arrival + (options->look ? ns_of(options->think) : 0) : 0;
        phone->step = options->look ? STEP_LOOK : STEP_REPORT;
        wish_init(&phone->wish, &calls);
        key_make(&keys, phone->key);
        bench_second(bench, phone->arrival)->due++;
        due_set(&bench->dues, &phone->due, phone->arrival);
    }
    free(times);
    bench->phones_left = bench->phone_count;
    return 0;
}

void phones_stop(struct bench *bench)
{
    for (size_t i = 0; i < bench->phone_count && bench->phones_left; i++)
        if (bench->phones[i].bench && bench->phones[i].state != PHONE_GONE) phone_fail(&bench->phones[i], 0);
}
