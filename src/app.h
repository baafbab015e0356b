/* The object graph of one worker: who owns what, in which order it is made and taken down. */
#ifndef APP_H
#define APP_H

#include "config.h"
#include "db/migrate.h"
#include "db/statement.h"
#include "engine/module.h"
#include "supervisor.h"

/* Every module of the program, in the order of src/modules/list.h; ends with null. */
extern const struct module *const app_modules[];
/* Every list of statements that a connection prepares; ends with null. */
extern const statement_list app_statements[];
/* The migrations and functions of the folder schema/. */
extern const struct embedded_file schema_files[];

/* Serves until SIGTERM. Returns the process's exit status: WORKER_REFUSES when configuration or schema are
 * wrong. */
int app_serve(const struct config *config, const struct worker_seat *seat);

#endif
