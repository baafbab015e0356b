#include "result.h"

#include <string.h>

#include "day.h"
#include "hist_json.h"
#include "phone.h"

static json_t *count_json(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *ms_json(double ns)
{
    return json_real((double)(int64_t)(ns / 1e3 + 0.5) / 1e3);
}

struct audit bench_audit(const struct bench *bench)
{
    struct audit audit = { 0 };
    for (size_t i = 0; i < bench->phone_count; i++)
        glass_audit(&bench->glass, &bench->phones[i].report, &audit);
    return audit;
}

/* The seconds up to the last one in which anybody did something. */
static size_t seconds_used(const struct bench *bench)
{
    size_t used = SECONDS_MAX;
    static const struct second nothing;
    while (used && memcmp(&bench->seconds[used - 1], &nothing, sizeof nothing) == 0) used--;
    return used;
}

/* The guardians of this shard. */
static uint64_t guardians_count(const struct bench *bench)
{
    uint64_t count = 0;
    for (size_t i = 0; i < bench->phone_count; i++) count += bench->phones[i].mine;
    return count;
}

static json_t *requests_json(const struct bench *bench)
{
    const struct counts *counts = &bench->counts;
    json_t *retries = json_object(), *statuses = json_object();
    for (int i = 0; i < RETRY_KINDS; i++)
        json_object_set_new(retries, i == RETRY_BUSY ? "busy" : loss_name((enum loss)i),
                            count_json(counts->retries[i]));
    for (int i = 0; i < 600; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        if (counts->statuses[i]) json_object_set_new(statuses, name, count_json(counts->statuses[i]));
    }
    return json_pack("{s:o s:o s:o s:o s:o s:o s:o s:o s:o}", "guardians", count_json(guardians_count(bench)),
                     "looked", count_json(counts->looked), "acknowledged", count_json(counts->acknowledged),
                     "errors", count_json(counts->refused + counts->gave_up), "refused",
                     count_json(counts->refused), "gave_up", count_json(counts->gave_up), "retries", retries,
                     "untold", count_json(counts->untold), "statuses", statuses);
}

/* What became of each kind of request, and when: [second, offered, ok, refused]. */
static json_t *classes_json(const struct bench *bench)
{
    json_t *object = json_object();
    for (int step = 0; step < STEPS; step++) {
        const struct step_count *count = &bench->counts.steps[step];
        json_t *timeline = json_array();
        if (!count->offered) {
            json_decref(timeline);
            continue;
        }
        for (size_t i = 0; i < seconds_used(bench); i++)
            json_array_append_new(timeline,
                                  json_pack("[i,i,i,i]", (int)i, (int)bench->seconds[i].steps[step].offered,
                                            (int)bench->seconds[i].steps[step].ok,
                                            (int)bench->seconds[i].steps[step].refused));
        json_object_set_new(object, step_name((enum step)step),
                            json_pack("{s:o s:o s:o s:o s:o s:o s:o}", "offered", count_json(count->offered),
                                      "ok", count_json(count->ok), "refused", count_json(count->refused),
                                      "told_when", count_json(count->told_when), "failed",
                                      count_json(count->failed), "lost", count_json(count->lost), "timeline",
                                      timeline));
    }
    return object;
}

static json_t *throughput_json(const struct bench *bench)
{
    if (!bench->scenario->pumped) return json_null();
    double seconds = pump_seconds(&bench->pump);
    uint64_t requests = pump_succeeded(&bench->pump);
    return json_pack("{s:o s:f s:f}", "requests", count_json(requests), "seconds", seconds, "per_second",
                     seconds > 0 ? (double)requests / seconds : 0);
}

static json_t *dashboards_json(const struct bench *bench, const struct outcome *outcome)
{
    const struct dashes *dashes = &bench->dashes;
    const struct glass *glass = &bench->glass;
    json_t *object = json_object();
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        { "count", dashes->count },
        { "raised", dashes->raised },
        { "expected", outcome->audit.expected },
        { "missing", outcome->audit.missing },
        { "repeated", glass->repeated },
        { "repeated_after_snapshot", glass->repeated_after_snapshot },
        { "doubled", glass->doubled },
        { "first_seen_in_snapshot", glass->by_snapshot },
        { "updates", glass->updates },
        { "foreign", glass->foreign },
        { "lost", dashes->lost },
        { "closes_told", dashes->closes_told },
        { "refused", dashes->refused },
        { "busy", dashes->busy },
        { "untold", dashes->untold },
        { "messages", dashes->messages },
        { "rows", glass->rows },
        { "gauge_rows", dashes->gauges },
        { "ticks", dashes->ticks },
        { "bytes", dashes->bytes },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        json_object_set_new(object, rows[i].name, count_json(rows[i].value));
    json_t *board =
        dashes->board_known ? json_integer(dashes->board_now - dashes->board_before) : json_null();
    json_object_set_new(object, "board_absent_added", board);
    return object;
}

static double cpu_share(const struct bench *bench)
{
    double seconds = meter_seconds(&bench->meter);
    return seconds > 0 ? (meter_user(&bench->meter) + meter_system(&bench->meter)) / seconds : 0;
}

/* Was it us? Then the latencies above are ours, not the server's. */
static bool was_bottleneck(const struct bench *bench)
{
    return cpu_share(bench) > 0.85;
}

/* Or did we not get the CPU that we wanted, on a machine that is too full? Then they are partly the
 * machine's. */
static bool was_starved(const struct bench *bench)
{
    return hist_quantile(&bench->timings[T_LAG], 0.99) > 20 * NS_PER_MS;
}

static json_t *generator_json(const struct bench *bench)
{
    return json_pack("{s:f s:f s:f s:f s:o s:i s:i s:i s:o s:b s:b s:f}", "seconds",
                     meter_seconds(&bench->meter), "cpu_user", meter_user(&bench->meter), "cpu_system",
                     meter_system(&bench->meter), "cpu_share", cpu_share(bench), "loop_lag_ms",
                     hist_json_summary(&bench->timings[T_LAG]), "connections", (int)bench->dial.opened,
                     "most_open", (int)bench->lines.most_open, "most_waiting", (int)bench->lines.most_waiting,
                     "tls_resumed", count_json(bench->dial.resumed), "bottleneck", was_bottleneck(bench),
                     "starved", was_starved(bench), "cpu_waited", meter_waited(&bench->meter));
}

static json_t *ledger_json(const struct outcome *outcome)
{
    const struct verdict *v = &outcome->verdict;
    if (!outcome->verified) return json_null();
    return json_pack("{s:o s:o s:o s:o s:o s:o s:o s:o s:o}", "sent", count_json(v->sent), "acknowledged",
                     count_json(v->acknowledged), "refused", count_json(v->refused), "unknown",
                     count_json(v->unknown), "lost", count_json(v->lost), "doubled", count_json(v->doubled),
                     "unasked", count_json(v->unasked), "recovered", count_json(v->recovered), "foreign",
                     count_json(v->foreign));
}

static json_t *timeline_json(const struct bench *bench)
{
    json_t *list = json_array();
    for (size_t i = 0; i < seconds_used(bench); i++) {
        const struct second *s = &bench->seconds[i];
        json_array_append_new(list, json_pack("[i,i,i,i,i,o,i]", (int)i, (int)s->due, (int)s->acknowledged,
                                              (int)s->shown, (int)s->retried, ms_json((double)s->slowest),
                                              (int)s->busy));
    }
    return list;
}

static void expect(json_t *failed, bool well, const char *what)
{
    if (!well) json_array_append_new(failed, json_string(what));
}

static bool board_is_right(const struct bench *bench)
{
    const struct dashes *dashes = &bench->dashes;
    bool counts = dashes->board_known && bench->first_day == day_today() && bench->options.days_ahead == 0;
    return !counts || dashes->board_now - dashes->board_before >= (int64_t)bench->counts.acknowledged;
}

static json_t *verdict_json(const struct bench *bench, const struct outcome *outcome)
{
    const struct options *limits = &bench->options;
    json_t *failed = json_array();
    double ack = (double)hist_quantile(&bench->timings[T_ACK], 0.99),
           glass = (double)hist_quantile(&bench->timings[T_ALL], 0.99);
    expect(failed, !bench->failed, "run");
    expect(failed, bench->counts.refused + bench->counts.gave_up <= (uint64_t)limits->max_errors, "errors");
    expect(failed, bench->dashes.raised == bench->dashes.count, "dashboards_raised");
    expect(failed, bench->dashes.refused == 0, "dashboards_refused");
    expect(failed, outcome->audit.missing <= (uint64_t)limits->max_missing, "missing");
    expect(failed, bench->glass.repeated <= (uint64_t)limits->max_repeated, "repeated");
    expect(failed, bench->glass.doubled == 0, "doubled_on_glass");
    expect(failed, board_is_right(bench), "board");
    expect(failed, !bench->ledger.failed, "ledger_write");
    expect(failed, !outcome->verify_failed, "verify");
    expect(failed, outcome->verdict.lost == 0, "lost");
    expect(failed, outcome->verdict.doubled == 0, "doubled");
    expect(failed, outcome->verdict.unasked == 0, "unasked");
    expect(failed, limits->max_ack_p99 <= 0 || ack <= limits->max_ack_p99 * 1e6, "ack_p99");
    expect(failed, limits->max_glass_p99 <= 0 || glass <= limits->max_glass_p99 * 1e6, "glass_p99");
    return json_pack("{s:b s:o}", "ok", json_array_size(failed) == 0, "failed", failed);
}

json_t *result_json(struct bench *bench, const struct outcome *outcome)
{
    json_t *latency = json_object(), *histograms = json_object();
    for (int i = 0; i < T_LAG; i++)
        json_object_set_new(latency, timing_name((enum timing)i), hist_json_summary(&bench->timings[i]));
    for (int i = 0; i < TIMINGS; i++)
        json_object_set_new(histograms, timing_name((enum timing)i), hist_json(&bench->timings[i]));
    char day[DAY_SIZE];
    day_print(bench->first_day, day);
    return json_pack(
        "{s:s s:i s:s s:s s:b s:s s:I s:o s:o s:o s:o s:o s:o s:f s:o s:o s:o s:o s:o}", "bench", "todoke",
        "format", 1, "scenario", bench->scenario->name, "server", bench->options.server, "tls",
        !bench->options.no_tls, "first_day", day, "began_ms", (json_int_t)bench->began, "options",
        options_json(&bench->options), "requests", requests_json(bench), "throughput", throughput_json(bench),
        "classes", classes_json(bench), "latency_ms", latency, "histograms", histograms, "longest_silence_ms",
        (double)bench->longest_silence / 1e6, "dashboards", dashboards_json(bench, outcome), "generator",
        generator_json(bench), "ledger", ledger_json(outcome), "timeline", timeline_json(bench), "verdict",
        verdict_json(bench, outcome));
}
