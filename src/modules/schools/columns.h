/* A look into a CSV before somebody says which column is which. */
#ifndef SCHOOLS_COLUMNS_H
#define SCHOOLS_COLUMNS_H

#include "engine/module.h"

extern step_fn *const columns_steps[];

#endif
