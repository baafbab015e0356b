/* Shared by the decoders. */
#ifndef CODEC_DEC_PRIVATE_H
#define CODEC_DEC_PRIVATE_H

#include "codec/dec.h"

/* Fills *ret_error (may be NULL) and gives `err` back. message NULL = the usual one of `err`. */
enum err dec_fail(struct dec_error *ret_error, enum err err, const char *message);

/* Copies text that came from outside: ERR_INVALID when it is no valid UTF-8 or holds U+0000. */
enum err dec_text(struct arena *a, struct str text, struct str *ret_text);

/* No two members with one name? ERR_INVALID when there are. */
enum err dec_unique(const struct value_map *map);

#endif
