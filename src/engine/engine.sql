-- What the engine itself asks. None of these is a route's.

-- name: session_find
-- gather public
-- takes: token_sha256 bytea
with found as materialized (
    select i.ord, s.id as session_id, s.account_id, s.expires_at, s.factors, s.proved_at, a.second_factor
    from unnest(:token_sha256) with ordinality as i (token_sha256, ord)
    join sessions s on s.token_sha256 = i.token_sha256 and s.ended_at is null and s.expires_at > now()
    join accounts a on a.id = s.account_id and a.closed_at is null
)
select f.ord, f.session_id, f.account_id, b.bits as role_bits,
       case when b.bits & 64 = 0 then coalesce(x.schools, '') else '' end as schools, f.expires_at,
       session_proved(f.proved_at) as proved
from found f
left join access_of(array(select account_id from found)) x on x.account_id = f.account_id
cross join lateral (select session_bits(x.role_bits, f.factors, f.second_factor) as bits) b;

-- A token that session_find does not know: the next one, seen for the first time, becomes its session's; the one before it is
-- still good for two minutes, because requests overtake each other. Later than that somebody has an old copy: whoever it is,
-- the session ends.
-- name: session_claim
-- gather public write
-- takes: token_sha256 bytea
with wanted as materialized (
    select i.token_sha256, i.ord from unnest(:token_sha256) with ordinality as i (token_sha256, ord)
), promoted as (
    update sessions s
    set token_sha256 = o.next_sha256, next_sha256 = null, token_at = now(), expires_at = now() + interval '90 days'
    from sessions o
    where o.next_sha256 = any (array(select token_sha256 from wanted))
      and s.id = o.id and s.ended_at is null and s.expires_at > now()
    returning s.id, s.token_sha256, o.token_sha256 as before
), replaced as (
    insert into session_tokens_past (token_sha256, session_id)
    select p.before, p.id from promoted p where p.before <> p.token_sha256
    on conflict do nothing
), past as materialized (
    select w.ord, p.session_id, p.superseded_at > now() - interval '2 minutes' as in_time
    from wanted w
    join session_tokens_past p on p.token_sha256 = w.token_sha256
), ended as (
    update sessions s
    set ended_at = now()
    where s.id = any (array(select session_id from past where not in_time)) and s.ended_at is null
    returning s.id, s.account_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select e.account_id, 'session_token_replayed', 'session', e.id
    from ended e
), found as materialized (
    select w.ord, p.id as session_id from wanted w join promoted p on p.token_sha256 = w.token_sha256
    union
    select ord, session_id from past where in_time
    union
    select w.ord, s.id from wanted w join sessions s on s.token_sha256 = w.token_sha256
), whose as materialized (
    select f.ord, s.id as session_id, s.account_id, s.expires_at, s.factors, s.proved_at, a.second_factor
    from found f
    join sessions s on s.id = f.session_id and s.ended_at is null and s.expires_at > now()
    join accounts a on a.id = s.account_id and a.closed_at is null
)
select w.ord, w.session_id, w.account_id, b.bits as role_bits,
       case when b.bits & 64 = 0 then coalesce(x.schools, '') else '' end as schools, w.expires_at,
       session_proved(w.proved_at) as proved
from whose w
left join access_of(array(select account_id from whose)) x on x.account_id = w.account_id
cross join lateral (select session_bits(x.role_bits, w.factors, w.second_factor) as bits) b;

-- Whether a socket's session still lives, and what it may reach now: asked when channel "access" speaks, and at times.
-- name: session_again
-- gather internal
-- takes: session_id bigint
with found as materialized (
    select i.ord, s.id as session_id, s.account_id, s.expires_at, s.factors, a.second_factor
    from unnest(:session_id) with ordinality as i (session_id, ord)
    join sessions s on s.id = i.session_id and s.ended_at is null and s.expires_at > now()
    join accounts a on a.id = s.account_id and a.closed_at is null
)
select f.ord, f.session_id, f.account_id, b.bits as role_bits,
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

-- What let somebody in once, or was to be proved, and is over.
-- name: people_purge
-- internal write
with limits as (
    delete from rate_limits where began < now() - interval '2 days'
), changes as (
    delete from email_changes where changed_at < now() - interval '7 days'
), codes as (
    update invitations set code = null where code is not null and expires_at < now() - interval '1 day'
)
delete from verifications where made_at < now() - interval '1 day';

-- name: login_attempts_purge
-- internal write
delete from login_attempts where last_at < now() - interval '2 days';

-- name: spent_challenges_purge
-- internal write
delete from spent_challenges where spent_at < now() - interval '1 hour';

-- name: readiness_ping
-- internal
select pg_is_in_recovery() as replica, today() as today;

-- ---- who may follow a topic: what all modules' feeds ask (engine/module.h) ----

-- Gathered, because at eight o'clock a thousand screens come at once. What is followed is looked up too, so that
-- row-level security speaks here: the snapshots are shared by all who follow, and read with the whole city in view.
-- name: may_follow_class
-- gather
-- takes: key bigint
select i.ord
from unnest(:actor, :key) with ordinality as i (actor, key, ord)
join classes c on c.id = i.key
where works_in_class(i.actor, i.key);

-- name: may_follow_school
-- gather
-- takes: key bigint
select i.ord
from unnest(:actor, :key) with ordinality as i (actor, key, ord)
where works_for_school(i.actor, i.key) and exists (select from classes c where c.school_id = i.key);

-- Numbers only: for the board too.
-- name: may_follow_counts
-- gather
-- takes: key bigint
select i.ord
from unnest(:actor, :key) with ordinality as i (actor, key, ord)
where may_see_school(i.actor, i.key) and exists (select from classes c where c.school_id = i.key);

-- name: may_follow_student
-- gather
-- takes: key bigint
select i.ord
from unnest(:actor, :key) with ordinality as i (actor, key, ord)
join students s on s.id = i.key
where may_read_reports(i.actor, i.key);

-- name: may_follow_city
-- gather
select i.ord
from unnest(:actor) with ordinality as i (actor, ord)
where is_city(i.actor) and todoke_whole_city();
