/* Files into imports, and the roster into files: the steps of two routes. */
#ifndef MODULES_ROSTER_FILES_H
#define MODULES_ROSTER_FILES_H

#include "engine/module.h"

extern const struct field roster_uploaded[], roster_exported[];
extern step_fn *const roster_uploading[], *const roster_exporting[];

#endif
