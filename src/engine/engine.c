#include "engine/engine.h"

#include <string.h>

#include "base/fault.h"
#include "base/log.h"
#include "base/metrics.h"
#include "engine/hub.h"
#include "engine/openapi.h"
#include "engine/problem.h"
#include "engine/reply.h"
#include "engine/request.h"

#define BODY_MAX 65536

/* ---- what is not a module's: health, metrics, the OpenAPI document ---- */

static bool from_loopback(const struct http_request *http)
{
    return str_starts(http->peer, STR("127.")) || str_eq(http->peer, STR("::1")) ||
           str_starts(http->peer, STR("::ffff:127."));
}

static void livez(struct engine *engine, struct http_request *http)
{
    reply_bytes(engine, http, 200, "text/plain", STR("ok\n"));
}

static void readyz(struct engine *engine, struct http_request *http)
{
    bool ready = engine->ready && db_ready(engine->options.db);
    reply_bytes(engine, http, ready ? 200 : 503, "text/plain", ready ? STR("ok\n") : STR("not ready\n"));
}

static void metrics(struct engine *engine, struct http_request *http)
{
    if (!from_loopback(http)) {
        reply_http_problem(engine, http, problem_of_status(404), 0);
        return;
    }
    buf_reset(&engine->out);
    metrics_render(&engine->out);
    if (engine->out.failed)
        reply_http_problem(engine, http, problem_of_status(503), 0);
    else
        reply_bytes(engine, http, 200, METRICS_TYPE, buf_view(&engine->out));
}

static void openapi(struct engine *engine, struct http_request *http)
{
    /* Made when it is first asked for: the database has described its statements by then. */
    if (!engine->openapi.at && engine->ready)
        engine->openapi = openapi_new(engine->options.modules, engine->options.db);
    if (engine->openapi.at)
        reply_bytes(engine, http, 200, "application/json", engine->openapi);
    else
        reply_http_problem(engine, http, problem_of_status(503), 0);
}

static const struct {
    struct str path;
    void (*reply)(struct engine *engine, struct http_request *http);
} own_routes[] = {
    { STR_INIT("/livez"), livez },      { STR_INIT("/readyz"), readyz },
    { STR_INIT("/metrics"), metrics },  { STR_INIT("/api/openapi.json"), openapi },
    { STR_INIT("/live"), hub_upgrade },
};

/* ---- the order of things ---- */

static bool is_api(const struct http_request *http)
{
    return str_starts(http->path, STR("/api/")) || str_eq(http->path, STR("/api"));
}

static bool is_read(const struct http_request *http)
{
    return http->method == METHOD_GET || http->method == METHOD_HEAD;
}

static bool is_own(const struct http_request *http)
{
    for (size_t i = 0; i < sizeof own_routes / sizeof *own_routes; i++)
        if (str_eq(http->path, own_routes[i].path)) return true;
    return false;
}

static int64_t refuse(struct engine *engine, struct http_request *http, int status, unsigned allow)
{
    reply_http_problem(engine, http, problem_of_status(status), allow);
    return HTTP_ANSWERED;
}

static int64_t on_head(struct http_request *http, void *data)
{
    struct engine *engine = data;
    struct match match;
    if (is_own(http) || !is_api(http)) return is_read(http) ? 0 : refuse(engine, http, 405, 1u << GET);
    router_match(engine->router, http->method, str_of(http->path.at + 4, http->path.n - 4), &match);
    if (!match.route) return refuse(engine, http, match.allowed ? 405 : 404, match.allowed);
    if (!admit_head(&engine->admit, http, match.route)) return HTTP_ANSWERED;
    if (match.route->method == GET || match.route->method == DELETE) return 0;
    if (match.route->flags & RAW_BODY && !request_begin_upload(engine, http)) return HTTP_ANSWERED;
    return match.route->max_body ? match.route->max_body : BODY_MAX;
}

static void on_request(struct http_request *http, void *data)
{
    struct engine *engine = data;
    for (size_t i = 0; i < sizeof own_routes / sizeof *own_routes; i++) {
        if (!str_eq(http->path, own_routes[i].path)) continue;
        own_routes[i].reply(engine, http);
        return;
    }
    if (http->user)
        request_complete(http);
    else if (is_api(http))
        request_begin(engine, http);
    else
        assets_reply(engine->assets, http);
}

static void on_cancel(struct http_request *http, void *data)
{
    (void)data;
    struct pending *pending = http->user;
    if (pending) pending->cancel(pending);
}

static void on_refuse(int status, const char *detail, struct arena *arena, struct http_answer *answer,
                      void *data)
{
    const struct problem *problem = problem_of_status(status);
    static struct http_header headers[SECURITY_HEADERS + 3];
    struct engine *engine = data;
    memcpy(headers, security_headers, SECURITY_HEADERS * sizeof *headers);
    headers[SECURITY_HEADERS] = (struct http_header){ STR("content-type"), STR("application/problem+json") };
    headers[SECURITY_HEADERS + 1] = (struct http_header){ STR("cache-control"), STR("no-store") };
    const char *body =
        arena_printf(arena, "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}",
                     problem->name, problem->title, status, detail);
    answer->headers = headers;
    answer->header_count = SECURITY_HEADERS + 2;
    if (status == 503)
        headers[answer->header_count++] =
            (struct http_header){ STR("retry-after"), admit_retry_after(&engine->admit) };
    answer->body = str_c(body);
    log_info("refused", LOG_I("status", status), LOG_S("detail", detail));
}

const struct http_handlers engine_handlers = {
    .on_head = on_head,
    .on_request = on_request,
    .on_cancel = on_cancel,
    .on_refuse = on_refuse,
};

struct engine *engine_new(const struct engine_options *options)
{
    struct engine *engine = base_zalloc(sizeof *engine);
    if (!engine) return NULL;
    engine->options = *options;
    list_init(&engine->requests);
    buf_init(&engine->out, 0);
    engine->router = router_new(options->modules);
    engine->assets = assets_new(options->assets);
    if (!engine->router || !engine->assets || admit_init(&engine->admit) < 0) {
        engine_free(engine);
        return NULL;
    }
    hasher_init(&engine->hasher, options->loop);
    work_queue_init(&engine->work, options->loop);
    return engine;
}

void engine_free(struct engine *engine)
{
    if (!engine) return;
    router_free(engine->router);
    assets_free(engine->assets);
    base_free((void *)(uintptr_t)engine->openapi.at);
    buf_done(&engine->out);
    admit_done(&engine->admit);
    base_free(engine);
}
