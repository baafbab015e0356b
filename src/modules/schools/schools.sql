-- Schools, classes and children, as staff and the board see them.

-- name: schools_list
select s.id, s.code, s.name, s.kind, s.district, s.sort,
       (select count(*)::int from students st where st.school_id = s.id and st.left_on is null) as students,
       (select count(*)::int from classes c where c.school_id = s.id and c.school_year = school_year()) as classes
from schools s
where may_see_school(:actor, s.id)
order by s.sort;

-- The classes that the actor sees; the board names a school.
-- name: classes_list
-- takes: school_id bigint
with mine as (
    select m.class_id, bool_or(m.may_act) as may_act
    from classes_of(:actor) m
    where :school_id is null or m.school_id = :school_id
    group by m.class_id
)
select null as outcome, c.id, c.school_id, c.grade, c.name, c.kind,
       (select count(*)::int from students st where st.class_id = c.id and st.left_on is null) as students,
       c.sort, mine.may_act
from mine
join classes c on c.id = mine.class_id
where c.school_year = school_year() and not (:school_id is null and is_city(:actor))
union all
select 'validation', null, null, null, null, null, null, null, null
where :school_id is null and is_city(:actor)
union all
select 'not_found', null, null, null, null, null, null, null, null
where :school_id is not null and not exists (select from mine)
order by school_id, sort;

-- Reading names by the board's right alone is recorded; a school's own staff read their own children.
-- name: class_students
-- write
-- takes: class_id bigint
with seen as materialized (
    select c.id, c.school_id, not works_in_class(:actor, :class_id) as recorded
    from classes c
    where c.id = :class_id and may_see_class(:actor, :class_id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'class_students_read', 'class', s.id, s.school_id
    from seen s
    where s.recorded
)
select null as outcome, st.id as student_id, st.number, st.family_name, st.given_name, st.family_kana, st.given_kana,
       st.exchange_class_id, st.class_id
from seen
join students st on (st.class_id = seen.id or st.exchange_class_id = seen.id) and st.left_on is null
union all
select 'not_found', null, null, null, null, null, null, null, null
where not exists (select from seen)
order by number, student_id;

-- What is typed is a beginning: of the reading (either kana) of the whole or the given name, or of the name itself.
-- name: school_students
-- write
-- takes: school_id bigint, q text
with typed as materialized (
    select s.id as school_id, translate(regexp_replace(:q, '[[:space:]　]', '', 'g'),
        'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴ',
        'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔ') as q
    from schools s
    where s.id = :school_id and may_see_school(:actor, :school_id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'school_students_read', 'school', t.school_id, t.school_id
    from typed t
    where not works_for_school(:actor, :school_id)
), hits as (
    select st.*, c.name as class_name, c.grade
    from typed t
    join students st on st.school_id = t.school_id and st.left_on is null
    join classes c on c.id = st.class_id
    where t.q <> ''
      and (starts_with(st.family_kana || st.given_kana, t.q) or starts_with(st.given_kana, t.q)
           or starts_with(st.family_name || st.given_name, t.q))
    order by st.family_kana, st.given_kana, st.id
    limit 20
)
select null as outcome, h.id as student_id, h.school_id, h.class_id, h.class_name, h.grade, h.number,
       h.family_name, h.given_name, h.family_kana, h.given_kana
from hits h
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null
where not exists (select from typed);

-- The last days before today on which at least half of the schools had school, a row for each school and day.
-- name: city_history
-- takes: days int
with school_days as materialized (
    select d::date as day
    from generate_series(today() - 60, today() - 1, interval '1 day') d
    where (select 2 * count(*) filter (where coalesce(x.is_school, extract(isodow from d) < 6)) >= count(*)
           from schools s
           left join school_day_exceptions x on x.school_id = s.id and x.grade = 0 and x.day = d::date)
    order by d desc
    limit least(greatest(coalesce(:days, 5), 1), 40)
), counted as (
    select a.school_id, d.day,
           count(*) filter (where a.kind = 'absent')::int as absent,
           count(*) filter (where a.kind in ('late', 'late_and_leave_early'))::int as late
    from school_days d
    join absences a on a.first_day <= d.day and a.last_day >= d.day
    where a.last_day >= today() - 60 and a.cancelled_at is null
    group by a.school_id, d.day
)
select s.id as school_id, d.day, coalesce(n.absent, 0) as absent, coalesce(n.late, 0) as late,
       (select count(*)::int from students st where st.school_id = s.id and st.left_on is null) as students
from schools s
cross join school_days d
left join counted n on n.school_id = s.id and n.day = d.day
where is_city(:actor)
order by s.sort, d.day;
