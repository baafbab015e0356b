/* What was said in one mail's conversation with the relay, as far as it decides what becomes of the mail.
 * Pure. */
#ifndef DELIVERY_SMTP_TALK_H
#define DELIVERY_SMTP_TALK_H

#include "delivery/parcel.h"

enum smtp_stage {
    SMTP_CONNECT, /* nothing said yet */
    SMTP_HELLO,   /* EHLO, STARTTLS, AUTH */
    SMTP_MAIL,    /* MAIL FROM: on this connection, now or before */
    SMTP_RCPT,
    SMTP_DATA,
    SMTP_CONTENT, /* the message itself, and the answer to it */
};

struct smtp_talk {
    enum smtp_stage stage;
    unsigned code;        /* of the last reply at this stage; 0: none came */
    unsigned enhanced[3]; /* RFC 3463, e.g. 5.1.1; {0}: none was given */
};

void smtp_talk_begin(struct smtp_talk *talk);
void smtp_talk_said(struct smtp_talk *talk, struct str command); /* a line of ours */
void smtp_talk_heard(struct smtp_talk *talk, struct str reply);  /* a line of the relay's */

/* How a transfer ended for libcurl: done; failed; failed because of time; failed because of TLS. */
enum smtp_end { SMTP_END_OK, SMTP_END_FAILED, SMTP_END_TIMEOUT, SMTP_END_TLS };

/* Whose fault it is decides. Before RCPT it is ours or the relay's (down, wrong password, sender not
 * allowed): the mail is returned and everything waits. From RCPT on the relay speaks of this mail: 4xx is
 * later, 5xx is for good, and the address is dead when the reply to RCPT is about the mailbox (5.1.x, 5.2.x;
 * without such detail 550, 551, 553) and not about policy. A conversation that breaks off in the middle is
 * tried later, and everything waits a little. */
struct verdict smtp_verdict(const struct smtp_talk *talk, enum smtp_end end);

#endif
