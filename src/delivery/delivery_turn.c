#include "delivery/delivery_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/handle.h"

#include "delivery.sql.h"

#define ASK_MS       3000
#define LAST_WORD_MS 1000

static unsigned parcels_of(const struct delivery *d, enum parcel_state state, size_t from, size_t to)
{
    unsigned n = 0;
    for (size_t i = from; i < to; i++) n += d->parcels[i].state == state;
    return n;
}

static unsigned parcels_in(const struct delivery *d, enum parcel_state state)
{
    return parcels_of(d, state, 0, PARCELS);
}

bool delivery_mails(const struct delivery *d)
{
    return d->options.relay || d->options.dir;
}

/* What is done is settled in the same batch, and then has room for another. */
static unsigned piece(const struct delivery *d, double allowance, size_t from, size_t to)
{
    unsigned room = parcels_of(d, PARCEL_FREE, from, to) + parcels_of(d, PARCEL_DONE, from, to);
    unsigned most = pace_piece(&d->pace, (unsigned)(to - from));
    unsigned n = room < most ? room : most;
    return allowance < n ? (unsigned)allowance : n;
}

static void take_count(struct delivery *d)
{
    d->mails = d->pushes = 0;
    if (d->draining || d->closing) return;
    if (d->mails_wanted && d->pause == 0 && delivery_mails(d)) d->mails = piece(d, d->allowance, 0, MAILS);
    if (d->pushes_wanted && d->gateway) d->pushes = piece(d, d->push_allowance, MAILS, PARCELS);
}

static enum err add_plan(struct delivery *d, const struct statement *plan)
{
    struct args none;
    args_init(&none, &d->arena);
    return batch_add(&d->batch, plan, &none, NULL);
}

static enum err add_settle(struct delivery *d)
{
    struct args args;
    int64_t ids[PARCELS], attempts[PARCELS], delays[PARCELS];
    struct str outcomes[PARCELS], errors[PARCELS];
    size_t n = 0;
    for (unsigned i = 0; i < PARCELS; i++) {
        struct parcel *parcel = &d->parcels[i];
        if (parcel->state != PARCEL_DONE) continue;
        parcel->state = PARCEL_SETTLING;
        ids[n] = parcel->id;
        attempts[n] = parcel->attempt;
        delays[n] = parcel->verdict.delay_s;
        outcomes[n] = str_c(outcome_names[parcel->verdict.outcome]);
        errors[n++] = parcel->verdict.error[0] ? str_c(parcel->verdict.error) : str_c(NULL);
    }
    if (n == 0) return ERR_NONE;
    args_init(&args, &d->arena);
    args_i64s(&args, "ids", ids, n);
    args_i64s(&args, "attempts", attempts, n);
    args_texts(&args, "outcomes", outcomes, n);
    args_texts(&args, "errors", errors, n);
    args_i64s(&args, "delays", delays, n);
    args_bool(&args, "demo", d->options.demo);
    return batch_add(&d->batch, &outbox_settle, &args, NULL);
}

static enum err add_take(struct delivery *d)
{
    struct args args;
    struct str resting[GATEWAYS_RESTING];
    enum err err = d->mails || d->pushes ? add_plan(d, &outbox_plan_in_order) : ERR_NONE;
    args_init(&args, &d->arena);
    if (err == ERR_NONE && d->mails) {
        args_i64(&args, "most", d->mails);
        err = batch_add(&d->batch, &outbox_take, &args, NULL);
    }
    if (err == ERR_NONE && d->pushes) {
        size_t n = gateway_resting(d->gateway, resting);
        args_i64(&args, "most", d->pushes);
        args_texts(&args, "resting", resting, n);
        err = batch_add(&d->batch, &push_take, &args, NULL);
    }
    return err;
}

static void settling_become(struct delivery *d, enum parcel_state state)
{
    for (size_t i = 0; i < PARCELS; i++)
        if (d->parcels[i].state == PARCEL_SETTLING) d->parcels[i].state = state;
}

/* The worker goes, and the outbox can't be told: the leases will end. */
static void give_up(struct delivery *d)
{
    for (size_t i = 0; i < PARCELS; i++)
        if (d->parcels[i].state == PARCEL_DONE) d->parcels[i].state = PARCEL_FREE;
}

void delivery_rested(void *data)
{
    struct delivery *d = data;
    d->resting = false;
    delivery_turn(d);
}

static void rest_begin(struct delivery *d)
{
    d->resting = true;
    ticker_set(d->rest, pace_rest_ms(&d->pace, clock_now_ns() - d->asked_ns), 0);
}

static void keep(struct delivery *d, struct rows mails, struct rows pushes)
{
    d->allowance -= mails.count;
    d->push_allowance -= pushes.count;
    if (d->mails && mails.count == (int)d->mails) d->mails_wanted = true;
    if (d->pushes && pushes.count == (int)d->pushes) d->pushes_wanted = true;
    d->feeding = true; /* what can't be kept is done at once */
    for (int i = 0; i < mails.count; i++) delivery_keep_mail(d, mails, i);
    for (int i = 0; i < pushes.count; i++) delivery_keep_push(d, pushes, i);
    d->feeding = false;
    delivery_feed(d);
}

static void on_asked(struct batch *batch, void *data)
{
    struct delivery *d = data;
    enum err err = batch->err;
    settling_become(d, err == ERR_NONE ? PARCEL_FREE : PARCEL_DONE);
    if (err == ERR_NONE) {
        struct rows pushes = d->pushes ? batch_rows(batch, batch->n - 1) : rows_none();
        struct rows mails = d->mails ? batch_rows(batch, batch->n - 1 - (d->pushes > 0)) : rows_none();
        keep(d, mails, pushes);
        if (!d->closing) rest_begin(d);
    } else {
        log_warn("mail.outbox_unreachable", LOG_S("err", err_name(err)));
        d->mails_wanted = d->pushes_wanted = true;
        if (d->closing) give_up(d);
    }
    batch_done(batch);
    d->asking = false;
    /* What could not be told is told again: at the next tick. */
    if (err == ERR_NONE || d->closing) delivery_turn(d);
}

static void idle(struct delivery *d)
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
    bool goes = d->draining || d->closing;
    if (d->asking || (d->resting && !goes)) return;
    take_count(d);
    bool takes = d->mails || d->pushes;
    if (!takes && parcels_in(d, PARCEL_DONE) == 0) {
        idle(d);
        return;
    }
    arena_reset(&d->arena);
    batch_init(&d->batch, d->options.db, &d->arena, DB_OUTBOX, STR("*"), d->closing ? LAST_WORD_MS : ASK_MS);
    d->asked_ns = clock_now_ns();
    enum err err = add_plan(d, &outbox_plan_by_index);
    if (err == ERR_NONE) err = add_settle(d);
    if (err == ERR_NONE) err = add_take(d);
    if (err == ERR_NONE) err = batch_send(&d->batch, on_asked, d);
    d->asking = err == ERR_NONE;
    if (d->asking) {
        if (d->mails) d->mails_wanted = false;
        if (d->pushes) d->pushes_wanted = false;
        return;
    }
    batch_done(&d->batch);
    settling_become(d, PARCEL_DONE);
    if (!d->closing) return;
    give_up(d);
    idle(d);
}
