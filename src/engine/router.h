/* From a method and a path to a row of a module's routes[]. Built once; matching allocates nothing. */
#ifndef ENGINE_ROUTER_H
#define ENGINE_ROUTER_H

#include "engine/module.h"
#include "net/http1.h"

#define PATH_PARAMS 4

struct path_param {
    struct str name, value; /* the value is a part of the matched path */
};

struct match {
    const struct route *route; /* null: see allowed */
    const struct module *module;
    struct path_param params[PATH_PARAMS];
    size_t n_params;
    unsigned allowed; /* bits of enum method that this path has; 0: no such path */
};

struct router;

/* `modules` ends with null. Null when memory is out, or when two rows share a method and a path shape. */
struct router *router_new(const struct module *const *modules);
void router_free(struct router *router);
/* `path` is what follows "/api". HEAD is looked up as GET. */
void router_match(const struct router *router, enum http_method method, struct str path, struct match *ret);
/* Routes in the order of the modules; null after the last. */
const struct route *router_route(const struct router *router, size_t i, const struct module **ret_module);

#endif
