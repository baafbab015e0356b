#include "db/tool/sqlfile.h"

#include <stdlib.h>
#include <string.h>

void *tool_realloc(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);

    if (!q) {
        fputs("sqlc: out of memory\n", stderr);
        exit(2);
    }
    return q;
}

char *tool_copy(const char *at, size_t n)
{
    char *copy = tool_realloc(NULL, n + 1);

    memcpy(copy, at, n);
    copy[n] = '\0';
    return copy;
}

char *tool_read(const char *path, size_t *ret_n)
{
    FILE *in = fopen(path, "rb");
    char *bytes = NULL;
    size_t n = 0, got;

    if (!in) {
        fprintf(stderr, "sqlc: can't read %s\n", path);
        return NULL;
    }
    do {
        bytes = tool_realloc(bytes, n + 65537);
        got = fread(bytes + n, 1, 65536, in);
        n += got;
    } while (got);
    bytes[n] = '\0';
    if (ferror(in)) {
        fprintf(stderr, "sqlc: can't read %s\n", path);
        free(bytes);
        bytes = NULL;
    }
    fclose(in);
    *ret_n = n;
    return bytes;
}
