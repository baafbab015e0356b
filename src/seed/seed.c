#include "seed/seed.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "seed/copy.h"
#include "seed/load.h"

/* Changes when the same numbers would give another city. */
#define SEED_FORM 7

/* The city's own note of how it was made: 1 it is this one, 0 nothing is there, -1 something else is. */
static int city_is_there(PGconn *conn, long students, unsigned seed, bool everyone)
{
    char wanted[128];
    PGresult *result =
        seed_query(conn, "select exists (select from city) or exists (select from schools) or "
                         "exists (select from accounts), "
                         "(select detail ->> 'city' from audit where action = 'seeded' limit 1)");
    if (!result) return -1;
    snprintf(wanted, sizeof wanted, "%d %ld %u%s", SEED_FORM, students, seed, everyone ? " everyone" : "");
    int there = strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    bool same = there && strcmp(PQgetvalue(result, 0, 1), wanted) == 0;
    PQclear(result);
    if (there && !same)
        fprintf(stderr, "seed: the database holds another city; only an empty one is filled\n");
    return same ? 1 : there ? -1 : 0;
}

/* One hash for all: a demonstration's password is public, and 45,000 hashes would take half an hour. */
static int password_hash_make(char hash[crypto_pwhash_STRBYTES])
{
    if (sodium_init() < 0) return -1;
    return crypto_pwhash_str_alg(hash, SEED_PASSWORD, strlen(SEED_PASSWORD), 2, 19u * 1024 * 1024,
                                 crypto_pwhash_ALG_ARGON2ID13);
}

static int city_load(PGconn *conn, const struct secret *secret, long students, unsigned seed, bool everyone)
{
    struct seed_city city;
    char hash[crypto_pwhash_STRBYTES];
    int failed = seed_city_make(&city, (int)students, seed, everyone) || password_hash_make(hash);
    if (failed)
        fprintf(stderr, "seed: out of memory\n");
    else
        failed =
            seed_load(conn, &city, hash) || seed_load_calendar(conn) || seed_load_history(conn, seed) ||
            seed_load_registrations(conn) || seed_load_demo(conn, &city) || seed_load_factors(conn, secret) ||
            seed_execf(conn,
                       "insert into audit (action, object_kind, object_id, detail) values "
                       "('seeded', 'city', 1, '{\"city\": \"%d %ld %u%s\"}')",
                       SEED_FORM, students, seed, everyone ? " everyone" : "") ||
            seed_exec(conn, "commit") ||
            seed_exec(conn,
                      "vacuum (analyze) schools, classes, students, accounts, guardianships, staff_roles, "
                      "reasons, absences, absence_versions, invitations");
    seed_city_done(&city);
    return failed ? -1 : 0;
}

int seed_run(const char *conninfo, const struct secret *secret, long students, unsigned seed, bool everyone)
{
    if (students < 60 || students > 200000) {
        fprintf(stderr, "seed: --students goes from 60 to 200000\n");
        return -1;
    }
    PGconn *conn = seed_connect(conninfo);
    if (!conn) return -1;
    int there = city_is_there(conn, students, seed, everyone);
    int failed = there ? there < 0 : city_load(conn, secret, students, seed, everyone);
    PQfinish(conn);
    return failed ? -1 : 0;
}

static int number_read(const char *text, long least, long *ret)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < least) return -1;
    *ret = value;
    return 0;
}

static int city_make(const char *conninfo, const char *secret_file, long students, unsigned seed,
                     bool everyone)
{
    struct secret secret;
    char reason[256] = "--secret-file FILE is needed: the same as the server's";
    if (!secret_file || sodium_init() < 0 || secret_load(&secret, secret_file, reason, sizeof reason)) {
        fprintf(stderr, "seed: %s\n", reason);
        return -1;
    }
    return seed_run(conninfo, &secret, students, seed, everyone);
}

static int usage(void)
{
    fprintf(
        stderr,
        "usage: todoke seed [--students N] [--seed N] [--everyone] [--any-time] [--sessions N|all FILE]\n");
    return 2;
}

int seed_command(const char *conninfo, const char *secret_file, int argc, char **argv)
{
    long students = 29000, seed = 1, sessions = 0;
    const char *path = NULL;
    bool city = true, everyone = false, any_time = false;
    for (int i = 0; i < argc; i++) {
        bool more = i + 1 < argc;
        if (more && !strcmp(argv[i], "--students") && !number_read(argv[i + 1], 60, &students)) {
            i++;
        } else if (more && !strcmp(argv[i], "--seed") && !number_read(argv[i + 1], 0, &seed)) {
            i++;
        } else if (!strcmp(argv[i], "--everyone")) {
            everyone = true;
        } else if (!strcmp(argv[i], "--any-time")) {
            any_time = true;
        } else if (i + 2 < argc && !strcmp(argv[i], "--sessions")) {
            if (strcasecmp(argv[i + 1], "all") && number_read(argv[i + 1], 1, &sessions)) return usage();
            path = argv[i + 2];
            city = argc > 3; /* sessions alone go into the city that is there, whichever it is */
            i += 2;
        } else {
            return usage();
        }
    }
    if (city && city_make(conninfo, secret_file, students, (unsigned)seed, everyone)) return 1;
    if (any_time && seed_any_time(conninfo)) return 1;
    return path && seed_sessions(conninfo, sessions, path) ? 1 : 0;
}
