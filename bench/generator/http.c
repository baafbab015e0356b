#include "http.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAX (1u << 20)

static struct http *http_of(struct conn *conn)
{
    return container_of(conn, struct http, conn);
}

static int http_on_begin(llhttp_t *parser)
{
    struct http *http = parser->data;
    buf_reset(&http->body);
    http->retry_after = 0;
    http->field[0] = http->value[0] = '\0';
    return 0;
}

/* Appends to a small text, and drops what is too long for it: no header of interest is. */
static void text_add(char text[16], const char *at, size_t n)
{
    size_t have = strlen(text);
    for (size_t i = 0; i < n && have < 15; i++) text[have++] = (char)tolower((unsigned char)at[i]);
    text[have] = '\0';
}

/* Only a refusal has a header of interest. */
static bool is_refusal(const llhttp_t *parser)
{
    return parser->status_code == 503 || parser->status_code == 429;
}

static int http_on_field(llhttp_t *parser, const char *at, size_t n)
{
    if (is_refusal(parser)) text_add(((struct http *)parser->data)->field, at, n);
    return 0;
}

static int http_on_value(llhttp_t *parser, const char *at, size_t n)
{
    if (is_refusal(parser)) text_add(((struct http *)parser->data)->value, at, n);
    return 0;
}

static int http_on_header(llhttp_t *parser)
{
    struct http *http = parser->data;
    if (!is_refusal(parser)) return 0;
    if (strcmp(http->field, "retry-after") == 0) http->retry_after = (unsigned)strtoul(http->value, NULL, 10);
    http->field[0] = http->value[0] = '\0';
    return 0;
}

static int http_on_body(llhttp_t *parser, const char *at, size_t n)
{
    struct http *http = parser->data;
    buf_append(&http->body, at, n);
    return http->body.failed ? HPE_USER : 0;
}

/* Pausing brings us out of the parser before the owner hears of it: the owner may close the connection. */
static int http_on_complete(llhttp_t *parser)
{
    struct http *http = parser->data;
    http->keep = llhttp_should_keep_alive(parser) != 0;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_message_begin = http_on_begin,
    .on_header_field = http_on_field,
    .on_header_value = http_on_value,
    .on_header_value_complete = http_on_header,
    .on_body = http_on_body,
    .on_message_complete = http_on_complete,
};

static void http_lose(struct http *http, enum loss loss)
{
    conn_close(&http->conn);
    http->calls->lost(http, loss);
}

static void http_on_data(struct conn *conn, const char *bytes, size_t n)
{
    struct http *http = http_of(conn);
    const char *end = bytes + n;
    while (bytes < end && conn->state == CONN_OPEN) {
        if (!http->out) { /* a server may say goodbye (408, 503) on an idle connection; we only hear that it
                             ends */
            http_lose(http, LOSS_CLOSED);
            return;
        }
        enum llhttp_errno result = llhttp_execute(&http->parser, bytes, (size_t)(end - bytes));
        if (result == HPE_OK) return;
        if (result != HPE_PAUSED) {
            http_lose(http, http->body.failed ? LOSS_MEMORY : LOSS_PROTOCOL);
            return;
        }
        bytes = llhttp_get_error_pos(&http->parser);
        llhttp_resume(&http->parser);
        http->out--;
        http->calls->answered(http, http->parser.status_code, buf_view(&http->body));
    }
}

static void http_on_opened(struct conn *conn)
{
    http_of(conn)->calls->ready(http_of(conn));
}

static void http_on_lost(struct conn *conn, enum loss loss)
{
    http_of(conn)->calls->lost(http_of(conn), loss);
}

static void http_on_released(struct conn *conn)
{
    struct http *http = http_of(conn);
    buf_done(&http->body);
    free(http);
}

static const struct conn_calls conn_calls = { http_on_opened, http_on_data, http_on_lost, http_on_released };

struct http *http_dial(struct dial *dial, const struct http_calls *calls, void *owner)
{
    struct http *http = calloc(1, sizeof *http);
    if (!http) return NULL;
    if (conn_open(&http->conn, dial, &conn_calls) != 0) {
        free(http);
        return NULL;
    }
    http->calls = calls;
    http->owner = owner;
    list_init(&http->link);
    buf_init(&http->body, BODY_MAX);
    llhttp_init(&http->parser, HTTP_RESPONSE, &settings);
    http->parser.data = http;
    return http;
}

void http_send(struct http *http, struct str request)
{
    http->out++;
    http->keep = false;
    conn_write(&http->conn, request.at, request.n);
}

void http_close(struct http *http)
{
    conn_close(&http->conn);
}
