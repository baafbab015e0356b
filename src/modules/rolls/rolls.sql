-- The roll call: one mark for each child that is not as expected, one row for each class that is done.

-- Of two taps for a child the later one counts, whichever comes first: a telephone that was offline may come late.
-- name: attendance_put
-- gather write
-- takes: student_id bigint, day date, state text, arrived_at time, left_at time, seen_at bigint
with input as materialized (
    select i.ord, i.actor, i.student_id, i.day, i.state, i.arrived_at, i.left_at,
           least(to_timestamp(i.seen_at / 1000.0), now()) as seen_at
    from unnest(:actor, :student_id, :day, :state, :arrived_at, :left_at, :seen_at) with ordinality
         as i (actor, student_id, day, state, arrived_at, left_at, seen_at, ord)
), judged as materialized (
    select i.*, s.school_id, s.class_id, there.id as there_id, there.version as there_version, there.changed_at as there_at,
           case when s.id is null or not may_act_for(i.actor, s.id) then 'not_found'
                when i.day > today() then 'future_day'
                when i.day < today() - 400 then 'too_old'
                when i.day < today() and class_on(s.id, i.day) is null then 'other_school'
                when i.arrived_at >= i.left_at then 'validation'
                when there.seen_at = i.seen_at and there.changed_by = i.actor and there.state = i.state
                     and (there.arrived_at, there.left_at) is not distinct from (i.arrived_at, i.left_at) then 'known'
                when there.seen_at >= i.seen_at then 'overtaken' end as outcome
    from input i
    left join students s on s.id = i.student_id and (s.left_on is null or s.left_on >= i.day)
    left join attendance there on there.student_id = s.id and there.day = i.day
), last as (
    select distinct on (student_id, day) * from judged where outcome is null order by student_id, day, seen_at desc, ord desc
), written as (
    insert into attendance as a (school_id, student_id, class_id, day, state, arrived_at, left_at, seen_at, changed_by)
    select school_id, student_id, class_id, day, state, arrived_at, left_at, seen_at, actor
    from last
    order by student_id, day
    on conflict (student_id, day) do update
    set state = excluded.state, arrived_at = excluded.arrived_at, left_at = excluded.left_at, seen_at = excluded.seen_at,
        changed_by = excluded.changed_by, changed_at = now(), version = a.version + 1
    where a.seen_at < excluded.seen_at
    returning a.id, a.student_id, a.day, a.version, a.changed_at
)
select j.ord,
       case when j.outcome is null and (l.ord is null or w.id is null) then 'overtaken' else nullif(j.outcome, 'known') end as outcome,
       coalesce(w.id, case j.outcome when 'known' then j.there_id end) as id,
       coalesce(w.version, case j.outcome when 'known' then j.there_version end) as version,
       coalesce(w.changed_at, case j.outcome when 'known' then j.there_at end) as at
from judged j
left join last l on l.ord = j.ord
left join written w on l.ord is not null and w.student_id = l.student_id and w.day = l.day;

-- name: roll_put
-- write
-- takes: class_id bigint, day date, done bool
with allowed as materialized (
    select c.id, c.school_id, r.id as there_id, r.version, r.changed_at, r.done_at is not null as is_done,
           case when :day > today() then 'future_day' when :day < today() - 400 then 'too_old' end as outcome
    from classes c
    left join roll_calls r on r.class_id = c.id and r.day = :day
    where c.id = :class_id and exists (select from classes_of(:actor) m where m.class_id = c.id and m.may_act)
), written as (
    insert into roll_calls as r (school_id, class_id, day, done_by, done_at, changed_by)
    select a.school_id, a.id, :day, case when :done then :actor end, case when :done then now() end, :actor
    from allowed a
    where a.outcome is null and a.is_done is distinct from :done and (:done or a.there_id is not null)
    on conflict (class_id, day) do update
    set done_by = excluded.done_by, done_at = excluded.done_at, changed_by = excluded.changed_by, changed_at = now(),
        version = r.version + 1
    where (r.done_at is null) <> (excluded.done_at is null)
    returning r.id, r.version, r.changed_at
)
select a.outcome, coalesce(w.id, a.there_id) as id, coalesce(w.version, a.version) as version,
       coalesce(w.changed_at, a.changed_at) as at
from allowed a
left join written w on true;

-- The marks of a day, for a class's list and for putting right what is over.
-- name: class_attendance
-- takes: class_id bigint, day date
with seen as materialized (
    select c.id from classes c where c.id = :class_id and works_in_class(:actor, c.id)
)
select null as outcome, r.*
from seen
join attendance_rows r on (r.class_id = seen.id or r.exchange_class_id = seen.id) and r.day = :day
union all
select 'not_found', null::bigint, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by student_id;

-- ---- a child that nobody has seen and nobody has reported ----

-- Asking twice answers the same: the guardians are told once, until there is an answer, or none for half an hour.
-- name: inquiry_make
-- write
-- takes: student_id bigint
with target as materialized (
    select s.id, s.school_id, q.id as there_id, q.version, q.asked_at,
           case when q.id is not null and not may_ask_again(q.answer, q.asked_at) then 'known'
                when not (exists (select from attendance m where m.student_id = s.id and m.day = today() and m.state = 'absent')
                          and not accounted_for(s.id, today())
                          or exists (select from absences a
                                     where a.student_id = s.id and a.cancelled_by is null and a.last_day >= today() and a.first_day <= today()
                                       and overdue(s.id, a.kind, a.arrive_at))) then 'accounted_for' end as outcome
    from students s
    left join inquiries q on q.student_id = s.id and q.day = today()
    where s.id = :student_id and may_act_for(:actor, s.id)
), written as (
    insert into inquiries as q (school_id, student_id, day, asked_by)
    select t.school_id, t.id, today(), :actor from target t where t.outcome is null
    on conflict (student_id, day) do update
    set asked_by = excluded.asked_by, asked_at = now(), answer = null, answered_by = null, answered_at = null, version = q.version + 1
    where may_ask_again(q.answer, q.asked_at)
    returning q.id, q.version, q.asked_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'guardians_asked', 'student', t.id, t.school_id from target t where exists (select from written)
)
select case when t.outcome is null and w.id is null then 'just_asked' else nullif(t.outcome, 'known') end as outcome,
       coalesce(w.id, t.there_id) as id, coalesce(w.version, t.version) as version, coalesce(w.asked_at, t.asked_at) as at
from target t
left join written w on true;

-- A guardian says what is known, or the school that the child was found. Who knows nothing does not take back what another one knows.
-- name: inquiry_answer
-- write
-- takes: id bigint, answer text
with target as materialized (
    select q.*,
           case when :answer = 'closed' then may_act_for(:actor, q.student_id) else guardian_of(:actor, q.student_id) end as allowed
    from inquiries q
    where q.id = :id
    for update
), written as (
    update inquiries q
    set answer = :answer, answered_by = :actor, answered_at = now(), version = q.version + 1
    from target t
    where q.id = t.id and t.allowed and t.day = today() and t.answer is distinct from :answer and t.answer is distinct from 'closed'
      and not (:answer = 'not_known' and t.answer is not distinct from 'on_the_way' and t.answered_by <> :actor)
    returning q.id, q.version, q.answered_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'inquiry_closed', 'student', t.student_id, t.school_id from target t where exists (select from written) and :answer = 'closed'
)
select case when not t.allowed then 'not_found' when t.day <> today() or (t.answer = 'closed' and :answer <> 'closed') then 'inquiry_over' end as outcome,
       t.id, coalesce(w.version, t.version) as version, coalesce(w.answered_at, t.answered_at) as at
from target t
left join written w on true;

-- Every worker asks each minute; the row of the round is made once, and so is what is told. Who starts late in the day tells nothing,
-- and when both rounds are due, the second alone.
-- name: reports_escalate
-- internal write
with due as materialized (
    select s.id, w.round, u.n
    from schools s
    cross join lateral (values (1, s.escalate_at, coalesce(s.escalate_again_at, '24:00')), (2, s.escalate_again_at, '24:00')) w (round, at, until)
    cross join lateral (
        select count(*)::int as n
        from absences a
        where a.school_id = s.id and a.last_day >= today() and a.first_day <= today() and a.cancelled_at is null
          and a.acknowledged_at is null) u
    where localtime_here() >= w.at and localtime_here() < w.until and today() + localtime_here() < today() + w.at + interval '2 hours'
      and u.n > 0 and is_school_day(s.id, 0, today())
      and not exists (select from escalations e where e.school_id = s.id and e.day = today() and e.round = w.round)
), made as (
    insert into escalations (school_id, day, round, reports)
    select d.id, today(), d.round, d.n from due d
    on conflict (school_id, day, round) do nothing
    returning school_id, reports
)
insert into tellings (kind, school_id, detail)
select 'reports_unseen', m.school_id, jsonb_build_object('count', m.reports::text) from made m;

-- A child that was to come by now changes figures although no row did.
-- name: overdue_announce
-- internal write
select live_notify('absences', array(
    select late.id
    from (select s.id
          from schools s
          where exists (select from roll_calls r where r.school_id = s.id and r.day = today() and r.done_at is not null)
          offset 0) s
    cross join lateral (
        select a.id
        from absences a
        where a.school_id = s.id and a.last_day >= today() and a.first_day <= today() and a.cancelled_by is null
          and localtime_here() - a.arrive_at between interval '15 minutes' and interval '17 minutes'
          and overdue(a.student_id, a.kind, a.arrive_at)
        offset 0) late))::text as told;

-- ---- live: today's ----

-- name: attendance_changed
-- internal
-- takes: ids bigint[]
select r.* from attendance_rows r where r.id = any (:ids) and r.day = today();

-- name: attendance_of_class
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
cross join lateral (select s.id from students s where s.class_id = i.key or s.exchange_class_id = i.key offset 0) s
join attendance_rows r on r.student_id = s.id and r.day = today();

-- name: attendance_of_school
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join attendance_rows r on r.school_id = i.key and r.day = today();

-- name: rolls_changed
-- internal
-- takes: ids bigint[]
select r.id, r.school_id, r.class_id, r.day, r.done_at, r.version
from roll_calls r
where r.id = any (:ids) and r.day = today();

-- name: rolls_of_class
-- gather internal
-- takes: key bigint
select i.ord, r.id, r.school_id, r.class_id, r.day, r.done_at, r.version
from unnest(:key) with ordinality as i (key, ord)
join roll_calls r on r.class_id = i.key and r.day = today();

-- name: rolls_of_school
-- gather internal
-- takes: key bigint
select i.ord, r.id, r.school_id, r.class_id, r.day, r.done_at, r.version
from unnest(:key) with ordinality as i (key, ord)
join roll_calls r on r.school_id = i.key and r.day = today();

-- name: inquiries_changed
-- internal
-- takes: ids bigint[]
select r.* from inquiry_rows r where r.id = any (:ids) and r.day = today();

-- name: inquiries_of_class
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
cross join lateral (select s.id from students s where s.class_id = i.key or s.exchange_class_id = i.key offset 0) s
join inquiry_rows r on r.student_id = s.id and r.day = today();

-- name: inquiries_of_school
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join inquiry_rows r on r.school_id = i.key and r.day = today();

-- name: inquiries_of_student
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join inquiry_rows r on r.student_id = i.key and r.day = today();
