/* uv handles on the heap: their owner lets go at once, and the memory goes in the close callback.
 *
 * poller_close and ticker_close accept NULL; no callback comes after them. */
#ifndef DB_HANDLE_H
#define DB_HANDLE_H

#include <uv.h>

typedef void poller_on_event(void *data, int status, int events);
typedef void ticker_on_tick(void *data);

struct poller {
    uv_poll_t handle;
    poller_on_event *on_event;
    void *data;
    int events;
};

struct ticker {
    uv_timer_t handle;
    ticker_on_tick *on_tick;
    void *data;
};

/* NULL when memory is out or the descriptor can't be polled. The descriptor is borrowed: close the poller
 * before it. */
struct poller *poller_open(uv_loop_t *loop, int fd, poller_on_event *on_event, void *data);

/* Sets what to wait for (UV_READABLE | UV_WRITABLE): nothing happens when it is the same as before. -1 on
 * failure. */
int poller_watch(struct poller *p, int events);
void poller_close(struct poller *p);

struct ticker *ticker_open(uv_loop_t *loop, ticker_on_tick *on_tick, void *data);

/* Ticks once after `ms`, then every `repeat` ms (0 = once). Replaces what was set before. */
void ticker_set(struct ticker *t, uint64_t ms, uint64_t repeat);
void ticker_stop(struct ticker *t);
void ticker_close(struct ticker *t);

#endif
