-- One child or one class at a time, by hand. History is written by the tables' triggers.

-- The board's reading of a name is recorded.
-- name: student_show
-- write
-- takes: student_id bigint
with seen as materialized (
    select s.* from students s where s.id = :student_id and may_keep_roster(:actor, s.school_id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'student_read', 'student', s.id, s.school_id from seen s where is_city(:actor)
)
select s.id, s.version, s.school_id, sc.name as school_name, s.class_id, c.name as class_name, c.grade, c.kind as class_kind, s.number,
       s.code, s.family_name, s.given_name, s.family_kana, s.given_kana, s.exchange_class_id, x.name as exchange_class_name, s.left_on
from seen s
join schools sc on sc.id = s.school_id
join classes c on c.id = s.class_id
left join classes x on x.id = s.exchange_class_id;

-- Under the fence a school sees what the child was there, not what it was elsewhere.
-- name: student_versions_of
-- write
-- takes: student_id bigint
with seen as materialized (
    select s.id, s.school_id from students s where s.id = :student_id and may_keep_roster(:actor, s.school_id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'student_versions_read', 'student', s.id, s.school_id from seen s where is_city(:actor)
)
select null as outcome, v.version, v.action, v.made_at, a.family_name || ' ' || a.given_name as made_by, v.import_id, v.school_id,
       sc.name as school_name, k.school_year, k.grade, k.name as class_name, v.number, v.family_name, v.given_name, v.family_kana,
       v.given_kana, v.exchange_class_id, v.code, v.left_on
from seen
join student_versions v on v.student_id = seen.id
join schools sc on sc.id = v.school_id
left join lateral (select k.school_year, k.grade, k.name from class_versions k
                   where k.class_id = v.class_id order by k.version desc limit 1) k on true
left join accounts a on a.id = v.made_by
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by version desc;

-- The class is locked, so that two children don't get one number.
-- name: student_new
-- write
-- takes: class_id bigint, number int, family_name text, given_name text, family_kana text, given_kana text, code text, exchange_class_id bigint
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), target as materialized (
    select c.* from classes c where c.id = :class_id and may_keep_roster(:actor, c.school_id) for no key update
), judged as materialized (
    select t.*, kana_hiragana(:family_kana) as family_kana, kana_hiragana(:given_kana) as given_kana, nullif(btrim(:code), '') as new_code,
           case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when t.school_year < school_year() then 'old_class'
                when concat(kana_hiragana(:family_kana), kana_hiragana(:given_kana)) !~ '^[ぁ-ゖゝゞー・ ]+$' then 'kana_format'
                when exists (select from students s where s.class_id = t.id and s.number = :number and s.left_on is null) then 'number_taken'
                when :exchange_class_id is not null
                     and not exists (select from classes x where x.id = :exchange_class_id and x.id <> t.id and x.school_id = t.school_id
                                                             and x.school_year = t.school_year) then 'validation' end as outcome
    from target t
), written as (
    insert into students (school_id, class_id, number, family_name, given_name, family_kana, given_kana, exchange_class_id, code, changed_by)
    select j.school_id, j.id, :number, btrim(:family_name), btrim(:given_name), j.family_kana, j.given_kana, :exchange_class_id, j.new_code, :actor
    from judged j
    where j.outcome is null
    returning id, school_id, version, changed_at
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.changed_at) from written w
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'student_made', 'student', w.id, w.school_id from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version, coalesce(w.changed_at, (k.answer ->> 'at')::timestamptz) as at
from judged j
left join written w on true
left join known k on k.same;

-- name: student_edit
-- write
-- takes: student_id bigint, version int, class_id bigint, number int, family_name text, given_name text, family_kana text, given_kana text, code text, exchange_class_id bigint
with target as materialized (
    select s.* from students s where s.id = :student_id and may_keep_roster(:actor, s.school_id) for update
), place as materialized (
    select c.* from classes c, target t where c.id = :class_id and c.school_id = t.school_id for no key update of c
), judged as materialized (
    select t.id, t.version, t.school_id, kana_hiragana(:family_kana) as family_kana, kana_hiragana(:given_kana) as given_kana,
           nullif(btrim(:code), '') as new_code,
           case when t.version <> :version then 'stale_version'
                when t.left_on is not null then 'already_left'
                when c.id is null then 'validation'
                when c.id <> t.class_id and c.school_year < school_year() then 'old_class'
                when concat(kana_hiragana(:family_kana), kana_hiragana(:given_kana)) !~ '^[ぁ-ゖゝゞー・ ]+$' then 'kana_format'
                when exists (select from students s where s.class_id = c.id and s.number = :number and s.left_on is null and s.id <> t.id)
                    then 'number_taken'
                when :exchange_class_id is not null
                     and not exists (select from classes x where x.id = :exchange_class_id and x.id <> c.id and x.school_id = c.school_id
                                                             and x.school_year = c.school_year) then 'validation' end as outcome
    from target t
    left join place c on true
), written as (
    update students s
    set class_id = :class_id, number = :number, family_name = btrim(:family_name), given_name = btrim(:given_name),
        family_kana = j.family_kana, given_kana = j.given_kana, code = j.new_code, exchange_class_id = :exchange_class_id,
        changed_by = :actor, import_id = null
    from judged j
    where s.id = j.id and j.outcome is null
    returning s.id, s.version, s.school_id, s.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'student_edited', 'student', w.id, w.school_id from written w
)
select j.outcome, w.id, w.version, w.changed_at as at from judged j left join written w on true;

-- name: student_leave
-- write
-- takes: student_id bigint, version int, left_on date
with target as materialized (
    select s.* from students s where s.id = :student_id and may_keep_roster(:actor, s.school_id) for update
), judged as materialized (
    select t.*, case when t.version <> :version then 'stale_version'
                     when t.left_on is not null then 'already_left'
                     when :left_on > today() then 'future_day' end as outcome
    from target t
), written as (
    update students s
    set left_on = :left_on, changed_by = :actor, import_id = null
    from judged j
    where s.id = j.id and j.outcome is null
    returning s.id, s.version, s.school_id, s.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'student_left', 'student', w.id, w.school_id from written w
)
select j.outcome, w.id, w.version, w.changed_at as at from judged j left join written w on true;

-- Back at the school that it left.
-- name: student_return
-- write
-- takes: student_id bigint, version int, class_id bigint, number int
with target as materialized (
    select s.* from students s where s.id = :student_id and may_keep_roster(:actor, s.school_id) for update
), place as materialized (
    select c.* from classes c, target t where c.id = :class_id and c.school_id = t.school_id for no key update of c
), judged as materialized (
    select t.id, case when t.version <> :version then 'stale_version'
                      when t.left_on is null then 'not_left'
                      when c.id is null then 'validation'
                      when c.school_year < school_year() then 'old_class'
                      when exists (select from students s where s.class_id = c.id and s.number = :number and s.left_on is null)
                          then 'number_taken' end as outcome
    from target t
    left join place c on true
), written as (
    update students s
    set left_on = null, class_id = :class_id, number = :number, exchange_class_id = null,
        changed_by = :actor, import_id = null
    from judged j
    where s.id = j.id and j.outcome is null
    returning s.id, s.version, s.school_id, s.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'student_returned', 'student', w.id, w.school_id from written w
)
select j.outcome, w.id, w.version, w.changed_at as at from judged j left join written w on true;

-- To another school of the city: the guardians' links go along (a foreign key), reports stay with the school of their day.
-- name: student_move
-- write
-- takes: student_id bigint, version int, class_id bigint, number int
with target as materialized (
    select s.* from students s where s.id = :student_id and is_city(:actor) for update
), place as materialized (
    select c.* from classes c, target t where c.id = :class_id and c.school_id <> t.school_id for no key update of c
), judged as materialized (
    select t.id, t.school_id as from_school_id,
           case when t.version <> :version then 'stale_version'
                when c.id is null then 'validation'
                when c.school_year < school_year() then 'old_class'
                when exists (select from students s where s.class_id = c.id and s.number = :number and s.left_on is null)
                    then 'number_taken' end as outcome
    from target t
    left join place c on true
), written as (
    update students s
    set school_id = c.school_id, class_id = c.id, number = :number, exchange_class_id = null, left_on = null,
        changed_by = :actor, import_id = null
    from judged j, place c
    where s.id = j.id and j.outcome is null
    returning s.id, s.version, s.school_id, s.changed_at, j.from_school_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'student_moved', 'student', w.id, w.school_id, jsonb_build_object('from_school_id', w.from_school_id) from written w
)
select j.outcome, w.id, w.version, w.changed_at as at from judged j left join written w on true;

-- ---- classes ----

-- name: class_new
-- write
-- takes: school_id bigint, grade int, name text, kind text, code text
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), target as materialized (
    select s.* from schools s
    where s.id = :school_id and may_keep_roster(:actor, s.id) and exists (select from classes c where c.school_id = s.id)
), judged as materialized (
    select t.*, case when exists (select from known where same) then 'known'
                     when exists (select from known) then 'key_reused'
                     when :grade not between 1 and school_grades(t.kind) then 'validation' end as outcome
    from target t
), written as (
    insert into classes (school_id, school_year, grade, name, kind, code, sort, changed_by)
    select j.id, school_year(), :grade, btrim(:name), coalesce(:kind, 'regular'), nullif(btrim(:code), ''),
           class_sort(:grade::smallint, btrim(:name), coalesce(:kind, 'regular')), :actor
    from judged j
    where j.outcome is null
    returning id, school_id, version, changed_at
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.changed_at) from written w
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'class_made', 'class', w.id, w.school_id from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::int) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version, coalesce(w.changed_at, (k.answer ->> 'at')::timestamptz) as at
from judged j
left join written w on true
left join known k on k.same;

-- name: class_edit
-- write
-- takes: class_id bigint, version int, name text, kind text, code text
with target as materialized (
    select c.* from classes c where c.id = :class_id and may_keep_roster(:actor, c.school_id) for update
), judged as materialized (
    select t.*, case when t.version <> :version then 'stale_version'
                     when t.school_year < school_year() then 'old_class' end as outcome
    from target t
), written as (
    update classes c
    set name = btrim(:name), kind = coalesce(:kind, c.kind), code = nullif(btrim(:code), ''),
        sort = class_sort(c.grade, btrim(:name), coalesce(:kind, c.kind)), changed_by = :actor, import_id = null
    from judged j
    where c.id = j.id and j.outcome is null
    returning c.id, c.version, c.school_id, c.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'class_edited', 'class', w.id, w.school_id from written w
)
select j.outcome, w.id, w.version, w.changed_at as at from judged j left join written w on true;

-- name: class_versions_of
-- takes: class_id bigint
with seen as materialized (
    select c.id from classes c where c.id = :class_id and may_keep_roster(:actor, c.school_id)
)
select null as outcome, v.version, v.action, v.made_at, a.family_name || ' ' || a.given_name as made_by, v.import_id, v.school_year,
       v.grade, v.name, v.kind, v.code
from seen
join class_versions v on v.class_id = seen.id
left join accounts a on a.id = v.made_by
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by version desc;
