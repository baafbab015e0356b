-- Hours in which reports are not taken, and a school's times. What a rule means: schema/functions/37_intake.sql.

-- The city's rules stand in a school's list, also those that the school has overridden.
-- name: intake_of_school
-- takes: school_id bigint
with allowed as materialized (
    select s.id from schools s where s.id = :school_id and may_see_settings(:actor, s.id::int)
)
select null as outcome, r.id, r.school_id, r.overrides, r.days, r.weekdays, r.first_day, r.last_day, r.from_time, r.to_time, r.kinds,
       r.about, r.message, r.active, exists (select from intake_rules_of_schools v where v.id = r.id and v.of_school = a.id) as holds,
       r.version
from allowed a
join intake_rules r on r.school_id = a.id or r.school_id is null
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from allowed)
order by school_id nulls first, id;

-- name: intake_of_city
select r.id, r.days, r.weekdays, r.first_day, r.last_day, r.from_time, r.to_time, r.kinds, r.about, r.message, r.active,
       (select count(*)::int from intake_rules o where o.overrides = r.id) as overridden, r.version
from intake_rules r
where r.school_id is null and is_city(:actor)
order by r.id;

-- The windows of today and the next two days at the schools of a guardian's children; one that stands open now ends where
-- those that follow it end.
-- name: children_intake
-- gather
select i.ord, v.of_school as school_id, r.id as rule_id, r.kinds, r.about, r.message,
       (d.day + r.from_time) at time zone 'Asia/Tokyo' as starts_at,
       case when here(now()) between d.day + r.from_time and rule_ends(r, d.day)
            then coalesce((select u.until from intake_shut(v.of_school, r.kinds[1], today(), now()) u),
                          rule_ends(r, d.day) at time zone 'Asia/Tokyo')
            else rule_ends(r, d.day) at time zone 'Asia/Tokyo' end as ends_at
from unnest(:actor) with ordinality as i (actor, ord)
cross join lateral (select distinct mine.school_id from children_of(i.actor) mine) c
join intake_rules_of_schools v on v.of_school = c.school_id
join intake_rules r on r.id = v.id
cross join lateral (select today() + n as day from generate_series(-1, 2) n) d
where rule_ends(r, d.day) > here(now()) and rule_begins_on(r, v.of_school, d.day)
order by i.ord, starts_at, r.id;

-- name: intake_make
-- write
-- takes: school_id bigint, overrides bigint, days text, weekdays bigint[], first_day date, last_day date, from_time time, to_time time, kinds text[], about text, message text, active bool
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), judged as materialized (
    select case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when not coalesce(:weekdays <@ '{1,2,3,4,5,6,7}'::bigint[], true) or btrim(:message) = ''
                     or (:overrides is not null and not exists (select from intake_rules r where r.id = :overrides and r.school_id is null))
                    then 'validation'
                when exists (select from intake_rules r where r.overrides = :overrides and r.school_id = :school_id) then 'already_overridden'
           end as outcome
    where may_keep_settings(:actor, :school_id::int) and in_view(:school_id::int)
), written as (
    insert into intake_rules (school_id, overrides, days, weekdays, first_day, last_day, from_time, to_time, kinds, about, message, active,
                              changed_by)
    select :school_id::int, :overrides, :days, :weekdays::smallint[], :first_day,
           case when :first_day is not null then coalesce(:last_day, :first_day) end, :from_time, :to_time, :kinds, :about, btrim(:message),
           coalesce(:active, true), :actor
    from judged j
    where j.outcome is null
    returning id, school_id, version, changed_at, days, from_time, to_time, active
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.changed_at) from written w
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'intake_made', 'intake_rule', w.id, w.school_id,
           jsonb_build_object('days', w.days, 'from_time', w.from_time, 'to_time', w.to_time, 'active', w.active)
    from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version, coalesce(w.changed_at, (k.answer ->> 'at')::timestamptz) as at
from judged j
left join written w on true
left join known k on k.same;

-- name: intake_edit
-- write
-- takes: rule_id bigint, version int, days text, weekdays bigint[], first_day date, last_day date, from_time time, to_time time, kinds text[], about text, message text, active bool
with target as materialized (
    select r.* from intake_rules r where r.id = :rule_id and may_keep_settings(:actor, r.school_id) for update
), judged as materialized (
    select t.id, case when t.version <> :version then 'stale_version'
                      when not coalesce(:weekdays <@ '{1,2,3,4,5,6,7}'::bigint[], true) or btrim(:message) = '' then 'validation' end as outcome
    from target t
), written as (
    update intake_rules r
    set days = :days, weekdays = :weekdays::smallint[], first_day = :first_day,
        last_day = case when :first_day is not null then coalesce(:last_day, :first_day) end, from_time = :from_time, to_time = :to_time,
        kinds = :kinds, about = :about, message = btrim(:message), active = coalesce(:active, true), changed_by = :actor,
        changed_at = now(), version = r.version + 1
    from judged j
    where r.id = j.id and j.outcome is null
    returning r.*
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'intake_edited', 'intake_rule', w.id, w.school_id,
           jsonb_build_object('days', w.days, 'from_time', w.from_time, 'to_time', w.to_time, 'active', w.active,
                              'before', jsonb_build_object('days', t.days, 'from_time', t.from_time, 'to_time', t.to_time, 'active', t.active))
    from written w
    join target t on t.id = w.id
)
select j.outcome, w.id, w.version, w.changed_at as at from judged j left join written w on true;

-- What schools have put in the place of a rule of the city's goes with it.
-- name: intake_remove
-- write
-- takes: rule_id bigint
with target as materialized (
    select r.* from intake_rules r where r.id = :rule_id and may_keep_settings(:actor, r.school_id) for update
), removed as (
    delete from intake_rules r using target t where r.id = t.id or r.overrides = t.id returning r.id, r.school_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'intake_removed', 'intake_rule', r.id, r.school_id from removed r
)
select null as outcome, t.id from target t
union all
select 'not_found', null where not exists (select from target);

-- name: times_of_school
-- takes: school_id bigint
select s.correct_until, s.escalate_at, s.escalate_again_at, s.times_version as version
from schools s
where s.id = :school_id and may_see_settings(:actor, s.id::int) and in_view(s.id);

-- name: times_edit
-- write
-- takes: school_id bigint, version int, correct_until time, escalate_at time, escalate_again_at time
with target as materialized (
    select s.* from schools s where s.id = :school_id and may_keep_settings(:actor, s.id::int) and in_view(s.id) for no key update
), judged as materialized (
    select t.id, case when t.times_version <> :version then 'stale_version' end as outcome from target t
), written as (
    update schools s
    set correct_until = :correct_until, escalate_at = :escalate_at, escalate_again_at = :escalate_again_at,
        times_version = s.times_version + 1
    from judged j
    where s.id = j.id and j.outcome is null
    returning s.id, s.times_version
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'times_edited', 'school', w.id, w.id,
           jsonb_build_object('correct_until', :correct_until, 'escalate_at', :escalate_at, 'escalate_again_at', :escalate_again_at,
                              'before', jsonb_build_object('correct_until', t.correct_until, 'escalate_at', t.escalate_at,
                                                           'escalate_again_at', t.escalate_again_at))
    from written w
    join target t on t.id = w.id
)
select j.outcome, j.id, w.times_version as version, now() as at from judged j left join written w on true;
