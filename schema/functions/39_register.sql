-- The register (出席簿) of a class: a row for each child and each day of school.

-- Whose class a child was in on a day. Before its first version it was where it was first; null: before it came from another school,
-- whose versions the fence hides.
create or replace function class_on(student bigint, day date) returns int
    language sql stable as
$$
    select case when v.from_school_id is null or v.made_at < (($2 + 1)::timestamp at time zone 'Asia/Tokyo') then v.class_id end
    from student_versions v
    where v.student_id = $1
    order by v.made_at < (($2 + 1)::timestamp at time zone 'Asia/Tokyo') desc,
             case when v.made_at < (($2 + 1)::timestamp at time zone 'Asia/Tokyo') then -v.version else v.version end
    limit 1
$$;
comment on function class_on is 'The class of a child on a day.';

-- A child that went to another school is behind that one's fence, but its days here stay in the register.
create or replace function moved_away(school int) returns table (student_id bigint, last_day date)
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before text;
begin
    if not in_view(school) then return; end if;
    before := look_over_fence('*');
    return query
    select v.student_id, (max(v.made_at) at time zone 'Asia/Tokyo')::date - 1
    from student_versions v
    where v.from_school_id = school
    group by v.student_id;
    perform look_over_fence(before);
end
$$;
comment on function moved_away is 'Children that went from a school in view to another one, and their last day there.';

create or replace function child_in_register(student bigint)
    returns table (id bigint, number smallint, family_name text, given_name text, family_kana text, given_kana text, code text)
    language sql stable as
$$
    select s.id, s.number, s.family_name, s.given_name, s.family_kana, s.given_kana, s.code from students s where s.id = $1
    union all
    (select v.student_id, v.number, v.family_name, v.given_name, v.family_kana, v.given_kana, v.code
     from student_versions v
     where v.student_id = $1 and not exists (select from students s where s.id = $1)
     order by v.version desc
     limit 1)
$$;
comment on function child_in_register is 'What a register calls a child: as it is, or as it was when it went to another school.';

create or replace function closure_mark(closure bigint) returns text
    language sql stable as
$$ select case c.cause when 'disaster' then 'disaster' else 'closure' end from closures c where c.id = $1 $$;
comment on function closure_mark is 'The mark that a closure puts into the register; null: no closure.';

-- The mark of a whole day's absence: what the reason suggests, or an absence without one.
create or replace function whole_day_mark(suggested text) returns text
    language sql stable as
$$
    select coalesce((select m.code from marks m where m.code = $1 and m.counts_as in ('absent', 'suspended')), 'accident')
$$;
comment on function whole_day_mark is 'The mark for a day''s absence whose reason suggests one; an absence of unknown cause otherwise (事故欠).';

-- What somebody wrote by hand counts first, then a closure, then that the teacher saw the child, then an illness that suspends
-- attendance, then that the child was not seen, then what was reported.
-- mark null: attended (or, where the class was not called, nothing says otherwise).
create or replace function register_of(class int, first date, last date)
    returns table (student_id bigint, day date, mark text, late boolean, leave_early boolean, source text, called boolean)
    language sql stable as
$$
    with place as materialized (
        select c.id, c.school_id, c.grade from classes c where c.id = $1
    ), child as materialized (
        select s.id, s.left_on
        from students s
        where s.class_id = $1 or s.id in (select v.student_id from student_versions v where v.class_id = $1)
        union all
        select g.student_id, g.last_day
        from place p
        cross join lateral moved_away(p.school_id) g
        where g.student_id in (select v.student_id from student_versions v where v.class_id = $1)
          and not exists (select from students s where s.id = g.student_id)
    ), days as materialized (
        select d as day, closure_mark(closure_on(p.school_id, p.grade, p.id, d)) as closed_as,
               exists (select from roll_calls r where r.class_id = p.id and r.day = d and r.done_at is not null) as called
        from place p
        cross join school_days(p.school_id, p.grade, $2, least($3, today())) d
    ), illness as materialized (
        select i.student_id, i.suspended_from, i.free_from
        from child ch
        join illnesses i on i.student_id = ch.id and i.withdrawn_at is null and i.suspended_from <= $3
                        and i.free_from > $2
    ), known as (
        select ch.id as student_id, d.day, d.closed_as, d.called, fix.automatic, fix.id is not null as fixed, fix.mark as fixed_mark,
               fix.late as fixed_late, fix.leave_early as fixed_early, nullif(seen.state, 'expected') as seen, a.kind,
               case when a.id is not null then r.mark else away.mark end as mark,
               a.id is null and away.id is not null as away,
               exists (select from illness i
                       where i.student_id = ch.id and i.suspended_from <= d.day and i.free_from > d.day) as ill
        from days d
        join child ch on (ch.left_on is null or ch.left_on >= d.day) and class_on(ch.id, d.day) = $1
        left join lateral (select f.* from register_corrections f
                           where f.student_id = ch.id and f.day = d.day
                           order by f.id desc limit 1) fix on true
        left join attendance seen on seen.student_id = ch.id and seen.day = d.day
        left join lateral (select a.id, a.kind, a.reason_id from absences a
                           where a.student_id = ch.id and a.cancelled_by is null and a.last_day >= d.day and a.first_day <= d.day
                           limit 1) a on true
        left join reasons r on r.id = a.reason_id
        left join lateral (select t.id, tr.mark from standing_absences t
                           left join reasons tr on tr.id = t.reason_id
                           where t.id = standing_on(ch.id, d.day)) away on true
    ), judged as (
        select k.*,
               case when k.fixed and not k.automatic then 'hand'
                    when k.closed_as is not null then 'closure'
                    when k.seen <> 'absent' then 'seen'
                    when k.ill then 'illness'
                    when k.seen is not null then 'seen'
                    when k.kind is not null then 'report'
                    when k.away then 'standing'
                    when k.called then 'called'
                    else 'nothing' end as source
        from known k
    )
    select j.student_id, j.day,
           case j.source
               when 'hand' then j.fixed_mark
               when 'closure' then j.closed_as
               when 'illness' then 'suspended'
               when 'seen' then case when j.seen = 'absent' then whole_day_mark(j.mark) end
               when 'report' then case when j.kind = 'absent' then whole_day_mark(j.mark) end
               when 'standing' then whole_day_mark(j.mark)
           end,
           case j.source
               when 'hand' then j.fixed_late
               when 'seen' then j.seen in ('late', 'late_and_left_early')
               when 'report' then j.kind in ('late', 'late_and_leave_early')
               else false
           end,
           case j.source
               when 'hand' then j.fixed_early
               when 'seen' then j.seen in ('left_early', 'late_and_left_early')
                                or (j.seen in ('present', 'late') and coalesce(j.kind in ('leave_early', 'late_and_leave_early'), false))
               when 'report' then j.kind in ('leave_early', 'late_and_leave_early')
               else false
           end,
           j.source, j.called
    from judged j
$$;
comment on function register_of is 'Marks of a class for each child and day of school from first to last, today at the latest.';

-- 出席しなければならない日数 = 授業日数 - 出席停止・忌引等; 出席日数 = the rest without absences.
create or replace function register_totals(class int, first date, last date)
    returns table (student_id bigint, school_days int, suspended int, due int, absent int, attended int, late int, leave_early int,
                   marks jsonb)
    language sql stable as
$$
    select t.student_id, t.days, t.suspended, t.days - t.suspended, t.absent, t.days - t.suspended - t.absent, t.late, t.leave_early,
           t.marks
    from (select r.student_id, count(*)::int as days,
                 count(*) filter (where m.counts_as = 'suspended')::int as suspended,
                 count(*) filter (where m.counts_as = 'absent')::int as absent,
                 count(*) filter (where r.late)::int as late,
                 count(*) filter (where r.leave_early)::int as leave_early,
                 coalesce(jsonb_object_agg(r.day, jsonb_build_object('mark', r.mark, 'late', r.late, 'leave_early', r.leave_early,
                                                                     'source', r.source))
                          filter (where r.mark is not null or r.late or r.leave_early or r.source = 'hand'), '{}') as marks
          from register_of($1, $2, $3) r
          left join marks m on m.code = r.mark
          group by r.student_id) t
$$;
comment on function register_totals is 'A register''s sums for each child, with the days that are not plain attendance.';
