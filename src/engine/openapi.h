/* The OpenAPI 3.1 document, made from the modules' tables. Extensions: x-todoke-may (roles that may call),
 * x-todoke-object (what a parameter names), x-todoke-topics and x-todoke-problems. */
#ifndef ENGINE_OPENAPI_H
#define ENGINE_OPENAPI_H

#include "engine/module.h"

/* JSON; the caller frees .at. {NULL, 0}: no memory. */
struct str openapi_new(const struct module *const *modules);

#endif
