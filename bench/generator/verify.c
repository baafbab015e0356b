/* The ledger against the database: loaded into a temporary table, then asked for what must not be. */
#include <errno.h>
#include <libpq-fe.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger.h"

/* Row-level security is forced on the owner too, so all schools are allowed first. */
static const char prepare[] =
    "select set_config('todoke.schools', '*', false);"
    /* No index serves most of these joins, and the tables' statistics are older than the run. */
    "set enable_nestloop = off; set enable_mergejoin = off; set work_mem = '64MB';"
    "create temp table ledger_line (kind text, key uuid, student_id bigint, day date, number bigint);"
    "copy ledger_line from stdin";

/* One line per key in `ledger`: a promise outweighs whatever else was written under the key. */
static const char digest[] =
    "create temp table ledger as select key, min(student_id) as student_id, min(day) as day,"
    " min(number) filter (where kind = 'ack') as id,"
    " count(distinct number) filter (where kind = 'ack') as ids,"
    " case when bool_or(kind = 'ack') then 'ack' when bool_or(kind = 'refused') then 'refused' else "
    "'unknown' end as state"
    " from ledger_line group by key;"
    "create index on ledger (student_id, day); create index on ledger (id); analyze ledger";

struct question {
    size_t at;
    const char *sql;
};
#define AT(member) offsetof(struct verdict, member)
#define OF_KEY     " join idempotency i on i.key = l.key "
static const struct question questions[] = {
    { AT(sent), "select count(*) from ledger" },
    { AT(acknowledged), "select count(*) from ledger where state = 'ack'" },
    { AT(refused), "select count(*) from ledger where state = 'refused'" },
    { AT(unknown), "select count(*) from ledger where state = 'unknown'" },
    { AT(lost), "select count(*) from ledger l where state = 'ack' and 1 <> (select count(*) from absences a"
                " where a.id = l.id and a.student_id = l.student_id and a.first_day = l.day and "
                "a.cancelled_at is null)" },
    { AT(doubled),
      "select (select count(*) from (select a.student_id, l.day from (select distinct student_id, day from "
      "ledger) l"
      "   join absences a on a.student_id = l.student_id and l.day between a.first_day and a.last_day"
      "   where a.cancelled_at is null group by 1, 2 having count(*) > 1) pairs)"
      " + (select count(*) from ledger where ids > 1)"
      " + (select count(*) from (select id from ledger where state = 'ack' group by id having count(*) > 1) "
      "ids)"
      " + (select count(*) from (select l.key from ledger l" OF_KEY
      "group by l.key having count(*) > 1) keys)"
      " + (select count(*) from ledger l" OF_KEY
      "where state = 'ack' and (i.answer->>'id')::bigint <> l.id)" },
    { AT(unasked), "select count(*) from ledger l" OF_KEY "where state = 'refused'" },
    { AT(recovered), "select count(*) from ledger l" OF_KEY "where state = 'unknown'" },
    { AT(foreign), "select count(*) from absences a where a.cancelled_at is null and a.first_day in (select "
                   "day from ledger)"
                   " and not exists (select 1 from ledger l where l.id = a.id) and not exists"
                   " (select 1 from ledger l" OF_KEY "where (i.answer->>'id')::bigint = a.id)" },
};

static int database_failed(PGconn *connection)
{
    fprintf(stderr, "todoke-bench: database: %s", PQerrorMessage(connection));
    return -1;
}

/* A ledger line as a COPY line; 0 when it is none of a key (or was cut off by the generator's death). */
static int line_convert(const char *line, char *out, size_t room)
{
    char kind[16], key[40], student[24], day[16], number[24] = "";
    int got = sscanf(line, "%15s %39s %23s %15s %23s", kind, key, student, day, number);
    if (got < 4 || strlen(key) != 36 || !strchr(line, '\n')) return 0;
    if (strcmp(kind, "ack") == 0 && got < 5) return 0;
    return snprintf(out, room, "%s\t%s\t%s\t%s\t%s\n", kind, key, student, day, got == 5 ? number : "\\N");
}

static int ledger_copy(PGconn *connection, const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        fprintf(stderr, "todoke-bench: %s: %s\n", path, strerror(errno));
        return -1;
    }
    char line[256], row[256];
    int result = 0;
    while (result == 0 && fgets(line, sizeof line, file)) {
        int n = line_convert(line, row, sizeof row);
        if (n > 0 && PQputCopyData(connection, row, n) != 1) result = database_failed(connection);
    }
    fclose(file);
    if (PQputCopyEnd(connection, NULL) != 1) result = database_failed(connection);
    PGresult *answer;
    while ((answer = PQgetResult(connection))) {
        if (PQresultStatus(answer) != PGRES_COMMAND_OK) result = database_failed(connection);
        PQclear(answer);
    }
    return result;
}

static int ledger_load(PGconn *connection, const char *path)
{
    PGresult *answer = PQexec(connection, prepare);
    ExecStatusType status = PQresultStatus(answer);
    PQclear(answer);
    if (status != PGRES_COPY_IN) return database_failed(connection);
    if (ledger_copy(connection, path) != 0) return -1;
    answer = PQexec(connection, digest);
    status = PQresultStatus(answer);
    PQclear(answer);
    return status == PGRES_COMMAND_OK ? 0 : database_failed(connection);
}

static int question_ask(PGconn *connection, const struct question *question, struct verdict *verdict)
{
    PGresult *answer = PQexec(connection, question->sql);
    int result = PQresultStatus(answer) == PGRES_TUPLES_OK ? 0 : database_failed(connection);
    if (result == 0)
        *(uint64_t *)((char *)verdict + question->at) = strtoull(PQgetvalue(answer, 0, 0), NULL, 10);
    PQclear(answer);
    return result;
}

/* After a run with faults the database may still be on its way up. */
static PGconn *database_reach(const char *conninfo)
{
    for (int tries = 0; tries < 60; tries++) {
        PGPing state = PQping(conninfo);
        if (state != PQPING_REJECT && state != PQPING_NO_RESPONSE) break;
        usleep(500 * 1000);
    }
    return PQconnectdb(conninfo);
}

int ledger_verify(const char *path, const char *conninfo, struct verdict *ret_verdict)
{
    struct verdict verdict = { 0 };
    PGconn *connection = database_reach(conninfo);
    int result = PQstatus(connection) == CONNECTION_OK ? 0 : database_failed(connection);
    if (result == 0) result = ledger_load(connection, path);
    for (size_t i = 0; result == 0 && i < sizeof questions / sizeof *questions; i++)
        result = question_ask(connection, &questions[i], &verdict);
    PQfinish(connection);
    if (result == 0) *ret_verdict = verdict;
    return result;
}
