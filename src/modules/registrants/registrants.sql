-- Who is registered for which child, as the school sees it.

-- name: registrant_classes
-- write
-- takes: school_id bigint
with mine as materialized (
    select c.id, c.grade, c.name, c.sort, c.school_id
    from classes c
    where c.school_id = :school_id and c.school_year = school_year() and may_see_registrants(:actor, c.id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'registrants_counted', 'school', m.school_id, m.school_id from mine m where is_city(:actor) limit 1
), children as (
    select s.class_id, guardians_of(s.id) > 0 as registered,
           exists (select from invitations i where i.student_id = s.id and i.kind = 'link' and i.used_at is null and i.revoked_at is null
                   and i.expires_at > now()) as has_letter,
           exists (select from guardianships g join accounts a on a.id = g.account_id
                   where g.student_id = s.id and g.rights <> 'blocked' and (g.valid_to is null or g.valid_to >= today())
                     and mail_state(a.email) = 'problem') as mail_problem
    from students s
    join mine m on m.id = s.class_id
    where s.left_on is null or s.left_on > today()
)
select null as outcome, m.id as class_id, m.grade, m.name as class_name, m.sort, count(c.class_id)::int as children,
       count(*) filter (where c.registered)::int as registered,
       count(*) filter (where not c.registered and c.has_letter)::int as open_letters,
       count(*) filter (where not c.registered and not c.has_letter)::int as no_letter,
       count(*) filter (where c.mail_problem)::int as mail_problems
from mine m
left join children c on c.class_id = m.id
group by m.id, m.grade, m.name, m.sort
union all
select 'not_found', null, null, null, null, null, null, null, null, null
where not exists (select from mine)
order by sort;

-- name: registrants_search
-- write
-- takes: school_id bigint, q text, class_id bigint, state text
with mine as materialized (
    select c.id, c.grade, c.name, c.sort, c.school_id, kana_hiragana(regexp_replace(:q, '[[:space:]　]', '', 'g')) as q
    from classes c
    where c.school_id = :school_id and (:class_id is null or c.id = :class_id) and may_see_registrants(:actor, c.id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'registrants_read', case when :class_id is null then 'school' else 'class' end, coalesce(:class_id, m.school_id), m.school_id
    from mine m where is_city(:actor) limit 1
), found as (
    select s.id, s.class_id, m.grade, m.name as class_name, m.sort, s.number, s.family_name, s.given_name, s.family_kana, s.given_kana,
           case when letter.id is null then 'none' when letter.used_at is not null then 'used'
                when letter.revoked_at is not null then 'revoked' when letter.expires_at <= now() then 'expired' else 'open' end as letter,
           letter.expires_at as letter_expires_at, coalesce(people.guardians, '[]') as guardians
    from mine m
    join students s on s.class_id = m.id and (s.left_on is null or s.left_on > today())
    left join lateral (select i.* from invitations i where i.student_id = s.id and i.kind = 'link' order by i.id desc limit 1) letter on true
    left join lateral (
        select jsonb_agg(jsonb_build_object(
                   'account_id', g.account_id, 'family_name', a.family_name, 'given_name', a.given_name, 'relation', g.relation,
                   'rights', g.rights, 'last_signed_in_at', a.last_signed_in_at, 'mail', mail_state(a.email),
                   'unreached', unreached_why(a.id, a.email))
                   order by g.made_at, g.account_id) as guardians
        from guardianships g
        join accounts a on a.id = g.account_id and a.closed_at is null
        where g.student_id = s.id and (g.valid_to is null or g.valid_to >= today())) people on true
    where student_begins(s, m.q) and (:state is null or registration_is(s.id, :state))
)
select null as outcome, f.id as student_id, f.class_id, f.grade, f.class_name, f.sort, f.number, f.family_name, f.given_name,
       f.family_kana, f.given_kana, f.letter, f.letter_expires_at, f.guardians
from (select * from found f order by f.sort, f.number, f.id limit 1000) f
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from mine)
order by sort, number, student_id;

-- name: guardians_of_student
-- write
-- takes: student_id bigint
with child as materialized (
    select s.id, s.school_id from students s where s.id = :student_id and may_see_registrants(:actor, s.class_id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'guardians_read', 'student', c.id, c.school_id from child c where is_city(:actor)
)
select null as outcome, g.account_id, g.version, a.names_version, a.login_id, a.family_name, a.given_name, a.family_kana, a.given_kana, g.relation, g.rights,
       g.valid_from, g.valid_to, g.via, g.made_at, email_masked(a.email) as email_masked, mail_state(a.email) as mail, unreached_why(a.id, a.email) as unreached, a.last_signed_in_at,
       (select count(*)::int from sessions x where x.account_id = a.id and x.ended_at is null and x.expires_at > now()) as devices,
       is_staff(a.id) as is_staff
from child c
join guardianships g on g.student_id = c.id
join accounts a on a.id = g.account_id
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from child)
order by made_at, account_id;

-- name: guardian_change
-- write
-- takes: student_id bigint, account_id bigint, version int, relation text, rights text, valid_from date, valid_to date
select g.outcome, g.new_version as version, g.at
from guardianship_change(:actor, :student_id, :account_id, :version, :relation, :rights, :valid_from, :valid_to) g;

-- name: guardian_names_change
-- write
-- takes: student_id bigint, account_id bigint, version int, family_name text, given_name text, family_kana text, given_kana text
select r.outcome, r.new_version as version, r.at
from guardian_rename(:actor, :student_id, :account_id, :version, :family_name, :given_name, :family_kana, :given_kana) r;

-- name: guardian_remove
-- write
-- takes: student_id bigint, account_id bigint, version int
with removed as materialized (
    select g.outcome, g.id from guardianship_remove(:actor, :student_id, :account_id, :version) g
)
select r.outcome, r.id from removed r
union all
select 'not_found', null
where not exists (select from removed);

-- Links and, for as long as there was one, names: what a guardian was called before the link or after it is not this school's business.
-- name: guardian_versions
-- write
-- takes: student_id bigint
with child as materialized (
    select s.id, s.school_id from students s where s.id = :student_id and may_keep_registrants(:actor, s.school_id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'guardians_read', 'student', c.id, c.school_id from child c where is_city(:actor)
), versions as (
    select v.account_id, v.version, v.action, v.made_at, v.made_by, v.school_id, a.family_name, a.given_name, a.family_kana, a.given_kana,
           null::jsonb as former, v.relation, v.rights, v.valid_from, v.valid_to, v.id as sort
    from child c
    join guardianship_versions v on v.student_id = c.id
    join accounts a on a.id = v.account_id
    union all
    select n.account_id, n.version, 'renamed', n.replaced_at, n.replaced_by, c.school_id,
           coalesce(following.family_name, a.family_name), coalesce(following.given_name, a.given_name),
           coalesce(following.family_kana, a.family_kana), coalesce(following.given_kana, a.given_kana),
           jsonb_build_object('family_name', n.family_name, 'given_name', n.given_name, 'family_kana', n.family_kana, 'given_kana', n.given_kana),
           null, null, null, null, null
    from child c
    join guardianships g on g.student_id = c.id
    join account_names n on n.account_id = g.account_id and n.replaced_at >= g.made_at
    join accounts a on a.id = n.account_id
    left join account_names following on following.account_id = n.account_id and following.version = n.version + 1
)
select null as outcome, v.account_id, v.family_name, v.given_name, v.family_kana, v.given_kana, v.former, v.version, v.action, v.made_at,
       case when v.made_by is null and v.former is null then 'roster' when v.made_by is null or v.made_by = v.account_id then 'guardian'
            when exists (select from staff_roles r where r.account_id = v.made_by and r.school_id = v.school_id) then 'school'
            else 'board' end as made_by,
       v.relation, v.rights, v.valid_from, v.valid_to, v.sort
from versions v
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from child)
order by made_at, sort;

-- name: guardian_reset
-- write
-- takes: student_id bigint, account_id bigint
select r.outcome, r.code, r.login_id, r.family_name, r.given_name, r.expires_at
from reset_code_make(:actor, :student_id, :account_id) r;

-- name: guardian_forget_email
-- write
-- takes: student_id bigint, account_id bigint
with forgotten as materialized (
    select f.outcome, f.id from email_forget(:actor, :student_id, :account_id) f
)
select f.outcome, f.id from forgotten f
union all
select 'not_found', null
where not exists (select from forgotten);

-- To take along what the search finds: a row for each child and guardian, a child without one has a row of its own. Always in the audit.
-- name: registrants_list
-- write
-- takes: school_id bigint, q text, class_id bigint, state text
with mine as materialized (
    select c.id, c.grade, c.name, c.sort, c.school_id, kana_hiragana(regexp_replace(:q, '[[:space:]　]', '', 'g')) as q
    from classes c
    where c.school_id = :school_id and (:class_id is null or c.id = :class_id) and may_see_registrants(:actor, c.id)
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'registrants_listed', case when :class_id is null then 'school' else 'class' end, coalesce(:class_id, m.school_id), m.school_id
    from mine m limit 1
)
select null as outcome, m.grade, m.name as class_name, s.number, s.family_name || ' ' || s.given_name as student_name,
       s.family_kana || ' ' || s.given_kana as student_kana,
       case when guardians_of(s.id) = 0 then 'missing' else 'registered' end as state,
       p.family_name || ' ' || p.given_name as guardian_name, p.relation, p.rights,
       to_char(p.last_signed_in_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD') as last_signed_in, mail_state(p.email) as mail,
       case when p.account_id is not null then unreached_why(p.account_id, p.email) end as unreached, m.sort, s.id as student_id
from mine m
join students s on s.class_id = m.id and (s.left_on is null or s.left_on > today()) and student_begins(s, m.q) and (:state is null or registration_is(s.id, :state))
left join lateral (select g.account_id, g.relation, g.rights, g.made_at, a.family_name, a.given_name, a.email, a.last_signed_in_at
                   from guardianships g
                   join accounts a on a.id = g.account_id and a.closed_at is null
                   where g.student_id = s.id and (g.valid_to is null or g.valid_to >= today())) p on true
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from mine)
order by sort, number, student_id;
