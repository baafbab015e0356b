-- Until when an illness keeps a child from school. Days are whole: the day of onset, or of the fever's end, is day 0.

create or replace function illness_earliest_return(disease text, onset_on date, ended_on date, treated_until date, cleared_on date)
    returns date
    language sql stable as
$$
    select case d.suspends
               when 'no' then null
               when 'by_doctor' then $5
               else greatest($2 + d.onset_days + 1,
                             coalesce(case when d.end_days is not null and $3 is not null
                                           then $3 + d.end_days + case when d.end_days > 0 then 1 else 0 end end,
                                      case when d.treatment_days is not null then $4 + 1 end))
           end
    from diseases d
    where d.code = $1
      and (d.suspends <> 'by_days' or d.end_sign is null or $3 is not null or (d.treatment_days is not null and $4 is not null))
$$;
comment on function illness_earliest_return is
    'The first day on which a child may come again by law; null: it was never suspended, or what decides is not known yet.';

create or replace function suspended_on(student bigint, day date) returns bigint
    language sql stable as
$$
    select i.id
    from illnesses i
    where i.student_id = $1 and i.withdrawn_at is null and i.suspended_from <= $2
      and coalesce(i.returned_on, illness_earliest_return(i.disease, i.onset_on, i.ended_on, i.treated_until, i.cleared_on), 'infinity') > $2
    order by i.id
    limit 1
$$;
comment on function suspended_on is 'The illness for which a child need not attend on a day (出席停止); null: none.';
