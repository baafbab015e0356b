#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/totp.h"
#include "seed/seed.h"
#include "seed/copy.h"
#include "seed/load.h"

/* The same for the same account, and public: whoever tries the demonstration can put it into an app. */
static void secret_make(long account, unsigned char secret[TOTP_SECRET_BYTES])
{
    char name[64];
    snprintf(name, sizeof name, "todoke demonstration %ld", account);
    crypto_generichash(secret, TOTP_SECRET_BYTES, (const unsigned char *)name, strlen(name), NULL, 0);
}

static int factor_add(PGconn *conn, const struct secret *secret, long account, struct arena *arena)
{
    unsigned char bytes[TOTP_SECRET_BYTES];
    char text[TOTP_TEXT_SIZE + 1] = "";
    secret_make(account, bytes);
    base32_encode(text, bytes, sizeof bytes);
    struct str sealed =
        secret_seal(secret, FOR_TOTP, account, str_of((const char *)bytes, sizeof bytes), arena);
    char *hex = sealed.at ? arena_zalloc(arena, sealed.n * 2 + 1) : NULL;
    if (!hex) return -1;
    sodium_bin2hex(hex, sealed.n * 2 + 1, (const unsigned char *)sealed.at, sealed.n);
    return seed_execf(conn,
                      "insert into totp (account_id, sealed, confirmed_at, reusable) "
                      "values (%ld, '\\x%s', now(), true)",
                      account, hex) ||
           seed_execf(conn,
                      "update demo_accounts d set totp = '%s' from accounts a "
                      "where a.id = %ld and d.login_id = a.login_id",
                      text, account);
}

int seed_load_factors(PGconn *conn, const struct secret *secret)
{
    struct arena arena;
    PGresult *staff =
        seed_query(conn, "select a.id from demo_accounts d join accounts a on a.login_id = d.login_id "
                         "where exists (select from staff_roles r where r.account_id = a.id)");
    int failed = staff ? 0 : -1;
    arena_init(&arena, 0);
    for (int row = 0; !failed && row < PQntuples(staff); row++)
        failed = factor_add(conn, secret, strtol(PQgetvalue(staff, row, 0), NULL, 10), &arena);
    arena_done(&arena);
    PQclear(staff);
    return failed;
}
