#include "base/fault.h"
#include "probe.h"

struct echo {
    struct list link;
    struct ws *ws;
};

static void echo_on_message(struct ws *ws, enum ws_opcode opcode, struct str bytes, void *data)
{
    (void)data;
    if (ws_send(ws, opcode, bytes.at, bytes.n) == WS_FULL) ws_close(ws, WS_TRY_LATER, "too slow");
}

static void echo_on_close(struct ws *ws, int code, void *data)
{
    (void)ws, (void)code;
    struct echo *echo = data;
    list_remove(&echo->link);
    base_free(echo);
}

static const struct ws_handlers echo_handlers = { .on_message = echo_on_message, .on_close = echo_on_close };

void probe_upgrade(struct http_request *request, struct probe *probe)
{
    struct ws_options options = { .max_message = 16 << 20, .max_queue_bytes = probe->ws_queue };
    if (ws_offers(request, "echo")) options.protocol = STR("echo");
    struct echo *echo = base_zalloc(sizeof *echo);
    if (!echo) {
        struct http_answer answer = { .status = 503 };
        http_reply(request, &answer);
        return;
    }
    echo->ws = ws_accept(request, &options, &echo_handlers, echo);
    if (echo->ws)
        list_append(&probe->sockets, &echo->link);
    else
        base_free(echo);
}

void probe_close_sockets(struct probe *probe)
{
    struct echo *echo;
    LIST_FOREACH (echo, &probe->sockets, link) ws_close(echo->ws, WS_RESTART, "restart");
}
