-- Absence reports: written by guardians and by the school, watched live.

-- A school's own reasons come first, then the city's and what the school has in their place.
-- name: reasons_list
-- takes: school_id bigint
with allowed as materialized (select may_pick_reasons(:actor, :school_id) as yes)
select case when not a.yes then 'not_found' end as outcome, r.id, r.label, r.labels, r.needs_note, r.kinds, r.asks_symptoms, r.asks_times
from allowed a
left join reasons r on a.yes and r.active
                    and (r.school_id = :school_id
                         or (r.school_id is null and not exists (select from reasons o where o.overrides = r.id and o.school_id = :school_id)))
order by r.school_id is null or r.overrides is not null, r.sort, r.id;

-- The morning's statement. A row for each request, decided in order of arrival:
--   input    the requests; who asks first with a key is the one that counts
--   asked    each with what it needs to know: the first answer to its key, the child, the reason, a report in the way
--   judged   each with its outcome; null: nothing is wrong so far
--   twice    the few that meet another good request of this batch for the same child
--   late     of these, the ones that overlap an earlier one that surely goes in; whatever else might collide is left to
--            the table's exclusion constraint, and the engine then runs the batch one by one
--   ("offset 0" has asked and judged computed once, in a row's passing, and stored nowhere on the way)
--   ("cancelled_by is null" says the same as cancelled_at, but leads to the index that is cheap to read; "last_day + 0"
--   and the lateral look-up of the key leave only the right index to a plan that is made while the tables are empty,
--   as in a new city or after the holidays, and kept through the morning)
--   shut     the rules of intake hours that are in force now, of all schools: read once for all of the batch, mostly none
--   decided  each with the id of its new row, if it gets one
-- name: absence_report
-- gather write
-- takes: student_id bigint, first_day date, last_day date, kind text, arrive_at time, leave_at time, reason_id bigint, note text,
--        pick_up text, pick_up_note text, symptoms jsonb, began_at bigint
with input as (
    select i.ord, i.actor, i.key, i.fingerprint, i.student_id, i.first_day, i.began_at,
           coalesce(i.last_day, i.first_day) as last_day, i.kind, i.arrive_at, i.leave_at, i.reason_id,
           nullif(btrim(i.note), '') as note, i.pick_up, nullif(btrim(i.pick_up_note), '') as pick_up_note, i.symptoms,
           (select today()) as day,
           row_number() over (partition by i.actor, i.key order by i.ord) as nth,
           first_value(i.fingerprint) over (partition by i.actor, i.key order by i.ord) = i.fingerprint as same_body
    from unnest(:actor, :idempotency_key, :fingerprint, :student_id, :first_day, :last_day, :kind, :arrive_at,
                :leave_at, :reason_id, :note, :pick_up, :pick_up_note, :symptoms, :began_at) with ordinality
         as i (actor, key, fingerprint, student_id, first_day, last_day, kind, arrive_at, leave_at, reason_id, note,
               pick_up, pick_up_note, symptoms, began_at, ord)
), shut as materialized (
    select n.school_id, n.kinds, n.about from intake_in_force(now()) n
), class_closures as materialized (
    select n.school_id, n.grade, n.class_id, n.first_day, n.last_day from closures n where n.ended_at is null and n.last_day >= today() - 31
), asked as (
    select i.*, known.answer, known.fingerprint = i.fingerprint as known_body,
           s.school_id, c.grade, s.class_id, r.id as known_reason, r.needs_note, r.asks_times, there.id as there_id,
           coalesce(x.is_school, extract(isodow from i.first_day) < 6) and off.yes is null as begins_at_school, shut.yes as shut,
           case when s.id is null then null
                when mine.student_id is not null then 'guardian'
                when may_act_for(i.actor, s.id) then 'school' end as via
    from input i
    left join lateral (select k.answer, k.fingerprint from idempotency k
                       where k.account_id = i.actor and k.key = i.key
                       limit 1) known on true
    left join students s on s.id = i.student_id and (s.left_on is null or s.left_on > i.day)
    left join classes c on c.id = s.class_id
    left join lateral (select x.is_school from school_day_exceptions x
                       where x.school_id = s.school_id and x.grade = c.grade and x.day = i.first_day
                       limit 1) x on true
    left join lateral (select true as yes from class_closures n
                       where n.school_id = s.school_id and (n.grade is null or n.grade = c.grade)
                         and (n.class_id is null or n.class_id = s.class_id) and i.first_day between n.first_day and n.last_day
                       limit 1) off on true
    left join lateral (select true as yes from shut n
                       where n.school_id = s.school_id and i.kind = any (n.kinds) and (n.about = 'any' or i.first_day = i.day)
                       limit 1) shut on true
    left join lateral children_of(i.actor) mine on mine.student_id = s.id and mine.may_report
    left join reasons r on r.id = i.reason_id and (r.school_id is null or r.school_id = s.school_id)
                        and r.active and i.kind = any (r.kinds)
    left join lateral (select a.id from absences a
                       where a.student_id = s.id and a.cancelled_by is null
                         and a.last_day + 0 >= i.first_day and a.first_day <= i.last_day
                       limit 1) there on true
    offset 0
), judged as (
    select a.*,
           case when a.known_body then 'known'
                when a.answer is not null or not a.same_body then 'key_reused'
                when a.via is null then 'not_found'
                when a.first_day < a.day - case a.via when 'school' then 31 else 0 end then 'past_day'
                when a.first_day > a.day + 60 or a.last_day - a.first_day > 30 then 'too_far'
                when a.last_day < a.first_day or a.arrive_at >= a.leave_at
                     or a.kind not in ('absent', 'late', 'leave_early', 'late_and_leave_early', 'attend')
                     or (a.arrive_at is not null and a.kind not in ('late', 'late_and_leave_early'))
                     or (a.leave_at is not null and a.kind not in ('leave_early', 'late_and_leave_early'))
                     or char_length(a.note) > 500
                     or (a.reason_id is not null and a.known_reason is null)
                     or (a.needs_note and a.note is null) then 'validation'
                when not a.begins_at_school
                     and not exists (select from days_at_school(a.school_id, a.grade, a.class_id, a.first_day + 1, a.last_day)) then 'no_school_day'
                when a.shut and a.via = 'guardian'
                     and (a.began_at is null or to_timestamp(a.began_at) not between now() - interval '15 minutes' and now()
                          or exists (select from intake_shut(a.school_id, a.kind, a.first_day, to_timestamp(a.began_at)))) then 'outside_hours'
                when (a.arrive_at is null and a.kind in ('late', 'late_and_leave_early')
                      or a.leave_at is null and a.kind in ('leave_early', 'late_and_leave_early'))
                     and coalesce(a.asks_times, true) then 'time_needed'
                when a.kind = 'attend' and standing_on(a.student_id, a.first_day) is null then 'not_standing'
                when a.there_id is not null then 'already_reported' end as outcome
    from asked a
    offset 0
), counted as materialized (
    select j.*, count(*) filter (where j.outcome is null and j.nth = 1) over (partition by j.student_id) as rivals
    from judged j
), twice as materialized (
    select ord, student_id, first_day, last_day from counted where outcome is null and nth = 1 and rivals > 1
), pairs as materialized (
    select e.ord as earlier, l.ord as later
    from twice e
    join twice l on l.student_id = e.student_id and l.ord > e.ord
                 and l.first_day <= e.last_day and l.last_day >= e.first_day
), late as materialized (
    select later as ord, min(earlier) as earlier
    from pairs
    where earlier not in (select later from pairs)
    group by later
), decided as materialized (
    select c.*, l.earlier,
           case when c.outcome is null and c.nth = 1 and l.ord is null then nextval('absences_id_seq') end as new_id
    from counted c
    left join late l on l.ord = c.ord
), written as (
    insert into absences (id, school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, reason_id, note,
                          pick_up, pick_up_note, symptoms, via, reported_by, changed_by, changed_via)
    select new_id, school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, known_reason, note,
           pick_up, pick_up_note, case when symptoms is not null then array(select jsonb_array_elements_text(symptoms)) end,
           via, actor, actor, via
    from decided
    where new_id is not null
    order by student_id
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select actor, key, fingerprint, jsonb_build_object('id', new_id, 'version', 1, 'at', now())
    from decided
    where new_id is not null
), answered as (
    -- A repeated key takes the answer of the first that asked with it.
    select d.ord, d.actor, d.key, d.answer, d.school_id, d.kind, d.first_day,
           coalesce(d.outcome, case when d.nth > 1 then 'repeated' when d.earlier is not null then 'already_reported' end)
               as outcome,
           case when d.earlier is null then d.there_id
                else (select e.new_id from decided e where e.ord = d.earlier) end as there_id, d.new_id
    from decided d
), final as (
    select a.ord, a.answer, a.school_id, a.kind, a.first_day,
           case a.outcome when 'repeated' then first_value(a.outcome) over same else a.outcome end as outcome,
           case a.outcome when 'repeated' then first_value(a.new_id) over same else a.new_id end as new_id,
           case a.outcome when 'repeated' then first_value(a.there_id) over same else a.there_id end as there_id
    from answered a
    window same as (partition by a.actor, a.key order by a.ord)
), refused as materialized (
    select f.ord, f.school_id, f.kind, f.first_day from final f where f.outcome = 'outside_hours'
), closed as materialized (
    -- Asked once for all who are refused alike: at the beginning of hours that are many.
    select alike.*, u.message, u.until, sc.phone
    from (select distinct r.school_id, r.kind, r.first_day from refused r) alike
    join schools sc on sc.id = alike.school_id
    cross join lateral intake_shut(alike.school_id, alike.kind, alike.first_day, now()) u
)
select f.ord, nullif(f.outcome, 'known') as outcome,
       case f.outcome when 'known' then (f.answer ->> 'id')::bigint else f.new_id end as id,
       case when f.outcome = 'known' then (f.answer ->> 'version')::int when f.new_id is not null then 1 end as version,
       case when f.outcome = 'known' then (f.answer ->> 'at')::timestamptz when f.new_id is not null then now() end as at,
       case f.outcome when 'already_reported' then f.there_id end as absence_id, closed.message, closed.until, closed.phone
from final f
left join closed on f.outcome = 'outside_hours' and (closed.school_id, closed.kind, closed.first_day) = (f.school_id, f.kind, f.first_day);

-- name: absence_get
-- takes: id bigint
select r.*
from absence_rows r
where r.id = :id and may_read_reports(:actor, r.student_id);

-- name: absence_versions_of
-- takes: id bigint
with seen as materialized (
    select a.id, a.student_id, guardian_of(:actor, a.student_id) as mine
    from absences a
    where a.id = :id and may_read_reports(:actor, a.student_id)
)
select null as outcome, v.version, v.action, v.made_at,
       case when v.made_by = :actor then 'you'
            when v.made_via = 'school' then 'school'
            when seen.mine then 'other_guardian'
            else 'guardian' end as by,
       v.first_day, v.last_day, v.kind, v.arrive_at, v.leave_at, v.reason_id, r.label as reason, v.note,
       v.pick_up, v.pick_up_note, v.symptoms
from seen
join absence_versions v on v.absence_id = seen.id
left join reasons r on r.id = v.reason_id
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by version;

-- A correction is a new version, to be acknowledged anew. The lock makes who comes second see what the first did.
-- name: absence_correct
-- write
-- takes: id bigint, version int, first_day date, last_day date, kind text, arrive_at time, leave_at time, reason_id bigint, note text,
--        pick_up text, pick_up_note text, symptoms text[], began_at bigint
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), target as materialized (
    select a.* from absences a where a.id = :id for update
), asked as materialized (
    select t.id, t.school_id, t.student_id, t.version, t.cancelled_at, sc.phone, c.grade, st.class_id,
           t.first_day as old_first_day, t.last_day as old_last_day, t.kind as old_kind,
           coalesce(:last_day, :first_day) as last_day, nullif(btrim(:note), '') as note,
           nullif(btrim(:pick_up_note), '') as pick_up_note, r.id as known_reason, r.needs_note, r.asks_times,
           today() + localtime_here() > t.first_day + sc.correct_until as closed,
           case when may_report(:actor, t.student_id) then 'guardian'
                when may_act_for(:actor, t.student_id) then 'school' end as via
    from target t
    join schools sc on sc.id = t.school_id
    join students st on st.id = t.student_id
    left join classes c on c.id = st.class_id
    left join reasons r on r.id = :reason_id and (r.school_id is null or r.school_id = t.school_id)
                        and (r.active or r.id = t.reason_id) and :kind = any (r.kinds)
), judged as materialized (
    select a.*, there.id as there_id, shut.message, shut.until,
           case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when a.version <> :version then 'stale_version'
                when a.cancelled_at is not null then 'already_cancelled'
                when a.via = 'guardian' and a.closed then 'after_cutoff'
                when a.via = 'guardian' and :first_day < today() then 'past_day'
                when :first_day < least(a.old_first_day, today() - 31) then 'past_day'
                when :first_day > today() + 60 or a.last_day - :first_day > 30 then 'too_far'
                when a.last_day < :first_day or :arrive_at >= :leave_at
                     or :kind not in ('absent', 'late', 'leave_early', 'late_and_leave_early', 'attend')
                     or (:arrive_at is not null and :kind not in ('late', 'late_and_leave_early'))
                     or (:leave_at is not null and :kind not in ('leave_early', 'late_and_leave_early'))
                     or char_length(a.note) > 500
                     or (:reason_id is not null and a.known_reason is null)
                     or (a.needs_note and a.note is null) then 'validation'
                when (:first_day <> a.old_first_day or a.last_day <> a.old_last_day)
                     and not exists (select from days_at_school(a.school_id, a.grade, a.class_id, :first_day, a.last_day)) then 'no_school_day'
                when shut.until is not null then 'outside_hours'
                when (:arrive_at is null and :kind in ('late', 'late_and_leave_early')
                      or :leave_at is null and :kind in ('leave_early', 'late_and_leave_early'))
                     and coalesce(a.asks_times, true) then 'time_needed'
                when :kind = 'attend' and standing_on(a.student_id, :first_day) is null then 'not_standing'
                when there.id is not null then 'already_reported' end as outcome
    from asked a
    left join lateral (select o.id from absences o
                       where o.student_id = a.student_id and o.id <> a.id and o.cancelled_at is null
                         and o.last_day >= :first_day and o.first_day <= a.last_day
                       limit 1) there on true
    -- What is reported anew by a correction has its hours, and the time to finish what was begun inside them.
    left join lateral (select u.message, u.until
                       from intake_shut(a.school_id, :kind, :first_day, now()) u
                       where a.via = 'guardian' and (:first_day <> a.old_first_day or :kind <> a.old_kind)
                         and (:began_at is null or to_timestamp(:began_at) not between now() - interval '15 minutes' and now()
                              or exists (select from intake_shut(a.school_id, :kind, :first_day, to_timestamp(:began_at))))) shut on true
    where a.via is not null
), written as (
    update absences a
    set first_day = :first_day, last_day = j.last_day, kind = :kind, arrive_at = :arrive_at, leave_at = :leave_at,
        reason_id = j.known_reason, note = j.note, pick_up = :pick_up, pick_up_note = j.pick_up_note,
        symptoms = case when cardinality(:symptoms) > 0 then :symptoms end,
        acknowledged_by = null, acknowledged_at = null, acknowledged_role = null,
        changed_by = :actor, changed_at = now(), changed_via = j.via, version = a.version + 1
    from judged j
    where a.id = j.id and j.outcome is null
    returning a.id, a.version, a.changed_at
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint,
           jsonb_build_object('id', w.id, 'version', w.version, 'at', w.changed_at)
    from written w
)
select nullif(j.outcome, 'known') as outcome,
       coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version,
       coalesce(w.changed_at, (k.answer ->> 'at')::timestamptz) as at,
       case j.outcome when 'already_reported' then j.there_id end as absence_id,
       case when j.outcome in ('after_cutoff', 'outside_hours') then j.phone end as phone,
       case j.outcome when 'outside_hours' then j.message end as message, case j.outcome when 'outside_hours' then j.until end as until
from judged j
left join written w on true
left join known k on k.same;

-- name: absence_cancel
-- write
-- takes: id bigint, version int
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), target as materialized (
    select a.* from absences a where a.id = :id for update
), asked as materialized (
    select t.id, t.version, t.cancelled_at, sc.phone,
           today() + localtime_here() > t.first_day + sc.correct_until as closed,
           case when may_report(:actor, t.student_id) then 'guardian'
                when may_act_for(:actor, t.student_id) then 'school' end as via
    from target t
    join schools sc on sc.id = t.school_id
), judged as materialized (
    select a.*,
           case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when a.version <> :version then 'stale_version'
                when a.cancelled_at is not null then 'already_cancelled'
                when a.via = 'guardian' and a.closed then 'after_cutoff' end as outcome
    from asked a
    where a.via is not null
), written as (
    update absences a
    set cancelled_by = :actor, cancelled_at = now(),
        changed_by = :actor, changed_at = now(), changed_via = j.via, version = a.version + 1
    from judged j
    where a.id = j.id and j.outcome is null
    returning a.id, a.version, a.changed_at
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint,
           jsonb_build_object('id', w.id, 'version', w.version, 'at', w.changed_at)
    from written w
)
select nullif(j.outcome, 'known') as outcome,
       coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version,
       coalesce(w.changed_at, (k.answer ->> 'at')::timestamptz) as at,
       case j.outcome when 'after_cutoff' then j.phone end as phone
from judged j
left join written w on true
left join known k on k.same;

-- Acknowledging twice answers the same. What was corrected since it was seen (version) has to be seen first. Locks are taken in the order of ids, so two batches can't deadlock.
-- name: absence_acknowledge
-- gather write
-- takes: id bigint, version int
with input as materialized (
    select i.ord, i.actor, i.id, i.version
    from unnest(:actor, :id, :version) with ordinality as i (actor, id, version, ord)
), target as materialized (
    select a.id, a.student_id, a.version, a.acknowledged_at, a.cancelled_at
    from absences a
    where a.id in (select id from input)
    order by a.id
    for update
), judged as materialized (
    select i.ord, i.actor, t.*,
           case when not may_act_for(i.actor, t.student_id) then 'not_found'
                when t.acknowledged_at is not null then 'known'
                when t.cancelled_at is not null then 'already_cancelled'
                when i.version <> t.version then 'stale_version' end as outcome
    from input i
    join target t on t.id = i.id
), first_good as (
    select distinct on (id) id, actor from judged where outcome is null order by id, ord
), written as (
    update absences a
    set acknowledged_by = g.actor, acknowledged_at = now(), acknowledged_role = acting_role(g.actor, a.student_id),
        changed_by = g.actor, changed_at = now(), changed_via = 'school', version = a.version + 1
    from first_good g
    where a.id = g.id
    returning a.id, a.version, a.acknowledged_at
)
select j.ord, nullif(j.outcome, 'known') as outcome,
       case when j.outcome is null or j.outcome = 'known' then j.id end as id,
       case j.outcome when 'known' then j.version else w.version end as version,
       case j.outcome when 'known' then j.acknowledged_at else w.acknowledged_at end as at
from judged j
left join written w on w.id = j.id and j.outcome is null;

-- All that are named, are of this class, are as they were seen (versions) and can be acknowledged; those that were already answer what they are.
-- name: class_acknowledge
-- write
-- takes: class_id bigint, absence_ids bigint[], versions text[]
with allowed as materialized (
    select m.class_id from classes_of(:actor) m where m.class_id = :class_id and m.may_act limit 1
), target as materialized (
    select a.id, a.version, a.acknowledged_at
    from unnest(:absence_ids, :versions) as i (id, version)
    join absences a on a.id = i.id
    where a.cancelled_at is null and (i.version is null or a.version = i.version::int or a.acknowledged_at is not null)
      and a.student_id in (select s.id from students s, allowed c
                           where s.class_id = c.class_id or s.exchange_class_id = c.class_id)
    order by a.id
    for update of a
), written as (
    update absences a
    set acknowledged_by = :actor, acknowledged_at = now(), acknowledged_role = acting_role(:actor, a.student_id),
        changed_by = :actor, changed_at = now(), changed_via = 'school', version = a.version + 1
    from target t
    where a.id = t.id and t.acknowledged_at is null
    returning a.id, a.version, a.acknowledged_at
)
select null as outcome, t.id, coalesce(w.version, t.version) as version,
       coalesce(w.acknowledged_at, t.acknowledged_at) as at
from target t
left join written w on w.id = t.id
union all
select 'not_found', null, null, null
where not exists (select from allowed);

-- ---- requests: what a guardian asks the school to change after the cut-off ----

-- name: absence_request
-- write
-- takes: id bigint, version int, action text, first_day date, last_day date, kind text, arrive_at time, leave_at time,
--        reason_id bigint, note text, pick_up text, pick_up_note text, symptoms text[]
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), target as materialized (
    select a.* from absences a where a.id = :id and may_report(:actor, a.student_id) for update
), asked as materialized (
    select t.id, t.school_id, t.student_id, t.version, t.cancelled_at, t.last_day as present_last, c.grade, st.class_id,
           r.id as known_reason, r.needs_note, r.asks_times, nullif(btrim(:note), '') as note,
           today() + localtime_here() > t.first_day + sc.correct_until as closed, t.first_day as present_first,
           exists (select from absence_requests q where q.absence_id = t.id and q.state = 'open') as waiting
    from target t
    join schools sc on sc.id = t.school_id
    join students st on st.id = t.student_id
    left join classes c on c.id = st.class_id
    left join reasons r on r.id = :reason_id and (r.school_id is null or r.school_id = t.school_id)
                        and (r.active or r.id = t.reason_id) and :kind = any (r.kinds)
), judged as materialized (
    select a.*,
           case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when a.version <> :version then 'stale_version'
                when a.cancelled_at is not null then 'already_cancelled'
                when a.present_last < today() - 31 or :first_day < least(a.present_first, today() - 31) then 'past_day'
                when not a.closed then 'still_open'
                when a.waiting then 'already_requested'
                when :action = 'correct' and (
                     :kind is null or :first_day is null or (:reason_id is not null and a.known_reason is null)
                     or (a.needs_note and a.note is null)) then 'validation'
                when :first_day > today() + 60 then 'too_far'
                when (:first_day <> a.present_first or coalesce(:last_day, :first_day) <> a.present_last)
                     and not exists (select from days_at_school(a.school_id, a.grade, a.class_id, :first_day, coalesce(:last_day, :first_day)))
                     then 'no_school_day'
                when (:arrive_at is null and :kind in ('late', 'late_and_leave_early')
                      or :leave_at is null and :kind in ('leave_early', 'late_and_leave_early'))
                     and coalesce(a.asks_times, true) then 'time_needed'
                when :kind = 'attend' and standing_on(a.student_id, :first_day) is null then 'not_standing' end as outcome
    from asked a
), written as (
    insert into absence_requests (absence_id, school_id, student_id, action, seen_version, first_day, last_day, kind, arrive_at,
                                  leave_at, reason_id, note, pick_up, pick_up_note, symptoms, made_by)
    select j.id, j.school_id, j.student_id, :action, j.version, c.*, :actor
    from judged j
    cross join lateral (
        select :first_day, coalesce(:last_day, :first_day), :kind, :arrive_at, :leave_at, j.known_reason, j.note, :pick_up,
               nullif(btrim(:pick_up_note), ''), case when cardinality(:symptoms) > 0 then :symptoms end
        where :action = 'correct'
        union all
        select null, null, null, null, null, null, j.note, null, null, null
        where :action = 'cancel') c
    where j.outcome is null
    returning id, version, made_at
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.made_at)
    from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version,
       coalesce(w.made_at, (k.answer ->> 'at')::timestamptz) as at
from judged j
left join written w on true
left join known k on k.same;

-- The guardian takes it back, or the school says yes or no. A yes is a version of the report that the school makes; it has
-- seen what it says yes to, so the report is acknowledged with it; what was corrected since it was seen (report_version) has to be
-- seen first, or the yes would undo it.
-- name: absence_request_decide
-- write
-- takes: id bigint, version int, report_version int, state text, answer text
with target as materialized (
    select q.* from absence_requests q where q.id = :id for update
), report as materialized (
    select a.* from absences a join target t on t.absence_id = a.id for update of a
), judged as materialized (
    select t.*, a.version as report_version,
           case when :state = 'withdrawn' and not may_report(:actor, t.student_id) then 'not_found'
                when :state <> 'withdrawn' and not may_act_for(:actor, t.student_id) then 'not_found'
                when t.state = :state and t.version = :version + 1 then 'known'
                when t.version <> :version then 'stale_version'
                when t.state <> 'open' then 'already_decided'
                when :state = 'accepted' and a.version <> :report_version then 'stale_version'
                when :state = 'accepted' and t.action = 'correct' and a.cancelled_at is not null then 'already_cancelled'
                when :state = 'accepted' and (t.first_day <> a.first_day or t.last_day <> a.last_day)
                     and not exists (select from days_at_school(t.school_id, p.grade, p.class_id, t.first_day, t.last_day)) then 'no_school_day'
                when :state = 'accepted' and t.action = 'correct' and exists (
                     select from absences o
                     where o.student_id = t.student_id and o.id <> a.id and o.cancelled_at is null
                       and o.last_day >= t.first_day and o.first_day <= t.last_day) then 'already_reported' end as outcome
    from target t
    join report a on true
    cross join lateral (select c.grade, s.class_id from students s left join classes c on c.id = s.class_id where s.id = t.student_id) p
), decided as (
    update absence_requests q
    set state = :state, decided_by = :actor, decided_at = now(), answer = nullif(btrim(:answer), ''), version = q.version + 1
    from judged j
    where q.id = j.id and j.outcome is null
    returning q.id, q.version, q.decided_at
), corrected as (
    update absences a
    set first_day = j.first_day, last_day = j.last_day, kind = j.kind, arrive_at = j.arrive_at, leave_at = j.leave_at,
        reason_id = j.reason_id, note = j.note, pick_up = j.pick_up, pick_up_note = j.pick_up_note, symptoms = j.symptoms,
        acknowledged_by = :actor, acknowledged_at = now(), acknowledged_role = acting_role(:actor, a.student_id),
        changed_by = :actor, changed_at = now(), changed_via = 'school', version = a.version + 1
    from judged j
    where a.id = j.absence_id and j.outcome is null and :state = 'accepted' and j.action = 'correct'
), cancelled as (
    update absences a
    set cancelled_by = :actor, cancelled_at = now(), changed_by = :actor, changed_at = now(), changed_via = 'school',
        version = a.version + 1
    from judged j
    where a.id = j.absence_id and j.outcome is null and :state = 'accepted' and j.action = 'cancel' and a.cancelled_at is null
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'absence_request_' || :state, 'student', j.student_id, j.school_id,
           jsonb_build_object('absence_id', j.absence_id, 'request_id', j.id)
    from judged j
    where j.outcome is null and :state <> 'withdrawn'
)
select nullif(j.outcome, 'known') as outcome, j.id, coalesce(d.version, j.version) as version,
       coalesce(d.decided_at, j.decided_at) as at
from judged j
left join decided d on true;

-- name: absence_requests_of
-- takes: id bigint
with seen as materialized (
    select a.id from absences a where a.id = :id and may_read_reports(:actor, a.student_id)
)
select null as outcome, r.*
from seen
join absence_request_rows r on r.absence_id = seen.id
union all
select 'not_found', null::bigint, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
       null, null, null, null, null, null
where not exists (select from seen)
order by made_at;

-- ---- live ----

-- name: absences_changed
-- internal
-- takes: ids bigint[]
select r.*
from absence_rows r
where r.id = any (:ids);

-- "offset 0" keeps the order of the joins: from the class to its children to their reports. In the morning the table's
-- statistics are of yesterday, and the planner would rather read everybody's reports of today.
-- name: absences_of_class
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
cross join lateral (select s.id from students s where s.class_id = i.key or s.exchange_class_id = i.key offset 0) s
cross join lateral (select a.* from absence_rows a where a.student_id = s.id and a.last_day >= today() offset 0) r
where r.cancelled_at is null or r.cancelled_at >= today()::timestamp at time zone 'Asia/Tokyo';

-- name: absences_of_school
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join absence_rows r on r.school_id = i.key
where r.last_day >= today()
  and (r.cancelled_at is null or r.cancelled_at >= today()::timestamp at time zone 'Asia/Tokyo');

-- name: absences_of_student
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join absence_rows r on r.student_id = i.key
where r.last_day >= today()
  and (r.cancelled_at is null or r.cancelled_at >= today()::timestamp at time zone 'Asia/Tokyo');

-- Requests that are open, and those that were decided today.
-- name: requests_changed
-- internal
-- takes: ids bigint[]
select r.*
from absence_request_rows r
where r.id = any (:ids);

-- name: requests_of_class
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join absence_request_rows r on r.class_id = i.key or r.exchange_class_id = i.key
where r.state = 'open' or r.decided_at >= today()::timestamp at time zone 'Asia/Tokyo';

-- name: requests_of_school
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join absence_request_rows r on r.school_id = i.key
where r.state = 'open' or r.decided_at >= today()::timestamp at time zone 'Asia/Tokyo';

-- The guardian sees for longer what became of it.
-- name: requests_of_student
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join absence_request_rows r on r.student_id = i.key
where r.state = 'open' or r.until >= today() - 7;

-- Today's figures of some schools, and of all.
-- name: city_counts
-- internal
-- takes: keys bigint[]
select f.* from school_figures f where f.id = any (:keys);

-- name: city_counts_all
-- internal
select f.* from school_figures f;

-- The same by class: numbers only, so the board sees no child.
-- name: class_counts
-- internal
-- takes: keys bigint[]
select f.* from class_figures f where f.id = any (:keys);

-- name: class_counts_of_school
-- gather internal
-- takes: key bigint
select i.ord, f.*
from unnest(:key) with ordinality as i (key, ord)
join class_figures f on f.school_id = i.key;

-- How many reports came in, by minute of the city's day.
-- name: arrivals_today
-- internal
select (extract(hour from m.at) * 60 + extract(minute from m.at))::int as id, m.n,
       (extract(epoch from now()) * 1000)::bigint as version
from (select date_bin('1 minute', a.reported_at, 'epoch') at time zone 'Asia/Tokyo' as at, count(*)::int as n
      from absences a
      where a.reported_at >= today()::timestamp at time zone 'Asia/Tokyo'
      group by date_bin('1 minute', a.reported_at, 'epoch')) m
order by 1;
