/* todoke: one program, several subcommands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "audit/audit.h"
#include "base/fault.h"
#include "base/str.h"
#include "engine/openapi.h"
#include "erase/erase.h"
#include "push/push.h"
#include "seed/seed.h"
#include "supervisor.h"

struct command {
    const char *name, *help;
    int (*run)(const struct config *config, int argc, char **argv);
};

static struct {
    int argc;
    char **argv;
} program;

static int unknown_word(const char *word)
{
    fprintf(stderr, "todoke: unknown option %s (todoke help)\n", word);
    return 2;
}

static int run_serve(const struct config *config, int argc, char **argv)
{
    if (argc > 0) return unknown_word(argv[0]);
    return supervisor_run(config, program.argc, program.argv);
}

static int run_worker(const struct config *config, int argc, char **argv)
{
    struct worker_seat seat;
    if (worker_seat_parse(&seat, argc, argv)) return unknown_word("worker");
    return app_serve(config, &seat);
}

static int run_migrate(const struct config *config, int argc, char **argv)
{
    const struct migrate_options options = { .out = stdout };
    if (argc > 0) return unknown_word(argv[0]);
    return migrate_run(config_text(config, CONFIG_DB), schema_files, &options) ? 1 : 0;
}

static int run_seed(const struct config *config, int argc, char **argv)
{
    return seed_command(config_text(config, CONFIG_DB), config_text(config, CONFIG_SECRET_FILE), argc, argv);
}

static int run_erase(const struct config *config, int argc, char **argv)
{
    return erase_command(config_text(config, CONFIG_DB), argc, argv);
}

static int run_audit(const struct config *config, int argc, char **argv)
{
    return audit_command(config_text(config, CONFIG_DB), argc, argv);
}

static int run_push_key(const struct config *config, int argc, char **argv)
{
    struct buf message;
    (void)config;
    if (argc != 1) return unknown_word(argc ? argv[1] : "push-key: a FILE is needed");
    buf_init(&message, 0);
    int rc = push_key_make(argv[0], &message);
    if (rc) fprintf(stderr, "todoke: " STR_FMT, STR_ARG(buf_view(&message)));
    buf_done(&message);
    return rc ? 1 : 0;
}

static int run_openapi(const struct config *config, int argc, char **argv)
{
    (void)config;
    if (argc > 0) return unknown_word(argv[0]);
    struct str document = openapi_new(app_modules, NULL);
    if (!document.at) return 1;
    fwrite(document.at, 1, document.n, stdout);
    putchar('\n');
    base_free((void *)(uintptr_t)document.at);
    return 0;
}

static int run_config(const struct config *config, int argc, char **argv)
{
    if (argc > 0) return unknown_word(argv[0]);
    config_print(config, stdout);
    return 0;
}

static int run_help(const struct config *config, int argc, char **argv);

static const struct command commands[] = {
    { "serve", "serve the web app and its API", run_serve },
    { "migrate", "bring the database's schema up to date (as its owner)", run_migrate },
    { "seed", "load a demonstration city: --students N --seed N [--sessions N|ALL FILE]", run_seed },
    { "erase", "a school that closes: school CODE says what would go, --confirm CODE erases it", run_erase },
    { "audit", "is the log whole? verify [--anchor SEQ:HASH]..., or anchor: print its head", run_audit },
    { "push-key", "make the private key for Web Push: FILE", run_push_key },
    { "openapi", "print the API's OpenAPI 3.1 document", run_openapi },
    { "config", "print every option, its help and its value", run_config },
    { "help", "print this", run_help },
    { "worker", NULL, run_worker },
};

static int run_help(const struct config *config, int argc, char **argv)
{
    (void)config, (void)argc, (void)argv;
    puts("todoke COMMAND [--OPTION VALUE ...]\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].help) printf("  %-8s  %s\n", commands[i].name, commands[i].help);
    puts("\nOptions: todoke config. Each is also TODOKE_<NAME> in the environment and a line of --config "
         "FILE.");
    return 0;
}

int main(int argc, char **argv)
{
    struct config config;
    if (fault_init()) {
        fputs("todoke: TODOKE_FAULTS is not a list of point:number\n", stderr);
        return 2;
    }
    program.argc = argc;
    program.argv = argv;
    const char *name = argc > 1 ? argv[1] : "help";
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, name) != 0) continue;
        int left = argc > 2 ? argc - 2 : 0;
        char **words = calloc((size_t)left + 1, sizeof *words);
        if (!words) return 1;
        memcpy(words, argv + (argc > 2 ? 2 : argc), (size_t)left * sizeof *words);
        if (config_read(&config, &left, words)) {
            config_done(&config);
            free(words);
            return 2;
        }
        int status = commands[i].run(&config, left, words);
        config_done(&config);
        free(words);
        return status;
    }
    fprintf(stderr, "todoke: unknown command %s (todoke help)\n", name);
    return 2;
}
