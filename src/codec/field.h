/* The field tables of modules: what a request takes, and the check of it.
 *
 *     static const struct field new_absence[] = {
 *         { "student_id", FROM_BODY, ID, REQUIRED, .object = OBJECT_STUDENT, .help = "欠席する児童生徒" },
 *         { "kind", FROM_BODY, ENUM, REQUIRED, .of = absence_kinds },
 *         { "note", FROM_BODY, TEXT, OPTIONAL | PERSONAL, .max = 500 },
 *         { 0 }
 *     };
 *
 * Tables are static const. The same table feeds the OpenAPI document, the client's types and the
 * authorisation matrix. */
#ifndef CODEC_FIELD_H
#define CODEC_FIELD_H

#include "base/err.h"
#include "codec/value.h"

enum field_from { FROM_BODY, FROM_PATH, FROM_QUERY };

/* What is accepted (body = JSON or msgpack value; path and query = text), and what the checked value is. */
enum field_type {
    ID,   /* body: integer 1 ..; text: its decimal digits, no leading zero            -> VALUE_INT */
    INT,  /* body: integer; text: decimal                                              -> VALUE_INT */
    BOOL, /* body: true, false; text: "true", "false"                                  -> VALUE_BOOL */
    DATE, /* a real calendar date "YYYY-MM-DD", years 1900 .. 2199                     -> VALUE_STR */
    TIME, /* "HH:MM", 00:00 .. 23:59                                                   -> VALUE_STR */
    TEXT, /* kept as typed; no control characters but \n and \t                       -> VALUE_STR */
    LINE, /* the same, without \n and \t                                             -> VALUE_STR */
    ENUM, /* one of .of                                                                -> VALUE_STR */
    UUID, /* 8-4-4-4-12 hexadecimal digits, lower or upper case; given back in lower case    -> VALUE_STR */
    TEXT_LIST, /* body: array of TEXT; text: values with commas between them                -> VALUE_ARRAY of
                  VALUE_STR */
    ID_LIST,   /* body: array of ID; text: likewise; each id once                           -> VALUE_ARRAY of
                  VALUE_INT */
    ENUM_LIST, /* likewise, each name once                                                  -> VALUE_ARRAY of
                  VALUE_STR */
    FIELD_TYPES
};

enum field_flag {
    OPTIONAL = 0,      /* may be left out; null in a body is the same as left out */
    REQUIRED = 1 << 0, /* must be there; a text must have at least one character, a list one element */
    PERSONAL = 1 << 1, /* personal data: never in a log or a URL */
    SECRET = 1 << 2    /* a password: PERSONAL, and never given back */
};

/* Whose id this is: what an authorisation matrix varies. */
enum object_kind {
    OBJECT_NONE,
#define OBJECT(KIND, name) OBJECT_##KIND,
#include "codec/objects.def"
#undef OBJECT
    OBJECT_KINDS
};

struct field {
    const char *name; /* NULL ends the table */
    enum field_from from;
    enum field_type type;
    unsigned flags;
    /* INT: bounds of the value; TEXT, LINE: code points; lists: elements. min 0 and max 0 = not given.
     * Without a max: INT has none, TEXT and LINE FIELD_TEXT_MAX, lists FIELD_LIST_MAX. */
    int64_t min, max;
    const char *const *of; /* ENUM, ENUM_LIST: names, NULL-terminated */
    enum object_kind object;
    const char *help; /* Japanese, for the OpenAPI document */
};

#define FIELD_TEXT_MAX   1000
#define FIELD_LIST_MAX   100
#define FIELD_MAX_COUNT  64 /* fields in a table */
#define FIELD_MAX_ERRORS 20

struct field_input {
    const struct value *body;  /* NULL = there was none */
    const struct value *path;  /* a map of strings, percent-decoded; NULL = none */
    const struct value *query; /* a map of strings (dec_form); NULL = none */
};

struct field_error {
    struct str field; /* the name as sent (at most 64 bytes of it); empty = the body as a whole */
    const char
        *code; /* "required", "unknown", "type", "range", "length", "format", "enum", "duplicate": stable */
    const char *detail; /* one polite Japanese sentence; never quotes the value */
};

struct field_errors {
    size_t n; /* at most FIELD_MAX_ERRORS; the rest is dropped */
    struct field_error at[FIELD_MAX_ERRORS];
};

/* Adds one (for checks in modules); dropped beyond FIELD_MAX_ERRORS. All texts are borrowed. */
void field_errors_add(struct field_errors *errors, struct str field, const char *code, const char *detail);

/* What passed: values in the order of the fields. */
struct checked {
    const struct field *fields;
    size_t n;
    const struct value **at; /* n of them; NULL = left out. In the arena */
};

/* Checks everything and collects every error. ERR_NONE: *ret_checked is written. ERR_INVALID: *ret_errors is
 * written, n >= 1. ERR_NOMEM: neither. Values point into the arena or into the input: both must outlive
 * *ret_checked. Unknown members of body and query are errors. `fields` NULL = a table without fields. */
enum err field_check(struct arena *a, const struct field *fields, const struct field_input *input,
                     struct checked *ret_checked, struct field_errors *ret_errors);

/* By name: NULL when it was left out or `c` is NULL. A name that is not in the table is a programming error
 * (CHECK). */
const struct value *checked_get(const struct checked *c, const char *name);

/* Was it sent? */
bool checked_has(const struct checked *c, const char *name);

/* 0, {NULL, 0}, `otherwise` when it was left out. A field of another type is a programming error (CHECK). */
int64_t checked_id(const struct checked *c, const char *name);
int64_t checked_int(const struct checked *c, const char *name, int64_t otherwise);
bool checked_bool(const struct checked *c, const char *name, bool otherwise);
struct str checked_str(const struct checked *c, const char *name);

/* The index of a field by name, -1 when the table has none (db binds parameters by it, at start-up). */
int field_find(const struct field *fields, struct str name);

/* "id", "int", ...: for OpenAPI and messages. */
const char *field_type_name(enum field_type type);

/* A real calendar date / time / uuid? For checks in modules and for other parsers. */
bool date_valid(struct str s);
bool time_valid(struct str s);
bool uuid_valid(struct str s);

/* Days since 1970-01-01 of a valid "YYYY-MM-DD" (for comparing and counting days). */
int64_t date_days(struct str s);

#endif
