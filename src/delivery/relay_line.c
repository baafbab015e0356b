#include "delivery/relay_private.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- what libcurl calls, on the line's thread ---- */

static size_t on_read(char *to, size_t size, size_t n, void *data)
{
    struct line *line = data;
    struct str message = buf_view(&line->parcel->message);
    size_t room = size * n, left = message.n - line->at, take = left < room ? left : room;
    memcpy(to, message.at + line->at, take);
    line->at += take;
    return take;
}

/* Nothing more is read from the connection. */
static void stop_listening(struct line *line)
{
    for (size_t i = 0; i < line->n_sockets; i++) shutdown(line->sockets[i], SHUT_RD);
}

/* The only way to know what a reply answers. What is said is looked at and forgotten: it holds addresses. */
static int on_debug(CURL *easy, curl_infotype type, char *at, size_t n, void *data)
{
    struct line *line = data;
    struct str said = str_of(at, n);
    (void)easy;
    if (type == CURLINFO_HEADER_OUT && str_eq(str_trim(said), STR("QUIT")))
        stop_listening(line); /* or libcurl waits for the answer, which is of no use */
    else if (type == CURLINFO_HEADER_OUT)
        smtp_talk_said(&line->talk, said);
    else if (type == CURLINFO_HEADER_IN)
        smtp_talk_heard(&line->talk, said);
    return 0;
}

static int on_progress(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct line *line = data;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(&line->relay->stopping);
}

static curl_socket_t on_open(void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct line *line = data;
    (void)purpose;
    uv_mutex_lock(&line->relay->lock);
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (line->n_sockets < LINE_SOCKETS && !atomic_load(&line->relay->stopping))
        fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    if (fd != CURL_SOCKET_BAD) line->sockets[line->n_sockets++] = fd;
    uv_mutex_unlock(&line->relay->lock);
    return fd;
}

static int on_close(void *data, curl_socket_t fd)
{
    struct line *line = data;
    uv_mutex_lock(&line->relay->lock);
    for (size_t i = 0; i < line->n_sockets; i++)
        if (line->sockets[i] == fd) line->sockets[i--] = line->sockets[--line->n_sockets];
    int rc = close(fd);
    uv_mutex_unlock(&line->relay->lock);
    return rc;
}

/* ---- one mail ---- */

static CURLcode line_connection(struct line *line)
{
    const struct relay_options *options = &line->relay->options;
    const struct relay_settings *settings = &line->relay->settings;
    CURLcode rc = CURLE_OK;
#define SET(option, value)                                                                                   \
    if (!rc) rc = curl_easy_setopt(line->easy, option, value)
    SET(CURLOPT_URL, settings->url.at);
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_NOPROXY, "*");
    SET(CURLOPT_USE_SSL, settings->tls);
    if (options->ca) SET(CURLOPT_CAINFO, options->ca);
    if (options->user) {
        SET(CURLOPT_USERNAME, options->user);
        SET(CURLOPT_PASSWORD, settings->password);
    }
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* a resolver that hangs does not hold up the end of the worker */
    SET(CURLOPT_CONNECTTIMEOUT, (settings->patience_s + 1) / 2);
    SET(CURLOPT_TIMEOUT, settings->patience_s);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, line);
    SET(CURLOPT_CLOSESOCKETFUNCTION, on_close);
    SET(CURLOPT_CLOSESOCKETDATA, line);
#undef SET
    return rc;
}

static CURLcode line_mail(struct line *line, struct curl_slist *to)
{
    CURLcode rc = CURLE_OK;
#define SET(option, value)                                                                                   \
    if (!rc) rc = curl_easy_setopt(line->easy, option, value)
    SET(CURLOPT_MAIL_FROM, line->relay->settings.from.at);
    SET(CURLOPT_MAIL_RCPT, to);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, line);
    SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)line->parcel->message.n);
    SET(CURLOPT_VERBOSE, 1L);
    SET(CURLOPT_DEBUGFUNCTION, on_debug);
    SET(CURLOPT_DEBUGDATA, line);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, line);
#undef SET
    return rc;
}

static enum smtp_end end_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK: return SMTP_END_OK;
    case CURLE_OPERATION_TIMEDOUT: return SMTP_END_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_USE_SSL_FAILED: return SMTP_END_TLS;
    default: return SMTP_END_FAILED;
    }
}

/* A relay closes connections that rest for long, and may have done so just now: then the mail gets a new one.
 */
static bool was_stale(struct line *line)
{
    long connects = 1;
    curl_easy_getinfo(line->easy, CURLINFO_NUM_CONNECTS, &connects);
    return connects == 0 && line->talk.stage <= SMTP_MAIL;
}

static CURLcode line_send(struct line *line)
{
    line->at = 0;
    smtp_talk_begin(&line->talk);
    return curl_easy_perform(line->easy);
}

static CURLcode line_perform(struct line *line, struct curl_slist *to)
{
    curl_easy_reset(line->easy); /* keeps the connection */
    CURLcode code = line_connection(line);
    if (!code) code = line_mail(line, to);
    if (code) return code;
    code = line_send(line);
    if (code && was_stale(line)) code = line_send(line);
    return code;
}

struct verdict line_talk(struct line *line)
{
    struct curl_slist *to = curl_slist_append(NULL, line->parcel->address.at);
    CURLcode code = CURLE_OUT_OF_MEMORY;
    smtp_talk_begin(&line->talk);
    if (!line->easy) line->easy = curl_easy_init();
    if (line->easy && to) code = line_perform(line, to);
    curl_slist_free_all(to);
    return smtp_verdict(&line->talk, end_of(code));
}

void line_hang_up(struct line *line)
{
    if (!line->easy) return;
    stop_listening(line);
    curl_easy_cleanup(line->easy);
    line->easy = NULL;
}
