/* Shared by the parts of field. */
#ifndef CODEC_FIELD_PRIVATE_H
#define CODEC_FIELD_PRIVATE_H

#include "codec/field.h"

/* What came for one field. */
struct field_raw {
    const struct field *field;
    const struct value *value; /* not null, not left out */
    bool text;                 /* from path or query: a string, whatever the type */
};

/* Checks one. NULL = it passed and *ret_value is set; else the code of the error, or "" when memory is out.
 */
const char *field_check_one(struct arena *a, const struct field_raw *raw, const struct value **ret_value);

/* The sentence for a code; NULL when memory is out. */
const char *field_detail(struct arena *a, const struct field *f, const char *code);

/* The bounds that hold: the table's, or the defaults. */
int64_t field_min(const struct field *f);
int64_t field_max(const struct field *f);

#endif
