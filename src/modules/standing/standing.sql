-- Children who are away for long.

-- name: standing_new
-- write
-- takes: student_id bigint, first_day date, last_day date, reason_id bigint, note text
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), target as materialized (
    select s.id, s.school_id, r.id as known_reason,
           coalesce(:last_day, make_date(extract(year from :first_day - interval '3 months')::int + 1, 3, 31)) as last_day
    from students s
    left join reasons r on r.id = :reason_id and r.active and (r.school_id is null or r.school_id = s.school_id)
    where s.id = :student_id and s.left_on is null and may_act_for(:actor, s.id)
), judged as materialized (
    select t.*,
           case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when :first_day < today() - 400 or t.last_day < :first_day or t.last_day - :first_day >= 400
                     or (:reason_id is not null and t.known_reason is null) then 'validation'
                when exists (select from standing_absences o
                             where o.student_id = t.id and o.ended_at is null
                               and o.first_day <= t.last_day and o.last_day >= :first_day) then 'already_standing' end as outcome
    from target t
), written as (
    insert into standing_absences (school_id, student_id, first_day, last_day, reason_id, note, made_by, changed_by)
    select j.school_id, j.id, :first_day, j.last_day, j.known_reason, nullif(btrim(:note), ''), :actor, :actor
    from judged j
    where j.outcome is null
    returning id, student_id, school_id, version, made_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'standing_made', 'student', w.student_id, w.school_id, jsonb_build_object('standing_id', w.id)
    from written w
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.made_at)
    from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version,
       coalesce(w.made_at, (k.answer ->> 'at')::timestamptz) as at
from judged j
left join written w on true
left join known k on k.same;

-- The same values once more answer what is there.
-- name: standing_change
-- write
-- takes: id bigint, version int, first_day date, last_day date, reason_id bigint, note text, ended bool
with target as materialized (
    select t.* from standing_absences t where t.id = :id and may_act_for(:actor, t.student_id) for update
), judged as materialized (
    select t.id, t.student_id, t.school_id, t.version, t.changed_at, r.id as known_reason,
           case when t.ended_at is not null then case when :ended then 'known' else 'already_ended' end
                when t.version <> :version then 'stale_version'
                when :first_day < today() - 400 or :last_day < :first_day or :last_day - :first_day >= 400
                     or (:reason_id is not null and r.id is null) then 'validation'
                when not coalesce(:ended, false) and exists (
                     select from standing_absences o
                     where o.student_id = t.student_id and o.id <> t.id and o.ended_at is null
                       and o.first_day <= :last_day and o.last_day >= :first_day) then 'already_standing' end as outcome
    from target t
    left join reasons r on r.id = :reason_id and (r.active or r.id = t.reason_id) and (r.school_id is null or r.school_id = t.school_id)
), written as (
    update standing_absences t
    set first_day = :first_day, last_day = :last_day, reason_id = j.known_reason, note = nullif(btrim(:note), ''),
        changed_by = :actor, changed_at = now(), version = t.version + 1,
        ended_by = case when :ended then :actor end, ended_at = case when :ended then now() end
    from judged j
    where t.id = j.id and j.outcome is null
    returning t.id, t.version, t.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, case when :ended then 'standing_taken_back' else 'standing_changed' end, 'student', j.student_id, j.school_id,
           jsonb_build_object('standing_id', w.id, 'version', w.version)
    from written w
    join judged j on j.id = w.id
)
select nullif(j.outcome, 'known') as outcome, j.id, coalesce(w.version, j.version) as version,
       coalesce(w.changed_at, j.changed_at) as at
from judged j
left join written w on true;

-- name: standing_of_student
-- takes: student_id bigint
with seen as materialized (
    select s.id from students s where s.id = :student_id and may_read_reports(:actor, s.id)
)
select null as outcome, r.*
from seen
join standing_rows r on r.student_id = seen.id
union all
select 'not_found', null::bigint, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by first_day desc, id desc;

-- ---- live: those that hold today or later, of children who are still there ----

-- name: standing_rows_changed
-- internal
-- takes: ids bigint[]
select r.* from standing_rows r where r.id = any (:ids);

-- name: standing_in_class
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join standing_rows r on r.class_id = i.key or r.exchange_class_id = i.key
join students s on s.id = r.student_id and (s.left_on is null or s.left_on >= today())
where r.last_day >= today() and r.ended_at is null;

-- name: standing_in_school
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join standing_rows r on r.school_id = i.key
join students s on s.id = r.student_id and (s.left_on is null or s.left_on >= today())
where r.last_day >= today() and r.ended_at is null;

-- name: standing_for_student
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join standing_rows r on r.student_id = i.key
join students s on s.id = r.student_id and (s.left_on is null or s.left_on >= today())
where r.last_day >= today() and r.ended_at is null;
