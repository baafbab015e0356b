#include "engine/upkeep.h"

#include "base/fault.h"
#include "base/log.h"
#include "db/batch.h"
#include "engine/id_set.h"

#include "engine.sql.h"

#define EVERY_MS     60000
#define FIRST_MS     1000 /* what became due while nobody was there */
#define CHORE_MS     60000
#define SEEN_MAX     5000 /* sessions told of at once */
#define PURGE_ROUNDS 60   /* minutes between two purges */

struct upkeep {
    struct engine *engine;
    uv_timer_t timer;
    struct id_set seen;
    unsigned round;
    bool busy;
    const struct module *const *module; /* whose chores are done now */
    const struct chore *chore;          /* the last of them; null: none of this module yet */
    struct arena arena;
    struct batch batch;
    void (*on_closed)(void *data);
    void *data;
};

void upkeep_session_seen(struct upkeep *upkeep, int64_t session_id)
{
    if (upkeep && upkeep->seen.n < SEEN_MAX) id_set_add(&upkeep->seen, session_id);
}

static void chores_go(struct upkeep *upkeep);

static void on_done(struct batch *batch, void *data)
{
    struct upkeep *upkeep = data;
    if (batch->err != ERR_NONE)
        log_warn("upkeep.failed", LOG_S("err", err_name(batch->err)),
                 LOG_S("statement", upkeep->chore ? upkeep->chore->runs->name : "-"));
    batch_done(batch);
    upkeep->busy = false;
    chores_go(upkeep);
}

/* ---- the modules' chores: one after the other, so that one that fails holds up no other ---- */

static const struct chore *chore_next(struct upkeep *upkeep)
{
    for (; *upkeep->module; upkeep->module++, upkeep->chore = NULL) {
        const struct chore *chore = upkeep->chore ? upkeep->chore + 1 : (*upkeep->module)->chores;
        for (; chore && chore->runs; chore++) {
            upkeep->chore = chore;
            if (upkeep->round % chore->every_minutes == 0) return chore;
        }
    }
    return NULL;
}

static void chores_go(struct upkeep *upkeep)
{
    struct args args;
    const struct chore *chore = chore_next(upkeep);
    if (!chore) return;
    arena_reset(&upkeep->arena);
    args_init(&args, &upkeep->arena);
    batch_init(&upkeep->batch, upkeep->engine->options.db, &upkeep->arena, DB_REPORT, STR("*"), CHORE_MS);
    enum err err = batch_add(&upkeep->batch, chore->runs, &args, NULL);
    if (err == ERR_NONE) err = batch_send(&upkeep->batch, on_done, upkeep);
    upkeep->busy = err == ERR_NONE;
    if (!upkeep->busy) batch_done(&upkeep->batch);
}

/* ---- the engine's own ---- */

static enum err add_chores(struct upkeep *upkeep, const struct args *args)
{
    static const struct statement *const purges[] = { &sessions_purge, &idempotency_purge,
                                                      &login_attempts_purge, &people_purge,
                                                      &spent_challenges_purge };
    enum err err = upkeep->seen.n ? batch_add(&upkeep->batch, &sessions_seen, args, NULL) : ERR_NONE;
    if (upkeep->round % PURGE_ROUNDS) return err;
    for (size_t i = 0; err == ERR_NONE && i < sizeof purges / sizeof *purges; i++)
        err = batch_add(&upkeep->batch, purges[i], args, NULL);
    return err;
}

static void on_timer(uv_timer_t *timer)
{
    struct upkeep *upkeep = timer->data;
    struct args args;
    if (upkeep->busy) return;
    upkeep->round++;
    upkeep->module = upkeep->engine->options.modules;
    upkeep->chore = NULL;
    arena_reset(&upkeep->arena);
    id_set_sort(&upkeep->seen);
    args_init(&args, &upkeep->arena);
    args_i64s(&args, "session_ids", upkeep->seen.at, upkeep->seen.n);
    batch_init(&upkeep->batch, upkeep->engine->options.db, &upkeep->arena, DB_REPORT, STR("*"), 20000);
    enum err err = add_chores(upkeep, &args);
    upkeep->seen.n = 0;
    if (err == ERR_NONE && upkeep->batch.n) err = batch_send(&upkeep->batch, on_done, upkeep);
    upkeep->busy = err == ERR_NONE && upkeep->batch.n;
    if (upkeep->busy) return;
    batch_done(&upkeep->batch);
    chores_go(upkeep);
}

struct upkeep *upkeep_new(struct engine *engine)
{
    struct upkeep *upkeep = base_zalloc(sizeof *upkeep);
    if (!upkeep) return NULL;
    upkeep->engine = engine;
    arena_init(&upkeep->arena, 0);
    uv_timer_init(engine->options.loop, &upkeep->timer);
    upkeep->timer.data = upkeep;
    uv_timer_start(&upkeep->timer, on_timer, FIRST_MS, EVERY_MS);
    engine->upkeep = upkeep;
    return upkeep;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct upkeep *upkeep = handle->data;
    void (*on_closed)(void *) = upkeep->on_closed;
    void *data = upkeep->data;
    id_set_done(&upkeep->seen);
    arena_done(&upkeep->arena);
    base_free(upkeep);
    on_closed(data);
}

void upkeep_close(struct upkeep *upkeep, void (*on_closed)(void *data), void *data)
{
    if (!upkeep) {
        on_closed(data);
        return;
    }
    upkeep->on_closed = on_closed;
    upkeep->data = data;
    upkeep->engine->upkeep = NULL;
    if (upkeep->busy) batch_done(&upkeep->batch);
    uv_close((uv_handle_t *)&upkeep->timer, on_timer_closed);
}
