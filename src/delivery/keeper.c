#include "delivery/keeper.h"

#include "base/log.h"
#include "base/metrics.h"

#include "delivery.sql.h"

#define PURGE_ROUNDS 720 /* of five seconds: an hour */

static void on_done(struct batch *batch, void *data)
{
    struct keeper *keeper = data;
    keeper->busy = false;
    if (batch->err == ERR_NONE) {
        int64_t expired = rows_get_i64(batch_rows(batch, 0), 0, "expired", 0);
        metric_add(METRIC_MAIL_EXPIRED, (uint64_t)expired);
        if (expired > 0) log_warn("mail.expired", LOG_I("count", expired));
        metric_set(METRIC_MAIL_WAITING, rows_get_i64(batch_rows(batch, 1), 0, "mails", 0));
        metric_set(METRIC_PUSH_WAITING, rows_get_i64(batch_rows(batch, 1), 0, "pushes", 0));
    } else {
        log_warn("mail.upkeep_failed", LOG_S("err", err_name(batch->err)));
    }
    batch_done(batch);
}

void keeper_round(struct keeper *keeper)
{
    static const struct statement *const always[] = { &outbox_expire, &outbox_waiting, NULL };
    static const struct statement *const purges[] = { &outbox_purge, &undeliverable_purge, &demo_mails_purge,
                                                      &tellings_purge, NULL };
    struct args none;
    if (keeper->busy) return;
    arena_reset(&keeper->arena);
    args_init(&none, &keeper->arena);
    batch_init(&keeper->batch, keeper->db, &keeper->arena, DB_REPORT, STR("*"), 20000);
    enum err err = ERR_NONE;
    for (size_t i = 0; err == ERR_NONE && always[i]; i++)
        err = batch_add(&keeper->batch, always[i], &none, NULL);
    bool purge = keeper->round++ % PURGE_ROUNDS == 0;
    for (size_t i = 0; purge && err == ERR_NONE && purges[i]; i++)
        err = batch_add(&keeper->batch, purges[i], &none, NULL);
    if (err == ERR_NONE) err = batch_send(&keeper->batch, on_done, keeper);
    keeper->busy = err == ERR_NONE;
    if (!keeper->busy) batch_done(&keeper->batch);
}

void keeper_done(struct keeper *keeper)
{
    if (keeper->busy) batch_done(&keeper->batch);
    arena_done(&keeper->arena);
}
