#include "engine/hub_private.h"

#include <string.h>

#include "base/fault.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"

enum err hub_read(struct hub *hub, struct arena *arena, struct batch *batch,
                  const struct statement *statement, const struct args *args, batch_on_done *on_done,
                  void *data)
{
    batch_init(batch, hub->db, arena, DB_INTERNAL, STR("*"), 0);
    enum err err = batch_add(batch, statement, args, NULL);
    return err == ERR_NONE ? batch_send(batch, on_done, data) : err;
}

/* ---- what the loop calls ---- */

/* Whatever came in this tick is asked for together, and sent together. */
static void hub_flush(struct hub *hub)
{
    hub_feeds_flush(hub);
    hub_topics_flush(hub);
}

static void on_prepare(uv_prepare_t *handle)
{
    hub_flush(handle->data);
}

static void on_check(uv_check_t *handle)
{
    hub_flush(handle->data);
}

static void on_timer(uv_timer_t *handle)
{
    struct hub *hub = handle->data;
    uint64_t now = uv_now(hub->loop);
    hub_gauges_flush(hub);
    if (now >= hub->retry_at) {
        list_splice(&hub->wanted, &hub->retry);
        if (hub->gap) hub_gap(hub);
    }
    if (now - hub->ticked_at < HUB_TICK_MS) return;
    hub->ticked_at = now;
    hub_sockets_tick(hub);
}

/* ---- what the database says ---- */

/* An account's id, or "*" when very many changed at once. */
static void on_access(struct hub *hub, struct str payload)
{
    int64_t account = 0;
    struct live_socket *socket;
    bool all = !str_to_i64(payload, &account);
    LIST_FOREACH (socket, &hub->sockets, link)
        if (all || socket->session.account_id == account) hub_socket_check(socket, true);
}

static void on_notify(void *data, struct str channel, struct str payload)
{
    if (str_eq(channel, STR("live")))
        hub_feed_dirty(data, payload);
    else
        on_access(data, payload);
}

static void on_gap(void *data)
{
    struct hub *hub = data;
    struct live_socket *socket;
    hub_gap(hub);
    LIST_FOREACH (socket, &hub->sockets, link) hub_socket_check(socket, true);
}

/* ---- made and taken down ---- */

/* -1: a gauge of a feed that no module has. */
static int gauge_feeds(struct hub *hub, struct gauge_state *gauge)
{
    const char *const *names = gauge->gauge->feeds;
    for (size_t i = 0; i < GAUGE_FEEDS && names[i]; i++) {
        for (size_t j = 0; j < hub->n_feeds; j++)
            if (strcmp(names[i], hub->feeds[j].feed->name) == 0) gauge->of[i] = &hub->feeds[j];
        if (!gauge->of[i]) return -1;
    }
    return gauge->of[0] ? 0 : -1;
}

static int hub_tables(struct hub *hub, const struct module *const *modules)
{
    for (const struct module *const *m = modules; *m; m++) {
        for (const struct feed *f = (*m)->feeds; f && f->name; f++) hub->n_feeds++;
        for (const struct gauge *g = (*m)->gauges; g && g->name; g++) hub->n_gauges++;
    }
    hub->feeds = base_zalloc((hub->n_feeds + 1) * sizeof *hub->feeds);
    hub->gauges = base_zalloc((hub->n_gauges + 1) * sizeof *hub->gauges);
    if (!hub->feeds || !hub->gauges) return -1;
    struct feed_state *feed = hub->feeds;
    struct gauge_state *gauge = hub->gauges;
    for (const struct module *const *m = modules; *m; m++) {
        for (const struct feed *f = (*m)->feeds; f && f->name; f++, feed++) {
            *feed = (struct feed_state){ .hub = hub, .feed = f };
            arena_init(&feed->arena, 0);
        }
        for (const struct gauge *g = (*m)->gauges; g && g->name; g++, gauge++) {
            *gauge = (struct gauge_state){ .hub = hub, .gauge = g };
            arena_init(&gauge->arena, 0);
        }
    }
    for (size_t i = 0; i < hub->n_gauges; i++)
        if (gauge_feeds(hub, &hub->gauges[i])) return -1;
    return 0;
}

static void hub_handles(struct hub *hub)
{
    uv_prepare_init(hub->loop, &hub->prepare);
    uv_check_init(hub->loop, &hub->check);
    uv_timer_init(hub->loop, &hub->timer);
    hub->prepare.data = hub->check.data = hub->timer.data = hub;
    uv_prepare_start(&hub->prepare, on_prepare);
    uv_check_start(&hub->check, on_check);
    uv_timer_start(&hub->timer, on_timer, 50, 50);
    hub->handles = 3;
}

static void hub_free(struct hub *hub)
{
    for (size_t i = 0; hub->feeds && i < hub->n_feeds; i++) {
        id_set_done(&hub->feeds[i].dirty);
        arena_done(&hub->feeds[i].arena);
    }
    for (size_t i = 0; hub->gauges && i < hub->n_gauges; i++) {
        id_set_done(&hub->gauges[i].dirty);
        arena_done(&hub->gauges[i].arena);
    }
    base_free(hub->feeds);
    base_free(hub->gauges);
    map_done(&hub->topics);
    base_free(hub);
}

struct hub *hub_new(struct engine *engine, const char *conninfo)
{
    static const char *const channels[] = { "live", "access", NULL };
    struct hub *hub = base_zalloc(sizeof *hub);
    if (!hub) return NULL;
    hub->engine = engine;
    hub->db = engine->options.db;
    hub->loop = engine->options.loop;
    map_init(&hub->topics);
    list_init(&hub->sockets);
    list_init(&hub->wanted);
    list_init(&hub->retry);
    list_init(&hub->touched);
    const struct listen_options options = {
        .conninfo = conninfo,
        .channels = channels,
        .on_notify = on_notify,
        .on_gap = on_gap,
        .data = hub,
    };
    if (hub_tables(hub, engine->options.modules) ||
        listen_open(&hub->listen, hub->loop, &options) != ERR_NONE) {
        hub_free(hub);
        return NULL;
    }
    hub_handles(hub);
    engine->hub = hub;
    return hub;
}

static void handle_closed(struct hub *hub)
{
    if (--hub->handles > 0) return;
    void (*on_closed)(void *) = hub->on_closed;
    void *data = hub->on_closed_data;
    hub_free(hub);
    if (on_closed) on_closed(data);
}

static void on_handle_closed(uv_handle_t *handle)
{
    handle_closed(handle->data);
}

static void on_listen_closed(void *data)
{
    handle_closed(data);
}

void hub_close(struct hub *hub, void (*on_closed)(void *data), void *data)
{
    hub->on_closed = on_closed;
    hub->on_closed_data = data;
    hub->handles++;
    for (size_t i = 0; i < hub->n_feeds; i++) batch_done(&hub->feeds[i].batch);
    for (size_t i = 0; i < hub->n_gauges; i++) batch_done(&hub->gauges[i].batch);
    listen_close(hub->listen, on_listen_closed, hub);
    uv_close((uv_handle_t *)&hub->prepare, on_handle_closed);
    uv_close((uv_handle_t *)&hub->check, on_handle_closed);
    uv_close((uv_handle_t *)&hub->timer, on_handle_closed);
}

void hub_drain(struct hub *hub)
{
    struct live_socket *socket;
    hub->draining = true;
    LIST_FOREACH (socket, &hub->sockets, link) ws_close(socket->ws, WS_RESTART, "");
}
