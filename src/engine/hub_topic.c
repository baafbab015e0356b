/* Topics, who follows them, and their snapshots. */
#include "engine/hub_private.h"

#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"

/* ---- frames ---- */

/* {t: kind, topic, at, rows}; `rows` is an encoded array. Null: no memory. */
struct chunk *hub_frame(const char *kind, struct str topic, struct str rows)
{
    struct buf bytes;
    struct enc enc;
    buf_init(&bytes, 0);
    enc_msgpack(&enc, &bytes);
    enc_map(&enc, 4);
    enc_key_lit(&enc, "t");
    enc_text(&enc, str_c(kind));
    enc_key_lit(&enc, "topic");
    enc_text(&enc, topic);
    enc_key_lit(&enc, "at");
    enc_int(&enc, clock_wall_ms());
    enc_key_lit(&enc, "rows");
    enc_raw(&enc, rows.at, rows.n);
    enc_end(&enc);
    struct chunk *frame = bytes.failed ? NULL : ws_frame_new(WS_BINARY, bytes.at, bytes.n);
    buf_done(&bytes);
    return frame;
}

static void send_gone(struct live_socket *socket, struct str name, int status, const char *title)
{
    struct buf bytes;
    struct enc enc;
    buf_init(&bytes, 0);
    enc_msgpack(&enc, &bytes);
    enc_map(&enc, 4);
    enc_key_lit(&enc, "t");
    enc_str(&enc, "gone", 4);
    enc_key_lit(&enc, "topic");
    enc_text(&enc, name);
    enc_key_lit(&enc, "status");
    enc_int(&enc, status);
    enc_key_lit(&enc, "title");
    enc_text(&enc, str_c(title));
    enc_end(&enc);
    if (!bytes.failed) ws_send(socket->ws, WS_BINARY, bytes.at, bytes.n);
    buf_done(&bytes);
}

/* ---- topics ---- */

struct snapshot_read {
    struct arena arena;
    struct batch batch;
};

static void snapshot_read_end(struct live_topic *topic)
{
    if (!topic->read) return;
    batch_done(&topic->read->batch);
    arena_done(&topic->read->arena);
    base_free(topic->read);
    topic->read = NULL;
}

struct live_topic *hub_topic_find(struct hub *hub, const char *name, const char *scope, int64_t key)
{
    char text[128];
    int n = scope ? snprintf(text, sizeof text, "%s/%s/%lld", name, scope, (long long)key)
                  : snprintf(text, sizeof text, "%s/all", name);
    return map_get(&hub->topics, str_of(text, (size_t)n));
}

/* What nobody follows is not read. */
static void topic_count(struct live_topic *topic, int by)
{
    if (topic->feed) topic->feed->followed += (unsigned)by;
    for (size_t i = 0; topic->gauge && i < GAUGE_FEEDS && topic->gauge->of[i]; i++)
        topic->gauge->of[i]->followed += (unsigned)by;
    if (topic->gauge) topic->gauge->followed += (unsigned)by;
    metric_move(METRIC_LIVE_TOPICS, by);
}

static bool key_read(struct str text, int64_t *ret)
{
    return text.at && str_to_i64(text, ret) && *ret > 0;
}

static bool gauge_matches(const struct gauge *gauge, struct str name, struct str scope, struct str key,
                          int64_t *ret_key)
{
    if (!str_eq(str_c(gauge->name), name)) return false;
    if (!gauge->scope) return !key.at && str_eq(scope, STR("all"));
    return str_eq(str_c(gauge->scope), scope) && key_read(key, ret_key);
}

/* Which of the modules' tables does the name belong to? False: none. */
static bool topic_resolve(struct hub *hub, struct str text, struct live_topic *ret)
{
    struct str scope, key, name = str_cut(text, '/', &scope);
    scope = str_cut(scope, '/', &key);
    for (size_t i = 0; i < hub->n_gauges; i++) {
        if (!gauge_matches(hub->gauges[i].gauge, name, scope, key, &ret->key)) continue;
        ret->gauge = &hub->gauges[i];
        return true;
    }
    for (size_t i = 0; i < hub->n_feeds; i++) {
        if (!str_eq(str_c(hub->feeds[i].feed->name), name)) continue;
        for (const struct topic *t = hub->feeds[i].feed->topics; t->scope; t++) {
            if (!str_eq(str_c(t->scope), scope) || !key_read(key, &ret->key)) continue;
            ret->feed = &hub->feeds[i];
            ret->topic = t;
            return true;
        }
    }
    return false;
}

static struct live_topic *topic_get(struct hub *hub, struct str name, const struct live_topic *resolved)
{
    struct live_topic *topic = map_get(&hub->topics, name);
    if (topic) return topic;
    topic = base_alloc(sizeof *topic + name.n);
    if (!topic) return NULL;
    *topic = *resolved;
    topic->hub = hub;
    topic->name = str_of((char *)(topic + 1), name.n);
    memcpy(topic + 1, name.at, name.n);
    list_init(&topic->subscriptions);
    list_init(&topic->link);
    buf_init(&topic->rows, 0);
    if (map_set(&hub->topics, topic->name, topic, NULL)) {
        base_free(topic);
        return NULL;
    }
    topic_count(topic, 1);
    return topic;
}

static void topic_leave(struct live_topic *topic)
{
    if (!list_empty(&topic->subscriptions)) return;
    map_remove(&topic->hub->topics, topic->name);
    list_remove(&topic->link);
    gather_cancel(&topic->gather);
    snapshot_read_end(topic);
    buf_done(&topic->rows);
    topic_count(topic, -1);
    base_free(topic);
}

/* ---- snapshots ---- */

static void subscription_release_held(struct subscription *subscription, bool send)
{
    for (unsigned i = 0; i < subscription->n_held; i++) {
        if (send) hub_socket_send(subscription->socket, subscription->held[i]);
        chunk_unref(subscription->held[i]);
    }
    base_free(subscription->held);
    subscription->held = NULL;
    subscription->n_held = 0;
}

/* False: too many, or no memory. */
static bool subscription_hold(struct subscription *s, struct chunk *frame)
{
    if (!s->held) s->held = base_zalloc(HUB_HELD_MAX * sizeof(*s->held));
    if (!s->held || s->n_held == HUB_HELD_MAX) return false;
    s->held[s->n_held++] = chunk_ref(frame);
    return true;
}

static void topic_want(struct live_topic *topic)
{
    if (topic->wanted) return;
    topic->wanted = true;
    if (!topic->touched) list_append(&topic->hub->wanted, &topic->link);
}

/* A frame that comes while a subscriber waits is sent after its snapshot, which may be older. */
static void subscription_send(struct subscription *s, struct chunk *frame)
{
    if (s->state == SUBSCRIPTION_FOLLOWING) {
        hub_socket_send(s->socket, frame);
    } else if (s->state == SUBSCRIPTION_WAITING && !subscription_hold(s, frame)) {
        subscription_release_held(s, false);
        s->round = s->topic->round + 1; /* a later snapshot has it all */
        topic_want(s->topic);
    }
}

static void subscriptions_send(struct subscription *const *some, unsigned n, struct chunk *frame)
{
    struct ws *sockets[HUB_AHEAD] = { NULL };
    for (unsigned i = 0; i < n; i++) __builtin_prefetch(some[i]->socket);
    for (unsigned i = 0; i < n; i++) sockets[i] = some[i]->socket->ws;
    ws_fetch(sockets, n);
    for (unsigned i = 0; i < n; i++) subscription_send(some[i], frame);
}

void hub_topic_send(struct live_topic *topic, struct chunk *frame)
{
    struct subscription *s, *some[HUB_AHEAD];
    unsigned n = 0;
    LIST_FOREACH (s, &topic->subscriptions, of_topic) {
        some[n++] = s;
        if (n < HUB_AHEAD) continue;
        subscriptions_send(some, n, frame);
        n = 0;
    }
    subscriptions_send(some, n, frame);
}

void hub_topic_want(struct live_topic *topic)
{
    struct subscription *s;
    LIST_FOREACH (s, &topic->subscriptions, of_topic) {
        if (s->state == SUBSCRIPTION_ASKING) continue;
        s->state = SUBSCRIPTION_WAITING;
        s->round = topic->round + 1;
    }
    topic_want(topic);
}

/* This topic's alone: the others are not asked for again because of it. */
static void topic_snapshot_failed(struct live_topic *topic, enum err err)
{
    struct hub *hub = topic->hub;
    log_warn("live.snapshot_failed", LOG_S("feed", topic->feed ? topic->feed->feed->name : "gauge"),
             LOG_S("err", err_name(err)));
    topic->wanted = true;
    list_remove(&topic->link);
    list_append(&hub->retry, &topic->link);
    hub->retry_at = uv_now(hub->loop) + HUB_RETRY_MS;
}

static void topic_snapshot(struct live_topic *topic, struct rows rows)
{
    struct buf bytes;
    struct enc enc;
    struct subscription *s, *tmp;
    bool again = false;
    buf_init(&bytes, 0);
    enc_msgpack(&enc, &bytes);
    rows_encode(rows, ROWS_SKIP_DEFAULT, &enc);
    struct chunk *frame = bytes.failed ? NULL : hub_frame("snap", topic->name, buf_view(&bytes));
    buf_done(&bytes);
    if (!frame) {
        topic_snapshot_failed(topic, ERR_NOMEM);
        return;
    }
    LIST_FOREACH_SAFE (s, tmp, &topic->subscriptions, of_topic) {
        if (s->state != SUBSCRIPTION_WAITING) continue;
        if (s->round > topic->round) {
            again = true;
            continue;
        }
        s->state = SUBSCRIPTION_FOLLOWING;
        metric_inc(METRIC_LIVE_SNAPSHOTS);
        hub_socket_send(s->socket, frame);
        subscription_release_held(s, true);
    }
    chunk_unref(frame);
    if (again) topic_want(topic);
}

static void on_snapshot_rows(struct gather_request *request, const struct gather_answer *answer, void *data)
{
    struct live_topic *topic = data;
    (void)request;
    topic->reading = false;
    if (answer->err == ERR_NONE)
        topic_snapshot(topic, answer->rows);
    else
        topic_snapshot_failed(topic, answer->err);
}

static void on_snapshot_done(struct batch *batch, void *data)
{
    struct live_topic *topic = data;
    topic->reading = false;
    if (batch->err == ERR_NONE)
        topic_snapshot(topic, batch_rows(batch, 0));
    else
        topic_snapshot_failed(topic, batch->err);
    snapshot_read_end(topic);
}

static enum err topic_gather(struct live_topic *topic, const struct statement *snapshot)
{
    struct arena arena;
    struct args args;
    arena_init(&arena, 1024);
    args_init(&args, &arena);
    args_i64(&args, "key", topic->key);
    enum err err = gather_add(&topic->gather, topic->hub->db, snapshot, &args, STR("*"), 0, on_snapshot_rows,
                              topic, NULL);
    arena_done(&arena);
    return err;
}

static enum err topic_batch(struct live_topic *topic, const struct statement *snapshot)
{
    struct args args;
    struct snapshot_read *read = base_zalloc(sizeof *read);
    if (!read) return ERR_NOMEM;
    topic->read = read;
    arena_init(&read->arena, 0);
    args_init(&args, &read->arena);
    args_i64(&args, "key", topic->key);
    enum err err = hub_read(topic->hub, &read->arena, &read->batch, snapshot, &args, on_snapshot_done, topic);
    if (err != ERR_NONE) snapshot_read_end(topic);
    return err;
}

static void topic_read(struct live_topic *topic)
{
    const struct statement *snapshot = topic->gauge ? topic->gauge->gauge->snapshot : topic->topic->snapshot;
    topic->round++;
    enum err err =
        snapshot->flags & STATEMENT_GATHER ? topic_gather(topic, snapshot) : topic_batch(topic, snapshot);
    topic->reading = err == ERR_NONE;
    if (err != ERR_NONE) topic_snapshot_failed(topic, err);
}

void hub_topics_flush(struct hub *hub)
{
    struct list later;
    struct live_topic *topic;
    list_init(&later);
    while ((topic = LIST_POP(&hub->wanted, struct live_topic, link))) {
        if (topic->reading) {
            list_append(&later, &topic->link);
            continue;
        }
        topic->wanted = false;
        topic_read(topic);
    }
    list_splice(&hub->wanted, &later);
}

/* ---- following ---- */

void subscription_free(struct subscription *subscription)
{
    gather_cancel(&subscription->gather);
    subscription_release_held(subscription, false);
    list_remove(&subscription->of_socket);
    list_remove(&subscription->of_topic);
    subscription->socket->n_subscriptions--;
    topic_leave(subscription->topic);
    base_free(subscription);
}

static void subscription_refuse(struct subscription *subscription)
{
    send_gone(subscription->socket, subscription->topic->name, 404, "見つかりませんでした。");
    subscription_free(subscription);
}

static void on_allowed(struct gather_request *request, const struct gather_answer *answer, void *data)
{
    struct subscription *s = data;
    (void)request;
    if (answer->err != ERR_NONE) { /* the client comes back by itself */
        ws_close(s->socket->ws, WS_TRY_LATER, "");
    } else if (answer->rows.count == 0) {
        subscription_refuse(s);
    } else if (s->state == SUBSCRIPTION_ASKING) {
        s->state = SUBSCRIPTION_WAITING;
        s->round = s->topic->round + 1;
        topic_want(s->topic);
    }
}

/* Asked under the actor's own fence, as a request would be. */
void subscription_recheck(struct subscription *s)
{
    struct live_topic *topic = s->topic;
    const struct statement *allows = topic->gauge ? topic->gauge->gauge->allows : topic->topic->allows;
    struct arena arena;
    struct args args;
    gather_cancel(&s->gather);
    arena_init(&arena, 1024);
    args_init(&args, &arena);
    args_id(&args, "actor", s->socket->session.account_id);
    args_i64(&args, "key", topic->key);
    enum err err = gather_add(&s->gather, topic->hub->db, allows, &args, s->socket->session.schools, 0,
                              on_allowed, s, NULL);
    arena_done(&arena);
    if (err != ERR_NONE) ws_close(s->socket->ws, WS_TRY_LATER, "");
}

static struct subscription *subscription_find(struct live_socket *socket, struct str name)
{
    struct subscription *s;
    LIST_FOREACH (s, &socket->subscriptions, of_socket)
        if (str_eq(s->topic->name, name)) return s;
    return NULL;
}

static struct subscription *subscription_new(struct live_socket *socket, struct live_topic *topic)
{
    struct subscription *s = base_zalloc(sizeof *s);
    if (!s) return NULL;
    s->socket = socket;
    s->topic = topic;
    list_init(&s->of_socket);
    list_init(&s->of_topic);
    list_append(&socket->subscriptions, &s->of_socket);
    list_append(&topic->subscriptions, &s->of_topic);
    socket->n_subscriptions++;
    return s;
}

void hub_subscribe(struct live_socket *socket, struct str name)
{
    struct live_topic resolved = { 0 };
    if (subscription_find(socket, name)) return;
    if (socket->n_subscriptions >= HUB_TOPICS_MAX) {
        send_gone(socket, name, 429, "一度に見られる数を超えました。");
        return;
    }
    if (!topic_resolve(socket->hub, name, &resolved)) {
        send_gone(socket, name, 404, "見つかりませんでした。");
        return;
    }
    unsigned may = resolved.gauge ? resolved.gauge->gauge->may : resolved.topic->may;
    if (!(socket->session.roles & may)) {
        send_gone(socket, name, 403, "見る権限がありません。");
        return;
    }
    struct live_topic *topic = topic_get(socket->hub, name, &resolved);
    struct subscription *s = topic ? subscription_new(socket, topic) : NULL;
    if (s) {
        subscription_recheck(s);
        return;
    }
    if (topic) topic_leave(topic);
    ws_close(socket->ws, WS_TRY_LATER, "");
}

void hub_unsubscribe(struct live_socket *socket, struct str name)
{
    struct subscription *s = subscription_find(socket, name);
    if (s) subscription_free(s);
}
