/* The messages of todoke.live.v1, as a dashboard reads them. */
#include "bench.h"
#include "day.h"
#include "pack.h"

static int row_read(struct dash *dash, const msgpack_object *row, bool by_snapshot, uint64_t at)
{
    struct str day = pack_text(pack_field(row, "first_day"));
    struct sighting sighting = {
        .id = pack_number(pack_field(row, "id")),
        .version = pack_number(pack_field(row, "version")),
        .student = pack_number(pack_field(row, "student_id")),
        .class_id = pack_number(pack_field(row, "class_id")),
        .school_id = pack_number(pack_field(row, "school_id")),
        .day = day_parse(day.at, day.n),
        .cancelled = pack_is_set(pack_field(row, "cancelled_at")),
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
    const msgpack_object *absent = pack_field(row, "absent");
    dashes->gauges++;
    if (!absent) return 0; /* a row of arrivals/all */
    uint64_t *place = table_put(&dash->gauges, pack_number(pack_field(row, "id")));
    if (!place) return -1;
    uint64_t before = *place ? *place - 1 : 0, now = pack_number(absent);
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
    if (!str_eq(pack_text(pack_field(message, "topic")), STR("city/all"))) return;
    dashes->board_known = true;
    dashes->board_before = dashes->board_now;
}

static int message_read(struct dash *dash, const msgpack_object *message, uint64_t at)
{
    struct str type = pack_text(pack_field(message, "t"));
    if (str_eq(type, STR("rows"))) return rows_read(dash, pack_field(message, "rows"), false, at);
    if (str_eq(type, STR("snap"))) {
        const msgpack_object *end = pack_field(message, "end");
        if (rows_read(dash, pack_field(message, "rows"), true, at) != 0) return -1;
        if (end && !pack_is_set(end)) return 0;
        board_joined(dash, message);
        dash_joined(dash, at);
        return 0;
    }
    if (str_eq(type, STR("gone"))) {
        if (dash->bench->dashes.refused++ == 0)
            fprintf(stderr, "todoke-bench: a %s dashboard lost its topic: status %llu\n",
                    screen_name(dash->screen.kind),
                    (unsigned long long)pack_number(pack_field(message, "status")));
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
