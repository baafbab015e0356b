// What RFC 9110 and RFC 9112 demand of a request's head, beyond the grammar that llhttp has checked. Anything
// on which two parsers could disagree is refused: that is how requests are smuggled.
#include <string.h>

#include "net/http1_parse.h"
#include "net/http1_path.h"

static const struct {
    llhttp_method_t ll;
    enum http_method method;
    struct str name;
} methods[METHOD_COUNT] = {
    { HTTP_GET, METHOD_GET, STR_INIT("GET") },
    { HTTP_HEAD, METHOD_HEAD, STR_INIT("HEAD") },
    { HTTP_POST, METHOD_POST, STR_INIT("POST") },
    { HTTP_PUT, METHOD_PUT, STR_INIT("PUT") },
    { HTTP_PATCH, METHOD_PATCH, STR_INIT("PATCH") },
    { HTTP_DELETE, METHOD_DELETE, STR_INIT("DELETE") },
    { HTTP_OPTIONS, METHOD_OPTIONS, STR_INIT("OPTIONS") },
};

// A head's fields that decide how the request is framed.
struct framing {
    struct str host, length, encoding, connection, upgrade, expect;
    unsigned hosts, lengths, encodings, expects;
    bool close, keep_alive, upgrades, websocket;
};

bool http1_has_token(struct str value, const char *token)
{
    struct str rest = value;
    while (rest.at) {
        struct str item = str_trim(str_cut(rest, ',', &rest));
        if (str_eq_nocase(item, str_c(token))) return true;
    }
    return false;
}

static bool check_method(struct http_request *rq, const llhttp_t *ll)
{
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (methods[i].ll != (llhttp_method_t)ll->method) continue;
        rq->method = methods[i].method;
        rq->method_name = methods[i].name;
        return true;
    }
    return false;
}

// token characters (RFC 9110 section 5.6.2) in lower case; 0: not one.
static const char token_lower[256] = {
    ['!'] = '!', ['#'] = '#', ['$'] = '$', ['%'] = '%', ['&'] = '&', ['\''] = '\'', ['*'] = '*', ['+'] = '+',
    ['-'] = '-', ['.'] = '.', ['^'] = '^', ['_'] = '_', ['`'] = '`', ['|'] = '|',   ['~'] = '~', ['0'] = '0',
    ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',   ['7'] = '7', ['8'] = '8',
    ['9'] = '9', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e',   ['F'] = 'f', ['G'] = 'g',
    ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm',   ['N'] = 'n', ['O'] = 'o',
    ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u',   ['V'] = 'v', ['W'] = 'w',
    ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c',   ['d'] = 'd', ['e'] = 'e',
    ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k',   ['l'] = 'l', ['m'] = 'm',
    ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's',   ['t'] = 't', ['u'] = 'u',
    ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
};

static bool lower_name(struct str name)
{
    char *at = (char *)(uintptr_t)name.at; // our own copy
    for (size_t i = 0; i < name.n; i++) {
        char c = token_lower[(unsigned char)at[i]];
        if (!c) return false;
        at[i] = c;
    }
    return name.n > 0;
}

static bool value_valid(struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
    }
    return true;
}

static void frame_header(struct framing *f, const struct http_header *header)
{
    struct str name = header->name, value = header->value;
    if (str_eq(name, STR("host"))) {
        f->host = value;
        f->hosts++;
    } else if (str_eq(name, STR("content-length"))) {
        f->length = value;
        f->lengths++;
    } else if (str_eq(name, STR("transfer-encoding"))) {
        f->encoding = value;
        f->encodings++;
    } else if (str_eq(name, STR("connection"))) {
        f->close |= http1_has_token(value, "close");
        f->keep_alive |= http1_has_token(value, "keep-alive");
        f->upgrades |= http1_has_token(value, "upgrade");
    } else if (str_eq(name, STR("upgrade"))) {
        f->websocket |= http1_has_token(value, "websocket");
    } else if (str_eq(name, STR("expect"))) {
        f->expect = value;
        f->expects++;
    }
}

static bool read_headers(struct http_request *rq, struct framing *f)
{
    for (size_t i = 0; i < rq->header_count; i++) {
        struct http_header *header = &rq->headers[i];
        if (!header->value.at) header->value = STR("");
        while (header->value.n > 0 && strchr(" \t", header->value.at[header->value.n - 1])) header->value.n--;
        if (!lower_name(header->name) || !value_valid(header->value)) return false;
        frame_header(f, header);
    }
    return true;
}

// 1*DIGIT without sign, list or leading zeros beyond reason; llhttp has refused what overflows.
static bool check_length(struct str value, uint64_t *ret)
{
    uint64_t length = 0;
    if (value.n == 0 || value.n > 18) return false;
    for (size_t i = 0; i < value.n; i++) {
        if (value.at[i] < '0' || value.at[i] > '9') return false;
        length = length * 10 + (uint64_t)(value.at[i] - '0');
    }
    *ret = length;
    return true;
}

#define REFUSE(status, why) return (*ret_detail = (why), (status))

static int check_framing(struct http1_message *message, const struct framing *f, const char **ret_detail)
{
    if (f->lengths > 1) REFUSE(400, "more than one Content-Length");
    if (f->encodings > 0) {
        if (message->rq.minor == 0) REFUSE(400, "Transfer-Encoding in HTTP/1.0");
        if (f->lengths > 0) REFUSE(400, "Transfer-Encoding with Content-Length");
        if (f->encodings > 1) REFUSE(400, "more than one Transfer-Encoding");
        if (!str_eq_nocase(f->encoding, STR("chunked"))) {
            if (f->encoding.n == 0 || http1_has_token(f->encoding, "chunked"))
                REFUSE(400, "bad Transfer-Encoding");
            REFUSE(501, "unknown Transfer-Encoding");
        }
        message->chunked = true;
    }
    if (f->lengths == 1) {
        if (!check_length(f->length, &message->content_length)) REFUSE(400, "bad Content-Length");
        message->has_length = true;
    }
    if (f->expects > 0 && message->rq.minor > 0) {
        if (f->expects > 1 || !str_eq_nocase(f->expect, STR("100-continue")))
            REFUSE(417, "unknown expectation");
        message->expects_continue = true;
    }
    return 0;
}

static int check_target(struct http1_message *message, const struct framing *f, const char **ret_detail)
{
    struct http_request *rq = &message->rq;
    if (f->hosts > 1 || (f->hosts == 0 && rq->minor > 0)) REFUSE(400, "exactly one Host is needed");
    if (f->hosts == 1 && !host_valid(f->host)) REFUSE(400, "bad Host");
    rq->host = f->host;
    rq->query = STR("");
    if (str_eq(rq->target, STR("*"))) {
        if (rq->method != METHOD_OPTIONS) REFUSE(400, "* is for OPTIONS");
        rq->path = rq->target;
        return 0;
    }
    struct target target;
    if (!target_split(rq->target, &target)) REFUSE(400, "bad request target");
    if (target.authority.at && f->hosts == 1 && !str_eq_nocase(target.authority, f->host))
        REFUSE(400, "Host and target disagree");
    if (!path_normalise(&message->arena, target.path, &rq->path)) REFUSE(400, "bad path");
    if (!rq->path.at) REFUSE(503, "out of memory");
    rq->query = target.query;
    return 0;
}

int http1_check(struct http1_message *message, const llhttp_t *ll, const char **ret_detail)
{
    struct http_request *rq = &message->rq;
    struct framing f = { 0 };
    rq->minor = ll->http_minor;
    if (!check_method(rq, ll)) REFUSE(501, "method not implemented");
    if (!read_headers(rq, &f)) REFUSE(400, "bad header field");
    int status = check_target(message, &f, ret_detail);
    if (status == 0) status = check_framing(message, &f, ret_detail);
    if (status != 0) return status;
    message->keep_alive = rq->minor > 0 ? !f.close : f.keep_alive && !f.close;
    rq->is_upgrade = rq->minor > 0 && rq->method == METHOD_GET && f.upgrades && f.websocket;
    return 0;
}
