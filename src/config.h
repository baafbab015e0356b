/* The program's settings: one table gives file, environment, flag, default and help.
 * A flag wins over the environment (TODOKE_<NAME>), that over the file (--config), that over the default. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum config_option {
    CONFIG_DB,
    CONFIG_LISTEN,
    CONFIG_ORIGIN,
    CONFIG_SECRET_FILE,
    CONFIG_OIDC,
    CONFIG_TRUSTED_PROXY,
    CONFIG_TLS_CERT,
    CONFIG_TLS_KEY,
    CONFIG_ASSETS,
    CONFIG_WORKERS,
    CONFIG_CONNECTIONS,
    CONFIG_DB_CONNECTIONS,
    CONFIG_DRAIN_SECONDS,
    CONFIG_LOG,
    CONFIG_DEMO,
    CONFIG_MAIL_RELAY,
    CONFIG_MAIL_USER,
    CONFIG_MAIL_PASSWORD_FILE,
    CONFIG_MAIL_CA,
    CONFIG_MAIL_DIR,
    CONFIG_MAIL_FROM,
    CONFIG_MAIL_RATE,
    CONFIG_PUSH_KEY,
    CONFIG_PUSH_CONTACT,
    CONFIG_PUSH_GATEWAYS,
    CONFIG_PUSH_CA,
    CONFIG_PUSH_PRIVATE,
    CONFIG_PUSH_RATE,
    CONFIG_OPTIONS /* how many there are */
};

struct config {
    const char *values[CONFIG_OPTIONS]; /* owned where given, else the default */
    bool given[CONFIG_OPTIONS];         /* by flag, environment or file */
};

/* Frees what was given. Also after a config_read that failed. */
void config_done(struct config *config);
/* Reads file, environment and the flags from argv[0] on. Flags it doesn't know are left, in order, in argv
 * (*argc shrinks). Returns 0, or -1 after printing what is wrong to stderr. */
int config_read(struct config *config, int *argc, char **argv);
const char *config_text(const struct config *config, enum config_option option); /* null: not set */
long config_number(const struct config *config, enum config_option option);
bool config_flag(const struct config *config, enum config_option option);
/* Splits "127.0.0.1:8443" or "[::1]:8443". Returns 0, or -1 after printing what is wrong. */
int config_address(const char *text, char *ret_host, size_t size, uint16_t *ret_port);
/* Prints every option with its value and where it can be set; secrets are not printed. */
void config_print(const struct config *config, FILE *out);

#endif
