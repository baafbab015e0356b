-- What came after 0010 and is erased with a child: the versions of its row and of its links, the plans that named it.
create policy erasing on student_versions for delete
    using (coalesce(current_setting('todoke.erasing', true), '') = 'on');
create policy erasing on guardianship_versions for delete
    using (coalesce(current_setting('todoke.erasing', true), '') = 'on');
create index roster_changes_by_student on roster_changes (object_id) where object = 'student';
create index roster_rows_by_student on roster_rows (student_id) where student_id is not null;
