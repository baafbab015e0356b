-- Days of school. What is asked often looks into school_day_exceptions by its primary key; what is not there is as Monday to Friday.

create or replace function is_school_day(school int, grade int, day date) returns boolean
    language sql stable as
$$
    select coalesce((select x.is_school from school_day_exceptions x where x.school_id = $1 and x.grade = $2 and x.day = $3),
                    extract(isodow from $3) < 6)
$$;
comment on function is_school_day is 'Whether there is school on that day; grade 0: for any grade of the school.';

-- Set-returning, so that the planner inlines it into the statement that joins it.
create or replace function school_days(school int, grade int, first date, last date) returns setof date
    language sql stable as
$$
    select $3 + n
    from generate_series(0, $4 - $3) n
    left join school_day_exceptions x on x.school_id = $1 and x.grade = $2 and x.day = $3 + n
    where coalesce(x.is_school, extract(isodow from $3 + n) < 6)
$$;
comment on function school_days is 'The days of school from first to last, in their order; grade 0: of any grade.';

create or replace function days_at_school(school int, grade int, class int, first date, last date) returns setof date
    language sql stable as
$$ select d from school_days($1, $2, $4, $5) d where closure_on($1, $2, $3, d) is null $$;
comment on function days_at_school is 'The days of school from first to last on which the class is not closed.';

create or replace function grades_of(school_kind text) returns int
    language sql immutable parallel safe
    return case school_kind when 'elementary' then 6 when 'junior_high' then 3 else 9 end;
comment on function grades_of is 'How many grades such a school has.';

-- Both fences for the calendar and the hours: who keeps them, who reads them.
create or replace function may_keep_settings(account bigint, school int) returns boolean
    language sql stable as
$$
    select exists (select from roles_of($1) r
                   where r.role = 'board' or (r.school_id = $2 and r.role in ('administrator', 'office')))
$$;
comment on function may_keep_settings is 'Whether an account changes a school''s settings (null: the city''s): its administrator and office, the board.';

create or replace function may_see_settings(account bigint, school int) returns boolean
    language sql stable as
$$ select exists (select from roles_of($1) r where r.role = 'board' or r.school_id = $2) $$;
comment on function may_see_settings is 'Whether an account reads a school''s settings: its staff, the board.';

create or replace function in_view(school int) returns boolean
    language sql stable as
$$
    select case when todoke_whole_city() then $1 is null or exists (select from schools s where s.id = $1)
                else $1 = any (todoke_schools()) end
$$;
comment on function in_view is 'Whether the fence lets rows of this school (null: of the city) be written.';

-- What the entries say about each day of a range, for each school (or one) and grade, where they say anything.
create or replace function calendar_said(first date, last date, only_school int default null)
    returns table (school_id int, grade int, day date, is_school boolean, label text)
    language sql stable as
$$
    with said as (
        select e.school_id, e.school_kind, e.grades, d::date as day, e.kind = 'school_day' as is_school, e.label, e.id,
               case when e.school_id is not null then 4 else 0 end + case when e.grades is not null then 2 else 0 end
                   + case when e.school_kind is not null then 1 else 0 end as rank
        from calendar_entries e
        cross join generate_series(greatest(e.first_day, $1), least(e.last_day, $2), interval '1 day') d
        where e.first_day <= $2 and e.last_day >= $1
        union all
        select null, null, null, h.day, false, h.name, 0, -1
        from national_holidays h
        where h.day between $1 and $2
    )
    select distinct on (s.id, g.grade, e.day) s.id, g.grade, e.day, e.is_school, e.label
    from schools s
    cross join generate_series(1, grades_of(s.kind)) as g (grade)
    join said e on (e.school_id is null or e.school_id = s.id) and (e.school_kind is null or e.school_kind = s.kind)
                and (e.grades is null or g.grade = any (e.grades))
    where $3 is null or s.id = $3
    order by s.id, g.grade, e.day, e.rank desc, e.id desc
$$;

create or replace function school_days_refresh(first date, last date, only_school int default null) returns void
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
begin
    -- Two writers of one calendar wait for each other: each refreshes from what both have entered.
    perform pg_advisory_xact_lock(hashtext('todoke.calendar'));
    delete from school_day_exceptions x where x.day between first and last and (only_school is null or x.school_id = only_school);
    insert into school_day_exceptions (school_id, grade, day, is_school, label)
    select c.school_id, c.grade, c.day, c.is_school, c.label
    from calendar_said(first, last, only_school) c
    where c.is_school <> (extract(isodow from c.day) < 6);
    -- The school as a whole is closed when each grade is, and open when one is.
    insert into school_day_exceptions (school_id, grade, day, is_school, label)
    select s.id, 0, x.day, bool_or(x.is_school), min(x.label)
    from school_day_exceptions x
    join schools s on s.id = x.school_id
    where x.day between first and last and x.grade > 0 and (only_school is null or s.id = only_school)
    group by s.id, s.kind, x.day
    having bool_or(x.is_school) or count(*) = grades_of(s.kind);
    perform look_over_fence(before);
end
$$;
comment on function school_days_refresh is 'Writes the derived days of a range anew, from the entries.';
revoke execute on function school_days_refresh, calendar_said from public;

-- What lies near each other is refreshed at once: a year's calendar comes in one statement.
create or replace function calendar_changed() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    touched record;
begin
    for touched in
        select c.school_id, unnest(range_agg(daterange(c.first_day - 15, c.last_day + 15, '[]'))) as days from changed c group by c.school_id
    loop
        perform school_days_refresh(lower(touched.days), upper(touched.days) - 1, touched.school_id);
    end loop;
    return null;
end
$$;
create or replace trigger calendar_changed after insert on calendar_entries
    referencing new table as changed for each statement execute function calendar_changed();
create or replace trigger calendar_changed_from after update on calendar_entries
    referencing old table as changed for each statement execute function calendar_changed();
create or replace trigger calendar_changed_to after update on calendar_entries
    referencing new table as changed for each statement execute function calendar_changed();
create or replace trigger calendar_gone after delete on calendar_entries
    referencing old table as changed for each statement execute function calendar_changed();

create or replace function schools_changed() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    perform school_days_refresh('2000-01-01', '2200-12-31', case when (select count(*) from changed) = 1 then (select id from changed) end);
    return null;
end
$$;
create or replace trigger calendar_of_new after insert on schools
    referencing new table as changed for each statement execute function schools_changed();

-- What a migration added (national holidays) is in the derived days from now on.
select school_days_refresh('2000-01-01', '2200-12-31');
