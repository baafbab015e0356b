/* The demonstration city's way into the database. */
#ifndef SEED_LOAD_H
#define SEED_LOAD_H

#include <libpq-fe.h>

#include "engine/secret.h"
#include "seed/city.h"

/* How many of each staff, before the guardians in the accounts' ids. */
#define BOARD_STAFF     8
#define OPERATORS       1
#define SCHOOL_STAFF    3 /* administrator, office, nurse */
#define SCHOOL_TEACHERS 2 /* without a class of their own */

/* Account ids, in this order. */
int account_of_board(int nth);
int account_of_operator(int nth);
int account_of_office(int school, int nth);
int account_of_homeroom(int class);
int account_of_teacher(const struct seed_city *city, int school, int nth);
/* Only of a household that has so many. */
int account_of_guardian(const struct seed_city *city, int household, int nth);

/* Loads everything but the history into empty tables, in the caller's transaction. 0, or -1 after saying why.
 */
int seed_load(PGconn *conn, struct seed_city *city, const char *password_hash);
/* Some school days of absences before today, acknowledged; and the demonstration's accounts. */
/* Letters under way for children without guardians, and addresses that refuse mail. */
int seed_load_registrations(PGconn *conn);
/* The city's long vacations. */
int seed_load_calendar(PGconn *conn);
int seed_load_history(PGconn *conn, uint64_t seed);
int seed_load_demo(PGconn *conn, const struct seed_city *city);
/* An authenticator app, with a public secret, for each of those accounts that is staff. */
int seed_load_factors(PGconn *conn, const struct secret *secret);

#endif
