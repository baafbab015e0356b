#include "app.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/metrics.h"
#include "delivery/address.h"
#include "delivery/delivery.h"
#include "engine/engine.h"
#include "engine/hub.h"
#include "engine/secret.h"
#include "engine/upkeep.h"
#include "net/listener.h"
#include "net/tls.h"
#include "oidc/oidc.h"
#include "push/push.h"
#include "shared.h"

#include "delivery.sql.h"
#include "engine.sql.h"

#define MODULE(name) extern const struct module name##_module;
#include "modules/list.h"
#undef MODULE
#define MODULE(name) extern const struct statement *const name##_statements[];
#include "modules/list.h"
#undef MODULE

const struct module *const app_modules[] = {
#define MODULE(name) &name##_module,
#include "modules/list.h"
#undef MODULE
    NULL,
};

const statement_list app_statements[] = {
    engine_statements,
    delivery_statements,
#define MODULE(name) name##_statements,
#include "modules/list.h"
#undef MODULE
    NULL,
};

#define LAG_EVERY_MS 100
#define PATIENCE_MS  1000

/*   STARTING --database is there--> SERVING --SIGTERM--> DRAINING --last client gone, or too late--> CLOSING
 *       +------------- SIGTERM, or refused ------------------------------------------------------------^ */
enum app_state { APP_STARTING, APP_SERVING, APP_DRAINING, APP_CLOSING };

struct app {
    const struct config *config;
    const struct worker_seat *seat;
    enum app_state state;
    int status;
    uv_loop_t loop;
    uv_signal_t term;
    uv_timer_t drain, lag, patience;
    uint64_t lag_expected;
    struct net *net;
    struct tls *tls;
    struct db *db;
    struct engine *engine;
    struct hub *hub;
    struct delivery *delivery;
    unsigned undrained; /* of clients and mail */
    struct http_server *server;
    struct listener *listener;
    struct secret secret;
    struct oidc *oidc;
    struct push *push;
    char push_contact[300];
};

/* ---- the end ---- */

static void on_db_closed(void *data)
{
    struct app *app = data;
    net_free(app->net);
    app->net = NULL;
}

static void on_upkeep_closed(void *data)
{
    struct app *app = data;
    db_close(app->db, on_db_closed, app);
}

static void on_hub_closed(void *data)
{
    struct app *app = data;
    app->hub = NULL;
    upkeep_close(app->engine ? app->engine->upkeep : NULL, on_upkeep_closed, app);
}

static void on_delivery_closed(void *data)
{
    struct app *app = data;
    if (app->hub)
        hub_close(app->hub, on_hub_closed, app);
    else
        on_hub_closed(app);
}

static void app_close(struct app *app)
{
    if (app->state == APP_CLOSING) return;
    app->state = APP_CLOSING;
    listener_free(app->listener);
    http_server_free(app->server);
    if (app->engine) hasher_close(&app->engine->hasher);
    uv_close((uv_handle_t *)&app->term, NULL);
    uv_close((uv_handle_t *)&app->drain, NULL);
    uv_close((uv_handle_t *)&app->lag, NULL);
    uv_close((uv_handle_t *)&app->patience, NULL);
    delivery_close(app->delivery, on_delivery_closed, app);
}

static void on_drained(void *data)
{
    struct app *app = data;
    if (--app->undrained == 0) app_close(app);
}

static void on_drain_over(uv_timer_t *timer)
{
    app_close(timer->data);
}

static void on_stop(uv_signal_t *handle, int number)
{
    struct app *app = handle->data;
    (void)number;
    if (app->state == APP_STARTING) app_close(app);
    if (app->state != APP_SERVING) return;
    app->state = APP_DRAINING;
    app->engine->ready = false;
    log_info("drain", LOG_U("connections", http_server_connections(app->server)));
    listener_stop(app->listener);
    /* The supervisor and our successor have the socket too. If they are gone, it must not go on queueing
     * clients whom nobody will accept: a new supervisor's socket shall get them. */
    close(app->seat->listen_fd);
    hub_drain(app->hub);
    uv_timer_start(&app->drain, on_drain_over,
                   (uint64_t)config_number(app->config, CONFIG_DRAIN_SECONDS) * 1000, 0);
    app->undrained = 2;
    delivery_drain(app->delivery, on_drained, app);
    http_server_drain(app->server, on_drained, app);
}

static void app_refuse(struct app *app, const char *why)
{
    fprintf(stderr, "todoke: %s\n", why);
    app->status = WORKER_REFUSES;
    app_close(app);
}

/* ---- the beginning ---- */

/* From now on clients are answered: with 503 as long as the database is not there. */
static int app_listen(struct app *app)
{
    if (!app->listener) app->listener = listener_open(app->net, app->seat->listen_fd, app->tls, app->server);
    if (!app->listener) return -1;
    app->state = APP_SERVING;
    return 0;
}

static int app_sheets(struct app *app)
{
    struct buf message;
    buf_init(&message, 0);
    int rc = engine_check_sheets(app_modules, app->db, &message);
    buf_putc(&message, '\0');
    if (rc) app_refuse(app, message.at ? message.at : "a sheet does not fit its statement");
    buf_done(&message);
    return rc;
}

static void on_db_started(void *data, enum err err, const char *message)
{
    struct app *app = data;
    uv_timer_stop(&app->patience);
    if (err == ERR_NONE && app_sheets(app)) return;
    if (err != ERR_NONE || app_listen(app)) {
        app_refuse(app, err == ERR_NONE ? "cannot listen: see the log" : message ? message : err_name(err));
        return;
    }
    app->engine->ready = true;
    if (write(app->seat->ready_fd, "1", 1) != 1) log_warn("ready.unheard");
    close(app->seat->ready_fd);
    log_info("ready", LOG_I("slot", app->seat->slot));
}

/* A worker that replaces another waits for the database first, so that nobody meets it half made; but not for
 * ever: a quick 503 is better than silence. */
static void on_patience_over(uv_timer_t *timer)
{
    struct app *app = timer->data;
    log_warn("database.missing");
    if (app_listen(app)) app_refuse(app, "cannot listen: see the log");
}

static int app_engine(struct app *app)
{
    const struct config *config = app->config;
    const struct engine_options options = { .loop = &app->loop,
                                            .db = app->db,
                                            .modules = app_modules,
                                            .assets = config_text(config, CONFIG_ASSETS),
                                            .origin = config_text(config, CONFIG_ORIGIN),
                                            .trusted_proxy = config_text(config, CONFIG_TRUSTED_PROXY),
                                            .secret = &app->secret,
                                            .oidc = app->oidc,
                                            .push = app->push,
                                            .demo = config_flag(config, CONFIG_DEMO) };
    const struct http_limits limits = { .connections = (size_t)config_number(config, CONFIG_CONNECTIONS) };
    app->engine = engine_new(&options);
    app->hub =
        app->engine && upkeep_new(app->engine) ? hub_new(app->engine, config_text(config, CONFIG_DB)) : NULL;
    app->server = app->hub ? http_server_new(app->net, &limits, &engine_handlers, app->engine) : NULL;
    return app->server ? 0 : -1;
}

static int app_tls(struct app *app, const struct shared_memory *shared)
{
    char reason[256];
    const char *cert = config_text(app->config, CONFIG_TLS_CERT),
               *key = config_text(app->config, CONFIG_TLS_KEY);
    if (!cert && !key) return 0;
    app->tls = tls_new(cert ? cert : "", key ? key : "", reason, sizeof reason);
    if (app->tls) return tls_ticket_keys(app->tls, shared->ticket_keys, 1);
    fprintf(stderr, "todoke: certificate or key: %s\n", reason);
    return -1;
}

static int app_db(struct app *app)
{
    struct buf message;
    unsigned connections = (unsigned)config_number(app->config, CONFIG_DB_CONNECTIONS);
    const struct db_options options = {
        .conninfo = config_text(app->config, CONFIG_DB),
        .statements = app_statements,
        .lanes = { [DB_READ] = { .connections = connections }, [DB_WRITE] = { .connections = connections } },
    };
    buf_init(&message, 0);
    int rc = engine_check(app_modules, &message);
    if (rc == 0 && db_open(&app->db, &app->loop, &options, on_db_started, app, &message) != ERR_NONE) rc = -1;
    if (rc) fprintf(stderr, "todoke: cannot start:\n" STR_FMT, STR_ARG(buf_view(&message)));
    buf_done(&message);
    return rc;
}

static int app_delivery(struct app *app)
{
    const struct config *config = app->config;
    struct buf message;
    const struct delivery_options options = {
        .loop = &app->loop,
        .db = app->db,
        .conninfo = config_text(config, CONFIG_DB),
        .from = config_text(config, CONFIG_MAIL_FROM),
        .relay = config_text(config, CONFIG_MAIL_RELAY),
        .user = config_text(config, CONFIG_MAIL_USER),
        .password_file = config_text(config, CONFIG_MAIL_PASSWORD_FILE),
        .ca = config_text(config, CONFIG_MAIL_CA),
        .dir = config_text(config, CONFIG_MAIL_DIR),
        .per_second =
            (double)config_number(config, CONFIG_MAIL_RATE) / (double)config_number(config, CONFIG_WORKERS),
        .push = app->push,
        .push_ca = config_text(config, CONFIG_PUSH_CA),
        .pushes_per_second =
            (double)config_number(config, CONFIG_PUSH_RATE) / (double)config_number(config, CONFIG_WORKERS),
        .demo = config_flag(config, CONFIG_DEMO),
        .keeper = app->seat->slot == 0,
    };
    buf_init(&message, 0);
    app->delivery = delivery_new(&options, &message);
    if (!app->delivery) fprintf(stderr, "todoke: cannot start:\n" STR_FMT, STR_ARG(buf_view(&message)));
    buf_done(&message);
    return app->delivery ? 0 : -1;
}

static int app_oidc(struct app *app)
{
    struct buf message;
    const char *path = config_text(app->config, CONFIG_OIDC);
    if (!path) return 0;
    buf_init(&message, 0);
    app->oidc = oidc_open(path, &message);
    if (!app->oidc) fprintf(stderr, "todoke: " STR_FMT, STR_ARG(buf_view(&message)));
    buf_done(&message);
    return app->oidc ? 0 : -1;
}

/* Who answers for the pushes: the sender of the mails, unless somebody else is named. */
static const char *push_contact(struct app *app)
{
    const char *contact = config_text(app->config, CONFIG_PUSH_CONTACT);
    struct mailbox from;
    if (contact) return contact;
    if (mailbox_parse(str_c(config_text(app->config, CONFIG_MAIL_FROM)), &from)) return "";
    snprintf(app->push_contact, sizeof app->push_contact, "mailto:" STR_FMT, STR_ARG(from.address));
    return app->push_contact;
}

static int app_push(struct app *app)
{
    const struct config *config = app->config;
    struct buf message;
    const struct push_options options = { .key_file = config_text(config, CONFIG_PUSH_KEY),
                                          .gateways = config_text(config, CONFIG_PUSH_GATEWAYS),
                                          .contact = push_contact(app),
                                          .private_addresses = config_flag(config, CONFIG_PUSH_PRIVATE) };
    if (!options.key_file) return 0;
    buf_init(&message, 0);
    app->push = push_open(&options, &message);
    if (!app->push) fprintf(stderr, "todoke: " STR_FMT, STR_ARG(buf_view(&message)));
    buf_done(&message);
    return app->push ? 0 : -1;
}

static int app_secret(struct app *app)
{
    char reason[256];
    const char *path = config_text(app->config, CONFIG_SECRET_FILE);
    if (!path)
        fputs("todoke: --secret-file FILE is needed: 32 random bytes that are not in the database "
              "(head -c 32 /dev/urandom > FILE; chmod 600 FILE)\n",
              stderr);
    else if (secret_load(&app->secret, path, reason, sizeof reason))
        fprintf(stderr, "todoke: %s\n", reason);
    else
        return 0;
    return -1;
}

static void on_lag(uv_timer_t *timer)
{
    struct app *app = timer->data;
    uint64_t now = uv_hrtime();
    if (now > app->lag_expected) metric_observe(METRIC_LOOP_LAG, now - app->lag_expected);
    app->lag_expected = now + LAG_EVERY_MS * 1000000ULL;
    uv_timer_start(timer, on_lag, LAG_EVERY_MS, 0);
    log_flush();
}

static int app_open(struct app *app)
{
    const struct shared_memory *shared = shared_map(app->seat->shared_fd);
    enum log_level level;
    signal(SIGPIPE, SIG_IGN);
    if (!shared || sodium_init() < 0 || uv_loop_init(&app->loop)) return -1;
    if (!log_level_parse(str_c(config_text(app->config, CONFIG_LOG)), &level)) {
        fputs("todoke: log is debug, info, warn or error\n", stderr);
        return -1;
    }
    log_set_level(level);
    metrics_attach((void *)(uintptr_t)shared->metrics, SHARED_SLOTS(shared->workers),
                   (unsigned)app->seat->metrics);
    if (app_tls(app, shared) || app_secret(app) || app_oidc(app) || app_push(app)) return -1;
    if (migrate_pending(config_text(app->config, CONFIG_DB), schema_files, stderr) > 0) {
        fputs("todoke: the schema is not this program's: run `todoke migrate` first\n", stderr);
        return -1;
    }
    if (!(app->net = net_new(&app->loop)) || app_db(app) || app_engine(app) || app_delivery(app)) return -1;
    uv_signal_init(&app->loop, &app->term);
    uv_timer_init(&app->loop, &app->drain);
    uv_timer_init(&app->loop, &app->lag);
    uv_timer_init(&app->loop, &app->patience);
    app->term.data = app->drain.data = app->lag.data = app->patience.data = app;
    uv_signal_start(&app->term, on_stop, SIGTERM);
    /* A terminal's Ctrl-C reaches everyone: the supervisor's SIGTERM is the one that counts. */
    signal(SIGINT, SIG_IGN);
    uv_timer_start(&app->patience, on_patience_over, PATIENCE_MS, 0);
    app->lag_expected = uv_hrtime() + LAG_EVERY_MS * 1000000ULL;
    uv_timer_start(&app->lag, on_lag, LAG_EVERY_MS, 0);
    uv_unref((uv_handle_t *)&app->lag);
    return 0;
}

int app_serve(const struct config *config, const struct worker_seat *seat)
{
    static struct app app; /* a process has one */
    app = (struct app){ .config = config, .seat = seat };
    if (app_open(&app)) return WORKER_REFUSES;
    uv_run(&app.loop, UV_RUN_DEFAULT);
    engine_free(app.engine);
    tls_free(app.tls);
    oidc_free(app.oidc);
    push_free(app.push);
    uv_loop_close(&app.loop);
    arena_cache_drop();
    return app.status;
}
