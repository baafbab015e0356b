#ifndef ENGINE_HUB_PRIVATE_H
#define ENGINE_HUB_PRIVATE_H

#include "base/map.h"
#include "db/batch.h"
#include "db/gather.h"
#include "db/listen.h"
#include "engine/hub.h"
#include "engine/id_set.h"
#include "engine/session.h"
#include "net/ws.h"

#define HUB_TOPICS_MAX  200  /* of one socket */
#define HUB_HELD_MAX    32   /* frames kept for a subscriber that waits for its snapshot */
#define HUB_IDS_MAX     2000 /* changed rows in one reading */
#define HUB_TICK_MS     15000
#define HUB_LAG_MAX_MS  20000
#define HUB_RETRY_MS    500
#define HUB_QUEUE_BYTES (512 * 1024)
#define HUB_MESSAGE_MAX 4096
#define HUB_AHEAD       16 /* subscribers whose memory is asked for at once */

struct feed_state {
    struct hub *hub;
    const struct feed *feed;
    unsigned followed; /* topics, of its gauges too */
    struct id_set dirty;
    bool reading;
    struct arena arena;
    struct batch batch;
};

struct gauge_state {
    struct hub *hub;
    const struct gauge *gauge;
    struct feed_state *of[GAUGE_FEEDS]; /* whose changes make it dirty; ends with null */
    unsigned followed;                  /* topics */
    struct id_set dirty;
    bool due, reading;
    uint64_t read_at, next_at; /* ms of the loop */
    struct arena arena;
    struct batch batch;
};

/* What clients follow: "absences/class/12". Exists while somebody follows it. */
struct live_topic {
    struct hub *hub;
    struct str name;           /* owned, behind the struct */
    const struct topic *topic; /* null: a gauge's */
    struct feed_state *feed;
    struct gauge_state *gauge;
    int64_t key;
    struct list subscriptions;
    struct list link; /* hub->wanted: needs a snapshot; hub->retry: the same, a little later; hub->touched:
                         has rows */
    bool wanted, touched, reading;
    unsigned round; /* of snapshots: a subscriber that came after one was asked for takes the next */
    struct buf rows;
    size_t n_rows;
    struct gather_request gather; /* reads the snapshot; one that can't be gathered is read by */
    struct snapshot_read *read;   /* null: not now (1 KiB, and most topics rest) */
};

/* ASKING --allowed--> WAITING --snapshot--> FOLLOWING
 *                        ^                     |
 *                        +---- after a gap ----+     */
enum subscription_state { SUBSCRIPTION_ASKING, SUBSCRIPTION_WAITING, SUBSCRIPTION_FOLLOWING };

struct subscription {
    struct list of_socket, of_topic;
    struct live_socket *socket;
    struct live_topic *topic;
    enum subscription_state state;
    unsigned round; /* the first snapshot that serves it */
    unsigned n_held;
    struct chunk **held;          /* HUB_HELD_MAX of them; made when the first comes */
    struct gather_request gather; /* asks for the permission, also again while it follows */
};

struct live_socket {
    struct ws *ws;
    struct hub *hub;
    bool lagging, closing;
    bool checking;   /* the session is being looked for, */
    bool rechecking; /* and then what it follows; */
    bool recheck;    /* once more, because access changed meanwhile */
    unsigned n_subscriptions;
    uint64_t lagging_since; /* ms of the loop */
    struct list link;       /* hub->sockets */
    struct session session; /* its schools: base_free */
    struct list subscriptions;
    struct gather_request gather;
};

struct hub {
    struct engine *engine;
    struct db *db;
    uv_loop_t *loop;
    struct listen *listen;
    struct map topics;
    struct list sockets, wanted, retry, touched;
    struct feed_state *feeds;
    size_t n_feeds;
    struct gauge_state *gauges;
    size_t n_gauges;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_timer_t timer; /* every 250 ms: gauges, retries, ticks */
    uint64_t ticked_at, retry_at;
    bool gap, draining;
    int handles;
    void (*on_closed)(void *data);
    void *on_closed_data;
};

/* hub_socket.c */
void hub_socket_send(struct live_socket *socket, struct chunk *frame);
void hub_socket_check(struct live_socket *socket,
                      bool access_changed); /* does the session still live, and what may it follow? */
void hub_sockets_tick(struct hub *hub);

/* hub_topic.c */
void hub_subscribe(struct live_socket *socket, struct str name);
void hub_unsubscribe(struct live_socket *socket, struct str name);
void subscription_free(struct subscription *subscription);
void subscription_recheck(struct subscription *subscription);
void hub_topic_want(struct live_topic *topic); /* a new snapshot for all who follow it */
void hub_topics_flush(struct hub *hub);
void hub_topic_send(struct live_topic *topic, struct chunk *frame);
struct live_topic *hub_topic_find(struct hub *hub, const char *name, const char *scope, int64_t key);
struct chunk *hub_frame(const char *kind, struct str topic, struct str rows);

/* hub_feed.c */
void hub_feed_dirty(struct hub *hub, struct str payload);
void hub_feeds_flush(struct hub *hub);
void hub_gap(struct hub *hub);

/* hub_fanout.c */
struct hub_row {
    struct rows rows;
    int row;
    struct buf *bytes; /* borrowed; holds the row once it is encoded */
    bool encoded;
};
/* To the topic "<name>/<scope>/<key>", or "<name>/all" when scope is null, if somebody here follows it. */
void hub_fan_row(struct hub *hub, struct hub_row *row, const char *name, const char *scope, int64_t key);
void hub_fan_send(struct hub *hub);

/* hub_gauge.c */
bool gauge_is_of(const struct gauge_state *gauge, const struct feed_state *feed);
void gauge_dirty(struct gauge_state *gauge, struct rows rows);
void hub_gauges_flush(struct hub *hub);

/* A batch of one statement that the engine itself runs, with the whole city in view. */
enum err hub_read(struct hub *hub, struct arena *arena, struct batch *batch,
                  const struct statement *statement, const struct args *args, batch_on_done *on_done,
                  void *data);

#endif
