#include "due.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* What one turn of the loop fires at most, so that answers are read between two bursts of arrivals. */
#define FIRE_AT_ONCE 8

static void heap_put(struct dues *dues, size_t place, struct due *due)
{
    dues->heap[place] = due;
    due->place = place;
}

static void heap_rise(struct dues *dues, size_t place)
{
    struct due *due = dues->heap[place];
    for (; place > 1 && dues->heap[place / 2]->at > due->at; place /= 2)
        heap_put(dues, place, dues->heap[place / 2]);
    heap_put(dues, place, due);
}

static void heap_sink(struct dues *dues, size_t place)
{
    struct due *due = dues->heap[place];
    for (;;) {
        size_t child = place * 2;
        if (child > dues->count) break;
        if (child < dues->count && dues->heap[child + 1]->at < dues->heap[child]->at) child++;
        if (dues->heap[child]->at >= due->at) break;
        heap_put(dues, place, dues->heap[child]);
        place = child;
    }
    heap_put(dues, place, due);
}

void due_set(struct dues *dues, struct due *due, uint64_t at)
{
    if (due->place) due_unset(dues, due);
    assert(dues->count < dues->room);
    due->at = at;
    heap_put(dues, ++dues->count, due);
    heap_rise(dues, dues->count);
}

void due_unset(struct dues *dues, struct due *due)
{
    size_t place = due->place;
    if (place == 0) return;
    due->place = 0;
    struct due *last = dues->heap[dues->count--];
    if (last == due) return;
    heap_put(dues, place, last);
    heap_rise(dues, place);
    heap_sink(dues, last->place);
}

/* Once per turn, not once per due_set: most dues never fire. */
static void dues_on_prepare(uv_prepare_t *prepare)
{
    struct dues *dues = prepare->data;
    uint64_t wanted = dues->count ? dues->heap[1]->at : 0;
    if (wanted == dues->armed) return;
    struct itimerspec spec = { .it_value = { .tv_sec = (time_t)(wanted / NS_PER_S),
                                             .tv_nsec = (long)(wanted % NS_PER_S) } };
    if (timerfd_settime(dues->fd, TFD_TIMER_ABSTIME, &spec, NULL) == 0) dues->armed = wanted;
}

void dues_fire(struct dues *dues, int most)
{
    if (dues->firing || dues->count == 0) return;
    uint64_t now = clock_now_ns();
    dues->firing = true;
    for (int i = 0; i < most && dues->count && dues->heap[1]->at <= now; i++) {
        struct due *due = dues->heap[1];
        due_unset(dues, due);
        due->fire(due);
    }
    dues->firing = false;
}

static void dues_on_time(uv_poll_t *poll, int status, int events)
{
    struct dues *dues = poll->data;
    uint64_t expirations;
    (void)status, (void)events;
    ssize_t got = read(dues->fd, &expirations, sizeof expirations);
    (void)got;
    dues->armed = 0;
    dues_fire(dues, FIRE_AT_ONCE);
}

int dues_init(struct dues *dues, uv_loop_t *loop)
{
    *dues = (struct dues){ .fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC) };
    if (dues->fd < 0 || uv_poll_init(loop, &dues->poll, dues->fd) != 0) return -1;
    uv_prepare_init(loop, &dues->prepare);
    dues->poll.data = dues->prepare.data = dues;
    uv_prepare_start(&dues->prepare, dues_on_prepare);
    return uv_poll_start(&dues->poll, UV_READABLE, dues_on_time);
}

void dues_close(struct dues *dues)
{
    uv_close((uv_handle_t *)&dues->poll, NULL);
    uv_close((uv_handle_t *)&dues->prepare, NULL);
}

void dues_done(struct dues *dues)
{
    if (dues->fd >= 0) close(dues->fd);
    free(dues->heap);
    *dues = (struct dues){ .fd = -1 };
}

int dues_reserve(struct dues *dues, size_t more)
{
    struct due **heap = reallocarray(dues->heap, dues->room + more + 1, sizeof *heap);
    if (!heap) return -1;
    dues->heap = heap;
    dues->room += more;
    return 0;
}
