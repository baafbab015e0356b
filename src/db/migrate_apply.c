#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/migrate_private.h"

void migrate_say(FILE *out, const char *format, ...)
{
    va_list args;

    if (!out) return;
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
    fputc('\n', out);
    fflush(out);
}

PGresult *migrate_query(struct migrate *m, const char *what, const char *sql, int n,
                        const char *const *values)
{
    PGresult *r = n ? PQexecParams(m->pg, sql, n, NULL, values, NULL, NULL, 0) : PQexec(m->pg, sql);
    ExecStatusType status = PQresultStatus(r);

    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return r;
    migrate_say(m->err_out, "migrate: %s: %s", what, PQerrorMessage(m->pg));
    PQclear(r);
    return NULL;
}

static int run(struct migrate *m, const char *what, const char *sql, int n, const char *const *values)
{
    PGresult *r = migrate_query(m, what, sql, n, values);

    PQclear(r);
    return r ? 0 : -1;
}

int migrate_sum(struct migrate *m, const struct embedded_file *file, char ret_hex[MIGRATE_HEX])
{
    const char *values[] = { (const char *)file->bytes };
    const int lengths[] = { (int)file->n }, formats[] = { 1 };
    const Oid types[] = { 17 };
    PGresult *r =
        PQexecParams(m->pg, "select encode(sha256($1), 'hex')", 1, types, values, lengths, formats, 0);
    int rc = -1;

    if (PQresultStatus(r) == PGRES_TUPLES_OK && PQgetlength(r, 0, 0) == MIGRATE_HEX - 1) {
        memcpy(ret_hex, PQgetvalue(r, 0, 0), MIGRATE_HEX);
        rc = 0;
    } else {
        migrate_say(m->err_out, "migrate: %s: checksum: %s", file->name, PQerrorMessage(m->pg));
    }
    PQclear(r);
    return rc;
}

/* The server counts characters from 1 in the whole file. */
static unsigned line_of(const struct embedded_file *file, const char *position)
{
    long at = position ? strtol(position, NULL, 10) : 0;
    unsigned line = 1;

    for (size_t i = 0; i < file->n && at > 1; i++) {
        if ((file->bytes[i] & 0xc0) == 0x80) continue; /* not the first byte of a character */
        if (file->bytes[i] == '\n') line++;
        at--;
    }
    return line;
}

/* Runs the file's text. 0; -1: said why; 1: a lock could not be had, try again. */
static int run_file(struct migrate *m, const struct embedded_file *file)
{
    PGresult *r = PQexec(m->pg, (const char *)file->bytes);
    ExecStatusType status = PQresultStatus(r);
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
    int rc = 0;

    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
        rc = state && (!strcmp(state, "55P03") || !strcmp(state, "40P01")) ? 1 : -1;
        if (rc < 0 && position)
            migrate_say(m->err_out, "migrate: %s:%u: %s", file->name, line_of(file, position),
                        PQerrorMessage(m->pg));
        else if (rc < 0)
            migrate_say(m->err_out, "migrate: %s: %s", file->name, PQerrorMessage(m->pg));
    } else if (PQtransactionStatus(m->pg) != PQTRANS_INTRANS) {
        migrate_say(m->err_out,
                    "migrate: %s: ends the transaction by itself: a file must not say begin or commit",
                    file->name);
        rc = -1;
    }
    PQclear(r);
    return rc;
}

static int begin(struct migrate *m)
{
    char sql[128];

    snprintf(sql, sizeof(sql), "begin; set local lock_timeout = %u; set local statement_timeout = 0",
             m->lock_timeout_ms);
    return run(m, "begin", sql, 0, NULL);
}

static void rollback(struct migrate *m)
{
    PQclear(PQexec(m->pg, "rollback"));
}

static int apply_once(struct migrate *m, const struct embedded_file *file, const char *hex)
{
    char version[16];
    const char *values[] = { version, file->name, hex };
    int rc;

    snprintf(version, sizeof(version), "%d", migrate_version(file->name));
    if (begin(m)) return -1;
    rc = run_file(m, file);
    if (!rc)
        rc = run(
            m, file->name,
            "insert into public.schema_migrations (version, name, sha256) values ($1, $2, decode($3, 'hex'))",
            3, values);
    if (!rc) return run(m, file->name, "commit", 0, NULL);
    rollback(m);
    return rc;
}

int migrate_apply(struct migrate *m, const struct embedded_file *file, const char *hex)
{
    for (unsigned i = 0; i < m->tries; i++) {
        int rc = apply_once(m, file, hex);
        if (!rc) {
            m->changed = true;
            migrate_say(m->out, "applied %s", file->name);
        }
        if (rc <= 0) return rc;
        migrate_say(m->out, "%s waits for a lock (try %u of %u)", file->name, i + 1, m->tries);
        usleep(500000);
    }
    migrate_say(m->err_out, "migrate: %s: could not get its locks", file->name);
    return -1;
}

static int record(struct migrate *m, const struct embedded_file *file, bool after)
{
    char hex[MIGRATE_HEX], name[256];
    const char *values[] = { name, hex };

    snprintf(name, sizeof(name), "%s%s", after ? "after/" : "", file->name);
    if (migrate_sum(m, file, hex)) return -1;
    return run(m, name, "insert into public.schema_functions (name, sha256) values ($1, decode($2, 'hex'))",
               2, values);
}

/* Twice: functions may use each other, whatever the alphabet says; the second time each body is checked. */
static int run_functions(struct migrate *m, const struct embedded_file *files,
                         const struct embedded_file *after)
{
    static const char *const checks[] = { "set local check_function_bodies = off",
                                          "set local check_function_bodies = on" };
    int rc = run(m, "functions", "delete from public.schema_functions", 0, NULL);

    for (unsigned pass = 0; pass < 2 && !rc; pass++) {
        rc = run(m, "functions", checks[pass], 0, NULL);
        for (const struct embedded_file *f = files; !rc && f->name; f++)
            if (migrate_is_function(f->name)) rc = run_file(m, f);
        for (const struct embedded_file *f = after; !rc && f && f->name; f++) rc = run_file(m, f);
    }
    for (const struct embedded_file *f = files; !rc && f->name; f++)
        if (migrate_is_function(f->name)) rc = record(m, f, false);
    for (const struct embedded_file *f = after; !rc && f && f->name; f++) rc = record(m, f, true);
    return rc;
}

int migrate_functions(struct migrate *m, const struct embedded_file *files, const struct embedded_file *after)
{
    for (unsigned i = 0; i < m->tries; i++) {
        int rc = begin(m);
        if (!rc) rc = run_functions(m, files, after);
        if (!rc) rc = run(m, "functions", "commit", 0, NULL);
        if (!rc) migrate_say(m->out, "applied functions");
        if (rc) rollback(m);
        if (rc <= 0) return rc;
        usleep(500000);
    }
    migrate_say(m->err_out, "migrate: functions: could not get their locks");
    return -1;
}
