/* Answers: negotiated encoding, problem documents, the headers that all of them carry, the counters. */
#ifndef ENGINE_REPLY_H
#define ENGINE_REPLY_H

#include "engine/request.h"

/* JSON, or msgpack where the client names it (RFC 9110 12.5.1). */
enum enc_format reply_format(const struct http_request *http);

/* A problem for a request that has no route (yet). `allow`: bits of enum method for a 405, else 0. */
void reply_http_problem(struct engine *engine, struct http_request *http, const struct problem *problem,
                        unsigned allow);
/* The problem's document with what is wrong with the fields. */
void reply_invalid(struct request *rq, const struct field_errors *errors);
/* ... or with what is wrong with the body. */
void reply_malformed(struct request *rq, struct str detail);
/* `rows` row 0: its columns, but for outcome and nulls, become members of the document. */
void reply_refused(struct request *rq, struct str name, struct rows rows);
/* Row 0's `outcome` names a problem: answered. */
bool reply_if_refused(struct request *rq, struct rows rows);
bool reply_is_refusal(struct rows rows);
/* A file that comes in pieces; from here on the source is the connection's, and its `over` comes in any case.
 */
void reply_source(struct request *rq, const char *type, struct str name, struct http_source *source);
struct str reply_problem_type(enum enc_format format);
void reply_problem_encode(struct buf *out, enum enc_format format, const struct problem *problem);
/* Any media type. */
void reply_bytes(struct engine *engine, struct http_request *http, int status, const char *type,
                 struct str body);
/* Every answer goes through here, once. (net counts them.) */
void reply_log(const struct http_request *http, const char *route, int status);

#endif
