-- The day on which a suspension is over stands in the row: the figures of a morning look for those that hold today, in an index.

select set_config('todoke.schools', '*', true);
alter table illnesses add column free_from date;
comment on column illnesses.free_from is
    'The first day on which it need no longer stay away: stated, or the earliest by law; infinity: what decides is not known. Kept by a trigger.';
alter table illnesses disable trigger announced_update;
update illnesses i
set free_from = coalesce(i.returned_on,
                         case d.suspends
                             when 'by_doctor' then i.cleared_on
                             else least(i.cleared_on,
                                        case when d.end_sign is null or over.day is not null
                                             then greatest(i.onset_on + d.onset_days + 1, over.day) end) end,
                         'infinity')
from diseases d,
     illnesses o
     join diseases e on e.code = o.disease
     cross join lateral (select least(o.ended_on + e.end_days + case when e.end_days > 0 then 1 else 0 end,
                                      case when e.treatment_days is not null then o.treated_until + 1 end)) over (day)
where d.code = i.disease and o.id = i.id and i.suspended_from is not null;
alter table illnesses enable trigger announced_update;
create index illnesses_open on illnesses (school_id, free_from) where withdrawn_at is null;
select set_config('todoke.schools', '', true);
