#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "seed/seed.h"
#include "seed/copy.h"

/* Who gets a session: every row a person, the columns of the file's lines without the token. */
static const char people_sql[] =
    "select p.*, now() + interval '1 day' as expires_at from ("
    "(select account_id, 'guardian' as role, min(school_id) as school_id, null::int as class_id, "
    "        json_agg(student_id order by student_id) as student_ids "
    " from guardianships where may_report and valid_to is null group by account_id order by account_id %s) "
    "union all (select distinct on (class_id) account_id, 'teacher', school_id, class_id, '[]'::json "
    " from staff_roles where role = 'homeroom' order by class_id, id) "
    "union all (select distinct on (school_id) account_id, 'office', school_id, null, '[]'::json "
    " from staff_roles where role = 'office' order by school_id, id) "
    "union all (select account_id, 'board', null, null, '[]'::json from staff_roles where role = 'board' "
    " order by id limit 1)) p";

struct session_token {
    char text[sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    char sha256[crypto_hash_sha256_BYTES * 2 + 1]; /* hexadecimal */
};

/* As the engine makes them: 256 random bits in base64url; the database knows their SHA-256. */
static void token_make(struct session_token *token)
{
    unsigned char bytes[32], hash[crypto_hash_sha256_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    crypto_hash_sha256(hash, bytes, sizeof bytes);
    sodium_bin2base64(token->text, sizeof token->text, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_bin2hex(token->sha256, sizeof token->sha256, hash, sizeof hash);
}

static const char *or_null(const PGresult *people, int row, int column)
{
    return PQgetisnull(people, row, column) ? "null" : PQgetvalue(people, row, column);
}

static int sessions_write(PGconn *conn, const PGresult *people, FILE *file)
{
    struct seed_copy copy;
    struct session_token token;
    seed_copy_begin(&copy, conn, "sessions", "token_sha256, account_id, expires_at, device, factors");
    for (int row = 0; row < PQntuples(people); row++) {
        token_make(&token);
        seed_copy_row(&copy, "\\\\x%s\t%s\t%s\tseed\t2\n", token.sha256, PQgetvalue(people, row, 0),
                      PQgetvalue(people, row, 5));
        fprintf(file,
                "{\"token\":\"%s\",\"role\":\"%s\",\"account_id\":%s,\"school_id\":%s,\"class_id\":%s,"
                "\"student_ids\":%s}\n",
                token.text, PQgetvalue(people, row, 1), PQgetvalue(people, row, 0), or_null(people, row, 2),
                or_null(people, row, 3), PQgetvalue(people, row, 4));
    }
    /* Lines go out before the sessions are committed: a full disk leaves no session that nobody knows. */
    int failed = seed_copy_end(&copy);
    if (fflush(file) || ferror(file)) {
        perror("seed: sessions file");
        return -1;
    }
    return failed || seed_exec(conn, "commit; analyze sessions") ? -1 : 0;
}

static PGresult *people_find(PGconn *conn, long guardians)
{
    char sql[2048], limit[32] = "";
    PGresult *demo = seed_query(conn, "select from demo_accounts limit 1");
    int seeded = demo ? PQntuples(demo) : 0;
    PQclear(demo);
    if (!seeded) {
        fprintf(stderr, "seed: sessions are opened in a seeded city only\n");
        return NULL;
    }
    if (guardians > 0) snprintf(limit, sizeof limit, "limit %ld", guardians);
    int n = snprintf(sql, sizeof sql, people_sql, limit);
    return n > 0 && (size_t)n < sizeof sql ? seed_query(conn, sql) : NULL;
}

int seed_sessions(const char *conninfo, long guardians, const char *path)
{
    int failed = -1, fd = -1;
    FILE *file = NULL;
    PGresult *people = NULL;
    PGconn *conn = sodium_init() < 0 ? NULL : seed_connect(conninfo);
    if (!conn) return -1;
    people = people_find(conn, guardians);
    if (!people) goto done;
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file) {
        perror("seed: sessions file");
        if (fd >= 0) close(fd);
        goto done;
    }
    failed = sessions_write(conn, people, file);
    if (fclose(file)) failed = -1;
done:
    PQclear(people);
    PQfinish(conn);
    return failed;
}
