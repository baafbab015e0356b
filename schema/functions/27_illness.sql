-- Until when an illness keeps a child from school. Days are whole: the day of onset, or of the fever's end, is day 0.

-- Where the law counts days, a doctor's word may be earlier than they are (article 19, 2); a treatment that is over does
-- instead of a cough that has ended, whichever is first.
create or replace function illness_earliest_return(disease text, onset_on date, ended_on date, treated_until date, cleared_on date)
    returns date
    language sql stable as
$$
    select case d.suspends
               when 'no' then null
               when 'by_doctor' then $5
               else least($5, case when d.end_sign is null or over.day is not null then greatest($2 + d.onset_days + 1, over.day) end)
           end
    from diseases d
    cross join lateral (select least($3 + d.end_days + case when d.end_days > 0 then 1 else 0 end,
                                     case when d.treatment_days is not null then $4 + 1 end)) over (day)
    where d.code = $1
$$;
comment on function illness_earliest_return is
    'The first day on which a child may come again by law; null: it was never suspended, or what decides is not known yet.';

create or replace function illness_freed() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    new.free_from := case when new.suspended_from is not null
                          then coalesce(new.returned_on,
                                        illness_earliest_return(new.disease, new.onset_on, new.ended_on, new.treated_until, new.cleared_on),
                                        'infinity') end;
    return new;
end
$$;
comment on function illness_freed is 'Keeps the day on which a suspension is over.';
create or replace trigger freed before insert or update on illnesses for each row execute function illness_freed();

create or replace function suspended_on(student bigint, day date) returns bigint
    language sql stable as
$$
    select i.id
    from illnesses i
    where i.student_id = $1 and i.withdrawn_at is null and i.suspended_from <= $2 and i.free_from > $2
    order by i.id
    limit 1
$$;
comment on function suspended_on is 'The illness for which a child need not attend on a day (出席停止); null: none.';

create or replace function away_within(student bigint, first date, last date) returns text
    language sql stable as
$$
    select case when exists (select from illnesses i
                             where i.student_id = $1 and i.withdrawn_at is null and i.suspended_from <= $3
                               and i.free_from > greatest($2, i.suspended_from)) then 'suspended'
                when exists (select from standing_absences t
                             where t.student_id = $1 and t.ended_at is null and t.first_day <= $3 and t.last_day >= $2) then 'standing' end
$$;
comment on function away_within is 'What keeps a child away on some of these days, besides reports: an illness (出席停止), or a standing absence (長期欠席).';

-- A child that was at school on the day of onset, as far as a roll call says, is suspended from the day after.
create or replace function illness_suspended_from(student bigint, onset_on date) returns date
    language sql stable as
$$
    select coalesce((select min(greatest(a.first_day, $2))
                     from absences a
                     where a.student_id = $1 and a.cancelled_by is null and a.kind = 'absent' and a.last_day >= $2
                       and a.first_day <= greatest($2, today()) + 1),
                    case when exists (select from roll_calls r
                                      where r.class_id = (select s.class_id from students s where s.id = $1) and r.day = $2 and r.done_at is not null)
                              and not exists (select from attendance m where m.student_id = $1 and m.day = $2 and m.state = 'absent')
                         then $2 + 1 else $2 end)
$$;
comment on function illness_suspended_from is
    'From when a suspending illness counts, if nobody says otherwise: the first day that the child was reported absent, else its onset.';

create or replace view illness_rows with (security_invoker = true) as
select i.id, i.school_id, s.class_id, s.exchange_class_id, i.student_id, i.disease, d.label, d.suspends, i.onset_on, i.diagnosed_on,
       i.institution, i.ended_on, i.treated_until, i.cleared_on, i.suspended_from, e.earliest_return,
       case when d.suspends = 'by_days' and e.earliest_return is null
            then greatest(i.onset_on + d.onset_days + 1,
                          case when d.treatment_days is null then today() + d.end_days + case when d.end_days > 0 then 1 else 0 end end)
       end as not_before,
       case when i.suspended_from is null or i.returned_on is not null or e.earliest_return is not null then null
            when d.suspends = 'by_doctor' then 'cleared_on' else 'ended_on' end as needs,
       i.suspended_from is not null and i.withdrawn_at is null and i.suspended_from <= today() and i.free_from > today() as suspended,
       i.returned_on, i.return_stated_at, i.note, i.via, i.made_at, i.changed_at, i.withdrawn_at, i.version
from illnesses i
join students s on s.id = i.student_id and s.school_id = i.school_id
join diseases d on d.code = i.disease
cross join lateral (select illness_earliest_return(i.disease, i.onset_on, i.ended_on, i.treated_until, i.cleared_on)) e (earliest_return);
comment on view illness_rows is
    'An illness at the child''s school, as the API shows it. not_before: no earlier than that, while what decides (needs) is not known.';

-- One pass for a whole statement, as the owner: the app itself can't write history.
create or replace function illness_versioned() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into illness_versions (illness_id, version, school_id, action, made_by, made_at, made_via, disease, onset_on, diagnosed_on,
                                  institution, ended_on, treated_until, cleared_on, suspended_from, returned_on, return_stated_at, note)
    select n.id, n.version, n.school_id,
           case when n.withdrawn_at is not null then 'withdrawn'
                when p.version is null then 'made'
                when n.returned_on is not null and (n.returned_on, n.return_stated_at) is distinct from (p.returned_on, p.return_stated_at)
                     then 'returned'
                else 'changed' end,
           n.changed_by, n.changed_at, n.changed_via, n.disease, n.onset_on, n.diagnosed_on, n.institution, n.ended_on, n.treated_until,
           n.cleared_on, n.suspended_from, n.returned_on, n.return_stated_at, n.note
    from changed n
    left join illness_versions p on p.illness_id = n.id and p.version = n.version - 1;
    perform live_notify('illnesses', array(select id from changed));
    return null;
end
$$;
comment on function illness_versioned is 'Keeps the version that a statement made, return forms as such, and announces the rows.';
create or replace trigger announced_insert after insert on illnesses referencing new table as changed
    for each statement execute function illness_versioned();
create or replace trigger announced_update after update on illnesses referencing new table as changed
    for each statement execute function illness_versioned();

-- A child that goes to another school is kept from that one as well: what is not over is written down there too, and the register of
-- the school that it leaves stays as it was. What hangs on the child's class has new places on every live screen.
create or replace function illnesses_follow() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before text;
begin
    if not exists (select from changed n
                   join old_rows o on o.id = n.id
                   join illnesses i on i.student_id = n.id
                   where (n.school_id, n.class_id, n.exchange_class_id, n.left_on)
                         is distinct from (o.school_id, o.class_id, o.exchange_class_id, o.left_on)) then
        return null;
    end if;
    before := look_over_fence('*');
    insert into illnesses (school_id, student_id, disease, onset_on, diagnosed_on, institution, ended_on, treated_until, cleared_on,
                           suspended_from, note, via, made_by, made_at, changed_by, changed_via)
    select n.school_id, i.student_id, i.disease, i.onset_on, i.diagnosed_on, i.institution, i.ended_on, i.treated_until, i.cleared_on,
           i.suspended_from, i.note, i.via, i.made_by, i.made_at, i.changed_by, i.changed_via
    from changed n
    join old_rows o on o.id = n.id and o.school_id <> n.school_id
    join illnesses i on i.student_id = n.id and i.school_id = o.school_id
    where i.withdrawn_at is null and coalesce(i.returned_on, 'infinity') > today() and i.onset_on >= today() - 60
    on conflict do nothing;
    perform look_over_fence(before);
    perform pg_notify('live', 'illnesses *');
    return null;
end
$$;
create or replace trigger illnesses_follow after update on students referencing old table as old_rows new table as changed
    for each statement execute function illnesses_follow();
