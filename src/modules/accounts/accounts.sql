-- Registration, recovery, and one's own account. What runs before there is a session is public, reviewed one by one, and
-- reaches tables through functions alone (schema/functions/56_registration.sql): by a token of 244 random bits, or a code.

-- ---- registration ----

-- name: registration_begin
-- public write
-- takes: code text, email text, network bytea
select r.outcome, r.retry_after, r.token, r.by_mail, r.expires_at
from registration_start(:code, :email, :network) r;

-- name: registration_resend
-- public write
-- takes: token text, network bytea
select r.outcome, r.retry_after from verification_again(:token, 'registration', :network) r;

-- name: registration_confirm
-- public write
-- takes: token text, mail_code text, network bytea
select r.outcome, r.retry_after, r.tries_left from verification_confirm(:token, 'registration', :mail_code, :network) r;

-- name: registration_look
-- public write
-- takes: token text, consent_version text
select coalesce(r.outcome, case when not r.done and :consent_version is distinct from terms_current() then 'terms_changed' end) as outcome,
       r.done, r.password_hash, r.login_id, r.email, r.city_name, r.school_name
from verification_look(:token, 'registration') r;

-- name: registration_end
-- public write
-- takes: token text, family_name text, given_name text, family_kana text, given_kana text, relation text, consent_version text, language text, password_hash text, token_sha256 bytea, device text
select r.outcome, r.account_id, r.login_id, r.family_name_is as family_name, r.given_name_is as given_name, r.student_id
from registration_finish(:token, :family_name, :given_name, :family_kana, :given_kana, :relation, :consent_version, :language,
                         :password_hash, :token_sha256, :device) r;

-- name: registration_resume
-- public write
-- takes: token text, token_sha256 bytea, device text
select r.account_id, r.login_id, r.family_name, r.given_name, r.student_id
from verification_resume(:token, 'registration', :token_sha256, :device) r;

-- ---- recovery ----

-- name: recovery_begin
-- public write
-- takes: login text, code text, network bytea
select r.outcome, r.retry_after, r.token, r.by_mail, r.expires_at
from recovery_start(:login, :code, :network) r;

-- name: recovery_resend
-- public write
-- takes: token text, network bytea
select r.outcome, r.retry_after from verification_again(:token, 'recovery', :network) r;

-- name: recovery_confirm
-- public write
-- takes: token text, mail_code text, network bytea
select r.outcome, r.retry_after, r.tries_left, r.login_id from verification_confirm(:token, 'recovery', :mail_code, :network) r;

-- name: recovery_look
-- public write
-- takes: token text
select r.outcome, r.done, r.password_hash, r.login_id, r.email, r.family_name, r.given_name, r.city_name, r.school_name
from verification_look(:token, 'recovery') r;

-- name: recovery_end
-- public write
-- takes: token text, password_hash text, token_sha256 bytea, device text
select r.outcome, r.account_id, r.login_id, r.family_name, r.given_name
from recovery_finish(:token, :password_hash, :token_sha256, :device) r;

-- name: recovery_resume
-- public write
-- takes: token text, token_sha256 bytea, device text
select r.account_id, r.login_id, r.family_name, r.given_name
from verification_resume(:token, 'recovery', :token_sha256, :device) r;

-- ---- one's own account ----

-- name: account_show
select a.id as account_id, a.login_id, a.family_name, a.given_name, a.family_kana, a.given_kana, a.email,
       (select v.email from verifications v
        where v.account_id = a.id and v.purpose = 'email' and v.done_at is null and v.expires_at > now()
        order by v.id desc limit 1) as email_pending,
       a.language, a.password_hash is not null as has_password, a.second_factor, a.consent_version, a.consented_at, a.made_at
from accounts a
where a.id = :actor;

-- name: account_names_change
-- write
-- takes: family_name text, given_name text, family_kana text, given_kana text
with changed as materialized (
    select a.* from account_rename(:actor, :actor, null, :family_name, :given_name, :family_kana, :given_kana) a
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select :actor, 'account_names_changed', 'account', c.id from changed c
)
select family_name, given_name, family_kana, given_kana from changed;

-- name: account_language_change
-- write
-- takes: language text
update accounts set language = :language where id = :actor returning language;

-- Ten tries in 15 minutes, right or wrong, whatever the password is asked for.
-- name: account_password_ask
-- write
-- takes: session_id bigint
select nullif(limit_hit('passwords', account_key(:actor), 10, '15 minutes'), 0) as retry_after,
       a.login_id, a.email, a.family_name, a.given_name, a.password_hash, (select c.name from city c) as city_name,
       a.password_hash is null and s.factors = 2 as may_set_first
from accounts a
cross join lateral (select max(s.factors) as factors from sessions s where s.id = :session_id) s
where a.id = :actor;

-- The session goes on with a new token; every other one ends.
-- name: account_password_change
-- write
-- takes: session_id bigint, password_hash text, new_token_sha256 bytea
with changed as (
    update accounts a
    set password_hash = :password_hash
    where a.id = :actor
    returning a.id, a.email, a.login_id
), renewed as (
    update sessions s
    set token_sha256 = :new_token_sha256, next_sha256 = null, token_at = now()
    where s.id = :session_id and s.account_id = :actor and s.ended_at is null
), ended as (
    update sessions s
    set ended_at = now()
    where s.account_id = :actor and s.id <> :session_id and s.ended_at is null
), recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select :actor, 'password_changed', 'account', c.id from changed c
)
select c.id, case when c.email is not null
                  then mail_say(c.email, 'password_set', jsonb_build_object('login', c.login_id), c.id) end as mail
from changed c;

-- name: email_change_start
-- write
-- takes: session_id bigint, email text
select e.outcome, e.retry_after, e.old_code_due, e.expires_at
from email_change_begin(:actor, :email, coalesce((select s.factors = 2 from sessions s where s.id = :session_id), false)) e;

-- name: email_change_confirm
-- write
-- takes: session_id bigint, mail_code text, old_mail_code text
select e.outcome, e.retry_after, e.which, e.tries_left, e.email
from email_change_finish(:actor, :session_id, :mail_code, :old_mail_code) e;

-- name: email_change_give_up
-- write
update verifications
set done_at = now()
where account_id = :actor and purpose in ('email', 'email_old') and done_at is null;

-- name: email_change_undo
-- public write
-- takes: code text, network bytea
select e.outcome, e.retry_after from email_change_stop(:code, :network) e;

-- ---- one's children ----

-- name: account_children
select c.student_id, c.school_id, c.school_name, c.school_phone, c.grade, c.class_name, c.family_name, c.given_name, c.relation,
       c.rights, c.guardians, c.guardians_max, c.others, c.may_invite, c.valid_to
from children_linked(:actor) c;

-- name: account_child_add
-- write
-- takes: code text, relation text
select c.outcome, c.retry_after, c.student_id, c.school_name, c.family_name, c.given_name, c.already
from child_add(:actor, :code, :relation) c;
