/* The web app, served from memory: every file of one folder with its .br and .gz beside it, read once at
 * start. RFC 9110: ETag and If-None-Match (304), one Range of the identity form (206, 416), Accept-Encoding.
 * Files below /assets/ carry their content's hash in the name and never change; all others are asked for
 * again. */
#ifndef ENGINE_ASSETS_H
#define ENGINE_ASSETS_H

#include "net/http1.h"

struct assets;

/* Null folder: no files, every path is answered with 404. Returns null and says why in the log on failure. */
struct assets *assets_new(const char *folder);
void assets_free(struct assets *assets);

/* Answers a GET or HEAD. A path without a file and without a dot in its last part is a page of the app. */
void assets_reply(const struct assets *assets, struct http_request *http);

/* The headers that every answer carries (ends with a null name). */
extern const struct http_header security_headers[];
#define SECURITY_HEADERS 6

#endif
