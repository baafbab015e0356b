#include "db/resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "base/str.h"

struct resolve {
    uv_work_t work;
    resolve_on_done *on_done; /* NULL = cancelled */
    void *data;
    char hosts[1024], ports[512];
    struct resolved out;
    unsigned found;
};

static bool needs_resolving(struct str host)
{
    char text[256], address[16];

    if (host.n == 0 || host.n >= sizeof(text) || host.at[0] == '/' || host.at[0] == '@') return false;
    memcpy(text, host.at, host.n);
    text[host.n] = '\0';
    return inet_pton(AF_INET, text, address) != 1 && inet_pton(AF_INET6, text, address) != 1;
}

static bool list_add(char *list, size_t size, unsigned count, const char *at, size_t n)
{
    size_t used = strlen(list);

    if (used + n + 2 > size) return false;
    if (count) list[used++] = ',';
    memcpy(list + used, at, n);
    list[used + n] = '\0';
    return true;
}

static void add_entry(struct resolve *r, struct str host, const char *address, struct str port)
{
    struct resolved keep = r->out;

    if (list_add(r->out.host, sizeof(r->out.host), r->found, host.at, host.n) &&
        list_add(r->out.hostaddr, sizeof(r->out.hostaddr), r->found, address, strlen(address)) &&
        list_add(r->out.port, sizeof(r->out.port), r->found, port.at ? port.at : "", port.n))
        r->found++;
    else
        r->out = keep;
}

static void resolve_one(struct resolve *r, struct str host, struct str port)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *list = NULL;
    char name[256], address[INET6_ADDRSTRLEN];

    if (!needs_resolving(host)) {
        add_entry(r, host, "", port);
        return;
    }
    snprintf(name, sizeof(name), STR_FMT, STR_ARG(host));
    if (getaddrinfo(name, NULL, &hints, &list)) return;
    for (struct addrinfo *a = list; a; a = a->ai_next)
        if (!getnameinfo(a->ai_addr, a->ai_addrlen, address, sizeof(address), NULL, 0, NI_NUMERICHOST))
            add_entry(r, host, address, port);
    freeaddrinfo(list);
}

static void resolve_work(uv_work_t *work)
{
    struct resolve *r = work->data;
    struct str hosts = str_c(r->hosts), ports = str_c(r->ports), port = { "", 0 };

    while (hosts.at) {
        struct str host = str_cut(hosts, ',', &hosts);
        if (ports.at) port = str_cut(ports, ',', &ports); /* a single port counts for all */
        resolve_one(r, host, port);
    }
}

static void resolve_after(uv_work_t *work, int status)
{
    struct resolve *r = work->data;

    if (r->on_done) r->on_done(r->data, status || !r->found ? ERR_IO : ERR_NONE, &r->out);
    base_free(r);
}

enum err resolve_start(struct resolve **ret_resolve, uv_loop_t *loop, const char *hosts, const char *ports,
                       resolve_on_done *on_done, void *data)
{
    struct str rest = str_c(hosts);
    struct resolve *r;
    bool needed = false;

    while (rest.at)
        if (needs_resolving(str_cut(rest, ',', &rest))) needed = true;
    if (!needed || strlen(hosts) >= sizeof(r->hosts) || (ports && strlen(ports) >= sizeof(r->ports)))
        return ERR_NOT_FOUND;
    r = base_zalloc(sizeof(*r));
    if (!r) return ERR_NOMEM;
    memcpy(r->hosts, hosts, strlen(hosts));
    if (ports) memcpy(r->ports, ports, strlen(ports));
    r->work.data = r;
    r->on_done = on_done;
    r->data = data;
    if (uv_queue_work(loop, &r->work, resolve_work, resolve_after)) {
        base_free(r);
        return ERR_IO;
    }
    *ret_resolve = r;
    return ERR_NONE;
}

void resolve_cancel(struct resolve *r)
{
    if (!r) return;
    r->on_done = NULL;
    uv_cancel((uv_req_t *)&r->work);
}
