-- A guardian's children.

-- name: children_list
-- gather
select i.ord, s.id as student_id, s.school_id, sc.name as school_name, sc.phone as school_phone,
       s.class_id, c.name as class_name, c.grade, s.number,
       s.family_name, s.given_name, s.family_kana, s.given_kana, mine.may_report, sc.correct_until, sc.shows_health
from unnest(:actor) with ordinality as i (actor, ord)
join lateral children_of(i.actor) mine on mine.may_read or mine.may_report
join students s on s.id = mine.student_id and s.left_on is null
join schools sc on sc.id = s.school_id
join classes c on c.id = s.class_id
order by i.ord, c.grade + case sc.kind when 'junior_high' then 6 else 0 end desc, s.id;

-- name: child_absences
-- gather
-- takes: student_id bigint
select i.ord, case when mine.student_id is null then 'not_found' end as outcome, r.*
from unnest(:actor, :student_id) with ordinality as i (actor, student_id, ord)
left join lateral (select m.student_id from children_of(i.actor) m
                   where m.student_id = i.student_id and m.may_read) mine on true
left join lateral (select a.* from absence_rows a
                   where a.student_id = mine.student_id
                   order by a.first_day desc, a.id desc
                   limit 400) r on true
where mine.student_id is null or r.id is not null
order by i.ord, r.first_day desc, r.id desc;
