/*  idle -> resolving -> connecting -> idle (on_done)
 *              any of them -> idle (time-out, failure, cancel)
 *  The state is which of resolve and pg is set. */
#include "db/connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fault.h"

#define PARAMS_MAX 24

struct params {
    const char *keys[PARAMS_MAX + 1], *values[PARAMS_MAX + 1];
    unsigned n;
    char options[1024], timeout[16];
};

static void connect_step(struct connector *c, PostgresPollingStatusType status);

void connect_init(struct connector *c, uv_loop_t *loop, const struct connect_options *options,
                  connect_on_done *on_done, void *data)
{
    *c = (struct connector){ .loop = loop, .options = *options, .on_done = on_done, .data = data };
}

unsigned connect_backoff_ms(unsigned attempt)
{
    unsigned ms = attempt >= 6 ? 2000 : 50u << attempt;

    return ms / 2 + (unsigned)random() % (ms / 2 + 1);
}

bool connect_parses(const char *conninfo, struct buf *message)
{
    char *error = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &error);

    if (!options && message) buf_printf(message, "database: %s\n", error ? error : "out of memory");
    PQfreemem(error);
    PQconninfoFree(options);
    return options != NULL;
}

static const char *given(const PQconninfoOption *options, const char *key)
{
    for (; options->keyword; options++)
        if (!strcmp(options->keyword, key)) return options->val;
    return NULL;
}

static void param(struct params *p, const char *key, const char *value)
{
    if (p->n >= PARAMS_MAX || !value) return;
    p->keys[p->n] = key;
    p->values[p->n++] = value;
}

/* What the conninfo itself says wins, except for the encoding. */
static void params_fill(struct params *p, const struct connector *c, const PQconninfoOption *parsed,
                        const struct resolved *resolved)
{
    static const char *const defaults[][2] = {
        { "keepalives", "1" },       { "keepalives_idle", "2" },     { "keepalives_interval", "1" },
        { "keepalives_count", "3" }, { "tcp_user_timeout", "2500" },
    };
    const char *own = given(parsed, "options");

    p->n = 0;
    param(p, "dbname", c->options.conninfo);
    param(p, "client_encoding", "UTF8");
    if (!given(parsed, "application_name"))
        param(p, "application_name", c->options.application_name ? c->options.application_name : "todoke");
    if (!given(parsed, "target_session_attrs") && !c->options.any_server)
        param(p, "target_session_attrs", "read-write");
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
        if (!given(parsed, defaults[i][0])) param(p, defaults[i][0], defaults[i][1]);
    snprintf(p->options, sizeof(p->options),
             /* Planning the morning's statement takes longer than running it; and a plan that was made when
              * a table was empty must not read all of it when the morning has filled it. */
             "-c search_path=public -c timezone=Asia/Tokyo -c plan_cache_mode=force_generic_plan "
             "-c enable_seqscan=off "
             "-c idle_in_transaction_session_timeout=10s -c statement_timeout=%u %s",
             c->options.statement_timeout_ms, own ? own : "");
    param(p, "options", p->options);
    if (resolved) {
        param(p, "host", resolved->host);
        param(p, "hostaddr", resolved->hostaddr);
        param(p, "port", resolved->port);
    }
    p->keys[p->n] = p->values[p->n] = NULL;
}

static void connect_clear(struct connector *c)
{
    poller_close(c->poller);
    ticker_close(c->ticker);
    resolve_cancel(c->resolve);
    c->poller = NULL;
    c->ticker = NULL;
    c->resolve = NULL;
}

static void connect_fail(struct connector *c, const char *message)
{
    char line[512];

    snprintf(line, sizeof(line), "%s", message);
    for (char *nl = line; (nl = strchr(nl, '\n'));) *nl = nl[1] ? ' ' : '\0';
    connect_cancel(c);
    c->on_done(c->data, NULL, line);
}

/* An error of the socket (libuv says EBADF for POLLERR) is libpq's to read: it goes on to the next host. */
static void connect_on_event(void *data, int status, int events)
{
    struct connector *c = data;

    (void)status;
    (void)events;
    connect_step(c, PQconnectPoll(c->pg));
}

static void connect_on_timeout(void *data)
{
    connect_fail(data, "the connection was not made in time");
}

/* libpq may have closed its socket and opened the next one under the same number: a new poller each time. */
static void connect_step(struct connector *c, PostgresPollingStatusType status)
{
    poller_close(c->poller);
    c->poller = NULL;
    if (status == PGRES_POLLING_OK) {
        PGconn *pg = c->pg;
        if (PQsetnonblocking(pg, 1)) {
            connect_fail(c, "out of memory");
            return;
        }
        c->pg = NULL;
        connect_clear(c);
        c->on_done(c->data, pg, "");
        return;
    }
    if (status == PGRES_POLLING_FAILED) {
        connect_fail(c, PQerrorMessage(c->pg));
        return;
    }
    c->poller = poller_open(c->loop, PQsocket(c->pg), connect_on_event, c);
    if (!c->poller || poller_watch(c->poller, status == PGRES_POLLING_READING ? UV_READABLE : UV_WRITABLE))
        connect_fail(c, "out of memory");
}

/* libpq would print them. */
static void connect_on_notice(void *data, const PGresult *notice)
{
    (void)data;
    (void)notice;
}

static enum err connect_begin(struct connector *c, const PQconninfoOption *parsed,
                              const struct resolved *resolved)
{
    struct params p;

    params_fill(&p, c, parsed, resolved);
    c->pg = PQconnectStartParams(p.keys, p.values, 1);
    if (!c->pg) return ERR_NOMEM;
    PQsetNoticeReceiver(c->pg, connect_on_notice, NULL);
    return PQstatus(c->pg) == CONNECTION_BAD ? ERR_IO : ERR_NONE;
}

static void connect_on_resolved(void *data, enum err err, const struct resolved *resolved)
{
    struct connector *c = data;
    PQconninfoOption *parsed;

    c->resolve = NULL;
    if (err) {
        connect_fail(c, "no host name of the database has an address");
        return;
    }
    parsed = PQconninfoParse(c->options.conninfo, NULL);
    err = parsed ? connect_begin(c, parsed, resolved) : ERR_NOMEM;
    PQconninfoFree(parsed);
    if (err)
        connect_fail(c, c->pg ? PQerrorMessage(c->pg) : "out of memory");
    else
        connect_step(c, PGRES_POLLING_WRITING);
}

/* Each host gets its time (a dead one fails by tcp_user_timeout, then the next is tried). */
static unsigned attempt_ms(const struct connector *c, const char *hosts)
{
    unsigned each = c->options.timeout_ms ? c->options.timeout_ms : 3000, n = 1;

    for (; hosts && *hosts; hosts++)
        if (*hosts == ',' && n < 8) n++;
    return each * n;
}

static enum err connect_try(struct connector *c, const PQconninfoOption *parsed)
{
    enum err err = ERR_NOT_FOUND;

    if (fault_hit("db.connect")) return ERR_IO;
    c->ticker = ticker_open(c->loop, connect_on_timeout, c);
    if (!c->ticker) return ERR_NOMEM;
    ticker_set(c->ticker, attempt_ms(c, given(parsed, "host")), 0);
    if (given(parsed, "host") && !given(parsed, "hostaddr"))
        err = resolve_start(&c->resolve, c->loop, given(parsed, "host"), given(parsed, "port"),
                            connect_on_resolved, c);
    if (err != ERR_NOT_FOUND) return err;
    err = connect_begin(c, parsed, NULL);
    if (err) return err;
    c->poller = poller_open(c->loop, PQsocket(c->pg), connect_on_event, c);
    if (!c->poller || poller_watch(c->poller, UV_WRITABLE)) return ERR_NOMEM;
    return ERR_NONE;
}

enum err connect_start(struct connector *c)
{
    char *error = NULL;
    PQconninfoOption *parsed = PQconninfoParse(c->options.conninfo, &error);
    enum err err = parsed ? connect_try(c, parsed) : (error ? ERR_INVALID : ERR_NOMEM);

    PQfreemem(error);
    PQconninfoFree(parsed);
    if (err) connect_cancel(c);
    return err;
}

void connect_cancel(struct connector *c)
{
    connect_clear(c);
    PQfinish(c->pg);
    c->pg = NULL;
}
