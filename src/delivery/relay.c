#include "delivery/relay_private.h"

#include <sys/socket.h>

#include "base/fault.h"
#include "db/handle.h"

#define IDLE_NS (15 * 1000000000ULL) /* of a connection that is kept */

/* ---- a line's thread ---- */

/* Waits, with the lock, for a parcel. False: the relay is going. */
static bool line_wait(struct line *line)
{
    struct relay *relay = line->relay;
    while (!(line->parcel && !line->done) && !atomic_load(&relay->stopping)) {
        if (!line->easy) {
            uv_cond_wait(&line->wake, &relay->lock);
        } else if (uv_cond_timedwait(&line->wake, &relay->lock, IDLE_NS) == UV_ETIMEDOUT) {
            uv_mutex_unlock(&relay->lock);
            line_hang_up(line);
            uv_mutex_lock(&relay->lock);
        }
    }
    return line->parcel && !line->done;
}

static void line_run(void *data)
{
    struct line *line = data;
    struct relay *relay = line->relay;
    uv_mutex_lock(&relay->lock);
    while (line_wait(line)) {
        uv_mutex_unlock(&relay->lock);
        struct verdict verdict = line_talk(line);
        uv_mutex_lock(&relay->lock);
        line->verdict = verdict;
        line->done = true;
        uv_async_send(relay->async);
    }
    uv_mutex_unlock(&relay->lock);
    line_hang_up(line);
}

/* ---- the loop's thread ---- */

static struct parcel *line_reap(struct line *line)
{
    struct parcel *parcel = NULL;
    uv_mutex_lock(&line->relay->lock);
    if (line->done) {
        parcel = line->parcel;
        parcel->verdict = line->verdict;
        line->parcel = NULL;
        line->done = false;
    }
    uv_mutex_unlock(&line->relay->lock);
    return parcel;
}

static void on_async(uv_async_t *async)
{
    struct relay *relay = async->data;
    for (unsigned i = 0; i < relay->options.lines; i++) {
        struct parcel *parcel = line_reap(&relay->lines[i]);
        if (parcel) relay->options.on_done(relay->options.data, parcel);
    }
}

static struct line *line_free(struct relay *relay)
{
    for (unsigned i = 0; i < relay->options.lines; i++)
        if (!relay->lines[i].parcel) return &relay->lines[i];
    return NULL;
}

int relay_send(struct relay *relay, struct parcel *parcel)
{
    int rc = 0;
    uv_mutex_lock(&relay->lock);
    struct line *line = line_free(relay);
    if (line && !line->started) line->started = uv_thread_create(&line->thread, line_run, line) == 0;
    if (line && line->started) {
        line->parcel = parcel;
        uv_cond_signal(&line->wake);
    } else {
        rc = -1;
    }
    uv_mutex_unlock(&relay->lock);
    return rc;
}

void relay_stop(struct relay *relay)
{
    uv_mutex_lock(&relay->lock);
    atomic_store(&relay->stopping, true);
    for (unsigned i = 0; i < relay->options.lines; i++) {
        struct line *line = &relay->lines[i];
        for (size_t j = 0; line->parcel && j < line->n_sockets; j++) shutdown(line->sockets[j], SHUT_RDWR);
        uv_cond_signal(&line->wake);
    }
    uv_mutex_unlock(&relay->lock);
}

/* ---- made and taken down ---- */

static int relay_open(struct relay *relay)
{
    relay->async = base_zalloc(sizeof *relay->async);
    if (!relay->async || uv_async_init(relay->options.loop, relay->async, on_async)) {
        base_free(relay->async);
        relay->async = NULL;
        return -1;
    }
    relay->async->data = relay;
    return 0;
}

struct relay *relay_new(const struct relay_options *options, struct buf *message)
{
    struct relay *relay = base_zalloc(sizeof *relay);
    if (!relay) return NULL;
    relay->options = *options;
    uv_mutex_init(&relay->lock);
    for (unsigned i = 0; i < options->lines; i++) {
        relay->lines[i].relay = relay;
        uv_cond_init(&relay->lines[i].wake);
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (!relay_settings_read(&relay->settings, options, message) && !relay_open(relay)) return relay;
    relay_free(relay);
    return NULL;
}

static void on_async_closed(uv_handle_t *handle)
{
    base_free(handle);
}

void relay_free(struct relay *relay)
{
    if (!relay) return;
    relay_stop(relay);
    for (unsigned i = 0; i < relay->options.lines; i++) {
        if (relay->lines[i].started) uv_thread_join(&relay->lines[i].thread);
        uv_cond_destroy(&relay->lines[i].wake);
    }
    if (relay->async) uv_close((uv_handle_t *)relay->async, on_async_closed);
    uv_mutex_destroy(&relay->lock);
    curl_global_cleanup();
    relay_settings_done(&relay->settings);
    base_free(relay);
}
