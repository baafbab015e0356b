#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int ledger_open(struct ledger *ledger, const char *path)
{
    *ledger = (struct ledger){ .fd = -1 };
    if (!path) return 0;
    ledger->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (ledger->fd >= 0) return 0;
    fprintf(stderr, "todoke-bench: %s: %s\n", path, strerror(errno));
    return -1;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger->fd >= 0) close(ledger->fd);
    ledger->fd = -1;
}

void ledger_line(struct ledger *ledger, const char *format, ...)
{
    char line[256];
    va_list arguments;
    if (ledger->fd < 0) return;
    va_start(arguments, format);
    int n = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= sizeof line || write(ledger->fd, line, (size_t)n) != n) ledger->failed = true;
}
