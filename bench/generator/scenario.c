/* The scenarios: each is a set of defaults for the flags, and which parts take part. */
#include <string.h>

#include "bench.h"

#define EVERY                                                                                                \
    .server = "127.0.0.1:8443", .retry_for = 30, .raise = 60, .settle = 10, .grace = 1, .seed = 1,           \
    .sources = 8, .per_topic = 1, .open_rate = 200, .open_max = 4000, .depth = 1, .password = "todoke-demo", \
    .export_path = "/api/city/history?days=30"
#define COMMON EVERY, .timeout = 10, .percent = 100

static const struct scenario scenarios[] = {
    { .name = "morning",
      .help = "a city's morning, 7:00-8:30, compressed: every guardian looks and reports, all dashboards on",
      .phones = true,
      .defaults = { COMMON, .curve = "morning", .seconds = 60, .guardians = 29000, .look = true, .think = 0.5,
                    .idle = 1 } },
    { .name = "rate",
      .help = "reports at a constant rate over shared keep-alive connections, all dashboards on",
      .phones = true,
      .defaults = { COMMON, .curve = "constant", .even = true, .seconds = 30, .rate = 500, .reuse = true,
                    .connections = 64, .days_ahead = 59 } },
    { .name = "city",
      .help = "a report for each of 29,000 children as fast as the server takes them (closed loop), all "
              "dashboards on",
      .phones = true,
      .pumped = true,
      .defaults = { COMMON, .curve = "constant", .guardians = 29000, .connections = 64, .days_ahead = 0 } },
    { .name = "logins",
      .help = "sign-ins with a password as fast as the server takes them (closed loop)",
      .phones = true,
      .pumped = true,
      .timed = true,
      .signs_in = true,
      .defaults = { EVERY, .timeout = 10, .curve = "constant", .seconds = 10, .guardians = 100000,
                    .connections = 32, .no_retry = true, .no_dashboards = true } },
    { .name = "storm",
      .help = "everybody signs in at once, whatever the server does; nobody comes again",
      .phones = true,
      .pumped = true,
      .arrivals = true,
      .signs_in = true,
      .defaults = { EVERY, .timeout = 20, .curve = "constant", .even = true, .seconds = 1, .guardians = 29000,
                    .connections = 3000, .no_retry = true, .no_dashboards = true } },
    { .name = "overload",
      .help = "absences, reads and exports that come at a rate, whatever the server does; nobody comes again",
      .phones = true,
      .pumped = true,
      .arrivals = true,
      .defaults = { EVERY, .percent = 100, .curve = "constant", .seconds = 10, .rate = 5000, .reads = 40,
                    .exports = 1, .connections = 1000, .days_ahead = 59, .no_retry = true, .timeout = 5 } },
    { .name = "connect",
      .help = "live sockets that are opened at a rate, subscribe, and stay",
      .idle_sockets = true,
      .defaults = { COMMON, .curve = "constant", .sockets = 1000, .hold = 20 } },
    { .name = "screens",
      .help =
          "live sockets of todoke or of any server that are opened, counted and closed as lines on stdin say",
      .steered = true,
      .defaults = { COMMON, .sockets = 10000, .path = "/live", .dialing = 64, .nap = 1 } },
};

const struct scenario *scenario_at(size_t index)
{
    return index < sizeof scenarios / sizeof *scenarios ? &scenarios[index] : NULL;
}

const struct scenario *scenario_find(const char *name)
{
    for (size_t i = 0; scenario_at(i); i++)
        if (strcmp(scenarios[i].name, name) == 0) return &scenarios[i];
    return NULL;
}
