#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum type { TEXT, NUMBER, SWITCH };

static const struct option {
    const char *name;
    enum type type;
    const char *value; /* the default; null: none */
    long min, max;     /* of a NUMBER */
    const char *help;
} options[CONFIG_OPTIONS] = {
    [CONFIG_DB] = { "db", TEXT, "dbname=todoke user=todoke_app", 0, 0,
                    "how to reach PostgreSQL (libpq connection string; several hosts are fine)" },
    [CONFIG_LISTEN] = { "listen", TEXT, "127.0.0.1:8443", 0, 0, "address and port; [::1]:8443 for IPv6" },
    [CONFIG_ORIGIN] = { "origin", TEXT, NULL, 0, 0,
                        "the public origin, https://host[:port]; without it, the Host that was asked for" },
    [CONFIG_OIDC] = { "oidc", TEXT, NULL, 0, 0,
                      "file of OpenID Connect providers, JSON (src/modules/oidc/README.md); without it, "
                      "none" },
    [CONFIG_SECRET_FILE] = { "secret-file", TEXT, NULL, 0, 0,
                             "32 random bytes or more, for this program's eyes only: guards second factors" },
    [CONFIG_TRUSTED_PROXY] = { "trusted-proxy", TEXT, NULL, 0, 0,
                               "the address of the proxy whose X-Forwarded-For is believed" },
    [CONFIG_TLS_CERT] = { "tls-cert", TEXT, NULL, 0, 0, "certificate chain, PEM; without it, plain HTTP" },
    [CONFIG_TLS_KEY] = { "tls-key", TEXT, NULL, 0, 0, "its private key, PEM" },
    [CONFIG_ASSETS] = { "assets", TEXT, NULL, 0, 0, "the folder of the built web app" },
    [CONFIG_WORKERS] = { "workers", NUMBER, "1", 1, 64, "worker processes" },
    [CONFIG_CONNECTIONS] = { "connections", NUMBER, "60000", 1, 1000000, "client connections per worker" },
    [CONFIG_DB_CONNECTIONS] = { "db-connections", NUMBER, "2", 1, 32,
                                "connections to PostgreSQL per worker and lane" },
    [CONFIG_DRAIN_SECONDS] = { "drain-seconds", NUMBER, "10", 0, 3600,
                               "how long a stopping worker waits for its clients" },
    [CONFIG_LOG] = { "log", TEXT, "info", 0, 0, "debug, info, warn or error" },
    [CONFIG_DEMO] = { "demo", SWITCH, "off", 0, 0, "a demonstration city: says so, and lists its accounts" },
    [CONFIG_MAIL_RELAY] = { "mail-relay", TEXT, NULL, 0, 0,
                            "the mail server: smtp://host[:port] (plain), smtps:// or smtp+starttls://" },
    [CONFIG_MAIL_USER] = { "mail-user", TEXT, NULL, 0, 0, "how to sign in there; needs TLS" },
    [CONFIG_MAIL_PASSWORD_FILE] = { "mail-password-file", TEXT, NULL, 0, 0,
                                    "a file whose first line is the password" },
    [CONFIG_MAIL_CA] = { "mail-ca", TEXT, NULL, 0, 0,
                         "who may have signed its certificate, PEM; without it, whom the system trusts" },
    [CONFIG_MAIL_DIR] = { "mail-dir", TEXT, NULL, 0, 0,
                          "instead of a relay: a folder where each mail becomes a file (demonstrations, "
                          "tests)" },
    [CONFIG_MAIL_FROM] = { "mail-from", TEXT, "todoke <noreply@todoke.invalid>", 0, 0,
                           "the sender of all mail: name <address>" },
    [CONFIG_MAIL_RATE] = { "mail-rate", NUMBER, "50", 1, 10000, "mails per second, by all workers together" },
    [CONFIG_PUSH_KEY] = { "push-key", TEXT, NULL, 0, 0,
                          "the private key for Web Push, PEM (todoke push-key FILE makes one); without it, "
                          "no "
                          "push" },
    [CONFIG_PUSH_CONTACT] = { "push-contact", TEXT, NULL, 0, 0,
                              "whom the push services' operators may ask: mailto:ADDRESS or https://...; "
                              "without it, the address of mail-from" },
    [CONFIG_PUSH_GATEWAYS] = { "push-gateways", TEXT,
                               "fcm.googleapis.com, updates.push.services.mozilla.com, *.push.apple.com, "
                               "*.notify.windows.com",
                               0, 0, "the browsers' push services, host[:port] or *.host" },
    [CONFIG_PUSH_CA] = { "push-ca", TEXT, NULL, 0, 0,
                         "who may have signed their certificates, PEM; without it, whom the system trusts" },
    [CONFIG_PUSH_PRIVATE] = { "push-private", SWITCH, "off", 0, 0,
                              "push services at private addresses too (tests)" },
    [CONFIG_PUSH_RATE] = { "push-rate", NUMBER, "400", 1, 100000,
                           "pushes per second, by all workers together" },
};

static int complain(const char *what, const char *name, const char *why)
{
    fprintf(stderr, "todoke: %s %s: %s\n", what, name, why);
    return -1;
}

static int option_find(const char *name, size_t n)
{
    for (int i = 0; i < CONFIG_OPTIONS; i++)
        if (strlen(options[i].name) == n && memcmp(options[i].name, name, n) == 0) return i;
    return -1;
}

static int number_parse(const char *text, long *ret)
{
    char *end;
    errno = 0;
    long n = strtol(text, &end, 10);
    if (errno || end == text || *end) return -1;
    *ret = n;
    return 0;
}

static int option_set(struct config *config, int i, const char *value)
{
    const struct option *option = &options[i];
    long n;
    if (option->type == NUMBER && (number_parse(value, &n) || n < option->min || n > option->max)) {
        fprintf(stderr, "todoke: %s takes a number from %ld to %ld\n", option->name, option->min,
                option->max);
        return -1;
    }
    if (option->type == SWITCH && strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
        return complain("option", option->name, "takes on or off");
    char *copy = strdup(value);
    if (!copy) return complain("option", option->name, "out of memory");
    if (config->given[i]) free((void *)(uintptr_t)config->values[i]);
    config->values[i] = copy;
    config->given[i] = true;
    return 0;
}

static char *trim(char *s)
{
    while (isspace((unsigned char)*s)) s++;
    char *end = s + strlen(s);
    while (end > s && isspace((unsigned char)end[-1])) *--end = '\0';
    return s;
}

static int read_file(struct config *config, const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file) return complain("config file", path, strerror(errno));
    char line[4096];
    int rc = 0;
    for (int at = 1; rc == 0 && fgets(line, sizeof line, file); at++) {
        char *name = trim(line);
        if (*name == '\0' || *name == '#') continue;
        char *value = strchr(name, '=');
        if (value) *value++ = '\0';
        name = trim(name);
        int i = value ? option_find(name, strlen(name)) : -1;
        if (i < 0) {
            fprintf(stderr, "todoke: %s:%d: expected `option = value` with a known option\n", path, at);
            rc = -1;
        } else {
            rc = option_set(config, i, trim(value));
        }
    }
    fclose(file);
    return rc;
}

static int read_environment(struct config *config)
{
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        char name[64] = "TODOKE_";
        size_t n = strlen(name);
        for (const char *c = options[i].name; *c && n < sizeof name - 1; c++)
            name[n++] = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
        name[n] = '\0';
        const char *value = getenv(name);
        if (value && option_set(config, i, value)) return -1;
    }
    return 0;
}

/* Takes argv[*at], and the next word where the option needs one; leaves an unknown flag alone. */
static int take_flag(struct config *config, char **argv, int argc, int *at, bool *ret_taken)
{
    const char *word = argv[*at];
    *ret_taken = false;
    if (strncmp(word, "--", 2) != 0) return 0;
    const char *name = word + 2, *equals = strchr(name, '=');
    int i = option_find(name, equals ? (size_t)(equals - name) : strlen(name));
    if (i < 0) return 0;
    const char *value;
    if (equals)
        value = equals + 1;
    else if (options[i].type == SWITCH)
        value = "on";
    else if (*at + 1 < argc)
        value = argv[++*at];
    else
        return complain("option", word, "needs a value");
    *ret_taken = true;
    return option_set(config, i, value);
}

static const char *config_file(int argc, char **argv)
{
    for (int i = 0; i + 1 < argc; i++)
        if (strcmp(argv[i], "--config") == 0) return argv[i + 1];
    return getenv("TODOKE_CONFIG");
}

int config_read(struct config *config, int *argc, char **argv)
{
    memset(config, 0, sizeof *config);
    for (int i = 0; i < CONFIG_OPTIONS; i++) config->values[i] = options[i].value;
    const char *path = config_file(*argc, argv);
    if ((path && read_file(config, path)) || read_environment(config)) return -1;
    int left = 0;
    for (int at = 0; at < *argc; at++) {
        bool taken;
        if (strcmp(argv[at], "--config") == 0) {
            at++;
            continue;
        }
        int word = at;
        if (take_flag(config, argv, *argc, &at, &taken)) return -1;
        if (!taken) argv[left++] = argv[word];
    }
    *argc = left;
    return 0;
}

void config_done(struct config *config)
{
    for (int i = 0; i < CONFIG_OPTIONS; i++)
        if (config->given[i]) free((void *)(uintptr_t)config->values[i]);
    memset(config, 0, sizeof *config);
}

const char *config_text(const struct config *config, enum config_option option)
{
    return config->values[option];
}

long config_number(const struct config *config, enum config_option option)
{
    long n = 0;
    number_parse(config->values[option], &n);
    return n;
}

bool config_flag(const struct config *config, enum config_option option)
{
    return strcmp(config->values[option], "on") == 0;
}

void config_print(const struct config *config, FILE *out)
{
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        bool secret = i == CONFIG_DB && config->given[i];
        const char *value = config->values[i] ? config->values[i] : "";
        fprintf(out, "# %s\n%s = %s\n", options[i].help, options[i].name, secret ? "(set)" : value);
    }
}

int config_address(const char *text, char *ret_host, size_t size, uint16_t *ret_port)
{
    const char *colon = strrchr(text, ':');
    long port;
    if (!colon || number_parse(colon + 1, &port) || port < 0 || port > 65535)
        return complain("address", text, "expected host:port");
    const char *from = text, *to = colon;
    if (*from == '[' && to > from && to[-1] == ']') from++, to--;
    if ((size_t)(to - from) >= size || to == from) return complain("address", text, "expected host:port");
    memcpy(ret_host, from, (size_t)(to - from));
    ret_host[to - from] = '\0';
    *ret_port = (uint16_t)port;
    return 0;
}
