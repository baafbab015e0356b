-- The plan of an import: staged rows against the roster of this moment. Each step looks at all rows at once and writes
-- what it found beside them; a row with a problem takes no part in the later ones.
--
-- They run as the owner, with the whole city in view (a code may belong to a child of another school), and are called by
-- roster_stage, roster_replan and roster_apply alone, which have asked who may. Rows that were staged a moment ago are counted
-- (analyze) and joined without nested loops: a guess of one row where there are 29,000 costs minutes.

-- The roll-over's own rows: each child of today as the next year would have it if nobody said otherwise; and over them
-- the files that are booked for that year.
create or replace function roster_promote(i roster_imports) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    delete from roster_rows r
    where r.import_id = i.id
      and (r.source <> 'manual'
           or not exists (select from students s join classes c on c.id = s.class_id
                          where s.id = r.student_id and s.left_on is null and c.school_year < i.school_year));
    insert into roster_rows (import_id, nth, school_id, source, school_year, class_name, class_kind, number, exchange_class_name,
                             gone, student_id, to_school_id, to_grade)
    select i.id, 1000000 + row_number() over (order by s.id), s.school_id, 'promoted', i.school_year,
           case when p.ends then '未編成' else c.name end, case when p.ends then 'regular' else c.kind end,
           case when p.ends then null else s.number end, case when not p.ends then x.name end,
           p.ends and sc.kind <> 'elementary', s.id,
           case when not p.ends then s.school_id when sc.kind = 'elementary' then sc.next_school_id end,
           case when p.ends then 1 else c.grade + 1 end
    from students s
    join classes c on c.id = s.class_id and c.school_year < i.school_year
    join schools sc on sc.id = s.school_id
    cross join lateral (select c.grade >= school_grades(sc.kind) as ends) p
    left join classes x on x.id = s.exchange_class_id
    where s.left_on is null;
    insert into roster_rows (import_id, nth, school_id, source, line, code, school_code, school_year, grade, class_code, class_name,
                             class_kind, number, family_name, given_name, family_kana, given_kana, exchange_class_code, gone)
    select i.id, 2000000 + row_number() over (order by l.id, r.nth), r.school_id, 'list', r.line, r.code,
           coalesce(r.school_code, sc.code), r.school_year, r.grade, r.class_code, r.class_name, r.class_kind, r.number,
           r.family_name, r.given_name, r.family_kana, r.given_kana, r.exchange_class_code, r.gone
    from roster_imports l
    join roster_rows r on r.import_id = l.id and r.problem is null
    left join schools sc on sc.id = l.school_id
    where l.state = 'booked' and l.school_year = i.school_year and l.kind <> 'rollover';
end
$$;

create or replace function school_grades(kind text) returns int
    language sql immutable parallel safe
    return case kind when 'elementary' then 6 when 'junior_high' then 3 else 9 end;

-- Which school and grade each row is about, and which child by its code. Files call the grades of a junior high school 7 to 9, and some 1 to 3.
create or replace function roster_place_rows(i roster_imports) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    update roster_rows r
    set problem = null, matched_by = null, to_class_id = null, to_class_name = null, to_exchange_id = null, to_number = null,
        student_id = case when r.source in ('promoted', 'manual') then r.student_id end,
        to_school_id = case when r.source in ('promoted', 'manual') then r.to_school_id end,
        to_grade = case when r.source in ('promoted', 'manual') then r.to_grade end
    where r.import_id = i.id
      and (r.problem is not null or r.to_school_id is not null or r.student_id is not null);
    update roster_rows r
    set to_school_id = f.school_id, to_grade = f.grade, student_id = f.student_id, problem = f.problem,
        matched_by = case when f.student_id is not null then 'code' end
    from (select n.nth, s.id as school_id, g.grade, k.id as student_id,
                 case when n.school_year <> i.school_year then 'school_year'
                      when s.id is null and (n.school_code is not null or i.school_id is not null) then 'unknown_school'
                      when s.id <> i.school_id then 'foreign_school'
                      when s.id is not null and g.grade not between 1 and school_grades(s.kind) then 'grade_range'
                      when i.school_id <> k.school_id and i.school_year <= school_year() then 'other_school' end as problem
          from roster_rows n
          left join students k on k.code = n.code
          left join schools own on own.id = i.school_id
          left join schools s on s.code = coalesce(n.school_code, own.code)
          cross join lateral (select case when s.kind = 'junior_high' and n.grade between 7 and 9 then n.grade - 6
                                          else n.grade end::smallint as grade) g
          where n.import_id = i.id and n.source in ('file', 'list')) f
    where r.import_id = i.id and r.nth = f.nth;
end
$$;

-- Which child each other row is: by names in the same class; else by names, where there is only one in file and
-- roster. In a roll-over a child is looked for where it is to go.
create or replace function roster_match_rows(i roster_imports) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    for pass in 1 .. 2 loop
        update roster_rows r
        set student_id = f.student_id, matched_by = case pass when 1 then 'class' else 'name' end
        from (select p.nth, p.student_id, count(*) over (partition by p.nth) as children,
                     count(*) over (partition by p.student_id) as rows
              from roster_name_pairs(i) p
              where pass = 2 or p.same_class) f
        where r.import_id = i.id and r.nth = f.nth and f.children = 1 and f.rows = 1;
    end loop;
    update roster_rows r
    set problem = 'ambiguous'
    where r.import_id = i.id and r.nth in (select nth from roster_name_pairs(i));
    -- The same child twice: the first row counts; in a roll-over the correction by hand, then the last list.
    if i.kind = 'rollover' then
        update roster_rows r
        set problem = 'superseded'
        from (select nth, row_number() over (partition by student_id order by source <> 'manual', source <> 'list', nth desc) as rank
               from roster_rows
               where import_id = i.id and student_id is not null and problem is null) f
        where r.import_id = i.id and r.nth = f.nth and f.rank > 1;
        -- The city's lists are seen by each school as far as they name its children.
        update roster_rows r
        set school_id = coalesce((select s.school_id from students s where s.id = r.student_id), r.to_school_id)
        where r.import_id = i.id and r.source = 'list';
    end if;
    update roster_rows r
    set problem = 'duplicate_code'
    from (select nth, row_number() over (partition by student_id, case when student_id is null then code end order by nth) as nth_of
          from roster_rows
          where import_id = i.id and problem is null and (student_id is not null or code is not null)) f
    where r.import_id = i.id and r.nth = f.nth and f.nth_of > 1;
end
$$;

create or replace function roster_name_pairs(i roster_imports)
    returns table (nth int, student_id bigint, same_class boolean)
    language sql stable set search_path = pg_catalog, public, pg_temp as
$$
    select r.nth, s.id, c.school_year = i.school_year and c.grade = r.to_grade and c.name = r.class_name
    from roster_rows r
    join students s on s.family_name = r.family_name and s.given_name = r.given_name and s.left_on is null
                   and s.family_kana = coalesce(r.family_kana, s.family_kana) and s.given_kana = coalesce(r.given_kana, s.given_kana)
                   and (s.code is null or r.code is null)
    join classes c on c.id = s.class_id
    left join roster_rows p on p.import_id = i.id and p.source = 'promoted' and p.student_id = s.id
    left join roster_rows taken on taken.import_id = i.id and taken.source in ('file', 'list') and taken.student_id = s.id
    where r.import_id = i.id and r.source in ('file', 'list') and r.student_id is null and r.problem is null
      and r.to_school_id = coalesce(p.to_school_id, case when p.nth is null then s.school_id else r.to_school_id end)
      and taken.nth is null and not coalesce(p.gone, false)
$$;

-- The class of each row, and its number if that is told or stays: a known class by code or name, or a new one, whose id is taken already. A row that tells no class
-- leaves the child where it is.
create or replace function roster_class_rows(i roster_imports) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    update roster_rows r
    set to_school_id = f.school_id, to_grade = f.grade, to_class_name = f.name, to_class_id = f.class_id, problem = f.problem,
        to_number = coalesce(r.number, case when f.old_class_id = f.class_id then f.old_number end)
    from (select n.nth, w.school_id, s.class_id as old_class_id, s.number as old_number, coalesce(n.to_grade, by_code.grade, case when stays.yes then c.grade end) as grade,
                 coalesce(n.class_name, by_code.name, n.class_code) as name,
                 case when n.class_code is null and n.class_name is null then case when stays.yes then c.id end
                      else coalesce(by_code.id, by_name.id) end as class_id,
                 case when n.gone and n.student_id is null then 'gone'
                      when n.gone then null
                      when w.school_id is null and n.source in ('promoted', 'manual') then 'undecided'
                      when w.school_id is null then 'unknown_school'
                      when n.class_code is null and n.class_name is null and not coalesce(stays.yes, false) then 'missing_class'
                      when coalesce(n.to_grade, by_code.grade, case when stays.yes then c.grade end) is null then 'missing_class'
                      when s.id is null and (n.family_name is null or n.given_name is null) then 'missing_name'
                      when s.id is null and (n.family_kana is null or n.given_kana is null) then 'missing_kana'
                      when concat(n.family_kana, n.given_kana) !~ '^[ぁ-ゖゝゞー・ ]*$' then 'kana_format'
                 end as problem
          from roster_rows n
          left join students s on s.id = n.student_id
          left join classes c on c.id = s.class_id
          cross join lateral (select case when n.source in ('promoted', 'manual') then n.to_school_id
                                          else coalesce(n.to_school_id, s.school_id) end as school_id) w
          cross join lateral (select s.school_id = w.school_id and c.school_year = i.school_year as yes) stays
          left join classes by_code on by_code.school_id = w.school_id and by_code.school_year = i.school_year
                and by_code.code = n.class_code and by_code.grade = coalesce(n.to_grade, c.grade, by_code.grade)
          left join classes by_name on by_name.school_id = w.school_id and by_name.school_year = i.school_year
                and by_name.name = coalesce(n.class_name, n.class_code)
                and by_name.grade = coalesce(n.to_grade, case when stays.yes then c.grade end)
          where n.import_id = i.id and n.problem is null) f
    where r.import_id = i.id and r.nth = f.nth;
    with made as (
        insert into roster_changes (import_id, object, object_id, school_id, kinds, line, after)
        select i.id, 'class', nextval('classes_id_seq'), n.to_school_id, '{class_new}', min(n.line),
               jsonb_build_object('school_id', n.to_school_id, 'school_year', i.school_year, 'grade', n.to_grade, 'name', n.to_class_name,
                                  'kind', coalesce(max(n.class_kind), 'regular'), 'code', min(n.class_code),
                                  'sort', class_sort(n.to_grade, n.to_class_name, coalesce(max(n.class_kind), 'regular')))
        from roster_rows n
        where n.import_id = i.id and n.problem is null and n.to_class_id is null and not n.gone
        group by n.to_school_id, n.to_grade, n.to_class_name
        returning object_id, after
    )
    update roster_rows r
    set to_class_id = m.object_id
    from made m
    where r.import_id = i.id and r.problem is null and r.to_class_id is null and not r.gone
      and r.to_school_id = (m.after ->> 'school_id')::int and r.to_grade = (m.after ->> 'grade')::smallint
      and r.to_class_name = m.after ->> 'name';
    -- What the file calls a known class otherwise. ("3-1組" is what an export calls a class that has no code.)
    insert into roster_changes (import_id, object, object_id, school_id, kinds, line, before, after)
    select i.id, 'class', c.id, c.school_id, '{class_changed}', t.line, class_image(c), class_image(c) || t.told
    from classes c
    join (select n.to_class_id, min(n.line) as line,
                 jsonb_strip_nulls(jsonb_build_object('name', min(n.to_class_name), 'kind', max(n.class_kind),
                                                      'code', min(nullif(n.class_code, n.to_grade || '-' || n.to_class_name)))) as told
          from roster_rows n
          where n.import_id = i.id and n.problem is null and not n.gone and n.source in ('file', 'list')
            and (n.class_name is not null or n.class_code is not null)
          group by n.to_class_id) t on t.to_class_id = c.id
    where class_image(c) <> class_image(c) || t.told;
    update roster_rows r
    set to_exchange_id = f.class_id, problem = f.problem
    from (select n.nth, x.id as class_id, case when x.id is null and n.source <> 'promoted' then 'unknown_exchange_class' end as problem
          from roster_rows n
          left join (select c.id, c.school_id, c.grade, c.code, c.name from classes c where c.school_year = i.school_year
                     union all
                     select h.object_id, h.school_id, (h.after ->> 'grade')::smallint, h.after ->> 'code', h.after ->> 'name'
                     from roster_changes h
                     where h.import_id = i.id and h.object = 'class' and h.before is null) x
            on x.school_id = n.to_school_id and x.grade = n.to_grade and x.id <> n.to_class_id
           and coalesce(n.exchange_class_name, n.exchange_class_code) in (x.code, x.name, x.grade || '-' || x.name)
          where n.import_id = i.id and n.problem is null and not n.gone
            and (n.exchange_class_code is not null or n.exchange_class_name is not null)) f
    where r.import_id = i.id and r.nth = f.nth;
end
$$;

-- 出席番号: told, kept, or the next free one of the class in the order of the kana. Told twice is a problem of the later row;
-- in a roll-over the later child only gets another one.
create or replace function roster_number_rows(i roster_imports) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    -- Who keeps a number: the rows; in a delta also the children that it does not name.
    with holders as (
        select r.nth, r.to_class_id as class_id, r.to_number as number,
               case r.source when 'manual' then 1 when 'promoted' then 3 else 2 end as rank
        from roster_rows r
        where r.import_id = i.id and r.problem is null and not r.gone and r.to_number is not null
        union all
        select null, s.class_id, s.number, 0
        from students s
        where i.mode = 'delta' and s.left_on is null and s.class_id in (select to_class_id from roster_rows where import_id = i.id)
          and not exists (select from roster_rows r where r.import_id = i.id and r.student_id = s.id and r.problem is null)
    ), twice as (
        select h.nth, row_number() over (partition by h.class_id, h.number order by h.rank, h.nth) as nth_of
        from holders h
    )
    update roster_rows r
    set to_number = case when i.kind <> 'rollover' then r.to_number end,
        problem = case when i.kind <> 'rollover' then 'duplicate_number' end
    from twice t
    where r.import_id = i.id and r.nth = t.nth and t.nth_of > 1;
    with free as (
        select r.nth, r.to_class_id,
               row_number() over (partition by r.to_class_id order by coalesce(r.family_kana, s.family_kana),
                                  coalesce(r.given_kana, s.given_kana), s.id, r.nth) as nth_of
        from roster_rows r
        left join students s on s.id = r.student_id
        where r.import_id = i.id and r.problem is null and not r.gone and r.to_number is null
    ), used as (
        select u.class_id, max(u.number) as number
        from (select r.to_class_id as class_id, r.to_number as number
              from roster_rows r where r.import_id = i.id and r.problem is null
              union all
              select s.class_id, s.number from students s where s.left_on is null) u
        group by u.class_id
    )
    update roster_rows r
    set to_number = coalesce(u.number, 0) + f.nth_of
    from free f
    left join used u on u.class_id = f.to_class_id
    where r.import_id = i.id and r.nth = f.nth;
end
$$;

-- A new class whose children all turned out to be problems is not made.
create or replace function roster_drop_empty(i roster_imports) returns void
    language sql set search_path = pg_catalog, public, pg_temp as
$$
    delete from roster_changes h
    where h.import_id = i.id and h.object = 'class' and h.before is null
      and not exists (select from (select r.to_class_id as id from roster_rows r where r.import_id = i.id and r.problem is null
                                   union
                                   select r.to_exchange_id from roster_rows r where r.import_id = i.id and r.problem is null) used
                      where used.id = h.object_id)
$$;

-- The children: each that changes, before and after, and what kinds of change it is.
create or replace function roster_student_changes(i roster_imports) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
declare
    last_day constant date := make_date(i.school_year, 3, 31);
    coming constant boolean := i.school_year > school_year() or i.kind = 'rollover';
begin
    insert into roster_changes (import_id, object, object_id, school_id, kinds, matched_by, line, before, after)
    select i.id, 'student', f.id, coalesce(f.after_school, f.school_id), f.kinds, f.matched_by, f.line,
           -- A school's list names children who are to come from elsewhere: what they are there is not for it to read.
           case when i.school_id is null or i.school_id = f.school_id then f.before end, f.after
    from (select s.id, s.school_id, r.to_school_id as after_school, r.matched_by, r.line, student_image(s) as before, a.after,
                 array_remove(array [
                     case when s.left_on is not null then 'returned' end,
                     case when s.school_id <> r.to_school_id and c.school_year < i.school_year then 'advanced'
                          when s.school_id <> r.to_school_id then 'moved'
                          when c.school_year < i.school_year then 'promoted'
                          when s.class_id <> r.to_class_id then 'class'
                          when s.number <> r.to_number then 'number' end,
                     case when s.family_name <> a.family_name or s.given_name <> a.given_name then 'name' end,
                     case when s.family_kana <> a.family_kana or s.given_kana <> a.given_kana then 'kana' end,
                     case when s.exchange_class_id is distinct from a.exchange_id and c.school_year = i.school_year
                               and s.school_id = r.to_school_id then 'exchange' end,
                     case when s.code is distinct from a.code then 'code' end], null) as kinds
          from roster_rows r
          join students s on s.id = r.student_id
          join classes c on c.id = s.class_id
          cross join lateral (
              select coalesce(r.family_name, s.family_name) as family_name, coalesce(r.given_name, s.given_name) as given_name,
                     coalesce(r.family_kana, s.family_kana) as family_kana, coalesce(r.given_kana, s.given_kana) as given_kana,
                     coalesce(r.code, s.code) as code,
                     coalesce(r.to_exchange_id, case when c.school_year = i.school_year and s.school_id = r.to_school_id
                                                      and s.exchange_class_id <> r.to_class_id then s.exchange_class_id end) as exchange_id) n
          cross join lateral (
              select n.*, jsonb_build_object('school_id', r.to_school_id, 'class_id', r.to_class_id, 'number', r.to_number,
                         'family_name', n.family_name, 'given_name', n.given_name, 'family_kana', n.family_kana,
                         'given_kana', n.given_kana, 'exchange_class_id', n.exchange_id, 'code', n.code, 'left_on', null) as after) a
          where r.import_id = i.id and r.problem is null and not r.gone) f
    where f.before <> f.after;
    -- Who leaves: told so by the file, or at the end of the last grade.
    insert into roster_changes (import_id, object, object_id, school_id, kinds, matched_by, line, before, after)
    select i.id, 'student', s.id, s.school_id,
           case when i.kind = 'rollover' and c.grade = school_grades(sc.kind) then '{graduated}' else '{left}' end::text[], r.matched_by, r.line,
           student_image(s), student_image(s) || jsonb_build_object('left_on', case when coming then last_day end)
    from roster_rows r
    join students s on s.id = r.student_id and s.left_on is null
    join classes c on c.id = s.class_id
    join schools sc on sc.id = s.school_id
    where r.import_id = i.id and r.problem is null and r.gone;
    insert into roster_changes (import_id, object, object_id, school_id, kinds, line, after)
    select i.id, 'student', nextval('students_id_seq'), r.to_school_id,
           case when r.to_grade = 1 and (coming or today() < make_date(i.school_year, 5, 1)) then '{entered}' else '{transferred_in}' end::text[],
           r.line,
           jsonb_build_object('school_id', r.to_school_id, 'class_id', r.to_class_id, 'number', r.to_number, 'family_name', r.family_name,
                              'given_name', r.given_name, 'family_kana', r.family_kana, 'given_kana', r.given_kana,
                              'exchange_class_id', r.to_exchange_id, 'code', r.code, 'left_on', null)
    from roster_rows r
    where r.import_id = i.id and r.problem is null and r.student_id is null and not r.gone;
    -- 消失: whom a bulk file does not name. The date is given, and the leaving confirmed, when it is applied.
    insert into roster_changes (import_id, object, object_id, school_id, kinds, before, after)
    select i.id, 'student', s.id, s.school_id, '{missing}', student_image(s), student_image(s)
    from students s
    where i.mode = 'bulk' and not coming and s.left_on is null and (i.school_id is null or s.school_id = i.school_id)
      and not exists (select from roster_rows r where r.import_id = i.id and r.student_id = s.id)
      and not exists (select from roster_problems p where p.import_id = i.id and p.severity = 'error');
end
$$;

-- What ends with the year: the links of those who leave, after some weeks for reading; the roles in classes of the old year.
create or replace function roster_year_ends(i roster_imports) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
declare
    last_day constant date := make_date(i.school_year, 3, 31);
begin
    insert into roster_changes (import_id, object, object_id, school_id, kinds, before, after)
    select i.id, 'guardianship', g.student_id, g.school_id, '{link_ended}',
           jsonb_build_object('account_id', g.account_id, 'valid_to', g.valid_to),
           jsonb_build_object('account_id', g.account_id, 'valid_to', greatest(last_day + i.read_days, g.valid_from))
    from roster_changes h
    join guardianships g on g.student_id = h.object_id
    where h.import_id = i.id and h.object = 'student' and h.kinds && '{graduated,left}'
      and coalesce(g.valid_to > greatest(last_day + i.read_days, g.valid_from), true);
    insert into roster_changes (import_id, object, object_id, school_id, kinds, before, after)
    select i.id, 'role', r.id, r.school_id, '{role_ended}', jsonb_build_object('valid_to', r.valid_to),
           jsonb_build_object('valid_to', greatest(last_day, r.valid_from))
    from staff_roles r
    join classes c on c.id = r.class_id and c.school_year < i.school_year
    where r.ended_at is null and coalesce(r.valid_to > greatest(last_day, r.valid_from), true);
end
$$;

create or replace function roster_plan(import bigint) returns void
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp set enable_nestloop = off set plan_cache_mode = force_custom_plan as
$$
declare
    before constant text := look_over_fence('*');
    seen constant pg_snapshot := pg_current_snapshot();
    i roster_imports;
    problems bigint;
begin
    select * into i from roster_imports where id = import;
    delete from roster_changes where import_id = import;
    delete from roster_problems where import_id = import and found_by = 'plan';
    if i.kind = 'rollover' then
        perform roster_promote(i);
    end if;
    analyze roster_rows (import_id, source, student_id, problem);
    perform roster_place_rows(i);
    perform roster_match_rows(i);
    perform roster_class_rows(i);
    perform roster_number_rows(i);
    perform roster_drop_empty(i);
    insert into roster_problems (import_id, school_id, found_by, severity, code, line, student_id, says)
    select import, r.school_id, 'plan', case when r.problem = 'undecided' then 'warning' else 'error' end, r.problem, r.line,
           r.student_id, roster_problem_says(r.problem)
    from roster_rows r
    where r.import_id = import and r.problem not in ('gone', 'superseded')
    order by r.line, r.nth;
    insert into roster_problems (import_id, school_id, found_by, severity, code, says)
    select import, i.school_id, 'plan', 'error', 'empty', roster_problem_says('empty')
    where i.kind <> 'rollover' and not exists (select from roster_rows where import_id = import)
      and not exists (select from roster_problems where import_id = import);
    select count(*) into problems from roster_problems where import_id = import and severity = 'error';
    if problems > 0 and i.mode = 'bulk' and i.school_year <= school_year() then
        insert into roster_problems (import_id, school_id, found_by, severity, code, says)
        values (import, i.school_id, 'plan', 'warning', 'missing_not_judged', roster_problem_says('missing_not_judged'));
    end if;
    perform roster_student_changes(i);
    if i.kind = 'rollover' then
        perform roster_year_ends(i);
    end if;
    update roster_imports
    set state = case when state = 'staged' then 'checked' else state end, planned_at = now(), planned_in = seen,
        n_rows = (select count(*) from roster_rows where import_id = import),
        n_errors = problems,
        n_warnings = (select count(*) from roster_problems where import_id = import and severity = 'warning'),
        counts = (select coalesce(jsonb_object_agg(k.kind, k.n), '{}')
                  from (select kind, count(*) as n from roster_changes h, unnest(h.kinds) kind where h.import_id = import group by kind) k)
    where id = import;
    perform look_over_fence(before);
end
$$;
comment on function roster_plan is 'Makes the plan of an import anew: rows against the roster of this moment.';

revoke execute on function roster_plan from public;
