-- Today's figures: of a school, of a class. Numbers only. The reader's own row-level security holds.
-- The clock of the transaction is their version: a later reading wins.

create or replace view school_figures with (security_invoker = true) as
select s.id, n.students, t.absent, t.late, t.leave_early, t.unacknowledged,
       (extract(epoch from now()) * 1000)::bigint as version, r.classes, r.called, u.unaccounted + t.overdue as unaccounted, u.contradicted
from schools s
cross join lateral (select count(*)::int as students from students st
                    where st.school_id = s.id and st.left_on is null) n
cross join lateral (
    select count(*) filter (where a.kind = 'absent')::int as absent,
           count(*) filter (where a.kind in ('late', 'late_and_leave_early'))::int as late,
           count(*) filter (where a.kind in ('leave_early', 'late_and_leave_early'))::int as leave_early,
           count(*) filter (where a.acknowledged_at is null)::int as unacknowledged,
           count(*) filter (where arrival_is_over(a.arrive_at) and overdue(a.student_id, a.kind, a.arrive_at))::int as overdue
    from absences a
    where a.school_id = s.id and a.last_day >= today() and a.first_day <= today() and a.cancelled_at is null) t
cross join lateral (
    select count(*)::int as classes, count(rc.done_at)::int as called
    from classes c
    left join roll_calls rc on rc.class_id = c.id and rc.day = today()
    where c.school_id = s.id and c.school_year = school_year()
      and not exists (select from closures_today k
                      where k.school_id = c.school_id and (k.class_id is null or k.class_id = c.id) and (k.grade is null or k.grade = c.grade))) r
cross join lateral (
    select count(*) filter (where m.state = 'absent' and not accounted_for(m.student_id, m.day))::int as unaccounted,
           count(*) filter (where m.state in ('present', 'late') and reported_absent(m.student_id, m.day))::int as contradicted
    from attendance m
    where m.school_id = s.id and m.day = today()) u;
comment on view school_figures is 'Today''s reports of each school, in numbers.';

create or replace view class_figures with (security_invoker = true) as
select c.id, c.school_id, n.students, t.absent, t.late, t.leave_early, t.unacknowledged,
       (extract(epoch from now()) * 1000)::bigint as version,
       (select rc.done_at from roll_calls rc where rc.class_id = c.id and rc.day = today()) as called_at,
       u.unaccounted + t.overdue as unaccounted, u.contradicted,
       exists (select from closures_today k
               where k.school_id = c.school_id and (k.class_id is null or k.class_id = c.id) and (k.grade is null or k.grade = c.grade)) as closed
from classes c
cross join lateral (select count(*)::int as students from students st
                    where st.class_id = c.id and st.left_on is null) n
cross join lateral (
    select count(*) filter (where a.kind = 'absent')::int as absent,
           count(*) filter (where a.kind in ('late', 'late_and_leave_early'))::int as late,
           count(*) filter (where a.kind in ('leave_early', 'late_and_leave_early'))::int as leave_early,
           count(*) filter (where a.acknowledged_at is null)::int as unacknowledged,
           count(*) filter (where arrival_is_over(a.arrive_at) and overdue(a.student_id, a.kind, a.arrive_at))::int as overdue
    from students st
    join absences a on a.student_id = st.id and a.last_day >= today() and a.first_day <= today()
                    and a.cancelled_by is null
    where st.class_id = c.id) t
cross join lateral (
    select count(*) filter (where m.state = 'absent' and not accounted_for(m.student_id, m.day))::int as unaccounted,
           count(*) filter (where m.state in ('present', 'late') and reported_absent(m.student_id, m.day))::int as contradicted
    from attendance m
    where m.class_id = c.id and m.day = today()) u
where c.school_year = school_year();
comment on view class_figures is 'Today''s reports of each class of this year, in numbers. A child counts in the own class only.';
