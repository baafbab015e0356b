/* Problem documents (RFC 9457): what a refusal says. Titles are for the person, in Japanese. */
#ifndef ENGINE_PROBLEM_H
#define ENGINE_PROBLEM_H

#include "engine/module.h"

/* The module's own first, then the engine's; an unknown name gives "internal" (500). */
const struct problem *problem_find(const struct module *module, struct str name);
/* The engine's, ends with { 0 }. */
extern const struct problem engine_problems[];
const struct problem *problem_of_status(int status);

#endif
