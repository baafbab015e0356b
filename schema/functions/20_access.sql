-- What an account may reach, for the engine: asked before the fence's schools are known, so these two look over it.
-- They run as the tables' owner, who is fenced too, so each puts the whole city in view for its own one query and takes
-- it back. (A "set" clause would do this, but only a superuser may write one for a setting of our own. An error needs
-- no care: what is set in a transaction that fails is gone with it.)

create or replace function look_over_fence(schools text) returns text
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := coalesce(current_setting('todoke.schools', true), '');
begin
    perform set_config('todoke.schools', schools, true);
    return before;
end
$$;
comment on function look_over_fence is 'Sets the schools in view; gives those before, to be set again.';

create or replace function access_of(accounts bigint[])
    returns table (account_id bigint, role_bits int, schools text)
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
begin
    -- Role bits: 1 guardian, 2 teacher, 4 office, 8 board, 16 operator; session_bits adds the others (enum role in
    -- engine/module.h).
    return query
    with held as (
        select g.account_id as id, 1 as bit, g.school_id as school
        from guardianships g
        where g.account_id = any (accounts) and g.may_read
          and g.valid_from <= today() and (g.valid_to is null or g.valid_to >= today())
        union all
        select r.account_id,
               case when r.role in ('homeroom', 'teacher') then 2 when r.role = 'board' then 8
                    when r.role = 'operator' then 16 else 4 end,
               r.school_id
        from staff_roles r
        where r.account_id = any (accounts) and r.ended_at is null
          and r.valid_from <= today() and (r.valid_to is null or r.valid_to >= today())
    )
    select h.id, bit_or(h.bit),
           case when bit_or(h.bit) & 8 <> 0 then '*' else coalesce(string_agg(distinct h.school::text, ','), '') end
    from held h
    group by h.id;
    perform look_over_fence(before);
end
$$;
comment on function access_of is 'Role bits and the fence''s schools of accounts. Accounts without any are left out.';

-- What a session may do: 32 everything that its account may; 64 nothing but show the second factor that is still due.
create or replace function session_bits(role_bits int, factors smallint, second_factor boolean) returns int
    language sql immutable as
$$
    select case when factors < 2 and (second_factor or coalesce(role_bits, 0) & 30 <> 0) then 64
                else coalesce(role_bits, 0) | 32 end
$$;
comment on function session_bits is 'The bits of enum role for a session, from its account''s role bits and the factors shown.';

create or replace function session_roles(account bigint) returns jsonb
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
    found jsonb;
begin
    select coalesce(jsonb_agg(jsonb_build_object(
               'role', r.role, 'school_id', r.school_id, 'school_name', s.name,
               'class_id', r.class_id, 'class_name', c.name, 'grade', c.grade) order by s.sort, c.sort, r.role), '[]')
    into found
    from staff_roles r
    left join schools s on s.id = r.school_id
    left join classes c on c.id = r.class_id
    where r.account_id = account and r.ended_at is null
      and r.valid_from <= today() and (r.valid_to is null or r.valid_to >= today());
    perform look_over_fence(before);
    return found;
end
$$;
comment on function session_roles is 'The staff roles of an account, as the API shows them.';

-- Under the fence nothing of a person can be seen at sign-in; these are the engine's, nobody else's.
revoke execute on function access_of from public;
revoke execute on function look_over_fence from public;
revoke execute on function session_roles from public;
