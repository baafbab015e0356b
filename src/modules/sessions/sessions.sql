-- Signing in and out. The statements that run before a session exists are public: they are reviewed one by one.

-- One row whatever the login id: an account that does not exist looks, and costs, the same as one that does.
-- name: account_by_login
-- public
-- takes: login_id text, network bytea
select a.id as account_id, a.password_hash, l.locked, l.retry_after,
       n.retry_after > 0 as network_full, n.retry_after as network_retry_after,
       exists (select from sessions s where s.account_id = a.id and s.network_sha256 = :network) as familiar
from (select login_normal(:login_id) as typed) i
left join accounts a on (a.login_id = i.typed or a.email = i.typed) and a.closed_at is null
cross join lateral password_locked(coalesce(a.login_id, i.typed)) l
cross join limit_wait('failed sign-ins', :network, 300, '15 minutes') as n (retry_after);

-- Counted for the account, or what was typed where there is none, and for the network.
-- name: login_failed
-- public write
-- takes: login_id text, network bytea
select f.locked, f.retry_after, limit_hit('failed sign-ins', :network, 300, '15 minutes') as network_retry_after
from (select login_normal(:login_id) as typed) i
left join accounts a on (a.login_id = i.typed or a.email = i.typed) and a.closed_at is null
cross join lateral password_failed(a.id, coalesce(a.login_id, i.typed)) f;

-- name: session_open
-- public write
-- takes: account_id bigint, new_token_sha256 bytea, device text, factors smallint, shared bool, network bytea
select a.id as account_id, l.locked, l.retry_after,
       case when not l.locked
            then session_begin(a.id, :new_token_sha256, :device, :factors, :shared, :network) end as session_id
from accounts a
cross join lateral password_locked(a.login_id) l
where a.id = :account_id;

-- The password once more, within a session: ten tries in 15 minutes, right or wrong, wherever a session asks for it, and the lock of
-- failed sign-ins.
-- name: proof_ask
-- write
select a.password_hash, greatest(l.retry_after, limit_hit('passwords', account_key(a.id), 10, '15 minutes')) as retry_after
from accounts a
cross join lateral password_locked(a.login_id) l
where a.id = :actor;

-- Counted where failed sign-ins are: guessing here is no cheaper.
-- name: proof_failed
-- write
select f.locked, f.retry_after
from accounts a
cross join lateral password_failed(a.id, a.login_id) f
where a.id = :actor;

-- name: proof_given
-- write
-- takes: session_id bigint, new_token_sha256 bytea
select a.id as account_id, l.locked, l.retry_after,
       case when not l.locked then session_prove(:session_id, a.id, :new_token_sha256) end as session_id
from accounts a
cross join lateral password_locked(a.login_id) l
where a.id = :actor;

-- name: session_show
-- takes: session_id bigint
select * from session_of(:actor, :session_id);

-- A long session's token is a day old: the next one is handed out. Until it is seen, both are good.
-- name: session_next
-- write
-- takes: session_id bigint, token_sha256 bytea, next_sha256 bytea
update sessions
set next_sha256 = :next_sha256
where id = :session_id and account_id = :actor and token_sha256 = :token_sha256
  and token_at < now() - interval '1 day' and expires_at > now() + interval '1 day'
returning id;

-- name: session_close
-- write
-- takes: session_id bigint
update sessions
set ended_at = now()
where id = :session_id and account_id = :actor and ended_at is null
returning id;

-- name: sessions_list
-- takes: session_id bigint
select s.id, device_system(s.device) as system, device_browser(s.device) as browser, s.created_at, s.last_seen_at,
       s.expires_at, s.shared, s.id = :session_id as is_this
from sessions s
where s.account_id = :actor and s.ended_at is null and s.expires_at > now()
order by s.id = :session_id desc, s.last_seen_at desc;

-- name: session_end
-- write
-- takes: id bigint
update sessions
set ended_at = now()
where id = :id and account_id = :actor and ended_at is null
returning id;

-- name: sessions_end_others
-- write
-- takes: session_id bigint
with ended as (
    update sessions
    set ended_at = now()
    where account_id = :actor and id <> :session_id and ended_at is null and expires_at > now()
    returning id
)
select count(*)::int as ended from ended;

-- name: demo_accounts_list
-- public
select d.label, d.login_id, d.password, d.role, d.totp, null::text as code
from demo_accounts d
order by d.sort;
