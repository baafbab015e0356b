/* The sockets of the hub: handshake, what the client says, sessions that end, clients that can't keep up. */
#include "engine/hub_private.h"

#include <string.h>

#include "base/fault.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "codec/dec.h"
#include "engine/problem.h"
#include "engine/reply.h"

#include "engine.sql.h"

#define PROTOCOL           "todoke.live.v1"
#define CLOSE_SESSION_OVER 4401

/* ---- sending ---- */

/* A client that can't keep up misses frames, and gets new snapshots when it has caught up. */
void hub_socket_send(struct live_socket *socket, struct chunk *frame)
{
    if (socket->lagging || socket->closing) return;
    if (ws_send_chunk(socket->ws, frame) != WS_FULL) return;
    socket->lagging = true;
    socket->lagging_since = uv_now(socket->hub->loop);
}

static void on_drain(struct ws *ws, void *data)
{
    struct live_socket *socket = data;
    struct subscription *s;
    (void)ws;
    if (!socket->lagging) return;
    socket->lagging = false;
    LIST_FOREACH (s, &socket->subscriptions, of_socket) {
        if (s->state != SUBSCRIPTION_FOLLOWING) continue;
        metric_inc(METRIC_LIVE_RESYNCS);
        hub_topic_want(s->topic);
    }
}

static struct chunk *tick_frame(void)
{
    struct buf bytes;
    struct enc enc;
    char stamp[CLOCK_STAMP_SIZE];
    int64_t now = clock_wall_ms();
    clock_stamp(stamp, now + 9 * 3600 * 1000); /* Japan has no summer time */
    buf_init(&bytes, 0);
    enc_msgpack(&enc, &bytes);
    enc_map(&enc, 3);
    enc_key_lit(&enc, "t");
    enc_str(&enc, "tick", 4);
    enc_key_lit(&enc, "at");
    enc_int(&enc, now);
    enc_key_lit(&enc, "today");
    enc_str(&enc, stamp, 10);
    enc_end(&enc);
    struct chunk *frame = bytes.failed ? NULL : ws_frame_new(WS_BINARY, bytes.at, bytes.n);
    buf_done(&bytes);
    return frame;
}

static void socket_close(struct live_socket *socket, int code)
{
    socket->closing = true;
    ws_close(socket->ws, code, "");
}

void hub_sockets_tick(struct hub *hub)
{
    struct live_socket *socket;
    struct chunk *frame = tick_frame();
    uint64_t now = uv_now(hub->loop);
    LIST_FOREACH (socket, &hub->sockets, link) {
        if (frame) hub_socket_send(socket, frame);
        if (socket->lagging && now - socket->lagging_since > HUB_LAG_MAX_MS) {
            metric_inc(METRIC_WS_SLOW);
            socket_close(socket, WS_TRY_LATER);
        } else {
            hub_socket_check(socket, false);
        }
    }
    chunk_unref(frame);
}

/* ---- the session behind a socket ---- */

static void session_lost(struct live_socket *socket)
{
    struct subscription *s, *tmp;
    LIST_FOREACH_SAFE (s, tmp, &socket->subscriptions, of_socket) subscription_free(s);
    socket_close(socket, CLOSE_SESSION_OVER);
}

static void socket_free(struct live_socket *socket)
{
    gather_cancel(&socket->gather);
    base_free((char *)(uintptr_t)socket->session.schools.at);
    base_free(socket);
}

/* A socket lives for hours: its schools lie in a block of just their size. False: no memory. */
static bool session_keep(struct live_socket *socket, struct session session)
{
    char *schools = base_alloc(session.schools.n);
    if (!schools) return false;
    memcpy(schools, session.schools.at, session.schools.n);
    base_free((char *)(uintptr_t)socket->session.schools.at);
    socket->session = session;
    socket->session.schools.at = schools;
    return true;
}

/* Takes the session as it is now. False: there is none any more, or no memory. */
static bool session_renew(struct live_socket *socket, struct rows rows, bool *ret_changed)
{
    struct session session;
    struct arena arena;
    arena_init(&arena, 1024);
    bool ok = session_read(&session, &arena, rows);
    if (ok) {
        *ret_changed =
            session.roles != socket->session.roles || !str_eq(session.schools, socket->session.schools);
        ok = session_keep(socket, session);
    }
    arena_done(&arena);
    return ok;
}

static void socket_ask(struct live_socket *socket);

static void on_session_checked(struct gather_request *request, const struct gather_answer *answer, void *data)
{
    struct live_socket *socket = data;
    struct subscription *s;
    bool changed, rechecking = socket->rechecking;
    (void)request;
    socket->checking = socket->rechecking = false;
    if (answer->err != ERR_NONE) {
        socket->recheck |= rechecking; /* the next tick asks again */
        return;
    }
    if (!session_renew(socket, answer->rows, &changed)) {
        session_lost(socket);
        return;
    }
    if (changed || rechecking)
        LIST_FOREACH (s, &socket->subscriptions, of_socket) subscription_recheck(s);
    if (socket->recheck) socket_ask(socket);
}

static void socket_ask(struct live_socket *socket)
{
    struct args args;
    struct arena arena;
    if (socket->checking || socket->closing) return;
    arena_init(&arena, 1024);
    args_init(&args, &arena);
    args_i64(&args, "session_id", socket->session.id);
    socket->checking = gather_add(&socket->gather, socket->hub->db, &session_again, &args, STR(""), 0,
                                  on_session_checked, socket, NULL) == ERR_NONE;
    if (socket->checking) {
        socket->rechecking = socket->recheck;
        socket->recheck = false;
    }
    arena_done(&arena);
}

void hub_socket_check(struct live_socket *socket, bool access_changed)
{
    socket->recheck |= access_changed;
    socket_ask(socket);
}

/* ---- what the client says ---- */

static void on_message(struct ws *ws, enum ws_opcode opcode, struct str bytes, void *data)
{
    struct live_socket *socket = data;
    struct arena arena;
    struct value message;
    (void)ws;
    if (socket->closing) return;
    arena_init(&arena, 0);
    enum err err = opcode == WS_TEXT ? dec_json(&arena, bytes.at, bytes.n, &message, NULL)
                                     : dec_msgpack(&arena, bytes.at, bytes.n, &message, NULL);
    const struct value *op = err == ERR_NONE ? value_get(&message, STR("op")) : NULL;
    const struct value *topic = err == ERR_NONE ? value_get(&message, STR("topic")) : NULL;
    bool named = op && op->kind == VALUE_STR && topic && topic->kind == VALUE_STR && topic->str.n <= 100;
    if (named && str_eq(op->str, STR("sub")))
        hub_subscribe(socket, topic->str);
    else if (named && str_eq(op->str, STR("unsub")))
        hub_unsubscribe(socket, topic->str);
    else
        socket_close(socket, WS_POLICY);
    arena_done(&arena);
}

static void on_close(struct ws *ws, int code, void *data)
{
    struct live_socket *socket = data;
    struct subscription *s, *tmp;
    (void)ws;
    log_debug("live.closed", LOG_I("code", code));
    socket->closing = true;
    LIST_FOREACH_SAFE (s, tmp, &socket->subscriptions, of_socket) subscription_free(s);
    list_remove(&socket->link);
    socket_free(socket);
}

static const struct ws_handlers handlers = { .on_message = on_message,
                                             .on_close = on_close,
                                             .on_drain = on_drain };

/* ---- the handshake ---- */

/* While the session is looked for. */
struct upgrade {
    struct pending pending;
    struct http_request *http;
    struct live_socket *socket;
    struct str token_sha256; /* in `bytes` */
    char bytes[SESSION_HASH_BYTES];
    bool claimed; /* the token was unknown, and has been looked for among those that change */
};

static void upgrade_free(struct upgrade *upgrade)
{
    if (upgrade->socket) socket_free(upgrade->socket);
    base_free(upgrade);
}

static void on_upgrade_cancel(struct pending *pending)
{
    upgrade_free(container_of(pending, struct upgrade, pending));
}

static void socket_open(struct upgrade *upgrade)
{
    static const struct ws_options options = { .protocol = STR_INIT(PROTOCOL),
                                               .max_message = HUB_MESSAGE_MAX,
                                               .max_queue_bytes = HUB_QUEUE_BYTES };
    struct live_socket *socket = upgrade->socket;
    struct hub *hub = socket->hub;
    reply_log(upgrade->http, "/live", 101);
    socket->ws = ws_accept(upgrade->http, &options, &handlers, socket);
    if (socket->ws) {
        list_append(&hub->sockets, &socket->link);
        upgrade->socket = NULL;
        if (hub->draining) socket_close(socket, WS_RESTART);
    }
    upgrade_free(upgrade);
}

static enum err upgrade_ask(struct upgrade *upgrade, const struct statement *statement);

static void on_session_found(struct gather_request *request, const struct gather_answer *answer, void *data)
{
    struct upgrade *upgrade = data;
    struct live_socket *socket = upgrade->socket;
    (void)request;
    bool changed;
    if (answer->err == ERR_NONE && session_renew(socket, answer->rows, &changed)) {
        socket_open(upgrade);
        return;
    }
    bool unknown = answer->err == ERR_NONE;
    if (unknown && !upgrade->claimed) {
        upgrade->claimed = true;
        if (upgrade_ask(upgrade, &session_claim) == ERR_NONE) return;
        unknown = false;
    }
    int status = unknown ? 401 : 503;
    reply_http_problem(socket->hub->engine, upgrade->http, problem_of_status(status), 0);
    upgrade_free(upgrade);
}

static enum err upgrade_ask(struct upgrade *upgrade, const struct statement *statement)
{
    struct args args;
    struct arena arena;
    struct live_socket *socket = upgrade->socket;
    arena_init(&arena, 1024);
    args_init(&args, &arena);
    args_bytes(&args, "token_sha256", upgrade->token_sha256);
    enum err err = gather_add(&socket->gather, socket->hub->db, statement, &args, STR(""), 0,
                              on_session_found, upgrade, NULL);
    arena_done(&arena);
    return err;
}

static struct upgrade *upgrade_new(struct hub *hub, struct http_request *http)
{
    struct upgrade *upgrade = base_zalloc(sizeof *upgrade);
    struct live_socket *socket = base_zalloc(sizeof *socket);
    if (!upgrade || !socket) {
        base_free(upgrade);
        base_free(socket);
        return NULL;
    }
    *upgrade = (struct upgrade){ .pending = { on_upgrade_cancel }, .http = http, .socket = socket };
    socket->hub = hub;
    list_init(&socket->link);
    list_init(&socket->subscriptions);
    return upgrade;
}

static int handshake_status(struct engine *engine, const struct http_request *http)
{
    int status = ws_check(http);
    if (status) return status;
    if (!ws_offers(http, PROTOCOL)) return 400;
    return session_origin_is_ours(http, engine->options.origin) ? 0 : 403;
}

void hub_upgrade(struct engine *engine, struct http_request *http)
{
    struct arena arena;
    int status = handshake_status(engine, http);
    struct upgrade *upgrade = status ? NULL : upgrade_new(engine->hub, http);
    if (!upgrade) {
        reply_http_problem(engine, http, problem_of_status(status ? status : 503), 0);
        return;
    }
    http->user = &upgrade->pending;
    arena_init(&arena, 1024);
    struct str hash = session_token_sha256(&arena, http);
    if (hash.at) memcpy(upgrade->bytes, hash.at, sizeof upgrade->bytes);
    upgrade->token_sha256 = str_of(upgrade->bytes, hash.at ? sizeof upgrade->bytes : 0);
    arena_done(&arena);
    enum err err = upgrade->token_sha256.n ? upgrade_ask(upgrade, &session_find) : ERR_DENIED;
    if (err == ERR_NONE) return;
    reply_http_problem(engine, http, problem_of_status(err == ERR_DENIED ? 401 : 503), 0);
    upgrade_free(upgrade);
}
