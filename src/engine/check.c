/* What would fail at the first request fails at the start instead: does every route fit its statements? */
#include <string.h>

#include "engine/engine.h"
#include "engine/sheet.h"

static const char *const from_engine[] = { "actor",           "session_id",  "token_sha256",
                                           "idempotency_key", "fingerprint", "network" };

static bool engine_gives(const char *name)
{
    for (size_t i = 0; i < sizeof from_engine / sizeof *from_engine; i++)
        if (strcmp(from_engine[i], name) == 0) return true;
    return false;
}

static int statement_fits(const struct route *route, const struct statement *st, struct buf *out)
{
    int rc = 0;
    for (unsigned i = 0; i < st->nparams; i++) {
        const char *name = st->params[i].name;
        if (engine_gives(name) || (route->takes && field_find(route->takes, str_c(name)) >= 0)) continue;
        buf_printf(out, "%s:%u: statement %s: no field of %s gives :%s\n", st->file, st->line, st->name,
                   route->path, name);
        rc = -1;
    }
    if (st->flags & STATEMENT_INTERNAL) {
        buf_printf(out, "%s:%u: statement %s is internal: %s may not run it\n", st->file, st->line, st->name,
                   route->path);
        rc = -1;
    }
    if (route->may == ANYONE && !(st->flags & STATEMENT_PUBLIC)) {
        buf_printf(out, "%s:%u: statement %s is not public, but %s needs no session\n", st->file, st->line,
                   st->name, route->path);
        rc = -1;
    }
    return rc;
}

/* A file is for steps of somebody who is signed in, and stands alone in its body. */
static int upload_fits(const struct route *route, struct buf *out)
{
    const char *fault = NULL;
    if (!route->steps) fault = "needs steps";
    if (route->may == ANYONE) fault = "needs a session";
    if (route->method == GET || route->method == DELETE) fault = "needs a method with a body";
    for (const struct field *field = route->takes; field && field->name; field++)
        if (field->from == FROM_BODY) fault = "has no other fields in its body";
    if (fault) buf_printf(out, "%s: a route that takes a file %s\n", route->path, fault);
    return fault ? -1 : 0;
}

static int route_fits(const struct route *route, struct buf *out)
{
    int rc = 0;
    if (route->flags & RAW_BODY && upload_fits(route, out)) rc = -1;
    if (route->flags & PROVED && route->may == ANYONE) {
        buf_printf(out, "%s: without a session nothing has been proved\n", route->path);
        rc = -1;
    }
    if (route->max_body > UPLOAD_MAX) {
        buf_printf(out, "%s: more than UPLOAD_MAX bytes in a body\n", route->path);
        rc = -1;
    }
    if (!route->runs == !route->steps) {
        buf_printf(out, "%s: a route has either a statement or steps\n", route->path);
        rc = -1;
    }
    if (route->runs && statement_fits(route, route->runs, out)) rc = -1;
    if (route->sheet && !route->runs) {
        buf_printf(out, "%s: a sheet's rows come from the route's statement\n", route->path);
        rc = -1;
    }
    if (route->sheet && route->sheet->about && statement_fits(route, route->sheet->about, out)) rc = -1;
    return rc;
}

int engine_check(const struct module *const *modules, struct buf *out)
{
    int rc = 0;
    for (; *modules; modules++)
        for (const struct route *route = (*modules)->routes; route && route->path; route++)
            if (route_fits(route, out)) rc = -1;
    return rc;
}

int engine_check_sheets(const struct module *const *modules, const struct db *db, struct buf *out)
{
    int rc = 0;
    for (; *modules; modules++)
        for (const struct route *route = (*modules)->routes; route && route->path; route++) {
            const struct statement *st = route->runs ? route->runs : route->answers;
            const char *missing =
                route->sheet && st ? sheet_missing(route->sheet, db_describe(db, st)) : NULL;
            if (!missing && (!route->sheet || (st && route->gives == ROWS))) continue;
            buf_printf(out, "%s: no statement gives %s of its sheet\n", route->path,
                       missing ? missing : "the rows");
            rc = -1;
        }
    return rc;
}
