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
    language sql stable as
$$ select $2 >= c.closure_fewest and $2 * 100 >= $1 * c.closure_percent from city c $$;
comment on function closure_is_near is 'Whether it is time to think of closing a class, by the city''s guide.';

-- ---- symptoms on the map: what was reported, today and on the days that today is compared with ----

-- From reports and illnesses alone, so that a morning before the roll calls is compared with mornings. Of today's children and their
-- classes.
create or replace function ill_days(schools int[], first date, last date)
    returns table (school_id int, class_id int, student_id bigint, day date, suspended boolean, symptoms text[])
    language sql stable as
$$
    select a.school_id, s.class_id, s.id, d::date, false, a.symptoms
    from absences a
    join students s on s.id = a.student_id and s.school_id = a.school_id and s.left_on is null
    left join reasons r on r.id = a.reason_id
    cross join lateral generate_series(greatest(a.first_day, $2)::timestamp, least(a.last_day, $3)::timestamp, '1 day') d
    where a.school_id = any ($1) and a.last_day >= $2 and a.first_day <= $3 and a.cancelled_by is null and a.kind = 'absent'
      and (a.symptoms is not null or r.mark = 'sick')
    union all
    select i.school_id, s.class_id, s.id, d::date, true, null
    from illnesses i
    join students s on s.id = i.student_id and s.school_id = i.school_id and s.left_on is null
    cross join lateral generate_series(greatest(i.suspended_from, $2)::timestamp, least(i.free_from - 1, $3)::timestamp, '1 day') d
    where i.school_id = any ($1) and i.free_from > $2 and i.withdrawn_at is null and i.suspended_from <= $3
$$;
comment on function ill_days is 'Who was reported absent for illness, or suspended, and on which day; a row for each report and each illness.';

create or replace function ill_counts(schools int[], measure text, first date, last date)
    returns table (school_id int, class_id int, day date, n int)
    language sql stable as
$$
    select i.school_id, i.class_id, i.day, count(distinct i.student_id)::int
    from ill_days($1, $3, $4) i
    where case $2 when 'ill' then true when 'suspended' then i.suspended else $2 = any (i.symptoms) end
    group by i.school_id, i.class_id, i.day
$$;
comment on function ill_counts is 'How many of a class were ill on a day: in all, suspended, or with one symptom. A class without a row has none.';

create or replace function last_school_days(school int, before date, n int) returns setof date
    language sql stable as
$$
    select d from school_days($1, 0, $2 - 60, $2 - 1) d order by d desc limit $3
$$;
comment on function last_school_days is 'A school''s last days of school, latest first; at most two months back.';

-- The median, and from where a number is far from it. The spread is that of the days themselves (their median distance from the median,
-- 1.4826 of it being a standard deviation), but no less than chance alone brings (the root of the mean) and no less than one child: half
-- of the days may be an outbreak and move nothing. Three spreads above is unusual, five is a jump. With fewer than five days nothing is
-- known, and nothing is marked.
create or replace function usual_of(counts int[], fewest int) returns table (usual int, raised_from int, high_from int)
    language sql immutable parallel safe as
$$
    with middle as (
        select percentile_cont(0.5) within group (order by n) as median from unnest($1) n
    ), spread as (
        select m.median,
               greatest(1.4826 * (select percentile_cont(0.5) within group (order by abs(n - m.median)) from unnest($1) n), sqrt(m.median), 1) as s
        from middle m
    )
    select round(s.median)::int, greatest(ceil(s.median + 3 * s.s), $2)::int, greatest(ceil(s.median + 5 * s.s), 2 * $2)::int
    from spread s
    where cardinality($1) >= 5
$$;
comment on function usual_of is 'What is usual, and from which number on it is more than usual, or far more; no row: too few days.';

create or replace function usual_by_class(school int, measure text, before date)
    returns table (class_id int, usual int, raised_from int, high_from int, counts int[])
    language sql stable as
$$
    with days as materialized (
        select d from last_school_days($1, $3, 20) d
    ), counted as materialized (
        select n.* from ill_counts(array[$1], $2, (select min(d) from days), $3 - 1) n
    )
    select c.id, u.usual, u.raised_from, u.high_from, h.counts
    from classes c
    cross join lateral (select array_agg(coalesce(n.n, 0) order by d.d) as counts
                        from days d
                        left join counted n on n.class_id = c.id and n.day = d.d) h
    left join lateral usual_of(h.counts, 3) u on true
    where c.school_id = $1 and c.school_year = school_year()
$$;
comment on function usual_by_class is 'What is usual for each class of a school, with the numbers of its last twenty days of school, oldest first.';

create or replace function usual_by_school(measure text, before date)
    returns table (school_id int, usual int, raised_from int, high_from int, counts int[])
    language sql stable as
$$
    with days as materialized (
        select s.id, d from schools s cross join lateral last_school_days(s.id, $2, 20) d
    ), counted as materialized (
        select n.school_id, n.day, sum(n.n)::int as n
        from ill_counts(array(select id from schools), $1, (select min(d) from days), $2 - 1) n
        group by n.school_id, n.day
    )
    select s.id, u.usual, u.raised_from, u.high_from, h.counts
    from schools s
    cross join lateral (select array_agg(coalesce(n.n, 0) order by d.d) as counts
                        from days d
                        left join counted n on n.school_id = d.id and n.day = d.d
                        where d.id = s.id) h
    left join lateral usual_of(h.counts, 5) u on true
$$;
comment on function usual_by_school is 'The same for each school of the city.';

create or replace function illness_figures(schools int[])
    returns table (id int, school_id int, enrolled int, ill int, fever int, headache int, respiratory int, diarrhea int, nausea int, rash int,
                   flu_like int, other_symptom int, suspended int, near_closure boolean)
    language sql stable as
$$
    select c.id, c.school_id, coalesce(n.enrolled, 0), coalesce(t.ill, 0), coalesce(t.fever, 0), coalesce(t.headache, 0),
           coalesce(t.respiratory, 0), coalesce(t.diarrhea, 0), coalesce(t.nausea, 0), coalesce(t.rash, 0), coalesce(t.flu_like, 0),
           coalesce(t.other_symptom, 0), coalesce(t.suspended, 0),
           closure_is_near(coalesce(n.enrolled, 0), coalesce(t.ill, 0)) and closure_on(c.school_id, c.grade, c.id, today()) is null
    from classes c
    left join (select s.class_id, count(*)::int as enrolled
               from students s
               where s.school_id = any ($1) and s.left_on is null
               group by s.class_id) n on n.class_id = c.id
    left join (select i.class_id, count(distinct i.student_id)::int as ill,
                      count(distinct i.student_id) filter (where 'fever' = any (i.symptoms))::int as fever,
                      count(distinct i.student_id) filter (where 'headache' = any (i.symptoms))::int as headache,
                      count(distinct i.student_id) filter (where 'respiratory' = any (i.symptoms))::int as respiratory,
                      count(distinct i.student_id) filter (where 'diarrhea' = any (i.symptoms))::int as diarrhea,
                      count(distinct i.student_id) filter (where 'nausea' = any (i.symptoms))::int as nausea,
                      count(distinct i.student_id) filter (where 'rash' = any (i.symptoms))::int as rash,
                      count(distinct i.student_id) filter (where 'flu_like' = any (i.symptoms))::int as flu_like,
                      count(distinct i.student_id) filter (where 'other' = any (i.symptoms))::int as other_symptom,
                      count(distinct i.student_id) filter (where i.suspended)::int as suspended
               from ill_days($1, today(), today()) i
               group by i.class_id) t on t.class_id = c.id
    where c.school_id = any ($1) and c.school_year = school_year()
$$;
comment on function illness_figures is 'Today''s ill children of each class, in numbers. ill: each child once.';

-- ---- small numbers ----

-- Which numbers guardians may see: of the parts, those of five and more; the total as well, unless something would follow from it for a part
-- that is hidden. The hidden ones are each from 0 to 4: their sum tells one of them where there is only one, and all of them where it is
-- 0 or as high as it can be. It is hidden below five in any case, being such a number itself. Null: hidden.
create or replace function small_numbers_hidden(counts int[]) returns table (parts int[], total int)
    language sql immutable parallel safe as
$$
    select array_agg(case when n >= 5 then n end order by nth),
           case when coalesce(sum(n) filter (where n < 5) between 5 and 4 * count(*) filter (where n < 5) - 1, true) then sum(n)::int end
    from unnest($1) with ordinality as c (n, nth)
$$;
comment on function small_numbers_hidden is 'The parts and their total, without those that say something of fewer than five children.';
