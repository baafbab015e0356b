/* Linear probing; removed entries leave graves, so that removal is possible while iterating. Both kinds of
 * map have the same slots: a u64 key is a string without bytes whose "length" is the number. */
#include "base/map.h"

#include "base/check.h"
#include "base/fault.h"

enum { FRESH = 0, GRAVE = 1, FIRST_HASH = 2, FIRST_SIZE = 16 };

struct map_slot {
    uint64_t hash; /* FRESH, GRAVE, or the key's */
    struct str key;
    void *value;
};

static uint64_t hash_of(struct str key)
{
    uint64_t number = key.n;
    uint64_t h = key.at ? hash_bytes(key.at, key.n) : hash_bytes(&number, sizeof(number));

    return h < FIRST_HASH ? h + FIRST_HASH : h;
}

static bool same(struct str a, struct str b)
{
    if (a.n != b.n) return false;
    return !a.at || !b.at ? a.at == b.at : memcmp(a.at, b.at, a.n) == 0;
}

static struct map_slot *find(const struct map *m, uint64_t hash, struct str key)
{
    for (size_t i = hash & (m->size - 1); m->size; i = (i + 1) & (m->size - 1)) {
        struct map_slot *s = &m->slots[i];

        if (s->hash == FRESH) return NULL;
        if (s->hash == hash && same(s->key, key)) return s;
    }
    return NULL;
}

/* The first slot that is free for this hash: there always is one. */
static struct map_slot *place(struct map_slot *slots, size_t size, uint64_t hash)
{
    size_t i = hash & (size - 1);

    while (slots[i].hash >= FIRST_HASH) i = (i + 1) & (size - 1);
    return &slots[i];
}

/* Room for one more: at most 3/4 of the slots are not fresh. */
static int make_room(struct map *m)
{
    size_t size = m->size ? m->size : FIRST_SIZE;
    struct map_slot *slots;

    if ((m->dirty + 1) * 4 <= m->size * 3) return 0;
    while ((m->n + 1) * 2 > size) size *= 2;
    if (!(slots = base_zalloc(size * sizeof(*slots)))) return -1;
    for (size_t i = 0; i < m->size; i++)
        if (m->slots[i].hash >= FIRST_HASH) *place(slots, size, m->slots[i].hash) = m->slots[i];
    base_free(m->slots);
    m->slots = slots;
    m->size = size;
    m->dirty = m->n;
    return 0;
}

static int set(struct map *m, struct str key, void *value, void **ret_old)
{
    uint64_t hash = hash_of(key);
    struct map_slot *s = find(m, hash, key);
    void *old = s ? s->value : NULL;

    CHECK(value);
    if (!s) {
        if (make_room(m)) return -1;
        s = place(m->slots, m->size, hash);
        m->dirty += s->hash == FRESH;
        m->n++;
    }
    *s = (struct map_slot){ hash, key, value };
    if (ret_old) *ret_old = old;
    return 0;
}

static void *take(struct map *m, struct str key)
{
    struct map_slot *s = find(m, hash_of(key), key);
    void *value;

    if (!s) return NULL;
    value = s->value;
    *s = (struct map_slot){ .hash = GRAVE };
    m->n--;
    return value;
}

static const struct map_slot *next(const struct map *m, size_t *cursor)
{
    while (*cursor < m->size) {
        const struct map_slot *s = &m->slots[(*cursor)++];

        if (s->hash >= FIRST_HASH) return s;
    }
    return NULL;
}

/* {NULL, 0} is the empty string here; without bytes it would be the number 0. */
static struct str with_bytes(struct str key)
{
    return key.at ? key : STR("");
}

void map_init(struct map *m)
{
    *m = (struct map){ 0 };
}

void map_done(struct map *m)
{
    base_free(m->slots);
    map_init(m);
}

void *map_get(const struct map *m, struct str key)
{
    struct map_slot *s;

    if (m->n == 0) return NULL;
    key = with_bytes(key);
    s = find(m, hash_of(key), key);
    return s ? s->value : NULL;
}

int map_set(struct map *m, struct str key, void *value, void **ret_old)
{
    return set(m, with_bytes(key), value, ret_old);
}

void *map_remove(struct map *m, struct str key)
{
    return take(m, with_bytes(key));
}

bool map_next(const struct map *m, size_t *cursor, struct str *ret_key, void **ret_value)
{
    const struct map_slot *s = next(m, cursor);

    if (s && ret_key) *ret_key = s->key;
    if (s && ret_value) *ret_value = s->value;
    return s;
}

static struct str number(uint64_t key)
{
    return str_of(NULL, (size_t)key);
}

void map_u64_init(struct map_u64 *m)
{
    map_init(&m->map);
}

void map_u64_done(struct map_u64 *m)
{
    map_done(&m->map);
}

void *map_u64_get(const struct map_u64 *m, uint64_t key)
{
    struct map_slot *s = m->map.n ? find(&m->map, hash_of(number(key)), number(key)) : NULL;

    return s ? s->value : NULL;
}

int map_u64_set(struct map_u64 *m, uint64_t key, void *value, void **ret_old)
{
    return set(&m->map, number(key), value, ret_old);
}

void *map_u64_remove(struct map_u64 *m, uint64_t key)
{
    return take(&m->map, number(key));
}

bool map_u64_next(const struct map_u64 *m, size_t *cursor, uint64_t *ret_key, void **ret_value)
{
    const struct map_slot *s = next(&m->map, cursor);

    if (s && ret_key) *ret_key = s->key.n;
    if (s && ret_value) *ret_value = s->value;
    return s;
}

_Static_assert(sizeof(size_t) == sizeof(uint64_t), "u64 keys are kept in a length");
