-- Files of the register by a saved mapping: what its columns can hold, and their lines.

create or replace function export_fields(file text) returns text[]
    language sql immutable parallel safe
    return '{code,school_code,school_name,school_year,grade,class_code,class_name,number,name,family_name,given_name,kana,family_kana,given_kana,month}'::text[]
           || case file when 'sums' then '{school_days,suspended,due,absent,attended,late,leave_early}'::text[]
                        else '{date,date_slash,date_compact,date_era,mark,mark_code,symbol,late,leave_early,reason,reason_code}'::text[] end;
comment on function export_fields is 'What a column of such a file can hold, besides a fixed text ("text:...").';

create or replace function export_columns_fit(file text, headings text[], fields text[]) returns boolean
    language sql immutable parallel safe
    return coalesce(cardinality(fields) between 1 and 60 and cardinality(headings) = cardinality(fields)
                    and not exists (select from unnest(fields) f
                                    where f is null or not (f = any (export_fields(file)) or (f like 'text:%' and char_length(f) <= 65))
                                       or f ~ '[[:cntrl:]]')
                    and not exists (select from unnest(headings) h where h is null or char_length(h) > 60 or h ~ '[[:cntrl:]]'), false);
comment on function export_columns_fit is 'Whether these can be the columns of such a file.';

create or replace function era_date(day date) returns text
    language sql immutable parallel safe
    return '令和' || case when extract(year from day) = 2019 then '元' else (extract(year from day) - 2018)::text end || '年'
           || extract(month from day)::text || '月' || extract(day from day)::text || '日';
comment on function era_date is 'A day as 令和8年4月1日; of May 2019 or later.';

-- mark_used, reason_used: what the row's codes are about, whether or not there is one.
create or replace function export_facts(school int, class int, file text, first date, last date)
    returns table (student_id bigint, class_id int, day date, facts jsonb, mark_used text, reason_used int)
    language sql stable as
$$
    with place as materialized (
        select c.id, c.code, c.grade, c.name, c.sort, c.school_year, s.code as school_code, s.name as school_name
        from classes c
        join schools s on s.id = c.school_id
        where c.school_id = $1 and ($2 is null or c.id = $2)
          and c.school_year = extract(year from $4 - interval '3 months')::int
    ), line as (
        select p.id as class_id, t.student_id, null::date as day, null::text as mark, null::int as reason_id,
               jsonb_build_object('school_days', t.school_days, 'suspended', t.suspended, 'due', t.due, 'absent', t.absent,
                                  'attended', t.attended, 'late', t.late, 'leave_early', t.leave_early) as own
        from place p
        cross join lateral register_totals(p.id, $4, $5) t
        where $3 = 'sums'
        union all
        select p.id, r.student_id, r.day, m.code, why.id,
               jsonb_build_object('date', r.day, 'date_slash', to_char(r.day, 'YYYY/MM/DD'), 'date_compact', to_char(r.day, 'YYYYMMDD'),
                                  'date_era', era_date(r.day), 'mark', m.label, 'mark_code', m.external_code, 'symbol', m.symbol,
                                  'late', case when r.late then 1 end, 'leave_early', case when r.leave_early then 1 end,
                                  'reason', why.label, 'reason_code', why.external_code)
        from place p
        cross join lateral register_of(p.id, $4, $5) r
        left join marks m on m.code = coalesce(r.mark, case when r.late then 'late' when r.leave_early then 'leave_early' end)
        left join lateral (select a.id, a.reason_id from absences a
                           where a.student_id = r.student_id and a.cancelled_by is null and a.last_day >= r.day and a.first_day <= r.day
                           limit 1) a on m.code is not null and r.source in ('seen', 'report')
        left join standing_absences t on t.id = standing_on(r.student_id, r.day)
                                     and a.id is null and m.code is not null and r.source in ('seen', 'standing')
        left join reasons why on why.id = coalesce(a.reason_id, t.reason_id)
        where $3 <> 'sums' and ($3 = 'every_day' or m.code is not null)
    )
    select l.student_id, l.class_id, l.day,
           l.own || jsonb_build_object('code', s.code, 'school_code', p.school_code, 'school_name', p.school_name,
                                       'school_year', p.school_year, 'grade', p.grade, 'class_code', p.code, 'class_name', p.name,
                                       'number', s.number, 'name', s.family_name || ' ' || s.given_name, 'family_name', s.family_name,
                                       'given_name', s.given_name, 'kana', s.family_kana || ' ' || s.given_kana,
                                       'family_kana', s.family_kana, 'given_kana', s.given_kana, 'month', to_char($4, 'YYYY-MM')),
           l.mark, l.reason_id
    from line l
    join place p on p.id = l.class_id
    cross join lateral child_in_register(l.student_id) s
    order by p.grade, p.sort, p.id, l.day, s.number, s.id
$$;
comment on function export_facts is 'What can stand in the lines of a file of the register, for a class or the whole school.';

create or replace function export_cells(facts jsonb, fields text[]) returns text[]
    language sql immutable parallel safe
    return (select array_agg(coalesce(case when f like 'text:%' then substr(f, 6) else facts ->> f end, '') order by nth)
            from unnest(fields) with ordinality as x (f, nth));
comment on function export_cells is 'A line''s cells.';
