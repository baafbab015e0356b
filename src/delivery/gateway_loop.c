#include "base/fault.h"
#include "db/handle.h"
#include "delivery/gateway_private.h"

/* libcurl 7.88 resets each stream that has ended, and servers count resets: nghttp2, with it node, ends a
 * connection after a thousand at once (CVE-2023-44487), and with it the pushes under way, which would be sent
 * a second time. */
#define ROUND_PUSHES 400

struct gateway_socket {
    struct list link;
    struct gateway_round *round;
    struct poller *poller;
    curl_socket_t fd;
};

static void act(struct gateway_round *round, curl_socket_t fd, int what)
{
    CURLMsg *message;
    int running, left;
    curl_multi_socket_action(round->multi, fd, what, &running);
    while ((message = curl_multi_info_read(round->multi, &left)))
        if (message->msg == CURLMSG_DONE)
            gateway_on_done(round->gateway, message->easy_handle, message->data.result);
}

static void on_event(void *data, int status, int events)
{
    struct gateway_socket *each = data;
    int what = status < 0 ? CURL_CSELECT_ERR : 0;
    if (events & UV_READABLE) what |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE) what |= CURL_CSELECT_OUT;
    act(each->round, each->fd, what);
}

static void on_tick(void *data)
{
    act(data, CURL_SOCKET_TIMEOUT, 0);
}

static struct gateway_socket *socket_new(struct gateway_round *round, curl_socket_t fd)
{
    struct gateway_socket *each = base_zalloc(sizeof *each);
    if (!each) return NULL;
    *each = (struct gateway_socket){ .round = round, .fd = fd };
    each->poller = poller_open(round->gateway->options.loop, fd, on_event, each);
    if (!each->poller) {
        base_free(each);
        return NULL;
    }
    list_append(&round->sockets, &each->link);
    curl_multi_assign(round->multi, fd, each);
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
    struct gateway_round *round = data;
    struct gateway_socket *each = of_socket;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (each) socket_free(each);
        curl_multi_assign(round->multi, fd, NULL);
        return 0;
    }
    if (!each) each = socket_new(round, fd);
    if (!each) return 0;
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    poller_watch(each->poller, events);
    return 0;
}

/* Not inside the call: libcurl must not be entered from its own callback. */
static int on_timer(CURLM *multi, long ms, void *data)
{
    struct gateway_round *round = data;
    (void)multi;
    if (ms < 0)
        ticker_stop(round->ticker);
    else
        ticker_set(round->ticker, (uint64_t)ms, 0);
    return 0;
}

/* ---- rounds ---- */

static int round_open(struct gateway_round *round)
{
    round->pushes = 0;
    round->multi = curl_multi_init();
    if (!round->multi) return -1;
    curl_multi_setopt(round->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(round->multi, CURLMOPT_SOCKETDATA, round);
    curl_multi_setopt(round->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(round->multi, CURLMOPT_TIMERDATA, round);
    curl_multi_setopt(round->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(round->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 4L);
    curl_multi_setopt(round->multi, CURLMOPT_MAXCONNECTS, 16L);
    return 0;
}

static void round_close(struct gateway_round *round)
{
    if (round->multi) curl_multi_cleanup(round->multi);
    round->multi = NULL;
    while (!list_empty(&round->sockets))
        socket_free(LIST_FIRST(&round->sockets, struct gateway_socket, link));
    ticker_stop(round->ticker);
}

/* Only one is given up at a time: until nothing of it is under way any more, this one goes on. */
static int round_choose(struct gateway *gateway)
{
    struct gateway_round *round = gateway->round, *other = &gateway->rounds[round == &gateway->rounds[0]];
    if (round->pushes < ROUND_PUSHES || other->multi) return 0;
    if (round_open(other)) return -1;
    gateway->round = other;
    if (round->under_way == 0) round_close(round);
    return 0;
}

int gateway_loop_join(struct gateway *gateway, struct gateway_line *line)
{
    if (round_choose(gateway)) return -1;
    struct gateway_round *round = gateway->round;
    if (curl_multi_add_handle(round->multi, line->easy)) return -1;
    round->pushes++;
    round->under_way++;
    line->round = round;
    return 0;
}

void gateway_loop_leave(struct gateway_line *line)
{
    struct gateway_round *round = line->round;
    curl_multi_remove_handle(round->multi, line->easy);
    line->round = NULL;
    if (--round->under_way == 0 && round != round->gateway->round) round_close(round);
}

int gateway_loop_open(struct gateway *gateway)
{
    gateway->round = &gateway->rounds[0];
    for (size_t i = 0; i < 2; i++) {
        struct gateway_round *round = &gateway->rounds[i];
        round->gateway = gateway;
        list_init(&round->sockets);
        round->ticker = ticker_open(gateway->options.loop, on_tick, round);
        if (!round->ticker) return -1;
    }
    return round_open(gateway->round);
}

void gateway_loop_close(struct gateway *gateway)
{
    for (size_t i = 0; i < 2; i++) {
        if (!gateway->rounds[i].ticker) continue;
        round_close(&gateway->rounds[i]);
        ticker_close(gateway->rounds[i].ticker);
    }
}
