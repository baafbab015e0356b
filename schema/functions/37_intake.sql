-- Whether a guardian's report is taken at a moment. In a rush the rules in force are read once for a whole batch
-- (intake_in_force); what is in the way of one report, and until when, is asked only where something is (intake_shut).

-- A school's rules: its own, and the city's that it has not overridden.
create or replace view intake_rules_of_schools with (security_invoker = true) as
select s.id as of_school, r.*
from intake_rules r
join schools s on s.id = r.school_id
              or (r.school_id is null and not exists (select from intake_rules o where o.overrides = r.id and o.school_id = s.id))
where r.active;
comment on view intake_rules_of_schools is 'The rules that hold for each school.';

create or replace function rule_begins_on(rule intake_rules, school int, day date) returns boolean
    language sql stable as
$$
    select case ($1).days when 'every' then true
                          when 'weekdays' then extract(isodow from $3)::smallint = any (($1).weekdays)
                          when 'dates' then $3 between ($1).first_day and ($1).last_day
                          else is_school_day($2, 0, $3) = (($1).days = 'school_days') end
$$;

create or replace function rule_ends(rule intake_rules, day date) returns timestamp
    language sql immutable parallel safe
    return $2 + ($1).to_time + case when ($1).to_time <= ($1).from_time then interval '1 day' else interval '0' end;

create or replace function here(at timestamptz) returns timestamp
    language sql stable parallel safe
    return $1 at time zone 'Asia/Tokyo';
comment on function here is 'A moment on the city''s clock.';

-- The rules in force at a moment. What the time of day rules out is left before anything of a school is looked up; no function that
-- the planner can't inline. (A window is a day long at most: a moment lies in one of a rule.)
create or replace function intake_in_force(at timestamptz)
    returns table (school_id int, rule_id bigint, kinds text[], about text, message text, ends timestamp)
    language sql stable as
$$
    select s.id, r.id, r.kinds, r.about, r.message, w.ends
    from intake_rules r
    cross join (values (0), (-1)) n (days)
    cross join lateral (select here($1)::date + n.days as day) d
    cross join lateral (select d.day + r.to_time
                               + case when r.to_time <= r.from_time then interval '1 day' else interval '0' end as ends) w
    join schools s on s.id = r.school_id or r.school_id is null
    left join school_day_exceptions x on x.school_id = s.id and x.grade = 0 and x.day = d.day
    where r.active
      and here($1) >= d.day + r.from_time
      and here($1) < w.ends
      and case r.days when 'every' then true
                      when 'weekdays' then extract(isodow from d.day)::smallint = any (r.weekdays)
                      when 'dates' then d.day between r.first_day and r.last_day
                      else coalesce(x.is_school, extract(isodow from d.day) < 6) = (r.days = 'school_days') end
      and (r.school_id is not null or not exists (select from intake_rules o where o.overrides = r.id and o.school_id = s.id))
$$;
comment on function intake_in_force is 'The rules that are in the way at a moment, for each school: few, read once for many reports.';

-- The rule in the way of one report, its message, and until when one is: windows that follow each other count as one.
create or replace function intake_shut(school int, kind text, first_day date, at timestamptz,
                                       out rule_id bigint, out message text, out until timestamptz)
    returns setof record
    language plpgsql stable as
$$
declare
    found  record;
    moment timestamp := here(at);
    -- Until when a report for the very day, whichever it is by then, is taken again.
    same_day constant boolean := intake_shut.first_day = moment::date;
begin
    for i in 1 .. 45 loop
        select f.rule_id as id, f.message, f.ends
        into found
        from intake_in_force(moment at time zone 'Asia/Tokyo') f
        where f.school_id = school and intake_shut.kind = any (f.kinds) and (f.about = 'any' or same_day)
        order by f.ends desc, f.rule_id
        limit 1;
        exit when found.id is null;
        rule_id := coalesce(rule_id, found.id);
        message := coalesce(message, found.message);
        moment := found.ends;
    end loop;
    if rule_id is not null then
        until := moment at time zone 'Asia/Tokyo';
        return next;
    end if;
end
$$;
comment on function intake_shut is 'What is in the way of a guardian''s report for that day at that moment; no row: nothing.';
