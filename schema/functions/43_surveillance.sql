-- The surveillance of infections at schools: what a school's classes have on a day, in numbers.

-- From the register, so that both always say the same: 病欠 is absence for illness; 事故欠, 忌引 and closures are not. An illness that
-- suspends counts where the class is closed too, but not for a child that came, or that somebody has marked otherwise by hand.
create or replace function ill_on(class int, day date)
    returns table (student_id bigint, suspended boolean, symptoms text[], disease text)
    language sql stable as
$$
    select j.student_id, j.suspended, a.symptoms, (select d.surveillance from diseases d where d.code = coalesce(j.suspending, known.disease))
    from (select r.student_id, r.mark, s.disease as suspending,
                 r.mark is not distinct from 'suspended' or (s.id is not null and r.source <> 'hand' and not (r.source = 'seen' and r.mark is null)) as suspended
          from register_of($1, $2, $2) r
          left join illnesses s on s.id = suspended_on(r.student_id, $2)) j
    left join lateral (select x.symptoms from absences x
                       where x.student_id = j.student_id and x.cancelled_by is null and x.first_day <= $2 and x.last_day >= $2
                       limit 1) a on true
    left join lateral (select i.disease from illnesses i
                       where i.student_id = j.student_id and i.withdrawn_at is null and i.onset_on between $2 - 30 and $2
                         and coalesce(i.ended_on, 'infinity') >= $2 and coalesce(i.returned_on, 'infinity') > $2
                       order by i.onset_on desc, i.id desc
                       limit 1) known on true
    where j.suspended or j.mark = 'sick'
$$;
comment on function ill_on is 'The children of a class that are away on a day for illness, or suspended, with symptoms and the disease''s line.';

create or replace function closure_is_near(enrolled int, away int) returns boolean
    language sql immutable parallel safe
    return away >= 5 and away * 5 >= enrolled;
comment on function closure_is_near is 'The usual guide for closing a class: a fifth of it, and at least five children.';
