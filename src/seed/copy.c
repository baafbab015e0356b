#include "seed/copy.h"

#include <stdarg.h>
#include <stdio.h>

#define FLUSH_BYTES (256 * 1024)

static int result_check(PGconn *conn, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN) return 0;
    fprintf(stderr, "seed: %s", PQerrorMessage(conn));
    return -1;
}

int seed_exec(PGconn *conn, const char *sql)
{
    return result_check(conn, PQexec(conn, sql));
}

int seed_execf(PGconn *conn, const char *format, ...)
{
    va_list list;
    char text[2048];
    va_start(list, format);
    int n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (n < 0 || (size_t)n >= sizeof text) return -1;
    return seed_exec(conn, text);
}

PGresult *seed_query(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) == PGRES_TUPLES_OK) return result;
    fprintf(stderr, "seed: %s", PQerrorMessage(conn));
    PQclear(result);
    return NULL;
}

PGconn *seed_connect(const char *conninfo)
{
    PGconn *conn = PQconnectdb(conninfo);
    if (PQstatus(conn) != CONNECTION_OK) {
        fprintf(stderr, "seed: %s", PQerrorMessage(conn));
    } else if (!seed_exec(conn, "set client_min_messages = warning; set client_encoding = 'UTF8'; begin;"
                                "select pg_advisory_xact_lock(hashtext('todoke.seed'));"
                                "select set_config('todoke.schools', '*', true)")) {
        return conn;
    }
    PQfinish(conn);
    return NULL;
}

static void copy_flush(struct seed_copy *copy)
{
    if (copy->rows.failed) copy->failed = 1;
    if (!copy->failed && PQputCopyData(copy->conn, copy->rows.at, (int)copy->rows.n) != 1) {
        fprintf(stderr, "seed: %s", PQerrorMessage(copy->conn));
        copy->failed = 1;
    }
    buf_reset(&copy->rows);
}

void seed_copy_begin(struct seed_copy *copy, PGconn *conn, const char *table, const char *columns)
{
    *copy = (struct seed_copy){ .conn = conn, .table = table, .columns = columns };
    buf_init(&copy->rows, 0);
    if (seed_execf(conn, "create temp table seed_%s on commit drop as select %s from %s with no data", table,
                   columns, table) ||
        seed_execf(conn, "copy seed_%s (%s) from stdin", table, columns))
        copy->failed = 1;
}

void seed_copy_row(struct seed_copy *copy, const char *format, ...)
{
    char text[1024];
    va_list list;
    if (copy->failed) return;
    va_start(list, format);
    int n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (n < 0 || (size_t)n >= sizeof text)
        copy->failed = 1;
    else
        buf_append(&copy->rows, text, (size_t)n);
    if (copy->rows.n > FLUSH_BYTES) copy_flush(copy);
}

static int copy_finish(struct seed_copy *copy)
{
    if (PQputCopyEnd(copy->conn, copy->failed ? "failed" : NULL) != 1) return -1;
    int failed = 0;
    for (PGresult *result; (result = PQgetResult(copy->conn));) failed |= result_check(copy->conn, result);
    return failed || copy->failed ? -1 : 0;
}

int seed_copy_end(struct seed_copy *copy)
{
    if (copy->rows.n) copy_flush(copy);
    buf_done(&copy->rows);
    if (PQtransactionStatus(copy->conn) == PQTRANS_ACTIVE && copy_finish(copy)) copy->failed = 1;
    if (copy->failed) return -1;
    return seed_execf(copy->conn, "insert into %s (%s) select %s from seed_%s", copy->table, copy->columns,
                      copy->columns, copy->table);
}
