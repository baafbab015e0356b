/* The parent of the workers. It opens one listening socket per worker and keeps them open for its lifetime,
 * so that what is queued on a dead worker's socket survives until its replacement accepts it. It touches
 * neither the database nor a request.
 *
 * SIGHUP replaces the workers one by one (each is a fresh exec of the program, so an upgrade is a SIGHUP
 * too); SIGTERM and SIGINT drain them all; a worker that dies is replaced at once, one that keeps dying with
 * back-off. */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"

/* What a worker gets from its supervisor, by inherited descriptors. */
struct worker_seat {
    int slot; /* 0 ... workers-1; a replacement has the same slot as the one it replaces */
    int listen_fd;
    int shared_fd; /* struct shared_memory, mapped MAP_SHARED */
    int metrics;   /* its slot in the counters */
    int ready_fd;  /* the worker writes one byte when it serves, then closes it */
};

/* Exit status of a worker that must not be started again: the configuration or the schema is wrong. */
#define WORKER_REFUSES 3

/* The words after "worker" on a worker's command line. Returns 0, or -1 when they are not five numbers. */
int worker_seat_parse(struct worker_seat *seat, int argc, char **argv);

/* Serves until it is told to stop. `argv` is the program's own command line. Returns the exit status. */
int supervisor_run(const struct config *config, int argc, char **argv);

#endif
