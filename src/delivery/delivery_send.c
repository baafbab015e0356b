#include "delivery/delivery_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "delivery/compose.h"
#include "delivery/maildir.h"

#define PAUSE_MAX 32 /* ticks */
/* For a line. The lease (3 minutes) must not end before the longest transfer does (relay.h: twice 60 s); and
 * what is not on its way can still be taken back, or sent by a worker that is not as busy. */
#define WAIT_MAX_NS (5 * NS_PER_S)

/* ---- what became of a parcel ---- */

const char *const outcome_names[] = { [OUTCOME_SENT] = "sent",
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

static bool is_push(const struct delivery *d, const struct parcel *parcel)
{
    return parcel - d->parcels >= MAILS;
}

static void count(bool push, enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_SENT: metric_inc(push ? METRIC_PUSH_SENT : METRIC_MAIL_SENT); break;
    case OUTCOME_REFUSED:
    case OUTCOME_DEAD: metric_inc(push ? METRIC_PUSH_FAILED : METRIC_MAIL_FAILED); break;
    default: metric_inc(push ? METRIC_PUSH_RETRIED : METRIC_MAIL_RETRIED); break;
    }
}

static void log_unsent(bool push, const struct parcel *parcel)
{
    const char *outcome = outcome_names[parcel->verdict.outcome], *error = parcel->verdict.error;
    if (push)
        log_info("push.unsent", LOG_I("id", parcel->id), LOG_S("outcome", outcome), LOG_S("error", error));
    else
        log_info("mail.unsent", LOG_I("id", parcel->id), LOG_S("outcome", outcome), LOG_S("error", error));
}

void delivery_on_parcel(void *data, struct parcel *parcel)
{
    struct delivery *d = data;
    struct verdict *verdict = &parcel->verdict;
    bool push = is_push(d, parcel);
    parcel->state = PARCEL_DONE;
    if (d->closing && verdict->outcome != OUTCOME_SENT) /* broken off by us */
        *verdict = (struct verdict){ .outcome = OUTCOME_RETURNED, .error = "stopped" };
    if (!push && verdict->trouble) /* a push service rests by itself (gateway.h) */
        pause_begin(d, verdict->error);
    else if (!push && verdict->outcome != OUTCOME_RETURNED)
        d->next_pause = 1;
    count(push, verdict->outcome);
    if (verdict->outcome != OUTCOME_SENT && verdict->outcome != OUTCOME_RETURNED && !verdict->trouble)
        log_unsent(push, parcel);
    if (d->stopping || d->feeding) return;
    delivery_feed(d);
    delivery_turn(d);
}

/* ---- sending ---- */

/* There is one: no more are taken than are free. */
static struct parcel *parcel_begin(struct delivery *d, size_t first, struct rows rows, int row)
{
    struct parcel *parcel = &d->parcels[first];
    while (parcel->state != PARCEL_FREE) parcel++;
    parcel->state = PARCEL_WAITING;
    parcel->id = rows_get_i64(rows, row, "id", 0);
    parcel->attempt = rows_get_i64(rows, row, "attempts", 0);
    parcel->made_ms = rows_get_i64(rows, row, "made_at", 0);
    parcel->taken_ns = clock_now_ns();
    return parcel;
}

static void parcel_end(struct delivery *d, struct parcel *parcel, enum outcome outcome, const char *error)
{
    parcel->verdict = (struct verdict){ .outcome = outcome };
    strncpy(parcel->verdict.error, error, sizeof parcel->verdict.error - 1);
    delivery_on_parcel(d, parcel);
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

void delivery_keep_mail(struct delivery *d, struct rows rows, int row)
{
    struct parcel *parcel = parcel_begin(d, 0, rows, row);
    if (parcel_pack(d, parcel, rows, row) == 0) return;
    bool memory = parcel->message.failed || parcel->address.failed;
    parcel_end(d, parcel, memory ? OUTCOME_LATER : OUTCOME_REFUSED, memory ? "memory" : "content");
}

static void copy_views(struct kept_letter *kept, struct str *const views[], size_t n)
{
    buf_reset(&kept->text);
    for (size_t i = 0; i < n; i++) buf_str(&kept->text, *views[i]);
    const char *at = kept->text.at;
    for (size_t i = 0; i < n && !kept->text.failed; at += views[i++]->n) views[i]->at = at;
}

void delivery_keep_push(struct delivery *d, struct rows rows, int row)
{
    struct parcel *parcel = parcel_begin(d, MAILS, rows, row);
    struct kept_letter *kept = &d->letters[parcel - d->parcels - MAILS];
    struct letter *letter = &kept->letter;
    *letter = (struct letter){
        .endpoint = rows_get_text(rows, row, "endpoint"),
        .p256dh = rows_get_bytes(rows, row, "p256dh"),
        .auth = rows_get_bytes(rows, row, "auth"),
        .body = rows_get_text(rows, row, "body"),
        .topic = rows_get_text(rows, row, "topic"),
        .urgency = rows_get_text(rows, row, "urgency"),
        .ttl_s = rows_get_i64(rows, row, "ttl", 0),
    };
    struct str *const views[] = { &letter->endpoint, &letter->p256dh, &letter->auth,
                                  &letter->body,     &letter->topic,  &letter->urgency };
    copy_views(kept, views, sizeof views / sizeof *views);
    if (kept->text.failed) parcel_end(d, parcel, OUTCOME_LATER, "memory");
}

static void send_mail(struct delivery *d, struct parcel *parcel)
{
    if (d->pause > 0) {
        parcel_end(d, parcel, OUTCOME_RETURNED, "paused");
    } else if (d->relay) {
        if (relay_send(d->relay, parcel)) parcel_end(d, parcel, OUTCOME_LATER, "memory");
    } else {
        maildir_send(d->options.dir, parcel);
        delivery_on_parcel(d, parcel);
    }
}

static void send_push(struct delivery *d, struct parcel *parcel)
{
    if (gateway_send(d->gateway, parcel, &d->letters[parcel - d->parcels - MAILS].letter))
        delivery_on_parcel(d, parcel);
}

static struct parcel *oldest_waiting(struct delivery *d, size_t from, size_t to, unsigned lines)
{
    struct parcel *oldest = NULL;
    unsigned sending = 0;
    for (size_t i = from; i < to; i++) {
        struct parcel *parcel = &d->parcels[i];
        sending += parcel->state == PARCEL_SENDING;
        if (parcel->state == PARCEL_WAITING && (!oldest || parcel->taken_ns < oldest->taken_ns))
            oldest = parcel;
    }
    return sending < lines ? oldest : NULL;
}

static void feed(struct delivery *d, size_t from, size_t to, unsigned lines)
{
    bool goes = d->draining || d->closing;
    struct parcel *parcel;
    while ((parcel = oldest_waiting(d, from, to, goes ? PARCELS : lines))) {
        parcel->state = PARCEL_SENDING;
        if (goes || clock_now_ns() - parcel->taken_ns > WAIT_MAX_NS)
            parcel_end(d, parcel, OUTCOME_RETURNED, goes ? "stopped" : "waited");
        else if (is_push(d, parcel))
            send_push(d, parcel);
        else
            send_mail(d, parcel);
    }
}

void delivery_feed(struct delivery *d)
{
    if (d->feeding) return;
    d->feeding = true;
    feed(d, 0, MAILS, MAIL_LINES);
    feed(d, MAILS, PARCELS, PUSH_LINES);
    d->feeding = false;
}
