/* Decoders: bytes from outside -> struct value. Strict, bounded, and without recursion deeper than
 * DEC_MAX_DEPTH.
 *
 * All take bytes that they only borrow, allocate in the arena (jansson and msgpack-c use the heap while they
 * work), and return ERR_NONE, ERR_NOMEM, ERR_INVALID or ERR_TOO_BIG. *ret_value is written on success only,
 * *ret_error (may be NULL) on every failure. Messages are fixed text and never quote the input. */
#ifndef CODEC_DEC_H
#define CODEC_DEC_H

#include "base/err.h"
#include "codec/value.h"

#define DEC_MAX_DEPTH    32u     /* arrays and maps inside each other */
#define DEC_MAX_ELEMENTS 100000u /* values in one document, names included */
#define DEC_MAX_PAIRS    100u    /* of a form or query string */

struct dec_error {
    unsigned line, column; /* from 1, JSON only; 0 = not known. The column counts characters */
    const char *message;   /* Japanese, one sentence, static */
};

/* RFC 8259. The document is an object or an array. Refused: duplicate names, invalid UTF-8, U+0000 in
 * strings, integers beyond 64 bits, numbers beyond a double, anything after the document. */
enum err dec_json(struct arena *a, const void *bytes, size_t n, struct value *ret_value,
                  struct dec_error *ret_error);

/* MessagePack: the document is a map or an array. Refused: the same, and bin, ext, map keys other than str,
 * NaN and infinities. */
enum err dec_msgpack(struct arena *a, const void *bytes, size_t n, struct value *ret_value,
                     struct dec_error *ret_error);

/* application/x-www-form-urlencoded: a query string (without '?') or a form's body -> a map of strings. A
 * name without '=' has the empty string; empty pairs are skipped. Refused: duplicate names, malformed
 * percent-encoding, invalid UTF-8, U+0000. */
enum err dec_form(struct arena *a, struct str text, struct value *ret_value, struct dec_error *ret_error);

#endif
