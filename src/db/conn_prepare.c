/* Every statement, prepared and described, before a connection is used. Each has a Sync of its own, so that
 * one round of start-up names every fault, not the first only. */
#include <string.h>

#include "base/log.h"
#include "db/pool_private.h"

/* The schools of the batch, for row-level security: for this transaction only. */
static const char set_text[] = "select set_config('todoke.schools', $1, true)";

static int prepare_one(struct conn *c, const struct statement *st)
{
    Oid types[DB_PARAMS_MAX];

    for (unsigned i = 0; i < st->nparams; i++) types[i] = statement_param_oid(st, i);
    return PQsendPrepare(c->pg, st->name, st->text, (int)st->nparams, types) &&
                   PQsendDescribePrepared(c->pg, st->name) && PQpipelineSync(c->pg)
               ? 0
               : -1;
}

int conn_prepare_send(struct conn *c)
{
    Oid text = PG_TEXT;

    c->prepared = 0;
    c->prepare_ending = c->prepare_describes = c->prepare_failed = c->prepare_again = false;
    buf_done(&c->faults);
    if (!PQsendPrepare(c->pg, CONN_SET_NAME, set_text, 1, &text) || !PQpipelineSync(c->pg)) return -1;
    for (const statement_list *l = c->db->options.statements; l && *l; l++)
        for (statement_list s = *l; *s; s++)
            if (prepare_one(c, *s)) return -1;
    return 0;
}

static const struct statement *current(const struct conn *c)
{
    return c->prepared ? db_statement_at(c->db, c->prepared - 1) : NULL;
}

/* The server's trouble of the moment, not a fault of the statement's. */
static bool is_passing(const char *state)
{
    return state && (!strncmp(state, "57", 2) || !strncmp(state, "53", 2) || !strncmp(state, "58", 2) ||
                     !strcmp(state, "55P03") || !strcmp(state, "40P01"));
}

static void fault_add(struct conn *c, const PGresult *r, struct buf *out)
{
    const struct statement *st = current(c);
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
    unsigned line = st ? st->line : 0;

    if (is_passing(state)) {
        c->prepare_again = true;
        return;
    }
    c->prepare_failed = true;
    buf_printf(out, "%s:%u: statement %s: %s (%s", st && st->file ? st->file : "db", line,
               st ? st->name : CONN_SET_NAME, text ? text : "failed", state ? state : "?");
    if (position) buf_printf(out, ", at character %s of the statement as prepared", position);
    buf_printf(out, ")\n");
}

/* The first description is kept, for db_describe; without memory there is none. */
static void keep_description(struct db *db, const struct statement *st, const PGresult *description)
{
    if (map_u64_get(&db->described, (uintptr_t)st)) return;
    PGresult *copy = PQcopyResult(description, PG_COPYRES_ATTRS);
    if (copy && map_u64_set(&db->described, (uintptr_t)st, copy, NULL)) PQclear(copy);
}

static void prepare_result(struct conn *c, const PGresult *r, struct buf *out)
{
    const struct statement *st = current(c);

    c->prepare_ending = true;
    if (PQresultStatus(r) == PGRES_PIPELINE_ABORTED) return;
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        fault_add(c, r, out);
    } else if (st &&
               c->prepare_describes) { /* both are COMMAND_OK: Parse's answer first, then the description */
        if (statement_check(st, r, out))
            c->prepare_failed = true;
        else
            keep_description(c->db, st, r);
    }
    c->prepare_describes = !c->prepare_describes;
}

static void prepare_end(struct conn *c, struct buf *out)
{
    struct db *db = c->db;

    buf_putc(out, '\0');
    if (c->prepare_again) {
        conn_lost(c, "the server is busy with itself");
    } else if (!c->prepare_failed) {
        conn_became_ready(c);
    } else if (!db->started) {
        buf_done(&db->start_message);
        db->start_message = *out;
        if (db->start_message.n) db->start_message.n--; /* db_start_done ends it */
        buf_init(out, 0);
        db_start_done(db, ERR_INVALID);
        conn_lost(c, "the statements do not fit the schema");
    } else {
        log_error("db.schema_drift", LOG_S("faults", out->failed ? "out of memory" : out->at));
        conn_lost(c, "the statements do not fit the schema");
    }
    buf_done(out);
}

void conn_prepare_read(struct conn *c)
{
    size_t all = db_statement_count(c->db) + 1;

    while (c->prepared < all && !PQisBusy(c->pg)) {
        PGresult *r = PQgetResult(c->pg);

        if (PQstatus(c->pg) == CONNECTION_BAD) {
            PQclear(r);
            conn_lost(c, PQerrorMessage(c->pg));
            return;
        }
        if (!r && !c->prepare_ending) return;
        if (!r) {
            c->prepare_ending = false;
            continue;
        }
        if (PQresultStatus(r) == PGRES_PIPELINE_SYNC) {
            c->prepared++;
            c->prepare_describes = false;
        } else {
            prepare_result(c, r, &c->faults);
        }
        PQclear(r);
    }
    if (c->prepared == all) prepare_end(c, &c->faults);
}
