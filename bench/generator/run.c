#include "run.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "day.h"
#include "phone.h"
#include "preflight.h"
#include "result.h"

#define BEAT (20 * NS_PER_MS)

const char *timing_name(enum timing timing)
{
    static const char *const names[TIMINGS] = {
        "connect",          "look",         "acknowledge",   "acknowledge_service", "sent_late",
        "glass_class",      "glass_school", "glass_all",     "dashboard_up",        "dashboard_back",
        "export",           "sign_in",      "refused_reads", "refused_absences",    "refused_exports",
        "refused_sign_ins", "loop_lag",
    };
    return names[timing];
}

struct second *bench_second(struct bench *bench, uint64_t at)
{
    uint64_t second = bench->started && at > bench->started ? (at - bench->started) / NS_PER_S : 0;
    return &bench->seconds[second < SECONDS_MAX ? second : SECONDS_MAX];
}

static void bench_enter(struct bench *bench, enum phase phase)
{
    bench->phase = phase;
    bench->phase_since = clock_now_ns();
}

static bool phase_lasts(const struct bench *bench, double seconds)
{
    return clock_now_ns() - bench->phase_since < ns_of(seconds);
}

static void bench_close(struct bench *bench)
{
    preflight_stop();
    phones_stop(bench);
    meter_stop(&bench->meter);
    pump_close(&bench->pump);
    lines_close(&bench->lines);
    dashes_close(bench);
    due_unset(&bench->dues, &bench->beat);
    bench_enter(bench, CLOSING);
    dues_close(&bench->dues);
}

static void bench_raise(struct bench *bench)
{
    if (!words_make(bench) || (bench->scenario->pumped && !bench->failed && pump_open(bench) != 0))
        bench->failed = true;
    if (bench->failed) {
        bench_close(bench);
        return;
    }
    bench_enter(bench, RAISING);
    uint64_t last = dashes_raise(bench, bench->phase_since);
    if (bench->dashes.count) bench->phase_since = last; /* --raise counts from the last one on */
    meter_start(&bench->meter, &bench->dues, &bench->timings[T_LAG]);
}

/* What raising the dashboards and planning cost is not the run's. */
static void bench_meter_anew(struct bench *bench)
{
    meter_stop(&bench->meter);
    hist_done(&bench->timings[T_LAG]);
    if (hist_init(&bench->timings[T_LAG]) != 0)
        bench->failed = true;
    else
        meter_start(&bench->meter, &bench->dues, &bench->timings[T_LAG]);
}

/* When the curve begins: after the time that it takes to set all arrivals, or at --start-at. */
static uint64_t bench_start_of(const struct bench *bench)
{
    uint64_t now = clock_now_ns();
    if (bench->scenario->pumped && !bench->scenario->arrivals) return now;
    double ahead = bench->options.start_at - (double)clock_wall_ms() / 1e3;
    return now + (ahead > 0 ? ns_of(ahead) : 100 * NS_PER_MS + bench->phone_count * 3000);
}

static void bench_begin(struct bench *bench)
{
    bench->started = bench_start_of(bench);
    bench->began = clock_wall_ms() + ((int64_t)bench->started - (int64_t)clock_now_ns()) / (int64_t)NS_PER_MS;
    bench_enter(bench, RUNNING);
    if (bench->failed || (bench->scenario->phones && phones_start(bench) != 0)) {
        bench->failed = true;
        bench_close(bench);
        return;
    }
    if (bench->scenario->phones) bench_meter_anew(bench);
    if (bench->scenario->pumped) pump_begin(&bench->pump);
}

/* All screens and connections stand, or there is no more time for them; and it is time. */
static bool bench_raised(const struct bench *bench, uint64_t now)
{
    bool stands =
        bench->dashes.raised == bench->dashes.count && (!bench->scenario->pumped || pump_ready(&bench->pump));
    double early = bench->scenario->pumped && !bench->scenario->arrivals ? 0.01 : 1;
    if (now < bench->phase_since || (!stands && phase_lasts(bench, bench->options.raise))) return false;
    return (double)clock_wall_ms() / 1e3 >= bench->options.start_at - early;
}

/* Every acknowledged row is on every dashboard that must show it, and every dashboard is up. */
static bool bench_settled(const struct bench *bench)
{
    int64_t added = bench->dashes.board_now - bench->dashes.board_before;
    bool board = !bench->dashes.board_known || bench->first_day != day_today() || bench->options.days_ahead ||
                 added >= (int64_t)bench->counts.acknowledged;
    return board && bench->dashes.ready == bench->dashes.count && bench_audit(bench).missing == 0;
}

/* What is left is waiting, which costs nothing: it is no part of the generator's share of a core. */
static void bench_settle(struct bench *bench)
{
    if (bench->scenario->phones) meter_stop(&bench->meter);
    bench_enter(bench, SETTLING);
}

static void bench_on_beat(struct due *due)
{
    struct bench *bench = container_of(due, struct bench, beat);
    const struct options *options = &bench->options;
    uint64_t now = clock_now_ns();
    due_set(&bench->dues, due, now + BEAT);
    switch (bench->phase) {
    case PREFLIGHT: break;
    case RAISING:
        if (bench_raised(bench, now)) bench_begin(bench);
        break;
    case RUNNING:
        if (bench->scenario->phones ? bench->phones_left == 0 : !phase_lasts(bench, options->hold))
            bench_settle(bench);
        break;
    case SETTLING:
        due_set(&bench->dues, due, now + 10 * BEAT);
        if (bench_settled(bench) || !phase_lasts(bench, options->settle)) bench_enter(bench, LINGERING);
        break;
    case LINGERING:
        if (bench->scenario->phones && phase_lasts(bench, options->grace)) break;
        bench_close(bench);
        break;
    case CLOSING: break;
    }
}

static void bench_on_signal(uv_signal_t *handle, int number)
{
    struct bench *bench = handle->data;
    (void)number;
    fprintf(stderr, "todoke-bench: broken off\n");
    bench->failed = true;
    uv_signal_stop(handle);
    if (bench->phase != CLOSING) bench_close(bench);
}

static void files_allow(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int bench_memory(struct bench *bench)
{
    for (int i = 0; i < TIMINGS; i++)
        if (hist_init(&bench->timings[i]) != 0) return -1;
    bench->seconds = calloc(SECONDS_MAX + 1, sizeof *bench->seconds);
    if (!bench->seconds || dues_init(&bench->dues, &bench->loop) != 0) return -1;
    return dues_reserve(&bench->dues, 8); /* the beat, the meter, the preflight, and some to spare */
}

static int bench_names(struct bench *bench)
{
    const struct options *options = &bench->options;
    bench->host = options->host ? options->host : options->server;
    bench->origin = options->origin;
    if (bench->origin) return 0;
    int n = asprintf(&bench->origin_made, "%s://%s", options->no_tls ? "http" : "https", bench->host);
    bench->origin = bench->origin_made;
    return n < 0 ? -1 : 0;
}

static int bench_day(struct bench *bench)
{
    const char *day = bench->options.day;
    bench->first_day = day ? day_parse(day, strlen(day)) : day_today();
    if (bench->first_day >= 0) return 0;
    fprintf(stderr, "todoke-bench: --day %s: YYYY-MM-DD is expected\n", day);
    return -1;
}

static int bench_shard(struct bench *bench)
{
    const char *shard = bench->options.shard;
    char end = '\0';
    if (!shard || (sscanf(shard, "%zu/%zu%c", &bench->shard, &bench->shards, &end) == 2 &&
                   bench->shard < bench->shards))
        return 0;
    fprintf(stderr, "todoke-bench: --shard %s: I/N is expected, I from 0 to N - 1\n", shard);
    return -1;
}

static int bench_setup(struct bench *bench)
{
    const struct options *options = &bench->options;
    struct dial_options dial = { options->server, options->host ? options->host : options->server,
                                 options->ca,     !options->no_tls,
                                 options->resume, (unsigned)options->sources };
    if (!options->tokens || !curve_find(options->curve)) {
        fprintf(stderr, "todoke-bench: --tokens FILE and a known --curve are needed\n");
        return -1;
    }
    if (options->reads + options->exports > 100) {
        fprintf(
            stderr,
            "todoke-bench: --reads and --exports are percents of the same arrivals: together at most 100\n");
        return -1;
    }
    if (bench_shard(bench) != 0) return -1;
    if (bench_memory(bench) != 0 || bench_names(bench) != 0 || bench_day(bench) != 0) return -1;
    if (dial_init(&bench->dial, &bench->loop, &bench->dues, &dial) != 0) return -1;
    if (sessions_load(&bench->sessions, options->tokens) != 0) return -1;
    if (ledger_open(&bench->ledger, options->ledger) != 0) return -1;
    long most = options->reuse ? options->connections : options->open_max;
    lines_init(&bench->lines, &bench->dial, options->reuse, (unsigned)most, &bench->timings[T_CONNECT]);
    dice_init(&bench->dice, (uint64_t)options->seed);
    glass_init(&bench->glass, bench->first_day, &bench->timings[T_CLASS], &bench->timings[T_SCHOOL],
               &bench->timings[T_ALL]);
    if (dashes_make(bench) != 0) return -1;
    return bench->scenario->phones ? phones_plan(bench) : 0;
}

static void bench_start(struct bench *bench)
{
    char day[DAY_SIZE];
    day_print(bench->first_day, day);
    ledger_line(&bench->ledger, "run %lld %s %s\n", (long long)clock_wall_ms(), day, bench->scenario->name);
    bench->beat.fire = bench_on_beat;
    due_set(&bench->dues, &bench->beat, clock_now_ns());
    bench->reason_id = (uint64_t)bench->options.reason;
    if (bench->phone_count && !bench->reason_id)
        preflight_start(bench, bench->phones[0].session, bench_raise);
    else
        bench_raise(bench);
}

int run_scenario(struct bench *bench, const struct scenario *scenario, const struct options *options)
{
    uv_signal_t interrupts[2];
    static const int numbers[2] = { SIGINT, SIGTERM };
    *bench = (struct bench){ .scenario = scenario, .options = *options, .ledger.fd = -1 };
    signal(SIGPIPE, SIG_IGN);
    files_allow();
    if (uv_loop_init(&bench->loop) != 0 || bench_setup(bench) != 0) return -1;
    for (int i = 0; i < 2; i++) {
        uv_signal_init(&bench->loop, &interrupts[i]);
        interrupts[i].data = bench;
        uv_signal_start(&interrupts[i], bench_on_signal, numbers[i]);
        uv_unref((uv_handle_t *)&interrupts[i]);
    }
    bench_start(bench);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    for (int i = 0; i < 2; i++) uv_close((uv_handle_t *)&interrupts[i], NULL);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    ledger_close(&bench->ledger);
    return 0;
}

void run_done(struct bench *bench)
{
    pump_done(&bench->pump);
    dashes_done(&bench->dashes);
    glass_done(&bench->glass);
    sessions_done(&bench->sessions);
    dues_done(&bench->dues);
    dial_done(&bench->dial);
    for (int i = 0; i < TIMINGS; i++) hist_done(&bench->timings[i]);
    free(bench->seconds);
    free(bench->phones);
    free(bench->origin_made);
    uv_loop_close(&bench->loop);
}
