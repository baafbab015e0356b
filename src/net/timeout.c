#include "net/timeout.h"

static uint64_t wheel_now(const struct wheel *wheel)
{
    return uv_now(wheel->timer.loop);
}

// Beyond the wheel's horizon a timeout waits in the farthest slot and is looked at again there.
static void wheel_link(struct wheel *wheel, struct timeout *timeout)
{
    uint64_t tick = (timeout->due >> WHEEL_SHIFT) + 1;
    if (tick < wheel->tick) tick = wheel->tick;
    if (tick >= wheel->tick + WHEEL_SLOTS) tick = wheel->tick + WHEEL_SLOTS - 1;
    timeout->tick = tick;
    list_append(&wheel->slots[tick % WHEEL_SLOTS], &timeout->link);
}

static void wheel_turn(struct wheel *wheel, struct list *slot, uint64_t now)
{
    struct list ready;
    list_init(&ready);
    list_splice(&ready, slot);
    struct timeout *timeout;
    while ((timeout = LIST_POP(&ready, struct timeout, link))) {
        if (timeout->due <= now)
            timeout->on_due(timeout);
        else
            wheel_link(wheel, timeout);
    }
}

static void wheel_on_timer(uv_timer_t *timer)
{
    struct wheel *wheel = container_of(timer, struct wheel, timer);
    uint64_t now = wheel_now(wheel);
    uint64_t end = now >> WHEEL_SHIFT;
    if (end > wheel->tick + WHEEL_SLOTS) wheel->tick = end - WHEEL_SLOTS;
    while (wheel->tick <= end) {
        struct list *slot = &wheel->slots[wheel->tick % WHEEL_SLOTS];
        wheel->tick++;
        wheel_turn(wheel, slot, now);
    }
}

int wheel_init(struct wheel *wheel, uv_loop_t *loop)
{
    for (unsigned i = 0; i < WHEEL_SLOTS; i++) list_init(&wheel->slots[i]);
    wheel->tick = uv_now(loop) >> WHEEL_SHIFT;
    uv_timer_init(loop, &wheel->timer);
    int r = uv_timer_start(&wheel->timer, wheel_on_timer, 1u << WHEEL_SHIFT, 1u << WHEEL_SHIFT);
    uv_unref((uv_handle_t *)&wheel->timer);
    return r;
}

void timeout_init(struct timeout *timeout, void (*on_due)(struct timeout *timeout))
{
    *timeout = (struct timeout){ .on_due = on_due };
    list_init(&timeout->link);
}

void timeout_set(struct wheel *wheel, struct timeout *timeout, uint64_t ms)
{
    timeout->due = wheel_now(wheel) + ms;
    if (list_linked(&timeout->link)) {
        if (timeout->tick <= (timeout->due >> WHEEL_SHIFT) + 1) return;
        list_remove(&timeout->link);
    }
    wheel_link(wheel, timeout);
}

void timeout_clear(struct timeout *timeout)
{
    list_remove(&timeout->link);
}
