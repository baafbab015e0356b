#include "base/fault.h"
#include "net/http1_private.h"
#include "net/ws_private.h"

#define OR(field, value) (limits.field = limits.field ? limits.field : (value))

static struct http_limits limits_complete(const struct http_limits *given)
{
    struct http_limits limits = { 0 };
    if (given) limits = *given;
    OR(line_bytes, 8u << 10);
    OR(header_bytes, 32u << 10);
    OR(header_count, 100);
    OR(pipelined, 16);
    OR(queue_bytes, 1u << 20);
    OR(skip_bytes, 64u << 10);
    OR(connections, 16384);
    OR(hellos, 4096);
    OR(handshake_ms, 10000);
    OR(header_ms, 10000);
    OR(body_grace_ms, 5000);
    OR(body_rate, 512);
    OR(idle_ms, 75000);
    OR(stall_ms, 30000);
    OR(linger_ms, 2000);
    OR(drain_ms, 3000);
    OR(ping_ms, 30000);
    OR(pong_ms, 20000);
    OR(ws_close_ms, 5000);
    return limits;
}

struct http_server *http_server_new(struct net *net, const struct http_limits *limits,
                                    const struct http_handlers *handlers, void *data)
{
    struct http_server *server = base_zalloc(sizeof *server);
    if (!server) return NULL;
    server->net = net;
    server->limits = limits_complete(limits);
    server->on = handlers;
    server->data = data;
    slab_init(&server->conns, sizeof(struct http_conn));
    slab_init(&server->slots, sizeof(struct http_slot));
    list_init(&server->all);
    list_init(&server->idle);
    list_init(&server->sockets);
    list_init(&server->listeners);
    return server;
}

const struct http_limits *http_server_limits(const struct http_server *server)
{
    return &server->limits;
}

size_t http_server_connections(const struct http_server *server)
{
    return server->count;
}

bool server_full(struct http_server *server)
{
    return server->count >= server->limits.connections;
}

bool server_evictable(const struct http_server *server)
{
    return !list_empty(&server->idle);
}

void server_evict(struct http_server *server)
{
    conn_abort(LIST_FIRST(&server->idle, struct http_conn, link)); // nothing is under way there
}

void server_accept(struct http_server *server, int fd, struct tls *tls)
{
    if (!conn_new(server, fd, tls)) {
        server->net->counters.refused++;
        return;
    }
    server->net->counters.accepted++;
    server->count++;
}

void server_count(struct http_server *server, int change)
{
    server->count = (size_t)((long)server->count + change);
    if (!server->draining && server->count + 1 == server->limits.connections)
        listener_wake(&server->listeners);
    if (!server->draining || server->count > 0 || !server->on_drained) return;
    void (*on_drained)(void *) = server->on_drained;
    server->on_drained = NULL;
    on_drained(server->drained_data);
}

void http_server_drain(struct http_server *server, void (*on_drained)(void *data), void *data)
{
    server->draining = true;
    server->on_drained = on_drained;
    server->drained_data = data;
    struct list all;
    list_init(&all);
    list_splice(&all, &server->all);
    list_splice(&all, &server->idle);
    struct http_conn *conn;
    while ((conn = LIST_POP(&all, struct http_conn, link))) {
        list_append(&server->all, &conn->link);
        conn_drain(conn);
    }
    server_count(server, 0);
}

void http_server_free(struct http_server *server)
{
    if (!server) return;
    server->draining = true;
    server->on_drained = NULL;
    struct http_conn *conn;
    while ((conn = LIST_FIRST(&server->idle, struct http_conn, link))) conn_abort(conn);
    while ((conn = LIST_FIRST(&server->all, struct http_conn, link))) conn_abort(conn);
    ws_abort_all(&server->sockets);
    slab_done(&server->conns);
    slab_done(&server->slots);
    base_free(server);
}
