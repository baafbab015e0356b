/* `todoke seed`: a demonstration city, the same for the same numbers, and sessions for the bench.
 *
 * Nobody in it exists: names are common ones put together by chance, telephone numbers begin with 06-0000.
 * Synchronous libpq as the tables' owner, in one transaction: all of the city or nothing. */
#ifndef SEED_H
#define SEED_H

#include <stdbool.h>

#include "engine/secret.h"

#define SEED_PASSWORD "todoke-demo"

/* Fills an empty, migrated database. Does nothing (0) when it already holds this very city; refuses (-1, with
 * the reason on stderr) when it holds anything else. `students` 60 to 200,000. Without
 * `everyone` some children have no registered guardian yet. `secret` seals the second factors: the server's
 * own. */
int seed_run(const char *conninfo, const struct secret *secret, long students, unsigned seed, bool everyone);

/* For demonstration and bench: opens sessions of a day for the first `guardians` guardians (0 or less: all),
 * for a teacher of each class, the office of each school and the board, and writes one JSON line each to
 * `path` (mode 0600):
 * {"token", "role", "account_id", "school_id", "class_id", "student_ids"}. Only in a seeded city. 0, or -1
 * with the reason on stderr. The first guardians have different households: all children are reached before
 * the second ones. */
int seed_sessions(const char *conninfo, long guardians, const char *path);

/* For tests and the bench, which hold at any time: every day of a year is a day of school, weekends, holidays and
 * vacations too; guardians correct their reports until midnight, and no office is reminded before. */
int seed_any_time(const char *conninfo);

/* The subcommand's own flags: [--students N] [--seed N] [--everyone] [--any-time] [--sessions N|all FILE]. A
 * city also needs the server's secret file. Returns an exit status. */
int seed_command(const char *conninfo, const char *secret_file, int argc, char **argv);

#endif
