#include "base/log.h"

#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

/* PIPE_BUF, so that lines of several processes on one pipe never mix; the tail is kept free for the end mark.
 */
enum { LINE_SIZE = 4096, TAIL = 24 };

struct line {
    size_t n;
    bool full;
    char at[LINE_SIZE];
};

enum log_level log_level_min = LOG_LEVEL_INFO;
static int log_fd = STDERR_FILENO;
static struct log_site *silenced; /* sites with suppressed lines, under the lock */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *const level_names[] = { "debug", "info", "warn", "error", "off" };

void log_set_level(enum log_level level)
{
    log_level_min = level;
}

bool log_level_parse(struct str name, enum log_level *ret_level)
{
    for (unsigned i = 0; i <= LOG_LEVEL_OFF; i++) {
        if (!str_eq(name, str_c(level_names[i]))) continue;
        *ret_level = (enum log_level)i;
        return true;
    }
    return false;
}

void log_set_fd(int fd)
{
    log_fd = fd;
}

static void put(struct line *l, const char *at, size_t n)
{
    if (l->full || n > LINE_SIZE - TAIL - l->n) {
        l->full = true;
        return;
    }
    memcpy(l->at + l->n, at, n);
    l->n += n;
}

__attribute__((format(printf, 2, 3))) static void putf(struct line *l, const char *format, ...)
{
    char text[64];
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n > 0) put(l, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

static void put_char(struct line *l, const char *at, size_t n, int32_t cp)
{
    if (cp < 0)
        put(l, "\xef\xbf\xbd", 3);
    else if (cp == '"' || cp == '\\')
        putf(l, "\\%c", (int)cp);
    else if (cp < 0x20 || cp == 0x7f || cp == 0x2028 || cp == 0x2029)
        putf(l, "\\u%04x", (unsigned)cp);
    else
        put(l, at, n);
}

static void put_text(struct line *l, struct str s)
{
    put(l, "\"", 1);
    while (s.n && !l->full) {
        struct str from = s;
        int32_t cp = utf8_next(&s);

        if (cp < 0) s = str_of(s.at + 1, s.n - 1);
        put_char(l, from.at, from.n - s.n, cp);
    }
    put(l, "\"", 1);
}

static void put_value(struct line *l, const struct log_field *f)
{
    switch (f->kind) {
    case LOG_KIND_STR:
        if (f->str.at)
            put_text(l, f->str);
        else
            put(l, "null", 4);
        break;
    case LOG_KIND_INT: putf(l, "%lld", (long long)f->i); break;
    case LOG_KIND_UINT: putf(l, "%llu", (unsigned long long)f->u); break;
    case LOG_KIND_BOOL: putf(l, "%s", f->b ? "true" : "false"); break;
    case LOG_KIND_FLOAT:
        if (isfinite(f->f))
            putf(l, "%.9g", f->f);
        else
            put(l, "null", 4);
        break;
    case LOG_KIND_END: break;
    }
}

/* A field is in the line as a whole or not at all. */
static bool put_field(struct line *l, const struct log_field *f)
{
    size_t before = l->n;

    put(l, ",\"", 2);
    put(l, f->key, strlen(f->key));
    put(l, "\":", 2);
    put_value(l, f);
    if (l->full) l->n = before;
    return !l->full;
}

static void line_send(struct line *l)
{
    ssize_t rc;

    if (l->full) {
        memcpy(l->at + l->n, ",\"truncated\":true", 17);
        l->n += 17;
    }
    memcpy(l->at + l->n, "}\n", 2);
    rc = write(log_fd, l->at, l->n + 2);
    (void)rc; /* where could a log say that it can't log? */
}

static void emit(const struct log_site *site, const struct log_field *fields)
{
    struct line l;
    char stamp[CLOCK_STAMP_SIZE];

    l.n = 0;
    l.full = false;
    clock_stamp(stamp, clock_wall_ms());
    putf(&l, "{\"ts\":\"%s\",\"level\":\"%s\",\"pid\":%d", stamp, level_names[site->level], (int)getpid());
    put(&l, ",\"event\":", 9);
    put_text(&l, str_c(site->event));
    while (fields->kind != LOG_KIND_END && put_field(&l, fields)) fields++;
    line_send(&l);
}

static void emit_summary(const struct log_site *site, uint32_t suppressed)
{
    emit(site, (const struct log_field[]){ LOG_U("suppressed", suppressed), LOG_END });
}

/* May this site write now? *ret_missed is what it could not write in a second that is over. Under the lock.
 */
static bool admit(struct log_site *site, uint64_t second, uint32_t *ret_missed)
{
    *ret_missed = 0;
    if (site->window != second) {
        *ret_missed = site->suppressed;
        site->window = second;
        site->lines = site->suppressed = 0;
    }
    if (site->lines < LOG_PER_SECOND) {
        site->lines++;
        return true;
    }
    site->suppressed++;
    if (!site->listed) {
        site->listed = true;
        site->next = silenced;
        silenced = site;
    }
    return false;
}

void log_write(struct log_site *site, const struct log_field *fields)
{
    uint32_t missed;
    bool write_it;

    pthread_mutex_lock(&lock);
    write_it = admit(site, clock_now_coarse_ns() / NS_PER_S + 1, &missed);
    pthread_mutex_unlock(&lock);
    if (missed) emit_summary(site, missed);
    if (write_it) emit(site, fields);
}

void log_flush(void)
{
    uint64_t second = clock_now_coarse_ns() / NS_PER_S + 1;
    struct log_site **at = &silenced;

    pthread_mutex_lock(&lock);
    while (*at) {
        struct log_site *site = *at;

        if (site->window == second) {
            at = &site->next;
            continue;
        }
        if (site->suppressed) emit_summary(site, site->suppressed);
        site->suppressed = 0;
        site->listed = false;
        *at = site->next;
    }
    pthread_mutex_unlock(&lock);
}
