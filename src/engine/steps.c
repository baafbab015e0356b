/* Tier 2: small functions, each of which asks and returns. What one step asks for is one transaction; the
 * next one runs when every answer is in. */
#include <sodium.h>
#include <string.h>

#include "base/fault.h"
#include "base/log.h"
#include "engine/reply.h"
#include "engine/request.h"

/* argon2id as the seed makes it; verifying takes the parameters from the hash itself. */
static const char no_such_hash[] =
    "$argon2id$v=19$m=19456,t=2,p=1$c29kaXVtY2hsb3JpZGU$J3JAFgoyN+fcnLqcE5RQ2mVdPwqsAeQ7nSuP1mrCXjk";

/* Outlives its request when that is cancelled while its password is checked. */
struct password_job {
    struct hasher_job job;
    struct request *rq; /* null: cancelled */
};

static void steps_go(struct request *rq);

const struct checked *request_in(const struct request *rq)
{
    return &rq->in;
}

int64_t request_actor(const struct request *rq)
{
    return rq->session.account_id;
}

bool request_is_proved(const struct request *rq)
{
    return rq->session.proved;
}

struct str request_body(const struct request *rq)
{
    return buf_view(&rq->body);
}

struct str request_header(const struct request *rq, const char *name)
{
    return http_header(rq->http, name);
}

void *request_alloc(struct request *rq, size_t size)
{
    return arena_zalloc(&rq->arena, size);
}

void request_keep(struct request *rq, void *kept)
{
    rq->kept = kept;
}

void *request_kept(const struct request *rq)
{
    return rq->kept;
}

/* ---- asking ---- */

void ask(struct request *rq, const struct statement *statement, const struct extra *extra, size_t n_extra)
{
    struct args args;
    if (rq->ask_err != ERR_NONE) return;
    if (rq->asked == 0) {
        if (rq->batch_used) batch_done(&rq->batch);
        bool slow = rq->route->flags & SLOW;
        batch_init(&rq->batch, rq->engine->options.db, &rq->arena, slow ? DB_REPORT : DB_WRITE,
                   rq->session.schools, slow ? SLOW_MS : 0);
        rq->batch_used = true;
    }
    request_args(rq, &args);
    for (size_t i = 0; i < n_extra; i++) args_value(&args, str_c(extra[i].name), &extra[i].value);
    rq->ask_err = batch_add(&rq->batch, statement, &args, NULL);
    rq->asked++;
}

/* Everything that this step asked for is answered. */
static void step_answered(struct request *rq)
{
    if (rq->password_verdict == VERDICT_FAILED)
        request_failed(rq, ERR_BUSY, NULL);
    else
        steps_go(rq);
}

static void password_done(struct hasher_job *job, const struct hasher_answer *answer)
{
    struct password_job *password = container_of(job, struct password_job, job);
    struct request *rq = password->rq;
    sodium_memzero(password, sizeof *password);
    base_free(password);
    if (!rq) return;
    rq->password = NULL;
    rq->password_verdict = answer->verdict;
    rq->new_hash = arena_dup(&rq->arena, str_c(answer->hash));
    if (!rq->new_hash.at) rq->password_verdict = VERDICT_FAILED;
    if (rq->asked == 0) step_answered(rq);
}

static void hasher_ask(struct request *rq, struct str password, struct str hash)
{
    struct password_job *job = base_zalloc(sizeof *job);
    rq->password_verdict = VERDICT_NO;
    if (!job || rq->password) {
        base_free(job);
        rq->ask_err = ERR_NOMEM;
        return;
    }
    job->rq = rq;
    job->job.done = password_done;
    if (hasher_submit(&rq->engine->hasher, &job->job, password, hash)) {
        sodium_memzero(job, sizeof *job);
        base_free(job);
        rq->ask_err = ERR_BUSY;
        return;
    }
    rq->password = job;
}

bool passwords_are_full(const struct request *rq)
{
    return rq->engine->hasher.outstanding >= HASHER_WAITING_MAX;
}

void ask_password(struct request *rq, struct str password, struct str hash)
{
    bool known = hash.at && hash.n && hash.n < crypto_pwhash_STRBYTES;
    hasher_ask(rq, password, known ? hash : str_of(no_such_hash, sizeof no_such_hash - 1));
}

void ask_new_hash(struct request *rq, struct str password)
{
    hasher_ask(rq, password, STR(""));
}

struct rows answer_rows(const struct request *rq, unsigned answer)
{
    return batch_rows(&rq->batch, answer);
}

bool answer_password(const struct request *rq)
{
    return rq->password_verdict == VERDICT_YES;
}

struct str answer_new_hash(const struct request *rq)
{
    return rq->new_hash;
}

/* ---- work ---- */

static void work_on_done(struct work_job *job)
{
    struct request_work *work = container_of(job, struct request_work, job);
    struct request *rq = work->rq;
    rq->working = false;
    if (rq->gone)
        request_memory_free(rq);
    else if (job->err != ERR_NONE)
        request_failed(rq, job->err, NULL);
    else
        step_answered(rq);
}

void ask_work(struct request *rq, work_fn *fn, const void *input)
{
    struct request_work *work = arena_zalloc(&rq->arena, sizeof *work);
    if (rq->ask_err != ERR_NONE) return;
    if (!work || rq->asked || rq->password || rq->working) {
        rq->ask_err = work ? ERR_UNSUPPORTED : ERR_NOMEM;
        return;
    }
    *work = (struct request_work){ .job = { .work = { .input = input }, .run = fn, .done = work_on_done },
                                   .rq = rq,
                                   .older = rq->work };
    if (work_submit(&rq->engine->work, &work->job)) {
        rq->ask_err = ERR_BUSY;
        return;
    }
    rq->work = work;
    rq->working = true;
}

const struct work *answer_work(const struct request *rq)
{
    return &rq->work->job.work;
}

void request_works_free(struct request *rq)
{
    for (struct request_work *work = rq->work; work; work = work->older) work_done(&work->job.work);
}

/* ---- running ---- */

static void steps_on_done(struct batch *batch, void *data)
{
    struct request *rq = data;
    rq->asked = 0;
    if (batch->err != ERR_NONE)
        request_failed(rq, batch->err, &batch->error);
    else if (!rq->password)
        step_answered(rq);
}

static void step_sent(struct request *rq)
{
    if (rq->ask_err == ERR_NONE && rq->asked) rq->ask_err = batch_send(&rq->batch, steps_on_done, rq);
    if (rq->ask_err != ERR_NONE) {
        request_failed(rq, rq->ask_err, NULL);
        return;
    }
    if (rq->asked || rq->password || rq->working) return;
    log_error("step.silent", LOG_S("route", rq->route->path));
    reply_problem(rq, "internal");
}

static void steps_go(struct request *rq)
{
    step_fn *const step = *rq->step;
    if (!step) {
        log_error("step.missing", LOG_S("route", rq->route->path));
        reply_problem(rq, "internal");
        return;
    }
    rq->step++;
    rq->asked = 0;
    rq->ask_err = ERR_NONE;
    rq->stepping = true;
    step(rq);
    rq->stepping = false;
    if (rq->answered)
        request_free(rq);
    else
        step_sent(rq);
}

void request_steps_begin(struct request *rq)
{
    rq->state = REQUEST_STEPS;
    rq->step = rq->route->steps;
    steps_go(rq);
}

void request_steps_cancel(struct request *rq)
{
    if (rq->password) {
        rq->password->rq = NULL;
        rq->password->job.cancelled = true;
    }
    rq->password = NULL;
    if (rq->working && !rq->export && work_cancel(&rq->work->job)) rq->working = false;
    if (rq->working && rq->export && export_cancel(rq->export)) rq->working = false;
}
