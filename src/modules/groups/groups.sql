-- Groups that a school makes, and whom an audience reaches (schema/functions/44_audience.sql).

-- name: groups_list
-- takes: school_id bigint
with allowed as materialized (
    select s.id from schools s where s.id = :school_id and may_see_groups(:actor, s.id)
)
select null as outcome, g.id, g.school_id, g.name, g.purpose, g.holds,
       (select count(*)::int from group_members m
        left join students s on s.id = m.student_id and s.school_id = g.school_id and (s.left_on is null or s.left_on >= today())
        where m.group_id = g.id and (m.account_id is not null or s.id is not null)) as members,
       may_keep_group(:actor, g.school_id, g.made_by) as may_change, g.version
from allowed a
join groups g on g.school_id = a.id and g.ended_at is null
union all
select 'not_found', null, null, null, null, null, null, null, null
where not exists (select from allowed)
order by name, id;

-- A member that is none of this school's is none at all.
-- name: group_make
-- write
-- takes: school_id bigint, name text, purpose text, holds text, member_ids bigint[]
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), asked as materialized (
    select distinct m.id from unnest(:member_ids) m (id)
), found as materialized (
    select a.id from asked a where may_belong(:school_id, :holds, a.id)
), judged as materialized (
    select s.id as school_id,
           case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when btrim(:name) = '' then 'validation'
                when (select count(*) from found) < (select count(*) from asked) then 'not_found'
                when exists (select from groups o where o.school_id = s.id and o.name = btrim(:name) and o.ended_at is null) then 'name_taken'
           end as outcome
    from schools s
    where s.id = :school_id and may_see_groups(:actor, s.id) and in_view(s.id)
), written as (
    insert into groups (school_id, name, purpose, holds, made_by, changed_by)
    select j.school_id, btrim(:name), :purpose, :holds, :actor, :actor from judged j where j.outcome is null
    returning id, school_id, holds, version, made_at
), joined as (
    insert into group_members (group_id, school_id, student_id, account_id, added_by)
    select w.id, w.school_id, case when w.holds = 'students' then f.id end, case when w.holds = 'guardians' then f.id end, :actor
    from written w
    cross join found f
    returning 1
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'group_made', 'group', w.id, w.school_id, jsonb_build_object('members', (select count(*) from joined)) from written w
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.made_at) from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version, coalesce(w.made_at, (k.answer ->> 'at')::timestamptz) as at
from judged j
left join written w on true
left join known k on k.same;

-- name: group_change
-- write
-- takes: id bigint, version int, name text, purpose text, ended bool
with target as materialized (
    select g.* from groups g where g.id = :id and may_keep_group(:actor, g.school_id, g.made_by) for update
), judged as materialized (
    select t.id, t.school_id, t.version, t.changed_at,
           case when t.ended_at is not null then case when :ended then 'known' else 'already_ended' end
                when t.version <> :version then 'stale_version'
                when btrim(:name) = '' then 'validation'
                when exists (select from groups o where o.school_id = t.school_id and o.name = btrim(:name) and o.ended_at is null and o.id <> t.id)
                    then 'name_taken' end as outcome
    from target t
), written as (
    update groups g
    set name = btrim(:name), purpose = :purpose, ended_at = case when :ended then now() end, changed_by = :actor, changed_at = now(),
        version = g.version + 1
    from judged j
    where g.id = j.id and j.outcome is null
    returning g.id, g.school_id, g.version, g.changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, case when :ended then 'group_ended' else 'group_changed' end, 'group', w.id, w.school_id, jsonb_build_object('version', w.version)
    from written w
)
select nullif(j.outcome, 'known') as outcome, j.id, coalesce(w.version, j.version) as version, coalesce(w.changed_at, j.changed_at) as at
from judged j
left join written w on true;

-- name: group_members_list
-- takes: id bigint
with allowed as materialized (
    select g.* from groups g where g.id = :id and g.ended_at is null and may_see_groups(:actor, g.school_id)
)
select null as outcome, m.student_id, m.account_id, s.class_id, s.number, coalesce(s.family_name, a.family_name) as family_name,
       coalesce(s.given_name, a.given_name) as given_name, coalesce(s.family_kana, a.family_kana) as family_kana,
       coalesce(s.given_kana, a.given_kana) as given_kana
from allowed g
join group_members m on m.group_id = g.id
left join students s on s.id = m.student_id and s.school_id = g.school_id and (s.left_on is null or s.left_on >= today())
left join accounts a on a.id = m.account_id
where s.id is not null or a.id is not null
union all
select 'not_found', null, null, null, null, null, null, null, null
where not exists (select from allowed)
order by family_kana, given_kana, student_id, account_id;

-- What is already so stays so: the same change once more is none.
-- name: group_members_change
-- write
-- takes: id bigint, add bigint[], remove bigint[]
with target as materialized (
    select g.* from groups g where g.id = :id and g.ended_at is null and may_keep_group(:actor, g.school_id, g.made_by) for update
), asked as materialized (
    select distinct m.id from unnest(:add) m (id)
), found as materialized (
    select a.id from target t join asked a on may_belong(t.school_id, t.holds, a.id)
), judged as materialized (
    select t.*, case when (select count(*) from found) < (select count(*) from asked) then 'not_found' end as outcome from target t
), left_group as (
    delete from group_members m
    using judged j
    where m.group_id = j.id and j.outcome is null and coalesce(m.student_id, m.account_id) = any (:remove)
      and coalesce(m.student_id, m.account_id) not in (select id from asked)
    returning 1
), joined as (
    insert into group_members (group_id, school_id, student_id, account_id, added_by)
    select j.id, j.school_id, case when j.holds = 'students' then f.id end, case when j.holds = 'guardians' then f.id end, :actor
    from judged j
    cross join found f
    where j.outcome is null
    on conflict do nothing
    returning 1
), counted as materialized (
    select (select count(*)::int from joined) as added, (select count(*)::int from left_group) as removed
), written as (
    update groups g
    set changed_by = :actor, changed_at = now(), version = g.version + 1
    from judged j, counted n
    where g.id = j.id and j.outcome is null and n.added + n.removed > 0
    returning g.id, g.school_id, g.version
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'group_members_changed', 'group', w.id, w.school_id, jsonb_build_object('added', n.added, 'removed', n.removed)
    from written w
    cross join counted n
)
select j.outcome, j.id, coalesce(w.version, j.version) as version, n.added, n.removed
from judged j
cross join counted n
left join written w on true;

-- Whom it reaches: in all, without a part, and by each part. A part that the actor may not write to is nobody's.
-- name: audience_reach
-- takes: audience text[]
with allowed as materialized (
    select a.part, coalesce(a.allowed, false) as allowed from may_address(:actor, :audience) a
), judged as materialized (
    select case when (select count(*) from allowed) < (select count(distinct p) from unnest(:audience) p) then 'validation'
                when exists (select from allowed where not allowed) then 'not_found' end as outcome
), people as materialized (
    select p.* from audience_people(:audience) p where (select outcome is null from judged)
)
select j.outcome, null::text as part, r.children, r.guardians, r.unreached
from judged j
cross join lateral (
    select count(distinct p.student_id)::int as children, count(distinct p.account_id)::int as guardians,
           (count(distinct p.student_id) filter (where p.account_id is null))::int as unreached
    from people p) r
union all
select null, p.part, count(distinct p.student_id)::int, count(distinct p.account_id)::int,
       (count(distinct p.student_id) filter (where p.account_id is null))::int
from people p
group by p.part
order by part nulls first;
