#include "delivery/teller.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "db/handle.h"
#include "delivery/pace.h"

#include "delivery.sql.h"

#define MOST     100 /* at once */
#define PATIENCE 10000

static void teller_turn(struct teller *teller);

static void on_rested(void *data)
{
    struct teller *teller = data;
    teller->resting = false;
    teller_turn(teller);
}

static void on_done(struct batch *batch, void *data)
{
    struct teller *teller = data;
    teller->busy = false;
    if (batch->err == ERR_NONE) {
        int64_t taken = rows_get_i64(batch_rows(batch, 0), 0, "taken", 0);
        metric_add(METRIC_TOLD, (uint64_t)taken);
        if (taken == teller->most) teller->wanted = true;
    } else {
        log_warn("tell.failed", LOG_S("err", err_name(batch->err)));
    }
    batch_done(batch);
    teller->resting = true;
    ticker_set(teller->ticker, pace_rest_ms(teller->pace, clock_now_ns() - teller->begun_ns), 0);
}

static void teller_turn(struct teller *teller)
{
    struct args args;
    if (!teller->wanted || teller->busy || teller->resting || teller->stopped || !db_ready(teller->db))
        return;
    arena_reset(&teller->arena);
    args_init(&args, &teller->arena);
    teller->most = pace_piece(teller->pace, MOST);
    args_i64(&args, "most", teller->most);
    batch_init(&teller->batch, teller->db, &teller->arena, DB_OUTBOX, STR("*"), PATIENCE);
    teller->begun_ns = clock_now_ns();
    enum err err = batch_add(&teller->batch, &tellings_take, &args, NULL);
    if (err == ERR_NONE) err = batch_send(&teller->batch, on_done, teller);
    teller->busy = err == ERR_NONE;
    if (teller->busy)
        teller->wanted = false;
    else
        batch_done(&teller->batch);
}

int teller_open(struct teller *teller, uv_loop_t *loop, struct db *db, const struct pace *pace)
{
    teller->pace = pace;
    teller->db = db;
    teller->ticker = ticker_open(loop, on_rested, teller);
    return teller->ticker ? 0 : -1;
}

void teller_wake(struct teller *teller)
{
    teller->wanted = true;
    teller_turn(teller);
}

void teller_stop(struct teller *teller)
{
    teller->stopped = true;
}

void teller_done(struct teller *teller)
{
    teller->stopped = true;
    if (teller->busy) batch_done(&teller->batch);
    teller->busy = false;
    ticker_close(teller->ticker);
    teller->ticker = NULL;
    arena_done(&teller->arena);
}
