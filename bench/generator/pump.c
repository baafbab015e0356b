#include "pump.h"

#include <stdlib.h>

#include "phone.h"

#define DIALS_AT_ONCE 32u
#define BEAT          (50 * NS_PER_MS)

static void caller_fill(struct caller *caller);
static void pump_dial_next(struct pump *pump);

static struct caller *caller_of(struct http *http)
{
    return http->owner;
}

/* The phone that is next to speak; NULL when nobody is, now. */
static struct phone *pump_take(struct pump *pump)
{
    struct bench *bench = pump->bench;
    struct phone *phone = LIST_POP(&pump->waiting, struct phone, link);
    if (phone || pump->open) return phone;
    if (pump->ends && clock_now_ns() >= pump->ends) return NULL;
    while (pump->next < bench->phone_count && !bench->phones[pump->next].mine) pump->next++;
    return pump->next < bench->phone_count ? &bench->phones[pump->next++] : NULL;
}

static void caller_ask(struct caller *caller, struct phone *phone)
{
    struct pump *pump = caller->pump;
    uint64_t now = clock_now_ns();
    char *at = buf_reserve(&caller->text, REQUEST_MAX);
    if (!at) {
        pump->bench->failed = true;
        phone_end(phone, ENDED_LOST, 0, false);
        return;
    }
    if (!pump->first_sent) pump->first_sent = pump->counted_from = now;
    phone_sent(phone, now);
    http_expect(caller->http);
    buf_commit(&caller->text, request_write(phone, at));
    caller->out[(caller->first + caller->count) % DEPTH_MAX] = phone;
    if (caller->count++ == 0) caller->since = now;
    if (list_empty(&caller->dirty)) list_append(&pump->dirty, &caller->dirty);
}

/* As many requests as fit. With room left over it waits among the idle. */
static void caller_fill(struct caller *caller)
{
    struct pump *pump = caller->pump;
    struct phone *phone;
    list_remove(&caller->idle);
    if (caller->state != CALLER_OPEN || !pump->running) return;
    while (caller->count < pump->depth && (phone = pump_take(pump))) caller_ask(caller, phone);
    if (caller->count < pump->depth) list_prepend(&pump->idle, &caller->idle);
}

static void pump_dispatch(struct pump *pump)
{
    while (!list_empty(&pump->waiting) && !list_empty(&pump->idle))
        caller_fill(LIST_FIRST(&pump->idle, struct caller, idle));
}

void pump_again(struct pump *pump, struct phone *phone)
{
    list_append(&pump->waiting, &phone->link);
    pump_dispatch(pump);
}

/* The connection is gone: comes back soon, and what was out asks again. */
static void caller_lost(struct caller *caller, enum loss loss)
{
    struct pump *pump = caller->pump;
    unsigned count = caller->count, first = caller->first;
    uint64_t most = UINT64_C(100) << (caller->attempts < 5 ? caller->attempts : 5);
    if (caller->attempts < 5) caller->attempts++;
    caller->http = NULL;
    caller->state = CALLER_AWAY;
    caller->count = caller->first = 0;
    buf_reset(&caller->text);
    list_remove(&caller->idle);
    list_remove(&caller->dirty);
    due_set(&pump->bench->dues, &caller->due,
            clock_now_ns() + (most / 2 + dice_below(&pump->bench->dice, most)) * NS_PER_MS);
    for (unsigned i = 0; i < count; i++) phone_retry(caller->out[(first + i) % DEPTH_MAX], (int)loss, 0);
}

static void caller_hang_up(struct caller *caller, enum loss loss)
{
    if (caller->http) http_close(caller->http);
    caller_lost(caller, loss);
}

static void caller_on_ready(struct http *http)
{
    struct caller *caller = caller_of(http);
    struct pump *pump = caller->pump;
    hist_record(&pump->bench->timings[T_CONNECT], http->conn.opened - http->conn.started);
    caller->state = CALLER_OPEN;
    if (caller->attempts == 0) pump->standing++;
    caller->attempts = 1; /* from now on it is one that comes back */
    pump_dial_next(pump);
    caller_fill(caller);
}

static void pump_count(struct pump *pump, uint64_t now)
{
    if (++pump->succeeded == (uint64_t)pump->bench->options.warm_up) pump->counted_from = now;
    pump->last_ok = now;
}

static void caller_on_answered(struct http *http, int status, struct str body)
{
    struct caller *caller = caller_of(http);
    uint64_t now = clock_now_ns();
    struct phone *phone = caller->out[caller->first];
    caller->first = (caller->first + 1) % DEPTH_MAX;
    caller->count--;
    caller->since = now;
    if (phone_answered(phone, status, http->retry_after, body, now)) pump_count(caller->pump, now);
    if (http->keep)
        caller_fill(caller);
    else
        caller_hang_up(caller, LOSS_CLOSED);
}

static void caller_on_lost(struct http *http, enum loss loss)
{
    caller_lost(caller_of(http), loss);
}

static void caller_dial(struct caller *caller)
{
    static const struct http_calls calls = { caller_on_ready, caller_on_answered, caller_on_lost };
    caller->http = http_dial(&caller->pump->bench->dial, &calls, caller);
    if (!caller->http) {
        caller_lost(caller, LOSS_CONNECT);
        return;
    }
    conn_hurry(&caller->http->conn);
    caller->state = CALLER_DIALING;
    caller->since = clock_now_ns();
}

static void caller_on_due(struct due *due)
{
    caller_dial(container_of(due, struct caller, due));
}

static void pump_dial_next(struct pump *pump)
{
    if (pump->dialed < pump->count) caller_dial(&pump->callers[pump->dialed++]);
}

static void pump_on_arrival(struct due *due)
{
    struct pump *pump = container_of(due, struct pump, due);
    struct bench *bench = pump->bench;
    uint64_t now = clock_now_ns();
    for (; pump->next < bench->phone_count; pump->next++) {
        struct phone *phone = &bench->phones[pump->next];
        if (!phone->mine) continue;
        if (phone->arrival > now) break;
        hist_record(&bench->timings[T_LATE], now - phone->arrival);
        list_append(&pump->waiting, &phone->link);
    }
    pump_dispatch(pump);
    if (pump->next < bench->phone_count) due_set(&bench->dues, due, bench->phones[pump->next].arrival);
}

/* Nobody is left to come, and nobody is out: those who were never asked stay away. */
static void pump_close_doors(struct pump *pump)
{
    struct bench *bench = pump->bench;
    for (; pump->next < bench->phone_count; pump->next++)
        if (bench->phones[pump->next].mine) phone_gone(&bench->phones[pump->next]);
}

static void pump_on_beat(struct due *due)
{
    struct pump *pump = container_of(due, struct pump, beat);
    const struct options *options = &pump->bench->options;
    uint64_t now = clock_now_ns(), timeout = ns_of(options->timeout),
             patience = ns_of(options->no_retry ? options->timeout : options->retry_for);
    due_set(&pump->bench->dues, due, now + BEAT);
    for (size_t i = 0; i < pump->dialed; i++) {
        struct caller *caller = &pump->callers[i];
        bool waits = caller->state == CALLER_DIALING || caller->count;
        if (waits && now > caller->since + timeout) caller_hang_up(caller, LOSS_TIMEOUT);
    }
    struct phone *phone;
    while ((phone = LIST_FIRST(&pump->waiting, struct phone, link)) &&
           now > phone_intended(phone) + patience) {
        list_remove(&phone->link);
        phone_end(phone, ENDED_LOST, 0, false);
    }
    if (pump->ends && now >= pump->ends) pump_close_doors(pump);
}

/* At the end of each turn: first the ledger, then the requests it speaks of. */
static void pump_on_prepare(uv_prepare_t *prepare)
{
    struct pump *pump = prepare->data;
    struct caller *caller;
    ledger_flush(&pump->bench->ledger);
    while ((caller = LIST_POP(&pump->dirty, struct caller, dirty))) {
        conn_write(&caller->http->conn, caller->text.at, caller->text.n);
        buf_reset(&caller->text);
    }
}

int pump_open(struct bench *bench)
{
    struct pump *pump = &bench->pump;
    const struct options *options = &bench->options;
    *pump = (struct pump){ .bench = bench,
                           .open = bench->scenario->arrivals,
                           .count = (size_t)options->connections };
    pump->depth = (unsigned)(options->depth < 1           ? 1
                             : options->depth > DEPTH_MAX ? DEPTH_MAX
                                                          : options->depth);
    pump->callers = calloc(pump->count ? pump->count : 1, sizeof *pump->callers);
    list_init(&pump->waiting);
    list_init(&pump->idle);
    list_init(&pump->dirty);
    if (!pump->callers || pump->count == 0 || dues_reserve(&bench->dues, pump->count + 2) != 0) return -1;
    for (size_t i = 0; i < pump->count; i++) {
        struct caller *caller = &pump->callers[i];
        caller->pump = pump;
        caller->due.fire = caller_on_due;
        list_init(&caller->idle);
        list_init(&caller->dirty);
        buf_init(&caller->text, 0);
    }
    pump->due.fire = pump_on_arrival;
    pump->beat.fire = pump_on_beat;
    uv_prepare_init(&bench->loop, &pump->prepare);
    pump->prepare.data = pump;
    uv_prepare_start(&pump->prepare, pump_on_prepare);
    due_set(&bench->dues, &pump->beat, clock_now_ns() + BEAT);
    for (unsigned i = 0; i < DIALS_AT_ONCE; i++) pump_dial_next(pump);
    return 0;
}

bool pump_ready(const struct pump *pump)
{
    return pump->standing == pump->count;
}

void pump_begin(struct pump *pump)
{
    struct bench *bench = pump->bench;
    pump->running = true;
    ledger_hold(&bench->ledger);
    if (!pump->open && bench->scenario->timed) pump->ends = bench->started + ns_of(bench->options.seconds);
    if (pump->open && bench->phone_count) due_set(&bench->dues, &pump->due, bench->phones[0].arrival);
    for (size_t i = 0; i < pump->count; i++) caller_fill(&pump->callers[i]);
}

void pump_close(struct pump *pump)
{
    if (!pump->bench) return;
    pump->running = false;
    due_unset(&pump->bench->dues, &pump->due);
    due_unset(&pump->bench->dues, &pump->beat);
    for (size_t i = 0; i < pump->count; i++) {
        struct caller *caller = &pump->callers[i];
        due_unset(&pump->bench->dues, &caller->due);
        list_remove(&caller->dirty);
        if (caller->http) http_close(caller->http);
        caller->http = NULL;
        caller->state = CALLER_AWAY;
    }
    ledger_flush(&pump->bench->ledger);
    uv_close((uv_handle_t *)&pump->prepare, NULL);
}

void pump_done(struct pump *pump)
{
    for (size_t i = 0; i < pump->count; i++) buf_done(&pump->callers[i].text);
    free(pump->callers);
    *pump = (struct pump){ 0 };
}

double pump_seconds(const struct pump *pump)
{
    return pump->last_ok > pump->counted_from ? (double)(pump->last_ok - pump->counted_from) / 1e9 : 0;
}

uint64_t pump_succeeded(const struct pump *pump)
{
    uint64_t warm_up = (uint64_t)pump->bench->options.warm_up;
    return pump->succeeded > warm_up ? pump->succeeded - warm_up : 0;
}
