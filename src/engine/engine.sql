-- What the engine itself asks. None of these is a route's.

-- name: session_find
-- gather public
-- takes: token_sha256 bytea
with found as materialized (
    select i.ord, s.id as session_id, s.account_id, s.expires_at, s.factors, a.second_factor
    from unnest(:token_sha256) with ordinality as i (token_sha256, ord)
    join sessions s on s.token_sha256 = i.token_sha256 and s.ended_at is null and s.expires_at > now()
    join accounts a on a.id = s.account_id and a.closed_at is null
)
select f.ord, f.session_id, f.account_id, b.bits as role_bits,
       case when b.bits & 64 = 0 then coalesce(x.schools, '') else '' end as schools, f.expires_at
from found f
left join access_of(array(select account_id from found)) x on x.account_id = f.account_id
cross join lateral (select session_bits(x.role_bits, f.factors, f.second_factor) as bits) b;

-- Which of these sessions still live, and what they may reach now: asked when channel "access" speaks.
-- name: sessions_alive
-- internal
-- takes: session_ids bigint[]
with found as materialized (
    select s.id as session_id, s.account_id, s.expires_at, s.factors, a.second_factor
    from sessions s
    join accounts a on a.id = s.account_id and a.closed_at is null
    where s.id = any (:session_ids) and s.ended_at is null and s.expires_at > now()
)
select f.session_id, f.account_id, b.bits as role_bits,
       case when b.bits & 64 = 0 then coalesce(x.schools, '') else '' end as schools, f.expires_at
from found f
left join access_of(array(select account_id from found)) x on x.account_id = f.account_id
cross join lateral (select session_bits(x.role_bits, f.factors, f.second_factor) as bits) b;

-- Not per request: the engine collects the sessions it saw and says so every few minutes.
-- name: sessions_seen
-- internal write
-- takes: session_ids bigint[]
update sessions
set last_seen_at = now()
where id = any (:session_ids) and last_seen_at < now() - interval '5 minutes';

-- name: sessions_purge
-- internal write
delete from sessions where expires_at < now() - interval '30 days';

-- name: idempotency_purge
-- internal write
delete from idempotency where made_at < now() - interval '7 days';

-- name: login_attempts_purge
-- internal write
delete from login_attempts where last_at < now() - interval '2 days';

-- name: readiness_ping
-- internal
select pg_is_in_recovery() as replica, today() as today;
