// Deadlines by the thousand: a wheel of lists turned by one timer. Setting a later deadline on an armed
// timeout is one store. Private to net.
//
// A struct timeout is embedded; timeout_init first, timeout_clear before its memory goes. It fires once, at
// most 128 ms late, and may be set again from its callback.
#ifndef TODOKE_NET_TIMEOUT_H
#define TODOKE_NET_TIMEOUT_H

#include <stdint.h>
#include <uv.h>
#include "base/list.h"

#define WHEEL_SLOTS 512u
#define WHEEL_SHIFT 7u // 128 ms per slot

struct timeout {
    struct list link;
    uint64_t due;  // ms of uv_now
    uint64_t tick; // the slot where it waits; not later than `due` needs
    void (*on_due)(struct timeout *timeout);
};

struct wheel {
    uv_timer_t timer;
    uint64_t tick; // the next one to look at
    struct list slots[WHEEL_SLOTS];
};

int wheel_init(struct wheel *wheel, uv_loop_t *loop);

void timeout_init(struct timeout *timeout, void (*on_due)(struct timeout *timeout));
void timeout_set(struct wheel *wheel, struct timeout *timeout, uint64_t ms);
void timeout_clear(struct timeout *timeout);

#endif
