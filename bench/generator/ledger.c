#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int ledger_open(struct ledger *ledger, const char *path)
{
    ledger->fd = -1;
    ledger->failed = ledger->held = false;
    ledger->n = 0;
    if (!path) return 0;
    ledger->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (ledger->fd >= 0) return 0;
    fprintf(stderr, "todoke-bench: %s: %s\n", path, strerror(errno));
    return -1;
}

void ledger_close(struct ledger *ledger)
{
    ledger_flush(ledger);
    if (ledger->fd >= 0) close(ledger->fd);
    ledger->fd = -1;
}

void ledger_hold(struct ledger *ledger)
{
    ledger->held = true;
}

void ledger_flush(struct ledger *ledger)
{
    if (ledger->n == 0) return;
    if (write(ledger->fd, ledger->text, ledger->n) != (ssize_t)ledger->n) ledger->failed = true;
    ledger->n = 0;
}

void ledger_line(struct ledger *ledger, const char *format, ...)
{
    va_list arguments;
    if (ledger->fd < 0) return;
    if (sizeof ledger->text - ledger->n < LEDGER_LINE) ledger_flush(ledger);
    va_start(arguments, format);
    int n = vsnprintf(ledger->text + ledger->n, LEDGER_LINE, format, arguments);
    va_end(arguments);
    if (n < 0 || n >= LEDGER_LINE)
        ledger->failed = true;
    else
        ledger->n += (size_t)n;
    if (!ledger->held) ledger_flush(ledger);
}
