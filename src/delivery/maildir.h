/* Instead of a relay: each mail becomes a file in a folder, for demonstrations and tests.
 *
 * DIR/<time of the order>-<id>.eml, complete from its first moment (a rename); an attempt that is repeated
 * writes the same name again. The write is short and waits for no disk, so it is done on the loop. */
#ifndef DELIVERY_MAILDIR_H
#define DELIVERY_MAILDIR_H

#include "delivery/parcel.h"

/* Fills parcel->verdict. */
void maildir_send(const char *dir, struct parcel *parcel);

#endif
