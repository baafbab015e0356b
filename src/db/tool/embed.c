/* Files as bytes in the program. */
#include "db/tool/sqlfile.h"

#include <stdlib.h>
#include <string.h>

const char *sql_embed_name(const char *path)
{
    const char *found = NULL, *p = path;

    if (!strncmp(path, "schema/", 7)) found = path + 7;
    while ((p = strstr(p, "/schema/"))) found = p += 8;
    if (found) return found;
    p = strrchr(path, '/');
    return p ? p + 1 : path;
}

static int compare(const void *a, const void *b)
{
    return strcmp(sql_embed_name(*(char *const *)a), sql_embed_name(*(char *const *)b));
}

static int embed_one(const char *path, int index, FILE *out)
{
    size_t n;
    char *bytes = tool_read(path, &n);

    if (!bytes) return -1;
    fprintf(out, "static const unsigned char file_%d[] = {", index);
    for (size_t i = 0; i <= n; i++) fprintf(out, "%s%u,", i % 24 ? "" : "\n    ", (unsigned char)bytes[i]);
    fputs("\n};\n", out);
    free(bytes);
    return 0;
}

int sql_embed(const char *name, char *const *paths, int npaths, FILE *out)
{
    char **sorted = tool_realloc(NULL, (size_t)(npaths + 1) * sizeof(*sorted));
    int rc = 0;

    if (npaths) memcpy(sorted, paths, (size_t)npaths * sizeof(*sorted));
    if (npaths) qsort(sorted, (size_t)npaths, sizeof(*sorted), compare);
    fputs("/* Made by sqlc --embed: do not edit. */\n#include \"db/migrate.h\"\n\n", out);
    fprintf(out, "extern const struct embedded_file %s[];\n\n", name);
    for (int i = 0; i < npaths && !rc; i++) rc = embed_one(sorted[i], i, out);
    fprintf(out, "\nconst struct embedded_file %s[] = {\n", name);
    for (int i = 0; i < npaths; i++)
        fprintf(out, "    { \"%s\", file_%d, sizeof(file_%d) - 1 },\n", sql_embed_name(sorted[i]), i, i);
    fputs("    { 0 },\n};\n", out);
    free(sorted);
    return rc;
}
