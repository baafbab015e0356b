-- Reading the audit. Each reading is recorded; where it is about a person or a child, for them too.

-- name: audit_list
-- write
-- takes: school_id bigint, from date, to date, account_id bigint, action text, object_kind text, object_id bigint,
--        student_id bigint, person_id bigint, before bigint, limit int
with gate as materialized (
    select case when may_read_audit(:actor, :school_id)
                     and (:school_id is null or exists (select from schools s where s.id = :school_id)) then null
                when :school_id is null and exists (select from roles_of(:actor) r where r.role = 'administrator')
                    then 'validation'
                else 'not_found' end as outcome
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'audit_read', case when :school_id is null then 'city' else 'school' end, coalesce(:school_id, 1),
           :school_id,
           jsonb_strip_nulls(jsonb_build_object(
               'from', :from, 'to', :to, 'action', :action, 'actor_id', :account_id,
               'account_id', coalesce(:person_id, :account_id), 'student_id', :student_id, 'before', :before))
    from gate
    where outcome is null
), page as materialized (
    select p.*
    from gate
    cross join lateral audit_page(:school_id, :from, :to, :account_id, :action, :object_kind, :object_id, :student_id,
                                  :person_id, :before, coalesce(:limit, 50)) p
    where gate.outcome is null
), actors as materialized (
    select * from actors_of(array(select distinct p.account_id from page p where p.account_id is not null))
)
select null as outcome, p.id, p.at, p.action, p.object_kind, p.object_id, p.school_id, s.name as school_name,
       p.student_id, p.person_id, p.account_id, a.name as actor_name,
       case when p.account_id is null then 'system' else coalesce(a.kind, 'gone') end as actor_kind, p.detail
from page p
left join schools s on s.id = p.school_id
left join actors a on a.account_id = p.account_id
union all
select g.outcome, null, null, null, null, null, null, null, null, null, null, null, null, null
from gate g
where g.outcome is not null
order by at desc, id desc;

-- The child's school of today decides; rows of another one stay behind the fence.
-- name: audit_of_child
-- write
-- takes: student_id bigint, from date, to date, before bigint, limit int
with child as materialized (
    select s.id, s.school_id
    from students s
    where s.id = :student_id and may_read_audit(:actor, s.school_id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'student_audit_read', 'student', c.id, c.school_id
    from child c
), page as materialized (
    select p.*
    from child
    cross join lateral audit_of_student(child.id, :from, :to, :before, coalesce(:limit, 50)) p
), actors as materialized (
    select * from actors_of(array(select distinct p.account_id from page p where p.account_id is not null))
)
select null as outcome, p.at, (extract(epoch from p.at) * 1000000)::bigint as moment, p.id, p.source, p.scope, p.action,
       p.object_kind, p.object_id, p.account_id, a.name as actor_name,
       case when p.account_id is null then 'system' when p.detail ->> 'via' = 'guardian' and a.kind = 'staff' then 'guardian'
            else coalesce(a.kind, 'gone') end as actor_kind, p.detail
from page p
left join actors a on a.account_id = p.account_id
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from child)
order by at desc, id desc;
