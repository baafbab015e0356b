/* The C that a .sql file becomes. */
#include "db/tool/sqlfile.h"

#include <ctype.h>
#include <string.h>

/* "absences.sql" -> "absences", "ABSENCES": letters that C can hold. */
static void stem(const char *base, bool upper, char out[64])
{
    size_t n = 0;

    for (; base[n] && base[n] != '.' && n < 63; n++) {
        unsigned char c = (unsigned char)base[n];
        out[n] = (char)(isalnum(c) ? (upper ? toupper(c) : c) : '_');
    }
    out[n] = '\0';
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void put_text(const char *text, FILE *out)
{
    fputs("    .text = \"", out);
    for (; *text; text++) {
        if (*text == '\n')
            fputs("\\n\"\n            \"", out);
        else if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20 || (*text == '?' && text[1] == '?'))
            fprintf(out, "\\%03o", *text);
        else
            fputc(*text, out);
    }
    fputs("\",\n", out);
}

void sql_file_emit_header(const struct sql_file *f, const char *base, FILE *out)
{
    char name[64], guard[64];

    stem(base, false, name);
    stem(base, true, guard);
    fprintf(out, "/* Made by sqlc from %s: do not edit. */\n", last_part(f->path));
    fprintf(out, "#ifndef GEN_%s_SQL_H\n#define GEN_%s_SQL_H\n\n#include \"db/statement.h\"\n\n", guard,
            guard);
    for (size_t i = 0; i < f->nblocks; i++)
        fprintf(out, "extern const struct statement %s;\n", f->blocks[i].name);
    fprintf(out, "\nextern const struct statement *const %s_statements[]; /* NULL-terminated */\n\n#endif\n",
            name);
}

static void emit_block(const struct sql_file *f, const struct sql_block *b, size_t index, FILE *out)
{
    static const char *const names[] = { "STATEMENT_GATHER", "STATEMENT_PUBLIC", "STATEMENT_INTERNAL",
                                         "STATEMENT_WRITE" };
    const char *between = "";

    fprintf(out, "\nstatic const struct statement_param %s_params[] = {\n", b->name);
    for (size_t i = 0; i < b->nparams; i++)
        fprintf(out, "    { \"%s\", %s, %s },\n", b->params[i].name, b->params[i].oid,
                b->params[i].array ? "true" : "false");
    fprintf(out, "    { 0 },\n};\nconst struct statement %s = {\n    .name = \"%s\",\n", b->name, b->name);
    put_text(b->text, out);
    fprintf(out, "    .params = %s_params,\n    .nparams = %zu,\n    .flags = ", b->name, b->nparams);
    for (unsigned i = 0; i < 4; i++) {
        if (!(b->flags & 1u << i)) continue;
        fprintf(out, "%s%s", between, names[i]);
        between = " | ";
    }
    fprintf(out, "%s,\n    .index = %zu,\n    .file = \"%s\",\n    .line = %u,\n};\n", *between ? "" : "0",
            index, last_part(f->path), b->line);
}

void sql_file_emit_source(const struct sql_file *f, const char *base, FILE *out)
{
    char name[64];

    stem(base, false, name);
    fprintf(out, "/* Made by sqlc from %s: do not edit. */\n#include \"%s.h\"\n\n#include <stddef.h>\n",
            last_part(f->path), base);
    for (size_t i = 0; i < f->nblocks; i++) emit_block(f, &f->blocks[i], i, out);
    fprintf(out, "\nconst struct statement *const %s_statements[] = {\n", name);
    for (size_t i = 0; i < f->nblocks; i++) fprintf(out, "    &%s,\n", f->blocks[i].name);
    fprintf(out, "    NULL,\n};\n");
}
