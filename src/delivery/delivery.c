#include "delivery/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/batch.h"
#include "db/handle.h"
#include "db/listen.h"
#include "delivery/compose.h"
#include "delivery/keeper.h"
#include "delivery/maildir.h"
#include "delivery/relay.h"

#include "delivery.sql.h"

#define PARCELS      4 /* on their way at once */
#define TICK_MS      1000
#define POLL_TICKS   5 /* retries are looked for */
#define PAUSE_MAX    32
#define ASK_MS       3000
#define LAST_WORD_MS 1000
#define HEARTBEAT_MS 10000

struct delivery {
    struct delivery_options options;
    struct mailbox from;
    struct relay *relay; /* null: the folder, or nothing */
    struct listen *listen;
    struct ticker *ticker;
    struct parcel parcels[PARCELS];
    struct keeper keeper;
    struct arena arena;
    struct batch batch;
    unsigned settling; /* of the batch in flight: parcels [bits] that it settles, */
    unsigned taking;   /* and how many it takes */
    bool asking;       /* a batch is in flight */
    bool wanted;       /* there may be something due */
    bool draining, closing;
    unsigned ticks;
    unsigned pause, next_pause; /* ticks */
    double allowance;           /* mails that the rate lets out now */
    void (*on_drained)(void *data);
    void *drained_data;
    void (*on_closed)(void *data);
    void *closed_data;
};

static void turn(struct delivery *d);

/* ---- what became of a parcel ---- */

static const char *const outcome_names[] = { [OUTCOME_SENT] = "sent",
                                             [OUTCOME_REFUSED] = "refused",
                                             [OUTCOME_DEAD] = "dead",
                                             [OUTCOME_LATER] = "later",
                                             [OUTCOME_RETURNED] = "returned" };

/* While nothing gets through, one try after another only fills the log. */
static void pause_begin(struct delivery *d, const char *error)
{
    if (d->pause > 0) return;
    d->pause = d->next_pause + (unsigned)random() % (d->next_pause + 1);
    if (d->next_pause < PAUSE_MAX) d->next_pause *= 2;
    log_warn("mail.trouble", LOG_S("error", error), LOG_U("pause_s", d->pause));
}

static void on_parcel_done(void *data, struct parcel *parcel)
{
    struct delivery *d = data;
    struct verdict *verdict = &parcel->verdict;
    parcel->state = PARCEL_DONE;
    if (d->closing && verdict->outcome != OUTCOME_SENT) /* broken off by us */
        *verdict = (struct verdict){ .outcome = OUTCOME_RETURNED, .error = "stopped" };
    if (verdict->trouble)
        pause_begin(d, verdict->error);
    else
        d->next_pause = 1;
    switch (verdict->outcome) {
    case OUTCOME_SENT: metric_inc(METRIC_MAIL_SENT); break;
    case OUTCOME_REFUSED:
    case OUTCOME_DEAD: metric_inc(METRIC_MAIL_FAILED); break;
    default: metric_inc(METRIC_MAIL_RETRIED); break;
    }
    if (verdict->outcome != OUTCOME_SENT && !verdict->trouble)
        log_info("mail.unsent", LOG_I("id", parcel->id), LOG_S("outcome", outcome_names[verdict->outcome]),
                 LOG_S("error", verdict->error));
    turn(d);
}

/* ---- sending ---- */

static struct parcel *parcel_free(struct delivery *d)
{
    for (size_t i = 0; i < PARCELS; i++)
        if (d->parcels[i].state == PARCEL_FREE) return &d->parcels[i];
    return NULL;
}

static int parcel_pack(struct delivery *d, struct parcel *parcel, struct rows rows, int row)
{
    const struct mail mail = {
        .address = rows_get_text(rows, row, "address"),
        .subject = rows_get_text(rows, row, "subject"),
        .body = rows_get_text(rows, row, "body"),
        .message_id = rows_get_text(rows, row, "message_id"),
        .date_ms = clock_wall_ms(),
    };
    buf_reset(&parcel->address);
    buf_reset(&parcel->message);
    if (mail_compose(&parcel->message, &d->from, &mail)) return -1;
    address_write(&parcel->address, mail.address);
    buf_putc(&parcel->address, '\0');
    return parcel->address.failed ? -1 : 0;
}

static void parcel_end(struct delivery *d, struct parcel *parcel, enum outcome outcome, const char *error)
{
    parcel->verdict = (struct verdict){ .outcome = outcome };
    strncpy(parcel->verdict.error, error, sizeof parcel->verdict.error - 1);
    on_parcel_done(d, parcel);
}

static void parcel_start(struct delivery *d, struct rows rows, int row)
{
    struct parcel *parcel = parcel_free(d);
    parcel->state = PARCEL_SENDING;
    parcel->id = rows_get_i64(rows, row, "id", 0);
    parcel->attempt = rows_get_i64(rows, row, "attempts", 0);
    parcel->made_ms = rows_get_i64(rows, row, "made_at", 0);
    if (d->closing || d->pause > 0) {
        parcel_end(d, parcel, OUTCOME_RETURNED, "stopped");
    } else if (parcel_pack(d, parcel, rows, row)) {
        bool memory = parcel->message.failed || parcel->address.failed;
        parcel_end(d, parcel, memory ? OUTCOME_LATER : OUTCOME_REFUSED, memory ? "memory" : "content");
    } else if (d->relay) {
        if (relay_send(d->relay, parcel)) parcel_end(d, parcel, OUTCOME_LATER, "memory");
    } else {
        maildir_send(d->options.dir, parcel);
        on_parcel_done(d, parcel);
    }
}

/* ---- asking the outbox ---- */

static unsigned parcels_in(const struct delivery *d, enum parcel_state state)
{
    unsigned n = 0;
    for (size_t i = 0; i < PARCELS; i++) n += d->parcels[i].state == state;
    return n;
}

static bool sends(const struct delivery *d)
{
    return d->options.relay || d->options.dir;
}

static unsigned take_count(const struct delivery *d)
{
    unsigned n = parcels_in(d, PARCEL_FREE);
    if (!d->wanted || d->draining || d->closing || d->pause > 0 || !sends(d)) return 0;
    return d->allowance < n ? (unsigned)d->allowance : n;
}

static enum err add_settle(struct delivery *d)
{
    struct args args;
    int64_t ids[PARCELS], attempts[PARCELS];
    struct str outcomes[PARCELS], errors[PARCELS];
    size_t n = 0;
    d->settling = 0;
    for (unsigned i = 0; i < PARCELS; i++) {
        const struct parcel *parcel = &d->parcels[i];
        if (parcel->state != PARCEL_DONE) continue;
        d->settling |= 1u << i;
        ids[n] = parcel->id;
        attempts[n] = parcel->attempt;
        outcomes[n] = str_c(outcome_names[parcel->verdict.outcome]);
        errors[n++] = parcel->verdict.error[0] ? str_c(parcel->verdict.error) : str_c(NULL);
    }
    if (n == 0) return ERR_NONE;
    args_init(&args, &d->arena);
    args_i64s(&args, "ids", ids, n);
    args_i64s(&args, "attempts", attempts, n);
    args_texts(&args, "outcomes", outcomes, n);
    args_texts(&args, "errors", errors, n);
    args_bool(&args, "demo", d->options.demo);
    return batch_add(&d->batch, &outbox_settle, &args, NULL);
}

static enum err add_take(struct delivery *d, unsigned most)
{
    struct args args;
    d->taking = most;
    if (most == 0) return ERR_NONE;
    args_init(&args, &d->arena);
    args_i64(&args, "most", most);
    return batch_add(&d->batch, &outbox_take, &args, NULL);
}

static void settled(struct delivery *d)
{
    for (unsigned i = 0; i < PARCELS; i++)
        if (d->settling & 1u << i) d->parcels[i].state = PARCEL_FREE;
}

/* The worker goes, and the outbox can't be told: the leases will end. */
static void give_up(struct delivery *d)
{
    for (unsigned i = 0; i < PARCELS; i++)
        if (d->parcels[i].state == PARCEL_DONE) d->parcels[i].state = PARCEL_FREE;
}

static void on_asked(struct batch *batch, void *data)
{
    struct delivery *d = data;
    enum err err = batch->err;
    if (err == ERR_NONE) {
        struct rows rows = d->taking ? batch_rows(batch, batch->n - 1) : rows_none();
        settled(d);
        d->allowance -= rows.count;
        if (d->taking && rows.count == (int)d->taking) d->wanted = true;
        for (int i = 0; i < rows.count; i++) parcel_start(d, rows, i);
    } else {
        log_warn("mail.outbox_unreachable", LOG_S("err", err_name(err)));
        if (d->closing) give_up(d);
    }
    batch_done(batch);
    d->asking = false;
    /* What could not be told is told again: at the next tick. */
    if (err == ERR_NONE || d->closing) turn(d);
}

static void finish(struct delivery *d);

static void rest(struct delivery *d)
{
    if (parcels_in(d, PARCEL_FREE) < PARCELS) return;
    if (d->closing) {
        finish(d);
    } else if (d->draining && d->on_drained) {
        void (*on_drained)(void *) = d->on_drained;
        d->on_drained = NULL;
        on_drained(d->drained_data);
    }
}

/* The next question, when there is one: what is done, and what is due. One at a time. */
static void turn(struct delivery *d)
{
    if (d->asking) return;
    unsigned most = take_count(d);
    if (most == 0 && parcels_in(d, PARCEL_DONE) == 0) {
        rest(d);
        return;
    }
    arena_reset(&d->arena);
    batch_init(&d->batch, d->options.db, &d->arena, DB_WRITE, STR("*"), d->closing ? LAST_WORD_MS : ASK_MS);
    enum err err = add_settle(d);
    if (err == ERR_NONE) err = add_take(d, most);
    if (err == ERR_NONE) err = batch_send(&d->batch, on_asked, d);
    d->asking = err == ERR_NONE;
    if (d->asking) {
        d->wanted = d->wanted && most == 0;
        return;
    }
    batch_done(&d->batch);
    if (!d->closing) return;
    give_up(d);
    rest(d);
}

/* ---- what wakes it ---- */

static void wake(struct delivery *d)
{
    d->wanted = true;
    turn(d);
}

static void on_notify(void *data, struct str channel, struct str payload)
{
    (void)channel, (void)payload;
    wake(data);
}

static void on_gap(void *data)
{
    wake(data);
}

static void on_tick(void *data)
{
    struct delivery *d = data;
    double most = d->options.per_second > 1 ? d->options.per_second : 1;
    d->allowance += d->options.per_second;
    if (d->allowance > most) d->allowance = most;
    bool resumes = d->pause > 0 && --d->pause == 0;
    bool polls = ++d->ticks % POLL_TICKS == 0;
    if (!db_ready(d->options.db)) return;
    if (polls && d->options.keeper) keeper_round(&d->keeper);
    if (resumes || polls) d->wanted = true;
    turn(d);
}

/* ---- made and taken down ---- */

static void delivery_free(struct delivery *d)
{
    for (size_t i = 0; i < PARCELS; i++) {
        buf_done(&d->parcels[i].address);
        buf_done(&d->parcels[i].message);
    }
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
    if (sends(d) && listen_open(&d->listen, d->options.loop, &options) != ERR_NONE) return -1;
    d->ticker = ticker_open(d->options.loop, on_tick, d);
    if (!d->ticker) return -1;
    ticker_set(d->ticker, TICK_MS, TICK_MS);
    return 0;
}

static int delivery_settings(struct delivery *d, struct buf *message)
{
    const struct delivery_options *options = &d->options;
    if (mailbox_parse(str_c(options->from), &d->from)) {
        buf_printf(message, "mail-from: expected name <address>\n");
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
                                         .lines = PARCELS,
                                         .on_done = on_parcel_done,
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
    d->allowance = options->per_second > 1 ? options->per_second : 1;
    if (delivery_settings(d, message) || delivery_open(d)) {
        relay_free(d->relay);
        listen_close(d->listen, NULL, NULL);
        delivery_free(d);
        return NULL;
    }
    if (!sends(d))
        log_warn("mail.unconfigured", LOG_S("what", "neither mail-relay nor mail-dir: mail waits"));
    return d;
}

void delivery_drain(struct delivery *d, void (*on_drained)(void *data), void *data)
{
    d->draining = true;
    d->on_drained = on_drained;
    d->drained_data = data;
    turn(d);
}

static void on_listen_closed(void *data)
{
    struct delivery *d = data;
    void (*on_closed)(void *) = d->on_closed;
    void *closed_data = d->closed_data;
    delivery_free(d);
    on_closed(closed_data);
}

static void finish(struct delivery *d)
{
    struct listen *listen = d->listen;
    relay_free(d->relay);
    d->relay = NULL;
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
    keeper_done(&d->keeper);
    metric_set(METRIC_MAIL_WAITING, 0);
    if (d->relay) relay_stop(d->relay);
    turn(d);
}
