/* The scenarios: each is a set of defaults for the flags, and which parts take part. */
#include <string.h>

#include "bench.h"

#define COMMON                                                                                               \
    .server = "127.0.0.1:8443", .timeout = 10, .retry_for = 30, .raise = 60, .settle = 10, .grace = 1,       \
    .seed = 1, .sources = 8, .per_topic = 1, .open_rate = 200, .percent = 100, .open_max = 4000

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
    { .name = "connect",
      .help = "live sockets that are opened at a rate, subscribe, and stay",
      .idle_sockets = true,
      .defaults = { COMMON, .curve = "constant", .sockets = 1000, .hold = 20 } },
    { .name = "screens",
      .help =
          "live sockets of todoke or of any server that are opened, counted and closed as lines on stdin say",
      .steered = true,
      .defaults = { COMMON, .sockets = 10000, .path = "/live", .dialing = 64 } },
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
