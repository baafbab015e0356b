-- Signing in and out. The statements that run before a session exists are public: they are reviewed one by one.

-- One row whatever the login id: an account that does not exist looks, and costs, the same as one that does.
-- name: account_by_login
-- public
-- takes: login_id text
select a.id as account_id, a.password_hash, coalesce(t.locked_until > now(), false) as locked,
       ceil(greatest(extract(epoch from t.locked_until - now()), 0))::int as retry_after
from (select login_normal(:login_id) as typed) i
left join accounts a on (a.login_id = i.typed or a.email = i.typed) and a.closed_at is null
left join login_attempts t on t.login_sha256 = sha256(convert_to(coalesce(a.login_id, i.typed), 'UTF8'));

-- Ten failures lock for 15 minutes, the next ten for 30, and so on up to a day.
-- name: login_failed
-- public write
-- takes: login_id text
with typed as (
    select a.id, coalesce(a.login_id, i.typed) as login_id
    from (select login_normal(:login_id) as typed) i
    left join accounts a on (a.login_id = i.typed or a.email = i.typed) and a.closed_at is null
), failed as (
    insert into login_attempts as t (login_sha256, failures)
    select sha256(convert_to(y.login_id, 'UTF8')), 1 from typed y
    on conflict (login_sha256) do update
    set failures = case when t.failures >= 9 then 0 else t.failures + 1 end,
        locks = t.locks + (t.failures >= 9)::int,
        locked_until = case when t.failures >= 9
                            then now() + least(interval '15 minutes' * (1 << least(t.locks, 7)), interval '1 day')
                            else t.locked_until end,
        last_at = now()
    returning locked_until, failures
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select y.id, 'login_locked', 'account', y.id
    from failed f, typed y
    where f.failures = 0 and y.id is not null
)
select coalesce(locked_until > now(), false) as locked,
       ceil(greatest(extract(epoch from locked_until - now()), 0))::int as retry_after
from failed;

-- Opens the session, forgets the failures, and answers what GET /session answers. Staff: 12 hours; guardians: 90 days.
-- name: session_open
-- public write
-- takes: account_id bigint, token_sha256 bytea, device text
with person as (
    select a.id, a.login_id, a.family_name, a.given_name, session_roles(a.id) as roles, x.role_bits
    from accounts a
    left join access_of(array[:account_id]) x on x.account_id = a.id
    where a.id = :account_id and a.closed_at is null
), opened as (
    insert into sessions (token_sha256, account_id, expires_at, device, factors)
    select :token_sha256, p.id,
           now() + case when p.roles = '[]' then interval '90 days' else interval '12 hours' end, left(:device, 200), 2
    from person p
    returning id
), seen as (
    update accounts a
    set last_signed_in_at = now()
    from person p
    where a.id = p.id
), forgotten as (
    delete from login_attempts t
    using person p
    where t.login_sha256 = sha256(convert_to(p.login_id, 'UTF8'))
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select p.id, 'session_opened', 'session', o.id
    from person p, opened o
    where p.roles <> '[]'
)
select p.id as account_id, p.family_name, p.given_name, p.roles, coalesce(p.role_bits & 1, 0) = 1 as is_guardian,
       today() as today, exists (select from demo_accounts) as demo,
       consent_due(p.id, coalesce(p.role_bits & 1, 0) = 1) as consent_due
from person p, opened o;

-- name: session_show
select a.id as account_id, a.family_name, a.given_name, session_roles(a.id) as roles,
       exists (select from children_of(:actor)) as is_guardian, today() as today,
       exists (select from demo_accounts) as demo,
       consent_due(a.id, exists (select from children_of(:actor))) as consent_due
from accounts a
where a.id = :actor;

-- name: session_close
-- write
-- takes: session_id bigint
update sessions
set ended_at = now()
where id = :session_id and account_id = :actor and ended_at is null
returning id;

-- name: demo_accounts_list
-- public
select d.label, d.login_id, d.password, d.role
from demo_accounts d
order by d.sort;
