/* Tier 0 and 1: one statement, alone in a batch, or gathered with others'. */
#include "base/log.h"
#include "engine/reply.h"
#include "engine/request.h"

static const struct checked *no_fields(void)
{
    static const struct checked none;
    return &none;
}

void request_args(struct request *rq, struct args *args)
{
    args_init(args, &rq->arena);
    args_checked(args, rq->in.fields ? &rq->in : no_fields());
    args_id(args, "actor", rq->session.account_id);
    args_id(args, "session_id", rq->session.id);
    args_bytes(args, "token_sha256", rq->token_sha256);
    args_text(args, "idempotency_key", rq->idempotency_key);
    args_bytes(args, "fingerprint", rq->fingerprint);
    args_bytes(args, "network", rq->network);
}

static const char *problem_of(const struct request *rq, const struct db_error *error)
{
    for (const struct refusal *r = rq->module->refusals; r && r->constraint; r++)
        if (str_eq(str_c(r->constraint), str_c(error->constraint))) return r->problem;
    switch (error->class) {
    case DB_ERROR_INPUT:
    case DB_ERROR_CHECK:
    case DB_ERROR_FOREIGN_KEY: return "validation";
    case DB_ERROR_CONFLICT:
    case DB_ERROR_LOCKED:
    case DB_ERROR_READ_ONLY:
    case DB_ERROR_NOT_DURABLE: return "busy";
    case DB_ERROR_CANCELLED: return "deadline";
    case DB_ERROR_RESOURCES: return str_eq(str_c(error->sqlstate), STR("53100")) ? "storage" : "busy";
    default: return "internal";
    }
}

/* Two requests with one key at the same moment: the loser finds the winner's answer when it runs again, whichever constraint it met
 * first. */
static bool lost_to_itself(const struct request *rq, const struct db_error *error)
{
    bool rival = error->class == DB_ERROR_UNIQUE || error->class == DB_ERROR_EXCLUSION;
    if (!rival || !rq->idempotency_key.at || rq->route->steps) return false;
    return rq->reruns == 0 || str_eq(str_c(error->constraint), STR("idempotency_pkey"));
}

static void run_again(struct request *rq)
{
    rq->reruns++;
    if (rq->batch_used) batch_done(&rq->batch);
    rq->batch_used = false;
    request_run(rq);
}

void request_failed(struct request *rq, enum err err, const struct db_error *error)
{
    switch (err) {
    case ERR_CONFLICT:
        if ((lost_to_itself(rq, error) || error->class == DB_ERROR_CONFLICT) && rq->reruns < REQUEST_RERUNS &&
            rq->state == REQUEST_RUN) {
            run_again(rq);
            return;
        }
        log_warn("statement.failed", LOG_S("route", rq->route->path),
                 LOG_S("class", db_error_name(error->class)), LOG_S("sqlstate", error->sqlstate),
                 LOG_S("constraint", error->constraint));
        reply_problem(rq, problem_of(rq, error));
        return;
    case ERR_TIMEOUT: reply_problem(rq, "deadline"); return;
    case ERR_BUSY:
    case ERR_CLOSED:
    case ERR_CANCELLED:
    case ERR_NOMEM: reply_problem(rq, "busy"); return;
    default:
        log_error("request.failed", LOG_S("route", rq->route->path), LOG_S("err", err_name(err)));
        reply_problem(rq, "internal");
    }
}

/* A statement looks for its key in a snapshot, and may then wait for a row that the same key's first request holds: it
 * sees the row as that one left it, and not its answer. So a refusal is asked for once more. */
static bool may_be_its_own(const struct request *rq, struct rows rows)
{
    return rq->idempotency_key.at && rq->reruns == 0 && reply_is_refusal(rows);
}

static void run_answered(struct request *rq, struct rows rows)
{
    if (may_be_its_own(rq, rows))
        run_again(rq);
    else
        reply_rows(rq, rows, rq->route->gives);
}

static void run_on_rows(struct gather_request *gather, const struct gather_answer *answer, void *data)
{
    struct request *rq = data;
    (void)gather;
    if (answer->err != ERR_NONE)
        request_failed(rq, answer->err, &answer->error);
    else
        run_answered(rq, answer->rows);
}

static void run_on_done(struct batch *batch, void *data)
{
    struct request *rq = data;
    if (batch->err != ERR_NONE)
        request_failed(rq, batch->err, &batch->error);
    else
        run_answered(rq, batch_rows(batch, 0));
}

static enum db_lane lane_of(const struct route *route)
{
    if (route->runs->flags & STATEMENT_WRITE) return DB_WRITE;
    return route->flags & SLOW ? DB_REPORT : DB_READ;
}

static enum err run_in_batch(struct request *rq, const struct args *args)
{
    const struct route *route = rq->route;
    uint32_t deadline_ms = route->flags & SLOW ? SLOW_MS : 0;
    batch_init(&rq->batch, rq->engine->options.db, &rq->arena, lane_of(route), rq->session.schools,
               deadline_ms);
    rq->batch_used = true;
    enum err err = batch_add(&rq->batch, route->runs, args, NULL);
    return err == ERR_NONE ? batch_send(&rq->batch, run_on_done, rq) : err;
}

void request_run(struct request *rq)
{
    struct args args;
    const struct route *route = rq->route;
    rq->state = REQUEST_RUN;
    if (rq->sheet != SHEET_NONE) {
        export_begin(rq);
        return;
    }
    request_args(rq, &args);
    enum err err = route->runs->flags & STATEMENT_GATHER
                       ? gather_add(&rq->gather, rq->engine->options.db, route->runs, &args,
                                    rq->session.schools, 0, run_on_rows, rq, NULL)
                       : run_in_batch(rq, &args);
    if (err != ERR_NONE) request_failed(rq, err, NULL);
}
