#include "engine/request.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "codec/dec.h"
#include "engine/network.h"
#include "engine/problem.h"
#include "engine/reply.h"
#include "engine/upkeep.h"

#include "engine.sql.h"

static void on_cancel(struct pending *pending)
{
    request_free(container_of(pending, struct request, pending));
}

/* Everything that a request needs later is copied into its own arena: the connection's memory ends with it.
 */
static struct request *request_new(struct engine *engine, struct http_request *http)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct request *rq = arena_zalloc(&arena, sizeof *rq);
    if (!rq) {
        arena_done(&arena);
        return NULL;
    }
    rq->arena = arena;
    rq->engine = engine;
    rq->http = http;
    rq->format = reply_format(http);
    list_init(&rq->link);
    list_append(&engine->requests, &rq->link);
    rq->pending.cancel = on_cancel;
    http->user = &rq->pending;
    return rq;
}

/* A thread may have been reading rows and body. */
void request_memory_free(struct request *rq)
{
    if (rq->batch_used) batch_done(&rq->batch);
    request_works_free(rq);
    export_free(rq->export);
    buf_done(&rq->body);
    struct arena arena = rq->arena;
    arena_done(&arena);
}

void request_free(struct request *rq)
{
    if (rq->stepping) return;
    gather_cancel(&rq->gather);
    request_steps_cancel(rq);
    if (rq->export) batch_done(&rq->batch);
    list_remove(&rq->link);
    if (rq->upload) rq->engine->uploads--;
    if (rq->entered_ns) door_leave(&rq->engine->admit.door, rq->entered_ns, clock_now_ns(), rq->answered);
    rq->gone = true;
    if (!rq->working) request_memory_free(rq);
}

/* ---- the checks ---- */

static bool key_read(struct request *rq)
{
    struct str key = http_header(rq->http, "idempotency-key");
    if (!key.at || !uuid_valid(key)) return false;
    rq->idempotency_key = arena_dup(&rq->arena, key);
    return rq->idempotency_key.at != NULL;
}

/* What makes two requests the same under one key: method, path, query and body, byte for byte. */
static void fingerprint_make(struct request *rq)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    const struct str parts[] = { rq->http->method_name, rq->http->path, rq->http->query, rq->http->body };
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint64_t n = parts[i].n;
        crypto_hash_sha256_update(&state, (const unsigned char *)&n, sizeof n);
        crypto_hash_sha256_update(&state, (const unsigned char *)parts[i].at, parts[i].n);
    }
    crypto_hash_sha256_final(&state, hash);
    rq->fingerprint = arena_dup(&rq->arena, str_of((const char *)hash, sizeof hash));
}

enum body_kind { BODY_NONE, BODY_JSON, BODY_MSGPACK, BODY_FILE, BODY_OTHER };

static enum body_kind body_kind(const struct http_request *http)
{
    static const struct {
        struct str type;
        enum body_kind kind;
    } kinds[] = { { STR_INIT("application/json"), BODY_JSON },
                  { STR_INIT("application/msgpack"), BODY_MSGPACK },
                  { STR_INIT("text/csv"), BODY_FILE },
                  { STR_INIT("application/zip"), BODY_FILE },
                  { STR_INIT("application/octet-stream"), BODY_FILE } };
    struct str parameters, type = http_header(http, "content-type");
    if (http->body.n == 0) return BODY_NONE;
    type = str_trim(str_cut(type, ';', &parameters));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq_nocase(type, kinds[i].type)) return kinds[i].kind;
    return BODY_OTHER;
}

/* False: answered. */
static bool file_read(struct request *rq)
{
    if (body_kind(rq->http) == BODY_FILE) return true;
    if (rq->http->body.n == 0)
        reply_malformed(rq, STR("ファイルが空です。"));
    else
        reply_problem(rq, "media_type");
    return false;
}

/* False: answered. */
static bool body_read(struct request *rq, struct value *ret)
{
    struct dec_error error = { 0 };
    struct str body = rq->http->body;
    enum err err = ERR_INVALID;
    if (rq->route->flags & RAW_BODY) return file_read(rq);
    switch (body_kind(rq->http)) {
    case BODY_NONE: return true;
    case BODY_FILE:
    case BODY_OTHER: reply_problem(rq, "media_type"); return false;
    case BODY_JSON: err = dec_json(&rq->arena, body.at, body.n, ret, &error); break;
    case BODY_MSGPACK: err = dec_msgpack(&rq->arena, body.at, body.n, ret, &error); break;
    }
    if (err == ERR_NONE) return true;
    const char *where =
        error.line ? arena_printf(&rq->arena, "%u行目の%u文字目: %s", error.line, error.column, error.message)
                   : error.message;
    if (err == ERR_NOMEM)
        reply_problem(rq, "busy");
    else
        reply_malformed(rq, str_c(where ? where : ""));
    return false;
}

static bool path_read(struct request *rq, const struct match *match, struct value *ret)
{
    if (!value_map_new(&rq->arena, match->n_params, ret)) return false;
    for (size_t i = 0; i < match->n_params; i++) {
        struct str value = arena_dup(&rq->arena, match->params[i].value);
        if (!value.at) return false;
        ret->map.at[i] = (struct member){ match->params[i].name, value_str(value) };
    }
    return true;
}

/* False: answered. */
static bool fields_read(struct request *rq, const struct match *match)
{
    struct value body, path, query;
    struct dec_error error = { 0 };
    struct field_errors errors = { 0 };
    struct str query_text = arena_dup(&rq->arena, rq->http->query);
    if (!query_text.at || !path_read(rq, match, &path)) {
        reply_problem(rq, "busy");
        return false;
    }
    if (dec_form(&rq->arena, query_text, &query, &error) != ERR_NONE) {
        reply_malformed(rq, str_c(error.message ? error.message : ""));
        return false;
    }
    if (rq->route->sheet && !sheet_format_take(&query, &rq->sheet))
        field_errors_add(&errors, STR("format"), "enum", "csv、csv_cp932、xlsx のどれかを指定してください。");
    if (rq->route->flags & ONLY_FILES && rq->sheet == SHEET_NONE && !errors.n)
        field_errors_add(&errors, STR("format"), "required", "ファイルの形式を指定してください。");
    if (!body_read(rq, &body)) return false;
    struct field_input input = { .body = rq->http->body.n && !(rq->route->flags & RAW_BODY) ? &body : NULL,
                                 .path = &path,
                                 .query = &query };
    enum err err =
        errors.n ? ERR_INVALID : field_check(&rq->arena, rq->route->takes, &input, &rq->in, &errors);
    if (err == ERR_NONE && rq->route->check) rq->route->check(&rq->in, &errors);
    if (err == ERR_NOMEM)
        reply_problem(rq, "busy");
    else if (errors.n)
        reply_invalid(rq, &errors);
    return err == ERR_NONE && errors.n == 0;
}

/* False: answered. */
static bool request_accept(struct request *rq)
{
    struct match match;
    const struct route *route = rq->route;
    router_match(rq->engine->router, rq->http->method, str_of(rq->http->path.at + 4, rq->http->path.n - 4),
                 &match);
    if (!fields_read(rq, &match)) return false;
    if (route->steps || route->may == ANYONE)
        rq->network = network_sha256(&rq->arena, client_address(rq->http, rq->engine->options.trusted_proxy));
    if (!(route->flags & NEEDS_KEY)) return true;
    if (!key_read(rq)) {
        reply_problem(rq, "key_missing");
        return false;
    }
    fingerprint_make(rq);
    if (rq->fingerprint.at) return true;
    reply_problem(rq, "busy");
    return false;
}

/* ---- the session ---- */

static void request_run_checked(struct request *rq)
{
    rq->admitted = true;
    if (rq->awaits_body || !request_accept(rq)) return;
    if (rq->route->steps)
        request_steps_begin(rq);
    else
        request_run(rq);
}

static void session_on_rows(struct gather_request *gather, const struct gather_answer *answer, void *data);

static void session_ask(struct request *rq, const struct statement *statement)
{
    struct args args;
    args_init(&args, &rq->arena);
    args_bytes(&args, "token_sha256", rq->token_sha256);
    enum err err = gather_add(&rq->gather, rq->engine->options.db, statement, &args, STR(""), 0,
                              session_on_rows, rq, NULL);
    if (err != ERR_NONE) request_failed(rq, err, NULL);
}

static void session_on_rows(struct gather_request *gather, const struct gather_answer *answer, void *data)
{
    struct request *rq = data;
    (void)gather;
    if (answer->err != ERR_NONE) {
        request_failed(rq, answer->err, &answer->error);
    } else if (session_read(&rq->session, &rq->arena, answer->rows)) {
        upkeep_session_seen(rq->engine->upkeep, rq->session.id);
        if (!(rq->session.roles & rq->route->may))
            reply_problem(rq, "forbidden");
        else if (rq->route->flags & PROVED && !rq->session.proved)
            reply_problem(rq, "prove_again");
        else
            request_run_checked(rq);
    } else if (!rq->claimed) {
        rq->claimed = true;
        session_ask(rq, &session_claim);
    } else {
        reply_problem(rq, "signed_out");
    }
}

static void session_find_begin(struct request *rq)
{
    rq->token_sha256 = session_token_sha256(&rq->arena, rq->http);
    if (!rq->token_sha256.at) {
        reply_problem(rq, "signed_out");
        return;
    }
    session_ask(rq, &session_find);
}

static struct request *request_routed(struct engine *engine, struct http_request *http)
{
    struct match match;
    struct request *rq = request_new(engine, http);
    if (!rq) {
        metric_inc(METRIC_ALLOC_FAILURES);
        reply_http_problem(engine, http, problem_of_status(503), 0);
        return NULL;
    }
    router_match(engine->router, http->method, str_of(http->path.at + 4, http->path.n - 4), &match);
    rq->route = match.route;
    rq->module = match.module;
    return rq;
}

static void request_start(struct request *rq)
{
    struct engine *engine = rq->engine;
    struct http_request *http = rq->http;
    if (!session_same_site(http, engine->options.origin))
        reply_problem(rq, "cross_site");
    else if (rq->route->flags & DEMO_ONLY && !engine->options.demo)
        reply_problem(rq, "not_found");
    else if (rq->route->may == ANYONE)
        request_run_checked(rq);
    else
        session_find_begin(rq);
}

void request_begin(struct engine *engine, struct http_request *http)
{
    struct request *rq = request_routed(engine, http);
    if (!rq) return;
    if (admit_counts(rq->route)) {
        rq->entered_ns = clock_now_ns();
        door_enter(&engine->admit.door);
    }
    request_start(rq);
}

bool request_begin_upload(struct engine *engine, struct http_request *http)
{
    struct request *rq = request_routed(engine, http);
    if (!rq) return false;
    rq->awaits_body = rq->upload = rq->stepping = true;
    if (engine->uploads++ < UPLOADS_MAX)
        request_start(rq);
    else
        reply_problem(rq, "busy");
    rq->stepping = false;
    if (!rq->answered) return true;
    request_free(rq);
    return false;
}

void request_complete(struct http_request *http)
{
    struct pending *pending = http->user;
    struct request *rq = container_of(pending, struct request, pending);
    rq->awaits_body = false;
    if (!http_body_take(http, &rq->body))
        reply_problem(rq, "busy");
    else if (rq->admitted)
        request_run_checked(rq);
}
