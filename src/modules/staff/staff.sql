-- Who works where. What looks over the fence (a code's holder works nowhere yet) is in schema/functions/60_staff.sql.

-- name: staff_of_school
-- write
-- takes: school_id bigint
with allowed as materialized (
    select s.id from schools s where s.id = :school_id and may_appoint(:actor, s.id, 'teacher')
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'staff_read', 'school', a.id, a.id from allowed a where is_city(:actor)
)
select null as outcome, m.*, m.account_id = :actor as is_self from allowed a join staff_members m on m.school_id = a.id
union all
select 'not_found', m.*, null from (select) one left join staff_members m on false where not exists (select from allowed)
order by sort, family_kana, given_kana, role_id;

-- name: staff_of_city
-- write
with recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select :actor, 'staff_read', 'city', 1 where is_city(:actor)
)
select m.*, m.account_id = :actor as is_self from staff_members m where m.school_id is null and is_city(:actor)
order by m.sort, m.family_kana, m.given_kana, m.role_id;

-- The invitations that are read with the list are one visit, and one row of the audit.
-- name: staff_invitations_of_school
-- write
-- takes: school_id bigint
with allowed as materialized (
    select s.id from schools s where s.id = :school_id and may_appoint(:actor, s.id, 'teacher')
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'staff_read', 'school', a.id, a.id from allowed a where is_city(:actor) and not staff_was_read(:actor, 'school', a.id)
)
select null as outcome, i.* from allowed a join staff_invited i on i.school_id = a.id
union all
select 'not_found', i.* from (select) one left join staff_invited i on false where not exists (select from allowed)
order by made_at desc, id desc;

-- name: staff_invitations_of_city
-- write
with recorded as (
    insert into audit (account_id, action, object_kind, object_id)
    select :actor, 'staff_read', 'city', 1 where is_city(:actor) and not staff_was_read(:actor, 'city', 1)
)
select i.* from staff_invited i where i.school_id is null and is_city(:actor) order by i.made_at desc, i.id desc;

-- name: staff_invitation_make
-- write
-- takes: school_id bigint, class_id bigint, role text, family_name text, given_name text, family_kana text, given_kana text, email text
select i.outcome, i.id, i.code, i.expires_at
from staff_invite(:actor, :school_id, :class_id, :role, array[:family_name, :given_name, :family_kana, :given_kana], :email,
                  :idempotency_key, :fingerprint) i;

-- Taking back what is over already changes nothing.
-- name: staff_invitation_revoke
-- write
-- takes: invitation_id bigint
with target as materialized (
    select i.id, i.school_id, i.role
    from staff_invitations i
    where i.id = :invitation_id and may_appoint(:actor, i.school_id, i.role)
), revoked as (
    update staff_invitations i
    set revoked_at = now()
    from target t
    where i.id = t.id and i.used_at is null and i.revoked_at is null
    returning i.id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'staff_invitation_revoked', 'staff_invitation', t.id, t.school_id, jsonb_build_object('role', t.role)
    from target t
    join revoked r on r.id = t.id
)
select null as outcome, t.id from target t
union all
select 'not_found', null
where not exists (select from target);

-- name: staff_invitation_look_up
-- public write
-- takes: code text, network bytea
select l.* from staff_invitation_look(:code, :network) l;

-- name: staff_join_by_code
-- public write
-- takes: code text, hash text, network bytea
select j.* from staff_join(:code, :network, :hash) j;

-- name: staff_invitation_accept
-- write
-- takes: code text, network bytea
select a.* from staff_accept(:actor, :code, :network) a;

-- Who works there already needs no invitation.
-- name: staff_role_give
-- write
-- takes: account_id bigint, school_id bigint, role text, class_id bigint
with asked as materialized (
    select m.account_id, :school_id as school_id,
           (:school_id is null) <> (:role in ('board', 'operator')) or (:role = 'homeroom' and :class_id is null)
           or (:class_id is not null and :role not in ('homeroom', 'teacher'))
           or (:class_id is not null and not exists (select from classes c where c.id = :class_id and c.school_id = :school_id
                                                     and c.school_year = school_year())) as unfit
    from staff_members m
    where m.account_id = :account_id and m.school_id is not distinct from :school_id
      and may_appoint(:actor, :school_id, :role)
    limit 1
), given as (
    insert into staff_roles (account_id, school_id, class_id, role, made_by)
    select a.account_id, :school_id, :class_id, :role, :actor
    from asked a
    where not a.unfit
    on conflict do nothing
    returning id, school_id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'role_given', 'account', :account_id, g.school_id, jsonb_build_object('role', :role)
    from given g
)
select case when a.unfit then 'role_unfit' when g.id is null then 'has_role' end as outcome, g.id as role_id
from asked a
left join given g on true
union all
select 'not_found', null
where not exists (select from asked);

-- name: staff_role_end
-- write
-- takes: role_id bigint
select e.outcome, e.id from staff_role_take(:actor, :role_id) e;
