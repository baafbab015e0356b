#include "engine/router.h"

#include "base/fault.h"
#include "base/log.h"

struct entry {
    const struct route *route;
    const struct module *module;
    unsigned segments;
};

struct router {
    size_t n;
    struct entry entries[];
};

static unsigned segment_count(struct str path)
{
    unsigned n = 0;
    for (size_t i = 0; i < path.n; i++) n += path.at[i] == '/';
    return n;
}

static bool is_param(struct str segment)
{
    return segment.n > 2 && segment.at[0] == '{';
}

/* The same method, and no segment that tells the two apart. */
static bool collide(const struct route *a, const struct route *b)
{
    struct str x = str_c(a->path), y = str_c(b->path);
    if (a->method != b->method || segment_count(x) != segment_count(y)) return false;
    while (x.at && y.at) {
        struct str p = str_cut(x, '/', &x), q = str_cut(y, '/', &y);
        if (is_param(p) != is_param(q) || (!is_param(p) && !str_eq(p, q))) return false;
    }
    return true;
}

static int router_add(struct router *router, const struct module *module, const struct route *route)
{
    for (size_t i = 0; i < router->n; i++) {
        if (!collide(router->entries[i].route, route)) continue;
        log_error("router.collision", LOG_S("module", module->name), LOG_S("path", route->path));
        return -1;
    }
    router->entries[router->n++] = (struct entry){ route, module, segment_count(str_c(route->path)) };
    return 0;
}

struct router *router_new(const struct module *const *modules)
{
    size_t n = 0;
    for (const struct module *const *m = modules; *m; m++)
        for (const struct route *r = (*m)->routes; r && r->path; r++) n++;
    struct router *router = base_zalloc(sizeof *router + n * sizeof *router->entries);
    for (const struct module *const *m = modules; router && *m; m++)
        for (const struct route *r = (*m)->routes; r && r->path; r++)
            if (router_add(router, *m, r)) {
                base_free(router);
                return NULL;
            }
    return router;
}

void router_free(struct router *router)
{
    base_free(router);
}

static int method_of(enum http_method method)
{
    switch (method) {
    case METHOD_GET:
    case METHOD_HEAD: return GET;
    case METHOD_POST: return POST;
    case METHOD_PUT: return PUT;
    case METHOD_DELETE: return DELETE;
    default: return -1;
    }
}

/* Counts fixed segments, so that "/a/b" is preferred to "/a/{x}"; -1: no match. */
static int entry_match(const struct entry *entry, struct str path, struct match *ret)
{
    struct str pattern = str_c(entry->route->path);
    int fixed = 0;
    ret->n_params = 0;
    while (pattern.at && path.at) {
        struct str want = str_cut(pattern, '/', &pattern), have = str_cut(path, '/', &path);
        if (is_param(want)) {
            if (have.n == 0 || ret->n_params == PATH_PARAMS) return -1;
            ret->params[ret->n_params++] = (struct path_param){ str_of(want.at + 1, want.n - 2), have };
        } else if (str_eq(want, have)) {
            fixed++;
        } else {
            return -1;
        }
    }
    return fixed;
}

void router_match(const struct router *router, enum http_method method, struct str path, struct match *ret)
{
    unsigned segments = segment_count(path);
    int best = -1, wanted = method_of(method);
    *ret = (struct match){ 0 };
    for (size_t i = 0; i < router->n; i++) {
        const struct entry *entry = &router->entries[i];
        struct match candidate;
        if (entry->segments != segments) continue;
        int fixed = entry_match(entry, path, &candidate);
        if (fixed < 0) continue;
        ret->allowed |= 1u << entry->route->method;
        if ((int)entry->route->method != wanted || fixed <= best) continue;
        best = fixed;
        candidate.route = entry->route;
        candidate.module = entry->module;
        candidate.allowed = ret->allowed;
        *ret = candidate;
    }
}

const struct route *router_route(const struct router *router, size_t i, const struct module **ret_module)
{
    if (i >= router->n) return NULL;
    if (ret_module) *ret_module = router->entries[i].module;
    return router->entries[i].route;
}
