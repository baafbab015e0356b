#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

struct option {
    const char *name;
    size_t offset, size;
};

#define LIMIT(name, field)                                                                                   \
    {                                                                                                        \
        name, offsetof(struct http_limits, field), sizeof((struct http_limits){ 0 }.field)                   \
    }

static const struct option options[] = {
    LIMIT("line-bytes", line_bytes), LIMIT("header-bytes", header_bytes),
    LIMIT("pipelined", pipelined),   LIMIT("queue-bytes", queue_bytes),
    LIMIT("skip-bytes", skip_bytes), LIMIT("connections", connections),
    LIMIT("hellos", hellos),         LIMIT("handshake-ms", handshake_ms),
    LIMIT("header-ms", header_ms),   LIMIT("body-grace-ms", body_grace_ms),
    LIMIT("body-rate", body_rate),   LIMIT("idle-ms", idle_ms),
    LIMIT("stall-ms", stall_ms),     LIMIT("linger-ms", linger_ms),
    LIMIT("drain-ms", drain_ms),     LIMIT("ping-ms", ping_ms),
    LIMIT("pong-ms", pong_ms),       LIMIT("ws-close-ms", ws_close_ms),
};

static bool set_limit(struct http_limits *limits, const char *name, size_t n, const char *value)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const struct option *option = &options[i];
        if (strlen(option->name) != n || strncmp(option->name, name, n) != 0) continue;
        char *field = (char *)limits + option->offset;
        size_t number = strtoul(value, NULL, 10);
        unsigned small = (unsigned)number;
        memcpy(field, option->size == sizeof small ? (void *)&small : (void *)&number, option->size);
        return true;
    }
    return false;
}

static bool set_option(struct probe *probe, const char *name, size_t n, const char *value)
{
    if (n == 4 && strncmp(name, "cert", n) == 0)
        probe->cert = value;
    else if (n == 3 && strncmp(name, "key", n) == 0)
        probe->key = value;
    else if (n == 8 && strncmp(name, "ws-queue", n) == 0)
        probe->ws_queue = strtoul(value, NULL, 10);
    else
        return set_limit(&probe->limits, name, n, value);
    return true;
}

bool probe_options(struct probe *probe, int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: todoke-probe PORT [--<limit>=<number> ...] [--cert=FILE --key=FILE]\n");
        return false;
    }
    probe->port = (uint16_t)strtoul(argv[1], NULL, 10);
    for (int i = 2; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        bool known = strncmp(argv[i], "--", 2) == 0 && equals;
        if (known) known = set_option(probe, argv[i] + 2, (size_t)(equals - argv[i] - 2), equals + 1);
        if (!known) {
            fprintf(stderr, "todoke-probe: unknown option %s\n", argv[i]);
            return false;
        }
    }
    return true;
}
