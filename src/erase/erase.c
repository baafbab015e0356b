#include "erase/erase.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int usage(void)
{
    fprintf(stderr, "usage: todoke erase school CODE [--confirm CODE]\n");
    return 2;
}

/* The first column of the first row into `ret`, empty when it is null. */
static bool ask_one(PGconn *conn, const char *sql, const char *parameter, char *ret, size_t size)
{
    PGresult *result = PQexecParams(conn, sql, parameter ? 1 : 0, NULL, &parameter, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    if (!good) fprintf(stderr, "erase: %s", PQerrorMessage(conn));
    if (good && ret) snprintf(ret, size, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return good;
}

static bool run(PGconn *conn, const char *sql, const char *parameter)
{
    return ask_one(conn, sql, parameter, NULL, 0);
}

static int print_certificate(PGconn *conn, const char *erasure)
{
    char text[8192];
    if (!ask_one(conn, "select jsonb_pretty(to_jsonb(c)) from erasure_certificate($1::bigint) c", erasure,
                 text, sizeof text))
        return 2;
    printf("%s\n", text);
    return 0;
}

/* Each step is a transaction of its own: a school of a thousand holds no lock for long. */
static int apply(PGconn *conn, const char *erasure)
{
    char left[24] = "1";
    if (!run(conn, "select school_erasure_begin($1::bigint)", erasure) || !run(conn, "commit", NULL))
        return 2;
    while (strcmp(left, "0") != 0) {
        if (!ask_one(conn, "select erasure_step($1::bigint, null, 100)", erasure, left, sizeof left))
            return 2;
        if (!*left) break;
    }
    return print_certificate(conn, erasure);
}

static int erase_school(PGconn *conn, const char *code, bool confirmed)
{
    char erasure[24];
    if (!run(conn, "select set_config('todoke.schools', '*', false)", NULL) || !run(conn, "begin", NULL) ||
        !ask_one(conn, "select school_erasure_make($1)", code, erasure, sizeof erasure))
        return 2;
    if (!*erasure) {
        fprintf(stderr, "erase: there is no school with this code\n");
        return 1;
    }
    if (confirmed) return apply(conn, erasure);
    int status = print_certificate(conn, erasure);
    if (!run(conn, "rollback", NULL)) return 2;
    fprintf(stderr, "erase: nothing was erased; --confirm %s erases it for good\n", code);
    return status;
}

int erase_command(const char *conninfo, int argc, char **argv)
{
    bool confirms = argc == 4 && strcmp(argv[2], "--confirm") == 0;
    if ((argc != 2 && !confirms) || strcmp(argv[0], "school") != 0) return usage();
    if (confirms && strcmp(argv[1], argv[3]) != 0) {
        fprintf(stderr, "erase: the two codes differ; nothing was erased\n");
        return 1;
    }
    PGconn *conn = PQconnectdb(conninfo);
    bool connected = PQstatus(conn) == CONNECTION_OK;
    if (!connected) fprintf(stderr, "erase: %s", PQerrorMessage(conn));
    int status = connected ? erase_school(conn, argv[1], confirms) : 2;
    PQfinish(conn);
    return status;
}
