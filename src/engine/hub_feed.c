/* Changed rows: announced by the database, read once per worker. */
#include "engine/hub_private.h"

#include "base/log.h"
#include "base/metrics.h"

static void feed_gap(struct feed_state *feed)
{
    void *value;
    for (size_t at = 0; map_next(&feed->hub->topics, &at, NULL, &value);) {
        struct live_topic *topic = value;
        if (topic->feed != feed && !(topic->gauge && gauge_is_of(topic->gauge, feed))) continue;
        metric_inc(METRIC_LIVE_RESYNCS);
        hub_topic_want(topic);
    }
}

/* "absences 12,13,14", or "absences *" */
void hub_feed_dirty(struct hub *hub, struct str payload)
{
    struct str ids, name = str_cut(payload, ' ', &ids);
    for (size_t i = 0; i < hub->n_feeds; i++) {
        struct feed_state *feed = &hub->feeds[i];
        if (!str_eq(str_c(feed->feed->name), name)) continue;
        if (!feed->followed) return; /* nobody would see it */
        if (str_eq(ids, STR("*"))) {
            feed_gap(feed);
            return;
        }
        while (ids.at) {
            int64_t id;
            struct str item = str_cut(ids, ',', &ids);
            if (str_to_i64(item, &id) && !id_set_add(&feed->dirty, id)) hub->gap = true;
        }
    }
}

/* Everything may have been missed: whoever follows anything gets a new snapshot. */
void hub_gap(struct hub *hub)
{
    void *value;
    hub->gap = false;
    for (size_t at = 0; map_next(&hub->topics, &at, NULL, &value);) {
        metric_inc(METRIC_LIVE_RESYNCS);
        hub_topic_want(value);
    }
}

/* ---- reading ---- */

static void row_to_topics(struct feed_state *feed, struct rows rows, int row, struct buf *scratch)
{
    const char *name = feed->feed->name;
    struct hub_row shared = { .rows = rows, .row = row, .bytes = scratch };
    for (const struct topic *t = feed->feed->topics; t->scope; t++) {
        hub_fan_row(feed->hub, &shared, name, t->scope, rows_get_i64(rows, row, t->column, 0));
        if (t->also) hub_fan_row(feed->hub, &shared, name, t->scope, rows_get_i64(rows, row, t->also, 0));
    }
}

static void feed_failed(struct feed_state *feed)
{
    log_warn("live.read_failed", LOG_S("feed", feed->feed->name));
    feed->hub->gap = true;
    feed->hub->retry_at = uv_now(feed->hub->loop) + HUB_RETRY_MS;
}

static void on_changed(struct batch *batch, void *data)
{
    struct feed_state *feed = data;
    struct hub *hub = feed->hub;
    feed->reading = false;
    if (batch->err == ERR_NONE) {
        struct rows rows = batch_rows(batch, 0);
        struct buf scratch;
        buf_init(&scratch, 0);
        for (int row = 0; row < rows.count; row++) row_to_topics(feed, rows, row, &scratch);
        buf_done(&scratch);
        metric_add(METRIC_LIVE_ROWS, (uint64_t)rows.count);
        hub_fan_send(hub);
        for (size_t i = 0; i < hub->n_gauges; i++)
            if (gauge_is_of(&hub->gauges[i], feed)) gauge_dirty(&hub->gauges[i], rows);
    } else {
        feed_failed(feed);
    }
    batch_done(batch);
}

static void feed_read(struct feed_state *feed)
{
    struct args args;
    struct id_set *dirty = &feed->dirty;
    id_set_sort(dirty);
    size_t n = dirty->n < HUB_IDS_MAX ? dirty->n : HUB_IDS_MAX;
    arena_reset(&feed->arena);
    args_init(&args, &feed->arena);
    args_i64s(&args, "ids", dirty->at, n);
    enum err err =
        hub_read(feed->hub, &feed->arena, &feed->batch, feed->feed->changed, &args, on_changed, feed);
    id_set_drop(dirty, n);
    if (err == ERR_NONE)
        feed->reading = true;
    else
        feed_failed(feed);
}

void hub_feeds_flush(struct hub *hub)
{
    for (size_t i = 0; i < hub->n_feeds; i++)
        if (!hub->feeds[i].reading && hub->feeds[i].dirty.n) feed_read(&hub->feeds[i]);
}
