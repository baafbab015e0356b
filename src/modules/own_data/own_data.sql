-- What is stored about somebody, what they agreed to, and leaving.

-- name: terms_show
-- public
select t.version, t.published_at, t.changes, t.body
from terms t
where t.version = terms_current();

-- name: terms_publish
-- write
-- takes: version text, changes text, body text
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), judged as materialized (
    select case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when :version <= terms_current() then 'old_version' end as outcome
    where is_city(:actor)
), written as (
    insert into terms (version, published_by, changes, body)
    select :version, :actor, nullif(btrim(:changes), ''), :body
    from judged
    where outcome is null
    returning version, published_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, detail)
    select :actor, 'terms_published', 'city', 1, jsonb_build_object('version', w.version)
    from written w
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('version', w.version, 'at', w.published_at)
    from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.version, k.answer ->> 'version') as version,
       coalesce(w.published_at, (k.answer ->> 'at')::timestamptz) as published_at
from judged j
left join written w on true
left join known k on k.same;

-- Agreeing twice is agreeing once.
-- name: consent_give
-- write
-- takes: version text
with judged as materialized (
    select a.id, a.consent_version = :version as known,
           case when :version is distinct from terms_current() then 'terms_changed' end as outcome
    from accounts a
    where a.id = :actor
), written as (
    update accounts a
    set consent_version = :version, consented_at = now()
    from judged j
    where a.id = j.id and j.outcome is null and j.known is not true
    returning a.consented_at
)
select j.outcome, terms_current() as version, coalesce(w.consented_at, a.consented_at) as consented_at
from judged j
join accounts a on a.id = j.id
left join written w on true;

-- name: own_data_show
-- takes: session_id bigint
select * from own_data_of(:actor, :session_id);

-- name: own_data_file
-- takes: session_id bigint
select jsonb_pretty(jsonb_build_object('system', '届け', 'made_at', now(), 'about_this_file',
                                       'この届けに保存されている、あなたについての情報のすべてです。') || to_jsonb(o)) as file
from own_data_of(:actor, :session_id) o;

-- name: own_proof
select a.password_hash, l.locked, l.retry_after, exists (select from roles_of(a.id)) as still_staff
from accounts a
cross join lateral password_locked(a.login_id) l
where a.id = :actor;

-- Counted where failed sign-ins are: guessing here is no cheaper.
-- name: own_proof_failed
-- write
select f.locked, f.retry_after
from accounts a
cross join lateral password_failed(a.id, a.login_id) f
where a.id = :actor;

-- name: own_erase
-- write
with left_by as materialized (select account_leave(:actor) as id)
select c.*
from left_by l
cross join lateral erasure_certificate(l.id) c;

-- name: erasures_list
-- takes: before bigint
select c.*
from (select e.id from erasures e
      where is_city(:actor) and (:before is null or e.id < :before)
      order by e.id desc
      limit 50) e
cross join lateral erasure_certificate(e.id) c
order by c.id desc;

-- name: erasure_show
-- takes: id bigint
select c.*
from erasures e
cross join lateral erasure_certificate(e.id) c
where e.id = :id and is_city(:actor);

-- name: erasure_prepare
-- write
-- takes: school_id bigint, years int
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), judged as materialized (
    select case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when :school_id is not null and not exists (select from schools s where s.id = :school_id)
                    then 'not_found' end as outcome
    where is_city(:actor)
)
select nullif(j.outcome, 'known') as outcome,
       case when j.outcome is null
            then erasure_make(:actor, :school_id, coalesce(:years, 5), :idempotency_key, :fingerprint)
            else (k.answer ->> 'id')::bigint end as id
from judged j
left join known k on k.same;

-- name: erasure_apply
-- write
-- takes: id bigint
with known as materialized (
    select e.id, case e.state when 'discarded' then 'discarded' end as outcome
    from erasures e
    where e.id = :id and is_city(:actor)
), stepped as materialized (
    select k.id, k.outcome, case when k.outcome is null then erasure_step(k.id, :actor, 100) end as left
    from known k
)
select s.outcome, s.id, coalesce(s.left, 0) as left
from stepped s;

-- name: erasure_discard
-- write
-- takes: id bigint
with known as materialized (
    select e.id, e.school_id,
           case e.state when 'prepared' then null when 'discarded' then 'known' else 'already_applied' end as outcome
    from erasures e
    where e.id = :id and is_city(:actor)
    for update
), written as (
    update erasures e
    set state = 'discarded'
    from known k
    where e.id = k.id and k.outcome is null
    returning e.id
), emptied as (
    delete from erasure_students m using written w where m.erasure_id = w.id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'erasure_discarded', 'erasure', k.id, k.school_id
    from known k
    join written w on w.id = k.id
)
select nullif(k.outcome, 'known') as outcome, k.id from known k;
