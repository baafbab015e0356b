/* A .sql file of statements, read by sqlc. A host tool: libc only; out of memory ends it with a message. */
#ifndef DB_TOOL_SQLFILE_H
#define DB_TOOL_SQLFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum sql_flag { SQL_GATHER = 1, SQL_PUBLIC = 2, SQL_INTERNAL = 4, SQL_WRITE = 8 };

struct sql_param {
    char *name;
    const char *oid; /* "PG_INT8": a name of enum pg_oid */
    bool array;
    bool used;
    unsigned line, column; /* of the declaration */
};

struct sql_block {
    char *name;
    unsigned line, column;
    unsigned flags;
    struct sql_param *params;
    size_t nparams;
    char *text; /* $n for :name, without comments */
};

struct sql_file {
    const char *path;
    struct sql_block *blocks;
    size_t nblocks;
    FILE *errors;
    unsigned nerrors;
};

/* Reads the whole text; each error is a line "path:line:column: what" on `errors`. 0, or -1 when there were
 * any. The file must be freed in both cases. */
int sql_file_parse(struct sql_file *f, const char *path, const char *text, size_t n, FILE *errors);
void sql_file_free(struct sql_file *f);

/* base: "absences.sql" (no folder): names the header, the guard and the list. */
void sql_file_emit_header(const struct sql_file *f, const char *base, FILE *out);
void sql_file_emit_source(const struct sql_file *f, const char *base, FILE *out);

/* The body of a block (scan.c): replaces :name, strips comments and the final semicolon, reports what is
 * undeclared. */
struct sql_body {
    const char *at;
    size_t n;
    unsigned line; /* of its first byte */
};
char *sql_scan(struct sql_file *f, struct sql_block *block, struct sql_body body);

struct sql_param *sql_block_param(struct sql_block *block, const char *name, size_t n);
struct sql_param *sql_block_add(struct sql_block *block, const char *name, size_t n);
const char *sql_type_find(const char *name, size_t n);

void sql_error(struct sql_file *f, unsigned line, unsigned column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The embedded form of files (embed.c): 0, or -1 with a message on stderr. */
int sql_embed(const char *name, char *const *paths, int npaths, FILE *out);

/* The path below the last folder "schema", or its last part. */
const char *sql_embed_name(const char *path);

void *tool_realloc(void *p, size_t n);
char *tool_copy(const char *at, size_t n);
char *tool_read(const char *path, size_t *ret_n); /* NULL with a message; NUL-terminated */

#endif
