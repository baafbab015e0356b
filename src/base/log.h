/* Structured log: one JSON object per line on stderr, one write(2) per line, at most 4,096 bytes.
 *
 *     log_info("request", LOG_S("method", m), LOG_I("status", 200), LOG_U("ns", took));
 *  ->
 * {"ts":"2026-04-01T07:30:00.000Z","level":"info","pid":7,"event":"request","method":"GET","status":200,...}
 *
 * Never allocates, never fails. Values are escaped; invalid UTF-8 becomes U+FFFD; a line that does not fit
 * loses its last fields and gets "truncated":true. A call site that logs more than 20 lines in a second is
 * silenced for the rest of that second, then one line with "suppressed":n follows (at its next line or at
 * log_flush). No name, token, password or note of a person goes into a log. Thread-safe. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR, LOG_LEVEL_OFF };

enum log_kind { LOG_KIND_END, LOG_KIND_STR, LOG_KIND_INT, LOG_KIND_UINT, LOG_KIND_BOOL, LOG_KIND_FLOAT };

struct log_field {
    enum log_kind kind;
    const char *key; /* a literal: not escaped */
    union {
        struct str str;
        int64_t i;
        uint64_t u;
        bool b;
        double f;
    };
};

/* One per call site, made by the macros. */
struct log_site {
    enum log_level level;
    const char *event;
    uint64_t window; /* the second that is being counted */
    uint32_t lines;
    uint32_t suppressed;
    bool listed;
    struct log_site *next;
};

#define LOG_PER_SECOND 20u

/* Fields: S = NUL-terminated text (NULL -> null), STR = struct str, I = int64_t, U = uint64_t, B = bool, F =
 * double. */
#define LOG_S(k, v)   ((struct log_field){ .kind = LOG_KIND_STR, .key = (k), .str = str_c(v) })
#define LOG_STR(k, v) ((struct log_field){ .kind = LOG_KIND_STR, .key = (k), .str = (v) })
#define LOG_I(k, v)   ((struct log_field){ .kind = LOG_KIND_INT, .key = (k), .i = (int64_t)(v) })
#define LOG_U(k, v)   ((struct log_field){ .kind = LOG_KIND_UINT, .key = (k), .u = (uint64_t)(v) })
#define LOG_B(k, v)   ((struct log_field){ .kind = LOG_KIND_BOOL, .key = (k), .b = (v) })
#define LOG_F(k, v)   ((struct log_field){ .kind = LOG_KIND_FLOAT, .key = (k), .f = (v) })
#define LOG_END       ((struct log_field){ .kind = LOG_KIND_END })

/* log_info(event literal, fields...): fields are evaluated only when the level is on. */
#define log_debug(...) LOG_AT_(LOG_LEVEL_DEBUG, __VA_ARGS__, LOG_END)
#define log_info(...)  LOG_AT_(LOG_LEVEL_INFO, __VA_ARGS__, LOG_END)
#define log_warn(...)  LOG_AT_(LOG_LEVEL_WARN, __VA_ARGS__, LOG_END)
#define log_error(...) LOG_AT_(LOG_LEVEL_ERROR, __VA_ARGS__, LOG_END)

#define LOG_AT_(at_level, event_name, ...)                                                                   \
    do {                                                                                                     \
        static struct log_site log_site_ = { .level = (at_level), .event = (event_name) };                   \
        if (log_on(at_level)) log_write(&log_site_, (const struct log_field[]){ __VA_ARGS__ });              \
    } while (0)

extern enum log_level log_level_min; /* read by log_on; set with log_set_level. Default: info */

static inline bool log_on(enum log_level level)
{
    return level >= log_level_min;
}

void log_set_level(enum log_level level);

/* "debug", "info", "warn", "error", "off": false when it is none of them. */
bool log_level_parse(struct str name, enum log_level *ret_level);

/* Where lines go: stderr (2) by default. */
void log_set_fd(int fd);

void log_write(struct log_site *site, const struct log_field *fields);

/* Writes the summaries of silenced call sites whose second is over. Call about once a second. */
void log_flush(void);

#endif
