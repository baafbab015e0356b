// The parser of requests: bytes in, events out, no I/O. llhttp does the grammar (strict), http1_check.c what
// it leaves open, this the limits. Private to net.
#ifndef TODOKE_NET_HTTP1_PARSE_H
#define TODOKE_NET_HTTP1_PARSE_H

#include <llhttp.h>
#include "base/buf.h"
#include "net/http1.h"

// A request while it is being read: what the parser needs to know besides struct http_request.
struct http1_message {
    struct http_request rq;
    struct arena arena;
    char *text; // names and values, in the arena
    size_t text_n, text_cap;
    size_t header_cap;
    uint64_t content_length; // as announced
    bool has_length;
    bool chunked;
    bool keep_alive;
    bool expects_continue;
    bool skip_body; // already answered
    bool complete;
    uint64_t body_limit;
    size_t body_got;  // bytes, skipped ones too
    char *body;       // fixed room in the arena for a short body of known length
    struct buf large; // else
};

void http1_message_init(struct http1_message *message);
void http1_message_done(struct http1_message *message);

struct http1_parser;
struct http1_events {
    // The first byte of a request: a message to fill, initialised; NULL: no memory (503).
    struct http1_message *(*on_begin)(struct http1_parser *parser);
    // The head is complete and valid. The limit of the body, or HTTP_ANSWERED: it is read and dropped.
    int64_t (*on_head)(struct http1_parser *parser, struct http1_message *message);
    // The body is complete. false: parse no further for now.
    bool (*on_complete)(struct http1_parser *parser, struct http1_message *message);
};

enum http1_result {
    HTTP1_MORE,    // all bytes were used
    HTTP1_PAUSED,  // on_complete said so: call again with the unused bytes
    HTTP1_REFUSED, // `status` and `detail` say why; the connection can't go on
};

struct http1_parser {
    llhttp_t ll;
    const struct http_limits *limits;
    const struct http1_events *on;
    struct http1_message *message; // being read, NULL between requests
    int status;
    const char *detail;
    const char *slice; // what is counted of this call begins here
    const char *mark;  // where the version ends, or this call begins when that is later
    size_t head_carry; // bytes of the request line, or of the fields, in earlier calls
    size_t gap;        // where the next part of the request line has to begin; 0: at its begin
    size_t extra;      // bytes of chunk extensions and trailers
    bool in_head, in_headers, in_name;
};

void http1_parser_init(struct http1_parser *parser, const struct http_limits *limits,
                       const struct http1_events *events);
enum http1_result http1_parse(struct http1_parser *parser, const char *bytes, size_t n, size_t *ret_used);

// Refuses from within an event (the first reason counts).
void http1_refuse(struct http1_parser *parser, int status, const char *detail);

// All that RFC 9110 and 9112 demand of a head and llhttp does not check; fills path, query, host and the
// flags of the message. 0, or the status to refuse with and a phrase. http1_check.c
int http1_check(struct http1_message *message, const llhttp_t *ll, const char **ret_detail);

// Calls for each member of a comma-separated header value; true when one equals `token` without case.
bool http1_has_token(struct str value, const char *token);

#endif
