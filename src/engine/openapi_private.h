#ifndef ENGINE_OPENAPI_PRIVATE_H
#define ENGINE_OPENAPI_PRIVATE_H

#include "codec/enc.h"
#include "db/rows.h"

/* The schema of an answer with these columns: one object, or {"rows": [...]}. */
void openapi_answer(struct enc *e, struct rows columns, bool many);

#endif
