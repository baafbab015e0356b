/* Who asks: the session behind the cookie.
 *
 * The token is 256 random bits, base64url in the cookie; only its SHA-256 is stored. Cross-site requests that
 * change something are refused by Sec-Fetch-Site (or Origin), whatever cookies they bring. */
#ifndef ENGINE_SESSION_H
#define ENGINE_SESSION_H

#include "base/arena.h"
#include "db/args.h"
#include "db/rows.h"
#include "net/http1.h"

struct request;

#define SESSION_COOKIE     "__Host-todoke"
#define TOKEN_BYTES        32
#define SESSION_HASH_BYTES 32 /* SHA-256 */

struct session {
    int64_t id; /* 0: none */
    int64_t account_id;
    unsigned roles; /* enum role bits */
    bool proved;    /* lately enough for routes that are PROVED */
    struct str
        schools; /* as the row-level fence takes them: "*", "1,5"; owned by the arena it was read into */
};

/* The SHA-256 of the cookie's token into `arena`; {NULL, 0} when there is no well-formed token, or no memory.
 */
struct str session_token_sha256(struct arena *arena, const struct http_request *http);
/* Reads a row of the statement session_find. False: no such session, or no memory. */
bool session_read(struct session *ret, struct arena *arena, struct rows rows);
/* A request that changes something comes from our own pages, or from no page at all. */
bool session_same_site(const struct http_request *http, const char *origin);
/* Is the Origin header exactly ours (for WebSockets, where it is required)? */
bool session_origin_is_ours(const struct http_request *http, const char *origin);

#endif
