/* Which children are brothers and sisters, and who their guardians are. */
#ifndef SEED_HOUSEHOLDS_H
#define SEED_HOUSEHOLDS_H

#include "seed/city.h"

/* Fills households, by_household and each child's household. 0, or -1 when memory is short. */
int seed_households_make(struct seed_city *city);
/* Numbers the guardians, once it is known which children are missing: households without others have none. */
void seed_households_register(struct seed_city *city);

#endif
