/* Arguments of one statement, by name; and their binding to the statement's parameters in binary.
 *
 * Built in an arena (borrowed) that outlives the args. Names and values are borrowed, not copied: they must
 * live until batch_add / gather_add, which encode them. A name given twice: the last one counts. A failure of
 * memory is sticky
 * (`failed`) and comes out of batch_add / gather_add as ERR_NOMEM.
 *
 * The parameter's declared type decides the encoding; what is given must suit it:
 *   bigint int smallint   args_i64 (out of range: ERR_INVALID)
 *   bool                  args_bool
 *   text                  args_text
 *   date                  args_text "YYYY-MM-DD", or args_i64: days since 1970-01-01
 *   time                  args_text "HH:MM[:SS]", or args_i64: minutes of the day
 *   timestamptz           args_text RFC 3339, or args_i64: milliseconds since 1970
 *   uuid                  args_text (36 characters), or args_bytes of 16 bytes
 *   bytea                 args_bytes (or args_text: its bytes)
 *   jsonb                 args_text
 *   an array of these     args_list of args values, args_i64s, args_texts
 * Everything may be null. */
#ifndef DB_ARGS_H
#define DB_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "db/statement.h"

struct checked;
struct value;

enum arg_kind { ARG_NULL, ARG_BOOL, ARG_I64, ARG_TEXT, ARG_BYTES, ARG_LIST };

struct arg {
    struct str name;
    enum arg_kind kind;
    union {
        bool b;
        int64_t i;
        struct str s;
        struct {
            const struct arg *items;
            size_t n;
        } list;
    };
};

struct args {
    struct arena *arena;
    struct arg *items;
    unsigned n, cap;
    bool failed;
};

void args_init(struct args *a, struct arena *arena);

void args_null(struct args *a, const char *name);
void args_bool(struct args *a, const char *name, bool value);
void args_i64(struct args *a, const char *name, int64_t value);
void args_text(struct args *a, const char *name, struct str value); /* value.at NULL = null */
void args_bytes(struct args *a, const char *name, struct str value);
void args_list(struct args *a, const char *name, const struct arg *items, size_t n);
void args_i64s(struct args *a, const char *name, const int64_t *values, size_t n);
void args_texts(struct args *a, const char *name, const struct str *values, size_t n);

/* An id: null when 0. */
void args_id(struct args *a, const char *name, int64_t id);

/* A decoded value, or every field of a checked input (codec/field.h); absent fields become null. */
void args_value(struct args *a, struct str name, const struct value *value);
void args_checked(struct args *a, const struct checked *checked);

const struct arg *args_find(const struct args *a, struct str name);

/* One parameter in PostgreSQL's binary form. */
struct cell {
    const char *at; /* NULL = null */
    int n;
};

/* Encodes the args into cells[st->nparams] (scalars, also for a gathered statement), bytes in `arena`.
 * ERR_NOMEM; ERR_NOT_FOUND: a parameter has no argument; ERR_INVALID: a value does not suit its type; for
 * both *ret_param (may be NULL) is the parameter's index. */
enum err args_bind(const struct args *a, const struct statement *st, struct arena *arena, struct cell *cells,
                   unsigned *ret_param);

/* One argument for one parameter: `array` and `type` as in struct statement_param. */
enum err arg_encode(const struct arg *arg, uint32_t type, bool array, struct arena *arena,
                    struct cell *ret_cell);

/* The binary form of a one-dimensional array of n elements (NULL cells = null elements). Element i is
 * cells[i * stride]: a column of a table of cells. ERR_NOMEM, ERR_TOO_BIG (over 512 MiB). */
enum err array_encode(uint32_t element_type, const struct cell *cells, size_t n, size_t stride,
                      struct arena *arena, struct cell *ret_cell);

#endif
