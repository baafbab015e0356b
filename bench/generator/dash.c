#include "dash.h"

#include <stdlib.h>

#include "bench.h"

#define SILENCE (40 * NS_PER_S) /* ticks come every 15 s */

const char *screen_name(enum screen_kind kind)
{
    static const char *const names[SCREEN_KINDS] = { "class", "school", "board", "student", "idle" };
    return names[kind];
}

static struct dash *dash_of(struct live *live)
{
    return container_of(live, struct dash, live);
}

static void dash_wait(struct dash *dash, uint64_t ns)
{
    due_set(&dash->bench->dues, &dash->due, clock_now_ns() + ns);
}

/* Not ready any more: comes back after a while, each time a longer one. `at_once`: the server restarts and
 * said so. */
static void dash_retry(struct dash *dash, bool at_once)
{
    struct bench *bench = dash->bench;
    if (dash->state == DASH_READY) {
        bench->dashes.ready--;
        bench->dashes.lost++;
        dash->since = clock_now_ns();
        dash->attempts = 0;
    }
    dash->state = DASH_AWAY;
    uint64_t most = at_once ? 250 : UINT64_C(500) << (dash->attempts < 4 ? dash->attempts : 4);
    dash->attempts++;
    dash_wait(dash, (50 + dice_below(&bench->dice, most)) * NS_PER_MS);
}

void dash_joined(struct dash *dash, uint64_t at)
{
    if (dash->snapshots_due) dash->snapshots_due--;
    if (dash->snapshots_due || dash->state == DASH_READY) return;
    struct bench *bench = dash->bench;
    dash->state = DASH_READY;
    dash->attempts = 0;
    bench->dashes.ready++;
    hist_record(&bench->timings[dash->raised ? T_HEAL : T_RAISE], at - dash->since);
    bench->dashes.raised += !dash->raised;
    dash->raised = true;
    dash_wait(dash, SILENCE);
}

static void dash_subscribe(struct dash *dash, const char *topic, uint64_t id)
{
    char text[96];
    int n = id ? snprintf(text, sizeof text, "{\"op\":\"sub\",\"topic\":\"%s/%llu\"}", topic,
                          (unsigned long long)id)
               : snprintf(text, sizeof text, "{\"op\":\"sub\",\"topic\":\"%s\"}", topic);
    dash->snapshots_due++;
    live_send_text(&dash->live, str_of(text, (size_t)n));
}

static void dash_on_opened(struct live *live)
{
    struct dash *dash = dash_of(live);
    uint64_t now = clock_now_ns();
    hist_record(&dash->bench->timings[T_CONNECT], live->conn.opened - live->conn.started);
    buf_done(&dash->hello);
    dash->state = DASH_JOINING;
    dash->heard = now;
    dash->snapshots_due = 0;
    switch (dash->screen.kind) {
    case SCREEN_CLASS: dash_subscribe(dash, "absences/class", dash->screen.topic_id); break;
    case SCREEN_SCHOOL: dash_subscribe(dash, "absences/school", dash->screen.topic_id); break;
    case SCREEN_STUDENT: dash_subscribe(dash, "absences/student", dash->screen.topic_id); break;
    case SCREEN_BOARD:
        dash_subscribe(dash, "city/all", 0);
        dash_subscribe(dash, "arrivals/all", 0);
        break;
    default: dash_joined(dash, now);
    }
}

static void dash_on_message(struct live *live, const char *bytes, size_t n, bool binary)
{
    struct dash *dash = dash_of(live);
    uint64_t now = clock_now_ns();
    dash->heard = now;
    dash->bench->dashes.messages++;
    if (binary && dash_read(dash, bytes, n, now) == 0) return;
    fprintf(stderr, "todoke-bench: a %s dashboard got a message that is not todoke.live.v1\n",
            screen_name(dash->screen.kind));
    dash->bench->dashes.refused++;
    live_close(live);
    dash_retry(dash, false);
}

static void dash_on_lost(struct live *live, struct live_end end)
{
    struct dash *dash = dash_of(live);
    struct dashes *dashes = &dash->bench->dashes;
    if (dash->state == DASH_CLOSED) return;
    buf_done(&dash->hello);
    dashes->closes_told += end.code != 0;
    bool busy = end.status == 503 || end.status == 429;
    dashes->busy += busy;
    dashes->untold += busy && !end.told_when;
    /* 401, 403, 404, 4401, 1008: the server doesn't want this one, and says it is not a fault of its own */
    bool unwanted =
        (end.status >= 400 && end.status < 500 && end.status != 429) || end.code == 4401 || end.code == 1008;
    if (unwanted && dashes->refused++ == 0)
        fprintf(stderr, "todoke-bench: a %s dashboard was refused: status %d, close code %d\n",
                screen_name(dash->screen.kind), end.status, end.code);
    dash_retry(dash, end.code == 1012);
}

static void dash_on_released(struct live *live)
{
    struct dash *dash = dash_of(live);
    dash->bench->dashes.bytes += live->bytes;
    live->bytes = 0;
    dash->socket = false;
}

static const struct live_calls calls = { dash_on_opened, dash_on_message, dash_on_lost, dash_on_released };

static void dash_dial(struct dash *dash)
{
    struct bench *bench = dash->bench;
    if (dash->socket) { /* the old socket is being released in this turn of the loop */
        dash_wait(dash, NS_PER_MS);
        return;
    }
    const struct live_hello hello = { "/live", bench->host, bench->origin, dash->session->token,
                                      LIVE_PROTOCOL };
    buf_init(&dash->hello, 0);
    live_greet(&dash->live, &dash->hello, &hello);
    if (dash->hello.failed || live_dial(&dash->live, &bench->dial, &calls) != 0) {
        buf_done(&dash->hello);
        dash_retry(dash, false);
        return;
    }
    dash->socket = true;
    dash->state = DASH_DIALING;
    dash_wait(dash, ns_of(bench->options.timeout));
}

static void dash_on_due(struct due *due)
{
    struct dash *dash = container_of(due, struct dash, due);
    switch (dash->state) {
    case DASH_AWAY:
        if (!dash->raised && dash->attempts == 0) dash->since = due->at;
        dash_dial(dash);
        break;
    case DASH_READY:
        if (clock_now_ns() - dash->heard < SILENCE) {
            due_set(&dash->bench->dues, due, dash->heard + SILENCE);
            break;
        }
        /* fall through */
    case DASH_DIALING:
    case DASH_JOINING:
        live_close(&dash->live);
        buf_done(&dash->hello);
        dash_retry(dash, false);
        break;
    case DASH_CLOSED: break;
    }
}

uint64_t dashes_raise(struct bench *bench, uint64_t at)
{
    uint64_t step = NS_PER_S / (uint64_t)(bench->options.open_rate > 0 ? bench->options.open_rate : 1);
    for (size_t i = 0; i < bench->dashes.count; i++, at += step) {
        bench->dashes.all[i].due.fire = dash_on_due;
        due_set(&bench->dues, &bench->dashes.all[i].due, at);
    }
    return at;
}

void dashes_close(struct bench *bench)
{
    for (size_t i = 0; i < bench->dashes.count; i++) {
        struct dash *dash = &bench->dashes.all[i];
        due_unset(&bench->dues, &dash->due);
        if (dash->state != DASH_AWAY) live_close(&dash->live);
        dash->state = DASH_CLOSED;
        buf_done(&dash->hello);
    }
}

void dashes_done(struct dashes *dashes)
{
    for (size_t i = 0; i < dashes->count; i++) {
        table_done(&dashes->all[i].screen.rows);
        table_done(&dashes->all[i].gauges);
    }
    free(dashes->all);
    dashes->all = NULL;
}
