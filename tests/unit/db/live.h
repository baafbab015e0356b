/* What the tests against a real PostgreSQL share. They run when TODOKE_TEST_DB holds a conninfo, else they
 * skip. */
#ifndef TESTS_DB_LIVE_H
#define TESTS_DB_LIVE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <uv.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "db/batch.h"
#include "db/gather.h"
#include "db/listen.h"
#include "db/migrate.h"

struct live {
    uv_loop_t loop;
    struct db *db;
    struct arena arena;
    enum err start_err;
    char message[4096];
    bool started, closed;
};

static inline const char *live_conninfo(void)
{
    const char *conninfo = getenv("TODOKE_TEST_DB");
    static PGconn *turn; /* held until the process ends */

    if (!conninfo) {
        print_message("TODOKE_TEST_DB is not set: this needs a PostgreSQL\n");
        skip();
    }
    if (!turn) {
        turn = PQconnectdb(conninfo);
        PGresult *r = PQexec(turn, "set client_min_messages = error; select pg_advisory_lock(21)");
        if (PQresultStatus(r) != PGRES_TUPLES_OK) print_message("%s", PQerrorMessage(turn));
        assert_int_equal(PQresultStatus(r), PGRES_TUPLES_OK);
        PQclear(r);
    }
    return conninfo;
}

/* Turns the loop until *flag is set; false after ms. */
static inline bool live_until(uv_loop_t *loop, const bool *flag, unsigned ms)
{
    uint64_t end = clock_now_ns() + ms * NS_PER_MS;

    while (!*flag && clock_now_ns() < end) {
        uv_run(loop, UV_RUN_NOWAIT);
        if (!*flag) uv_sleep(1);
    }
    return *flag;
}

static inline void live_turn(uv_loop_t *loop, unsigned ms)
{
    bool never = false;

    live_until(loop, &never, ms);
}

/* One blocking query on a connection of its own; the first value, in `out`. */
static inline void live_sql(const char *sql, char *out, size_t size)
{
    PGconn *pg = PQconnectdb(live_conninfo());
    PQclear(PQexec(pg, "set client_min_messages = error"));
    PGresult *r = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(r);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        print_message("%s: %s\n", sql, PQerrorMessage(pg));
    if (out) snprintf(out, size, "%s", PQntuples(r) ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    PQfinish(pg);
    assert_true(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

static inline long live_count(const char *sql)
{
    char text[64];

    live_sql(sql, text, sizeof(text));
    return atol(text);
}

static inline void live_on_started(void *data, enum err err, const char *message)
{
    struct live *l = data;

    l->started = true;
    l->start_err = err;
    snprintf(l->message, sizeof(l->message), "%s", message);
}

static inline void live_on_closed(void *data)
{
    ((struct live *)data)->closed = true;
}

static inline void live_open(struct live *l, const statement_list *lists, const struct db_options *given)
{
    struct db_options options = given ? *given : (struct db_options){ 0 };

    memset(l, 0, sizeof(*l));
    log_set_level(getenv("TODOKE_TEST_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_OFF);
    options.conninfo = live_conninfo();
    options.statements = lists;
    uv_loop_init(&l->loop);
    arena_init(&l->arena, 0);
    assert_int_equal(db_open(&l->db, &l->loop, &options, live_on_started, l, NULL), ERR_NONE);
    assert_true(live_until(&l->loop, &l->started, 5000));
}

static inline void live_close(struct live *l)
{
    db_close(l->db, live_on_closed, l);
    uv_run(&l->loop, UV_RUN_DEFAULT);
    assert_true(l->closed);
    assert_int_equal(uv_loop_close(&l->loop), 0);
    arena_done(&l->arena);
    arena_cache_drop();
}

/* A batch and whether it is done. */
struct ask {
    struct batch batch;
    struct live *live;
    bool done;
    unsigned calls;
};

static inline void ask_on_done(struct batch *b, void *data)
{
    struct ask *ask = data;

    assert_ptr_equal(b, &ask->batch);
    ask->done = true;
    ask->calls++;
}

static inline void ask_init(struct ask *ask, struct live *l, enum db_lane lane, const char *schools,
                            unsigned ms)
{
    memset(ask, 0, sizeof(*ask));
    ask->live = l;
    batch_init(&ask->batch, l->db, &l->arena, lane, str_c(schools), ms);
}

static inline void ask_add_i64(struct ask *ask, const struct statement *st, const char *name, int64_t value)
{
    struct args args;

    args_init(&args, &ask->live->arena);
    if (name) args_i64(&args, name, value);
    assert_int_equal(batch_add(&ask->batch, st, &args, NULL), ERR_NONE);
}

static inline void ask_send(struct ask *ask)
{
    assert_int_equal(batch_send(&ask->batch, ask_on_done, ask), ERR_NONE);
}

static inline enum err ask_wait(struct ask *ask)
{
    assert_true(live_until(&ask->live->loop, &ask->done, 10000));
    assert_int_equal(ask->calls, 1);
    return ask->batch.err;
}

#define STATEMENT(sql_name, sql_flags, sql, ...)                                                             \
    static const struct statement_param sql_name##_params[] = { __VA_ARGS__ __VA_OPT__(, ){ 0 } };           \
    static const struct statement sql_name = {                                                               \
        .name = #sql_name,                                                                                   \
        .text = sql,                                                                                         \
        .params = sql_name##_params,                                                                         \
        .nparams = sizeof(sql_name##_params) / sizeof(sql_name##_params[0]) - 1,                             \
        .flags = (sql_flags),                                                                                \
        .file = "test.sql",                                                                                  \
        .line = __LINE__                                                                                     \
    }

#endif
