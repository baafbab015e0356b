#include "engine/door.h"

#include "base/check.h"

void door_init(struct door *door, uint64_t now_ns)
{
    *door = (struct door){ .limit = DOOR_LIMIT_MAX, .since_ns = now_ns };
}

static unsigned between(uint64_t n, unsigned low, unsigned high)
{
    return n < low ? low : n > high ? high : (unsigned)n;
}

static uint64_t next_limit(const struct door *door, uint64_t took_ns, uint64_t wait_ns)
{
    uint64_t limit = door->limit, half = limit / 2;
    if (door->inside == 0 && took_ns >= DOOR_PAUSE_NS) return DOOR_LIMIT_MAX; /* all that was is over */
    if (door->left == 0) return door->inside > DOOR_LIMIT_MIN ? half : limit;
    if (door->stayed_ns / door->left > DOOR_STAY_NS) {
        uint64_t can = door->left * DOOR_STAY_NS / took_ns;
        return can > half ? can : half;
    }
    if (wait_ns > DOOR_WAIT_NS && door->full) return wait_ns < door->wait_ns ? limit : limit - limit / 4;
    return limit + limit / (wait_ns < DOOR_WAIT_NS / 2 ? 4 : 16);
}

static void door_turn(struct door *door, uint64_t now_ns)
{
    uint64_t took = now_ns - door->since_ns;
    if (took < DOOR_INTERVAL_NS) return;
    uint64_t wait = door->heard ? door->waited_ns / door->heard : 0;
    door->limit = between(next_limit(door, took, wait), DOOR_LIMIT_MIN, DOOR_LIMIT_MAX);
    door->wait_ns = wait;
    door->since_ns = now_ns;
    door->stayed_ns = door->waited_ns = 0;
    door->left = door->heard = 0;
    door->full = false;
}

void door_heard(struct door *door, uint64_t waited_ns)
{
    door->heard++;
    door->waited_ns += waited_ns;
}

bool door_admits(struct door *door, enum door_class class, uint64_t now_ns)
{
    door_turn(door, now_ns);
    unsigned room = class == DOOR_WRITE  ? door->limit * DOOR_WRITES
                    : class == DOOR_READ ? door->limit
                                         : door->limit / DOOR_EXPORTS;
    if (door->inside < room) return true;
    door->full |= class != DOOR_EXPORT;
    return false;
}

void door_enter(struct door *door)
{
    door->inside++;
}

void door_leave(struct door *door, uint64_t entered_ns, uint64_t now_ns, bool answered)
{
    CHECK(door->inside > 0);
    door->inside--;
    if (!answered) return;
    door->left++;
    door->stayed_ns += now_ns - entered_ns;
    door_turn(door, now_ns);
}

unsigned door_retry_after(struct door *door, enum door_class class)
{
    static const struct {
        unsigned from, spread;
    } seconds[DOOR_CLASSES] = { { 1, 3 }, { 2, 4 }, { 10, 10 } };
    return seconds[class].from + door->turned++ % seconds[class].spread;
}
