#include "phone.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

uint64_t phone_intended(const struct phone *phone)
{
    return phone->step == STEP_REPORT ? phone->report.intended : phone->arrival;
}

void phone_gone(struct phone *phone)
{
    phone->state = PHONE_GONE;
    due_unset(&phone->bench->dues, &phone->due);
    phone->bench->phones_left--;
    line_drop(&phone->bench->lines, &phone->wish);
}

static void phone_ask(struct phone *phone)
{
    struct bench *bench = phone->bench;
    char request[REQUEST_MAX];
    uint64_t now = clock_now_ns();
    phone_sent(phone, now);
    due_set(&bench->dues, &phone->due, now + ns_of(bench->options.timeout));
    http_send(phone->wish.http, str_of(request, request_write(phone, request)));
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
    if (!phone_find_child(phone, body)) {
        phone_end(phone, ENDED_REFUSED, 404, false);
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

static void phone_declined(struct phone *phone, int status, unsigned retry_after)
{
    if (status == 503 || status == 429 || status == 502 || status == 504)
        phone_retry(phone, RETRY_BUSY, retry_after);
    else
        phone_end(phone, ENDED_REFUSED, status, false);
}

static void phone_on_answered(struct wish *wish, int status, struct str body)
{
    struct phone *phone = container_of(wish, struct phone, wish);
    struct bench *bench = phone->bench;
    bench->counts.statuses[status > 0 && status < 600 ? status : 0]++;
    if (phone->state != PHONE_ASKING) return;
    due_unset(&bench->dues, &phone->due);
    if (!phone_succeeded(phone, status, body, clock_now_ns()))
        phone_declined(phone, status, wish->http->retry_after);
    else if (phone->step == STEP_LOOK)
        phone_looked(phone, body);
    else
        phone_rest(phone);
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
        phone_end(phone, ENDED_LOST, 0, false);
    else
        phone_retry(phone, LOSS_TIMEOUT, 0);
}

static void phone_on_due(struct due *due)
{
    struct phone *phone = container_of(due, struct phone, due);
    if (phone->bench->scenario->pumped) {
        pump_again(&phone->bench->pump, phone);
        return;
    }
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

static enum step phone_first_step(const struct phone *phone)
{
    const struct bench *bench = phone->bench;
    if (phone->report.student) return bench->options.look ? STEP_LOOK : STEP_REPORT;
    if (bench->scenario->signs_in) return STEP_SIGN_IN;
    return phone->session->role == ROLE_BOARD ? STEP_EXPORT : STEP_LOOK;
}

static void phone_start(struct phone *phone, struct dice *keys, uint64_t arrival)
{
    struct bench *bench = phone->bench;
    const struct scenario *scenario = bench->scenario;
    bool comes = !scenario->pumped || scenario->arrivals; /* in a closed loop it is called */
    phone->due.fire = phone_on_due;
    phone->step = phone_first_step(phone);
    list_init(&phone->link);
    wish_init(&phone->wish, &calls);
    key_make(keys, phone->key);
    bench->phones_left++;
    if (!comes) return;
    phone->arrival = arrival;
    phone->report.intended =
        phone->report.student ? arrival + (bench->options.look ? ns_of(bench->options.think) : 0) : 0;
    bench_second(bench, arrival)->due++;
    if (scenario->pumped)
        phone_offered(phone);
    else
        due_set(&bench->dues, &phone->due, arrival);
}

/* The times are those of the whole plan, and each shard keeps its own. */
int phones_start(struct bench *bench)
{
    const struct options *options = &bench->options;
    struct dice keys;
    uint64_t *times = calloc(bench->phone_count ? bench->phone_count : 1, sizeof *times);
    if (!times) return -1;
    dice_init(&keys, (uint64_t)clock_wall_ms() * 1000003u + clock_now_ns());
    if (!bench->scenario->pumped || bench->scenario->arrivals)
        curve_arrivals(curve_find(options->curve), ns_of(options->seconds),
                       options->even ? NULL : &bench->dice, times, bench->phone_count);
    for (size_t i = 0; i < bench->phone_count; i++) {
        bench->phones[i].bench = bench;
        if (bench->phones[i].mine) phone_start(&bench->phones[i], &keys, bench->started + times[i]);
    }
    free(times);
    return 0;
}

void phones_stop(struct bench *bench)
{
    for (size_t i = 0; i < bench->phone_count && bench->phones_left; i++) {
        struct phone *phone = &bench->phones[i];
        if (phone->mine && phone->bench && phone->state != PHONE_GONE) phone_end(phone, ENDED_LOST, 0, false);
    }
}
