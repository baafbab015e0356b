-- The noon sheet (感染症サーベイランス): a row for each class, with its zeros. No names.

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
       closure_is_near(n.enrolled, t.absent + t.suspended) as near_closure
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
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by special, grade, class_name, class_id;
