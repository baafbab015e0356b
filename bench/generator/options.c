#include "options.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, FLAG, REAL, COUNT };
struct row {
    const char *name;
    enum kind kind;
    size_t at;
    bool shown; /* in the JSON result */
    const char *help;
};

#define AT(member) offsetof(struct options, member)
static const struct row rows[] = {
    { "server", TEXT, AT(server), false, "host:port of todoke" },
    { "host", TEXT, AT(host), false, "Host header, when it is not --server" },
    { "origin", TEXT, AT(origin), false, "Origin header, when it is not https://HOST" },
    { "no-tls", FLAG, AT(no_tls), true, "plain TCP" },
    { "ca", TEXT, AT(ca), false, "file of certificates to trust (default: any certificate is accepted)" },
    { "resume", FLAG, AT(resume), true, "TLS session resumption" },
    { "tokens", TEXT, AT(tokens), false, "sessions, from `todoke seed --sessions N FILE`" },
    { "ledger", TEXT, AT(ledger), false, "file that every attempt and acknowledgement is appended to" },
    { "db", TEXT, AT(db), false, "connection string: check the ledger against the database" },
    { "json", TEXT, AT(json), false, "file for the result (- = stdout)" },
    { "quiet", FLAG, AT(quiet), false, "no table on stderr" },
    { "curve", TEXT, AT(curve), true, "arrival curve: constant, ramp, step, morning, bell" },
    { "even", FLAG, AT(even), true, "arrivals evenly along the curve instead of at random" },
    { "seconds", REAL, AT(seconds), true, "length of the whole curve" },
    { "guardians", COUNT, AT(guardians), true, "how many guardians come" },
    { "reports", COUNT, AT(reports), true, "how many of them report (0 = by --percent)" },
    { "percent", REAL, AT(percent), true, "part of the guardians that reports, the others only look" },
    { "rate", REAL, AT(rate), true, "arrivals per second instead of --guardians (times --seconds)" },
    { "look", FLAG, AT(look), true, "GET /api/children before the report" },
    { "think", REAL, AT(think), true, "seconds from a guardian's arrival to the intended report" },
    { "idle", REAL, AT(idle), true, "seconds that a phone keeps its connection after the answer" },
    { "reuse", FLAG, AT(reuse), true, "share keep-alive connections between guardians" },
    { "connections", COUNT, AT(connections), true,
      "how many shared ones (with --reuse; city, logins, overload)" },
    { "depth", COUNT, AT(depth), true, "city, logins, overload: requests out at once on each connection" },
    { "warm-up", COUNT, AT(warm_up), true, "city, logins: answers before the throughput is counted" },
    { "reads", REAL, AT(reads), true, "overload: percent of the arrivals that GET /api/children" },
    { "exports", REAL, AT(exports), true,
      "overload: percent that ask --export-path with a session of the board" },
    { "export-path", TEXT, AT(export_path), true, "overload: the costly question" },
    { "no-retry", FLAG, AT(no_retry), true,
      "who is told to wait (503, 429) or loses the connection goes away" },
    { "password", TEXT, AT(password), false, "logins: of the seeded accounts" },
    { "open-max", COUNT, AT(open_max), true, "most guardian connections at once" },
    { "sources", COUNT, AT(sources), true, "source addresses 127.0.0.1.. on loopback" },
    { "timeout", REAL, AT(timeout), true, "seconds until an attempt is given up" },
    { "retry-for", REAL, AT(retry_for), true, "seconds until a request is given up" },
    { "day", TEXT, AT(day), true, "first day to report for, YYYY-MM-DD (default: today in Japan)" },
    { "days-ahead", COUNT, AT(days_ahead), true, "go on with later days when there are too few children" },
    { "reason", COUNT, AT(reason), true, "reason_id (0 = ask the server)" },
    { "seed", COUNT, AT(seed), true, "of the random arrivals" },
    { "no-dashboards", FLAG, AT(no_dashboards), true, "no live sockets at all" },
    { "no-teachers", FLAG, AT(no_teachers), true, "no class dashboards" },
    { "no-offices", FLAG, AT(no_offices), true, "no school dashboards" },
    { "no-board", FLAG, AT(no_board), true, "no board dashboards" },
    { "school", COUNT, AT(school), true, "only this school: its guardians with one child, its dashboards" },
    { "screens", COUNT, AT(screens), true, "only this many school dashboards (with --school)" },
    { "shard", TEXT, AT(shard), true,
      "I/N: of the whole plan, only what belongs to sessions i with i mod N = I" },
    { "start-at", REAL, AT(start_at), true,
      "Unix time in seconds at which the run begins (0 = when all is ready)" },
    { "per-topic", COUNT, AT(per_topic), true, "dashboards for each class, school and the board" },
    { "sockets", COUNT, AT(sockets), true, "connect, screens: live sockets" },
    { "no-subscribe", FLAG, AT(no_subscribe), true, "connect, screens: don't subscribe to anything" },
    { "path", TEXT, AT(path), true, "screens: the WebSocket's path" },
    { "topic", TEXT, AT(topic), true,
      "screens: absences/school/ID or city/all for all (default: each session's own)" },
    { "nap", REAL, AT(nap), true,
      "screens: milliseconds between two looks at the sockets (0: wake for each)" },
    { "dialing", COUNT, AT(dialing), true, "screens: sockets in the making at once" },
    { "open-rate", COUNT, AT(open_rate), true, "live sockets opened per second" },
    { "hold", REAL, AT(hold), true, "connect: seconds to stay" },
    { "raise", REAL, AT(raise), true, "seconds for all dashboards to come up" },
    { "settle", REAL, AT(settle), true, "seconds for the last rows to reach the dashboards" },
    { "grace", REAL, AT(grace), true, "seconds to stay after that, for rows that come twice" },
    { "max-errors", COUNT, AT(max_errors), true, "allowed: failed requests" },
    { "max-missing", COUNT, AT(max_missing), true, "allowed: rows that a dashboard never showed" },
    { "max-repeated", COUNT, AT(max_repeated), true, "allowed: rows that a dashboard got twice" },
    { "max-ack-p99", REAL, AT(max_ack_p99), true,
      "allowed: milliseconds to the acknowledgement, p99 (0 = any)" },
    { "max-glass-p99", REAL, AT(max_glass_p99), true,
      "allowed: milliseconds to the last dashboard, p99 (0 = any)" },
};
#define ROWS (sizeof rows / sizeof *rows)

static const struct row *row_find(const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0) return &rows[i];
    return NULL;
}

static int row_read(const struct row *row, struct options *options, const char *value)
{
    void *at = (char *)options + row->at;
    char *end = NULL;
    errno = 0;
    switch (row->kind) {
    case FLAG: *(bool *)at = strcmp(value, "no") != 0; return 0;
    case TEXT: *(const char **)at = value; return 0;
    case REAL: *(double *)at = strtod(value, &end); break;
    case COUNT: *(long *)at = strtol(value, &end, 10); break;
    }
    if (errno == 0 && end != value && *end == '\0' && *value != '-') return 0;
    fprintf(stderr, "todoke-bench: --%s %s: a number from 0 is expected\n", row->name, value);
    return -1;
}

int options_read(struct options *options, int argc, char **argv, int first)
{
    for (int i = first; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) return 1;
        char name[32];
        const char *equals = strchr(argv[i], '=');
        size_t n = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
        if (n < 3 || n - 2 >= sizeof name || memcmp(argv[i], "--", 2) != 0) goto unknown;
        memcpy(name, argv[i] + 2, n - 2);
        name[n - 2] = '\0';
        const struct row *row = row_find(name);
        if (!row) goto unknown;
        const char *value = equals ? equals + 1 : row->kind == FLAG ? "yes" : i + 1 < argc ? argv[++i] : "";
        if (row_read(row, options, value) != 0) return -1;
        continue;
    unknown:
        fprintf(stderr, "todoke-bench: unknown option %s (--help lists them)\n", argv[i]);
        return -1;
    }
    return 0;
}

void options_help(void)
{
    for (size_t i = 0; i < ROWS; i++) {
        static const char *const kinds[] = { " TEXT", "[=no]", " X", " N" };
        fprintf(stderr, "  --%s%-*s %s\n", rows[i].name, (int)(20 - strlen(rows[i].name)),
                kinds[rows[i].kind], rows[i].help);
    }
}

json_t *options_json(const struct options *options)
{
    json_t *object = json_object();
    for (size_t i = 0; object && i < ROWS; i++) {
        const void *at = (const char *)options + rows[i].at;
        json_t *value = NULL;
        if (!rows[i].shown) continue;
        switch (rows[i].kind) {
        case FLAG: value = json_boolean(*(const bool *)at); break;
        case TEXT:
            value = *(const char *const *)at ? json_string(*(const char *const *)at) : json_null();
            break;
        case REAL: value = json_real(*(const double *)at); break;
        case COUNT: value = json_integer(*(const long *)at); break;
        }
        json_object_set_new(object, rows[i].name, value);
    }
    return object;
}
