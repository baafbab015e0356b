#include "db/error.h"

#include <libpq-fe.h>
#include <string.h>

static const struct {
    const char *state; /* all five characters, or the first two */
    enum db_error_class class;
} classes[] = {
    { "23505", DB_ERROR_UNIQUE },    { "23P01", DB_ERROR_EXCLUSION }, { "23503", DB_ERROR_FOREIGN_KEY },
    { "23514", DB_ERROR_CHECK },     { "23502", DB_ERROR_CHECK },     { "22", DB_ERROR_INPUT },
    { "42501", DB_ERROR_DENIED },    { "P0001", DB_ERROR_RAISED },    { "40001", DB_ERROR_CONFLICT },
    { "40P01", DB_ERROR_CONFLICT },  { "57014", DB_ERROR_CANCELLED }, { "55P03", DB_ERROR_LOCKED },
    { "53", DB_ERROR_RESOURCES },    { "57P", DB_ERROR_RESOURCES },   { "58", DB_ERROR_RESOURCES },
    { "25006", DB_ERROR_READ_ONLY },
};

static const char *const names[] = {
    [DB_ERROR_NONE] = "none",           [DB_ERROR_UNIQUE] = "unique",
    [DB_ERROR_EXCLUSION] = "exclusion", [DB_ERROR_FOREIGN_KEY] = "foreign_key",
    [DB_ERROR_CHECK] = "check",         [DB_ERROR_INPUT] = "input",
    [DB_ERROR_DENIED] = "denied",       [DB_ERROR_RAISED] = "raised",
    [DB_ERROR_CONFLICT] = "conflict",   [DB_ERROR_CANCELLED] = "cancelled",
    [DB_ERROR_LOCKED] = "locked",       [DB_ERROR_RESOURCES] = "resources",
    [DB_ERROR_READ_ONLY] = "read_only", [DB_ERROR_NOT_DURABLE] = "not_durable",
    [DB_ERROR_OTHER] = "other",
};

static void copy(char *out, size_t size, const char *text)
{
    size_t n = text ? strlen(text) : 0;

    if (n >= size) n = size - 1;
    if (n) memcpy(out, text, n);
    out[n] = '\0';
}

void db_error_read(struct db_error *ret_error, const struct pg_result *result)
{
    *ret_error = (struct db_error){ .class = DB_ERROR_OTHER };
    if (!result) return;
    copy(ret_error->sqlstate, sizeof(ret_error->sqlstate), PQresultErrorField(result, PG_DIAG_SQLSTATE));
    copy(ret_error->constraint, sizeof(ret_error->constraint),
         PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME));
    copy(ret_error->table, sizeof(ret_error->table), PQresultErrorField(result, PG_DIAG_TABLE_NAME));
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (strncmp(ret_error->sqlstate, classes[i].state, strlen(classes[i].state))) continue;
        ret_error->class = classes[i].class;
        return;
    }
}

const char *db_error_name(enum db_error_class class)
{
    return (unsigned)class < sizeof(names) / sizeof(names[0]) ? names[class] : "other";
}
