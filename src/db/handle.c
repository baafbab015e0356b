#include "db/handle.h"

#include <stddef.h>

#include "base/fault.h"

static void handle_on_close(uv_handle_t *handle)
{
    base_free(handle->data);
}

static void poll_on_event(uv_poll_t *handle, int status, int events)
{
    struct poller *p = handle->data;

    if (p->on_event) p->on_event(p->data, status, events);
}

struct poller *poller_open(uv_loop_t *loop, int fd, poller_on_event *on_event, void *data)
{
    struct poller *p = base_zalloc(sizeof(*p));

    if (!p) return NULL;
    if (fd < 0 || uv_poll_init(loop, &p->handle, fd)) {
        base_free(p);
        return NULL;
    }
    p->handle.data = p;
    p->on_event = on_event;
    p->data = data;
    return p;
}

int poller_watch(struct poller *p, int events)
{
    if (p->events == events) return 0;
    p->events = events;
    return uv_poll_start(&p->handle, events, poll_on_event) ? -1 : 0;
}

void poller_close(struct poller *p)
{
    if (!p) return;
    p->on_event = NULL;
    uv_poll_stop(&p->handle);
    uv_close((uv_handle_t *)&p->handle, handle_on_close);
}

static void timer_on_tick(uv_timer_t *handle)
{
    struct ticker *t = handle->data;

    if (t->on_tick) t->on_tick(t->data);
}

struct ticker *ticker_open(uv_loop_t *loop, ticker_on_tick *on_tick, void *data)
{
    struct ticker *t = base_zalloc(sizeof(*t));

    if (!t) return NULL;
    if (uv_timer_init(loop, &t->handle)) {
        base_free(t);
        return NULL;
    }
    t->handle.data = t;
    t->on_tick = on_tick;
    t->data = data;
    return t;
}

void ticker_set(struct ticker *t, uint64_t ms, uint64_t repeat)
{
    uv_update_time(t->handle.loop);
    uv_timer_start(&t->handle, timer_on_tick, ms, repeat);
}

void ticker_stop(struct ticker *t)
{
    uv_timer_stop(&t->handle);
}

void ticker_close(struct ticker *t)
{
    if (!t) return;
    t->on_tick = NULL;
    uv_timer_stop(&t->handle);
    uv_close((uv_handle_t *)&t->handle, handle_on_close);
}
