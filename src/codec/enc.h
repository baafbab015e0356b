/* One writer interface for JSON, MessagePack and CSV, over struct buf.
 *
 *     struct enc e;
 *     enc_json(&e, &out);                      or enc_msgpack, enc_csv, or enc_init(&e, format, &out)
 *     enc_map(&e, 2);
 *     enc_key(&e, "id", 2);   enc_int(&e, 7);
 *     enc_key(&e, "rows", 4); enc_array(&e, 0); enc_end(&e);
 *     enc_end(&e);
 *     if (out.failed) ...
 *
 * The enc is a small value on the caller's stack and owns nothing; `out` is borrowed. Counts are known
 * beforehand; a count that does not match what was written is a programming error (CHECK at enc_end). Failure
 * is sticky in out->failed: memory, the buf's maximum, nesting beyond ENC_MAX_DEPTH, or a shape that CSV
 * can't hold. Strings must be valid UTF-8.
 *
 * CSV (RFC 4180, CRLF): the top is an array, each element of it an array or a map of scalars and one row; the
 * names of maps are not written (write the header as a first row of strings). A string that begins with = + -
 * @ TAB CR gets a leading apostrophe, so that a spreadsheet does not run it; numbers do not. null is the
 * empty cell. Only top-level arrays make rows: for any other shape out->failed is set. */
#ifndef CODEC_ENC_H
#define CODEC_ENC_H

#include "base/buf.h"
#include "base/str.h"

#define ENC_MAX_DEPTH 34u

enum enc_format { ENC_JSON, ENC_MSGPACK, ENC_CSV, ENC_CSV_BOM };

struct enc;
struct enc_level;

/* What a format does; the counts are enc.c's. */
struct enc_ops {
    enum enc_format format;
    const char *type; /* the media type, with its charset */
    void (*separate)(struct enc *e,
                     const struct enc_level *in); /* before an element or a name; NULL = nothing */
    void (*map)(struct enc *e, size_t n);
    void (*key)(struct enc *e, struct str name); /* NULL = not written */
    void (*array)(struct enc *e, size_t n);
    void (*str)(struct enc *e, struct str s);
    void (*integer)(struct enc *e, int64_t i);
    void (*boolean)(struct enc *e, bool b);
    void (*null)(struct enc *e);
    void (*f64)(struct enc *e, double f);
    void (*raw)(struct enc *e, struct str bytes);
    void (*end)(struct enc *e, bool map); /* depth is already the outer one */
};

struct enc_level {
    size_t left; /* values still to come */
    bool map;
    bool first; /* nothing written yet */
    bool keyed; /* a map's name was written, its value comes next */
};

struct enc {
    const struct enc_ops *ops;
    struct buf *out;
    unsigned depth;
    unsigned lost; /* levels opened after ENC_MAX_DEPTH was passed */
    struct enc_level levels[ENC_MAX_DEPTH];
};

extern const struct enc_ops enc_json_ops, enc_msgpack_ops, enc_csv_ops;

void enc_json(struct enc *e, struct buf *out);
void enc_msgpack(struct enc *e, struct buf *out);
void enc_csv(struct enc *e, struct buf *out, bool bom);
void enc_init(struct enc *e, enum enc_format format, struct buf *out);

/* "application/json", "application/msgpack", "text/csv; charset=utf-8" */
const char *enc_type(enum enc_format format);

void enc_map(struct enc *e, size_t n);
void enc_array(struct enc *e, size_t n);
void enc_end(struct enc *e); /* once for each enc_map and enc_array */

/* The name of the next value, in a map. JSON: it is escaped like any string. */
void enc_key(struct enc *e, const char *name, size_t n);
#define enc_key_lit(e, literal) enc_key((e), "" literal, sizeof(literal) - 1)

void enc_str(struct enc *e, const char *at, size_t n);
void enc_text(struct enc *e, struct str s); /* {NULL, 0} -> null */
void enc_int(struct enc *e, int64_t i);     /* a JSON number even beyond 2^53 */
void enc_bool(struct enc *e, bool b);
void enc_null(struct enc *e);
void enc_f64(struct enc *e, double f); /* NaN and infinities -> null */

/* Exactly one value, already encoded in this format (CSV: one cell, already quoted). */
void enc_raw(struct enc *e, const void *bytes, size_t n);

/* A whole tree. */
struct value;
void enc_value(struct enc *e, const struct value *v);

#endif
