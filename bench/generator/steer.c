#include "steer.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/list.h"
#include "watch.h"

#define BEAT (5 * NS_PER_MS)

enum command { NOTHING, RAISE, DROP, MARK, COUNT, AWAIT };

struct steer {
    const struct options *options;
    uv_loop_t loop;
    uv_poll_t input;
    struct dues dues;
    struct due beat;
    struct dial dial;
    struct sessions sessions;
    struct watches watches;
    char line[4096]; /* what came from stdin and was not obeyed yet */
    size_t line_n;
    enum command command; /* the one that is waited for */
    uint64_t goal, until, started;
    bool ended; /* stdin is at its end */
};

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void steer_answer(struct steer *steer)
{
    const struct watches *w = &steer->watches;
    struct rusage used;
    uint64_t least, most;
    watches_range(w, &least, &most);
    getrusage(RUSAGE_SELF, &used);
    printf("{\"up\":%zu,\"failed\":%llu,\"lost\":%llu,\"odd\":%llu,\"messages\":%llu,\"events\":%llu,"
           "\"bytes\":%llu,"
           "\"cipher\":\"%s\",\"least\":%llu,\"most\":%llu,\"cpu\":%.6f,\"seconds\":%.6f}\n",
           w->up, (unsigned long long)w->failed, (unsigned long long)w->lost, (unsigned long long)w->odd,
           (unsigned long long)w->messages, (unsigned long long)w->events, (unsigned long long)w->bytes,
           w->cipher ? w->cipher : "", (unsigned long long)least, (unsigned long long)most,
           seconds_of(used.ru_utime) + seconds_of(used.ru_stime),
           (double)(clock_now_ns() - steer->started) / 1e9);
    fflush(stdout);
    steer->command = NOTHING;
}

static bool steer_reached(const struct steer *steer)
{
    const struct watches *w = &steer->watches;
    switch (steer->command) {
    case RAISE: return w->up >= steer->goal;
    case DROP: return w->busy <= steer->goal;
    case AWAIT: return w->events >= steer->goal;
    default: return true;
    }
}

static void steer_obey(struct steer *steer, char *line)
{
    static const struct {
        const char *name;
        enum command command;
    } commands[] = {
        { "raise", RAISE }, { "drop", DROP }, { "mark", MARK }, { "count", COUNT }, { "await", AWAIT }
    };
    char name[16] = "";
    unsigned long long goal = 0;
    sscanf(line, "%15s %llu", name, &goal);
    steer->command = NOTHING;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i].name) == 0) steer->command = commands[i].command;
    if (steer->command == NOTHING) {
        fprintf(stderr, "todoke-bench: unknown command %s\n", name);
        return;
    }
    double patience = steer->command == AWAIT ? steer->options->settle : steer->options->raise;
    steer->goal = goal;
    steer->until = clock_now_ns() + (uint64_t)(patience * 1e9);
    if (steer->command == RAISE) watches_raise(&steer->watches, goal);
    if (steer->command == DROP) watches_drop(&steer->watches, goal);
    if (steer->command == MARK) watches_mark(&steer->watches);
    if (steer_reached(steer)) steer_answer(steer);
}

/* One command after the other. */
static void steer_next(struct steer *steer)
{
    char *end;
    while (steer->command == NOTHING && (end = memchr(steer->line, '\n', steer->line_n))) {
        size_t n = (size_t)(end - steer->line) + 1;
        *end = '\0';
        steer_obey(steer, steer->line);
        memmove(steer->line, steer->line + n, steer->line_n -= n);
    }
}

static void steer_end(struct steer *steer)
{
    if (steer->ended) return;
    steer->ended = true;
    uv_close((uv_handle_t *)&steer->input, NULL);
    watches_drop(&steer->watches, 0);
    due_unset(&steer->dues, &steer->beat);
    dues_close(&steer->dues);
}

static void steer_on_beat(struct due *due)
{
    struct steer *steer = container_of(due, struct steer, beat);
    uint64_t now = clock_now_ns();
    due_set(&steer->dues, due, now + BEAT);
    if (steer->command == RAISE) watches_raise(&steer->watches, steer->watches.wanted);
    if (steer->command != NOTHING && (steer_reached(steer) || now > steer->until)) steer_answer(steer);
    steer_next(steer);
}

static void steer_on_input(uv_poll_t *poll, int status, int events)
{
    struct steer *steer = poll->data;
    (void)events;
    ssize_t got = status < 0 ? 0 : read(0, steer->line + steer->line_n, sizeof steer->line - steer->line_n);
    if (got <= 0) {
        steer_end(steer);
        return;
    }
    steer->line_n += (size_t)got;
    steer_next(steer);
}

static void nap(double ms)
{
    struct timespec time = { .tv_nsec = (long)(ms * 1e6) };
    nanosleep(&time, NULL);
}

static void files_allow(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int steer_setup(struct steer *steer, const char *host, const char *origin)
{
    const struct options *options = steer->options;
    const struct dial_options dial = { options->server, host,
                                       options->ca,     !options->no_tls,
                                       options->resume, (unsigned)options->sources };
    const struct watches_options watch = {
        .hello = { options->path, host, origin, NULL, options->tokens ? LIVE_PROTOCOL : NULL },
        .topic = options->topic,
        .subscribe = !options->no_subscribe,
        .dialing_max = (size_t)options->dialing,
    };
    if (uv_loop_init(&steer->loop) != 0 || dues_init(&steer->dues, &steer->loop) != 0) return -1;
    if (dues_reserve(&steer->dues, 1) != 0) return -1;
    if (dial_init(&steer->dial, &steer->loop, &steer->dues, &dial) != 0) return -1;
    if (options->tokens && sessions_load(&steer->sessions, options->tokens) != 0) return -1;
    if (watches_init(&steer->watches, &steer->dial, &watch, options->tokens ? &steer->sessions : NULL,
                     (size_t)options->sockets) == 0)
        return 0;
    fprintf(stderr, "todoke-bench: out of memory, or nobody in the tokens file may follow --topic\n");
    return -1;
}

static void steer_done(struct steer *steer)
{
    watches_done(&steer->watches);
    sessions_done(&steer->sessions);
    dues_done(&steer->dues);
    dial_done(&steer->dial);
    uv_loop_close(&steer->loop);
}

int steer(const struct options *options)
{
    static struct steer steer;
    char origin[300];
    const char *host = options->host ? options->host : options->server;
    steer = (struct steer){ .options = options, .started = clock_now_ns() };
    signal(SIGPIPE, SIG_IGN);
    files_allow();
    snprintf(origin, sizeof origin, "%s://%s", options->no_tls ? "http" : "https", host);
    if (steer_setup(&steer, host, options->origin ? options->origin : origin) != 0) return 2;
    if (uv_poll_init(&steer.loop, &steer.input, 0) != 0) {
        fprintf(stderr, "todoke-bench: commands are expected on stdin, from a pipe\n");
        return 2;
    }
    steer.input.data = &steer;
    uv_poll_start(&steer.input, UV_READABLE, steer_on_input);
    steer.beat.fire = steer_on_beat;
    due_set(&steer.dues, &steer.beat, clock_now_ns());
    while (uv_run(&steer.loop, UV_RUN_NOWAIT) != 0) {
        if (steer.command != RAISE && options->nap > 0)
            nap(options->nap);
        else
            uv_run(&steer.loop, UV_RUN_ONCE);
    }
    int code = steer.watches.lost || steer.watches.odd;
    steer_done(&steer);
    return code;
}
