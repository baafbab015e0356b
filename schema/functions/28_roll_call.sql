-- The roll call: its history, and how it is shown.

create or replace function attendance_written() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into attendance_versions (attendance_id, version, school_id, state, arrived_at, left_at, seen_at, made_by, made_at)
    select id, version, school_id, state, arrived_at, left_at, seen_at, changed_by, changed_at
    from changed;
    -- A child that came is no longer asked about.
    update inquiries q
    set answer = 'closed', answered_by = c.changed_by, answered_at = now(), version = q.version + 1
    from changed c
    where q.student_id = c.student_id and q.day = c.day and c.day = today() and c.state not in ('absent', 'expected')
      and q.answer is distinct from 'closed';
    -- One that was only thought to have come: whoever was told so is asked again.
    update inquiries q
    set asked_by = c.changed_by, asked_at = now(), answer = null, answered_by = null, answered_at = null, version = q.version + 1
    from changed c
    join attendance_versions v on v.attendance_id = c.id and v.version = c.version - 1 and v.state not in ('absent', 'expected')
    where q.student_id = c.student_id and q.day = c.day and c.day = today() and c.state = 'absent' and q.answer = 'closed'
      and not accounted_for(c.student_id, c.day);
    perform live_notify('attendance', array(select id from changed));
    return null;
end
$$;

create or replace function may_ask_again(answer text, asked_at timestamptz) returns boolean
    language sql stable as
$$ select $1 is not null or $2 < now() - interval '30 minutes' $$;
comment on function may_ask_again is 'Whether guardians who were asked today can be asked once more: they answered, or did not for half an hour.';

create or replace function found_today(student bigint) returns boolean
    language sql stable as
$$ select exists (select from inquiries q where q.student_id = $1 and q.day = today() and q.answer = 'closed') $$;
comment on function found_today is 'Whether the school has found a child that it had asked about today.';

create or replace view attendance_rows with (security_invoker = true) as
select a.id, a.school_id, s.class_id, s.exchange_class_id, a.student_id, a.day, a.state, a.arrived_at, a.left_at,
       a.changed_at, a.version
from attendance a
join students s on s.id = a.student_id;
comment on view attendance_rows is 'A mark of the roll call as the API shows it; class columns are the child''s classes of today.';

create or replace view inquiry_rows with (security_invoker = true) as
select q.id, q.school_id, s.class_id, s.exchange_class_id, q.student_id, q.day, q.asked_at, q.answer, q.answered_at, q.version
from inquiries q
join students s on s.id = q.student_id;
comment on view inquiry_rows is 'A question to the guardians as the API shows it.';

create or replace function standing_on(student bigint, day date) returns bigint
    language sql stable as
$$
    select t.id from standing_absences t
    where t.student_id = $1 and t.ended_at is null and t.first_day <= $2 and t.last_day >= $2
$$;
comment on function standing_on is 'The standing absence of a child that holds on a day; null: none.';

-- A difference of times, not a sum: shortly before midnight a sum would be past it.
create or replace function arrival_is_over(arrive_at time) returns boolean
    language sql stable as
$$ select $1 is not null and localtime_here() - $1 >= interval '15 minutes' $$;
comment on function arrival_is_over is 'Whether a child that was reported late should have come by now, a quarter of an hour of grace included.';

-- Whether a child that a teacher did not see is accounted for: somebody reported it absent, it is known to be away for long or
-- is kept from school by an illness, or it was reported late and its time is not over yet.
create or replace function accounted_for(student bigint, day date) returns boolean
    language sql stable as
$$
    select exists (select from absences a
                   where a.student_id = $1 and a.cancelled_by is null and a.last_day >= $2 and a.first_day <= $2
                     and (a.kind = 'absent'
                          or a.kind in ('late', 'late_and_leave_early')
                             and ($2 > today() or not arrival_is_over(a.arrive_at))))
        or (not exists (select from absences a
                        where a.student_id = $1 and a.cancelled_by is null and a.last_day >= $2 and a.first_day <= $2
                          and a.kind <> 'absent')
            and (standing_on($1, $2) is not null or suspended_on($1, $2) is not null))
$$;
comment on function accounted_for is 'Whether it is known why a child is not there.';

create or replace function overdue(student bigint, kind text, arrive_at time) returns boolean
    language sql stable as
$$
    select $2 in ('late', 'late_and_leave_early') and arrival_is_over($3)
       and exists (select from students s
                   join roll_calls r on r.class_id = s.class_id and r.day = today() and r.done_at is not null
                   where s.id = $1)
       and not exists (select from attendance m where m.student_id = $1 and m.day = today() and m.state <> 'expected')
$$;
comment on function overdue is 'Reported late for today, its time is over, its class was called, and nobody has seen it come.';

create or replace function reported_absent(student bigint, day date) returns boolean
    language sql stable as
$$
    select exists (select from absences a
                   where a.student_id = $1 and a.cancelled_by is null and a.kind = 'absent' and a.last_day >= $2 and a.first_day <= $2)
$$;
comment on function reported_absent is 'Whether somebody reported that a child does not come on a day.';

-- Today's mark and question are where the child is: at its class of now.
create or replace function roll_call_follows() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before text;
begin
    if not exists (select from changed n join old_rows o on o.id = n.id and o.class_id <> n.class_id) then
        return null;
    end if;
    before := look_over_fence('*');
    update attendance m
    set school_id = n.school_id, class_id = n.class_id, version = m.version + 1
    from changed n
    where m.student_id = n.id and m.day = today() and m.class_id <> n.class_id;
    update inquiries q
    set school_id = n.school_id, version = q.version + 1
    from changed n
    where q.student_id = n.id and q.day = today() and q.school_id <> n.school_id;
    perform look_over_fence(before);
    return null;
end
$$;
create or replace trigger roll_call_follows after update on students referencing old table as old_rows new table as changed
    for each statement execute function roll_call_follows();
