-- The least that stores a report: one row with its triggers (history, announcement). Nothing is looked up, nothing is
-- checked, and a repeated request would be stored twice.
insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, via, reported_by, changed_by, changed_via)
values (1, :student, today() + :day::int, today() + :day::int, 'absent', 1, 'guardian', :account, :account, 'guardian');
