#include "delivery/gateway.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/fault.h"
#include "delivery/gateway_private.h"

#define PATIENCE_S 20
#define CONNECT_S  5L
#define ANSWER_MAX (64u * 1024) /* of which nothing is kept */
#define HEADER_MAX 1024

/* ---- what libcurl calls ---- */

static size_t on_bytes(char *at, size_t size, size_t n, void *data)
{
    (void)at, (void)data;
    return size * n;
}

/* The name has been resolved: does it lead out of our own house? */
static curl_socket_t on_open(void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct gateway *gateway = data;
    (void)purpose;
    if (!push_allows_address(gateway->options.push, &to->addr)) return CURL_SOCKET_BAD;
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- one push ---- */

static struct gateway_line *line_free(struct gateway *gateway)
{
    for (unsigned i = 0; i < gateway->options.lines; i++)
        if (!gateway->lines[i].parcel) return &gateway->lines[i];
    return NULL;
}

static int refuse(struct parcel *parcel, enum outcome outcome, const char *error)
{
    parcel->verdict = (struct verdict){ .outcome = outcome };
    strncpy(parcel->verdict.error, error, sizeof parcel->verdict.error - 1);
    return -1;
}

static int parcel_pack(struct gateway *gateway, struct gateway_line *line, struct parcel *parcel,
                       const struct letter *letter)
{
    struct str host;
    if (!push_allows(gateway->options.push, letter->endpoint, &host) || letter->p256dh.n != PUSH_POINT ||
        letter->auth.n != PUSH_AUTH)
        return refuse(parcel, OUTCOME_DEAD, "push endpoint");
    memcpy(line->host, host.at, host.n);
    line->host[host.n] = '\0';
    if (rest_is_on(gateway, line->host)) return refuse(parcel, OUTCOME_RETURNED, "push rests");
    buf_reset(&parcel->address);
    buf_reset(&parcel->message);
    buf_str(&parcel->address, letter->endpoint);
    buf_putc(&parcel->address, '\0');
    int rc = push_seal((const unsigned char *)letter->p256dh.at, (const unsigned char *)letter->auth.at,
                       letter->body, &parcel->message);
    if (parcel->address.failed || parcel->message.failed) return refuse(parcel, OUTCOME_LATER, "memory");
    return rc ? refuse(parcel, OUTCOME_DEAD, "push key") : 0;
}

static int header_add(struct gateway_line *line, struct buf *text)
{
    buf_putc(text, '\0');
    struct curl_slist *all = text->failed ? NULL : curl_slist_append(line->headers, text->at);
    buf_reset(text);
    if (!all) return -1;
    line->headers = all;
    return 0;
}

static int headers_make(struct gateway *gateway, struct gateway_line *line, const struct letter *letter)
{
    struct buf text;
    buf_init(&text, HEADER_MAX);
    buf_printf(&text, "TTL: %lld", (long long)letter->ttl_s);
    int rc = header_add(line, &text);
    buf_printf(&text, "Urgency: " STR_FMT, STR_ARG(letter->urgency));
    if (!rc) rc = header_add(line, &text);
    if (!rc && letter->topic.n) {
        buf_printf(&text, "Topic: " STR_FMT, STR_ARG(letter->topic));
        rc = header_add(line, &text);
    }
    buf_str(&text, STR("Content-Encoding: aes128gcm"));
    if (!rc) rc = header_add(line, &text);
    buf_str(&text, STR("Content-Type: application/octet-stream"));
    if (!rc) rc = header_add(line, &text);
    buf_str(&text, STR("Expect:")); /* not waited for */
    if (!rc) rc = header_add(line, &text);
    buf_str(&text, STR("Authorization: "));
    if (!rc) rc = push_authorize(gateway->options.push, str_c(line->host), clock_wall_ms() / 1000, &text);
    if (!rc) rc = header_add(line, &text);
    buf_done(&text);
    return rc;
}

static CURLcode line_settings(struct gateway *gateway, struct gateway_line *line)
{
    const struct parcel *parcel = line->parcel;
    long patience = gateway->options.patience_s ? (long)gateway->options.patience_s : PATIENCE_S;
    CURLcode rc = CURLE_OK;
    curl_easy_reset(line->easy);
#define SET(option, value)                                                                                   \
    if (!rc) rc = curl_easy_setopt(line->easy, option, value)
    SET(CURLOPT_URL, parcel->address.at);
    SET(CURLOPT_PROTOCOLS_STR, "https");
    SET(CURLOPT_NOPROXY, "*");
    SET(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
    SET(CURLOPT_PIPEWAIT, 1L); /* rather another stream than another connection */
    SET(CURLOPT_POSTFIELDS, parcel->message.at);
    SET(CURLOPT_POSTFIELDSIZE, (long)parcel->message.n);
    SET(CURLOPT_HTTPHEADER, line->headers);
    SET(CURLOPT_MAXFILESIZE, (long)ANSWER_MAX);
    SET(CURLOPT_WRITEFUNCTION, on_bytes);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT, CONNECT_S);
    SET(CURLOPT_TIMEOUT, patience);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, gateway);
    if (gateway->options.ca) SET(CURLOPT_CAINFO, gateway->options.ca);
#undef SET
    return rc;
}

static struct parcel *line_done(struct gateway_line *line)
{
    struct parcel *parcel = line->parcel;
    curl_slist_free_all(line->headers);
    line->headers = NULL;
    line->parcel = NULL;
    return parcel;
}

int gateway_send(struct gateway *gateway, struct parcel *parcel, const struct letter *letter)
{
    struct gateway_line *line = line_free(gateway);
    if (!line) return refuse(parcel, OUTCOME_LATER, "memory");
    if (parcel_pack(gateway, line, parcel, letter)) return -1;
    if (!line->easy) line->easy = curl_easy_init();
    line->parcel = parcel;
    if (line->easy && !headers_make(gateway, line, letter) && !line_settings(gateway, line) &&
        !gateway_loop_join(gateway, line))
        return 0;
    line_done(line);
    return refuse(parcel, OUTCOME_LATER, "memory");
}

/* ---- what became of it ---- */

static struct verdict verdict_of(CURL *easy, CURLcode code)
{
    long status = 0;
    curl_off_t retry_after = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
    /* With a status there is an answer, however its text ended. */
    if (status >= 200) return gateway_verdict(status, retry_after > 0 ? (long)retry_after : 0);
    struct verdict verdict = { .outcome = OUTCOME_LATER, .trouble = true };
    const char *error = code == CURLE_OPERATION_TIMEDOUT ? "push timeout"
                        : code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION
                            ? "push tls"
                        : code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ? "push connect"
                                                                                              : "push broken";
    snprintf(verdict.error, sizeof verdict.error, "%s (curl %d)", error, (int)code);
    return verdict;
}

void gateway_on_done(struct gateway *gateway, CURL *easy, CURLcode code)
{
    for (unsigned i = 0; i < gateway->options.lines; i++) {
        struct gateway_line *line = &gateway->lines[i];
        if (line->easy != easy || !line->parcel) continue;
        struct verdict verdict = verdict_of(easy, code);
        gateway_loop_leave(line);
        if (verdict.trouble)
            rest_begin(gateway, line->host, &verdict);
        else
            rest_end(gateway, line->host);
        struct parcel *parcel = line_done(line);
        parcel->verdict = verdict;
        gateway->options.on_done(gateway->options.data, parcel);
        return;
    }
}

/* ---- made and taken down ---- */

struct gateway *gateway_new(const struct gateway_options *options)
{
    struct gateway *gateway = base_zalloc(sizeof *gateway);
    if (!gateway) return NULL;
    gateway->options = *options;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (gateway_loop_open(gateway) == 0) return gateway;
    gateway_free(gateway);
    return NULL;
}

void gateway_stop(struct gateway *gateway)
{
    for (unsigned i = 0; i < gateway->options.lines; i++) {
        struct gateway_line *line = &gateway->lines[i];
        if (!line->parcel) continue;
        gateway_loop_leave(line);
        struct parcel *parcel = line_done(line);
        parcel->verdict = (struct verdict){ .outcome = OUTCOME_RETURNED, .error = "stopped" };
        gateway->options.on_done(gateway->options.data, parcel);
    }
}

void gateway_free(struct gateway *gateway)
{
    if (!gateway) return;
    for (unsigned i = 0; i < gateway->options.lines; i++) curl_easy_cleanup(gateway->lines[i].easy);
    gateway_loop_close(gateway);
    curl_global_cleanup();
    base_free(gateway);
}
