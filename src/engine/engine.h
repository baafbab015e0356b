/* What every module shares: from a parsed request to an answer, over the modules' tables.
 *
 * One engine per worker, on its loop. It borrows loop, net and database; they outlive it. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/buf.h"
#include "base/list.h"
#include "db/pool.h"
#include "engine/admit.h"
#include "engine/assets.h"
#include "engine/hasher.h"
#include "engine/module.h"
#include "engine/router.h"
#include "engine/work.h"
#include "engine/secret.h"
#include "net/http1.h"

struct hub;
struct upkeep;

/* What http_request->user points to while an answer is awaited: how to forget it. */
struct pending {
    void (*cancel)(struct pending *pending);
};

struct engine_options {
    uv_loop_t *loop;
    struct db *db;
    const struct module *const *modules; /* ends with null */
    const char *assets;                  /* folder; may be null */
    const char *origin;                  /* may be null: the Host that was asked for */
    const char *trusted_proxy;           /* may be null: X-Forwarded-For is not believed */
    const struct secret *secret;
    const struct oidc *oidc; /* may be null */
    const struct push *push; /* may be null */
    bool demo;
};

struct engine {
    struct engine_options options;
    struct router *router;
    struct assets *assets;
    struct hub *hub;       /* set by hub_new */
    struct upkeep *upkeep; /* set by upkeep_new; may be null */
    struct admit admit;
    struct hasher hasher; /* closed by the worker, before its loop ends */
    struct work_queue work;
    unsigned uploads;     /* under way */
    unsigned exports;     /* files that are made or sent */
    struct buf out;       /* where answers are encoded, one at a time */
    struct list requests; /* struct request, not yet answered */
    struct str openapi;   /* the document, JSON; owned; null until it is asked for */
    bool ready;
};

/* Null on failure, with the reason in the log. */
struct engine *engine_new(const struct engine_options *options);
void engine_free(struct engine *engine);
extern const struct http_handlers engine_handlers; /* data: struct engine */

/* Does every route fit its statements: each parameter has a field or comes from the engine, public routes run
 * public statements only? Appends a line per fault to `out`. Returns 0 or -1. */
int engine_check(const struct module *const *modules, struct buf *out);
/* Does every route's sheet name columns that its statement has? Once the database has described them. */
int engine_check_sheets(const struct module *const *modules, const struct db *db, struct buf *out);

#endif
