/* The calendar's files: read in a thread, looked at first, taken in then. */
#ifndef CALENDAR_FILES_H
#define CALENDAR_FILES_H

#include "engine/module.h"

extern const struct field calendar_checked[], calendar_taken[];
extern step_fn *const calendar_checking[], *const calendar_taking[];

#endif
