#include "seed/copy.h"
#include "seed/load.h"

/* The last child of each class that lacks guardians has its letter, as its school's office issues one. */
static const char letters_sql[] =
    "select letters_issue(o.account_id, s.school_id, s.class_id, s.id, 1, false, false, 90, "
    "gen_random_uuid(), "
    "                     sha256('seed')) "
    "from (select distinct on (s.class_id) s.* from students s "
    "      where not exists (select from guardianships g where g.student_id = s.id) "
    "      order by s.class_id, s.number desc) s "
    "cross join lateral (select r.account_id from staff_roles r where r.school_id = s.school_id and r.role = "
    "'office' "
    "                    order by r.id limit 1) o";

/* One guardian in fifty. */
static const char undeliverable_sql[] =
    "insert into undeliverable (address_sha256, error, since) "
    "select mail_address_hash(email), '550 5.1.1 No such mailbox', now() - interval '1 day' * (1 + id % 9) "
    "from accounts where email like 'g%' and substr(login_id, 2)::int % 50 = 7";

int seed_load_registrations(PGconn *conn)
{
    return seed_exec(conn, letters_sql) || seed_exec(conn, undeliverable_sql) ? -1 : 0;
}
