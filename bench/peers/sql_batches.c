/* peer-sql_batches: what PostgreSQL alone does with batches of reports. One prepared statement, every
 * parameter a binary array of --rows elements, a batch in flight on each connection, nothing in between.
 *
 * --db CONNINFO --sql FILE --rows N --seconds S --connections C --first N --students N
 * The statement's parameters are those of todoke's absence_report, in its order: see `columns`. Reports are
 * numbered from --first: each child once a day, day after day, its guardian's account 1000000 + the child
 * (bench/peers/pgbench/prepare.sql). Prints {"rows":n,"batches":n,"seconds":s,"rows_per_second":r}; only
 * batches that were committed within the time count. */
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"

#define CONNECTIONS_MAX 8
#define ACCOUNTS        1000000
#define DAY_ZERO        10957 /* 2000-01-01 in days since 1970 */
#define TOKYO           (9 * 3600)

enum { INT8 = 20, TEXT = 25, BYTEA = 17, DATE = 1082, TIME = 1083, UUID = 2950, JSONB = 3802 };

static const struct column {
    const char *name;
    unsigned element, array; /* OIDs */
} columns[] = {
    { "student_id", INT8, 1016 },   { "first_day", DATE, 1182 },
    { "last_day", DATE, 1182 },     { "kind", TEXT, 1009 },
    { "arrive_at", TIME, 1183 },    { "leave_at", TIME, 1183 },
    { "reason_id", INT8, 1016 },    { "note", TEXT, 1009 },
    { "pick_up", TEXT, 1009 },      { "pick_up_note", TEXT, 1009 },
    { "symptoms", JSONB, 3807 },    { "began_at", INT8, 1016 },
    { "actor", INT8, 1016 },        { "idempotency_key", UUID, 2951 },
    { "fingerprint", BYTEA, 1001 },
};
#define COLUMNS (sizeof columns / sizeof *columns)

struct settings {
    const char *db, *sql;
    unsigned rows, connections, students;
    double seconds;
    unsigned long first;
};

struct link {
    PGconn *pg;
    struct buf arrays[COLUMNS];
};

static unsigned long next_report;
static int32_t today; /* in the city, days since 2000-01-01 */

static void die(const char *what, const char *why)
{
    fprintf(stderr, "peer-sql_batches: %s: %s\n", what, why);
    exit(2);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- binary arrays ---- */

static void put(struct buf *out, uint64_t value, int bytes)
{
    char text[8];
    for (int i = 0; i < bytes; i++) text[i] = (char)(value >> (8 * (bytes - 1 - i)));
    buf_append(out, text, (size_t)bytes);
}

static void put_number(struct buf *out, uint64_t value, int bytes)
{
    put(out, (uint64_t)bytes, 4);
    put(out, value, bytes);
}

static void put_bytes(struct buf *out, const char *at, size_t n)
{
    put(out, n, 4);
    buf_append(out, at, n);
}

/* A key that no other run gives: random numbers, written as they are. */
static void put_random(struct buf *out, size_t n)
{
    char bytes[32];
    for (size_t i = 0; i < n; i += 4) {
        uint32_t dice = (uint32_t)mrand48();
        memcpy(bytes + i, &dice, 4);
    }
    put_bytes(out, bytes, n);
}

static void put_cell(struct buf *out, const struct settings *settings, size_t column, unsigned long report)
{
    uint64_t student = 1 + report % settings->students;
    int32_t day = today + (int32_t)(report / settings->students);
    switch (column) {
    case 0: put_number(out, student, 8); break;
    case 1: put_number(out, (uint32_t)day, 4); break;
    case 3: put_bytes(out, "absent", 6); break;
    case 6: put_number(out, 1, 8); break;
    case 12: put_number(out, ACCOUNTS + student, 8); break;
    case 13: put_random(out, 16); break;
    case 14: put_random(out, 32); break;
    default: put(out, 0xffffffff, 4); /* null */
    }
}

static void batch_fill(struct link *link, const struct settings *settings)
{
    for (size_t c = 0; c < COLUMNS; c++) {
        struct buf *out = &link->arrays[c];
        buf_reset(out);
        put(out, 1, 4); /* dimensions */
        put(out, 1, 4); /* may hold nulls */
        put(out, columns[c].element, 4);
        put(out, settings->rows, 4);
        put(out, 1, 4); /* the first index */
        for (unsigned i = 0; i < settings->rows; i++) put_cell(out, settings, c, next_report + i);
        if (out->failed) die("arrays", "no memory");
    }
    next_report += settings->rows;
}

/* ---- the loop ---- */

static void batch_send(struct link *link, const struct settings *settings)
{
    const char *values[COLUMNS];
    int lengths[COLUMNS], formats[COLUMNS];
    batch_fill(link, settings);
    for (size_t c = 0; c < COLUMNS; c++) {
        values[c] = link->arrays[c].at;
        lengths[c] = (int)link->arrays[c].n;
        formats[c] = 1;
    }
    if (!PQsendQueryPrepared(link->pg, "batch", COLUMNS, values, lengths, formats, 1) ||
        PQflush(link->pg) < 0)
        die("send", PQerrorMessage(link->pg));
}

static void answer_check(PGresult *answer, const char *what, PGconn *pg)
{
    ExecStatusType status = PQresultStatus(answer);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) die(what, PQerrorMessage(pg));
    PQclear(answer);
}

/* True when the batch is over. */
static int batch_receive(struct link *link)
{
    PGresult *answer;
    if (!PQconsumeInput(link->pg) || PQflush(link->pg) < 0) die("receive", PQerrorMessage(link->pg));
    while (!PQisBusy(link->pg)) {
        if (!(answer = PQgetResult(link->pg))) return 1;
        answer_check(answer, "batch", link->pg);
    }
    return 0;
}

static void link_open(struct link *link, const struct settings *settings, const char *sql)
{
    Oid types[COLUMNS];
    for (size_t c = 0; c < COLUMNS; c++) {
        types[c] = columns[c].array;
        buf_init(&link->arrays[c], 0);
    }
    link->pg = PQconnectdb(settings->db);
    if (PQstatus(link->pg) != CONNECTION_OK) die("connect", PQerrorMessage(link->pg));
    answer_check(PQexec(link->pg, "select set_config('todoke.schools', '*', false)"), "set_config", link->pg);
    answer_check(PQprepare(link->pg, "batch", sql, COLUMNS, types), "prepare", link->pg);
    PQsetnonblocking(link->pg, 1);
}

static unsigned long batches_run(struct link *links, const struct settings *settings, double until)
{
    struct pollfd polls[CONNECTIONS_MAX];
    unsigned long batches = 0;
    for (unsigned i = 0; i < settings->connections; i++) {
        polls[i] = (struct pollfd){ .fd = PQsocket(links[i].pg), .events = POLLIN };
        batch_send(&links[i], settings);
    }
    while (now() < until) {
        if (poll(polls, settings->connections, 100) < 0) die("poll", "failed");
        for (unsigned i = 0; i < settings->connections; i++) {
            if (!polls[i].revents || !batch_receive(&links[i])) continue;
            batches += now() < until;
            batch_send(&links[i], settings);
        }
    }
    return batches;
}

/* ---- the command line ---- */

static const char *option(int argc, char **argv, const char *name)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0) return argv[i + 1];
    die(name, "is missing");
    return NULL;
}

static char *file_read(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = file ? calloc(1, 1 << 16) : NULL;
    if (!text || fread(text, 1, (1 << 16) - 1, file) == 0) die(path, "can't be read");
    fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    struct settings settings = {
        .db = option(argc, argv, "--db"),
        .sql = option(argc, argv, "--sql"),
        .rows = (unsigned)atoi(option(argc, argv, "--rows")),
        .connections = (unsigned)atoi(option(argc, argv, "--connections")),
        .students = (unsigned)atoi(option(argc, argv, "--students")),
        .seconds = atof(option(argc, argv, "--seconds")),
        .first = strtoul(option(argc, argv, "--first"), NULL, 10),
    };
    static struct link links[CONNECTIONS_MAX];
    if (!settings.rows || !settings.students || !settings.connections ||
        settings.connections > CONNECTIONS_MAX)
        die("usage", "--rows, --students and --connections (up to 8) are numbers from 1");
    char *sql = file_read(settings.sql);
    srand48(time(NULL));
    today = (int32_t)((time(NULL) + TOKYO) / 86400 - DAY_ZERO);
    next_report = settings.first;
    for (unsigned i = 0; i < settings.connections; i++) link_open(&links[i], &settings, sql);
    double begun = now();
    unsigned long batches = batches_run(links, &settings, begun + settings.seconds);
    double rows = (double)(batches * settings.rows);
    printf("{\"rows\":%.0f,\"batches\":%lu,\"seconds\":%g,\"rows_per_second\":%.1f}\n", rows, batches,
           settings.seconds, rows / settings.seconds);
    for (unsigned i = 0; i < settings.connections; i++)
        PQfinish(links[i].pg); /* what is in flight goes on to its end */
    free(sql);
    return 0;
}
