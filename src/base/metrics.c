#include "base/metrics.h"

#include <stdio.h>

#include "base/check.h"

/* Upper bounds of the finite buckets: 2^14 ns * (4 + i % 4) / 4 * 2^(i / 4), up to 2^36 ns. Then one more:
 * the rest. */
enum { LOW_BITS = 14, HIGH_BITS = 36, BOUNDS = (HIGH_BITS - LOW_BITS) * 4 + 1, SUM = BOUNDS + 1 };

enum kind { COUNTER, GAUGE, HISTOGRAM };

/* One slot: the cells of each metric, in the order of the list. */
#define METRIC_COUNTER(id, name, labels, help)   uint64_t id;
#define METRIC_GAUGE(id, name, labels, help)     uint64_t id;
#define METRIC_HISTOGRAM(id, name, labels, help) uint64_t id[SUM + 1];
struct cells {
#include "base/metrics.def"
} __attribute__((aligned(64)));
#undef METRIC_COUNTER
#undef METRIC_GAUGE
#undef METRIC_HISTOGRAM

static const struct metric_info {
    enum kind kind;
    const char *name, *labels, *help;
    size_t cell;
} infos[METRIC_COUNT] = {
#define METRIC_(kind, id, name, labels, help) { kind, name, labels, help, offsetof(struct cells, id) / 8 },
#define METRIC_COUNTER(...)                   METRIC_(COUNTER, __VA_ARGS__)
#define METRIC_GAUGE(...)                     METRIC_(GAUGE, __VA_ARGS__)
#define METRIC_HISTOGRAM(...)                 METRIC_(HISTOGRAM, __VA_ARGS__)
#include "base/metrics.def"
};

static struct cells private_slot;
static struct cells *slots = &private_slot;
static unsigned slot_count = 1;
static uint64_t *own = (uint64_t *)&private_slot;

static uint64_t get(const uint64_t *cell)
{
    return __atomic_load_n(cell, __ATOMIC_RELAXED);
}

/* Not a read-modify-write: a slot has one writer. Atomic only so that readers never see half a word. */
static void add(uint64_t *cell, uint64_t n)
{
    __atomic_store_n(cell, get(cell) + n, __ATOMIC_RELAXED);
}

size_t metrics_size(unsigned workers)
{
    return sizeof(struct cells) * (workers + 1);
}

void metrics_attach(void *region, unsigned workers, unsigned slot)
{
    CHECK(slot <= workers && (uintptr_t)region % 64 == 0);
    slots = region;
    slot_count = workers + 1;
    own = (uint64_t *)&slots[slot];
    metrics_slot_ended(slot);
}

void metrics_slot_ended(unsigned slot)
{
    CHECK(slot < slot_count);
    for (int i = 0; i < METRIC_COUNT; i++)
        if (infos[i].kind == GAUGE)
            __atomic_store_n((uint64_t *)&slots[slot] + infos[i].cell, 0, __ATOMIC_RELAXED);
}

static uint64_t *cell_of(enum metric m, enum kind kind)
{
    CHECK((unsigned)m < METRIC_COUNT && infos[m].kind == kind);
    return own + infos[m].cell;
}

void metric_add(enum metric counter, uint64_t n)
{
    add(cell_of(counter, COUNTER), n);
}

void metric_set(enum metric gauge, int64_t value)
{
    __atomic_store_n(cell_of(gauge, GAUGE), (uint64_t)value, __ATOMIC_RELAXED);
}

void metric_move(enum metric gauge, int64_t delta)
{
    add(cell_of(gauge, GAUGE), (uint64_t)delta);
}

/* Bounds are inclusive, hence ns - 1. */
static unsigned bucket_of(uint64_t ns)
{
    unsigned exponent, i;

    if (ns <= 1u << LOW_BITS) return 0;
    exponent = 63u - (unsigned)__builtin_clzll(ns - 1);
    i = (exponent - LOW_BITS) * 4 + (unsigned)((ns - 1) >> (exponent - 2) & 3) + 1;
    return i < BOUNDS ? i : BOUNDS;
}

static double bound_seconds(unsigned i)
{
    return (double)((4ull + i % 4) << (i / 4 + LOW_BITS - 2)) / 1e9;
}

void metric_observe(enum metric histogram, uint64_t ns)
{
    uint64_t *cell = cell_of(histogram, HISTOGRAM);

    add(cell + bucket_of(ns), 1);
    add(cell + SUM, ns);
}

static uint64_t sum_of(size_t cell)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < slot_count; i++) sum += get((const uint64_t *)&slots[i] + cell);
    return sum;
}

int64_t metric_total(enum metric m)
{
    uint64_t total = 0;

    CHECK((unsigned)m < METRIC_COUNT);
    if (infos[m].kind != HISTOGRAM) return (int64_t)sum_of(infos[m].cell);
    for (unsigned i = 0; i <= BOUNDS; i++) total += sum_of(infos[m].cell + i);
    return (int64_t)total;
}

static void render_bucket(struct buf *out, const struct metric_info *m, const char *bound, uint64_t count)
{
    buf_printf(out, "%s_bucket{%s%sle=\"%s\"} %llu\n", m->name, m->labels, *m->labels ? "," : "", bound,
               (unsigned long long)count);
}

static void render_series(struct buf *out, const struct metric_info *m, const char *suffix)
{
    buf_printf(out, "%s%s%s%s%s ", m->name, suffix, *m->labels ? "{" : "", m->labels, *m->labels ? "}" : "");
}

static void render_histogram(struct buf *out, const struct metric_info *m)
{
    uint64_t count = 0;
    char bound[32];

    for (unsigned i = 0; i < BOUNDS; i++) {
        count += sum_of(m->cell + i);
        snprintf(bound, sizeof(bound), "%.9g", bound_seconds(i));
        render_bucket(out, m, bound, count);
    }
    count += sum_of(m->cell + BOUNDS);
    render_bucket(out, m, "+Inf", count);
    render_series(out, m, "_sum");
    buf_printf(out, "%.9f\n", (double)sum_of(m->cell + SUM) / 1e9);
    render_series(out, m, "_count");
    buf_printf(out, "%llu\n", (unsigned long long)count);
}

static void render_head(struct buf *out, const struct metric_info *m)
{
    static const char *const types[] = { "counter", "gauge", "histogram" };

    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, types[m->kind]);
}

void metrics_render(struct buf *out)
{
    for (const struct metric_info *m = infos; m < infos + METRIC_COUNT; m++) {
        if (m == infos || strcmp(m->name, m[-1].name) != 0) render_head(out, m);
        if (m->kind == HISTOGRAM) {
            render_histogram(out, m);
            continue;
        }
        render_series(out, m, "");
        buf_i64(out, (int64_t)sum_of(m->cell));
        buf_putc(out, '\n');
    }
}
