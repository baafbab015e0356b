/* A request to a module, from its route to its answer.
 *
 *   on_request --> SESSION --> RUN ------------> answered
 *                    |          ^  |                ^
 *                    |          |  v (each step)    |
 *                    |          STEPS --------------+
 *                    +---- (refused at any point) --+
 *
 * One with a file (RAW_BODY) begins at its head: it goes on from SESSION when the body is there, too, and
 * somebody without a session or the role need not send it.
 *
 * A request whose client went away (on_cancel) is forgotten at once: what it asked for is cancelled where
 * that is possible; a write that is on its way may still be committed, as if the answer had been lost on the
 * network. Only its memory waits for work that a thread is doing.
 *
 * Owner: itself, in its own arena, until it is answered or cancelled. */
#ifndef ENGINE_REQUEST_H
#define ENGINE_REQUEST_H

#include "db/batch.h"
#include "db/gather.h"
#include "engine/engine.h"
#include "engine/session.h"
#include "engine/sheet.h"
#include "engine/work.h"

#define REQUEST_HEADERS 6
#define REQUEST_RERUNS  3
#define SLOW_MS         30000
#define UPLOADS_MAX     16 /* of a worker at a time */
#define EXPORTS_MAX     32 /* likewise: files that are made or sent */
#define EXPORT_MS       240000

enum request_state { REQUEST_SESSION, REQUEST_RUN, REQUEST_STEPS };

struct password_job;
struct export;

struct request {
    struct pending pending;
    struct list link; /* engine->requests */
    struct arena arena;
    struct engine *engine;
    struct http_request *http;
    const struct route *route;
    const struct module *module;
    enum request_state state;
    struct session session;
    struct str token_sha256, idempotency_key, fingerprint;
    bool claimed;       /* the token was unknown, and has been looked for among those that change */
    struct str network; /* for steps, and where no session is needed (engine/network.h) */
    struct checked in;
    enum enc_format format;                          /* of the answer */
    struct http_header headers[REQUEST_HEADERS + 2]; /* two are the engine's own */
    size_t n_headers;
    unsigned reruns;
    uint64_t entered_ns; /* 0: the door does not count it */

    struct batch batch;
    bool batch_used;
    struct gather_request gather;

    step_fn *const *step; /* the one that runs next */
    unsigned asked;       /* statements in the batch that the step fills */
    enum err ask_err;
    struct password_job *password;
    enum verdict password_verdict;
    struct str new_hash;
    struct request_work *work; /* the newest */
    bool working;              /* a thread has it */
    void *kept;                /* a step's, for those that follow */
    bool stepping;             /* inside a step: request_free waits for its end */
    bool answered;
    enum sheet_format sheet; /* what the rows are wanted as */
    struct export *export;   /* the file that is being made of them */
    bool gone;               /* over, but for its memory */

    bool upload;      /* counted in engine->uploads */
    bool awaits_body; /* not yet complete */
    bool admitted;    /* by session and role, before the body was there */
    struct buf body;  /* RAW_BODY's */
};

struct request_work {
    struct work_job job;
    struct request *rq;
    struct request_work *older;
};

/* Takes a complete request. */
void request_begin(struct engine *engine, struct http_request *http);
/* Takes one with a file at its head. False: answered. When it is complete: request_complete. */
bool request_begin_upload(struct engine *engine, struct http_request *http);
void request_complete(struct http_request *http);
/* Ends it without an answer (the answer has been sent). */
void request_free(struct request *rq);

/* What args every statement of this request can have. */
void request_args(struct request *rq, struct args *args);
/* The statement or its batch failed: answers. May run it again (two retries of one key at once). */
void request_failed(struct request *rq, enum err err, const struct db_error *error);

/* After the session and the checks: .allows and .runs. */
void request_run(struct request *rq);
void request_steps_begin(struct request *rq);
/* Frees what the steps hold, but for works: those go with the memory. */
void request_steps_cancel(struct request *rq);
void request_works_free(struct request *rq);
/* sheet.c: the rows as a file. */
void export_begin(struct request *rq);
/* It waits for no thread any more. False: one has it, and ends on its own. */
bool export_cancel(struct export *export);
void export_free(struct export *export);
/* A thread has finished for a request that is gone. */
void request_memory_free(struct request *rq);

#endif
