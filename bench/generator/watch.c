#include "watch.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/list.h"
#include "pack.h"

static struct watch *watch_of(struct live *live)
{
    return container_of(live, struct watch, live);
}

/* Not among those that are dialled any more. */
static void watch_arrived(struct watch *watch)
{
    if (watch->state == WATCH_DIALING || watch->state == WATCH_JOINING) watch->of->dialing--;
}

static void watch_is_up(struct watch *watch)
{
    struct watches *of = watch->of;
    watch_arrived(watch);
    watch->state = WATCH_UP;
    of->up++;
    watches_raise(of, of->wanted);
}

/* ---- what a message is ---- */

static uint64_t rows_of(const msgpack_object *message)
{
    const msgpack_object *rows = pack_field(message, "rows");
    return rows && rows->type == MSGPACK_OBJECT_ARRAY ? rows->via.array.size : 0;
}

/* Rows are counted and remembered; a snapshot brings the socket up; a beat of the hub is nothing. */
static uint64_t watch_read(struct watch *watch, const char *bytes, size_t n)
{
    struct watches *of = watch->of;
    msgpack_unpacked unpacked;
    size_t offset = 0;
    uint64_t events = 0;
    msgpack_unpacked_init(&unpacked);
    bool whole = msgpack_unpack_next(&unpacked, bytes, n, &offset) == MSGPACK_UNPACK_SUCCESS && offset == n;
    struct str type = whole ? pack_text(pack_field(&unpacked.data, "t")) : STR("");
    if (str_eq(type, STR("rows"))) {
        of->seen_events = events = rows_of(&unpacked.data);
        buf_reset(&of->seen);
        buf_append(&of->seen, bytes, n);
    } else if (str_eq(type, STR("snap"))) {
        const msgpack_object *end = pack_field(&unpacked.data, "end");
        if (watch->state == WATCH_JOINING && (!end || pack_is_set(end))) watch_is_up(watch);
    } else if (!str_eq(type, STR("tick"))) {
        of->odd++;
    }
    msgpack_unpacked_destroy(&unpacked);
    return events;
}

/* Another server's message is one event, and must be equal to the first. */
static uint64_t watch_compare(struct watch *watch, const char *bytes, size_t n)
{
    struct watches *of = watch->of;
    if (of->seen.n == 0) buf_append(&of->seen, bytes, n);
    of->odd += !str_eq(buf_view(&of->seen), str_of(bytes, n));
    return 1;
}

static void watch_on_message(struct live *live, const char *bytes, size_t n, bool binary)
{
    struct watch *watch = watch_of(live);
    struct watches *of = watch->of;
    (void)binary;
    uint64_t events = !watch->session                                 ? watch_compare(watch, bytes, n)
                      : str_eq(buf_view(&of->seen), str_of(bytes, n)) ? of->seen_events
                                                                      : watch_read(watch, bytes, n);
    if (!events) return;
    of->messages++;
    of->bytes += n;
    of->events += events;
    watch->events += events;
}

/* ---- the life of a socket ---- */

/* What this person looks at in life; 0 = nothing that has a topic. */
static int topic_of(const struct session *session, char *out, size_t size)
{
    static const char *const names[ROLES] = { "absences/student", "absences/class", "absences/school",
                                              "city/all" };
    uint64_t ids[ROLES] = { session->student_count ? session->students[0] : 0, session->class_id,
                            session->school_id, 0 };
    if (session->role == ROLE_BOARD) return snprintf(out, size, "%s", names[ROLE_BOARD]);
    if (!ids[session->role]) return 0;
    return snprintf(out, size, "%s/%llu", names[session->role], (unsigned long long)ids[session->role]);
}

static void watch_on_opened(struct live *live)
{
    struct watch *watch = watch_of(live);
    const struct watches_options *options = &watch->of->options;
    char topic[64], text[128];
    buf_done(&watch->hello);
    if (live->conn.ssl) watch->of->cipher = SSL_get_cipher_name(live->conn.ssl);
    int named = options->topic   ? snprintf(topic, sizeof topic, "%s", options->topic)
                : watch->session ? topic_of(watch->session, topic, sizeof topic)
                                 : 0;
    if (!watch->session || !options->subscribe || !named) {
        watch_is_up(watch);
        return;
    }
    watch->state = WATCH_JOINING;
    int n = snprintf(text, sizeof text, "{\"op\":\"sub\",\"topic\":\"%s\"}", topic);
    live_send_text(live, str_of(text, (size_t)n));
}

static void watch_on_lost(struct live *live, struct live_end end)
{
    struct watch *watch = watch_of(live);
    struct watches *of = watch->of;
    if (watch->state == WATCH_UP) {
        of->up--;
        of->wanted--;
        of->lost++;
    } else if (of->failed++ == 0) {
        fprintf(stderr, "todoke-bench: a socket was not opened: %s, status %d, close code %d\n",
                loss_name(end.loss), end.status, end.code);
    }
    watch_arrived(watch);
    buf_done(&watch->hello);
    watch->state = WATCH_AWAY;
}

static void watch_on_released(struct live *live)
{
    struct watch *watch = watch_of(live);
    watch->socket = false;
    watch->of->busy--;
}

static const struct live_calls calls = { watch_on_opened, watch_on_message, watch_on_lost,
                                         watch_on_released };

static bool watch_dial(struct watch *watch)
{
    struct watches *of = watch->of;
    struct live_hello hello = of->options.hello;
    hello.token = watch->session ? watch->session->token : NULL;
    buf_init(&watch->hello, 0);
    live_greet(&watch->live, &watch->hello, &hello);
    if (watch->hello.failed || live_dial(&watch->live, of->dial, &calls) != 0) {
        buf_done(&watch->hello);
        of->failed++;
        return false;
    }
    watch->socket = true;
    watch->state = WATCH_DIALING;
    of->busy++;
    of->dialing++;
    return true;
}

/* ---- all of them ---- */

static const struct session *session_for(const struct sessions *sessions, const char *topic, size_t index)
{
    unsigned long long school;
    if (!topic) return &sessions->all[index % sessions->count];
    bool office = sscanf(topic, "absences/school/%llu", &school) == 1;
    for (size_t i = 0; i < sessions->count; i++) {
        const struct session *session = &sessions->all[i];
        if (office ? session->role == ROLE_OFFICE && session->school_id == school
                   : session->role == ROLE_BOARD)
            return session;
    }
    return NULL;
}

int watches_init(struct watches *watches, struct dial *dial, const struct watches_options *options,
                 const struct sessions *sessions, size_t room)
{
    const struct session *one = NULL;
    *watches = (struct watches){ .dial = dial, .options = *options, .room = room };
    watches->all = calloc(room ? room : 1, sizeof *watches->all);
    if (!watches->all) return -1;
    if (sessions && options->topic && !(one = session_for(sessions, options->topic, 0))) return -1;
    for (size_t i = 0; i < room; i++) {
        watches->all[i].of = watches;
        watches->all[i].session = !sessions ? NULL : one ? one : session_for(sessions, NULL, i);
    }
    return 0;
}

void watches_raise(struct watches *watches, size_t wanted)
{
    watches->wanted = wanted < watches->room ? wanted : watches->room;
    for (size_t looked = 0; looked < watches->room; looked++) {
        if (watches->up + watches->dialing >= watches->wanted ||
            watches->dialing >= watches->options.dialing_max)
            return;
        struct watch *watch = &watches->all[watches->next];
        if (!watch->socket && watch->state == WATCH_AWAY && !watch_dial(watch)) return;
        watches->next = (watches->next + 1) % watches->room;
    }
}

void watches_drop(struct watches *watches, size_t wanted)
{
    watches->wanted = wanted;
    for (size_t i = watches->room; i > 0 && watches->up + watches->dialing > wanted; i--) {
        struct watch *watch = &watches->all[i - 1];
        if (watch->state == WATCH_AWAY) continue;
        watches->up -= watch->state == WATCH_UP;
        watch_arrived(watch);
        buf_done(&watch->hello);
        watch->state = WATCH_AWAY;
        live_close(&watch->live);
    }
}

void watches_mark(struct watches *watches)
{
    watches->messages = watches->events = watches->bytes = 0;
    for (size_t i = 0; i < watches->room; i++) watches->all[i].events = 0;
}

void watches_range(const struct watches *watches, uint64_t *ret_least, uint64_t *ret_most)
{
    *ret_least = UINT64_MAX;
    *ret_most = 0;
    for (size_t i = 0; i < watches->room; i++) {
        uint64_t events = watches->all[i].events;
        if (watches->all[i].state != WATCH_UP) continue;
        if (events < *ret_least) *ret_least = events;
        if (events > *ret_most) *ret_most = events;
    }
    if (watches->up == 0) *ret_least = 0;
}

void watches_done(struct watches *watches)
{
    free(watches->all);
    buf_done(&watches->seen);
    watches->all = NULL;
}
