/* A string as pointer and length: borrowed, not NUL-terminated, bytes (mostly UTF-8).
 *
 * Whoever makes a struct str says how long its bytes live. {NULL, 0} is "none" or failure where a function
 * says so, and elsewhere simply empty. Nothing here allocates. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *at;
    size_t n;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_INIT(literal)                                                                                    \
    {                                                                                                        \
        "" literal, sizeof(literal) - 1                                                                      \
    } /* for static tables */
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).n, (s).at ? (s).at : ""

static inline struct str str_of(const char *at, size_t n)
{
    return (struct str){ at, n };
}

/* A NUL-terminated string; NULL gives {NULL, 0}. */
static inline struct str str_c(const char *text)
{
    return (struct str){ text, text ? strlen(text) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

/* ASCII letters only. */
bool str_eq_nocase(struct str a, struct str b);

/* <0, 0, >0: bytewise, the shorter first. */
int str_cmp(struct str a, struct str b);

bool str_starts(struct str s, struct str prefix);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* The index of the first `byte`, or -1. */
ptrdiff_t str_find(struct str s, char byte);

/* Splits at the first `byte`: returns what is before it, and *rest is what is after it. Without one: all of
 * `s`, and *rest = {NULL, 0}. So `while (rest.at) item = str_cut(rest, ',', &rest)` walks a list. rest may be
 * &s. */
struct str str_cut(struct str s, char byte, struct str *ret_rest);

/* Without leading and trailing space, tab, CR, LF. */
struct str str_trim(struct str s);

/* Equal bytes in a time that depends only on the lengths (tokens, signatures). */
bool str_eq_secret(struct str a, struct str b);

/* The whole string is a decimal number, optional leading '-', no '+', no spaces, no leading zeros
 * (except "0"), not "-0", no overflow. */
bool str_to_i64(struct str s, int64_t *ret_value);

/* UTF-8 as in RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF. U+0000 is valid here. */
bool utf8_valid(struct str s);

/* Code points; `s` must be valid. */
size_t utf8_count(struct str s);

/* The next code point, moving *s on; -1 at the end or on an invalid sequence (then *s stays). */
int32_t utf8_next(struct str *s);

/* The longest prefix of at most n bytes that does not cut a character (`s` must be valid). */
struct str utf8_prefix(struct str s, size_t n);

/* Encoders write exactly the size given by the macro (no NUL) and return it. */
#define HEX_SIZE(n)       ((n)*2)
#define BASE64_SIZE(n)    (((n) + 2) / 3 * 4) /* RFC 4648 section 4, padded */
#define BASE64URL_SIZE(n) (((n)*4 + 2) / 3)   /* RFC 4648 section 5, not padded */
size_t hex_encode(char *out, const void *bytes, size_t n);
size_t base64_encode(char *out, const void *bytes, size_t n);
size_t base64url_encode(char *out, const void *bytes, size_t n);

/* Decoders are strict (no spaces, exact padding, unused bits zero); hex takes both cases. They write at most
 * `max` bytes to `out`; false when the text is invalid or too long, and *ret_n is then untouched. */
#define BASE64_BYTES(n) ((n) / 4 * 3 + 3) /* enough room for the bytes of n characters */
bool hex_decode(void *out, size_t max, struct str text, size_t *ret_n);
bool base64_decode(void *out, size_t max, struct str text, size_t *ret_n);
bool base64url_decode(void *out, size_t max, struct str text, size_t *ret_n);

/* Percent-decoding (RFC 3986 2.1), strict: every '%' has two hex digits. With `plus`, '+' is a space (forms).
 * `out` has room for text.n bytes and may be text's own memory. False when malformed. */
bool url_decode(char *out, struct str text, bool plus, size_t *ret_n);

#endif
