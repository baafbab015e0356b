// Request targets (RFC 9112 section 3.2, RFC 3986). Pure functions. Private to net.
#ifndef TODOKE_NET_HTTP1_PATH_H
#define TODOKE_NET_HTTP1_PATH_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/str.h"

// Decodes and normalises an absolute path: percent-escapes once, "." and empty segments away ("//" is "/").
// false (the request is a 400): not beginning with "/", a bad escape, an escaped "/", "\" or NUL, a control
// byte,
// ".." in any spelling, what is not UTF-8. *ret is in the arena and NUL-terminated; at == NULL there: no
// memory.
bool path_normalise(struct arena *arena, struct str raw, struct str *ret);

// uri-host [":" port] (RFC 3986 section 3.2, RFC 9110 section 7.2), not empty, without userinfo.
bool host_valid(struct str host);

// The parts of a target. `authority` is empty but for absolute-form.
struct target {
    struct str authority, path, query;
};
bool target_split(struct str target, struct target *ret);

#endif
