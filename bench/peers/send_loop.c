/* peer-send_loop: what the kernel alone costs. A WebSocket server that does nothing but one send() of bytes
 * that are framed already, for each socket and tick: no queue, no write events, no framing, no library.
 *
 *   GET (any path, Upgrade)          becomes a subscriber
 *   POST /publish?events=N, body     is sent N times to each, all frames in one send(); answered 204
 *
 * --port N. Prints "ready" when it listens. A subscriber whose socket buffer is full is closed: the count
 * then shows it. */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum { FILES = 65536, HEAD = 2048, BODY = 16384, EVENTS = 64 };

static int poller, listener;
static int subscribers[FILES], count;
static struct talk {
    char *bytes; /* until it is a subscriber */
    size_t n;
} talks[FILES];

static void say(int fd, const char *text, size_t n)
{
    if (send(fd, text, n, MSG_NOSIGNAL) != (ssize_t)n) shutdown(fd, SHUT_RDWR);
}

static void leave(int fd)
{
    for (int i = 0; i < count; i++)
        if (subscribers[i] == fd) subscribers[i--] = subscribers[--count];
    free(talks[fd].bytes);
    talks[fd] = (struct talk){ 0 };
    close(fd);
}

static void subscribe(int fd, const char *head)
{
    const char *field = strstr(head, "Sec-WebSocket-Key: ");
    char key[25] = "", text[64], accept[32], answer[256];
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (field) snprintf(key, sizeof key, "%.24s", field + strlen("Sec-WebSocket-Key: "));
    int n = snprintf(text, sizeof text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    EVP_Digest(text, (size_t)n, hash, &size, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)accept, hash, (int)size);
    n = snprintf(answer, sizeof answer,
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Accept: %s\r\n\r\n",
                 accept);
    say(fd, answer, (size_t)n);
    free(talks[fd].bytes);
    talks[fd] = (struct talk){ 0 };
    subscribers[count++] = fd;
}

static void publish(const char *body, size_t n, int events)
{
    static char frames[EVENTS * (BODY + 4)];
    size_t at = 0;
    for (int i = 0; i < events && i < EVENTS; i++) {
        frames[at++] = (char)0x82;
        frames[at++] = (char)(n < 126 ? n : 126);
        if (n >= 126) {
            frames[at++] = (char)(n >> 8);
            frames[at++] = (char)n;
        }
        memcpy(frames + at, body, n);
        at += n;
    }
    for (int i = 0; i < count; i++)
        if (send(subscribers[i], frames, at, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)at)
            shutdown(subscribers[i], SHUT_RDWR);
}

/* True when a whole request was there. */
static int obey(int fd)
{
    static const char done[] = "HTTP/1.1 204 No Content\r\n\r\n";
    struct talk *talk = &talks[fd];
    char *end = strstr(talk->bytes, "\r\n\r\n");
    if (!end) return 0;
    if (strncmp(talk->bytes, "GET ", 4) == 0) {
        subscribe(fd, talk->bytes);
        return 1;
    }
    size_t head = (size_t)(end - talk->bytes) + 4, body = 0;
    const char *length = strcasestr(talk->bytes, "\r\nContent-Length: "),
               *events = strstr(talk->bytes, "events=");
    if (length && length < end) body = strtoul(length + strlen("\r\nContent-Length: "), NULL, 10);
    if (talk->n < head + body) return 0;
    publish(talk->bytes + head, body, events && events < end ? atoi(events + 7) : 1);
    say(fd, done, sizeof done - 1);
    talk->n = 0;
    return 1;
}

static void hear(int fd)
{
    char ignored[512];
    struct talk *talk = &talks[fd];
    if (!talk->bytes) { /* a subscriber: only its end is of interest */
        ssize_t got = recv(fd, ignored, sizeof ignored, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN)) leave(fd);
        return;
    }
    ssize_t got = recv(fd, talk->bytes + talk->n, HEAD + BODY - talk->n, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) leave(fd);
        return;
    }
    talk->n += (size_t)got;
    talk->bytes[talk->n] = '\0';
    if (!obey(fd) && talk->n == HEAD + BODY) leave(fd);
}

static void welcome(void)
{
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
        if (fd >= FILES || !(talks[fd].bytes = malloc(HEAD + BODY + 1))) {
            close(fd);
            continue;
        }
        talks[fd].n = 0;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
    }
}

static int listen_at(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 4096) == 0
               ? 0
               : -1;
}

int main(int argc, char **argv)
{
    struct epoll_event events[1024];
    struct rlimit files;
    if (argc != 3 || strcmp(argv[1], "--port") != 0) {
        fprintf(stderr, "usage: peer-send_loop --port N\n");
        return 2;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0 || listen_at(atoi(argv[2])) != 0) {
        perror("peer-send_loop");
        return 2;
    }
    epoll_ctl(poller, EPOLL_CTL_ADD, listener,
              &(struct epoll_event){ .events = EPOLLIN, .data.fd = listener });
    puts("ready");
    fflush(stdout);
    for (;;) {
        int n = epoll_wait(poller, events, 1024, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener)
                welcome();
            else
                hear(events[i].data.fd);
        }
    }
}
