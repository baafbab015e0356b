-- What children have or had, and when they may come again.

-- name: diseases_list
select d.code, d.label, d.labels, d.suspends, d.onset_days, d.end_sign, d.end_days, d.treatment_days
from diseases d
where :actor is not null
order by d.sort;

-- name: illness_new
-- write
-- takes: student_id bigint, disease text, onset_on date, diagnosed_on date, institution text, ended_on date, treated_until date, cleared_on date, suspended_from date, note text, via text
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), target as materialized (
    select s.id, s.school_id, d.code, d.suspends, r.by_guardian, r.by_staff
    from students s
    left join diseases d on d.code = :disease
    cross join lateral (select may_report(:actor, s.id) as by_guardian, may_act_for(:actor, s.id) as by_staff) r
    where s.id = :student_id and s.left_on is null and (r.by_guardian or r.by_staff)
), judged as materialized (
    select t.*, case when t.by_guardian and :via is null then 'guardian' else coalesce(:via, 'school') end as via, o.id as illness_id,
           case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when t.code is null or (not t.by_staff and (:via is not null or :suspended_from is not null)) then 'validation'
                when greatest(:onset_on, :diagnosed_on, :ended_on) > today() or greatest(:treated_until, :cleared_on) > today() + 30
                     then 'future_day'
                when :onset_on < today() - 60 then 'too_old'
                when o.id is not null then 'already_ill' end as outcome
    from target t
    left join lateral (select i.id from illnesses i
                       where i.student_id = t.id and i.disease = t.code and i.withdrawn_at is null
                         and illness_days(i.onset_on, i.ended_on, i.returned_on) && illness_days(:onset_on, :ended_on, null)
                       order by i.id limit 1) o on true
), written as (
    insert into illnesses (school_id, student_id, disease, onset_on, diagnosed_on, institution, ended_on, treated_until, cleared_on,
                           suspended_from, note, via, made_by, changed_by, changed_via)
    select j.school_id, j.id, j.code, :onset_on, :diagnosed_on, nullif(btrim(:institution), ''), :ended_on, :treated_until, :cleared_on,
           case when j.suspends <> 'no' then coalesce(:suspended_from, illness_suspended_from(j.id, :onset_on)) end,
           nullif(btrim(:note), ''), j.via, :actor, :actor, case j.via when 'guardian' then 'guardian' else 'school' end
    from judged j
    where j.outcome is null
    returning id, student_id, school_id, version, made_at, via
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'illness_made', 'student', w.student_id, w.school_id, jsonb_build_object('illness_id', w.id)
    from written w
    where w.via <> 'guardian'
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.made_at)
    from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version,
       coalesce(w.made_at, (k.answer ->> 'at')::timestamptz) as at,
       case j.outcome when 'already_ill' then j.illness_id end as illness_id
from judged j
left join written w on true
left join known k on k.same;

-- The same values once more answer what is there. A return that this makes too early is taken back: it has to be stated again.
-- name: illness_change
-- write
-- takes: id bigint, version int, disease text, onset_on date, diagnosed_on date, institution text, ended_on date, treated_until date, cleared_on date, suspended_from date, note text
with target as materialized (
    select i.* from illnesses i
    where i.id = :id and (may_report(:actor, i.student_id) or may_act_for(:actor, i.student_id))
    for update
), planned as materialized (
    select t.*, d.code, d.suspends, may_act_for(:actor, t.student_id) as by_staff, nullif(btrim(:institution), '') as new_institution,
           nullif(btrim(:note), '') as new_note,
           case when d.suspends <> 'no'
                then coalesce(:suspended_from, case when (t.disease, t.onset_on) = (d.code, :onset_on) then t.suspended_from end,
                              illness_suspended_from(t.student_id, :onset_on)) end as new_from,
           illness_earliest_return(d.code, :onset_on, :ended_on, :treated_until, :cleared_on) as earliest
    from target t
    left join diseases d on d.code = :disease
), judged as materialized (
    select p.*, o.id as illness_id,
           case when p.returned_on >= greatest(p.new_from, :onset_on) and (p.suspends = 'no' or p.returned_on >= p.earliest)
                then p.returned_on end as new_return,
           case when p.withdrawn_at is not null then 'withdrawn'
                when p.version <> :version
                     then case when p.version = :version + 1 and p.changed_by = :actor
                                    and (p.disease, p.onset_on, p.diagnosed_on, p.institution, p.ended_on, p.treated_until, p.cleared_on, p.note)
                                        is not distinct from (:disease, :onset_on, :diagnosed_on, p.new_institution, :ended_on, :treated_until,
                                                              :cleared_on, p.new_note)
                                    and p.suspended_from is not distinct from p.new_from then 'known' else 'stale_version' end
                when not p.by_staff and p.via = 'school' then 'by_school'
                when not p.by_staff and p.returned_on <= today() then 'already_returned'
                when p.code is null or (not p.by_staff and :suspended_from is not null) then 'validation'
                when greatest(:onset_on, :diagnosed_on, :ended_on) > today() or greatest(:treated_until, :cleared_on) > today() + 30
                     then 'future_day'
                when :onset_on < (p.made_at at time zone 'Asia/Tokyo')::date - 60 then 'too_old'
                when o.id is not null then 'already_ill' end as outcome
    from planned p
    left join lateral (select i.id from illnesses i
                       where i.student_id = p.student_id and i.id <> p.id and i.disease = p.code and i.withdrawn_at is null
                         and illness_days(i.onset_on, i.ended_on, i.returned_on) && illness_days(:onset_on, :ended_on, p.returned_on)
                       order by i.id limit 1) o on true
), written as (
    update illnesses i
    set disease = j.code, onset_on = :onset_on, diagnosed_on = :diagnosed_on, institution = j.new_institution, ended_on = :ended_on,
        treated_until = :treated_until, cleared_on = :cleared_on, suspended_from = j.new_from, note = j.new_note,
        returned_on = j.new_return, return_stated_by = case when j.new_return is not null then i.return_stated_by end,
        return_stated_at = case when j.new_return is not null then i.return_stated_at end,
        changed_by = :actor, changed_at = now(),
        changed_via = case when j.by_staff then 'school' else 'guardian' end, version = i.version + 1
    from judged j
    where i.id = j.id and j.outcome is null
    returning i.id, i.version, i.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'illness_changed', 'student', j.student_id, j.school_id, jsonb_build_object('illness_id', w.id, 'version', w.version)
    from written w
    join judged j on j.id = w.id
    where j.by_staff
)
select nullif(j.outcome, 'known') as outcome, j.id, coalesce(w.version, j.version) as version, coalesce(w.changed_at, j.changed_at) as at,
       case j.outcome when 'already_ill' then j.illness_id end as illness_id
from judged j
left join written w on true;

-- name: illness_withdraw
-- write
-- takes: id bigint, version int
with target as materialized (
    select i.* from illnesses i
    where i.id = :id and (may_report(:actor, i.student_id) or may_act_for(:actor, i.student_id))
    for update
), judged as materialized (
    select t.*, may_act_for(:actor, t.student_id) as by_staff,
           case when t.withdrawn_at is not null then 'known'
                when t.version <> :version then 'stale_version'
                when not may_act_for(:actor, t.student_id) and t.via = 'school' then 'by_school'
                when not may_act_for(:actor, t.student_id) and t.returned_on <= today() then 'already_returned' end as outcome
    from target t
), written as (
    update illnesses i
    set withdrawn_at = now(), changed_by = :actor, changed_at = now(),
        changed_via = case when j.by_staff then 'school' else 'guardian' end, version = i.version + 1
    from judged j
    where i.id = j.id and j.outcome is null
    returning i.id, i.version, i.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'illness_withdrawn', 'student', j.student_id, j.school_id, jsonb_build_object('illness_id', w.id)
    from written w
    join judged j on j.id = w.id
    where j.by_staff
)
select nullif(j.outcome, 'known') as outcome, j.id, coalesce(w.version, j.version) as version, coalesce(w.changed_at, j.changed_at) as at
from judged j
left join written w on true;

-- What is not said again stays as it is.
-- name: illness_return
-- write
-- takes: id bigint, version int, ended_on date, treated_until date, cleared_on date, institution text, returned_on date
with target as materialized (
    select i.*, may_report(:actor, i.student_id) as by_guardian, may_act_for(:actor, i.student_id) as by_staff
    from illnesses i
    where i.id = :id and (may_report(:actor, i.student_id) or may_act_for(:actor, i.student_id))
    for update
), planned as materialized (
    select t.*, d.suspends, coalesce(:ended_on, t.ended_on) as new_ended, coalesce(:treated_until, t.treated_until) as new_treated,
           coalesce(:cleared_on, t.cleared_on) as new_cleared, coalesce(nullif(btrim(:institution), ''), t.institution) as new_institution
    from target t
    join diseases d on d.code = t.disease
), reckoned as materialized (
    select p.*, illness_earliest_return(p.disease, p.onset_on, p.new_ended, p.new_treated, p.new_cleared) as earliest
    from planned p
), judged as materialized (
    select r.*,
           case when r.withdrawn_at is not null then 'withdrawn'
                when r.version <> :version
                     then case when r.version = :version + 1 and r.changed_by = :actor
                                    and (r.ended_on, r.treated_until, r.cleared_on, r.institution, r.returned_on)
                                        is not distinct from (r.new_ended, r.new_treated, r.new_cleared, r.new_institution, :returned_on)
                               then 'known' else 'stale_version' end
                when not r.by_staff and r.suspends = 'no' then 'not_suspended'
                when not r.by_staff and r.returned_on <= today() then 'already_returned'
                when r.new_ended > today() or greatest(:returned_on, r.new_treated, r.new_cleared) > today() + 30 then 'future_day'
                when least(:returned_on, r.new_ended, r.new_treated, r.new_cleared) < r.onset_on or :returned_on < r.suspended_from
                     then 'validation'
                when r.suspends = 'by_doctor' and (r.new_cleared is null or r.new_institution is null) then 'clearance_needed'
                when r.new_cleared is not null and r.new_institution is null then 'clearance_needed'
                when r.suspends = 'by_days' and r.earliest is null then 'end_needed'
                when :returned_on < r.earliest then 'too_early' end as outcome
    from reckoned r
), written as (
    update illnesses i
    set ended_on = j.new_ended, treated_until = j.new_treated, cleared_on = j.new_cleared, institution = j.new_institution,
        returned_on = :returned_on, return_stated_by = case when j.by_guardian then :actor else i.return_stated_by end,
        return_stated_at = case when j.by_guardian then now() else i.return_stated_at end,
        changed_by = :actor, changed_at = now(),
        changed_via = case when j.by_guardian then 'guardian' else 'school' end, version = i.version + 1
    from judged j
    where i.id = j.id and j.outcome is null
    returning i.id, i.version, i.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'illness_returned', 'student', j.student_id, j.school_id, jsonb_build_object('illness_id', w.id)
    from written w
    join judged j on j.id = w.id
    where j.by_staff
)
select nullif(j.outcome, 'known') as outcome, j.id, coalesce(w.version, j.version) as version, coalesce(w.changed_at, j.changed_at) as at,
       j.earliest as earliest_return
from judged j
left join written w on true;

-- name: illnesses_of_student
-- takes: student_id bigint
with seen as materialized (
    select s.id from students s where s.id = :student_id and may_read_reports(:actor, s.id)
)
select case when seen.id is null then 'not_found' end as outcome, r.*
from (select) one
left join seen on true
left join illness_rows r on r.student_id = seen.id
where seen.id is null or r.id is not null
order by r.onset_on desc, r.id desc;

-- name: illness_versions_of
-- takes: id bigint
with seen as materialized (
    select i.id, guardian_of(:actor, i.student_id) as mine
    from illnesses i
    where i.id = :id and may_read_reports(:actor, i.student_id)
)
select case when seen.id is null then 'not_found' end as outcome, v.version, v.action, v.made_at,
       case when v.made_by = :actor then 'you'
            when v.made_via = 'school' then 'school'
            when seen.mine then 'other_guardian'
            else 'guardian' end as by,
       v.disease, d.label, v.onset_on, v.diagnosed_on, v.institution, v.ended_on, v.treated_until, v.cleared_on, v.suspended_from,
       v.returned_on, v.return_stated_at, v.note
from (select) one
left join seen on true
left join illness_versions v on v.illness_id = seen.id
left join diseases d on d.code = v.disease
order by v.version;

-- ---- live: what is not long over, of children who are still there ----

-- name: illness_rows_changed
-- internal
-- takes: ids bigint[]
select r.* from illness_rows r where r.id = any (:ids);

-- name: illnesses_in_class
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join students s on (s.class_id = i.key or s.exchange_class_id = i.key) and (s.left_on is null or s.left_on >= today())
join illness_rows r on r.student_id = s.id
where r.withdrawn_at is null and r.onset_on >= today() - 90 and coalesce(r.returned_on, r.earliest_return, 'infinity') >= today() - 14;

-- name: illnesses_in_school
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join illness_rows r on r.school_id = i.key
join students s on s.id = r.student_id and (s.left_on is null or s.left_on >= today())
where r.withdrawn_at is null and r.onset_on >= today() - 90 and coalesce(r.returned_on, r.earliest_return, 'infinity') >= today() - 14;

-- name: illnesses_for_student
-- gather internal
-- takes: key bigint
select i.ord, r.*
from unnest(:key) with ordinality as i (key, ord)
join illness_rows r on r.student_id = i.key
where r.withdrawn_at is null and r.onset_on >= today() - 400;
