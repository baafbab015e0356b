/* Codes of authenticator apps: RFC 6238 with what all of them know, SHA-1, six digits, 30 seconds. Pure. */
#ifndef ENGINE_TOTP_H
#define ENGINE_TOTP_H

#include <stdint.h>

#include "base/str.h"

#define TOTP_SECRET_BYTES 20
#define TOTP_DIGITS       6
#define TOTP_STEP_SECONDS 30
#define TOTP_TEXT_SIZE    (TOTP_SECRET_BYTES * 8 / 5) /* in base32 */

/* The code of a step (seconds since 1970 / 30); `digits` goes up to 8. */
void totp_code(struct str secret, int64_t step, unsigned digits, char *ret);
/* Which step is this the code of: now, the one before, the one after? 0: none of them. */
int64_t totp_match(struct str secret, struct str code, int64_t seconds);

/* Base32 (RFC 4648) without padding, as authenticator apps take it. */
size_t base32_encode(char *out, const void *bytes, size_t n);
/* Capitals only. False: not base32, or more than `max` bytes. */
bool base32_decode(void *out, size_t max, struct str text, size_t *ret_n);

#endif
