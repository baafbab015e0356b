/* What relay.c (lines and threads) and relay_setup.c (settings -> libcurl) share. */
#ifndef DELIVERY_RELAY_PRIVATE_H
#define DELIVERY_RELAY_PRIVATE_H

#include "delivery/relay.h"

#include <curl/curl.h>
#include <stdatomic.h>

#include "delivery/smtp_talk.h"

#define LINE_SOCKETS 8 /* one connection; more only while addresses of a host are tried beside each other */

struct relay_settings {
    struct buf url, from; /* NUL-terminated */
    char password[256];
    long tls; /* CURLUSESSL_... */
    long patience_s;
};

/* A thread and its connection. `parcel` and `done` change hands under the relay's lock; `sockets` is looked
 * at by the loop's thread when it breaks off. All else is the thread's own. */
struct line {
    struct relay *relay;
    uv_thread_t thread;
    uv_cond_t wake;
    bool started;
    struct parcel *parcel;
    bool done;
    struct verdict verdict;
    curl_socket_t sockets[LINE_SOCKETS];
    size_t n_sockets;
    CURL *easy; /* keeps the connection */
    struct smtp_talk talk;
    size_t at; /* of the message */
};

struct relay {
    struct relay_options options;
    struct relay_settings settings;
    uv_async_t *async; /* on the heap: closed while the relay goes */
    uv_mutex_t lock;
    atomic_bool stopping;
    struct line lines[RELAY_LINES_MAX];
};

/* 0, or -1 with a line in `message`. */
int relay_settings_read(struct relay_settings *settings, const struct relay_options *options,
                        struct buf *message);
void relay_settings_done(struct relay_settings *settings);

/* Sends the line's parcel and waits for the outcome. On the line's thread. */
struct verdict line_talk(struct line *line);
/* Lets the connection go, with a QUIT that nobody waits for. */
void line_hang_up(struct line *line);

#endif
