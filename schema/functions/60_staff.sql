-- Staff: who appoints whom, invitations, and what a code or an address of a provider makes of them.

create or replace function may_appoint(account bigint, school bigint, role text) returns boolean
    language sql stable as
$$
    select exists (select from roles_of($1) r
                   where r.role = 'board'
                      or (r.role = 'administrator' and r.school_id = $2 and $3 not in ('board', 'operator')))
$$;
comment on function may_appoint is
    'Whether an account gives and takes this role at this school (null: the city): its administrator, or the board.';

create or replace function staff_was_read(account bigint, kind text, id bigint) returns boolean
    language sql stable as
$$
    select exists (select from audit a
                   where a.account_id = $1 and a.at > now() - interval '1 minute' and a.action = 'staff_read'
                     and a.object_kind = $2 and a.object_id = $3)
$$;
comment on function staff_was_read is 'Whether the audit says already that this person is looking at these staff.';

-- What the lists show. Their reader's own row-level security holds.
create or replace view staff_members with (security_invoker = true) as
select r.id as role_id, a.id as account_id, a.family_name, a.given_name, a.family_kana, a.given_kana, r.role, r.school_id,
       r.class_id, c.grade, c.name as class_name, r.valid_from, r.valid_to, a.last_signed_in_at,
       exists (select from totp t where t.account_id = a.id and t.sealed is not null)
       or exists (select from passkeys p where p.account_id = a.id) as second_factor,
       array_position('{administrator,office,nurse,homeroom,teacher,board,operator}'::text[], r.role) as sort
from staff_roles r
join accounts a on a.id = r.account_id and a.closed_at is null
left join classes c on c.id = r.class_id
where r.ended_at is null and (r.valid_to is null or r.valid_to >= today());
comment on view staff_members is 'Everyone''s roles that count today or will.';

create or replace view staff_invited with (security_invoker = true) as
select i.id, i.school_id, i.role, i.class_id, c.grade, c.name as class_name, i.family_name, i.given_name,
       regexp_replace(i.email, '^(.).*(@.*)$', '\1…\2') as email_masked, i.made_at, i.expires_at
from staff_invitations i
left join classes c on c.id = i.class_id
where i.used_at is null and i.revoked_at is null and i.expires_at > now();

-- One at a time for each school, so that two administrators can't take each other away at once.
create or replace function staff_role_take(actor bigint, role_id bigint, out outcome text, out id bigint)
    language plpgsql volatile as
$$
declare
    held staff_roles;
begin
    select r.* into held from staff_roles r
    where r.id = role_id and r.ended_at is null and may_appoint(actor, r.school_id, r.role);
    if held.id is null then
        outcome := 'not_found';
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('roles of ' || coalesce(held.school_id, 0), 0));
    if (held.role = 'board' or (held.role = 'administrator' and not is_city(actor)))
       and not exists (select from staff_members m where m.role = held.role and m.role_id <> held.id
                       and m.school_id is not distinct from held.school_id) then
        outcome := 'last_administrator';
        return;
    end if;
    update staff_roles r set ended_at = now(), ended_by = actor where r.id = held.id and r.ended_at is null;
    if found then
        insert into audit (account_id, action, object_kind, object_id, school_id, detail)
        values (actor, 'role_ended', 'account', held.account_id, held.school_id, jsonb_build_object('role', held.role));
    end if;
    id := held.id;
end
$$;

create or replace function staff_invite(actor bigint, school bigint, class bigint, appointed text, names text[], address text,
                                        key uuid, fingerprint bytea)
    returns table (outcome text, id bigint, code text, expires_at timestamptz)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    mail constant text := nullif(login_normal(address), '');
    known idempotency;
    made staff_invitations;
    fresh constant text := code_new();
begin
    select * into known from idempotency i where i.account_id = actor and i.key = staff_invite.key;
    if found then
        return query
        select case when known.fingerprint <> staff_invite.fingerprint then 'key_reused' end, (known.answer ->> 'id')::bigint,
               known.answer ->> 'code', (known.answer ->> 'expires_at')::timestamptz;
        return;
    end if;
    outcome := case when not may_appoint(actor, school, appointed)
                      or (school is not null and not exists (select from schools s where s.id = school
                                                             and (todoke_whole_city() or s.id = any (todoke_schools()))))
                      or (class is not null and not exists (select from classes c where c.id = class and c.school_id = school
                                                            and c.school_year = school_year())) then 'not_found'
                    when (school is null) <> (appointed in ('board', 'operator'))
                      or (appointed = 'homeroom' and class is null)
                      or (class is not null and appointed not in ('homeroom', 'teacher')) then 'role_unfit'
                    when mail is not null and not email_is_valid(mail) then 'email_invalid' end;
    if outcome is not null then
        return next;
        return;
    end if;
    insert into staff_invitations as s (school_id, class_id, role, family_name, given_name, family_kana, given_kana, email,
                                        code_sha256, made_by, expires_at)
    values (school, class, appointed, btrim(names[1]), btrim(names[2]), kana_hiragana(names[3]), kana_hiragana(names[4]), mail,
            code_hash(fresh), actor, now() + interval '14 days')
    returning * into made;
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    values (actor, 'staff_invited', 'staff_invitation', made.id, made.school_id, jsonb_build_object('role', appointed));
    if mail is not null then
        perform mail_say(mail, 'staff_invited', jsonb_build_object('code', code_print(fresh),
                         'school', coalesce((select s.name from schools s where s.id = school), (select c.name from city c))),
                         null, interval '14 days');
    end if;
    insert into idempotency (account_id, key, fingerprint, answer)
    values (actor, staff_invite.key, staff_invite.fingerprint,
            jsonb_build_object('id', made.id, 'code', code_print(fresh), 'expires_at', made.expires_at));
    return query select null::text, made.id, code_print(fresh), made.expires_at;
end
$$;

-- Looks over the fence: who holds a code works nowhere yet. Wrong ones count with those of the guardians.
create or replace function staff_invitation_find(typed text, guesser bytea, out outcome text, out retry_after int,
                                                 out invitation staff_invitations)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    code constant text := code_read(typed);
    before constant text := look_over_fence('*');
begin
    retry_after := nullif(limit_wait('codes', guesser, 300, '15 minutes'), 0);
    if code is null then
        outcome := 'code_mistyped';
        retry_after := null;
    elsif retry_after is not null then
        outcome := 'too_many_codes';
    else
        select i.* into invitation
        from staff_invitations i
        where i.code_sha256 = code_hash(code) and i.used_at is null and i.revoked_at is null and i.expires_at > now()
        for update;
        if not found then
            retry_after := nullif(limit_hit('codes', guesser, 30, '15 minutes'), 0);
            outcome := case when retry_after is null then 'code_unknown' else 'too_many_codes' end;
        end if;
    end if;
    perform look_over_fence(before);
end
$$;

create or replace function staff_invitation_look(typed text, guesser bytea)
    returns table (outcome text, retry_after int, school_name text, role text, grade smallint, class_name text,
                   family_name text, given_name text, has_account boolean, expires_at timestamptz)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    it record;
    before text;
begin
    select * into it from staff_invitation_find(typed, guesser);
    before := look_over_fence('*');
    return query
    select it.outcome, it.retry_after, s.name, (it.invitation).role, c.grade, c.name, (it.invitation).family_name,
           (it.invitation).given_name,
           exists (select from accounts a where a.email = (it.invitation).email and a.closed_at is null),
           (it.invitation).expires_at
    from (select) one
    left join schools s on s.id = (it.invitation).school_id
    left join classes c on c.id = (it.invitation).class_id;
    perform look_over_fence(before);
end
$$;

-- The invitation becomes a role of this account. Whoever has the role already keeps it.
create or replace function staff_invitation_take(invitation staff_invitations, account bigint) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
begin
    insert into staff_roles (account_id, school_id, class_id, role, made_by)
    values (account, invitation.school_id, invitation.class_id, invitation.role, invitation.made_by)
    on conflict do nothing;
    update staff_invitations i set used_at = now(), used_by = account where i.id = invitation.id;
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    values (account, 'staff_joined', 'account', account, invitation.school_id, jsonb_build_object('role', invitation.role));
    perform look_over_fence(before);
end
$$;

create or replace function staff_join(typed text, guesser bytea, hash text)
    returns table (outcome text, retry_after int, account_id bigint, login_id text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    it record;
begin
    select * into it from staff_invitation_find(typed, guesser);
    outcome := it.outcome;
    retry_after := it.retry_after;
    if outcome is null and exists (select from accounts a where a.email = (it.invitation).email and a.closed_at is null) then
        outcome := 'account_exists';
    end if;
    if outcome is null then
        insert into accounts as a (login_id, password_hash, email, family_name, given_name, family_kana, given_kana)
        select login_id_new(), hash, (it.invitation).email, (it.invitation).family_name, (it.invitation).given_name,
               (it.invitation).family_kana, (it.invitation).given_kana
        returning a.id, a.login_id into account_id, login_id;
        perform staff_invitation_take(it.invitation, account_id);
    end if;
    return next;
end
$$;

create or replace function staff_accept(actor bigint, typed text, guesser bytea)
    returns table (outcome text, retry_after int, school_name text, role text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    it record;
begin
    select * into it from staff_invitation_find(typed, guesser);
    if it.outcome is null then
        perform staff_invitation_take(it.invitation, actor);
    end if;
    return query
    select it.outcome, it.retry_after, (select s.name from schools s where s.id = (it.invitation).school_id),
           (it.invitation).role;
end
$$;

-- Whose account it is that a provider speaks of: known already; or the member of staff with that address; or somebody
-- who is invited at that address, whose account is made now. An address is given only where the provider may vouch
-- for it. Guardians are never found by an address: a provider's administrator could read their children's data. For the
-- same reason nobody comes in this way whose last role as staff has ended.
create or replace function oidc_account(provider text, subject text, address text) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    before constant text := look_over_fence('*');
    found_id bigint;
    invited staff_invitations;
begin
    select i.account_id into found_id
    from account_identities i
    join accounts a on a.id = i.account_id and a.closed_at is null and session_roles(a.id) <> '[]'
    where i.provider = $1 and i.subject = $2;
    if found_id is null and address <> '' then
        select a.id into found_id from accounts a
        where a.email = address and a.closed_at is null and session_roles(a.id) <> '[]';
        if found_id is null and not exists (select from accounts a where a.email = address and a.closed_at is null) then
            select * into invited from staff_invitations i
            where i.email = address and i.used_at is null and i.revoked_at is null and i.expires_at > now()
            order by i.id desc limit 1 for update;
            if invited.id is not null then
                insert into accounts as a (login_id, email, family_name, given_name, family_kana, given_kana)
                values (login_id_new(), address, invited.family_name, invited.given_name, invited.family_kana, invited.given_kana)
                returning a.id into found_id;
                perform staff_invitation_take(invited, found_id);
            end if;
        end if;
        if found_id is not null then
            -- Whose account here was closed may be invited anew.
            insert into account_identities as i (provider, subject, account_id) values ($1, $2, found_id)
            on conflict (provider, subject) do update set account_id = excluded.account_id, made_at = now();
            insert into audit (account_id, action, object_kind, object_id, detail)
            values (found_id, 'identity_linked', 'account', found_id, jsonb_build_object('provider', $1));
        end if;
    end if;
    perform look_over_fence(before);
    return found_id;
end
$$;

revoke execute on function staff_invitation_find from public;
revoke execute on function staff_invitation_look from public;
revoke execute on function staff_invitation_take from public;
revoke execute on function staff_join from public;
revoke execute on function staff_accept from public;
revoke execute on function oidc_account from public;
