/* The ledger: what was asked for and what was promised, one line each, written with write(2) before the
 * program goes on, so it survives the generator. Appended to; several runs may share a file.
 *
 *   run <unix ms> <first day> <scenario>
 *   sent <key> <student> <day>                  before the first attempt leaves
 *   ack <key> <student> <day> <id> <version>    the server has promised it (201)
 *   refused <key> <student> <day> <status>      a final no: nothing may be stored under this key
 *   unknown <key> <student> <day>               given up without an answer: stored or not
 *
 * A key with `sent` alone (the generator died) is unknown too. Failure: sticky, `failed`. */
#ifndef BENCH_LEDGER_H
#define BENCH_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEDGER_LINE 160 /* the longest line */

struct ledger {
    int fd; /* -1 = no ledger is kept */
    bool failed;
    bool held; /* lines wait in `text` for ledger_flush */
    size_t n;
    char text[64 * 1024];
};

/* path NULL = keep none. 0, or -1 with a line on stderr. */
int ledger_open(struct ledger *ledger, const char *path);
void ledger_close(struct ledger *ledger);
/* From now on lines are gathered, and written when the text is full or ledger_flush is called: before the
 * requests that they speak of leave. */
void ledger_hold(struct ledger *ledger);
void ledger_flush(struct ledger *ledger);
void ledger_line(struct ledger *ledger, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What ledger and database say of each other. */
struct verdict {
    uint64_t sent, acknowledged, refused, unknown;
    uint64_t lost;      /* acknowledged, but not there once, live, with its student and day */
    uint64_t doubled;   /* student-days with two live rows + keys or ids that were given twice */
    uint64_t unasked;   /* refused, but stored */
    uint64_t recovered; /* never acknowledged, outcome unknown, but stored: allowed */
    uint64_t
        foreign; /* live rows of these days that this ledger knows nothing of (other clients, earlier runs) */
};
/* 0, or -1 with a line on stderr (no connection, no ledger). */
int ledger_verify(const char *path, const char *conninfo, struct verdict *ret_verdict);

#endif
