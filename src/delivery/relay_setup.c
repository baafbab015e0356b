#include "delivery/relay_private.h"

#include <stdio.h>
#include <string.h>

#define PATIENCE_S 60

static int password_read(struct relay_settings *settings, const struct relay_options *options,
                         struct buf *message)
{
    if (!options->user && !options->password_file) return 0;
    if (!options->user || !options->password_file || settings->tls == CURLUSESSL_NONE) {
        buf_printf(message,
                   "mail-user and mail-password-file go together, and only with smtps: or smtp+starttls:\n");
        return -1;
    }
    FILE *file = fopen(options->password_file, "re");
    bool read = file && fgets(settings->password, sizeof settings->password, file);
    if (file) fclose(file);
    settings->password[strcspn(settings->password, "\r\n")] = '\0';
    if (read && settings->password[0]) return 0;
    buf_printf(message, "mail-password-file can't be read, or is empty\n");
    return -1;
}

/* A host, perhaps a port, nothing else. */
static bool url_plain(const char *url)
{
    static const CURLUPart none[] = { CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
                                      CURLUPART_FRAGMENT };
    CURLU *parts = curl_url();
    char *text = NULL;
    bool plain = parts && !curl_url_set(parts, CURLUPART_URL, url, 0);
    for (size_t i = 0; plain && i < sizeof none / sizeof *none; i++)
        if (!curl_url_get(parts, none[i], &text, 0)) {
            curl_free(text);
            plain = false;
        }
    if (plain && !curl_url_get(parts, CURLUPART_PATH, &text, 0)) {
        plain = strcmp(text, "/") == 0;
        curl_free(text);
    }
    curl_url_cleanup(parts);
    return plain;
}

static int url_read(struct relay_settings *settings, const struct relay_options *options, struct buf *message)
{
    static const struct {
        struct str prefix;
        const char *scheme, *port;
        long tls;
    } kinds[] = { { STR_INIT("smtp://"), "smtp", "", CURLUSESSL_NONE },
                  { STR_INIT("smtps://"), "smtps", "", CURLUSESSL_ALL },
                  { STR_INIT("smtp+starttls://"), "smtp", ":587", CURLUSESSL_ALL } };
    struct str url = str_c(options->url);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!str_starts(url, kinds[i].prefix)) continue;
        const char *host = url.at + kinds[i].prefix.n;
        const char *bracket = strrchr(host, ']');
        bool has_port = strchr(bracket ? bracket : host, ':') != NULL;
        settings->tls = kinds[i].tls;
        buf_printf(&settings->url, "%s://%s%s", kinds[i].scheme, host, has_port ? "" : kinds[i].port);
        buf_putc(&settings->url, '\0');
        if (!settings->url.failed && url_plain(settings->url.at)) return 0;
    }
    buf_printf(message,
               "mail-relay: expected smtp://host:port, smtps://host:port or smtp+starttls://host:port\n");
    return -1;
}

int relay_settings_read(struct relay_settings *settings, const struct relay_options *options,
                        struct buf *message)
{
    settings->patience_s = options->patience_s ? (long)options->patience_s : PATIENCE_S;
    address_write(&settings->from, options->from);
    buf_putc(&settings->from, '\0');
    if (settings->from.failed) return -1;
    return url_read(settings, options, message) || password_read(settings, options, message) ? -1 : 0;
}

void relay_settings_done(struct relay_settings *settings)
{
    buf_done(&settings->url);
    buf_done(&settings->from);
    explicit_bzero(settings->password, sizeof settings->password);
}
