/* What a module is made of. This is the only engine header that a module includes.
 *
 * A module is data: fields, routes, feeds and problems, in constant tables. The engine runs the same order
 * for every request: session -> .may (role) and PROVED -> .takes (fields) -> .check (pure C) -> .runs (one
 * statement) or .steps -> encode. Three tiers, the first wherever it serves:
 *   tier 0   .runs alone: no C at all
 *   tier 1   plus .check, a pure function over the checked fields
 *   tier 2   .steps: small functions; each asks for what it needs and returns, and the next one runs when
 * every answer is in. What one step asks for is one transaction. Everything here is constant and lives as
 * long as the program. */
#ifndef ENGINE_MODULE_H
#define ENGINE_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/enc.h"
#include "codec/field.h"
#include "codec/password.h"
#include "codec/person_name.h"
#include "codec/value.h"
#include "db/rows.h"
#include "db/statement.h"
#include "engine/passkey.h"
#include "engine/secret.h"

/* Roles as bits, the same numbers that the statement session_find gives. */
enum role {
    ANYONE = 0, /* no session needed: the route's statements must all be "-- public" */
    GUARDIAN = 1,
    TEACHER = 2, /* homeroom teachers and teachers */
    OFFICE = 4,  /* school administrators, the office, the nurse */
    BOARD = 8,
    OPERATOR = 16,
    PERSON = 32, /* signed in, whatever else: also who has no role (any more) */
    HALF = 64,   /* the second factor is still due: nothing but that */
    STAFF = TEACHER | OFFICE,
    SIGNED_IN = PERSON
};

enum method { GET, POST, PUT, DELETE };

enum gives {
    NOTHING, /* 204 */
    ROW,     /* 200, the first row as an object; no row is a 404 */
    ROWS,    /* 200, {"rows": [...]} */
    NEW_ROW  /* 201, the first row as an object */
};

/* One kind of refusal (RFC 9457). The name is the end of the problem's type, "/problems/<name>", and what a
 * statement's column "outcome" says. */
struct problem {
    const char *name;
    int status;
    const char *title; /* what the person reads, in Japanese; null: the status's own title */
};

/* Which problem it is when a statement breaks a constraint. */
struct refusal {
    const char *constraint, *problem;
};

/* A route's rows as a file: ?format=csv, csv_cp932 or xlsx. As many as there are: they are read in portions
 * and are never whole in memory. Its statement must be the route's .runs, without a limit. The columns in
 * their order, under headings in Japanese; a column that is not named is left out. A bool is ○ or nothing, a
 * list has 、 between its values.
 */
struct sheet_word {
    const char *value, *text; /* what stands for an enumeration's value */
};
struct sheet_column {
    const char *name, *heading;
    const struct sheet_word *words; /* ends with { 0 }; may be null */
};
struct sheet {
    const char *name;                   /* of the file and its sheet, at most 31 characters */
    const struct sheet_column *columns; /* ends with { 0 } */
    const struct statement *about;      /* rows (label, text): what the file says of itself; may be null. How
                                           many rows there are is added */
};

struct request;
struct oidc;
struct push;

/* Adds what is wrong with the fields taken together; adds nothing when all is well. */
typedef void check_fn(const struct checked *in, struct field_errors *errors);

/* One step of a tier 2 route: asks, or answers the request. A step that does neither ends in a 500. */
typedef void step_fn(struct request *rq);

struct route {
    enum method method;
    const char *path; /* below /api, parameters in braces: "/absences/{id}" */
    unsigned may;     /* enum role bits; any one of them suffices */
    const struct field *takes;
    check_fn *check;
    const struct statement *runs;
    step_fn *const *steps; /* ends with null */
    enum gives gives;
    unsigned flags;
    uint32_t max_body;               /* bytes; 0: 64 KiB; at most UPLOAD_MAX */
    const char *says;                /* one line for the OpenAPI document */
    const struct statement *answers; /* tier 2: the statement whose columns it gives, for OpenAPI */
    const struct sheet *sheet;       /* ROWS: they may also be had as a file */
};

enum route_flags {
    NEEDS_KEY = 1, /* a write that a person makes: the header Idempotency-Key is required */
    SLOW = 2,      /* runs in the lane for reports */
    DEMO_ONLY = 4, /* 404 unless this is a demonstration city */
    READS = 8,     /* a POST that only reads: in a rush it is refused with the reads, before the writes */
    RAW_BODY = 16, /* the body is a file (text/csv, application/zip or application/octet-stream), for steps;
                      fields come from path and query. Session and role are checked before it is received */
    PROVED = 32,   /* changes how the account is signed in to: the problem "prove_again", unless a password, a
                      passkey or a second factor was shown in this session within 15 minutes */
    ONLY_FILES = 64 /* a .sheet's rows, too many for anything but a file: ?format= is required */
};

#define UPLOAD_MAX 33554432u

/* Live rows. A table's trigger announces "<feed> <ids>"; each worker reads the rows once with `changed` and
 * sends them to whoever follows a topic "<feed>/<scope>/<key>" that the row falls in. Rows have `id` and
 * `version`. "<feed> *" says that rows may have left their topics: whoever follows gets a new snapshot. */
struct topic {
    const char *scope;                /* "class" */
    const char *column;               /* the column of `changed` that holds the topic's key */
    const char *also;                 /* another such column; may be null */
    unsigned may;                     /* enum role bits */
    const struct statement *allows;   /* gathered; :actor, :key -> a row when the actor may follow it */
    const struct statement *snapshot; /* gathered; :key -> rows of the same columns as `changed` */
    enum object_kind object;          /* what the key names, for the authorisation matrix */
};

/* Who may follow a topic, for .allows: whoever works in a class, or for a whole school; the child's
 * guardians, and who works with it; numbers of a school, for the board too; the board alone. */
extern const struct statement may_follow_class, may_follow_school, may_follow_student, may_follow_counts,
    may_follow_city;

struct feed {
    const char *name;                /* "absences" */
    const struct statement *changed; /* :ids bigint[] */
    const struct topic *topics;      /* ends with { 0 } */
};

#define GAUGE_FEEDS 7

/* Numbers that many writes move: dirty keys are collected and read again at most every `every_ms`; the last
 * value wins. The topic is "<name>/all", or "<name>/<scope>/<key>". */
struct gauge {
    const char *name;               /* "city" */
    const char *feeds[GAUGE_FEEDS]; /* whose changes make it dirty; the first null ends them */
    const char
        *column; /* the column of each `changed` that holds a dirty key; null: no keys, read as a whole */
    const struct statement *reads; /* :keys bigint[] (none when column is null) -> rows with id and version */
    const char *scope;             /* "school"; null: one topic for all */
    const char *by;                /* with a scope: the column of `reads` that holds the topic's key */
    const struct statement *snapshot; /* with a scope gathered, and takes :key */
    unsigned may;
    const struct statement *allows; /* gathered; :actor, and :key with a scope */
    unsigned every_ms;
    enum object_kind object; /* what the topic's key names */
};

/* What has to be done now and then without anybody asking. Every worker runs it, so it does no harm twice.
 * Each is a transaction of its own, with the whole city in view. */
struct chore {
    const struct statement *runs;
    unsigned every_minutes;
};

struct module {
    const char *name;
    const struct route *routes;                /* ends with { 0 } */
    const struct problem *problems;            /* ends with { 0 }; may be null */
    const struct refusal *refusals;            /* ends with { 0 }; may be null */
    const struct feed *feeds;                  /* ends with { 0 }; may be null */
    const struct gauge *gauges;                /* ends with { 0 }; may be null */
    const struct chore *chores;                /* ends with { 0 }; may be null */
    const struct statement *const *statements; /* all of the module's .sql, ends with null */
};

/* ---- for steps ---- */

/* The checked fields, and who asks. */
const struct checked *request_in(const struct request *rq);
int64_t request_actor(const struct request *rq); /* account id; 0 without a session */
/* As PROVED wants it, for a route that needs it only sometimes. */
bool request_is_proved(const struct request *rq);
/* A RAW_BODY route's file; it lives as long as the request. */
struct str request_body(const struct request *rq);
struct str request_header(const struct request *rq,
                          const char *name_in_lower_case); /* .at is null when absent */
/* A cookie's value; .at is null when there is none. */
struct str request_cookie(const struct request *rq, const char *name);
/* Our own address with that path, as the client knows it. {NULL, 0}: no memory. */
struct str request_url(struct request *rq, const char *path);
/* The providers of OpenID Connect; null when there are none. */
const struct oidc *request_oidc(const struct request *rq);
/* Web Push (push/push.h); null when there is none. */
const struct push *request_push(const struct request *rq);
void *request_alloc(struct request *rq,
                    size_t size); /* zeroed, lives as long as the request; null: no memory */

/* What one step has found out for those that follow: theirs, in memory of request_alloc. */
void request_keep(struct request *rq, void *kept);
void *request_kept(const struct request *rq);

/* Asks for a statement's rows. Parameters come, by name, from `extra`, then the checked fields, then the
 * engine (actor, idempotency_key, fingerprint, session_id, token_sha256, network). The answers of the next
 * step have the order in which this one asked. */
struct extra {
    const char *name;
    struct value value;
};
void ask(struct request *rq, const struct statement *statement, const struct extra *extra, size_t n_extra);
/* Asks the hasher whether `password` makes the argon2id `hash`; a null hash costs the same time and says
 * no. */
void ask_password(struct request *rq, struct str password, struct str hash);
/* The hasher has as many passwords waiting as it takes: who asks it now is refused, so a crowd needs no look
 * into the database first. */
bool passwords_are_full(const struct request *rq);
/* Asks the hasher for a new password's argon2id hash. One of the two for each step. */
void ask_new_hash(struct request *rq, struct str password);

struct rows answer_rows(const struct request *rq, unsigned answer);
bool answer_password(const struct request *rq);
struct str answer_new_hash(const struct request *rq);

/* What is too much for the loop (reading a file, making one) is asked of a thread. The function sees nothing
 * but its struct work: what it makes comes from `arena`, a file that it writes goes into `out`; both live as
 * long as the request, also where the client has gone meanwhile. `input` and all that it points to must be
 * the request's own (request_alloc, the body, answers) and is left alone until the next step. An error of the
 * function's is the request's: ERR_NOMEM is a 503, any other a 500, so what is wrong with a file belongs into
 * `result`. A step asks either for work or for other things. */
struct work {
    const void *input;
    void *result;
    struct arena arena;
    struct buf out;
};
typedef enum err work_fn(struct work *work);
void ask_work(struct request *rq, work_fn *fn, const void *input);
/* The work that was asked for last. */
const struct work *answer_work(const struct request *rq);
/* Sealed with a key that the database does not have, for one owner. {NULL, 0}: can't be opened, or no memory.
 */
struct str request_seal(struct request *rq, enum purpose purpose, int64_t owner, struct str plain);
struct str request_unseal(struct request *rq, enum purpose purpose, int64_t owner, struct str sealed);
/* A hash with such a key, SECRET_MAC_BYTES; the same each time. {NULL, 0}: no memory. */
struct str request_mac(struct request *rq, enum purpose purpose, int64_t owner, struct str message);

/* Authenticator apps (RFC 6238). A secret is kept sealed for its account, and shown once, in base32. */
int totp_secret_new(struct request *rq, int64_t account, struct str *ret_text, struct str *ret_sealed);
/* The step that this is the code of (each may be taken once); 0: a wrong code; -1: the secret can't be
 * opened. */
int64_t totp_check(struct request *rq, int64_t account, struct str sealed, struct str code);
/* The code of this moment, for a demonstration's public secret. {NULL, 0}: not base32, or no memory. */
struct str totp_now(struct request *rq, struct str base32);
/* n random symbols that nobody takes for others (no I, O, 0, 1): 5 bits each. {NULL, 0}: no memory. */
struct str code_new(struct request *rq, size_t n);
/* What was typed, in capitals and half width, without spaces and hyphens. {NULL, 0}: no memory. */
struct str code_typed(struct request *rq, struct str typed);

/* Passkeys (engine/passkey.h), on the page that this request comes from. Texts are base64url, as the
 * browser's answers are sent. {NULL, 0}: no memory. */
struct str passkey_rp_id(struct request *rq);
struct str passkey_challenge(struct request *rq, int64_t account);
/* What a passkey calls its account: nothing of the account's own. */
struct str passkey_handle(struct request *rq, int64_t account);
/* False: not as it must be. */
bool passkey_is_new(struct request *rq, struct str client_data, struct str authenticator_data,
                    struct passkey *ret);
bool passkey_is_shown(struct request *rq, struct str client_data, struct str authenticator_data,
                      struct str signature, struct passkey *passkey);
/* {NULL, 0}: not base64url, or no memory. */
struct str bytes_of(struct request *rq, struct str base64url);

/* Answers: exactly one of these ends the request. */
void reply_rows(struct request *rq, struct rows rows, enum gives gives);
void reply_nothing(struct request *rq);
/* 200 with a value of the steps' own making. */
void reply_value(struct request *rq, const struct value *value);
/* A file to keep under that name (UTF-8, with its ending). The bytes are copied. */
void reply_file(struct request *rq, const char *type, struct str name, struct str bytes);
void reply_problem(struct request *rq, const char *name);
/* Goes out with whichever answer follows. The value is copied. */
void reply_header(struct request *rq, const char *name, struct str value);
/* A new session's cookie: 256 random bits, and their SHA-256 for the database. */
int session_token_new(struct request *rq, struct str *ret_token, struct str *ret_sha256);
/* The SHA-256 of what session_token_new made; {NULL, 0}: it is no such thing, or no memory. */
struct str session_token_hash(struct request *rq, struct str token);
/* The token that follows the one that was sent: the same one however often it is asked for. */
int session_token_next(struct request *rq, struct str *ret_token, struct str *ret_sha256);
void reply_session_cookie(struct request *rq, struct str token);
/* Forgotten when the browser is closed. */
void reply_session_cookie_brief(struct request *rq, struct str token);
void reply_session_end(struct request *rq);

#endif
