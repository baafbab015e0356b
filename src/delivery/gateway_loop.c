#include "base/fault.h"
#include "db/handle.h"
#include "delivery/gateway_private.h"

struct gateway_socket {
    struct list link;
    struct gateway *gateway;
    struct poller *poller;
    curl_socket_t fd;
};

static void reap(struct gateway *gateway)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(gateway->multi, &left)))
        if (message->msg == CURLMSG_DONE)
            gateway_on_done(gateway, message->easy_handle, message->data.result);
}

static void act(struct gateway *gateway, curl_socket_t fd, int what)
{
    int running;
    curl_multi_socket_action(gateway->multi, fd, what, &running);
    reap(gateway);
}

static void on_event(void *data, int status, int events)
{
    struct gateway_socket *each = data;
    int what = status < 0 ? CURL_CSELECT_ERR : 0;
    if (events & UV_READABLE) what |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE) what |= CURL_CSELECT_OUT;
    act(each->gateway, each->fd, what);
}

static void on_tick(void *data)
{
    act(data, CURL_SOCKET_TIMEOUT, 0);
}

static struct gateway_socket *socket_new(struct gateway *gateway, curl_socket_t fd)
{
    struct gateway_socket *each = base_zalloc(sizeof *each);
    if (!each) return NULL;
    *each = (struct gateway_socket){ .gateway = gateway, .fd = fd };
    each->poller = poller_open(gateway->options.loop, fd, on_event, each);
    if (!each->poller) {
        base_free(each);
        return NULL;
    }
    list_append(&gateway->sockets, &each->link);
    curl_multi_assign(gateway->multi, fd, each);
    return each;
}

static void socket_free(struct gateway_socket *each)
{
    poller_close(each->poller);
    list_remove(&each->link);
    base_free(each);
}

/* Where the socket can't be watched, the transfer ends by its deadline. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *of_socket)
{
    struct gateway *gateway = data;
    struct gateway_socket *each = of_socket;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (each) socket_free(each);
        curl_multi_assign(gateway->multi, fd, NULL);
        return 0;
    }
    if (!each) each = socket_new(gateway, fd);
    if (!each) return 0;
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    poller_watch(each->poller, events);
    return 0;
}

/* Not inside the call: libcurl must not be entered from its own callback. */
static int on_timer(CURLM *multi, long ms, void *data)
{
    struct gateway *gateway = data;
    (void)multi;
    if (ms < 0)
        ticker_stop(gateway->ticker);
    else
        ticker_set(gateway->ticker, (uint64_t)ms, 0);
    return 0;
}

int gateway_loop_open(struct gateway *gateway)
{
    list_init(&gateway->sockets);
    gateway->ticker = ticker_open(gateway->options.loop, on_tick, gateway);
    gateway->multi = gateway->ticker ? curl_multi_init() : NULL;
    if (!gateway->multi) return -1;
    curl_multi_setopt(gateway->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(gateway->multi, CURLMOPT_SOCKETDATA, gateway);
    curl_multi_setopt(gateway->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(gateway->multi, CURLMOPT_TIMERDATA, gateway);
    curl_multi_setopt(gateway->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(gateway->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 4L);
    curl_multi_setopt(gateway->multi, CURLMOPT_MAXCONNECTS, 16L);
    return 0;
}

void gateway_loop_close(struct gateway *gateway)
{
    if (gateway->multi) curl_multi_cleanup(gateway->multi);
    while (!list_empty(&gateway->sockets))
        socket_free(LIST_FIRST(&gateway->sockets, struct gateway_socket, link));
    ticker_close(gateway->ticker);
}
