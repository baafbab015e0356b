/* The flags: one table gives names, help, parsing, defaults and the "options" part of the JSON result. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <jansson.h>
#include <stdbool.h>

struct options {
    const char *server, *host, *origin, *ca;
    const char *tokens, *path, *topic, *ledger, *db, *json, *curve, *day, *shard, *password, *export_path;
    bool no_tls, resume, reuse, look, even, quiet, no_dashboards, no_teachers, no_offices, no_board,
        no_subscribe, no_retry;
    double seconds, percent, rate, hold, think, idle, timeout, retry_for, raise, settle, grace;
    double max_ack_p99, max_glass_p99, reads, exports, start_at, nap;
    long reports, guardians, sockets, dialing, open_max, connections, sources, per_topic, days_ahead, reason,
        seed, open_rate;
    long depth, warm_up, school, screens;
    long max_errors, max_missing, max_repeated;
};

/* Reads argv[first...] over what is in `options`. 0; -1 after a message on stderr; 1 when help was asked for.
 */
int options_read(struct options *options, int argc, char **argv, int first);
void options_help(void);
/* A new object; NULL without memory. Paths, connection strings and certificates are left out. */
json_t *options_json(const struct options *options);

#endif
