#include "delivery/delivery_private.h"

#include <unistd.h>

#include "base/fault.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/handle.h"
#include "db/listen.h"

#define TICK_MS      1000
#define POLL_TICKS   5 /* retries are looked for */
#define HEARTBEAT_MS 10000

/* ---- what wakes it ---- */

static void on_gap(void *data)
{
    struct delivery *d = data;
    d->mails_wanted = d->pushes_wanted = true;
    delivery_turn(d);
}

static void on_notify(void *data, struct str channel, struct str payload)
{
    (void)channel;
    (void)payload;
    on_gap(data);
}

static double more(double allowance, double per_second)
{
    double most = per_second > 1 ? per_second : 1;
    return allowance + per_second < most ? allowance + per_second : most;
}

static void on_tick(void *data)
{
    struct delivery *d = data;
    struct str resting[GATEWAYS_RESTING];
    d->allowance = more(d->allowance, d->options.per_second);
    d->push_allowance = more(d->push_allowance, d->options.pushes_per_second);
    bool resumes = d->pause > 0 && --d->pause == 0;
    bool polls = ++d->ticks % POLL_TICKS == 0;
    pace_look(&d->pace);
    if (!db_ready(d->options.db)) return;
    if (polls && d->options.keeper) keeper_round(&d->keeper);
    teller_wake(&d->teller);
    bool rests = d->gateway && gateway_resting(d->gateway, resting) > 0;
    if (resumes || polls) d->mails_wanted = true;
    if (polls || rests || d->rested) d->pushes_wanted = true;
    d->rested = rests;
    delivery_turn(d);
}

/* ---- made and taken down ---- */

static void delivery_free(struct delivery *d)
{
    for (size_t i = 0; i < PARCELS; i++) {
        buf_done(&d->parcels[i].address);
        buf_done(&d->parcels[i].message);
    }
    for (size_t i = 0; i < PUSHES; i++) buf_done(&d->letters[i].text);
    arena_done(&d->arena);
    base_free(d);
}

static int delivery_open(struct delivery *d)
{
    static const char *const channels[] = { "outbox", NULL };
    const struct listen_options options = { .conninfo = d->options.conninfo,
                                            .channels = channels,
                                            .on_notify = on_notify,
                                            .on_gap = on_gap,
                                            .data = d,
                                            .heartbeat_ms = HEARTBEAT_MS };
    if (listen_open(&d->listen, d->options.loop, &options) != ERR_NONE) return -1;
    if (teller_open(&d->teller, d->options.loop, d->options.db, &d->pace)) return -1;
    d->ticker = ticker_open(d->options.loop, on_tick, d);
    d->rest = ticker_open(d->options.loop, delivery_rested, d);
    if (!d->ticker || !d->rest) return -1;
    ticker_set(d->ticker, TICK_MS, TICK_MS);
    return 0;
}

static int delivery_gateway(struct delivery *d)
{
    const struct gateway_options gateway = { .loop = d->options.loop,
                                             .push = d->options.push,
                                             .ca = d->options.push_ca,
                                             .lines = PUSH_LINES,
                                             .on_done = delivery_on_parcel,
                                             .data = d };
    if (!d->options.push) return 0;
    d->gateway = gateway_new(&gateway);
    return d->gateway ? 0 : -1;
}

static int delivery_settings(struct delivery *d, struct buf *message)
{
    const struct delivery_options *options = &d->options;
    if (mailbox_parse(str_c(options->from), &d->from)) {
        buf_printf(message, "mail-from: expected name <address>\n");
        return -1;
    }
    if (options->dir && access(options->dir, W_OK | X_OK)) {
        buf_printf(message, "mail-dir is no folder that can be written to\n");
        return -1;
    }
    if (!options->relay) return 0;
    if (options->dir || str_ends(d->from.address, STR(".invalid"))) {
        buf_printf(message, options->dir ? "mail-relay and mail-dir: only one of them\n"
                                         : "mail-relay needs mail-from: name <address>\n");
        return -1;
    }
    const struct relay_options relay = { .loop = options->loop,
                                         .url = options->relay,
                                         .user = options->user,
                                         .password_file = options->password_file,
                                         .ca = options->ca,
                                         .from = d->from.address,
                                         .lines = MAIL_LINES,
                                         .on_done = delivery_on_parcel,
                                         .data = d };
    d->relay = relay_new(&relay, message);
    return d->relay ? 0 : -1;
}

struct delivery *delivery_new(const struct delivery_options *options, struct buf *message)
{
    struct delivery *d = base_zalloc(sizeof *d);
    if (!d) return NULL;
    d->options = *options;
    d->keeper.db = options->db;
    d->next_pause = 1;
    d->allowance = more(options->per_second, options->per_second);
    d->push_allowance = more(options->pushes_per_second, options->pushes_per_second);
    if (delivery_settings(d, message) || delivery_gateway(d) || delivery_open(d)) {
        relay_free(d->relay);
        gateway_free(d->gateway);
        teller_done(&d->teller);
        ticker_close(d->ticker);
        ticker_close(d->rest);
        listen_close(d->listen, NULL, NULL);
        delivery_free(d);
        return NULL;
    }
    if (!delivery_mails(d))
        log_warn("mail.unconfigured", LOG_S("what", "neither mail-relay nor mail-dir: mail waits"));
    return d;
}

void delivery_drain(struct delivery *d, void (*on_drained)(void *data), void *data)
{
    d->draining = true;
    d->on_drained = on_drained;
    d->drained_data = data;
    teller_stop(&d->teller);
    delivery_feed(d);
    delivery_turn(d);
}

static void on_listen_closed(void *data)
{
    struct delivery *d = data;
    void (*on_closed)(void *) = d->on_closed;
    void *closed_data = d->closed_data;
    delivery_free(d);
    on_closed(closed_data);
}

void delivery_finish(struct delivery *d)
{
    struct listen *listen = d->listen;
    relay_free(d->relay);
    gateway_free(d->gateway);
    d->relay = NULL;
    d->gateway = NULL;
    if (listen)
        listen_close(listen, on_listen_closed, d);
    else
        on_listen_closed(d);
}

void delivery_close(struct delivery *d, void (*on_closed)(void *data), void *data)
{
    if (!d) {
        on_closed(data);
        return;
    }
    d->closing = true;
    d->on_drained = NULL;
    d->on_closed = on_closed;
    d->closed_data = data;
    ticker_close(d->ticker);
    ticker_close(d->rest);
    keeper_done(&d->keeper);
    teller_done(&d->teller);
    metric_set(METRIC_MAIL_WAITING, 0);
    metric_set(METRIC_PUSH_WAITING, 0);
    if (d->relay) relay_stop(d->relay);
    d->stopping = true;
    if (d->gateway) gateway_stop(d->gateway);
    delivery_feed(d);
    d->stopping = false;
    delivery_turn(d);
}
