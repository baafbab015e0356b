-- What follows from a change of an absence, and how absences are shown.

-- One pass for a whole statement, as the owner: the app itself can't write history.
create or replace function absence_inserted() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into absence_versions (absence_id, version, school_id, action, made_by, made_at, made_via, first_day, last_day, kind,
                                  arrive_at, leave_at, reason_id, note, pick_up, pick_up_note, symptoms)
    select id, version, school_id, 'reported', changed_by, changed_at, changed_via, first_day, last_day, kind,
           arrive_at, leave_at, reason_id, note, pick_up, pick_up_note, symptoms
    from changed;
    perform live_notify('absences', array(select id from changed));
    return null;
end
$$;

create or replace function absence_updated() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into absence_versions (absence_id, version, school_id, action, made_by, made_at, made_via, first_day, last_day, kind,
                                  arrive_at, leave_at, reason_id, note, pick_up, pick_up_note, symptoms)
    select n.id, n.version, n.school_id,
           case when n.cancelled_at is distinct from o.cancelled_at then 'cancelled'
                when (n.first_day, n.last_day, n.kind, n.arrive_at, n.leave_at, n.reason_id, n.note, n.pick_up, n.pick_up_note, n.symptoms)
                     is distinct from
                     (o.first_day, o.last_day, o.kind, o.arrive_at, o.leave_at, o.reason_id, o.note, o.pick_up, o.pick_up_note, o.symptoms)
                     then 'corrected'
                when n.acknowledged_at is not null and o.acknowledged_at is null then 'acknowledged'
                else 'corrected' end,
           n.changed_by, n.changed_at, n.changed_via, n.first_day, n.last_day, n.kind,
           n.arrive_at, n.leave_at, n.reason_id, n.note, n.pick_up, n.pick_up_note, n.symptoms
    from changed n
    join old_rows o on o.id = n.id;
    perform live_notify('absences', array(select id from changed));
    return null;
end
$$;

-- The one shape in which an absence leaves the system, by REST and live. The reader's own row-level security holds.
create or replace view absence_rows with (security_invoker = true) as
select a.id, a.school_id, s.class_id, s.exchange_class_id, a.student_id, a.first_day, a.last_day, a.kind,
       a.arrive_at, a.leave_at, a.reason_id, r.label as reason, a.note, a.via, a.reported_at, a.acknowledged_at,
       a.cancelled_at, a.version, a.acknowledged_role, a.pick_up, a.pick_up_note, a.symptoms
from absences a
left join students s on s.id = a.student_id
left join reasons r on r.id = a.reason_id;
comment on view absence_rows is 'An absence as the API shows it; class columns are the child''s classes of today.';

-- What an account is to a child's school, the closest first; null: nothing.
create or replace function acting_role(account bigint, student bigint) returns text
    language sql stable as
$$
    select r.role
    from roles_of($1) r
    join students s on s.id = $2 and s.school_id = r.school_id
    where r.class_id is null or r.class_id in (s.class_id, s.exchange_class_id)
    order by array_position('{homeroom,teacher,nurse,office,administrator}'::text[], r.role)
    limit 1
$$;
comment on function acting_role is 'The role in which an account acts for a child.';

-- Rows of the two small tables beside them, announced like their own.
create or replace function rows_notify() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    perform live_notify(tg_argv[0], array(select id from changed));
    return null;
end
$$;
comment on function rows_notify is 'Announces the changed rows of a table as the feed that is its argument.';

create or replace view absence_request_rows with (security_invoker = true) as
select q.id, q.absence_id, q.school_id, s.class_id, s.exchange_class_id, q.student_id, q.action, q.first_day, q.last_day, q.kind,
       q.arrive_at, q.leave_at, q.reason_id, r.label as reason, q.note, q.pick_up, q.pick_up_note, q.symptoms, q.made_at, q.state,
       q.decided_at, q.answer, q.version, a.last_day as until
from absence_requests q
join absences a on a.id = q.absence_id
join students s on s.id = q.student_id
left join reasons r on r.id = q.reason_id;
comment on view absence_request_rows is 'A request as the API shows it.';

create or replace view standing_rows with (security_invoker = true) as
select t.id, t.school_id, s.class_id, s.exchange_class_id, t.student_id, t.first_day, t.last_day, t.reason_id, r.label as reason,
       t.note, t.made_at, t.changed_at, t.ended_at, t.version
from standing_absences t
join students s on s.id = t.student_id
left join reasons r on r.id = t.reason_id;
comment on view standing_rows is 'A standing absence as the API shows it.';

-- A child that goes to another school takes no standing absence along: it was agreed with the one that it leaves, and the
-- other would neither see it nor could enter its own. What hangs on the child's class has new places on every live screen.
create or replace function standing_follows() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before text;
begin
    if not exists (select from changed n
                   join old_rows o on o.id = n.id
                   where (n.school_id, n.class_id, n.exchange_class_id, n.left_on)
                         is distinct from (o.school_id, o.class_id, o.exchange_class_id, o.left_on)) then
        return null;
    end if;
    before := look_over_fence('*');
    update standing_absences t
    set last_day = case when t.first_day < today() then today() - 1 else t.last_day end,
        ended_at = case when t.first_day >= today() then now() end,
        ended_by = case when t.first_day >= today() then coalesce(n.changed_by, t.made_by) end,
        changed_by = coalesce(n.changed_by, t.made_by), changed_at = now(), version = t.version + 1
    from changed n
    join old_rows o on o.id = n.id
    where t.student_id = n.id and n.school_id <> o.school_id and t.ended_at is null and t.last_day >= today();
    perform look_over_fence(before);
    perform pg_notify('live', 'requests *');
    perform pg_notify('live', 'standing *');
    perform pg_notify('live', 'attendance *');
    perform pg_notify('live', 'inquiries *');
    return null;
end
$$;
create or replace trigger standing_follows after update on students referencing old table as old_rows new table as changed
    for each statement execute function standing_follows();

-- A report of today or later goes with a child that moves: the new school sees it, acknowledges it anew and answers what was asked
-- about it. The days before stay in the register of the old school, as a report of its own. Nobody is told: nothing was reported.
create or replace function absences_follow() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before text;
    stays bigint[];
    goes bigint[];
begin
    if not exists (select from changed n join old_rows o on o.id = n.id and o.school_id <> n.school_id) then
        return null;
    end if;
    before := look_over_fence('*');
    with left_behind as materialized (
        select a.*
        from changed n
        join old_rows o on o.id = n.id and o.school_id <> n.school_id
        join absences a on a.student_id = n.id and a.cancelled_at is null and a.last_day >= today() and a.school_id <> n.school_id
    ), moved as (
        update absences a
        set school_id = n.school_id, first_day = greatest(a.first_day, today()), acknowledged_by = null, acknowledged_at = null,
            acknowledged_role = null, version = a.version + 1, changed_by = coalesce(n.changed_by, a.changed_by), changed_at = now(),
            changed_via = 'school',
            reason_id = (select case when r.school_id is null then r.id else r.overrides end from reasons r where r.id = a.reason_id)
        from changed n, left_behind b
        where b.id = a.id and n.id = a.student_id
        returning a.id
    )
    select array(select id from moved) into goes;
    with cut as (
        insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, reason_id, note, pick_up, pick_up_note,
                              symptoms, via, reported_by, reported_at, changed_by, changed_via)
        select v.school_id, a.student_id, v.first_day, today() - 1, a.kind, a.arrive_at, a.leave_at, v.reason_id, a.note, a.pick_up,
               a.pick_up_note, a.symptoms, a.via, a.reported_by, a.reported_at, a.changed_by, 'school'
        from absences a
        join absence_versions v on v.absence_id = a.id and v.version = a.version - 1
        where a.id = any (goes) and v.first_day < today()
        returning id
    )
    select array(select id from cut) into stays;
    update absence_requests q set school_id = a.school_id from absences a where a.id = q.absence_id and a.id = any (goes) and q.state = 'open';
    delete from tellings t where t.kind = 'absence' and t.object_id = any (goes || stays) and t.made_at = now();
    perform look_over_fence(before);
    return null;
end
$$;
create or replace trigger absences_follow after update on students referencing old table as old_rows new table as changed
    for each statement execute function absences_follow();
