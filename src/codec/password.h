/* Is a password one that others would try? Pure. */
#ifndef CODEC_PASSWORD_H
#define CODEC_PASSWORD_H

#include <stdbool.h>

#include "base/str.h"

#define PASSWORD_MIN 8
#define PASSWORD_MAX 200 /* code points */

/* No composition rules. Weak: what is left of it without the usual words, those of the person (id, address,
 * names, city and school), and years is shorter than 6 characters, or what is left is one pattern: few
 * different characters, a row of the alphabet or of the keyboard, or a short piece repeated. Letters count
 * alike in capitals or not. `own` may hold empty words; words of it under 3 bytes (one kanji has 3) don't
 * count. */
bool password_weak(struct str password, const struct str *own, size_t n_own);

#endif
