#include "engine/reply.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "engine/problem.h"

/* Does the client name this media type, and not with q=0? */
static bool names_type(struct str header, const char *type)
{
    while (header.at) {
        struct str rest, item = str_cut(header, ',', &header);
        if (!str_eq_nocase(str_trim(str_cut(item, ';', &rest)), str_c(type))) continue;
        rest = str_trim(rest);
        return !(str_eq(rest, STR("q=0")) || str_starts(rest, STR("q=0.0")));
    }
    return false;
}

enum enc_format reply_format(const struct http_request *http)
{
    return names_type(http_header(http, "accept"), "application/msgpack") ? ENC_MSGPACK : ENC_JSON;
}

void reply_log(const struct http_request *http, const char *route, int status)
{
    uint64_t took = uv_hrtime() - http->received_at;
    if (status < 400)
        log_debug("request", LOG_STR("method", http->method_name), LOG_S("route", route),
                  LOG_I("status", status), LOG_U("us", took / 1000));
    else
        log_info("request", LOG_STR("method", http->method_name), LOG_S("route", route),
                 LOG_I("status", status), LOG_U("us", took / 1000));
}

static void answer(struct engine *engine, struct http_request *http, const char *route, int status,
                   struct http_header *headers, size_t n, struct str body, struct http_source *source)
{
    static const struct http_header no_store = { STR_INIT("cache-control"), STR_INIT("no-store") };
    struct http_header all[SECURITY_HEADERS + REQUEST_HEADERS + 6];
    memcpy(all, security_headers, SECURITY_HEADERS * sizeof *all);
    memcpy(all + SECURITY_HEADERS, headers, n * sizeof *all);
    n += SECURITY_HEADERS;
    all[n++] = no_store;
    if (status == 503)
        all[n++] = (struct http_header){ STR("retry-after"), admit_retry_after(&engine->admit) };
    reply_log(http, route, status);
    http_reply(http,
               &(struct http_answer){
                   .status = status, .headers = all, .header_count = n, .body = body, .source = source });
}

void reply_bytes(struct engine *engine, struct http_request *http, int status, const char *type,
                 struct str body)
{
    struct http_header header = { STR("content-type"), str_c(type) };
    answer(engine, http, "-", status, &header, type ? 1 : 0, body, NULL);
}

/* ---- problem documents ---- */

struct details {
    struct str detail;
    const struct field_errors *errors;
    struct rows rows; /* row 0's columns become members */
};

static bool is_member(struct rows rows, int column)
{
    const char *name = rows_name(rows, column);
    return strcmp(name, "ord") != 0 && strcmp(name, "outcome") != 0 && !rows_is_null(rows, 0, column);
}

static size_t member_count(struct rows rows)
{
    size_t n = 0;
    for (int i = 0; rows.count > 0 && i < rows_columns(rows); i++) n += is_member(rows, i) ? 1u : 0u;
    return n;
}

static void encode_members(struct enc *enc, struct rows rows)
{
    for (int i = 0; rows.count > 0 && i < rows_columns(rows); i++) {
        if (!is_member(rows, i)) continue;
        enc_key(enc, rows_name(rows, i), strlen(rows_name(rows, i)));
        rows_encode_cell(rows, 0, i, enc);
    }
}

static void encode_errors(struct enc *enc, const struct field_errors *errors)
{
    enc_key_lit(enc, "errors");
    enc_array(enc, errors->n);
    for (size_t i = 0; i < errors->n; i++) {
        enc_map(enc, 3);
        enc_key_lit(enc, "field");
        enc_text(enc, errors->at[i].field.at ? errors->at[i].field : STR(""));
        enc_key_lit(enc, "code");
        enc_text(enc, str_c(errors->at[i].code));
        enc_key_lit(enc, "detail");
        enc_text(enc, str_c(errors->at[i].detail));
        enc_end(enc);
    }
    enc_end(enc);
}

static void encode_problem(struct enc *enc, const struct problem *problem, const struct details *details)
{
    char type[80] = "/problems/";
    strncat(type, problem->name, sizeof type - strlen(type) - 1);
    size_t optional = (details->detail.at ? 1u : 0u) + (details->errors ? 1u : 0u);
    enc_map(enc, 3 + optional + member_count(details->rows));
    enc_key_lit(enc, "type");
    enc_text(enc, str_c(type));
    enc_key_lit(enc, "title");
    enc_text(enc, str_c(problem->title));
    enc_key_lit(enc, "status");
    enc_int(enc, problem->status);
    if (details->detail.at) {
        enc_key_lit(enc, "detail");
        enc_text(enc, details->detail);
    }
    if (details->errors) encode_errors(enc, details->errors);
    encode_members(enc, details->rows);
    enc_end(enc);
}

void reply_problem_encode(struct buf *out, enum enc_format format, const struct problem *problem)
{
    struct enc enc;
    enc_init(&enc, format, out);
    encode_problem(&enc, problem, &(struct details){ 0 });
}

static struct str problem_body(struct engine *engine, enum enc_format format, const struct problem *problem,
                               const struct details *details)
{
    struct enc enc;
    buf_reset(&engine->out);
    enc_init(&enc, format, &engine->out);
    encode_problem(&enc, problem, details);
    return engine->out.failed ? STR("{\"type\":\"/problems/internal\",\"status\":500}")
                              : buf_view(&engine->out);
}

struct str reply_problem_type(enum enc_format format)
{
    return format == ENC_MSGPACK ? STR("application/problem+msgpack") : STR("application/problem+json");
}

static void finish_problem(struct request *rq, const struct problem *problem, const struct details *details)
{
    if (rq->answered) return;
    rq->answered = true;
    rq->headers[rq->n_headers++] =
        (struct http_header){ STR("content-type"), reply_problem_type(rq->format) };
    struct str body = problem_body(rq->engine, rq->format, problem, details);
    answer(rq->engine, rq->http, rq->route->path, problem->status, rq->headers, rq->n_headers, body, NULL);
    request_free(rq);
}

void reply_http_problem(struct engine *engine, struct http_request *http, const struct problem *problem,
                        unsigned allow)
{
    static const char *const names[] = {
        [GET] = "GET, HEAD", [POST] = "POST", [PUT] = "PUT", [DELETE] = "DELETE"
    };
    char allowed[64] = "";
    enum enc_format format = reply_format(http);
    struct http_header headers[2] = { { STR("content-type"), reply_problem_type(format) } };
    for (int m = GET; m <= DELETE; m++) {
        if (!(allow & 1u << m)) continue;
        if (*allowed) strcat(allowed, ", ");
        strcat(allowed, names[m]);
    }
    headers[1] = (struct http_header){ STR("allow"), str_c(allowed) };
    struct str body = problem_body(engine, format, problem, &(struct details){ 0 });
    answer(engine, http, "-", problem->status, headers, *allowed ? 2 : 1, body, NULL);
}

void reply_problem(struct request *rq, const char *name)
{
    finish_problem(rq, problem_find(rq->module, str_c(name)), &(struct details){ 0 });
}

/* How long to wait is told where HTTP tells it, too. */
static void say_retry_after(struct request *rq, struct rows rows)
{
    int64_t seconds = rows.count > 0 ? rows_get_i64(rows, 0, "retry_after", 0) : 0;
    char *text = seconds > 0 ? request_alloc(rq, 24) : NULL;
    if (!text) return;
    snprintf(text, 24, "%lld", (long long)seconds);
    reply_header(rq, "retry-after", str_c(text));
}

void reply_refused(struct request *rq, struct str name, struct rows rows)
{
    say_retry_after(rq, rows);
    finish_problem(rq, problem_find(rq->module, name), &(struct details){ .rows = rows });
}

void reply_invalid(struct request *rq, const struct field_errors *errors)
{
    finish_problem(rq, problem_find(NULL, STR("validation")), &(struct details){ .errors = errors });
}

void reply_malformed(struct request *rq, struct str detail)
{
    finish_problem(rq, problem_find(NULL, STR("malformed")), &(struct details){ .detail = detail });
}

/* ---- answers ---- */

void reply_header(struct request *rq, const char *name, struct str value)
{
    struct str copy = arena_dup(&rq->arena, value);
    if (copy.at && rq->n_headers < REQUEST_HEADERS)
        rq->headers[rq->n_headers++] = (struct http_header){ str_c(name), copy };
}

static void finish(struct request *rq, int status, struct str body)
{
    if (rq->answered) return;
    rq->answered = true;
    if (body.at)
        rq->headers[rq->n_headers++] =
            (struct http_header){ STR("content-type"), str_c(enc_type(rq->format)) };
    rq->headers[rq->n_headers++] = (struct http_header){ STR("vary"), STR("accept") };
    answer(rq->engine, rq->http, rq->route->path, status, rq->headers, rq->n_headers, body, NULL);
    request_free(rq);
}

void reply_nothing(struct request *rq)
{
    finish(rq, 204, (struct str){ 0 });
}

/* RFC 6266: the name in full for everyone who knows RFC 8187, a plain one for others. */
static struct str disposition(struct request *rq, struct str name)
{
    struct buf out;
    buf_init(&out, 0);
    buf_str(&out, STR("attachment; filename=\"todoke"));
    for (size_t i = name.n; i-- > 0;)
        if (name.at[i] == '.') {
            buf_append(&out, name.at + i, name.n - i);
            break;
        }
    buf_str(&out, STR("\"; filename*=UTF-8''"));
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.at[i];
        if (c < 128 && (isalnum(c) || c == '.' || c == '-' || c == '_'))
            buf_putc(&out, (char)c);
        else
            buf_printf(&out, "%%%02X", c);
    }
    struct str copy = out.failed ? (struct str){ 0 } : arena_dup(&rq->arena, buf_view(&out));
    buf_done(&out);
    return copy;
}

static void reply_attachment(struct request *rq, const char *type, struct str name, struct str bytes,
                             struct http_source *source)
{
    struct str header = disposition(rq, name);
    if (!header.at) {
        if (source) source->over(source);
        reply_problem(rq, "busy");
        return;
    }
    rq->answered = true;
    rq->headers[rq->n_headers++] = (struct http_header){ STR("content-type"), str_c(type) };
    rq->headers[rq->n_headers++] = (struct http_header){ STR("content-disposition"), header };
    answer(rq->engine, rq->http, rq->route->path, 200, rq->headers, rq->n_headers, bytes, source);
    request_free(rq);
}

void reply_file(struct request *rq, const char *type, struct str name, struct str bytes)
{
    if (!rq->answered) reply_attachment(rq, type, name, bytes, NULL);
}

void reply_source(struct request *rq, const char *type, struct str name, struct http_source *source)
{
    reply_attachment(rq, type, name, str_of(NULL, 0), source);
}

static struct str refusal_of(struct rows rows)
{
    int column = rows.count > 0 ? rows_column(rows, "outcome") : -1;
    struct str outcome = column < 0 ? (struct str){ 0 } : rows_text(rows, 0, column);
    return outcome.at && str_eq(outcome, STR("ok")) ? (struct str){ 0 } : outcome;
}

bool reply_is_refusal(struct rows rows)
{
    return refusal_of(rows).at;
}

bool reply_if_refused(struct request *rq, struct rows rows)
{
    struct str outcome = refusal_of(rows);
    if (!outcome.at) return false;
    reply_refused(rq, outcome, rows);
    return true;
}

void reply_value(struct request *rq, const struct value *value)
{
    struct buf *out = &rq->engine->out;
    struct enc enc;
    buf_reset(out);
    enc_init(&enc, rq->format, out);
    enc_value(&enc, value);
    if (out->failed)
        reply_problem(rq, "busy");
    else
        finish(rq, 200, buf_view(out));
}

void reply_rows(struct request *rq, struct rows rows, enum gives gives)
{
    if (reply_if_refused(rq, rows)) return;
    if (gives == NOTHING) {
        reply_nothing(rq);
        return;
    }
    if (gives != ROWS && rows.count == 0) {
        reply_problem(rq, "not_found");
        return;
    }
    struct buf *out = &rq->engine->out;
    struct enc enc;
    buf_reset(out);
    enc_init(&enc, rq->format, out);
    if (gives == ROWS) {
        enc_map(&enc, 1);
        enc_key_lit(&enc, "rows");
        rows_encode(rows, ROWS_SKIP_DEFAULT, &enc);
        enc_end(&enc);
    } else if (rows_column(rows, "outcome") >= 0) { /* a receipt: without what only a refusal says */
        enc_map(&enc, member_count(rows));
        encode_members(&enc, rows);
        enc_end(&enc);
    } else {
        rows_encode_row(rows, 0, ROWS_SKIP_DEFAULT, &enc);
    }
    if (out->failed)
        reply_problem(rq, "internal");
    else
        finish(rq, gives == NEW_ROW ? 201 : 200, buf_view(out));
}
