/* Blocks and their headers: name, flags, parameter types. */
#include "db/tool/sqlfile.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct line {
    const char *at;
    size_t n;
    unsigned number;
};

static const struct {
    const char *name;
    const char *oid;
} types[] = {
    { "bigint", "PG_INT8" },
    { "int8", "PG_INT8" },
    { "int", "PG_INT4" },
    { "integer", "PG_INT4" },
    { "int4", "PG_INT4" },
    { "smallint", "PG_INT2" },
    { "int2", "PG_INT2" },
    { "text", "PG_TEXT" },
    { "date", "PG_DATE" },
    { "time", "PG_TIME" },
    { "timestamptz", "PG_TIMESTAMPTZ" },
    { "bool", "PG_BOOL" },
    { "boolean", "PG_BOOL" },
    { "uuid", "PG_UUID" },
    { "bytea", "PG_BYTEA" },
    { "jsonb", "PG_JSONB" },
};

static const struct {
    const char *name;
    unsigned flag;
} flags[] = {
    { "gather", SQL_GATHER },
    { "public", SQL_PUBLIC },
    { "internal", SQL_INTERNAL },
    { "write", SQL_WRITE },
};

/* What the engine supplies: need not be declared. */
static const struct {
    const char *name;
    const char *oid;
} supplied[] = {
    { "actor", "PG_INT8" },
    { "idempotency_key", "PG_UUID" },
    { "fingerprint", "PG_BYTEA" },
};

void sql_error(struct sql_file *f, unsigned line, unsigned column, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fprintf(f->errors, "%s:%u:%u: ", f->path, line, column);
    vfprintf(f->errors, format, args);
    fputc('\n', f->errors);
    va_end(args);
    f->nerrors++;
}

const char *sql_type_find(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strlen(types[i].name) == n && !memcmp(types[i].name, name, n)) return types[i].oid;
    return NULL;
}

struct sql_param *sql_block_add(struct sql_block *block, const char *name, size_t n)
{
    struct sql_param *p;

    block->params = tool_realloc(block->params, (block->nparams + 1) * sizeof(*block->params));
    p = &block->params[block->nparams++];
    memset(p, 0, sizeof(*p));
    p->name = tool_copy(name, n);
    return p;
}

struct sql_param *sql_block_param(struct sql_block *block, const char *name, size_t n)
{
    for (size_t i = 0; i < block->nparams; i++)
        if (strlen(block->params[i].name) == n && !memcmp(block->params[i].name, name, n))
            return &block->params[i];
    for (size_t i = 0; i < sizeof(supplied) / sizeof(supplied[0]); i++) {
        if (strlen(supplied[i].name) != n || memcmp(supplied[i].name, name, n)) continue;
        struct sql_param *p = sql_block_add(block, name, n);
        p->oid = supplied[i].oid;
        return p;
    }
    return NULL;
}

static bool is_name(const char *at, size_t n)
{
    if (n == 0 || n > 60 || !(islower((unsigned char)at[0]) || at[0] == '_')) return false;
    for (size_t i = 0; i < n; i++)
        if (!islower((unsigned char)at[i]) && !isdigit((unsigned char)at[i]) && at[i] != '_') return false;
    return true;
}

/* The next word of a line from *pos: its start and length; 0 at the end. */
static size_t next_word(const char *at, size_t n, size_t *pos, const char *stops)
{
    size_t start;

    while (*pos < n && isspace((unsigned char)at[*pos])) (*pos)++;
    start = *pos;
    while (*pos < n && !isspace((unsigned char)at[*pos]) && !strchr(stops, at[*pos])) (*pos)++;
    return *pos - start;
}

/* "name type[, name type]": true when the line ends with a comma, so that the next comment line goes on. */
static bool parse_takes(struct sql_file *f, struct sql_block *block, struct line l, size_t pos)
{
    for (;;) {
        size_t name_n = next_word(l.at, l.n, &pos, ",");
        const char *name = l.at + pos - name_n;
        unsigned column = (unsigned)(pos - name_n) + 1;
        if (name_n == 0 && pos >= l.n) return true;
        size_t type_n = next_word(l.at, l.n, &pos, ",");
        const char *type = l.at + pos - type_n;
        bool array = type_n > 2 && !memcmp(type + type_n - 2, "[]", 2);
        const char *oid = sql_type_find(type, array ? type_n - 2 : type_n);

        if (!is_name(name, name_n)) {
            sql_error(f, l.number, column, "'%.*s' is not a parameter's name", (int)name_n, name);
            return false;
        }
        for (size_t i = 0; i < block->nparams; i++)
            if (strlen(block->params[i].name) == name_n && !memcmp(block->params[i].name, name, name_n))
                sql_error(f, l.number, column, "parameter '%.*s' is declared twice", (int)name_n, name);
        if (!oid)
            sql_error(f, l.number, (unsigned)(type - l.at) + 1, "parameter '%.*s' has unknown type '%.*s'",
                      (int)name_n, name, (int)type_n, type);
        struct sql_param *p = sql_block_add(block, name, name_n);
        p->oid = oid ? oid : "PG_TEXT";
        p->array = array;
        p->line = l.number;
        p->column = column;
        size_t rest = next_word(l.at, l.n, &pos, ",");
        if (rest) {
            sql_error(f, l.number, (unsigned)(pos - rest) + 1, "expected ',' after the type of '%.*s'",
                      (int)name_n, name);
            return false;
        }
        if (pos >= l.n) return false;
        pos++; /* the comma */
    }
}

static unsigned flag_find(const char *at, size_t n)
{
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        if (strlen(flags[i].name) == n && !memcmp(flags[i].name, at, n)) return flags[i].flag;
    return 0;
}

/* A comment line of the header: flags, or prose. A lone word that is no flag is taken for a slip. */
static void parse_flags(struct sql_file *f, struct sql_block *block, struct line l)
{
    size_t pos = 2, n, words = 0, known = 0;
    unsigned found = 0, column = 3;

    while ((n = next_word(l.at, l.n, &pos, "")) > 0) {
        unsigned flag = flag_find(l.at + pos - n, n);
        if (words++ == 0) column = (unsigned)(pos - n) + 1;
        if (flag) known++;
        found |= flag;
    }
    if (words == known)
        block->flags |= found;
    else if (words == 1)
        sql_error(f, l.number, column, "unknown flag");
    else if (known && words <= 4)
        sql_error(f, l.number, column, "an unknown flag among known ones");
}

static bool next_line(const char *text, size_t n, size_t *pos, unsigned *number, struct line *ret)
{
    const char *end;

    if (*pos >= n) return false;
    end = memchr(text + *pos, '\n', n - *pos);
    ret->at = text + *pos;
    ret->n = end ? (size_t)(end - ret->at) : n - *pos;
    ret->number = ++*number;
    *pos += ret->n + 1;
    while (ret->n && isspace((unsigned char)ret->at[ret->n - 1])) ret->n--;
    return true;
}

static bool starts(struct line l, const char *prefix)
{
    return l.n >= strlen(prefix) && !memcmp(l.at, prefix, strlen(prefix));
}

static void start_block(struct sql_file *f, struct line l)
{
    size_t pos = strlen("-- name:");
    size_t n = next_word(l.at, l.n, &pos, "");
    struct sql_block *block;

    f->blocks = tool_realloc(f->blocks, (f->nblocks + 1) * sizeof(*f->blocks));
    block = &f->blocks[f->nblocks++];
    memset(block, 0, sizeof(*block));
    block->name = tool_copy(l.at + pos - n, n);
    block->line = l.number;
    block->column = (unsigned)(pos - n) + 1;
    if (!is_name(block->name, n))
        sql_error(f, l.number, block->column, "'%s' is not a statement's name", block->name);
    if (next_word(l.at, l.n, &pos, "")) sql_error(f, l.number, (unsigned)pos, "one name per line");
    for (size_t i = 0; i + 1 < f->nblocks; i++)
        if (!strcmp(f->blocks[i].name, block->name))
            sql_error(f, l.number, block->column, "statement '%s' is already on line %u", block->name,
                      f->blocks[i].line);
}

static void check_block(struct sql_file *f, struct sql_block *block)
{
    bool actor = false;

    for (size_t i = 0; i < block->nparams; i++) {
        const struct sql_param *p = &block->params[i];
        if (!strcmp(p->name, "actor") && p->used) actor = true;
        if (!p->used) sql_error(f, p->line, p->column, "parameter '%s' is declared but not used", p->name);
        if (p->array && block->flags & SQL_GATHER)
            sql_error(f, p->line, p->column, "'%s': a gathered statement can't take arrays", p->name);
    }
    if (!block->text[0]) sql_error(f, block->line, block->column, "statement '%s' is empty", block->name);
    if (block->flags & SQL_GATHER && !block->nparams)
        sql_error(f, block->line, block->column, "gathered statement '%s' takes no parameter", block->name);
    if (block->flags & SQL_PUBLIC && actor)
        sql_error(f, block->line, block->column, "statement '%s' is public but uses :actor", block->name);
    if (!(block->flags & (SQL_PUBLIC | SQL_INTERNAL)) && !actor)
        sql_error(f, block->line, block->column,
                  "statement '%s' does not use :actor (ownership), and is not marked public or internal",
                  block->name);
}

/* The block's header from *pos on; leaves *pos at the first line of SQL. */
static void parse_header(struct sql_file *f, const char *text, size_t n, size_t *pos, unsigned *number)
{
    struct sql_block *block = &f->blocks[f->nblocks - 1];
    struct line l;
    bool more = false;

    for (;;) {
        size_t before = *pos;
        unsigned before_number = *number;
        if (!next_line(text, n, pos, number, &l)) return;
        if (l.n == 0) continue;
        if (!starts(l, "--") || starts(l, "-- name:")) {
            *pos = before;
            *number = before_number;
            return;
        }
        if (more)
            more = parse_takes(f, block, l, 2);
        else if (starts(l, "-- takes:"))
            more = parse_takes(f, block, l, strlen("-- takes:"));
        else
            parse_flags(f, block, l);
    }
}

int sql_file_parse(struct sql_file *f, const char *path, const char *text, size_t n, FILE *errors)
{
    size_t pos = 0;
    unsigned number = 0;
    struct line l;

    *f = (struct sql_file){ .path = path, .errors = errors };
    while (next_line(text, n, &pos, &number, &l)) {
        if (!starts(l, "-- name:")) {
            if (l.n && !starts(l, "--")) sql_error(f, l.number, 1, "SQL before the first '-- name:'");
            continue;
        }
        start_block(f, l);
        parse_header(f, text, n, &pos, &number);
        size_t start = pos;
        unsigned first = number + 1;
        size_t end = pos;
        while (end = pos, next_line(text, n, &pos, &number, &l))
            if (starts(l, "-- name:")) break;
        if (end < n) { /* the next block's name line is read again */
            pos = end;
            number--;
        }
        if (end > n) end = n;
        struct sql_block *block = &f->blocks[f->nblocks - 1];
        block->text = sql_scan(f, block, (struct sql_body){ text + start, end - start, first });
        check_block(f, block);
    }
    if (!f->nblocks) sql_error(f, 1, 1, "no '-- name:' in the file");
    return f->nerrors ? -1 : 0;
}

void sql_file_free(struct sql_file *f)
{
    for (size_t i = 0; i < f->nblocks; i++) {
        for (size_t j = 0; j < f->blocks[i].nparams; j++) free(f->blocks[i].params[j].name);
        free(f->blocks[i].params);
        free(f->blocks[i].name);
        free(f->blocks[i].text);
    }
    free(f->blocks);
    f->blocks = NULL;
    f->nblocks = 0;
}
