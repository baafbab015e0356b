-- The second factor: authenticator apps and recovery codes. What may be done with half a session asks for the session itself.

-- What the account has. `required`: staff can't do without.
-- name: factors_show
select a.password_hash is not null as password, t.sealed is not null as totp, t.confirmed_at as totp_since,
       (select count(*)::int from recovery_codes r where r.account_id = a.id and r.used_at is null) as recovery_codes,
       (select count(*)::int from passkeys p where p.account_id = a.id) as passkeys,
       coalesce(x.role_bits & 30, 0) <> 0 as required
from accounts a
left join totp t on t.account_id = a.id
left join access_of(array[:actor]) x on x.account_id = a.id
where a.id = :actor;

-- A guess is counted before it is looked at.
-- name: factor_try
-- write
select g.retry_after, g.retry_after > 0 as locked, t.sealed, t.pending, t.last_step, t.reusable
from (select factor_attempt(:actor) as retry_after) g
left join totp t on t.account_id = :actor and (t.pending_at is null or t.pending_at > now() - interval '1 hour' or t.sealed is not null);

-- The code of one step, which no code of the same step or an earlier one follows.
-- name: totp_use
-- write
-- takes: session_id bigint, new_token_sha256 bytea, step bigint
with used as (
    update totp t
    set last_step = greatest(t.last_step, :step)
    where t.account_id = :actor and t.sealed is not null and (t.last_step < :step or t.reusable)
    returning t.account_id
)
select session_complete(:session_id, u.account_id, :new_token_sha256) as session_id, factor_proved(u.account_id) is null as forgotten
from used u;

-- name: recovery_code_use
-- write
-- takes: session_id bigint, new_token_sha256 bytea, code_mac bytea
with used as (
    update recovery_codes r
    set used_at = now()
    where r.account_id = :actor and r.code_mac = :code_mac and r.used_at is null
    returning r.account_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select u.account_id, 'recovery_code_used', 'account', u.account_id from used u
)
select session_complete(:session_id, u.account_id, :new_token_sha256) as session_id, factor_proved(u.account_id) is null as forgotten
from used u;

-- A new secret waits for its first code. Half a session may make one only where there is no second factor yet.
-- name: totp_begin
-- write
-- takes: session_id bigint, sealed bytea
insert into totp as t (account_id, pending, pending_at)
select a.id, :sealed, now()
from sessions s
join accounts a on a.id = s.account_id
where s.id = :session_id and s.account_id = :actor and may_enrol(s.id, a.id)
on conflict (account_id) do update set pending = :sealed, pending_at = now()
returning (select a.login_id from accounts a where a.id = t.account_id) as login_id;

-- name: totp_confirm
-- write
-- takes: session_id bigint, new_token_sha256 bytea, step bigint, code_macs bytea[]
with confirmed as (
    update totp t
    set sealed = t.pending, confirmed_at = now(), last_step = :step, reusable = false, pending = null, pending_at = null
    from sessions s
    where t.account_id = :actor and t.pending_at > now() - interval '1 hour'
      and s.id = :session_id and s.account_id = :actor and may_enrol(s.id, s.account_id)
    returning t.account_id
), gone as (
    delete from recovery_codes r using confirmed c where r.account_id = c.account_id
), made as (
    insert into recovery_codes (account_id, code_mac) select c.account_id, m from confirmed c, unnest(:code_macs) m
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select c.account_id, 'totp_confirmed', 'account', c.account_id from confirmed c
)
select session_complete(:session_id, c.account_id, :new_token_sha256, true) as session_id, factor_proved(c.account_id) is null as forgotten
from confirmed c;

-- name: recovery_codes_renew
-- write
-- takes: session_id bigint, code_macs bytea[]
with owner as (
    select t.account_id
    from totp t
    join sessions s on s.id = :session_id and s.account_id = t.account_id and s.factors = 2
    where t.account_id = :actor and t.sealed is not null
), gone as (
    delete from recovery_codes r using owner o where r.account_id = o.account_id
), made as (
    insert into recovery_codes (account_id, code_mac) select o.account_id, m from owner o, unnest(:code_macs) m
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select o.account_id, 'recovery_codes_made', 'account', o.account_id from owner o
)
select account_id from owner;

-- Staff keep one second factor: an app may go when a passkey stays.
-- name: totp_remove
-- write
-- takes: session_id bigint
with asked as (
    select t.account_id,
           coalesce(x.role_bits & 30, 0) <> 0 and not exists (select from passkeys p where p.account_id = :actor) as last
    from totp t
    join sessions s on s.id = :session_id and s.account_id = t.account_id and s.factors = 2
    left join access_of(array[:actor]) x on x.account_id = t.account_id
    where t.account_id = :actor and t.sealed is not null
), gone as (
    delete from totp t using asked q where t.account_id = q.account_id and not q.last
), codes as (
    delete from recovery_codes r using asked q where r.account_id = q.account_id and not q.last
), chosen as (
    update accounts a set second_factor = false from asked q where a.id = q.account_id and not q.last
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select q.account_id, 'totp_removed', 'account', q.account_id from asked q where not q.last
)
select case when last then 'last_factor' else 'ok' end as outcome, now() as at from asked;

-- A lost factor: by the administrator of the only school that the account belongs to, or by the board for anybody.
-- name: factors_reset
-- write
-- takes: account_id bigint
with target as (
    select a.id, r.school_id
    from accounts a
    cross join lateral (select min(m.school_id) as school_id
                        from roles_of(:actor) m
                        where m.role = 'board'
                           or (m.role = 'administrator' and belongs_to_school_alone(a.id, m.school_id))
                        having count(*) > 0) r
    where a.id = :account_id and a.id <> :actor and a.closed_at is null
      -- Accounts have no school to be fenced by: the fence is that of what ties them to one.
      and (todoke_whole_city() or exists (select from staff_roles s where s.account_id = a.id)
           or exists (select from guardianships g where g.account_id = a.id))
), apps as (
    delete from totp t using target g where t.account_id = g.id
), codes as (
    delete from recovery_codes c using target g where c.account_id = g.id
), keys as (
    delete from passkeys p using target g where p.account_id = g.id
), chosen as (
    update accounts a set second_factor = false from target g where a.id = g.id
), ended as (
    update sessions s set ended_at = now() from target g where s.account_id = g.id and s.ended_at is null
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'factors_reset', 'account', g.id, g.school_id from target g
)
select g.id, now() as at from target g;

-- The session as it is now, as GET /session gives it.
-- name: factor_session
-- takes: session_id bigint
select * from session_of(:actor, :session_id);
