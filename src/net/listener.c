#include "net/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/list.h"
#include "base/metrics.h"
#include "net/http1_private.h"

#define LISTEN_BACKLOG 4096
#define ACCEPT_BATCH   64 // per turn of the loop: connections that are open get their turn, too
#define PAUSE_MS       100

struct listener {
    struct net *net;
    struct tls *tls;
    struct http_server *server;
    struct list link;
    uv_poll_t poll;
    uv_timer_t pause;
    int fd;
    int reserve; // a descriptor to give up when there is no other
    unsigned handles;
    bool accepting; // the owner wants it
};

static int listen_on(int fd, const struct addrinfo *address)
{
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 || // what it accepts inherits this
        bind(fd, address->ai_addr, address->ai_addrlen) < 0 || listen(fd, LISTEN_BACKLOG) < 0)
        return -errno;
    return 0;
}

int net_listen_socket(const char *host, uint16_t port, int *ret_fd)
{
    char service[8];
    snprintf(service, sizeof service, "%u", port);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
    struct addrinfo *address = NULL;
    if (getaddrinfo(host, service, &hints, &address) != 0) return -EINVAL;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int r = fd < 0 ? -errno : listen_on(fd, address);
    freeaddrinfo(address);
    if (r < 0) {
        if (fd >= 0) close(fd);
        return r;
    }
    *ret_fd = fd;
    return 0;
}

int net_socket_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) return -errno;
    if (address.ss_family == AF_INET) return ntohs(((struct sockaddr_in *)&address)->sin_port);
    if (address.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return -EAFNOSUPPORT;
}

static int open_reserve(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void listener_on_pause_over(uv_timer_t *timer)
{
    struct listener *listener = timer->data;
    if (listener->accepting) listener_start(listener);
}

static void listener_pause(struct listener *listener)
{
    uv_poll_stop(&listener->poll);
    uv_timer_start(&listener->pause, listener_on_pause_over, PAUSE_MS, 0);
}

// Out of descriptors: the reserve one takes a connection off the queue, so that its client hears of it at
// once.
static void listener_shed(struct listener *listener)
{
    listener->net->counters.refused++;
    metric_inc(METRIC_HTTP_REFUSED);
    if (listener->reserve >= 0) {
        close(listener->reserve);
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) close(fd);
        listener->reserve = open_reserve();
    }
    listener_pause(listener);
}

// More wait for a handshake than can be made while they have patience. A reset is cheap, and said at once.
static bool listener_crowded(const struct listener *listener)
{
    return listener->tls && listener->net->hellos_n >= listener->server->limits.hellos;
}

static void listener_cut(struct listener *listener, int fd)
{
    struct linger at_once = { .l_onoff = 1 };
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
    listener->net->counters.crowded++;
    metric_inc(METRIC_CROWDED);
}

// false: no more for now.
static bool listener_accept_one(struct listener *listener)
{
    bool full = server_full(listener->server);
    if (full && !server_evictable(listener->server)) {
        uv_poll_stop(&listener->poll); // listener_wake starts it again
        return false;
    }
    int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0 && fault_hit("net.accept")) {
        close(fd);
        fd = -1;
        errno = EMFILE;
    }
    if (fd >= 0 && listener_crowded(listener)) {
        listener_cut(listener, fd);
        return true;
    }
    if (fd >= 0) {
        if (full) server_evict(listener->server);
        metric_inc(METRIC_ACCEPTED);
        server_accept(listener->server, fd, listener->tls);
        return true;
    }
    if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO) return true;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) listener_shed(listener);
    return false;
}

static void listener_on_poll(uv_poll_t *poll, int status, int events)
{
    (void)events;
    struct listener *listener = poll->data;
    if (status < 0) {
        listener_pause(listener);
        return;
    }
    for (int i = 0; i < ACCEPT_BATCH && listener->accepting; i++)
        if (!listener_accept_one(listener)) return;
}

int listener_start(struct listener *listener)
{
    listener->accepting = true;
    return uv_poll_start(&listener->poll, UV_READABLE, listener_on_poll);
}

void listener_stop(struct listener *listener)
{
    listener->accepting = false;
    uv_poll_stop(&listener->poll);
    uv_timer_stop(&listener->pause);
}

void listener_wake(struct list *listeners)
{
    struct listener *listener;
    LIST_FOREACH (listener, listeners, link)
        if (listener->accepting && !uv_is_active((uv_handle_t *)&listener->poll)) listener_start(listener);
}

struct listener *listener_open(struct net *net, int fd, struct tls *tls, struct http_server *server)
{
    struct listener *listener = base_zalloc(sizeof *listener);
    if (!listener) return NULL;
    *listener = (struct listener){ .net = net, .tls = tls, .server = server, .fd = fd };
    list_init(&listener->link);
    if (uv_poll_init(net->loop, &listener->poll, fd) < 0) {
        base_free(listener);
        return NULL;
    }
    uv_timer_init(net->loop, &listener->pause);
    listener->poll.data = listener->pause.data = listener;
    listener->handles = 2;
    listener->reserve = open_reserve();
    list_append(&server->listeners, &listener->link);
    net_ref(net);
    if (listener_start(listener) < 0) {
        listener_free(listener);
        return NULL;
    }
    return listener;
}

static void listener_on_closed(uv_handle_t *handle)
{
    struct listener *listener = handle->data;
    if (--listener->handles > 0) return;
    net_unref(listener->net);
    base_free(listener);
}

void listener_free(struct listener *listener)
{
    if (!listener) return;
    listener->accepting = false;
    list_remove(&listener->link);
    if (listener->reserve >= 0) close(listener->reserve);
    uv_close((uv_handle_t *)&listener->poll, listener_on_closed);
    uv_close((uv_handle_t *)&listener->pause, listener_on_closed);
}
