-- The same for many rows: the least that stores a batch of reports.
insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, via, reported_by, changed_by, changed_via)
select 1, i.student_id, i.first_day, i.first_day, i.kind, i.reason_id, 'guardian', i.actor, i.actor, 'guardian'
from unnest(:student_id, :first_day, :kind, :reason_id, :actor) as i (student_id, first_day, kind, reason_id, actor);
