#include "base/fault.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/str.h"

enum { POINTS = 128, NAME_SIZE = 48 };

struct fault_point {
    char name[NAME_SIZE];
    atomic_uint_fast64_t calls;
    uint64_t first; /* the call that fails; 0 = none */
    bool onwards;
};

bool fault_armed;
static struct fault_point points[POINTS];
static size_t point_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct fault_point *point_of(struct str name)
{
    struct fault_point *p;

    for (size_t i = 0; i < point_count; i++)
        if (str_eq(str_c(points[i].name), name)) return &points[i];
    if (point_count == POINTS || name.n == 0 || name.n >= NAME_SIZE) return NULL;
    p = &points[point_count++];
    memcpy(p->name, name.at, name.n);
    return p;
}

struct fault_point *fault_point_find(const char *name)
{
    struct fault_point *p;

    pthread_mutex_lock(&lock);
    p = point_of(str_c(name));
    pthread_mutex_unlock(&lock);
    CHECK(p);
    return p;
}

bool fault_point_hit(struct fault_point *p)
{
    uint64_t call = atomic_fetch_add(&p->calls, 1) + 1;

    return p->first && (call == p->first || (p->onwards && call > p->first));
}

static int arm_one(struct str item)
{
    struct str count, name = str_cut(item, ':', &count);
    bool onwards = str_ends(count, STR("+"));
    struct fault_point *p;
    int64_t n;

    if (onwards) count.n--;
    if (!str_to_i64(count, &n) || n < 0) return -1;
    if (!(p = point_of(name))) return -1;
    p->first = (uint64_t)n;
    p->onwards = onwards;
    fault_armed = true;
    return 0;
}

static void disarm(void)
{
    fault_armed = false;
    for (size_t i = 0; i < point_count; i++) {
        points[i].first = 0;
        points[i].onwards = false;
        atomic_store(&points[i].calls, 0);
    }
}

int fault_arm(const char *spec)
{
    struct str rest = str_c(spec);
    int rc = 0;

    pthread_mutex_lock(&lock);
    disarm();
    while (rest.n && rc == 0) rc = arm_one(str_trim(str_cut(rest, ',', &rest)));
    if (rc) disarm();
    pthread_mutex_unlock(&lock);
    return rc;
}

int fault_init(void)
{
    return fault_arm(getenv("TODOKE_FAULTS"));
}

/* So that no program, and no test's helper, has to remember it. */
__attribute__((constructor)) static void arm_at_start(void)
{
    (void)fault_init();
}

uint64_t fault_calls(const char *name)
{
    return atomic_load(&fault_point_find(name)->calls);
}

void *base_alloc(size_t n)
{
    return fault_hit("alloc") ? NULL : malloc(n ? n : 1);
}

void *base_zalloc(size_t n)
{
    return fault_hit("alloc") ? NULL : calloc(1, n ? n : 1);
}

void *base_realloc(void *p, size_t n)
{
    return fault_hit("alloc") ? NULL : realloc(p, n ? n : 1);
}

void base_free(void *p)
{
    free(p);
}
