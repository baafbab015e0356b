#include "lines.h"

/* An http's home is the lines; its owner is the wish that has it, NULL while it is idle. */

static void line_next(struct lines *lines);

void lines_init(struct lines *lines, struct dial *dial, bool reuse, unsigned limit, struct hist *connect)
{
    *lines = (struct lines){ .dial = dial, .reuse = reuse, .limit = limit ? limit : 1, .connect = connect };
    list_init(&lines->idle);
    list_init(&lines->queue);
}

void lines_close(struct lines *lines)
{
    struct http *http;
    while ((http = LIST_POP(&lines->idle, struct http, link))) {
        lines->open--;
        http_close(http);
    }
}

void wish_init(struct wish *wish, const struct wish_calls *calls)
{
    *wish = (struct wish){ .calls = calls };
    list_init(&wish->link);
}

static void wish_reset(struct wish *wish)
{
    wish->state = WISH_IDLE;
    wish->http = NULL;
}

static void line_on_ready(struct http *http)
{
    struct lines *lines = http->home;
    struct wish *wish = http->owner;
    hist_record(lines->connect, http->conn.opened - http->conn.started);
    wish->state = WISH_HELD;
    wish->calls->granted(wish);
}

static void line_on_answered(struct http *http, int status, struct str body)
{
    struct wish *wish = http->owner;
    wish->calls->answered(wish, status, body);
}

static void line_on_lost(struct http *http, enum loss loss)
{
    struct lines *lines = http->home;
    struct wish *wish = http->owner;
    lines->open--;
    list_remove(&http->link);
    if (wish) {
        wish_reset(wish);
        wish->calls->lost(wish, loss);
    }
    line_next(lines);
}

static const struct http_calls calls = { line_on_ready, line_on_answered, line_on_lost };

static void line_dial(struct lines *lines, struct wish *wish)
{
    wish->state = WISH_DIALING;
    wish->http = http_dial(lines->dial, &calls, wish);
    if (!wish->http) {
        wish_reset(wish);
        wish->calls->lost(wish, LOSS_CONNECT);
        return;
    }
    wish->http->home = lines;
    if (++lines->open > lines->most_open) lines->most_open = lines->open;
}

static void line_grant(struct wish *wish, struct http *http)
{
    http->owner = wish;
    wish->http = http;
    wish->state = WISH_HELD;
    wish->calls->granted(wish);
}

void line_want(struct lines *lines, struct wish *wish)
{
    struct http *http = LIST_POP(&lines->idle, struct http, link);
    if (http) {
        line_grant(wish, http);
    } else if (lines->open < lines->limit) {
        line_dial(lines, wish);
    } else {
        wish->state = WISH_QUEUED;
        list_append(&lines->queue, &wish->link);
        if (++lines->waiting > lines->most_waiting) lines->most_waiting = lines->waiting;
    }
}

/* A place or a line has become free: the next in the queue gets it. A loop, because a dial may fail at once.
 */
static void line_next(struct lines *lines)
{
    while (!list_empty(&lines->queue) && (lines->open < lines->limit || !list_empty(&lines->idle))) {
        struct wish *wish = LIST_POP(&lines->queue, struct wish, link);
        lines->waiting--;
        line_want(lines, wish);
    }
}

void line_give(struct lines *lines, struct wish *wish)
{
    struct http *http = wish->http;
    if (wish->state != WISH_HELD || !lines->reuse || !http->keep) {
        line_drop(lines, wish);
        return;
    }
    wish_reset(wish);
    http->owner = NULL;
    list_prepend(&lines->idle, &http->link);
    line_next(lines);
}

void line_drop(struct lines *lines, struct wish *wish)
{
    struct http *http = wish->http;
    if (wish->state == WISH_QUEUED) {
        list_remove(&wish->link);
        lines->waiting--;
    }
    wish_reset(wish);
    if (!http) return;
    lines->open--;
    http_close(http);
    line_next(lines);
}
