#include "delivery/delivery_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "delivery/compose.h"
#include "delivery/maildir.h"

#include "delivery.sql.h"

#define PAUSE_MAX    32 /* ticks */
#define ASK_MS       3000
#define LAST_WORD_MS 1000

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

void delivery_on_parcel(void *data, struct parcel *parcel)
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
    delivery_turn(d);
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
    delivery_on_parcel(d, parcel);
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
        delivery_on_parcel(d, parcel);
    }
}

/* ---- asking the outbox ---- */

static unsigned parcels_in(const struct delivery *d, enum parcel_state state)
{
    unsigned n = 0;
    for (size_t i = 0; i < PARCELS; i++) n += d->parcels[i].state == state;
    return n;
}

bool delivery_sends(const struct delivery *d)
{
    return d->options.relay || d->options.dir;
}

static unsigned take_count(const struct delivery *d)
{
    unsigned n = parcels_in(d, PARCEL_FREE);
    if (!d->wanted || d->draining || d->closing || d->pause > 0 || !delivery_sends(d)) return 0;
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
    if (err == ERR_NONE || d->closing) delivery_turn(d);
}

static void rest(struct delivery *d)
{
    if (parcels_in(d, PARCEL_FREE) < PARCELS) return;
    if (d->closing) {
        delivery_finish(d);
    } else if (d->draining && d->on_drained) {
        void (*on_drained)(void *) = d->on_drained;
        d->on_drained = NULL;
        on_drained(d->drained_data);
    }
}

void delivery_turn(struct delivery *d)
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
