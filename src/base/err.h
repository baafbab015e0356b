/* The ways in which a function of ours fails. 0 is success; codes never leave the process. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err {
    ERR_NONE = 0,
    ERR_NOMEM,   /* an allocation failed */
    ERR_INVALID, /* the input breaks its own rules */
    ERR_TOO_BIG, /* a limit of ours was reached */
    ERR_TIMEOUT, /* a deadline passed */
    ERR_CLOSED,  /* the other side, or we, closed it */
    ERR_BUSY,    /* a bounded queue is full: try later */
    ERR_NOT_FOUND,
    ERR_EXISTS,
    ERR_CONFLICT, /* a version or a state does not allow it */
    ERR_DENIED,
    ERR_CANCELLED, /* the caller gave up */
    ERR_UNSUPPORTED,
    ERR_PROTOCOL, /* the peer broke the protocol */
    ERR_IO,       /* the system said no: see errno or the log */
    ERR_COUNT
};

/* "nomem", "invalid", ...: static text, never NULL. */
const char *err_name(enum err err);

#endif
