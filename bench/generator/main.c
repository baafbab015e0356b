/* todoke-bench: the load generator. `todoke-bench --help` lists what it can do. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "merge.h"
#include "result.h"
#include "run.h"
#include "steer.h"

static struct bench bench;

static int usage(void)
{
    fprintf(stderr, "usage: todoke-bench SCENARIO [--option value ...]\n"
                    "       todoke-bench verify --ledger FILE --db CONNINFO\n"
                    "       todoke-bench merge A.json B.json ... --json OUT\n\nscenarios:\n");
    for (size_t i = 0; scenario_at(i); i++)
        fprintf(stderr, "  %-10s %s\n", scenario_at(i)->name, scenario_at(i)->help);
    fprintf(stderr, "\ncurves:\n");
    for (size_t i = 0; curve_at(i); i++)
        fprintf(stderr, "  %-10s %s\n", curve_at(i)->name, curve_at(i)->help);
    fprintf(stderr, "\noptions:\n");
    options_help();
    return 2;
}

static int verify(const struct options *options)
{
    struct verdict v;
    if (!options->ledger || !options->db) return usage();
    if (ledger_verify(options->ledger, options->db, &v) != 0) return 2;
    printf("acknowledged %llu, refused %llu, unknown %llu; stored though refused %llu, "
           "stored though never acknowledged %llu (allowed), others' rows %llu\nlost %llu, doubled %llu\n",
           (unsigned long long)v.acknowledged, (unsigned long long)v.refused, (unsigned long long)v.unknown,
           (unsigned long long)v.unasked, (unsigned long long)v.recovered, (unsigned long long)v.foreign,
           (unsigned long long)v.lost, (unsigned long long)v.doubled);
    return v.lost || v.doubled || v.unasked;
}

static int json_write(const json_t *result, const char *path)
{
    size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(9);
    if (!path) return 0;
    int failed =
        strcmp(path, "-") == 0 ? json_dumpf(result, stdout, flags) : json_dump_file(result, path, flags);
    if (failed) fprintf(stderr, "todoke-bench: %s: could not be written\n", path);
    return failed;
}

static int run(const struct scenario *scenario, const struct options *options)
{
    int code = 2;
    if (run_scenario(&bench, scenario, options) == 0) {
        struct outcome outcome = { .audit = bench_audit(&bench) };
        if (options->ledger && options->db) {
            outcome.verified = ledger_verify(options->ledger, options->db, &outcome.verdict) == 0;
            outcome.verify_failed = !outcome.verified;
        }
        json_t *result = result_json(&bench, &outcome);
        if (result && !options->quiet) result_print(&bench, &outcome, result);
        code = !json_is_true(json_object_get(json_object_get(result, "verdict"), "ok"));
        if (!result || json_write(result, options->json) != 0) code = 2;
        json_decref(result);
    }
    run_done(&bench);
    return code;
}

int main(int argc, char **argv)
{
    static const struct options nothing;
    const struct scenario *scenario = argc > 1 ? scenario_find(argv[1]) : NULL;
    if (argc > 1 && strcmp(argv[1], "merge") == 0) return merge_command(argc, argv);
    bool verifies = argc > 1 && strcmp(argv[1], "verify") == 0;
    if (!scenario && !verifies) return usage();
    struct options options = scenario ? scenario->defaults : nothing;
    mallopt(M_TRIM_THRESHOLD, 256 << 20); /* thousands of TLS states come and go each second */
    mallopt(M_TOP_PAD, 16 << 20);
    int read = options_read(&options, argc, argv, 2);
    if (read > 0) return usage();
    if (read < 0) return 2;
    if (verifies) return verify(&options);
    return scenario->steered ? steer(&options) : run(scenario, &options);
}
