/* A mail as it travels: RFC 5322 headers, RFC 2047 words, one text/plain part in base64 (RFC 2045). Pure.
 *
 * libcurl could make a MIME document, but always a multipart one; a single part is what old telephones read
 * best. */
#ifndef DELIVERY_COMPOSE_H
#define DELIVERY_COMPOSE_H

#include "delivery/address.h"

struct mail {
    struct str address, subject, body; /* UTF-8 */
    struct str message_id;             /* a UUID; the sender's domain is put behind it */
    int64_t date_ms;                   /* since 1970 */
};

/* Appends the whole message, lines ended by CRLF, short ones (but for an address). 0, or -1: an address that
 * is not valid, text that is not UTF-8, a control character in the subject, no memory. Nothing that is given
 * can end a header's line. */
int mail_compose(struct buf *out, const struct mailbox *from, const struct mail *mail);

#endif
