-- Reports as lists: for the school's own eyes, as files, and each class's sheet of a day.

-- A page of what fits. `key` is the place of a row in the order that was asked for; the next page begins after the last one's.
-- name: absences_list
-- takes: school_id bigint, from date, to date, grade int, class_id bigint, kind text, reason_id bigint, state text, via text, q text, away text, sort text, after text
with allowed as materialized (
    select absences_may_be_listed(:actor, :school_id, :class_id) as yes
), found as materialized (
    select f.*,
           case :sort
               when 'arrival' then array[-(extract(epoch from f.reported_at) * 1000000)::bigint, -f.id]
               when 'day' then array[f.first_day - date '1970-01-01', f.class_sort, f.class_id, f.number, f.id]
               else array[f.class_sort, f.class_id, f.number, f.student_id, f.first_day - date '1970-01-01', f.id] end as key
    from allowed w
    join absences_found(:actor, :school_id, :from, :to, :grade, :class_id, :kind, :reason_id, :state, :via, :q, :away) f on w.yes
)
select null as outcome, f.id, f.version, f.school_id, f.student_id, f.class_id, f.exchange_class_id, f.grade, f.class_name, f.number, f.family_name,
       f.given_name, f.family_kana, f.given_kana, f.first_day, f.last_day, f.kind, f.arrive_at, f.leave_at, f.reason_id, f.reason,
       f.note, f.symptoms, f.pick_up, f.pick_up_note, f.via, f.reported_at, f.acknowledged_at, f.acknowledged_role, f.cancelled_at,
       f.state, f.away, f.key, (select count(*)::int from found) as total
from (select * from found where :after is null or key > string_to_array(:after, '.')::bigint[] order by key limit 200) f
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
       null, null, null, null, null, null, null, null, null, null, null, null, null
from allowed where not yes
order by key;

-- name: absences_about
-- takes: school_id bigint, from date, to date, grade int, class_id bigint, kind text, reason_id bigint, state text, via text, q text, away text
select d.label, d.text
from absences_described((select s.name from schools s where s.id = :school_id), :from, :to, :grade, :class_id, :kind, :reason_id,
                        :state, :via, :q, :away) d
where absences_may_be_listed(:actor, :school_id, :class_id)
order by d.nth;

-- All of the list. Whoever takes it along is in the audit.
-- name: absences_file
-- write
-- takes: school_id bigint, from date, to date, grade int, class_id bigint, kind text, reason_id bigint, state text, via text, q text, away text, sort text
with allowed as materialized (
    select absences_may_be_listed(:actor, :school_id, :class_id) as yes
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'absences_exported', case when :class_id is null then 'school' else 'class' end, coalesce(:class_id, :school_id), :school_id
    from allowed where yes
)
select null as outcome, f.grade, f.class_name, f.number, f.family_name || ' ' || f.given_name as student_name,
       f.family_kana || ' ' || f.given_kana as student_kana, f.first_day, f.last_day, f.kind, f.arrive_at, f.leave_at, f.reason, f.note,
       f.symptoms, f.pick_up, f.pick_up_note, f.via, f.reported_at, f.state, f.acknowledged_at, f.away,
       case :sort
           when 'arrival' then array[-(extract(epoch from f.reported_at) * 1000000)::bigint, -f.id]
           when 'day' then array[f.first_day - date '1970-01-01', f.class_sort, f.class_id, f.number, f.id]
           else array[f.class_sort, f.class_id, f.number, f.student_id, f.first_day - date '1970-01-01', f.id] end as key
from allowed w
join absences_found(:actor, :school_id, :from, :to, :grade, :class_id, :kind, :reason_id, :state, :via, :q, :away) f on w.yes
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
       null
from allowed where not yes
order by key;

-- The city's reports without a child: no name, no number, no note.
-- name: city_absences
-- write
-- takes: from date, to date, kind text, state text
with allowed as materialized (
    select is_city(:actor) as yes
), recorded as (
    insert into audit (account_id, action, object_kind, detail)
    select :actor, 'city_absences_exported', 'city', jsonb_build_object('from', :from, 'to', :to)
    from allowed where yes
)
select case when not w.yes then 'not_found' end as outcome, sc.name as school, c.grade, c.name as class_name, a.first_day, a.last_day, a.kind,
       r.label as reason, a.via, absence_state(a.cancelled_at, a.acknowledged_at) as state, a.reported_at
from allowed w
left join absences a on w.yes and a.last_day >= :from and a.last_day <= :to + 30 and a.first_day <= :to
                     and (:kind is null or absence_kind_is(a.kind, :kind))
                     and (:state is null or absence_state(a.cancelled_at, a.acknowledged_at) = :state)
left join schools sc on sc.id = a.school_id
left join students s on s.id = a.student_id
left join classes c on c.id = s.class_id
left join reasons r on r.id = a.reason_id
where a.id is not null or not w.yes
order by sc.sort, a.school_id, a.first_day, c.sort, a.id;

-- name: city_absences_about
-- takes: from date, to date, kind text, state text
select d.label, d.text
from absences_described((select c.name || '（すべての学校）' from city c), :from, :to, null, null, :kind, null, :state, null, null, null) d
where is_city(:actor)
order by d.nth;

-- A class's sheet: every child, with the report of the day or what stands for long. Children of another class that join this
-- one (交流学級) stand at its end.
-- name: day_sheet
-- takes: school_id bigint, class_id bigint, day date
with mine as materialized (
    select c.id, c.grade, c.name, c.sort, sc.name as school
    from classes c
    join schools sc on sc.id = c.school_id
    where c.school_id = :school_id and c.school_year = school_year() and (:class_id is null or c.id = :class_id) and works_in_class(:actor, c.id)
)
select null as outcome, m.school, m.id as class_id, m.grade, m.name as class_name, m.sort, s.class_id <> m.id as guest, s.id as student_id,
       s.number, s.family_name, s.given_name, s.family_kana, s.given_kana, a.id, a.kind, a.arrive_at, a.leave_at, a.reason, a.note, a.symptoms,
       a.pick_up, a.pick_up_note, a.via, a.first_day, a.last_day, a.acknowledged_at, t.id as standing_id, t.reason as standing_reason,
       i.id as illness_id, coalesce(i.returned_on, i.earliest_return) as free_from
from mine m
join students s on (s.class_id = m.id or s.exchange_class_id = m.id) and (s.left_on is null or s.left_on > :day)
left join lateral (select r.* from absence_rows r
                   where r.student_id = s.id and r.last_day >= :day and r.first_day <= :day and r.cancelled_at is null
                   limit 1) a on true
left join lateral (select b.id, b.reason from standing_rows b
                   where b.student_id = s.id and b.ended_at is null and b.first_day <= :day and b.last_day >= :day
                   limit 1) t on true
left join illness_rows i on i.id = suspended_on(s.id, :day)
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
       null, null, null, null, null, null, null, null, null, null
where not exists (select from mine)
order by sort, class_id, guest, number, student_id;
