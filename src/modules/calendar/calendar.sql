-- The calendar: entries of the city and of schools. Which days are days of school follows from them (schema/functions/36_calendar.sql).

-- The city's entries stand in a school's list, where they are for its kind; national holidays have no id.
-- name: calendar_of_school
-- takes: school_id bigint
with allowed as materialized (
    select s.id, s.kind from schools s where s.id = :school_id and may_see_settings(:actor, s.id::int)
)
select null as outcome, e.id, e.school_id, e.school_kind, e.grades, e.first_day, e.last_day, e.kind, e.label, e.version
from allowed a
join calendar_entries e on e.school_id = a.id or (e.school_id is null and (e.school_kind is null or e.school_kind = a.kind))
union all
select null, null, null, null, null, h.day, h.day, 'national', h.name, null from allowed a cross join national_holidays h
union all
select 'not_found', null, null, null, null, null, null, null, null, null where not exists (select from allowed)
order by first_day, last_day, id;

-- name: calendar_of_city
select e.id, e.school_kind, e.grades, e.first_day, e.last_day, e.kind, e.label, e.version
from calendar_entries e
where e.school_id is null and is_city(:actor)
union all
select null, null, null, h.day, h.day, 'national', h.name, null from national_holidays h where is_city(:actor)
order by first_day, last_day, id;

-- What differs from Monday to Friday for a guardian's children, as far ahead as reports go.
-- A closure stands before the calendar.
-- name: children_days
-- gather
with child as materialized (
    select i.ord, st.id as student_id, st.school_id, st.class_id, c.grade
    from unnest(:actor) with ordinality as i (actor, ord)
    join lateral children_of(i.actor) mine on true
    join students st on st.id = mine.student_id and st.left_on is null
    join classes c on c.id = st.class_id
), closed as materialized (
    select distinct on (m.ord, m.student_id, d.day) m.ord, m.student_id, d.day::date as day, closure_word(k) as label
    from child m
    join closures k on k.school_id = m.school_id and k.ended_at is null and k.last_day >= today()
                    and (k.class_id is null or k.class_id = m.class_id) and (k.grade is null or k.grade = m.grade)
    cross join lateral generate_series(greatest(k.first_day, today()), least(k.last_day, today() + 91), interval '1 day') d (day)
    order by m.ord, m.student_id, d.day, k.id
)
select m.ord, m.student_id, x.day, x.is_school, x.label
from child m
join school_day_exceptions x on x.school_id = m.school_id and x.grade = m.grade and x.day between today() and today() + 91
where not exists (select from closed k where (k.ord, k.student_id, k.day) = (m.ord, m.student_id, x.day))
union all
select k.ord, k.student_id, k.day, false, k.label from closed k
order by ord, student_id, day;

-- name: calendar_make
-- write
-- takes: school_id bigint, school_kind text, grades bigint[], first_day date, last_day date, kind text, label text
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), judged as materialized (
    select case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when not coalesce(:grades <@ '{1,2,3,4,5,6,7,8,9}'::bigint[], true) or btrim(:label) = '' then 'validation' end as outcome
    where may_keep_settings(:actor, :school_id::int) and in_view(:school_id::int)
), written as (
    insert into calendar_entries (school_id, school_kind, grades, first_day, last_day, kind, label, changed_by)
    select :school_id::int, :school_kind, :grades::smallint[], :first_day, coalesce(:last_day, :first_day), :kind, btrim(:label), :actor
    from judged j
    where j.outcome is null
    returning id, school_id, version, first_day, last_day, kind, changed_at
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.changed_at) from written w
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'calendar_made', 'calendar_entry', w.id, w.school_id,
           jsonb_build_object('kind', w.kind, 'first_day', w.first_day, 'last_day', w.last_day)
    from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version, coalesce(w.changed_at, (k.answer ->> 'at')::timestamptz) as at
from judged j
left join written w on true
left join known k on k.same;

-- name: calendar_edit
-- write
-- takes: entry_id bigint, version int, school_kind text, grades bigint[], first_day date, last_day date, kind text, label text
with target as materialized (
    select e.* from calendar_entries e where e.id = :entry_id and may_keep_settings(:actor, e.school_id) for update
), judged as materialized (
    select t.id, case when t.version <> :version then 'stale_version'
                      when not coalesce(:grades <@ '{1,2,3,4,5,6,7,8,9}'::bigint[], true) or btrim(:label) = ''
                           or (t.school_id is not null and :school_kind is not null) then 'validation' end as outcome
    from target t
), written as (
    update calendar_entries e
    set school_kind = :school_kind, grades = :grades::smallint[], first_day = :first_day, last_day = coalesce(:last_day, :first_day),
        kind = :kind, label = btrim(:label), changed_by = :actor, changed_at = now(), version = e.version + 1
    from judged j
    where e.id = j.id and j.outcome is null
    returning e.id, e.school_id, e.version, e.first_day, e.last_day, e.kind, e.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'calendar_edited', 'calendar_entry', w.id, w.school_id,
           jsonb_build_object('kind', w.kind, 'first_day', w.first_day, 'last_day', w.last_day,
                              'before', jsonb_build_object('kind', t.kind, 'first_day', t.first_day, 'last_day', t.last_day))
    from written w
    join target t on t.id = w.id
)
select j.outcome, w.id, w.version, w.changed_at as at from judged j left join written w on true;

-- name: calendar_remove
-- write
-- takes: entry_id bigint
with target as materialized (
    select e.* from calendar_entries e where e.id = :entry_id and may_keep_settings(:actor, e.school_id) for update
), removed as (
    delete from calendar_entries e using target t where e.id = t.id returning e.id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'calendar_removed', 'calendar_entry', t.id, t.school_id,
           jsonb_build_object('kind', t.kind, 'first_day', t.first_day, 'last_day', t.last_day)
    from target t
)
select null as outcome, r.id from removed r
union all
select 'not_found', null where not exists (select from target);

-- ---- files ----

-- A school year's entries of a school, or of the city.
-- name: calendar_file
-- takes: school_id bigint, year int
with allowed as materialized (
    select may_keep_settings(:actor, :school_id::int) and in_view(:school_id::int) as yes
)
select case when not a.yes then 'not_found' end as outcome, e.first_day, e.last_day, e.kind, e.school_kind, e.grades, e.label
from allowed a
left join calendar_entries e on a.yes and e.school_id is not distinct from :school_id::int
                            and e.first_day >= make_date(:year, 4, 1) and e.last_day <= make_date(:year + 1, 3, 31)
where not a.yes or e.id is not null
order by e.first_day, e.last_day, e.id;

-- Whether the file need be read at all.
-- name: calendar_import_may
-- takes: school_id bigint
select true as yes where may_keep_settings(:actor, :school_id::int) and in_view(:school_id::int);

-- name: calendar_check
-- takes: school_id bigint, year int, lines text, removes bool, problems text, encoding text
select :encoding as encoding, :problems::jsonb as problems,
        calendar_plan_digest(:school_id::int, :year, :lines::jsonb, coalesce(:removes, false)) as plan,
       (select coalesce(jsonb_agg(to_jsonb(p) - 'entry_id' - 'version' order by p.first_day, p.last_day, p.line), '[]')
        from calendar_plan(:school_id::int, :year, :lines::jsonb, coalesce(:removes, false)) p) as changes
where may_keep_settings(:actor, :school_id::int) and in_view(:school_id::int);

-- Longer ranges first, since the later made wins. What stays as it is is made anew where something longer is laid over it.
-- name: calendar_import
-- write
-- takes: school_id bigint, year int, lines text, removes bool, plan text
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), judged as materialized (
    select case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when calendar_plan_digest(:school_id::int, :year, :lines::jsonb, coalesce(:removes, false)) <> :plan then 'stale_plan' end as outcome
    where may_keep_settings(:actor, :school_id::int) and in_view(:school_id::int)
), step as materialized (
    select p.*
    from judged j
    cross join lateral calendar_plan(:school_id::int, :year, :lines::jsonb, coalesce(:removes, false)) p
    where j.outcome is null
), renewed as materialized (
    select s.*
    from step s
    where s.action in ('added', 'replaced')
       or (s.action = 'same' and exists (select from step o where o.action in ('added', 'replaced')
                                         and o.first_day <= s.first_day and o.last_day >= s.last_day))
), gone as (
    delete from calendar_entries e
    using step s
    where e.id = s.entry_id and (s.action = 'removed' or e.id in (select r.entry_id from renewed r))
    returning e.id
), made as (
    insert into calendar_entries (school_id, school_kind, grades, first_day, last_day, kind, label, changed_by)
    select :school_id::int, r.school_kind, r.grades, r.first_day, r.last_day, r.kind, r.label, :actor
    from renewed r
    order by r.last_day - r.first_day desc, r.line
    returning id
), counted as materialized (
    select count(*) filter (where s.action = 'added')::int as added, count(*) filter (where s.action = 'replaced')::int as replaced,
           count(*) filter (where s.action = 'removed')::int as removed, count(*) filter (where s.action = 'same')::int as same
    from step s
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'calendar_imported', 'school', :school_id, :school_id::int,
           jsonb_build_object('year', :year, 'added', c.added, 'replaced', c.replaced, 'removed', c.removed)
    from judged j
    cross join counted c
    where j.outcome is null
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, to_jsonb(c)
    from judged j
    cross join counted c
    where j.outcome is null
)
select nullif(j.outcome, 'known') as outcome, coalesce((k.answer ->> 'added')::int, c.added) as added,
       coalesce((k.answer ->> 'replaced')::int, c.replaced) as replaced, coalesce((k.answer ->> 'removed')::int, c.removed) as removed,
       coalesce((k.answer ->> 'same')::int, c.same) as same
from judged j
cross join counted c
left join known k on k.same;
