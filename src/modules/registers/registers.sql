-- The register (出席簿): sums and marks of a class, corrections by hand, closures.

-- name: register_show
-- takes: class_id bigint, first_day date, last_day date
with seen as materialized (
    select c.id from classes c where c.id = :class_id and works_in_class(:actor, c.id)
)
select null as outcome, s.id as student_id, s.number, s.family_name, s.given_name, s.family_kana, s.given_kana, s.code,
       t.school_days, t.suspended, t.due, t.absent, t.attended, t.late, t.leave_early, t.marks
from seen
cross join lateral register_totals(seen.id, :first_day, :last_day) t
cross join lateral child_in_register(t.student_id) s
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by number, student_id;

-- The days of the register, for its head: which are days of school, closed, called.
-- name: register_head
-- takes: class_id bigint, first_day date, last_day date
with seen as materialized (
    select c.id, c.school_id, c.grade from classes c where c.id = :class_id and works_in_class(:actor, c.id)
)
select null as outcome, d.day, closure_on(seen.school_id, seen.grade, seen.id, d.day) is not null as closed,
       exists (select from roll_calls r where r.class_id = seen.id and r.day = d.day and r.done_at is not null) as called
from seen
cross join lateral (select x as day from school_days(seen.school_id, seen.grade, :first_day, :last_day) x) d
union all
select 'not_found', null, null, null
where not exists (select from seen)
order by day;

-- What is not plain attendance, a row for each child and day: for the school-affairs system.
-- name: register_days
-- takes: class_id bigint, first_day date, last_day date
with seen as materialized (
    select c.id, c.grade, c.name from classes c where c.id = :class_id and works_in_class(:actor, c.id)
)
select null as outcome, r.day, seen.grade, seen.name as class_name, s.number, s.code, s.family_name || ' ' || s.given_name as student_name,
       m.label as mark, m.external_code as mark_code, r.late, r.leave_early
from seen
cross join lateral register_of(seen.id, :first_day, :last_day) r
cross join lateral child_in_register(r.student_id) s
left join marks m on m.code = r.mark
where r.mark is not null or r.late or r.leave_early
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by day, number;

-- Each day that is written by hand is a row that stays; the same once more adds none.
-- name: register_correct
-- write
-- takes: student_id bigint, day date, automatic bool, mark text, late bool, leave_early bool, note text
with target as materialized (
    select s.id, s.school_id,
           case when :day > today() then 'future_day'
                when :day < today() - 400 then 'too_old'
                when class_on(s.id, :day) is null then 'other_school'
                when :mark is not null and not exists (select from marks m where m.code = :mark and m.counts_as in ('absent', 'suspended'))
                     then 'validation' end as outcome
    from students s
    where s.id = :student_id and may_act_for(:actor, s.id)
), newest as materialized (
    select f.* from register_corrections f join target t on t.id = f.student_id where f.day = :day order by f.id desc limit 1
), written as (
    insert into register_corrections (school_id, student_id, day, automatic, mark, late, leave_early, note, made_by)
    select t.school_id, t.id, :day, coalesce(:automatic, false), :mark, coalesce(:late, false), coalesce(:leave_early, false),
           nullif(btrim(:note), ''), :actor
    from target t
    where t.outcome is null
      and not exists (select from newest n
                      where (n.automatic, n.mark, n.late, n.leave_early, n.note) is not distinct from
                            (coalesce(:automatic, false), :mark, coalesce(:late, false), coalesce(:leave_early, false), nullif(btrim(:note), '')))
    returning id, made_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'register_corrected', 'student', t.id, t.school_id, jsonb_build_object('day', :day)
    from target t
    where t.outcome is null
)
select t.outcome, coalesce(w.id, n.id) as id, coalesce(w.made_at, n.made_at) as at
from target t
left join written w on true
left join newest n on true;

-- name: register_corrections_of
-- takes: student_id bigint, day date
with seen as materialized (
    select s.id, s.school_id from students s
    where s.id = :student_id and (works_in_class(:actor, s.class_id) or works_in_class(:actor, s.exchange_class_id))
)
select null as outcome, f.id, f.automatic, f.mark, f.late, f.leave_early, f.note, f.made_at,
       a.family_name || ' ' || a.given_name as made_by
from seen
join register_corrections f on f.student_id = seen.id and f.day = :day
left join accounts a on a.id = f.made_by
union all
select 'not_found', null, null, null, null, null, null, null, null
where not exists (select from seen)
order by id desc;

-- ---- closures ----

-- name: closure_make
-- write
-- takes: school_id bigint, grade int, class_id bigint, first_day date, last_day date, cause text, note text
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), target as materialized (
    select s.id as school_id, c.id as class_id,
           case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when :class_id is not null and c.id is null then 'validation'
                when :last_day < :first_day or :last_day - :first_day > 61 or :first_day < today() - 31 or :first_day > today() + 60
                     then 'validation'
                when exists (select from closures o
                             where o.school_id = s.id and o.ended_at is null and o.first_day <= :last_day and o.last_day >= :first_day
                               and o.class_id is not distinct from c.id and o.grade is not distinct from :grade) then 'already_closed'
           end as outcome
    from schools s
    left join classes c on c.id = :class_id and c.school_id = s.id and c.school_year = school_year()
    where s.id = :school_id and works_for_school(:actor, s.id) and exists (select from classes x where x.school_id = s.id)
), written as (
    insert into closures (school_id, grade, class_id, first_day, last_day, cause, note, made_by, changed_by)
    select t.school_id, :grade, t.class_id, :first_day, :last_day, :cause, nullif(btrim(:note), ''), :actor, :actor
    from target t
    where t.outcome is null
    returning id, version, made_at, school_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'closure_made', 'closure', w.id, w.school_id from written w
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.made_at)
    from written w
)
select nullif(t.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version,
       coalesce(w.made_at, (k.answer ->> 'at')::timestamptz) as at
from target t
left join written w on true
left join known k on k.same;

-- name: closure_change
-- write
-- takes: id bigint, version int, first_day date, last_day date, cause text, note text, ended bool
with target as materialized (
    select c.*,
           case when c.ended_at is not null then case when :ended then 'known' else 'already_ended' end
                when c.version <> :version then 'stale_version'
                when :last_day < :first_day or :last_day - :first_day > 61 then 'validation' end as outcome
    from closures c
    where c.id = :id and works_for_school(:actor, c.school_id)
    for update
), written as (
    update closures c
    set first_day = :first_day, last_day = :last_day, cause = :cause, note = nullif(btrim(:note), ''),
        ended_at = case when :ended then now() end, changed_by = :actor, changed_at = now(), version = c.version + 1
    from target t
    where c.id = t.id and t.outcome is null
    returning c.id, c.version, c.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, case when :ended then 'closure_taken_back' else 'closure_changed' end, 'closure', t.id, t.school_id,
           jsonb_build_object('version', w.version)
    from written w
    join target t on t.id = w.id
)
select nullif(t.outcome, 'known') as outcome, t.id, coalesce(w.version, t.version) as version, coalesce(w.changed_at, t.changed_at) as at
from target t
left join written w on true;

-- name: closures_of_school
-- takes: school_id bigint
with seen as materialized (
    select s.id from schools s
    where s.id = :school_id and (is_city(:actor) or exists (select from roles_of(:actor) r where r.school_id = s.id))
      and (todoke_whole_city() or s.id = any (todoke_schools()))
)
select null as outcome, c.id, c.school_id, c.grade, c.class_id, c.first_day, c.last_day, c.cause, c.note, c.made_at, c.ended_at, c.version
from seen
join closures c on c.school_id = seen.id and c.last_day >= today() - 400
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by first_day desc, id desc;

-- What a guardian's children need not attend, today or later.
-- name: children_closures
select s.id as student_id, c.id, c.first_day, c.last_day, c.cause, c.note
from children_of(:actor) mine
join students s on s.id = mine.student_id and s.left_on is null
join classes k on k.id = s.class_id
join closures c on c.school_id = s.school_id and c.ended_at is null and c.last_day >= today()
                and (c.class_id is null or c.class_id = k.id) and (c.grade is null or c.grade = k.grade)
where mine.may_read
order by c.first_day, s.id;

-- name: closures_changed
-- internal
-- takes: ids bigint[]
select c.id, c.school_id, c.grade, c.class_id, c.first_day, c.last_day, c.cause, c.note, c.ended_at, c.version
from closures c
where c.id = any (:ids);

-- name: closures_in_school
-- gather internal
-- takes: key bigint
select i.ord, c.id, c.school_id, c.grade, c.class_id, c.first_day, c.last_day, c.cause, c.note, c.ended_at, c.version
from unnest(:key) with ordinality as i (key, ord)
join closures c on c.school_id = i.key and c.ended_at is null and c.last_day >= today();
