#include "probe.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fault.h"
#include "net/ws_private.h"

static void probe_on_drained(void *data)
{
    struct probe *probe = data;
    uv_close((uv_handle_t *)&probe->stop, NULL);
    uv_close((uv_handle_t *)&probe->reload, NULL);
}

static void probe_on_stop(uv_signal_t *signal, int number)
{
    (void)number;
    struct probe *probe = signal->data;
    uv_signal_stop(signal);
    listener_stop(probe->listener);
    http_server_drain(probe->server, probe_on_drained, probe);
    probe_close_sockets(probe);
}

static void probe_on_reload(uv_signal_t *signal, int number)
{
    (void)number;
    struct probe *probe = signal->data;
    char reason[128];
    if (probe->tls && tls_reload(probe->tls, reason, sizeof reason) < 0) fprintf(stderr, "%s\n", reason);
}

static bool probe_open(struct probe *probe)
{
    char reason[128];
    int r = net_listen_socket("127.0.0.1", probe->port, &probe->fd);
    if (r < 0) {
        fprintf(stderr, "todoke-probe: %s\n", strerror(-r));
        return false;
    }
    if (probe->cert && !(probe->tls = tls_new(probe->cert, probe->key, reason, sizeof reason))) {
        fprintf(stderr, "todoke-probe: %s\n", reason);
        return false;
    }
    probe->net = net_new(&probe->loop);
    if (!probe->net) return false;
    probe->server = http_server_new(probe->net, &probe->limits, &probe_handlers, probe);
    if (!probe->server) return false;
    probe->listener = listener_open(probe->net, probe->fd, probe->tls, probe->server);
    if (!probe->listener) return false;
    uv_signal_init(&probe->loop, &probe->stop);
    uv_signal_init(&probe->loop, &probe->reload);
    probe->stop.data = probe->reload.data = probe;
    uv_signal_start(&probe->stop, probe_on_stop, SIGTERM);
    uv_signal_start(&probe->reload, probe_on_reload, SIGHUP);
    return true;
}

int main(int argc, char **argv)
{
    static struct probe probe = { .ws_queue = 64 << 20 };
    if (!probe_options(&probe, argc, argv) || fault_init() < 0) return 2;
    signal(SIGPIPE, SIG_IGN);
    list_init(&probe.sockets);
    uv_loop_init(&probe.loop);
    if (!probe_open(&probe)) return 1;
    printf("listening on 127.0.0.1:%d\n", net_socket_port(probe.fd));
    fflush(stdout);
    uv_run(&probe.loop, UV_RUN_DEFAULT);
    listener_free(probe.listener);
    http_server_free(probe.server);
    net_free(probe.net);
    uv_run(&probe.loop, UV_RUN_DEFAULT);
    tls_free(probe.tls);
    close(probe.fd);
    ws_parsers_drop();
    arena_cache_drop();
    return uv_loop_close(&probe.loop) == 0 ? 0 : 1;
}
