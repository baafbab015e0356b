-- What is reported for today or later follows a child to its new school.
comment on column absences.school_id is 'The school that the days belong to: what is of today or later follows a child that moves (absences_follow).';
comment on column attendance.class_id is 'The child''s class on that day; of today, the one that it is in now.';
create index student_versions_by_move on student_versions (from_school_id) where from_school_id is not null;
