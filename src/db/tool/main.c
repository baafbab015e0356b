/* sqlc: statements in .sql -> C, and files -> bytes in C. Run by cmake/embed.cmake; format: README.md beside
 * this. */
#include "db/tool/sqlfile.h"

#include <stdlib.h>
#include <string.h>

typedef void emit(const struct sql_file *f, const char *base, FILE *out);

static int write_to(const char *out_base, const char *suffix, const struct sql_file *f, emit *emit_part)
{
    char path[4096];
    const char *slash = strrchr(out_base, '/');
    FILE *out;

    snprintf(path, sizeof(path), "%s%s", out_base, suffix);
    out = fopen(path, "w");
    if (!out) {
        fprintf(stderr, "sqlc: can't write %s\n", path);
        return 1;
    }
    emit_part(f, slash ? slash + 1 : out_base, out);
    return fclose(out) ? 1 : 0;
}

static int compile(const char *in, const char *out_base)
{
    size_t n;
    char *text = tool_read(in, &n);
    struct sql_file f;
    int rc = 1;

    if (!text) return 1;
    if (sql_file_parse(&f, in, text, n, stderr) == 0) {
        rc = write_to(out_base, ".h", &f, sql_file_emit_header);
        if (!rc) rc = write_to(out_base, ".c", &f, sql_file_emit_source);
    }
    sql_file_free(&f);
    free(text);
    return rc;
}

static int embed(const char *name, const char *path, char *const *files, int n)
{
    FILE *out = fopen(path, "w");
    int rc;

    if (!out) {
        fprintf(stderr, "sqlc: can't write %s\n", path);
        return 1;
    }
    rc = sql_embed(name, files, n, out);
    if (fclose(out)) rc = -1;
    if (rc) remove(path);
    return rc ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc >= 4 && !strcmp(argv[1], "--embed")) return embed(argv[2], argv[3], argv + 4, argc - 4);
    if (argc == 3) return compile(argv[1], argv[2]);
    fputs("usage: sqlc in.sql out_base\n       sqlc --embed name out.c file...\n", stderr);
    return 2;
}
