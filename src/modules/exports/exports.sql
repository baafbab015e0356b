-- Files of the register for the school-affairs system, by a saved mapping.

-- The city's are every school's to use.
-- name: export_mappings_list
-- takes: school_id bigint
with allowed as materialized (
    select (is_city(:actor) or works_for_school(:actor, :school_id))
           and (:school_id is null or exists (select from classes c where c.school_id = :school_id)) as yes
)
select case when not coalesce(a.yes, false) then 'not_found' end as outcome, m.id, m.school_id, m.name, m.file, m.headings, m.fields, m.charset,
       m.separator, m.with_heading, m.neutralised
from allowed a
left join export_mappings m on a.yes and (m.school_id is null or m.school_id = :school_id)
where not coalesce(a.yes, false) or m.id is not null
order by m.school_id is null, m.name;

-- name: export_mapping_put
-- write
-- takes: school_id bigint, name text, file text, headings text[], fields text[], charset text, separator text, with_heading bool, neutralised bool
with judged as materialized (
    select case when btrim(:name) = '' or not export_columns_fit(:file, :headings, :fields) then 'validation' end as outcome
    where may_keep_settings(:actor, :school_id::int) and in_view(:school_id::int)
), written as (
    insert into export_mappings as m (school_id, name, file, headings, fields, charset, separator, with_heading, neutralised, changed_by)
    select :school_id::int, btrim(:name), :file, :headings, :fields, :charset, :separator, coalesce(:with_heading, true),
           coalesce(:neutralised, true), :actor
    from judged j
    where j.outcome is null
    on conflict on constraint export_mappings_name do update
    set file = excluded.file, headings = excluded.headings, fields = excluded.fields, charset = excluded.charset,
        separator = excluded.separator, with_heading = excluded.with_heading, neutralised = excluded.neutralised,
        changed_by = excluded.changed_by, changed_at = now()
    returning m.id, m.school_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'export_mapping_put', 'export_mapping', w.id, w.school_id from written w
)
select j.outcome, w.id from judged j left join written w on true;

-- name: export_mapping_delete
-- write
-- takes: export_mapping_id bigint
with gone as (
    delete from export_mappings m
    where m.id = :export_mapping_id and may_keep_settings(:actor, m.school_id)
    returning m.id, m.school_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'export_mapping_deleted', 'export_mapping', g.id, g.school_id from gone g
)
select null as outcome, g.id from gone g
union all
select 'not_found', null
where not exists (select from gone);

-- Cells are parted by U+001F, which no text of ours can hold.
-- name: register_export
-- write
-- takes: school_id bigint, export_mapping_id bigint, class_id bigint, first_day date, last_day date
with mapping as materialized (
    select m.*
    from export_mappings m
    where m.id = :export_mapping_id and (m.school_id is null or m.school_id = :school_id) and works_for_school(:actor, :school_id)
      and exists (select from classes c where c.school_id = :school_id and (:class_id is null or c.id = :class_id))
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'register_exported', 'school', :school_id, :school_id::int,
           jsonb_build_object('mapping', m.id, 'first_day', :first_day, 'last_day', :last_day)
    from mapping m
)
select null as outcome, m.name, m.charset, m.separator, m.neutralised,
       case when m.with_heading then array_to_string(m.headings, chr(31)) end as heading,
       array_to_string(export_cells(x.facts, m.fields), chr(31)) as line
from mapping m
left join lateral export_facts(:school_id::int, :class_id::int, m.file, :first_day, :last_day) x on true;

-- What would stand empty in it although the mapping asks for it.
-- name: register_export_check
-- takes: school_id bigint, export_mapping_id bigint, class_id bigint, first_day date, last_day date
with mapping as materialized (
    select m.*
    from export_mappings m
    where m.id = :export_mapping_id and (m.school_id is null or m.school_id = :school_id) and works_for_school(:actor, :school_id)
      and exists (select from classes c where c.school_id = :school_id and (:class_id is null or c.id = :class_id))
), fact as materialized (
    select x.* from mapping m cross join lateral export_facts(:school_id::int, :class_id::int, m.file, :first_day, :last_day) x
), missing as (
    select 'code' as lacks, f.facts ->> 'name' as name, f.student_id, f.facts, 1 as sort
    from mapping m
    join fact f on f.facts ->> 'code' is null
    where 'code' = any (m.fields)
    union all
    select 'class_code', (f.facts ->> 'grade') || '年 ' || (f.facts ->> 'class_name'), null, f.facts, 2
    from mapping m
    join fact f on f.facts ->> 'class_code' is null
    where 'class_code' = any (m.fields)
    union all
    select 'mark_code', f.facts ->> 'mark', null, null, 3
    from mapping m
    join fact f on f.mark_used is not null and f.facts ->> 'mark_code' is null
    where 'mark_code' = any (m.fields)
    union all
    select 'reason_code', f.facts ->> 'reason', null, null, 4
    from mapping m
    join fact f on f.reason_used is not null and f.facts ->> 'reason_code' is null
    where 'reason_code' = any (m.fields)
)
select null as outcome, x.lacks, x.name, x.student_id, (min(x.facts ->> 'grade'))::int as grade, min(x.facts ->> 'class_name') as class_name,
       (min(x.facts ->> 'number'))::int as number, count(*)::int as lines
from missing x
group by x.sort, x.lacks, x.name, x.student_id
union all
select 'not_found', null, null, null, null, null, null, null where not exists (select from mapping)
order by lacks, grade, class_name, number, name;

-- The first lines, of columns that are not saved yet.
-- name: register_export_preview
-- takes: school_id bigint, file text, headings text[], fields text[], class_id bigint, first_day date, last_day date
with judged as materialized (
    select case when not export_columns_fit(:file, :headings, :fields) then 'validation' end as outcome
    where works_for_school(:actor, :school_id)
      and exists (select from classes c where c.school_id = :school_id and (:class_id is null or c.id = :class_id))
), sample as (
    select export_cells(x.facts, :fields) as cells
    from judged j
    cross join lateral export_facts(:school_id::int, :class_id::int, :file, :first_day, :last_day) x
    where j.outcome is null
    limit 5
)
select null as outcome, s.cells from sample s
union all
select j.outcome, null from judged j where j.outcome is not null
union all
select 'not_found', null where not exists (select from judged);
