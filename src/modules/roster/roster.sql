-- The roster: imports on their way, the roll-over, and edits by hand. What is done to many rows at once is in
-- schema/functions/51_roster_plan.sql and 52_roster_apply.sql.

-- ---- imports ----

-- name: roster_imports_list
-- takes: school_id bigint
select v.*
from roster_imports_seen v
where may_see_import(:actor, v.school_id, v.kind) and (:school_id is null or v.school_id = :school_id)
order by v.id desc
limit 50;

-- name: roster_import_get
-- takes: import_id bigint
select v.*
from roster_imports_seen v
where v.id = :import_id and may_see_import(:actor, v.school_id, v.kind);

-- name: roster_import_summary
-- takes: import_id bigint
with seen as materialized (
    select i.id from roster_imports i where i.id = :import_id and may_see_import(:actor, i.school_id, i.kind)
)
select null as outcome, h.school_id, s.name as school_name, k.kind, count(*)::int as n
from seen
join roster_changes h on h.import_id = seen.id
cross join lateral unnest(h.kinds) k (kind)
join schools s on s.id = h.school_id
group by h.school_id, s.name, s.sort, k.kind
union all
select 'not_found', null, null, null, null
where not exists (select from seen)
order by school_id, kind;

-- The board's reading of names is recorded.
-- name: roster_import_changes
-- write
-- takes: import_id bigint, kind text, school_id bigint, after bigint
with seen as materialized (
    select i.id, i.school_id from roster_imports i where i.id = :import_id and may_see_import(:actor, i.school_id, i.kind)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'roster_changes_read', 'roster_import', s.id, coalesce(:school_id, s.school_id)
    from seen s
    where is_city(:actor)
), page as materialized (
    select h.*
    from seen
    join roster_changes h on h.import_id = seen.id
    where h.id > coalesce(:after, 0) and (:kind is null or :kind = any (h.kinds)) and (:school_id is null or h.school_id = :school_id)
    order by h.id
    limit 200
), named as (
    select c.id, c.grade, c.name from classes c
    where c.id in (select (p.before ->> 'class_id')::int from page p union select (p.after ->> 'class_id')::int from page p)
    union all
    select h.object_id, (h.after ->> 'grade')::smallint, h.after ->> 'name'
    from seen
    join roster_changes h on h.import_id = seen.id and h.object = 'class' and h.before is null and not h.applied
)
select null as outcome, p.id, p.object, p.object_id, p.school_id, s.name as school_name, p.kinds, p.matched_by, p.line, p.before, p.after,
       b.grade as before_grade, b.name as before_class, a.grade as after_grade, a.name as after_class
from page p
join schools s on s.id = p.school_id
left join named b on b.id = (p.before ->> 'class_id')::bigint
left join named a on a.id = (p.after ->> 'class_id')::bigint
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by id;

-- name: roster_import_problems
-- takes: import_id bigint, after bigint
with seen as materialized (
    select i.id from roster_imports i where i.id = :import_id and may_see_import(:actor, i.school_id, i.kind)
), page as (
    select p.*
    from seen
    join roster_problems p on p.import_id = seen.id
    where p.id > coalesce(:after, 0)
    order by p.id
    limit 200
)
select null as outcome, p.id, p.severity, p.code, p.file, p.line, p.column_no, p.column_name, p.says as text, p.student_id
from page p
union all
select 'not_found', null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by id;

-- What a file is read with: the school's own code, and the saved columns. A mapping is the city's or the same school's.
-- name: roster_upload_facts
-- takes: school_id bigint, mapping_id bigint, school_year int
select case when not may_keep_roster(:actor, :school_id::int) or (:mapping_id is not null and m.id is null) then 'not_found' end as outcome,
       s.code as own_code, coalesce(:school_year, school_year()) as year, coalesce(m.by_place, false) as by_place,
       m.columns ->> 'code' as code, m.columns ->> 'school_code' as school_code, m.columns ->> 'school_year' as school_year,
       m.columns ->> 'grade' as grade, m.columns ->> 'class_code' as class_code, m.columns ->> 'class_name' as class_name,
       m.columns ->> 'class_kind' as class_kind, m.columns ->> 'number' as number, m.columns ->> 'family_name' as family_name,
       m.columns ->> 'given_name' as given_name, m.columns ->> 'family_kana' as family_kana, m.columns ->> 'given_kana' as given_kana,
       m.columns ->> 'full_name' as full_name, m.columns ->> 'full_kana' as full_kana,
       m.columns ->> 'exchange_class_code' as exchange_class_code, m.columns ->> 'gone' as gone
from (select 1) one
left join schools s on s.id = :school_id
left join roster_mappings m on m.id = :mapping_id and (m.school_id is null or m.school_id = :school_id);

-- name: roster_file_stage
-- write
-- takes: school_id bigint, kind text, mode text, encoding text, year int, rows jsonb, problems jsonb
select r.outcome, r.id as import_id
from roster_stage(:actor, :school_id, :kind, :mode, :encoding, :year, :rows, :problems, :idempotency_key, :fingerprint) r;

-- The children of a school, or of the city, as files tell them. Reading them is recorded.
-- name: roster_export
-- write
-- takes: school_id bigint
with allowed as materialized (
    select may_keep_roster(:actor, :school_id::int)
           and (:school_id is null and todoke_whole_city() or exists (select from classes c where c.school_id = :school_id)) as yes
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'roster_exported', 'school', :school_id, :school_id from allowed where yes
)
select null as outcome, s.code, sc.code as school_code, sc.name as school_name, c.school_year,
       (c.grade + case sc.kind when 'junior_high' then 6 else 0 end)::int as grade, coalesce(c.code, c.grade || '-' || c.name) as class_code,
       c.name as class_name, c.kind as class_kind, s.number::int as number, s.family_name, s.given_name, s.family_kana, s.given_kana,
       case when x.id is not null then coalesce(x.code, x.grade || '-' || x.name) end as exchange_class_code, 'todoke-' || s.id as own_code,
       to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as made
from allowed a
join students s on a.yes and s.left_on is null and (:school_id is null or s.school_id = :school_id)
join schools sc on sc.id = s.school_id
join classes c on c.id = s.class_id
left join classes x on x.id = s.exchange_class_id
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
from allowed where not yes
order by school_code, grade, class_code, number;

-- name: roster_import_plan
-- write
-- takes: import_id bigint
select r.outcome, r.state from roster_replan(:actor, :import_id) r;

-- name: roster_import_apply
-- write
-- takes: import_id bigint, missing bool, left_on date, problems bool
select r.outcome, r.state, r.n_errors from roster_apply(:actor, :import_id, :missing, :left_on, :problems) r;

-- name: roster_import_undo
-- write
-- takes: import_id bigint
select r.outcome, r.state, r.changed from roster_undo(:actor, :import_id) r;

-- name: roster_import_discard
-- write
-- takes: import_id bigint
select r.outcome, r.state from roster_discard(:actor, :import_id) r;

-- ---- roll-over ----

-- name: roster_rollover_make
-- write
-- takes: on_day date, read_days int
select r.outcome, r.id as import_id from roster_rollover(:actor, :on_day, :read_days, :idempotency_key, :fingerprint) r;

-- name: roster_rollover_schedule
-- write
-- takes: import_id bigint, on_day date
select r.outcome, r.state from roster_schedule(:actor, :import_id, :on_day) r;

-- name: roster_rollover_unschedule
-- write
-- takes: import_id bigint
select r.outcome, r.state from roster_schedule(:actor, :import_id, null) r;

-- name: roster_rollover_places
-- write
-- takes: import_id bigint, school_id bigint, from_school_id bigint, undecided bool
with seen as materialized (
    select i.id from roster_imports i
    where i.id = :import_id and i.kind = 'rollover'
      and ((:school_id is null and :from_school_id is null and is_city(:actor))
           or may_keep_roster(:actor, coalesce(:from_school_id, :school_id)::int))
      and exists (select from classes c where :school_id is null and :from_school_id is null or c.school_id in (:school_id, :from_school_id))
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'roster_places_read', 'roster_import', s.id, coalesce(:from_school_id, :school_id)
    from seen s
    where is_city(:actor)
)
select null as outcome, s.id as student_id, coalesce(r.code, s.code) as code, s.number, coalesce(r.family_name, s.family_name) as family_name,
       coalesce(r.given_name, s.given_name) as given_name, coalesce(r.family_kana, s.family_kana) as family_kana,
       coalesce(r.given_kana, s.given_kana) as given_kana, s.school_id as from_school_id, c.grade as from_grade, c.name as from_class,
       r.to_school_id as school_id, r.to_grade as grade, r.to_class_name as class_name, r.class_kind, r.to_number as next_number, r.source,
       r.to_school_id is null and not r.gone as undecided, r.gone as leaves
from seen
join roster_rows r on r.import_id = seen.id and coalesce(r.problem, 'undecided') = 'undecided'
left join students s on s.id = r.student_id
left join classes c on c.id = s.class_id
where (:school_id is null or r.to_school_id = :school_id)
  and (:from_school_id is null or s.school_id = :from_school_id)
  and (:undecided is null or (r.to_school_id is null and not r.gone) = :undecided)
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from seen)
order by school_id, grade, class_name, next_number, student_id
limit 3000;

-- name: roster_rollover_classes
-- takes: import_id bigint, school_id bigint
with seen as materialized (
    select i.id from roster_imports i
    where i.id = :import_id and i.kind = 'rollover' and may_keep_roster(:actor, :school_id::int)
      and exists (select from classes c where c.school_id = :school_id)
)
select null as outcome, r.to_school_id as school_id, r.to_grade as grade, r.to_class_name as class_name,
       coalesce(max(r.class_kind), 'regular') as class_kind, count(*)::int as students
from seen
join roster_rows r on r.import_id = seen.id and r.problem is null and r.to_school_id = :school_id and not r.gone
group by r.to_school_id, r.to_grade, r.to_class_name
union all
select 'not_found', null, null, null, null, null
where not exists (select from seen)
order by grade, class_kind, class_name;

-- name: roster_place_set
-- write
-- takes: import_id bigint, student_id bigint, leaves bool, school_id bigint, grade int, class_name text, class_kind text, number int
select r.outcome, r.id as student_id
from roster_place(:actor, :import_id, :student_id, :leaves, :school_id, :grade, nullif(btrim(:class_name), ''), :class_kind, :number) r;

-- name: roster_place_unset
-- write
-- takes: import_id bigint, student_id bigint
select r.outcome, r.id as student_id from roster_place_clear(:actor, :import_id, :student_id) r;

-- name: roster_next_schools
select s.id as school_id, s.name as school_name, n.id as next_school_id, n.name as next_school_name
from schools s
left join schools n on n.id = s.next_school_id
where s.kind = 'elementary' and is_city(:actor)
order by s.sort;

-- name: roster_next_school_set
-- write
-- takes: school_id bigint, next_school_id bigint
with written as (
    update schools s
    set next_school_id = :next_school_id
    where s.id = :school_id and is_city(:actor) and todoke_whole_city() and s.kind = 'elementary'
      and (:next_school_id is null or exists (select from schools n where n.id = :next_school_id and n.kind = 'junior_high'))
    returning s.id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'next_school_set', 'school', w.id, w.id from written w
)
select null as outcome, w.id from written w
union all
select 'validation', null::int
where is_city(:actor) and exists (select from schools s where s.id = :school_id) and not exists (select from written);

-- Run by upkeep.
-- name: roster_rollover_due
-- internal write
select roster_due() as import_id;

-- name: roster_forget
-- internal write
select roster_purge()::text as done;

-- ---- mappings of columns ----

-- The city's are everybody's to use.
-- name: roster_mappings_list
-- takes: school_id bigint
with allowed as materialized (
    select may_keep_roster(:actor, :school_id::int)
           and (:school_id is null or exists (select from classes c where c.school_id = :school_id)) as yes
)
select case when not a.yes then 'not_found' end as outcome, m.id, m.school_id, m.name, m.by_place, m.columns
from allowed a
left join roster_mappings m on a.yes and (m.school_id is null or m.school_id = :school_id)
where not a.yes or m.id is not null
order by m.school_id is null, m.name;

-- name: roster_mapping_put
-- write
-- takes: school_id bigint, name text, by_place bool, code text, school_code text, school_year_column text, grade text, class_code text, class_name text, class_kind text, number text, family_name text, given_name text, family_kana text, given_kana text, full_name text, full_kana text, exchange_class_code text, gone text
with written as (
    insert into roster_mappings as m (school_id, name, by_place, columns, changed_by)
    select :school_id, btrim(:name), coalesce(:by_place, false), jsonb_strip_nulls(jsonb_build_object(
               'code', :code, 'school_code', :school_code, 'school_year', :school_year_column, 'grade', :grade, 'class_code', :class_code,
               'class_name', :class_name, 'class_kind', :class_kind, 'number', :number, 'family_name', :family_name, 'given_name', :given_name,
               'family_kana', :family_kana, 'given_kana', :given_kana, 'full_name', :full_name, 'full_kana', :full_kana,
               'exchange_class_code', :exchange_class_code, 'gone', :gone)), :actor
    where may_keep_roster(:actor, :school_id::int)
      and (:school_id is null and todoke_whole_city() or exists (select from classes c where c.school_id = :school_id))
    on conflict on constraint roster_mappings_name do update
    set by_place = excluded.by_place, columns = excluded.columns, changed_by = excluded.changed_by, changed_at = now()
    returning m.id, m.school_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'roster_mapping_put', 'roster_mapping', w.id, w.school_id from written w
)
select w.id from written w;

-- name: roster_mapping_delete
-- write
-- takes: mapping_id bigint
with gone as (
    delete from roster_mappings m
    where m.id = :mapping_id and may_keep_roster(:actor, m.school_id)
    returning m.id, m.school_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'roster_mapping_deleted', 'roster_mapping', g.id, g.school_id from gone g
)
select null as outcome, g.id from gone g
union all
select 'not_found', null
where not exists (select from gone);
