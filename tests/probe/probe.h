// The probe: src/net behind a fixed set of paths, for conformance suites and the tests of this layer. Plain
// HTTP on 127.0.0.1 unless told otherwise. Never part of the release binary.
#ifndef TODOKE_PROBE_H
#define TODOKE_PROBE_H

#include <stdbool.h>
#include <uv.h>
#include "base/list.h"
#include "net/http1.h"
#include "net/listener.h"
#include "net/net.h"
#include "net/tls.h"
#include "net/ws.h"

struct probe {
    uv_loop_t loop;
    struct net *net;
    struct http_server *server;
    struct listener *listener;
    struct tls *tls;
    int fd;
    int cancelled; // requests whose connection died first; GET /stats tells
    int waiting;   // requests that /slow has not answered yet
    struct http_limits limits;
    size_t ws_queue;
    uint16_t port;
    const char *cert, *key;
    uv_signal_t stop, reload;
    struct list sockets; // of probe_ws.c
};

// probe_options.c: false and a message on stderr when the arguments make no sense.
bool probe_options(struct probe *probe, int argc, char **argv);

// probe_paths.c
extern const struct http_handlers probe_handlers;

// probe_ws.c
void probe_upgrade(struct http_request *request, struct probe *probe);
void probe_close_sockets(struct probe *probe); // 1012: it restarts

#endif
