-- Passkeys. A challenge is spent by the statement that it is for, so that none is answered twice.

-- For a new one: whose it will be, and which are there already.
-- name: passkey_owner
-- takes: session_id bigint
select a.login_id, a.family_name || ' ' || a.given_name as display_name,
       coalesce((select string_agg(translate(encode(p.credential_id, 'base64'), E'+/=\n', '-_'), ' ')
                 from passkeys p where p.account_id = a.id), '') as known
from accounts a
where a.id = :actor and may_enrol(:session_id, :actor);

-- name: passkey_add
-- write
-- takes: session_id bigint, new_token_sha256 bytea, challenge_sha256 bytea, credential_id bytea, algorithm int,
--        public_key bytea, sign_count bigint, backup_eligible bool, backed_up bool, aaguid bytea, name text
with spent as (
    insert into spent_challenges (challenge_sha256) values (:challenge_sha256)
    on conflict do nothing
    returning challenge_sha256
), added as (
    insert into passkeys (account_id, credential_id, algorithm, public_key, sign_count, backup_eligible, backed_up, aaguid, name)
    select :actor, :credential_id, :algorithm, :public_key, :sign_count, :backup_eligible, :backed_up, :aaguid, :name
    from spent
    where may_enrol(:session_id, :actor) and (select count(*) from passkeys p where p.account_id = :actor) < 20
    on conflict (credential_id) do nothing
    returning id, account_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select a.account_id, 'passkey_added', 'passkey', a.id from added a
)
select a.id, session_complete(:session_id, a.account_id, :new_token_sha256) as session_id from added a;

-- name: passkeys_list
select p.id, p.name, p.made_at, p.last_used_at, p.backed_up
from passkeys p
where p.account_id = :actor
order by p.id;

-- name: passkey_rename
-- write
-- takes: id bigint, name text
update passkeys set name = :name where id = :id and account_id = :actor returning id, name;

-- One way in must remain; staff also keep a second factor.
-- name: passkey_remove
-- write
-- takes: id bigint
with asked as (
    select p.id,
           case when exists (select from passkeys o where o.account_id = :actor and o.id <> :id) then 'ok'
                when a.password_hash is null then 'last_way_in'
                when coalesce(x.role_bits & 30, 0) <> 0
                     and not exists (select from totp t where t.account_id = :actor and t.sealed is not null) then 'last_factor'
                else 'ok' end as outcome
    from passkeys p
    join accounts a on a.id = p.account_id
    left join access_of(array[:actor]) x on x.account_id = a.id
    where p.id = :id and p.account_id = :actor
), gone as (
    delete from passkeys p using asked q where p.id = q.id and q.outcome = 'ok'
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select :actor, 'passkey_removed', 'passkey', q.id from asked q where q.outcome = 'ok'
)
select outcome, id, now() as at from asked;

-- name: passkey_by_credential
-- public
-- takes: credential_id bytea
select p.id as passkey_id, p.account_id, p.algorithm, p.public_key
from passkeys p
join accounts a on a.id = p.account_id and a.closed_at is null
where p.credential_id = :credential_id;

-- name: passkey_use
-- public write
-- takes: passkey_id bigint, challenge_sha256 bytea, sign_count bigint, backed_up bool, new_token_sha256 bytea, device text,
--        shared bool, network bytea
select u.account_id, session_begin(u.account_id, :new_token_sha256, :device, 2::smallint, :shared, :network) as session_id
from passkey_used(:passkey_id, :challenge_sha256, :sign_count, :backed_up) u (account_id)
where u.account_id is not null;

-- One of the account's own.
-- name: passkey_own
-- takes: credential_id bytea
select p.id as passkey_id, p.account_id, p.algorithm, p.public_key
from passkeys p
where p.credential_id = :credential_id and p.account_id = :actor;

-- name: passkey_prove
-- write
-- takes: session_id bigint, passkey_id bigint, challenge_sha256 bytea, sign_count bigint, backed_up bool, new_token_sha256 bytea
select session_prove(:session_id, u.account_id, :new_token_sha256) as session_id
from passkeys p
cross join lateral passkey_used(p.id, :challenge_sha256, :sign_count, :backed_up) u (account_id)
where p.id = :passkey_id and p.account_id = :actor and u.account_id is not null;

-- The session as it is now, as GET /session gives it.
-- name: passkey_session
-- takes: session_id bigint
select * from session_of(:actor, :session_id);
