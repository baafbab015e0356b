-- Today's figures: of a school, of a class. Numbers only. The reader's own row-level security holds.
-- The clock of the transaction is their version: a later reading wins.

-- Once for each child: who is suspended, reported absent or not, is not away for long as well; a report of coming, or of coming
-- late, says more than either.
create or replace view kept_today with (security_invoker = true) as
select s.school_id, s.class_id, k.student_id, bool_or(k.suspended) and coalesce(a.kind, 'absent') = 'absent' as suspended,
       not bool_or(k.suspended) and a.kind is null as standing, bool_or(k.suspended) and a.kind is not distinct from 'absent' as reported
from (select i.school_id, i.student_id, true as suspended
      from illnesses i
      where i.withdrawn_at is null and i.suspended_from <= today() and i.free_from > today()
      union all
      select t.school_id, t.student_id, false
      from standing_absences t
      where t.ended_at is null and t.first_day <= today() and t.last_day >= today()) k
join students s on s.id = k.student_id and s.school_id = k.school_id and s.left_on is null
left join lateral (select a.kind from absences a
                   where a.student_id = k.student_id and a.last_day >= today() and a.first_day <= today() and a.cancelled_by is null
                   limit 1) a on true
group by s.school_id, s.class_id, k.student_id, a.kind;
comment on view kept_today is 'Children who are away today by an illness or for long; reported: also in the figure of the reports.';

create or replace view school_figures with (security_invoker = true) as
select s.id, n.students, t.absent - k.reported as absent, t.late, t.leave_early, t.unacknowledged,
       (extract(epoch from now()) * 1000)::bigint as version, r.classes, r.called, u.unaccounted + t.overdue as unaccounted, u.contradicted,
       k.suspended, k.standing
from schools s
cross join lateral (select count(*)::int as students from students st
                    where st.school_id = s.id and st.left_on is null) n
cross join lateral (
    select count(*) filter (where a.kind = 'absent')::int as absent,
           count(*) filter (where a.kind in ('late', 'late_and_leave_early'))::int as late,
           count(*) filter (where a.kind in ('leave_early', 'late_and_leave_early'))::int as leave_early,
           count(*) filter (where a.acknowledged_at is null)::int as unacknowledged,
           count(*) filter (where arrival_is_over(a.arrive_at) and overdue(a.student_id, a.kind, a.arrive_at)
                                and not found_today(a.student_id))::int as overdue
    from absences a
    where a.school_id = s.id and a.last_day >= today() and a.first_day <= today() and a.cancelled_at is null) t
cross join lateral (
    select count(*) filter (where k.suspended)::int as suspended, count(*) filter (where k.standing)::int as standing,
           count(*) filter (where k.reported)::int as reported
    from kept_today k
    where k.school_id = s.id) k
cross join lateral (
    select count(*)::int as classes, count(rc.done_at)::int as called
    from classes c
    left join roll_calls rc on rc.class_id = c.id and rc.day = today()
    where c.school_id = s.id and c.school_year = school_year()
      and not exists (select from closures_today k
                      where k.school_id = c.school_id and (k.class_id is null or k.class_id = c.id) and (k.grade is null or k.grade = c.grade))) r
cross join lateral (
    select count(*) filter (where m.state = 'absent' and not accounted_for(m.student_id, m.day)
                                and not found_today(m.student_id))::int as unaccounted,
           count(*) filter (where m.state in ('present', 'late') and reported_absent(m.student_id, m.day))::int as contradicted
    from attendance m
    where m.school_id = s.id and m.day = today()) u;
comment on view school_figures is 'Today''s figures of each school. absent: reported, and not suspended.';

create or replace view class_figures with (security_invoker = true) as
select c.id, c.school_id, n.students, t.absent - k.reported as absent, t.late, t.leave_early, t.unacknowledged,
       (extract(epoch from now()) * 1000)::bigint as version,
       (select rc.done_at from roll_calls rc where rc.class_id = c.id and rc.day = today()) as called_at,
       u.unaccounted + t.overdue as unaccounted, u.contradicted, k.suspended, k.standing,
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
           count(*) filter (where arrival_is_over(a.arrive_at) and overdue(a.student_id, a.kind, a.arrive_at)
                                and not found_today(a.student_id))::int as overdue
    from students st
    join absences a on a.student_id = st.id and a.last_day >= today() and a.first_day <= today()
                    and a.cancelled_by is null
    where st.class_id = c.id) t
cross join lateral (
    select count(*) filter (where k.suspended)::int as suspended, count(*) filter (where k.standing)::int as standing,
           count(*) filter (where k.reported)::int as reported
    from kept_today k
    where k.school_id = c.school_id and k.class_id = c.id) k
cross join lateral (
    select count(*) filter (where m.state = 'absent' and not accounted_for(m.student_id, m.day)
                                and not found_today(m.student_id))::int as unaccounted,
           count(*) filter (where m.state in ('present', 'late') and reported_absent(m.student_id, m.day))::int as contradicted
    from attendance m
    where m.class_id = c.id and m.day = today()) u
where c.school_year = school_year();
comment on view class_figures is 'Today''s figures of each class of this year. A child counts in the own class only.';
