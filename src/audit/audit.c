#include "audit/audit.h"

#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINKS_AT_ONCE "5000"
#define HASH          crypto_hash_sha256_BYTES
#define ANCHORS_MAX   64

struct anchor {
    int64_t seq;
    unsigned char hash[HASH];
    bool met;
};

struct walk {
    PGconn *conn;
    int64_t links; /* that are right so far */
    unsigned char head[HASH];
    struct anchor anchors[ANCHORS_MAX];
    size_t n_anchors;
};

static int usage(void)
{
    fprintf(stderr, "usage: todoke audit verify [--anchor SEQ:HASH]... | todoke audit anchor\n");
    return 2;
}

static int anchor_parse(struct anchor *anchor, const char *text)
{
    char *end;
    size_t n;
    errno = 0;
    anchor->seq = strtoll(text, &end, 10);
    anchor->met = false;
    if (errno || *end != ':' || anchor->seq < 1) return -1;
    const char *hex = end + 1;
    return sodium_hex2bin(anchor->hash, HASH, hex, strlen(hex), NULL, &n, NULL) || n != HASH ? -1 : 0;
}

/* ---- the database ---- */

static PGresult *query(PGconn *conn, const char *sql, const char *parameter)
{
    PGresult *result = PQexecParams(conn, sql, parameter ? 1 : 0, NULL, &parameter, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return result;
    fprintf(stderr, "audit: %s", PQerrorMessage(conn));
    PQclear(result);
    return NULL;
}

static PGconn *connect_snapshot(const char *conninfo)
{
    static const char *const begin[] = {
        "begin isolation level repeatable read read only",
        "select set_config('todoke.schools', '*', true), set_config('statement_timeout', '0', true)",
    };
    PGconn *conn = PQconnectdb(conninfo);
    if (PQstatus(conn) != CONNECTION_OK) fprintf(stderr, "audit: %s", PQerrorMessage(conn));
    bool ready = PQstatus(conn) == CONNECTION_OK;
    for (size_t i = 0; ready && i < sizeof begin / sizeof *begin; i++) {
        PGresult *result = query(conn, begin[i], NULL);
        ready = result;
        PQclear(result);
    }
    if (ready) return conn;
    PQfinish(conn);
    return NULL;
}

/* ---- the walk ---- */

/* The order and names of audit_text (schema/0004_records.sql). Without a row, the text is null. */
static const char links_sql[] =
    "select c.seq, encode(c.prev_hash, 'hex'), encode(c.hash, 'hex'), case when a.id is not null then "
    "jsonb_build_array(a.id, extract(epoch from a.at), a.account_id, a.action, a.object_kind, a.object_id, "
    "a.school_id, a.detail)::text end "
    "from audit_chain c left join audit a on a.id = c.audit_id "
    "where c.seq > $1::bigint order by c.seq limit " LINKS_AT_ONCE;

/* Is `hex` this hash? The first link has none before it. */
static bool hex_is(const char *hex, const unsigned char *hash, size_t n)
{
    char expected[HASH * 2 + 1];
    sodium_bin2hex(expected, sizeof expected, hash, n);
    return strcmp(hex, expected) == 0;
}

static const char *link_fault(struct walk *walk, const PGresult *rows, int row)
{
    crypto_hash_sha256_state state;
    size_t before = walk->links ? HASH : 0;
    const char *text = PQgetvalue(rows, row, 3);
    if (strtoll(PQgetvalue(rows, row, 0), NULL, 10) != walk->links + 1) return "is missing";
    if (PQgetisnull(rows, row, 3)) return "seals a row that is gone";
    if (!hex_is(PQgetvalue(rows, row, 1), walk->head, before)) return "does not follow the one before it";
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, walk->head, before);
    crypto_hash_sha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_hash_sha256_final(&state, walk->head);
    return hex_is(PQgetvalue(rows, row, 2), walk->head, HASH) ? NULL : "does not fit its row";
}

static int anchors_compare(struct walk *walk)
{
    for (size_t i = 0; i < walk->n_anchors; i++) {
        struct anchor *anchor = &walk->anchors[i];
        if (anchor->seq != walk->links) continue;
        anchor->met = true;
        if (sodium_memcmp(anchor->hash, walk->head, HASH) == 0) continue;
        fprintf(stderr, "broken: anchor %" PRId64 " names another hash\n", anchor->seq);
        return 1;
    }
    return 0;
}

/* 0 and *ret_more, or an exit status. */
static int walk_some(struct walk *walk, bool *ret_more)
{
    char after[24];
    snprintf(after, sizeof after, "%" PRId64, walk->links);
    PGresult *rows = query(walk->conn, links_sql, after);
    if (!rows) return 2;
    int status = 0;
    *ret_more = PQntuples(rows) > 0;
    for (int row = 0; row < PQntuples(rows) && status == 0; row++) {
        const char *fault = link_fault(walk, rows, row);
        if (fault) {
            fprintf(stderr, "broken: link %" PRId64 " %s\n", walk->links + 1, fault);
            status = 1;
        } else {
            walk->links++;
            status = anchors_compare(walk);
        }
    }
    PQclear(rows);
    return status;
}

static int unsealed(struct walk *walk)
{
    PGresult *rows = query(walk->conn,
                           "select min(a.id) from audit a where not exists "
                           "(select from audit_chain c where c.audit_id = a.id)",
                           NULL);
    if (!rows) return 2;
    int status = PQgetisnull(rows, 0, 0) ? 0 : 1;
    if (status) fprintf(stderr, "broken: row %s is not sealed\n", PQgetvalue(rows, 0, 0));
    PQclear(rows);
    return status;
}

static int verify(struct walk *walk)
{
    bool more = true;
    while (more) {
        int status = walk_some(walk, &more);
        if (status) return status;
    }
    for (size_t i = 0; i < walk->n_anchors; i++) {
        if (walk->anchors[i].met) continue;
        fprintf(stderr, "broken: anchor %" PRId64 " is behind the end: links were cut off\n",
                walk->anchors[i].seq);
        return 1;
    }
    int status = unsealed(walk);
    if (status == 0) printf("whole, %" PRId64 " rows\n", walk->links);
    return status;
}

static int print_head(PGconn *conn)
{
    PGresult *rows =
        query(conn, "select seq, encode(hash, 'hex') from audit_chain order by seq desc limit 1", NULL);
    if (!rows) return 2;
    bool any = PQntuples(rows) > 0;
    if (any)
        printf("%s:%s\n", PQgetvalue(rows, 0, 0), PQgetvalue(rows, 0, 1));
    else
        fprintf(stderr, "audit: the log is empty\n");
    PQclear(rows);
    return any ? 0 : 1;
}

int audit_command(const char *conninfo, int argc, char **argv)
{
    struct walk walk = { 0 };
    bool verifies = argc > 0 && strcmp(argv[0], "verify") == 0;
    if (argc < 1 || (!verifies && (argc > 1 || strcmp(argv[0], "anchor") != 0))) return usage();
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 >= argc || strcmp(argv[i], "--anchor") != 0 || walk.n_anchors == ANCHORS_MAX)
            return usage();
        if (anchor_parse(&walk.anchors[walk.n_anchors++], argv[i + 1])) return usage();
    }
    if (sodium_init() < 0 || !(walk.conn = connect_snapshot(conninfo))) return 2;
    int status = verifies ? verify(&walk) : print_head(walk.conn);
    PQfinish(walk.conn);
    return status;
}
