-- Codes: what one is for, who makes them, the school's letters. The rules that look over the fence are functions
-- (schema/functions/55_codes.sql ff.), because who holds a code belongs to no school yet.

-- name: invitation_look_up
-- public write
-- takes: code text, network bytea
select l.outcome, l.retry_after, l.kind, l.expires_at, l.school_name, l.school_phone, l.grade, l.class_name, l.family_name,
       l.given_name, l.guardians, l.guardians_max, l.room
from invitation_look(:code, :network) l;

-- name: invitations_of_child
-- takes: student_id bigint
select null as outcome, i.id, code_print(i.code) as code, i.made_at, i.expires_at
from invitations i
where i.student_id = :student_id and i.kind = 'guardian' and i.made_by = :actor and i.used_at is null and i.revoked_at is null
  and i.expires_at > now() and guardian_of(:actor, :student_id)
union all
select 'not_found', null, null, null, null
where not guardian_of(:actor, :student_id)
   or not exists (select from students s where s.id = :student_id and (s.left_on is null or s.left_on > today()))
order by made_at;

-- name: invitation_make
-- write
-- takes: student_id bigint, email text
select i.outcome, i.retry_after, i.guardians_max, i.id, i.code, i.expires_at
from guardian_invite(:actor, :student_id, :email, :idempotency_key, :fingerprint) i;

-- Who made it may, and who keeps the school's letters. What is over already stays as it is.
-- name: invitation_revoke
-- write
-- takes: invitation_id bigint
with target as materialized (
    select i.id, i.school_id, i.student_id, i.kind
    from invitations i
    where i.id = :invitation_id
      and ((i.made_by = :actor and i.kind = 'guardian' and guardian_of(:actor, i.student_id)) or may_keep_registrants(:actor, i.school_id))
), revoked as (
    update invitations i
    set revoked_at = now()
    from target t
    where i.id = t.id and i.used_at is null and i.revoked_at is null
    returning i.id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'invitation_revoked', 'student', t.student_id, t.school_id, jsonb_build_object('kind', t.kind)
    from target t
    join revoked r on r.id = t.id
)
select null as outcome, t.id from target t
union all
select 'not_found', null
where not exists (select from target);

-- ---- letters ----

-- name: letters_make
-- write
-- takes: school_id bigint, class_id bigint, student_id bigint, letter int, who text, again bool, days int
select l.outcome, l.issued, l.revoked, l.open
from letters_issue(:actor, :school_id, :class_id, :student_id, :letter, :who = 'all', :again, :days, :idempotency_key, :fingerprint) l;

-- name: letters_list
-- write
-- takes: school_id bigint, class_id bigint, student_id bigint, letter int
with allowed as materialized (
    select sc.id, sc.name, sc.phone from schools sc
    where sc.id = :school_id and may_keep_registrants(:actor, :school_id)
      and exists (select from classes c where c.school_id = sc.id) -- behind the fence
), found as materialized (
    select i.id, code_print(i.code) as code, i.letter, s.id as student_id, a.id as school_id, a.name as school_name, a.phone as school_phone,
           c.id as class_id, c.grade, c.name as class_name, c.sort, s.number, s.family_name, s.given_name, s.family_kana, s.given_kana,
           guardians_of(s.id) as guardians, i.made_at, i.expires_at
    from allowed a
    join invitations i on i.school_id = a.id and i.kind = 'link' and i.used_at is null and i.revoked_at is null and i.expires_at > now()
    join students s on s.id = i.student_id and (s.left_on is null or s.left_on > today())
    join classes c on c.id = s.class_id
    where (:class_id is null or s.class_id = :class_id) and (:student_id is null or s.id = :student_id)
      and (:letter is null or i.letter = :letter)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'letters_read', case when :student_id is not null then 'student' when :class_id is not null then 'class' else 'school' end,
           coalesce(:student_id, :class_id, a.id), a.id, jsonb_build_object('letters', (select count(*) from found))
    from allowed a
)
select null as outcome, f.id, f.code, f.letter, f.student_id, f.school_id, f.school_name, f.school_phone, f.class_id, f.grade, f.class_name,
       f.number, f.family_name, f.given_name, f.family_kana, f.given_kana, f.guardians, f.made_at, f.expires_at, f.sort
from found f
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from allowed)
order by sort, number, student_id, letter;

-- name: letters_revoke
-- write
-- takes: school_id bigint, class_id bigint, student_id bigint, letter int
with allowed as materialized (
    select sc.id from schools sc
    where sc.id = :school_id and may_keep_registrants(:actor, :school_id)
      and exists (select from classes c where c.school_id = sc.id) -- behind the fence
), revoked as (
    update invitations i
    set revoked_at = now()
    from allowed a, students s
    where i.school_id = a.id and i.kind = 'link' and i.used_at is null and i.revoked_at is null and s.id = i.student_id
      and (:class_id is null or s.class_id = :class_id) and (:student_id is null or s.id = :student_id)
      and (:letter is null or i.letter = :letter)
    returning i.id
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'letters_revoked', case when :student_id is not null then 'student' when :class_id is not null then 'class' else 'school' end,
           coalesce(:student_id, :class_id, a.id), a.id, jsonb_build_object('letters', (select count(*) from revoked))
    from allowed a
)
select (select count(*) from revoked)::int as revoked from allowed;
