#include "db/statement.h"

#include <libpq-fe.h>
#include <string.h>

#include "base/map.h"

uint32_t statement_param_oid(const struct statement *st, unsigned i)
{
    bool array = st->params[i].array || st->flags & STATEMENT_GATHER;

    return array ? pgtype_array(st->params[i].type) : st->params[i].type;
}

int statement_param_find(const struct statement *st, struct str name)
{
    for (unsigned i = 0; i < st->nparams; i++)
        if (str_eq(str_c(st->params[i].name), name)) return (int)i;
    return -1;
}

static void begin_fault(const struct statement *st, struct buf *out)
{
    buf_printf(out, "%s:%u: statement %s: ", st->file ? st->file : "?", st->line, st->name);
}

static int check_params(const struct statement *st, const PGresult *d, struct buf *out)
{
    int faults = 0;

    if (PQnparams(d) != (int)st->nparams) {
        begin_fault(st, out);
        buf_printf(out, "takes %u parameters, the server sees %d\n", st->nparams, PQnparams(d));
        return 1;
    }
    for (unsigned i = 0; i < st->nparams; i++) {
        uint32_t declared = statement_param_oid(st, i), seen = PQparamtype(d, (int)i);
        if (declared == seen) continue;
        begin_fault(st, out);
        buf_printf(out, "parameter %s is declared %s, the server sees %s (%u)\n", st->params[i].name,
                   pgtype_name(declared), pgtype_name(seen), seen);
        faults++;
    }
    return faults;
}

static int check_column(const struct statement *st, const PGresult *d, int i, struct buf *out)
{
    const char *name = PQfname(d, i);
    const char *what = NULL;

    if (!pgtype_encodes(PQftype(d, i)))
        what = "has a type without an encoder";
    else if (!strcmp(name, "?column?"))
        what = "has no name";
    else if (!strcmp(name, "outcome") && PQftype(d, i) != PG_TEXT)
        what = "must be text";
    else if (!strcmp(name, "ord") && st->flags & STATEMENT_GATHER && PQftype(d, i) != PG_INT8)
        what = "must be bigint";
    for (int j = 0; j < i && !what; j++)
        if (!strcmp(name, PQfname(d, j))) what = "is there twice";
    if (!what) return 0;
    begin_fault(st, out);
    buf_printf(out, "column %s (type %u, %s) %s\n", name, PQftype(d, i), pgtype_name(PQftype(d, i)), what);
    return 1;
}

int statement_check(const struct statement *st, const struct pg_result *description, struct buf *out)
{
    int faults = check_params(st, description, out);

    for (int i = 0; i < PQnfields(description); i++) faults += check_column(st, description, i, out);
    if (st->flags & STATEMENT_GATHER && PQfnumber(description, "ord") < 0) {
        begin_fault(st, out);
        buf_printf(out, "is gathered but gives no column ord\n");
        faults++;
    }
    return faults ? -1 : 0;
}

int statement_check_names(const statement_list *lists, struct buf *out)
{
    struct map names;
    int rc = 0;

    map_init(&names);
    for (size_t i = 0; lists && lists[i]; i++) {
        for (size_t j = 0; lists[i][j]; j++) {
            const struct statement *st = lists[i][j];
            const struct statement *other = map_get(&names, str_c(st->name));
            if (other) {
                begin_fault(st, out);
                buf_printf(out, "is also in %s:%u\n", other->file ? other->file : "?", other->line);
                rc = -1;
            } else if (map_set(&names, str_c(st->name), (void *)(uintptr_t)st, NULL)) {
                buf_printf(out, "out of memory\n");
                rc = -1;
            }
        }
    }
    map_done(&names);
    return rc;
}
