#include <stdio.h>

#include "result.h"

static void timing_print(const struct bench *bench, enum timing timing, const char *label)
{
    const struct hist *hist = &bench->timings[timing];
    if (!hist->count) return;
    fprintf(stderr, "  %-26s %8llu %9.2f %9.2f %9.2f %9.2f %9.2f\n", label, (unsigned long long)hist->count,
            (double)hist_quantile(hist, 0.5) / 1e6, (double)hist_quantile(hist, 0.9) / 1e6,
            (double)hist_quantile(hist, 0.99) / 1e6, (double)hist_quantile(hist, 0.999) / 1e6,
            (double)hist->max / 1e6);
}

static void requests_print(const struct bench *bench)
{
    const struct counts *counts = &bench->counts;
    unsigned long long retries = 0;
    for (int i = 0; i < RETRY_KINDS; i++) retries += counts->retries[i];
    if (!bench->phone_count) return;
    fprintf(
        stderr,
        "requests    %llu looked, %llu acknowledged, %llu errors (%llu refused, %llu given up), %llu retries",
        (unsigned long long)counts->looked, (unsigned long long)counts->acknowledged,
        (unsigned long long)(counts->refused + counts->gave_up), (unsigned long long)counts->refused,
        (unsigned long long)counts->gave_up, retries);
    for (int i = 0; i < RETRY_KINDS; i++)
        if (counts->retries[i])
            fprintf(stderr, ", %s %llu", i == RETRY_BUSY ? "busy" : loss_name((enum loss)i),
                    (unsigned long long)counts->retries[i]);
    fprintf(stderr, "\n");
}

static void classes_print(const struct bench *bench)
{
    const struct pump *pump = &bench->pump;
    if (!bench->scenario->pumped) return;
    fprintf(stderr, "throughput  %llu in %.3f s: %.0f per second\n", (unsigned long long)pump_succeeded(pump),
            pump_seconds(pump),
            pump_seconds(pump) > 0 ? (double)pump_succeeded(pump) / pump_seconds(pump) : 0);
    for (int step = 0; step < STEPS; step++) {
        const struct step_count *count = &bench->counts.steps[step];
        if (!count->offered) continue;
        fprintf(
            stderr,
            "%-11s %llu offered, %llu ok, %llu told to wait (%llu told how long), %llu failed, %llu lost\n",
            step_name((enum step)step), (unsigned long long)count->offered, (unsigned long long)count->ok,
            (unsigned long long)count->refused, (unsigned long long)count->told_when,
            (unsigned long long)count->failed, (unsigned long long)count->lost);
    }
}

static void dashboards_print(const struct bench *bench, const struct outcome *outcome)
{
    const struct dashes *dashes = &bench->dashes;
    if (!dashes->count) return;
    fprintf(stderr,
            "dashboards  %zu of %zu came up, %llu of %llu rows missing, %llu repeated (%llu more after "
            "snapshots), "
            "%llu connections lost\n",
            dashes->raised, dashes->count, (unsigned long long)outcome->audit.missing,
            (unsigned long long)outcome->audit.expected, (unsigned long long)bench->glass.repeated,
            (unsigned long long)bench->glass.repeated_after_snapshot, (unsigned long long)dashes->lost);
}

static void ledger_print(const struct outcome *outcome)
{
    const struct verdict *v = &outcome->verdict;
    if (outcome->verified)
        fprintf(
            stderr, "ledger      %llu acknowledged: lost %llu, doubled %llu (unasked %llu, recovered %llu)\n",
            (unsigned long long)v->acknowledged, (unsigned long long)v->lost, (unsigned long long)v->doubled,
            (unsigned long long)v->unasked, (unsigned long long)v->recovered);
}

void result_print(struct bench *bench, const struct outcome *outcome, const json_t *result)
{
    static const struct {
        enum timing timing;
        const char *label;
    } lines[] = {
        { T_CONNECT, "TCP + TLS handshake" },
        { T_LOOK, "arrival to children" },
        { T_ACK, "report to acknowledged" },
        { T_SERVICE, " (from the actual sending)" },
        { T_EXPORT, "export" },
        { T_SIGN_IN, "sign-in" },
        { T_REFUSED + STEP_LOOK, "refused: reads" },
        { T_REFUSED + STEP_REPORT, "refused: absences" },
        { T_REFUSED + STEP_EXPORT, "refused: exports" },
        { T_REFUSED + STEP_SIGN_IN, "refused: sign-ins" },
        { T_CLASS, "report to class glass" },
        { T_SCHOOL, "report to school glass" },
        { T_ALL, "report to the last glass" },
        { T_RAISE, "dashboard up" },
        { T_HEAL, "dashboard back" },
        { T_LATE, "sent late by" },
        { T_LAG, "generator's loop lag" },
    };
    const json_t *generator = json_object_get(result, "generator"),
                 *verdict = json_object_get(result, "verdict");
    fprintf(stderr, "\n%s against %s\n", bench->scenario->name, bench->options.server);
    requests_print(bench);
    classes_print(bench);
    dashboards_print(bench, outcome);
    ledger_print(outcome);
    fprintf(stderr, "  %-26s %8s %9s %9s %9s %9s %9s\n", "milliseconds", "count", "p50", "p90", "p99",
            "p99.9", "max");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        timing_print(bench, lines[i].timing, lines[i].label);
    fprintf(stderr, "longest time without an acknowledgement %.0f ms\n",
            (double)bench->longest_silence / 1e6);
    fprintf(stderr, "generator   %.1f s of %.1f s CPU (%.0f %% of a core), waited %.1f s for one%s%s\n",
            meter_user(&bench->meter) + meter_system(&bench->meter), meter_seconds(&bench->meter),
            100 * json_real_value(json_object_get(generator, "cpu_share")), meter_waited(&bench->meter),
            json_is_true(json_object_get(generator, "bottleneck")) ? ": IT WAS THE BOTTLENECK" : "",
            json_is_true(json_object_get(generator, "starved")) ? ": THE MACHINE WAS TOO FULL" : "");
    char *failed = json_dumps(json_object_get(verdict, "failed"), JSON_COMPACT);
    fprintf(stderr, "%s%s%s\n", json_is_true(json_object_get(verdict, "ok")) ? "OK" : "FAILED: ",
            json_is_true(json_object_get(verdict, "ok")) ? ""
            : failed                                     ? failed
                                                         : "",
            "");
    free(failed);
}
