-- Reading the audit, and whether it is whole.

create or replace function may_read_audit(account bigint, school bigint) returns boolean
    language sql stable as
$$
    select exists (select from roles_of($1) r
                   where r.role = 'board' or (r.role = 'administrator' and r.school_id = $2))
$$;
comment on function may_read_audit is 'A school''s administrator reads its rows, the board all, also those of no school (null).';

-- Planned for the filters that are given, each time: one plan for all of them would walk through a million rows.
-- The reader's own row-level security holds.
create or replace function audit_page(school bigint, day_from date, day_to date, by_account bigint, what text, kind text,
                                      object bigint, student bigint, person bigint, before bigint, most int)
    returns setof audit
    language plpgsql stable
    set plan_cache_mode = force_custom_plan as
$$
declare
    older constant audit := (select a from audit a where a.id = before);
begin
    if before is not null and older.id is null then
        return;
    end if;
    return query
    select a.*
    from audit a
    where (school is null or a.school_id = school::int)
      and (day_from is null or a.at >= day_from::timestamp at time zone 'Asia/Tokyo')
      and (day_to is null or a.at < (day_to + 1)::timestamp at time zone 'Asia/Tokyo')
      and (by_account is null or a.account_id = by_account)
      and (what is null or a.action = what)
      and (kind is null or a.object_kind = kind)
      and (object is null or a.object_id = object)
      and (student is null or a.student_id = student)
      and (person is null or a.person_id = person)
      and (older.id is null or (a.at, a.id) < (older.at, older.id))
    order by a.at desc, a.id desc
    limit most;
end
$$;
comment on function audit_page is 'A page of the audit, the newest first. Null: not asked for.';

-- Whose doings the rows are. Roles of all times: who was staff then may have left since.
create or replace function actors_of(accounts bigint[])
    returns table (account_id bigint, name text, kind text)
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
begin
    return query
    select a.id, btrim(a.family_name || ' ' || a.given_name),
           case when a.erased_at is not null then 'gone'
                when bool_or(r.role = 'board' and r.ended_at is null) then 'board'
                when bool_or(r.role = 'operator' and r.ended_at is null) then 'operator'
                -- Who was staff acted as staff then, and is no guardian for having left.
                when count(r.role) > 0 then 'staff'
                else 'guardian' end
    from public.accounts a
    left join public.staff_roles r on r.account_id = a.id
    where a.id = any (accounts)
    group by a.id;
    perform look_over_fence(before);
end
$$;
comment on function actors_of is 'Name and kind of the accounts that the audit names, for who may read it.';
revoke execute on function actors_of from public;

-- Everything that happened to a child's data, and who read it: rows about the child, about its class or school where a list
-- with the child in it was read, and the versions of its reports. A page ends with all rows of its last moment.
create or replace function audit_of_student(student bigint, day_from date, day_to date, before bigint, most int)
    returns table (at timestamptz, id bigint, source text, scope text, action text, object_kind text, object_id bigint,
                   account_id bigint, detail jsonb)
    language sql stable
    set plan_cache_mode = force_custom_plan as
$$
    with child as materialized (
        select s.id, s.school_id, array[s.class_id, s.exchange_class_id]::bigint[] as classes
        from students s
        where s.id = $1
    ), bounds as materialized (
        select coalesce($2::timestamp at time zone 'Asia/Tokyo', '-infinity') as since,
               least(coalesce(($3 + 1)::timestamp at time zone 'Asia/Tokyo', 'infinity'),
                     -- The moment itself is compared exactly below; this only keeps the indexes from reading what is newer.
                     coalesce(to_timestamp($4 / 1000000.0) + interval '1 second', 'infinity')) as until
    ), rows as (
        (select a.at, a.id, 'audit' as source, 'student' as scope, a.action, a.object_kind, a.object_id, a.account_id, a.detail
         from audit a, bounds b
         where a.student_id = $1 and a.at >= b.since and a.at < b.until
           and ($4 is null or (extract(epoch from a.at) * 1000000)::bigint < $4)
         order by a.at desc
         fetch first $5 rows with ties)
        union all
        (select a.at, a.id, 'audit', 'class', a.action, a.object_kind, a.object_id, a.account_id, a.detail
         from child c, audit a, bounds b
         where a.object_kind = 'class' and a.object_id = any (c.classes) and a.at >= b.since and a.at < b.until
           and a.student_id is null
           and ($4 is null or (extract(epoch from a.at) * 1000000)::bigint < $4)
         order by a.at desc
         fetch first $5 rows with ties)
        union all
        (select a.at, a.id, 'audit', 'school', a.action, a.object_kind, a.object_id, a.account_id, a.detail
         from child c, audit a, bounds b
         where a.object_kind = 'school' and a.object_id = c.school_id and a.at >= b.since and a.at < b.until
           and (a.action like '%\_read' or a.action like '%\_exported') and a.action <> 'audit_read'
           and a.student_id is null
           and ($4 is null or (extract(epoch from a.at) * 1000000)::bigint < $4)
         order by a.at desc
         fetch first $5 rows with ties)
        union all
        (select v.made_at, v.absence_id, 'absence', 'student', 'absence_' || v.action, 'absence', v.absence_id, v.made_by,
                jsonb_build_object('version', v.version, 'via', v.made_via)
         from absences e
         join absence_versions v on v.absence_id = e.id
         cross join bounds b
         where e.student_id = $1 and v.made_at >= b.since and v.made_at < b.until
           and ($4 is null or (extract(epoch from v.made_at) * 1000000)::bigint < $4)
         order by v.made_at desc
         fetch first $5 rows with ties)
    )
    select r.* from rows r
    order by r.at desc, r.id desc
    fetch first $5 rows with ties
$$;
comment on function audit_of_student is 'What happened to a child''s data, the newest first; before: microseconds since 1970.';

-- In the order of the chain, a row at a time: its memory does not grow with the log.
create or replace function audit_verify() returns bigint
    language plpgsql stable as
$$
declare
    link   record;
    nth    bigint := 0;
    before bytea := '';
begin
    for link in select c.seq, c.prev_hash, c.hash, a.id, audit_text(a) as row
                from audit_chain c
                left join audit a on a.id = c.audit_id
                order by c.seq
    loop
        nth := nth + 1;
        if link.seq <> nth or link.id is null or link.prev_hash <> before
           or link.hash <> sha256(link.prev_hash || convert_to(link.row, 'UTF8')) then
            return nth;
        end if;
        before := link.hash;
    end loop;
    if exists (select from audit a where not exists (select from audit_chain c where c.audit_id = a.id)) then
        return 0;
    end if;
    return null;
end
$$;
