#include "seed/copy.h"
#include "seed/load.h"

/* The last child of each class that lacks guardians has its letter, of twelve days ago, as letters_issue
 * (functions/57_registrants.sql) makes them; that one is for a school at a time, and asks each child. */
static const char letters_sql[] =
    "insert into invitations (school_id, kind, student_id, letter, code, code_sha256, made_by, made_at, "
    "expires_at) "
    "select m.school_id, 'link', m.id, 1, m.code, code_hash(m.code), m.office, m.at, m.at + interval '90 "
    "days' "
    "from (select s.school_id, s.id, o.account_id as office, now() - interval '12 days' as at, "
    "             case when s.id is not null then code_new() end as code "
    "      from (select distinct on (s.class_id) s.school_id, s.id from students s "
    "            where not exists (select from guardianships g where g.student_id = s.id) "
    "            order by s.class_id, s.number desc) s "
    "      join (select school_id, min(account_id) as account_id from staff_roles where role = 'office' "
    "group by 1) o "
    "          using (school_id) offset 0) m;"
    "insert into audit (account_id, action, object_kind, object_id, school_id, detail) "
    "select min(made_by), 'letters_issued', 'school', school_id, school_id, "
    "       jsonb_build_object('letter', 1, 'issued', count(*), 'revoked', 0) "
    "from invitations group by school_id order by school_id";

/* One guardian in fifty. */
static const char undeliverable_sql[] =
    "insert into undeliverable (address_sha256, error, since) "
    "select mail_address_hash(email), '550 5.1.1 No such mailbox', now() - interval '1 day' * (1 + id % 9) "
    "from accounts where email like 'g%' and substr(login_id, 2)::int % 50 = 7";

int seed_load_registrations(PGconn *conn)
{
    return seed_exec(conn, letters_sql) || seed_exec(conn, undeliverable_sql) ? -1 : 0;
}
