-- A school year's calendar out of a file: what it would change, and the change.

create or replace function grades_sorted(grades smallint[]) returns smallint[]
    language sql immutable parallel safe
    return (select array_agg(distinct g order by g) from unnest(grades) g);
comment on function grades_sorted is 'The same grades in their order; null stays null.';

-- A line replaces the entry of the same days, grades and kind of school; `removes`: what the file does not name goes.
create or replace function calendar_plan(school int, year int, lines jsonb, removes boolean)
    returns table (line int, action text, entry_id bigint, version int, first_day date, last_day date, school_kind text, grades smallint[],
                   kind text, label text, kind_before text, label_before text)
    language sql stable as
$$
    with wanted as materialized (
        select l.line, l.first_day, l.last_day, l.school_kind, l.grades::smallint[] as grades, l.kind, l.label
        from jsonb_to_recordset($3) as l (line int, first_day date, last_day date, school_kind text, grades int[], kind text, label text)
    ), there as materialized (
        select e.*, row_number() over (partition by e.first_day, e.last_day, e.school_kind, grades_sorted(e.grades) order by e.id desc) as nth
        from calendar_entries e
        where e.school_id is not distinct from $1 and e.first_day <= make_date($2 + 1, 3, 31) and e.last_day >= make_date($2, 4, 1)
    ), matched as (
        select w.*, t.id, t.version, t.kind as kind_before, t.label as label_before
        from wanted w
        left join there t on t.nth = 1 and t.first_day = w.first_day and t.last_day = w.last_day
                         and t.school_kind is not distinct from w.school_kind and grades_sorted(t.grades) is not distinct from w.grades
    )
    select m.line, case when m.id is null then 'added' when m.kind = m.kind_before and m.label = m.label_before then 'same' else 'replaced' end,
           m.id, m.version, m.first_day, m.last_day, m.school_kind, m.grades, m.kind, m.label, m.kind_before, m.label_before
    from matched m
    union all
    select null, 'removed', t.id, t.version, t.first_day, t.last_day, t.school_kind, t.grades, t.kind, t.label, null, null
    from there t
    where $4 and not exists (select from matched m where m.id = t.id)
      and t.first_day >= make_date($2, 4, 1) and t.last_day <= make_date($2 + 1, 3, 31)
$$;
comment on function calendar_plan is 'What a file''s lines mean for the calendar of a school (null: the city) in a school year.';

-- Entries and versions are in it: who changes one of them meanwhile makes it another plan.
create or replace function calendar_plan_digest(school int, year int, lines jsonb, removes boolean) returns text
    language sql stable as
$$
    select md5(coalesce($1::text, '') || ' ' || $2 || ' ' || coalesce(string_agg(p::text, E'\n' order by p.first_day, p.line, p.entry_id), ''))
    from calendar_plan($1, $2, $3, $4) p
$$;
comment on function calendar_plan_digest is 'A short name for a plan: the same plan has the same.';
