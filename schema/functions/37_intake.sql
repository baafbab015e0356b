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

-- The window of a rule that a moment of the city's clock falls in, by the day on which it began; null: in none.
-- A window that begins today goes before the rest of yesterday's.
create or replace function window_day(rule intake_rules, school int, at timestamp) returns date
    language sql stable as
$$
    select d.day
    from (values ($3::date), ($3::date - 1)) d (day)
    where $3 >= d.day + ($1).from_time and $3 < rule_ends($1, d.day) and rule_begins_on($1, $2, d.day)
    order by d.day desc
    limit 1
$$;

create or replace function here(at timestamptz) returns timestamp
    language sql stable parallel safe
    return $1 at time zone 'Asia/Tokyo';
comment on function here is 'A moment on the city''s clock.';

-- The rules in force at a moment. What the time of day rules out is left before anything of a school is looked up.
create or replace function intake_in_force(at timestamptz) returns table (school_id int, rule_id bigint, kinds text[], about text)
    language sql stable as
$$
    select v.of_school, r.id, r.kinds, r.about
    from intake_rules r
    join intake_rules_of_schools v on v.id = r.id
    where r.active
      and case when r.to_time > r.from_time then here($1)::time >= r.from_time and here($1)::time < r.to_time
               else here($1)::time >= r.from_time or here($1)::time < r.to_time end
      and window_day(r, v.of_school, here($1)) is not null
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
    for i in 1 .. 60 loop
        select v.id, v.message, rule_ends(r, w.day) as ends
        into found
        from intake_rules_of_schools v
        join intake_rules r on r.id = v.id
        cross join lateral window_day(r, v.of_school, moment) as w (day)
        where v.of_school = school and intake_shut.kind = any (v.kinds) and w.day is not null
          and (v.about = 'any' or same_day)
        order by ends desc, v.id
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
