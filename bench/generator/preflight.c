#include "preflight.h"

#include "json.h"

struct preflight {
    struct wish wish;
    struct due due;
    struct bench *bench;
    const struct session *guardian;
    uint64_t school_id, until;
    void (*then)(struct bench *bench);
};
static struct preflight preflight; /* one per process, before everything else */

void preflight_stop(void)
{
    if (!preflight.bench) return;
    due_unset(&preflight.bench->dues, &preflight.due);
    line_drop(&preflight.bench->lines, &preflight.wish);
}

static void preflight_end(bool well)
{
    preflight_stop();
    if (!well) preflight.bench->failed = true;
    preflight.then(preflight.bench);
}

static void preflight_again(const char *why)
{
    line_drop(&preflight.bench->lines, &preflight.wish);
    if (clock_now_ns() < preflight.until) {
        due_set(&preflight.bench->dues, &preflight.due, clock_now_ns() + 200 * NS_PER_MS);
        return;
    }
    fprintf(stderr, "todoke-bench: %s: %s\n", preflight.bench->options.server, why);
    preflight_end(false);
}

static void preflight_ask(void)
{
    char path[64] = "/api/children", request[512];
    if (preflight.school_id)
        snprintf(path, sizeof path, "/api/reasons?school_id=%llu", (unsigned long long)preflight.school_id);
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: __Host-todoke=%s\r\nAccept: application/json\r\n"
                     "Sec-Fetch-Site: same-origin\r\n\r\n",
                     path, preflight.bench->host, preflight.guardian->token);
    http_send(preflight.wish.http, str_of(request, (size_t)n));
}

/* The first reason for an absence that asks for no note. */
static uint64_t reason_choose(const json_t *rows)
{
    size_t i, k;
    json_t *row, *kind;
    json_array_foreach((json_t *)rows, i, row)
    {
        if (json_is_true(json_object_get(row, "needs_note"))) continue;
        json_t *kinds = json_object_get(row, "kinds");
        if (json_array_size(kinds) == 0) return json_id(json_object_get(row, "id"));
        json_array_foreach(kinds, k, kind)
        {
            if (json_is_string(kind) && strcmp(json_string_value(kind), "absent") == 0)
                return json_id(json_object_get(row, "id"));
        }
    }
    return 0;
}

static void preflight_on_answered(struct wish *wish, int status, struct str body)
{
    char why[64];
    (void)wish;
    snprintf(why, sizeof why, "%s answered %d",
             preflight.school_id ? "GET /api/reasons" : "GET /api/children", status);
    if (status == 503 || status == 429) {
        preflight_again(why);
        return;
    }
    json_t *answer = json_loadb(body.at, body.n, 0, NULL);
    const json_t *rows = json_object_get(answer, "rows");
    uint64_t found = preflight.school_id ? reason_choose(rows)
                                         : json_id(json_object_get(json_array_get(rows, 0), "school_id"));
    json_decref(answer);
    if (status != 200 || !found) {
        fprintf(stderr, "todoke-bench: %s with nothing to use\n", why);
        preflight_end(false);
    } else if (preflight.school_id) {
        preflight.bench->reason_id = found;
        preflight_end(true);
    } else {
        preflight.school_id = found;
        if (wish->http->keep)
            preflight_ask();
        else
            preflight_again("closed");
    }
}

static void preflight_on_granted(struct wish *wish)
{
    (void)wish;
    preflight_ask();
}

static void preflight_on_lost(struct wish *wish, enum loss loss)
{
    (void)wish;
    preflight_again(loss_name(loss));
}

static void preflight_on_due(struct due *due)
{
    if (preflight.wish.state != WISH_IDLE) {
        preflight_again("timeout");
        return;
    }
    due_set(&preflight.bench->dues, due, clock_now_ns() + ns_of(preflight.bench->options.timeout));
    line_want(&preflight.bench->lines, &preflight.wish);
}

void preflight_start(struct bench *bench, const struct session *guardian, void (*then)(struct bench *bench))
{
    static const struct wish_calls calls = { preflight_on_granted, preflight_on_answered, preflight_on_lost };
    preflight = (struct preflight){ .bench = bench, .guardian = guardian, .then = then };
    preflight.until = clock_now_ns() + ns_of(bench->options.retry_for);
    preflight.due.fire = preflight_on_due;
    wish_init(&preflight.wish, &calls);
    due_set(&bench->dues, &preflight.due, clock_now_ns());
}
