/* The messages of todoke.live.v1, as a dashboard reads them. */
#include <msgpack.h>
#include <stdlib.h>

#include "bench.h"
#include "day.h"

static const msgpack_object *field_of(const msgpack_object *map, const char *name)
{
    size_t n = strlen(name);
    if (map->type != MSGPACK_OBJECT_MAP) return NULL;
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        if (pair->key.type == MSGPACK_OBJECT_STR && pair->key.via.str.size == n &&
            memcmp(pair->key.via.str.ptr, name, n) == 0)
            return &pair->val;
    }
    return NULL;
}

/* 0 = none. */
static uint64_t number_of(const msgpack_object *value)
{
    char digits[24] = "";
    if (!value) return 0;
    if (value->type == MSGPACK_OBJECT_POSITIVE_INTEGER) return value->via.u64;
    if (value->type != MSGPACK_OBJECT_STR || value->via.str.size >= sizeof digits) return 0;
    memcpy(digits, value->via.str.ptr, value->via.str.size);
    return strtoull(digits, NULL, 10);
}

static struct str text_of(const msgpack_object *value)
{
    return value && value->type == MSGPACK_OBJECT_STR ? str_of(value->via.str.ptr, value->via.str.size)
                                                      : (struct str){ 0 };
}

static bool is_set(const msgpack_object *value)
{
    return value && value->type != MSGPACK_OBJECT_NIL &&
           !(value->type == MSGPACK_OBJECT_BOOLEAN && !value->via.boolean);
}

static int row_read(struct dash *dash, const msgpack_object *row, bool by_snapshot, uint64_t at)
{
    struct str day = text_of(field_of(row, "first_day"));
    struct sighting sighting = {
        .id = number_of(field_of(row, "id")),
        .version = number_of(field_of(row, "version")),
        .student = number_of(field_of(row, "student_id")),
        .class_id = number_of(field_of(row, "class_id")),
        .school_id = number_of(field_of(row, "school_id")),
        .day = day_parse(day.at, day.n),
        .cancelled = is_set(field_of(row, "cancelled_at")),
        .by_snapshot = by_snapshot,
        .at = at,
    };
    if (!sighting.id || !sighting.version || !sighting.student) return -1;
    bench_second(dash->bench, at)->shown++;
    return glass_see(&dash->bench->glass, &dash->screen, &sighting);
}

/* The board's numbers: the last value of each school wins. */
static int gauge_read(struct dash *dash, const msgpack_object *row)
{
    struct dashes *dashes = &dash->bench->dashes;
    const msgpack_object *absent = field_of(row, "absent");
    dashes->gauges++;
    if (!absent) return 0; /* a row of arrivals/all */
    uint64_t *place = table_put(&dash->gauges, number_of(field_of(row, "id")));
    if (!place) return -1;
    uint64_t before = *place ? *place - 1 : 0, now = number_of(absent);
    *place = now + 1;
    bool first = dash->screen.next == NULL; /* set by dashes_make: only one board adds up */
    if (first) dashes->board_now += (int64_t)now - (int64_t)before;
    return 0;
}

static int rows_read(struct dash *dash, const msgpack_object *rows, bool by_snapshot, uint64_t at)
{
    if (!rows || rows->type != MSGPACK_OBJECT_ARRAY) return -1;
    for (uint32_t i = 0; i < rows->via.array.size; i++) {
        const msgpack_object *row = &rows->via.array.ptr[i];
        int result =
            dash->screen.kind == SCREEN_BOARD ? gauge_read(dash, row) : row_read(dash, row, by_snapshot, at);
        if (result != 0) return -1;
    }
    return 0;
}

/* Numbers count from the first whole snapshot on. */
static void board_joined(struct dash *dash, const msgpack_object *message)
{
    struct dashes *dashes = &dash->bench->dashes;
    if (dashes->board_known || dash->screen.kind != SCREEN_BOARD || dash->screen.next) return;
    if (!str_eq(text_of(field_of(message, "topic")), STR("city/all"))) return;
    dashes->board_known = true;
    dashes->board_before = dashes->board_now;
}

static int message_read(struct dash *dash, const msgpack_object *message, uint64_t at)
{
    struct str type = text_of(field_of(message, "t"));
    if (str_eq(type, STR("rows"))) return rows_read(dash, field_of(message, "rows"), false, at);
    if (str_eq(type, STR("snap"))) {
        const msgpack_object *end = field_of(message, "end");
        if (rows_read(dash, field_of(message, "rows"), true, at) != 0) return -1;
        if (end && !is_set(end)) return 0;
        board_joined(dash, message);
        dash_joined(dash, at);
        return 0;
    }
    if (str_eq(type, STR("gone"))) {
        if (dash->bench->dashes.refused++ == 0)
            fprintf(stderr, "todoke-bench: a %s dashboard lost its topic: status %llu\n",
                    screen_name(dash->screen.kind),
                    (unsigned long long)number_of(field_of(message, "status")));
        return 0;
    }
    dash->bench->dashes.ticks++;
    return 0;
}

int dash_read(struct dash *dash, const char *bytes, size_t n, uint64_t at)
{
    msgpack_unpacked unpacked;
    size_t offset = 0;
    msgpack_unpacked_init(&unpacked);
    msgpack_unpack_return got = msgpack_unpack_next(&unpacked, bytes, n, &offset);
    bool whole = got == MSGPACK_UNPACK_SUCCESS && offset == n && unpacked.data.type == MSGPACK_OBJECT_MAP;
    int result = whole ? message_read(dash, &unpacked.data, at) : -1;
    msgpack_unpacked_destroy(&unpacked);
    return result;
}
