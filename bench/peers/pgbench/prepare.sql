-- A guardian and a session for each child, whose account and token follow from the child's number: so that a script,
-- which can only count, reports a child as its own guardian. Run once in a city that pgbench is to write to.
insert into accounts (id, login_id, family_name, given_name, family_kana, given_kana)
select 1000000 + s.id, 'pgbench' || s.id, 'p', 'g', 'p', 'g' from students s;
insert into guardianships (account_id, student_id, school_id, relation, valid_from)
select 1000000 + s.id, s.id, s.school_id, 'other', today() - 1 from students s;
insert into sessions (token_sha256, account_id, expires_at, factors)
select sha256(int8send(1000000 + s.id)), 1000000 + s.id, now() + interval '1 day', 2 from students s;
vacuum analyze accounts, guardianships, sessions, students;
