/* Mail addresses, and the sender's "name <address>". Pure; what is given is borrowed. */
#ifndef DELIVERY_ADDRESS_H
#define DELIVERY_ADDRESS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

struct mailbox {
    struct str name; /* UTF-8; empty when there is none */
    struct str address;
};

/* The same rule as SQL's email_is_valid, upper case allowed: ASCII, one @, no control characters or spaces,
 * at most 254 bytes; dots may stand anywhere in the local part (old carriers' addresses). */
bool address_valid(struct str address);

/* Reads "a@b.jp", "name <a@b.jp>" or "<a@b.jp>" into views of `text`. 0, or -1: no valid address, or a
 * control character in the name. */
int mailbox_parse(struct str text, struct mailbox *ret_mailbox);

/* The address as RFC 5321 wants it: a local part whose dots are not where they may be is quoted. */
void address_write(struct buf *out, struct str address);

#endif
