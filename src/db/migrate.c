#include "db/migrate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "db/migrate_private.h"

#define MIGRATE_LOCK "7205759403792793600" /* ours alone: any number, always the same */

int migrate_version(const char *name)
{
    int version = 0, digits = 0;
    size_t n = strlen(name);

    for (; isdigit((unsigned char)name[digits]) && digits < 9; digits++)
        version = version * 10 + (name[digits] - '0');
    if (digits < 4 || name[digits] != '_' || n < 4 || strcmp(name + n - 4, ".sql")) return -1;
    return version;
}

bool migrate_is_function(const char *name)
{
    return !strncmp(name, "functions/", 10);
}

static void on_notice(void *data, const PGresult *notice)
{
    (void)data;
    (void)notice;
}

static int open_conn(struct migrate *m, const char *conninfo, bool writes)
{
    const char *keys[] = { "dbname", "application_name", "client_encoding", "target_session_attrs", NULL };
    const char *values[] = { conninfo, "todoke-migrate", "UTF8", writes ? "read-write" : "any", NULL };

    m->pg = PQconnectdbParams(keys, values, 1);
    if (!m->pg || PQstatus(m->pg) != CONNECTION_OK) {
        migrate_say(m->err_out, "migrate: %s", m->pg ? PQerrorMessage(m->pg) : "out of memory");
        return -1;
    }
    PQsetNoticeReceiver(m->pg, on_notice, NULL);
    return 0;
}

/* Every embedded file has its place, and no number is there twice. */
static int check_files(struct migrate *m, const struct embedded_file *files)
{
    for (const struct embedded_file *f = files; f->name; f++) {
        int version = migrate_version(f->name);
        if (migrate_is_function(f->name)) continue;
        if (version < 0) {
            migrate_say(m->err_out, "migrate: %s: not of the form NNNN_name.sql or functions/name.sql",
                        f->name);
            return -1;
        }
        for (const struct embedded_file *g = files; g < f; g++) {
            if (migrate_is_function(g->name) || migrate_version(g->name) < version) continue;
            migrate_say(m->err_out, "migrate: %s and %s: the same number, or not in order", g->name, f->name);
            return -1;
        }
    }
    return 0;
}

static PGresult *recorded(struct migrate *m)
{
    return migrate_query(
        m, "schema_migrations",
        "select version, name, encode(sha256, 'hex') from public.schema_migrations order by version", 0,
        NULL);
}

static PGresult *recorded_functions(struct migrate *m)
{
    return migrate_query(m, "schema_functions",
                         "select name, encode(sha256, 'hex') from public.schema_functions", 0, NULL);
}

/* The row of a name (column `column`), or -1. */
static int find_row(const PGresult *r, int column, const char *name)
{
    for (int i = 0; i < PQntuples(r); i++)
        if (!strcmp(PQgetvalue(r, i, column), name)) return i;
    return -1;
}

static const struct embedded_file *find_file(const struct embedded_file *files, const char *name)
{
    for (; files && files->name; files++)
        if (!strcmp(files->name, name)) return files;
    return NULL;
}

static int newest(const struct embedded_file *files)
{
    int version = -1;

    for (; files->name; files++)
        if (!migrate_is_function(files->name) && migrate_version(files->name) > version)
            version = migrate_version(files->name);
    return version;
}

/* Recorded files that changed or are gone, told on `out`; a later version than ours counts only with
 * `strict`. */
static int count_faults(struct migrate *m, const PGresult *r, const struct embedded_file *files, bool strict,
                        FILE *out)
{
    int faults = 0, last = newest(files);
    char hex[MIGRATE_HEX];

    for (int i = 0; i < PQntuples(r); i++) {
        const struct embedded_file *f = find_file(files, PQgetvalue(r, i, 1));
        if (!f) {
            if (!strict && atoi(PQgetvalue(r, i, 0)) > last) continue;
            migrate_say(out, "migrate: %s: was applied to this database, but is not in this program",
                        PQgetvalue(r, i, 1));
            faults++;
            continue;
        }
        if (migrate_sum(m, f, hex)) return -1;
        if (!strcmp(hex, PQgetvalue(r, i, 2))) continue;
        migrate_say(out, "migrate: %s: changed since it was applied (add a new file instead)", f->name);
        faults++;
    }
    return faults;
}

/* Functions that are not recorded as they are here, or are recorded and gone. -1: could not ask. */
static int count_functions(struct migrate *m, const struct embedded_file *files,
                           const struct embedded_file *after)
{
    PGresult *r = recorded_functions(m);
    int want = 0, same = 0, have;
    char hex[MIGRATE_HEX], name[256];

    if (!r) return -1;
    have = PQntuples(r);
    for (unsigned pass = 0; pass < 2; pass++) {
        for (const struct embedded_file *f = pass ? after : files; f && f->name; f++) {
            if (!pass && !migrate_is_function(f->name)) continue;
            snprintf(name, sizeof(name), "%s%s", pass ? "after/" : "", f->name);
            int row = find_row(r, 0, name);
            want++;
            if (migrate_sum(m, f, hex)) {
                PQclear(r);
                return -1;
            }
            if (row >= 0 && !strcmp(PQgetvalue(r, row, 1), hex)) same++;
        }
    }
    PQclear(r);
    return (want - same) + (have - same);
}

static int prepare(struct migrate *m)
{
    static const char *const steps[] = {
        "select pg_advisory_lock(" MIGRATE_LOCK ")",
        "create table if not exists public.schema_migrations (version int primary key, name text not null "
        "unique,"
        " sha256 bytea not null, applied_at timestamptz not null default now());"
        "create table if not exists public.schema_functions (name text primary key, sha256 bytea not null,"
        " applied_at timestamptz not null default now());"
        "grant select on public.schema_migrations, public.schema_functions to public",
    };

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        PGresult *r = migrate_query(m, "start", steps[i], 0, NULL);
        PQclear(r);
        if (!r) return -1;
    }
    return 0;
}

static int apply_new(struct migrate *m, const PGresult *r, const struct embedded_file *files)
{
    int last = PQntuples(r) ? atoi(PQgetvalue(r, PQntuples(r) - 1, 0)) : -1;
    char hex[MIGRATE_HEX];

    for (const struct embedded_file *f = files; f->name; f++) {
        if (migrate_is_function(f->name) || find_row(r, 1, f->name) >= 0) continue;
        if (migrate_version(f->name) <= last) {
            migrate_say(m->err_out, "migrate: %s: a later file was applied already", f->name);
            return -1;
        }
        if (migrate_sum(m, f, hex) || migrate_apply(m, f, hex)) return -1;
    }
    return 0;
}

static int migrate_all(struct migrate *m, const struct embedded_file *files,
                       const struct embedded_file *after)
{
    PGresult *r;
    int rc, functions;

    if (check_files(m, files) || prepare(m)) return -1;
    r = recorded(m);
    if (!r) return -1;
    rc = count_faults(m, r, files, true, m->err_out) ? -1 : apply_new(m, r, files);
    PQclear(r);
    if (rc) return -1;
    functions = count_functions(m, files, after);
    if (functions < 0 || ((functions || m->changed) && migrate_functions(m, files, after))) return -1;
    if (!functions && !m->changed) migrate_say(m->out, "nothing to do");
    return 0;
}

int migrate_run(const char *conninfo, const struct embedded_file *files,
                const struct migrate_options *options)
{
    static const struct migrate_options defaults;
    const struct migrate_options *o = options ? options : &defaults;
    struct migrate m = {
        .out = o->out,
        .err_out = o->err_out ? o->err_out : stderr,
        .lock_timeout_ms = o->lock_timeout_ms ? o->lock_timeout_ms : 5000,
        .tries = o->tries ? o->tries : 10,
    };
    int rc = open_conn(&m, conninfo, true);

    if (!rc) rc = migrate_all(&m, files, o->after);
    PQfinish(m.pg);
    return rc;
}

static int count_pending(struct migrate *m, const struct embedded_file *files,
                         const struct embedded_file *after, FILE *out)
{
    PGresult *r =
        migrate_query(m, "start", "select to_regclass('public.schema_migrations') is not null", 0, NULL);
    bool there = r && !strcmp(PQgetvalue(r, 0, 0), "t");
    int pending, functions, last;

    PQclear(r);
    if (!r) return -1;
    if (!there) {
        migrate_say(out, "migrate: the database is empty");
        return 1;
    }
    r = recorded(m);
    pending = r ? count_faults(m, r, files, false, out) : -1;
    for (const struct embedded_file *f = files; pending >= 0 && f->name; f++) {
        if (migrate_is_function(f->name) || find_row(r, 1, f->name) >= 0) continue;
        migrate_say(out, "migrate: %s: not applied yet", f->name);
        pending++;
    }
    last = r && PQntuples(r) ? atoi(PQgetvalue(r, PQntuples(r) - 1, 0)) : -1;
    PQclear(r);
    functions = pending >= 0 && last <= newest(files) ? count_functions(m, files, after) : 0;
    if (functions > 0) migrate_say(out, "migrate: functions: not as in this program");
    return pending < 0 || functions < 0 ? -1 : pending + functions;
}

int migrate_pending(const char *conninfo, const struct embedded_file *files, FILE *out)
{
    return migrate_pending_after(conninfo, files, NULL, out);
}

int migrate_pending_after(const char *conninfo, const struct embedded_file *files,
                          const struct embedded_file *after, FILE *out)
{
    struct migrate m = { .err_out = out };
    int rc = open_conn(&m, conninfo, false);

    if (!rc) rc = count_pending(&m, files, after, out);
    PQfinish(m.pg);
    return rc;
}
