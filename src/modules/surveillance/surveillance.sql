-- The surveillance of infections: numbers, no names. What counts, and what is unusual: schema/functions/43_surveillance.sql.

-- The noon sheet (感染症サーベイランス): a row for each class, with its zeros.

-- name: surveillance_sheet
-- takes: school_id bigint, day date
with seen as materialized (
    select s.id from schools s
    where s.id = :school_id and may_see_school(:actor, s.id) and (todoke_whole_city() or s.id = any (todoke_schools()))
), asked as materialized (
    select seen.id as school_id, coalesce(:day, today()) as day from seen
)
select null as outcome, c.id as class_id, asked.day, c.grade, c.name as class_name, c.kind = 'support' as special, n.enrolled,
       t.absent,
       t.fever,
       t.headache,
       t.respiratory,
       t.diarrhea,
       t.nausea,
       t.rash,
       t.flu_like,
       t.other_symptom,
       t.not_told, t.suspended,
       t.suspended_influenza, t.diagnosed_influenza,
       t.suspended_covid, t.diagnosed_covid,
       t.suspended_gastroenteritis, t.diagnosed_gastroenteritis,
       t.suspended_strep, t.diagnosed_strep,
       t.suspended_mumps, t.diagnosed_mumps,
       t.suspended_chickenpox, t.diagnosed_chickenpox,
       t.suspended_mycoplasma, t.diagnosed_mycoplasma,
       t.suspended_erythema_infectiosum, t.diagnosed_erythema_infectiosum,
       t.suspended_hand_foot_mouth, t.diagnosed_hand_foot_mouth,
       t.suspended_pharyngoconjunctival, t.diagnosed_pharyngoconjunctival,
       t.suspended_keratoconjunctivitis, t.diagnosed_keratoconjunctivitis,
       t.suspended_other, t.diagnosed_other,
       closure_on(asked.school_id, c.grade, c.id, asked.day) is not null as closed,
       exists (select from roll_calls r where r.class_id = c.id and r.day = asked.day and r.done_at is not null) as called,
       closure_is_near(n.enrolled, t.absent + t.suspended) as near_closure,
       case when r.n >= u.high_from then 'high' when r.n >= u.raised_from then 'raised' end as unusual
from asked
join classes c on c.school_id = asked.school_id
              and c.school_year = extract(year from asked.day - interval '3 months')::int
cross join lateral (
    select count(*)::int as enrolled from students s
    where (s.class_id = c.id or s.id in (select v.student_id from student_versions v where v.class_id = c.id))
      and (s.left_on is null or s.left_on >= asked.day) and class_on(s.id, asked.day) = c.id) n
cross join lateral (
    select count(*) filter (where not i.suspended)::int as absent,
           count(*) filter (where not i.suspended and 'fever' = any (i.symptoms))::int as fever,
           count(*) filter (where not i.suspended and 'headache' = any (i.symptoms))::int as headache,
           count(*) filter (where not i.suspended and 'respiratory' = any (i.symptoms))::int as respiratory,
           count(*) filter (where not i.suspended and 'diarrhea' = any (i.symptoms))::int as diarrhea,
           count(*) filter (where not i.suspended and 'nausea' = any (i.symptoms))::int as nausea,
           count(*) filter (where not i.suspended and 'rash' = any (i.symptoms))::int as rash,
           count(*) filter (where not i.suspended and 'flu_like' = any (i.symptoms))::int as flu_like,
           count(*) filter (where not i.suspended and 'other' = any (i.symptoms))::int as other_symptom,
           count(*) filter (where not i.suspended and i.symptoms is null)::int as not_told,
           count(*) filter (where i.suspended)::int as suspended,
           count(*) filter (where i.suspended and i.disease = 'influenza')::int as suspended_influenza,
           count(*) filter (where not i.suspended and i.disease = 'influenza')::int as diagnosed_influenza,
           count(*) filter (where i.suspended and i.disease = 'covid')::int as suspended_covid,
           count(*) filter (where not i.suspended and i.disease = 'covid')::int as diagnosed_covid,
           count(*) filter (where i.suspended and i.disease = 'gastroenteritis')::int as suspended_gastroenteritis,
           count(*) filter (where not i.suspended and i.disease = 'gastroenteritis')::int as diagnosed_gastroenteritis,
           count(*) filter (where i.suspended and i.disease = 'strep')::int as suspended_strep,
           count(*) filter (where not i.suspended and i.disease = 'strep')::int as diagnosed_strep,
           count(*) filter (where i.suspended and i.disease = 'mumps')::int as suspended_mumps,
           count(*) filter (where not i.suspended and i.disease = 'mumps')::int as diagnosed_mumps,
           count(*) filter (where i.suspended and i.disease = 'chickenpox')::int as suspended_chickenpox,
           count(*) filter (where not i.suspended and i.disease = 'chickenpox')::int as diagnosed_chickenpox,
           count(*) filter (where i.suspended and i.disease = 'mycoplasma')::int as suspended_mycoplasma,
           count(*) filter (where not i.suspended and i.disease = 'mycoplasma')::int as diagnosed_mycoplasma,
           count(*) filter (where i.suspended and i.disease = 'erythema_infectiosum')::int as suspended_erythema_infectiosum,
           count(*) filter (where not i.suspended and i.disease = 'erythema_infectiosum')::int as diagnosed_erythema_infectiosum,
           count(*) filter (where i.suspended and i.disease = 'hand_foot_mouth')::int as suspended_hand_foot_mouth,
           count(*) filter (where not i.suspended and i.disease = 'hand_foot_mouth')::int as diagnosed_hand_foot_mouth,
           count(*) filter (where i.suspended and i.disease = 'pharyngoconjunctival')::int as suspended_pharyngoconjunctival,
           count(*) filter (where not i.suspended and i.disease = 'pharyngoconjunctival')::int as diagnosed_pharyngoconjunctival,
           count(*) filter (where i.suspended and i.disease = 'keratoconjunctivitis')::int as suspended_keratoconjunctivitis,
           count(*) filter (where not i.suspended and i.disease = 'keratoconjunctivitis')::int as diagnosed_keratoconjunctivitis,
           count(*) filter (where i.suspended and coalesce(i.disease, 'other') = 'other')::int as suspended_other,
           count(*) filter (where not i.suspended and i.disease = 'other')::int as diagnosed_other
    from ill_on(c.id, asked.day) i) t
left join usual_by_class(asked.school_id, 'ill', asked.day) u on u.class_id = c.id
left join ill_counts(array[asked.school_id], 'ill', asked.day, asked.day) r on r.class_id = c.id
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by special, grade, class_name, class_id;

-- ---- the map ----

-- name: symptom_counts
-- internal
-- takes: keys bigint[]
select f.school_id as id, (extract(epoch from now()) * 1000)::bigint as version, sum(f.enrolled)::int as enrolled, sum(f.ill)::int as ill,
       sum(f.fever)::int as fever, sum(f.headache)::int as headache, sum(f.respiratory)::int as respiratory, sum(f.diarrhea)::int as diarrhea,
       sum(f.nausea)::int as nausea, sum(f.rash)::int as rash, sum(f.flu_like)::int as flu_like, sum(f.other_symptom)::int as other_symptom,
       sum(f.suspended)::int as suspended, count(*) filter (where f.near_closure)::int as near_closure
from illness_figures(:keys::int[]) f
group by f.school_id;

-- name: symptom_counts_all
-- internal
select f.school_id as id, (extract(epoch from now()) * 1000)::bigint as version, sum(f.enrolled)::int as enrolled, sum(f.ill)::int as ill,
       sum(f.fever)::int as fever, sum(f.headache)::int as headache, sum(f.respiratory)::int as respiratory, sum(f.diarrhea)::int as diarrhea,
       sum(f.nausea)::int as nausea, sum(f.rash)::int as rash, sum(f.flu_like)::int as flu_like, sum(f.other_symptom)::int as other_symptom,
       sum(f.suspended)::int as suspended, count(*) filter (where f.near_closure)::int as near_closure
from illness_figures(array(select s.id from schools s)) f
group by f.school_id;

-- name: class_symptom_counts
-- internal
-- takes: keys bigint[]
select f.*, (extract(epoch from now()) * 1000)::bigint as version
from illness_figures(array(select distinct c.school_id from classes c where c.id = any (:keys))) f
where f.id = any (:keys);

-- name: class_symptom_counts_of_school
-- gather internal
-- takes: key bigint
select i.ord, f.*, (extract(epoch from now()) * 1000)::bigint as version
from unnest(:key) with ordinality as i (key, ord)
cross join lateral illness_figures(array[i.key::int]) f;

-- name: usual_of_schools
-- takes: symptom text
select u.school_id as id, u.usual, u.raised_from, u.high_from, u.counts
from usual_by_school(coalesce(:symptom, 'ill'), today()) u
where is_city(:actor);

-- name: usual_of_classes
-- takes: school_id bigint, symptom text
with seen as materialized (
    select s.id from schools s
    where s.id = :school_id and may_see_school(:actor, s.id) and in_view(s.id)
)
select null as outcome, u.class_id as id, u.usual, u.raised_from, u.high_from, u.counts
from seen
cross join lateral usual_by_class(seen.id, coalesce(:symptom, 'ill'), today()) u
union all
select 'not_found', null, null, null, null, null where not exists (select from seen);

-- ---- the city's guide for closures ----

-- name: closure_guide
select c.closure_percent, c.closure_fewest, c.health_version as version from city c where :actor > 0;

-- name: closure_guide_edit
-- write
-- takes: version int, closure_percent int, closure_fewest int
with target as materialized (
    select c.* from city c where is_city(:actor) for no key update
), judged as materialized (
    select t.*, case when t.health_version <> :version then 'stale_version' end as outcome from target t
), written as (
    update city c
    set closure_percent = :closure_percent, closure_fewest = :closure_fewest, health_version = c.health_version + 1
    from judged j
    where c.id = j.id and j.outcome is null
    returning c.id, c.health_version
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, detail)
    select :actor, 'closure_guide_edited', 'city', w.id,
           jsonb_build_object('percent', :closure_percent, 'fewest', :closure_fewest,
                              'before', jsonb_build_object('percent', t.closure_percent, 'fewest', t.closure_fewest))
    from written w
    join target t on t.id = w.id
)
select j.outcome, w.health_version as version, now() as at from judged j left join written w on true;

-- ---- what guardians see ----

-- name: health_shown
-- takes: school_id bigint
select s.shows_health, s.health_version as version
from schools s
where s.id = :school_id and may_see_settings(:actor, s.id::int) and in_view(s.id);

-- name: health_shown_edit
-- write
-- takes: school_id bigint, version int, shows_health boolean
with target as materialized (
    select s.* from schools s where s.id = :school_id and may_keep_settings(:actor, s.id::int) and in_view(s.id) for no key update
), judged as materialized (
    select t.id, case when t.health_version <> :version then 'stale_version' end as outcome from target t
), written as (
    update schools s
    set shows_health = :shows_health, health_version = s.health_version + 1
    from judged j
    where s.id = j.id and j.outcome is null
    returning s.id, s.health_version
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'health_shown_edited', 'school', w.id, w.id, jsonb_build_object('shown', :shows_health, 'before', t.shows_health)
    from written w
    join target t on t.id = w.id
)
select j.outcome, j.id, w.health_version as version, now() as at from judged j left join written w on true;

-- A row for each grade, and one without a grade for the whole school. n null: fewer than five, or hidden with such.
-- name: child_school_health
-- takes: student_id bigint
with mine as materialized (
    select s.school_id
    from children_of(:actor) m
    join students s on s.id = m.student_id and s.left_on is null
    join schools sc on sc.id = s.school_id and sc.shows_health
    where m.student_id = :student_id and m.may_read
), counted as materialized (
    select c.grade, sum(f.ill)::int as n
    from mine
    cross join lateral illness_figures(array[mine.school_id]) f
    join classes c on c.id = f.id
    group by c.grade
), hidden as materialized (
    select array_agg(c.grade order by c.grade) as grades, h.parts, h.total
    from counted c
    cross join small_numbers_hidden(array(select n from counted order by grade)) h
    group by h.parts, h.total
)
select null as outcome, g.grade, g.n, now() as at
from (select null::int as grade, total as n from hidden
      union all
      select unnest(grades), unnest(parts) from hidden) g
union all
select 'not_found', null, null, null where not exists (select from mine)
order by grade nulls first;
