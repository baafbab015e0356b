#include "net/net.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/metrics.h"
#include "net/loop.h"
#include "net/stream_private.h"
#include "net/tls_private.h"

#define NET_ROUNDS                                                                                           \
    4 // of flushing in one go; what callbacks write in the last one waits for the next iteration

struct block {
    struct net *net;
    struct block *next;
    struct chunk chunk;
};

static void block_release(struct chunk *chunk)
{
    struct block *block = container_of(chunk, struct block, chunk);
    struct net *net = block->net;
    if (BASE_ASAN || net->blocks_spare >= NET_BLOCKS_KEPT) {
        base_free(block);
        return;
    }
    block->next = net->blocks;
    net->blocks = block;
    net->blocks_spare++;
}

struct chunk *net_block_new(struct net *net)
{
    struct block *block = net->blocks;
    if (block) {
        net->blocks = block->next;
        net->blocks_spare--;
    } else {
        block = base_alloc(sizeof *block + NET_BLOCK);
        if (!block) return NULL;
        block->net = net;
    }
    chunk_init(&block->chunk, chunk_own(&block->chunk), 0, block_release);
    block->chunk.room = NET_BLOCK;
    return &block->chunk;
}

const char *net_date(struct net *net)
{
    int64_t now = clock_wall_coarse_ms() / 1000;
    if (now != net->date_s) {
        static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        time_t t = (time_t)now;
        struct tm tm;
        gmtime_r(&t, &tm); // strftime would follow the locale
        snprintf(net->date, sizeof net->date, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT",
                 days + 3 * tm.tm_wday, (unsigned)tm.tm_mday % 100u, months + 3 * tm.tm_mon,
                 (unsigned)(tm.tm_year + 1900) % 10000u, (unsigned)tm.tm_hour % 100u,
                 (unsigned)tm.tm_min % 100u, (unsigned)tm.tm_sec % 100u);
        net->date_s = now;
    }
    return net->date;
}

// While one is with the kernel or being encrypted, the next two come from memory.
static void net_fetch(struct list *round)
{
    if (list_empty(round)) return;
    const struct stream *next = container_of(round->next, struct stream, dirty);
    if (next->ssl && next->out.bytes > 0) tls_fetch(next->ssl);
    if (next->dirty.next != round) stream_fetch(container_of(next->dirty.next, struct stream, dirty));
}

// A send() pushes OpenSSL's code and tables out of the caches, so short records are encrypted one after the
// other, and sent then.
static void net_flush_some(struct net *net, struct list *round)
{
    struct stream *sealed[TLS_TOGETHER];
    size_t sizes[TLS_TOGETHER], used = 0;
    unsigned n = 0;
    struct list *link;
    while (n < TLS_TOGETHER && (link = list_pop(round))) {
        struct stream *stream = container_of(link, struct stream, dirty);
        net_fetch(round);
        size_t size = tls_stream_seal(stream, net->sealed + used, sizeof net->sealed - used);
        if (size == 0) {
            stream_flush(stream);
            continue;
        }
        sealed[n] = stream;
        sizes[n++] = size;
        used += size;
    }
    const uint8_t *at = net->sealed;
    for (unsigned i = 0; i < n; at += sizes[i++]) {
        stream_send_wire(sealed[i], at, sizes[i]); // of what has been closed meanwhile, nothing
        stream_flush(sealed[i]);
    }
}

static void net_flush(struct net *net, int rounds)
{
    while (rounds-- > 0 && !list_empty(&net->dirty)) {
        struct list round;
        list_init(&round);
        list_splice(&round, &net->dirty);
        while (!list_empty(&round)) net_flush_some(net, &round);
    }
}

static void net_on_check(uv_check_t *check)
{
    net_flush(container_of(check, struct net, check), 1);
}

static void net_on_idle(uv_idle_t *idle)
{
    (void)idle;
}

// A handshake costs as much as thirty small requests. A few in each turn, so that a crowd at the door does
// not hold up those who are inside.
static void net_greet(struct net *net)
{
    for (unsigned i = 0; i < NET_HELLOS && net->hellos_n > 0; i++)
        stream_greet(LIST_FIRST(&net->hellos, struct stream, hello));
}

static void net_on_prepare(uv_prepare_t *prepare)
{
    struct net *net = container_of(prepare, struct net, prepare);
    net_greet(net);
    net_flush(net, NET_ROUNDS);
    if (list_empty(&net->dirty) && net->hellos_n == 0)
        uv_idle_stop(&net->idle);
    else
        uv_idle_start(&net->idle, net_on_idle);
}

struct net *net_new(uv_loop_t *loop)
{
    struct net *net = base_zalloc(sizeof *net);
    if (!net) return NULL;
    net->loop = loop;
    net->refs = 1;
    list_init(&net->dirty);
    list_init(&net->hellos);
    slab_init(&net->streams, sizeof(struct stream));
    net->bio = tls_bio_new(&net->io);
    if (!net->bio) {
        base_free(net);
        return NULL;
    }
    uv_check_init(loop, &net->check);
    uv_prepare_init(loop, &net->prepare);
    uv_idle_init(loop, &net->idle);
    uv_check_start(&net->check, net_on_check);
    uv_prepare_start(&net->prepare, net_on_prepare);
    uv_unref((uv_handle_t *)&net->check);
    uv_unref((uv_handle_t *)&net->prepare);
    wheel_init(&net->wheel, loop);
    return net;
}

void net_ref(struct net *net)
{
    net->refs++;
}

void net_unref(struct net *net)
{
    if (--net->refs > 0) return;
    while (net->blocks) {
        struct block *block = net->blocks;
        net->blocks = block->next;
        base_free(block);
    }
    slab_done(&net->streams);
    BIO_free(net->bio);
    base_free(net);
}

static void net_on_closed(uv_handle_t *handle)
{
    net_unref(handle->data);
}

void net_free(struct net *net)
{
    if (!net) return;
    uv_handle_t *handles[] = { (uv_handle_t *)&net->check, (uv_handle_t *)&net->prepare,
                               (uv_handle_t *)&net->idle, (uv_handle_t *)&net->wheel.timer };
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        net_ref(net);
        handles[i]->data = net;
        uv_close(handles[i], net_on_closed);
    }
    net_unref(net);
}

void net_timed_out(struct net *net)
{
    net->counters.timeouts++;
    metric_inc(METRIC_TIMEOUTS);
}

uv_loop_t *net_loop(const struct net *net)
{
    return net->loop;
}

const struct net_counters *net_counters(const struct net *net)
{
    return &net->counters;
}
