/* The OpenAPI 3.1 document, made from the modules' tables. Extensions: x-todoke-may (roles that may call),
 * x-todoke-object (what a parameter names), x-todoke-topics and x-todoke-problems. */
#ifndef ENGINE_OPENAPI_H
#define ENGINE_OPENAPI_H

#include "engine/module.h"

struct db;

/* JSON; the caller frees .at with base_free. {NULL, 0}: no memory. With a database that has described its
 * statements, the answers' members are in it too. `db` may be null. */
struct str openapi_new(const struct module *const *modules, const struct db *db);

#endif
