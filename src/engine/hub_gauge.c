/* Numbers that many writes move: dirty keys are collected and read again at most every few hundred ms, and in
 * the rush less often: a reading that takes long is followed by a rest of several times as long. */
#include "engine/hub_private.h"

#include "base/log.h"

#define RESTS 4

bool gauge_is_of(const struct gauge_state *gauge, const struct feed_state *feed)
{
    for (size_t i = 0; i < GAUGE_FEEDS && gauge->of[i]; i++)
        if (gauge->of[i] == feed) return true;
    return false;
}

void gauge_dirty(struct gauge_state *gauge, struct rows rows)
{
    if (rows.count == 0 || !gauge->followed) return;
    gauge->due = true;
    for (int row = 0; gauge->gauge->column && row < rows.count; row++)
        if (!id_set_add(&gauge->dirty, rows_get_i64(rows, row, gauge->gauge->column, 0)))
            gauge->hub->gap = true;
    id_set_sort(&gauge->dirty);
}

static void gauge_send(struct gauge_state *gauge, struct rows rows)
{
    const struct gauge *g = gauge->gauge;
    struct buf bytes;
    buf_init(&bytes, 0);
    for (int row = 0; row < rows.count; row++) {
        struct hub_row shared = { .rows = rows, .row = row, .bytes = &bytes };
        hub_fan_row(gauge->hub, &shared, g->name, g->scope, g->scope ? rows_get_i64(rows, row, g->by, 0) : 0);
    }
    hub_fan_send(gauge->hub);
    buf_done(&bytes);
}

static void gauge_failed(struct gauge_state *gauge)
{
    log_warn("live.gauge_failed", LOG_S("gauge", gauge->gauge->name));
    gauge->hub->gap = true;
    gauge->hub->retry_at = uv_now(gauge->hub->loop) + HUB_RETRY_MS;
}

static void on_read(struct batch *batch, void *data)
{
    struct gauge_state *gauge = data;
    uint64_t now = uv_now(gauge->hub->loop), took = now - gauge->read_at;
    gauge->reading = false;
    gauge->next_at = gauge->read_at + gauge->gauge->every_ms;
    if (gauge->next_at < now + RESTS * took) gauge->next_at = now + RESTS * took;
    if (batch->err == ERR_NONE)
        gauge_send(gauge, batch_rows(batch, 0));
    else
        gauge_failed(gauge);
    batch_done(batch);
}

static void gauge_read(struct gauge_state *gauge)
{
    struct args args;
    arena_reset(&gauge->arena);
    args_init(&args, &gauge->arena);
    args_i64s(&args, "keys", gauge->dirty.at, gauge->dirty.n);
    gauge->read_at = uv_now(gauge->hub->loop);
    gauge->due = false;
    enum err err =
        hub_read(gauge->hub, &gauge->arena, &gauge->batch, gauge->gauge->reads, &args, on_read, gauge);
    gauge->dirty.n = 0;
    gauge->reading = err == ERR_NONE;
    if (err != ERR_NONE) gauge_failed(gauge);
}

void hub_gauges_flush(struct hub *hub)
{
    uint64_t now = uv_now(hub->loop);
    for (size_t i = 0; i < hub->n_gauges; i++) {
        struct gauge_state *gauge = &hub->gauges[i];
        if (gauge->due && !gauge->reading && now >= gauge->next_at) gauge_read(gauge);
    }
}
