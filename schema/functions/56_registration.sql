-- Registration, recovery and change of address: run before there is a session, or for schools that nobody has in view yet.
-- So these look over the fence, each for its own one child or account; what they may is said in the modules' README.

-- ---- ending sessions; one is opened by session_begin (25_factors.sql), with the one factor that was shown ----

create or replace function sessions_end(account bigint, but bigint default null) returns void
    language sql volatile as
$$
    update sessions s set ended_at = now() where s.account_id = $1 and s.ended_at is null and s.id is distinct from $2
$$;

create or replace function is_staff(account bigint) returns boolean
    language sql stable as
$$ select session_roles($1) <> '[]' $$;
comment on function is_staff is 'Whether an account has a role anywhere, whatever is in view.';

-- ---- what a code is for ----

create or replace function invitation_look(typed text, guesser bytea)
    returns table (outcome text, retry_after int, kind text, expires_at timestamptz, school_name text, school_phone text,
                   grade smallint, class_name text, family_name text, given_name text, guardians int, guardians_max smallint, room boolean)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    it record;
    before text;
begin
    select * into it from invitation_find(typed, guesser, '{link,guardian,reset}');
    before := look_over_fence('*');
    return query
    select it.outcome, it.retry_after, (it.invitation).kind, (it.invitation).expires_at, sc.name, sc.phone, c.grade, c.name,
           s.family_name, s.given_name, n.guardians, sc.guardians_max, n.guardians < sc.guardians_max
    from (select) one
    left join students s on s.id = (it.invitation).student_id and (it.invitation).kind <> 'reset'
    left join classes c on c.id = s.class_id
    left join schools sc on sc.id = s.school_id
    left join lateral (select guardians_of(s.id) as guardians) n on s.id is not null;
    perform look_over_fence(before);
end
$$;

-- The link that a code makes. Who is blocked, or whose link the school has ended and who comes by another guardian's
-- code, is told that the code is unknown.
create or replace function guardianship_make(invitation invitations, account bigint, relation text, out outcome text, out already boolean)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    link guardianships;
    child record;
begin
    already := false;
    select s.id, s.school_id, sc.guardians_max into child
    from students s join schools sc on sc.id = s.school_id
    where s.id = invitation.student_id;
    perform guardians_lock(child.id);
    select g.* into link from guardianships g where g.account_id = account and g.student_id = child.id;
    if link.rights <> 'blocked' and (link.valid_to is null or link.valid_to >= today()) then
        already := true;
        return;
    end if;
    if link.rights = 'blocked' or (link.rights is not null and invitation.kind = 'guardian') then
        insert into audit (account_id, action, object_kind, object_id, school_id)
        values (account, 'code_of_blocked_guardian', 'student', child.id, child.school_id);
        outcome := 'code_unknown';
        return;
    end if;
    if guardians_of(child.id) >= child.guardians_max then
        outcome := 'no_room';
        return;
    end if;
    perform set_config('todoke.changed_by', account::text, true);
    insert into guardianships as g (account_id, student_id, school_id, relation, rights, via, made_by)
    values (account, child.id, child.school_id, guardianship_make.relation, 'report',
            case invitation.kind when 'link' then 'letter' else 'guardian' end, account)
    on conflict (account_id, student_id) do update
    set relation = excluded.relation, rights = 'report', via = excluded.via, valid_from = least(g.valid_from, today()), valid_to = null;
    update invitations i set used_at = now(), used_by = account where i.id = invitation.id;
end
$$;

-- ---- registration ----

create or replace function registration_start(typed text, address text, network bytea)
    returns table (outcome text, retry_after int, token text, by_mail boolean, expires_at timestamptz)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    it record;
    mail constant text := nullif(login_normal(address), '');
    child record;
    made verifications;
    ticket constant text := token_new();
    before text;
begin
    select * into it from invitation_find(typed, network, '{link,guardian}');
    outcome := it.outcome;
    retry_after := it.retry_after;
    if outcome is null and mail is not null and not email_is_valid(mail) then
        outcome := 'email_invalid';
    end if;
    if outcome is null then
        retry_after := nullif(greatest(limit_hit('registrations', int8send((it.invitation).id), 10, '1 hour'),
                                       limit_hit('registrations of', network, 300, '1 hour')), 0);
        outcome := case when retry_after is not null then 'too_many' end;
    end if;
    if outcome is null then
        before := look_over_fence('*');
        select sc.name, guardians_of(s.id) >= sc.guardians_max as full into child
        from students s join schools sc on sc.id = s.school_id where s.id = (it.invitation).student_id;
        outcome := case when child.full then 'no_room' end;
        perform look_over_fence(before);
    end if;
    if outcome is null then
        insert into verifications (purpose, token_sha256, invitation_id, email)
        values ('registration', sha256(convert_to(ticket, 'UTF8')), (it.invitation).id, mail)
        returning * into made;
        if mail is not null then
            perform verification_send(made.id, not exists (select from accounts a where a.email = mail and a.closed_at is null),
                                      'registration', 'registration_known', jsonb_build_object('school', child.name));
        end if;
        token := ticket;
        by_mail := mail is not null;
        expires_at := made.expires_at;
    end if;
    return next;
end
$$;

create or replace function verification_again(token text, purpose text, network bytea, out outcome text, out retry_after int)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    v constant verifications := verification_of(token, purpose);
    known boolean;
begin
    if v.id is null or v.done_at is not null then
        outcome := purpose || '_over';
    elsif v.proved_at is null and v.code_until is not null then
        retry_after := nullif(limit_hit(purpose || ' mails', network, 300, '1 hour'), 0);
        if retry_after is not null then
            outcome := 'too_many';
            return;
        end if;
        known := exists (select from accounts a where a.email = v.email and a.closed_at is null);
        if purpose = 'registration' then
            perform verification_send(v.id, not known, 'registration', 'registration_known', '{}');
        else
            perform verification_send(v.id, v.account_id is not null and known, 'recovery', 'recovery_unknown',
                                      jsonb_build_object('login', (select a.login_id from accounts a where a.id = v.account_id)));
        end if;
    end if;
end
$$;

create or replace function verification_confirm(token text, purpose text, typed text, network bytea, out outcome text, out retry_after int,
                                                out tries_left int, out login_id text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    v constant verifications := verification_of(token, purpose);
begin
    if v.id is null or v.done_at is not null then
        outcome := purpose || '_over';
        return;
    end if;
    select p.outcome, p.retry_after, p.tries_left into outcome, retry_after, tries_left from verification_prove(v.id, typed, network) p;
    if outcome is null then
        select a.login_id into login_id from accounts a where a.id = v.account_id;
    end if;
end
$$;

-- What the finish needs to know before the password is hashed: may it go on, what must not be the password, and, when it
-- was finished already, the hash that whoever repeats it must know the password of.
create or replace function verification_look(token text, purpose text)
    returns table (outcome text, done boolean, password_hash text, login_id text, email text, family_name text, given_name text,
                   city_name text, school_name text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    before constant text := look_over_fence('*');
    v constant verifications := verification_of(token, purpose);
begin
    return query
    select case when v.id is null or v.done_at < now() - interval '1 hour' then $2 || '_over'
                when v.done_at is not null then null
                when v.proved_at is null and (v.email is not null or $2 = 'recovery') then 'mail_code_due'
                when v.invitation_id is null then null
                when i.used_at is not null or i.revoked_at is not null or i.expires_at <= now() then 'code_unknown' end,
           v.done_at is not null, case when v.done_at is not null then a.password_hash end, a.login_id, coalesce(v.email, a.email),
           a.family_name, a.given_name, (select name from city), sc.name
    from (select) one
    left join accounts a on a.id = v.account_id and a.closed_at is null
    left join invitations i on i.id = v.invitation_id
    left join schools sc on sc.id = i.school_id;
    perform look_over_fence(before);
end
$$;

create or replace function registration_finish(token text, family_name text, given_name text, family_kana text, given_kana text,
                                               relation text, consent_version text, language text, password_hash text,
                                               token_sha256 bytea, device text)
    returns table (outcome text, account_id bigint, login_id text, family_name_is text, given_name_is text, student_id bigint)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    before constant text := look_over_fence('*');
    v constant verifications := verification_of($1, 'registration');
    it invitations;
    person accounts;
    link record;
begin
    select i.* into it from invitations i
    where i.id = v.invitation_id and i.used_at is null and i.revoked_at is null and i.expires_at > now()
    for update;
    outcome := case when v.id is null or v.done_at is not null or (v.email is not null and v.proved_at is null) then 'registration_over'
                    when it.id is null then 'code_unknown'
                    when $7 is distinct from terms_current() then 'terms_changed' end;
    if outcome is null then
        begin
            insert into accounts (login_id, password_hash, family_name, given_name, family_kana, given_kana, email, language,
                                  consent_version, consented_at)
            values (login_id_new(), $9, btrim($2), btrim($3), kana_hiragana($4), kana_hiragana($5), v.email, coalesce($8, 'ja'), $7, now())
            returning * into person;
            select * into link from guardianship_make(it, person.id, $6);
            if link.outcome is not null then
                raise exception using errcode = 'TD001', message = link.outcome;
            end if;
            update verifications set done_at = now(), account_id = person.id where id = v.id;
            perform session_begin(person.id, $10, $11, 1::smallint, false, null);
            if v.email is not null then
                perform mail_say(v.email, 'registered', jsonb_build_object('login', person.login_id), person.id);
            end if;
            account_id := person.id;
            login_id := person.login_id;
            family_name_is := person.family_name;
            given_name_is := person.given_name;
            student_id := it.student_id;
        exception
            when sqlstate 'TD001' then -- no room any more: nothing of it is kept
                outcome := sqlerrm;
            when unique_violation then -- the address became somebody's meanwhile
                outcome := 'registration_over';
        end;
    end if;
    perform look_over_fence(before);
    return next;
end
$$;

-- ---- recovery ----

create or replace function recovery_start(login text, typed text, network bytea)
    returns table (outcome text, retry_after int, token text, by_mail boolean, expires_at timestamptz)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    name constant text := login_normal(login);
    it record;
    reset invitations;
    person accounts;
    made verifications;
    ticket constant text := token_new();
begin
    if typed is not null then
        select * into it from invitation_find(typed, network, '{reset}');
        outcome := it.outcome;
        retry_after := it.retry_after;
        reset := it.invitation;
    else
        retry_after := nullif(limit_hit('recoveries', network, 60, '15 minutes'), 0);
        outcome := case when retry_after is not null then 'too_many' end;
        select a.* into person from accounts a where (a.login_id = name or a.email = name) and a.closed_at is null;
    end if;
    if outcome is null then
        insert into verifications (purpose, token_sha256, account_id, invitation_id, email, proved_at)
        values ('recovery', sha256(convert_to(ticket, 'UTF8')), coalesce(person.id, reset.account_id), reset.id,
                case when typed is null then coalesce(person.email, case when email_is_valid(name) then name end) end,
                case when typed is not null then now() end)
        returning * into made;
        if typed is null then
            perform verification_send(made.id, person.email is not null, 'recovery', 'recovery_unknown',
                                      jsonb_build_object('login', person.login_id));
        end if;
        token := ticket;
        by_mail := typed is null;
        expires_at := made.expires_at;
    end if;
    return next;
end
$$;

create or replace function recovery_finish(token text, password_hash text, token_sha256 bytea, device text)
    returns table (outcome text, account_id bigint, login_id text, family_name text, given_name text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    before constant text := look_over_fence('*');
    v constant verifications := verification_of($1, 'recovery');
    it invitations;
    person accounts;
begin
    if v.invitation_id is not null then
        update invitations i set used_at = now(), used_by = v.account_id
        where i.id = v.invitation_id and i.used_at is null and i.revoked_at is null and i.expires_at > now()
        returning * into it;
    end if;
    if v.id is null or v.done_at is not null or v.proved_at is null or (v.invitation_id is not null and it.id is null) then
        outcome := 'recovery_over';
    else
        update accounts a set password_hash = $2 where a.id = v.account_id and a.closed_at is null returning * into person;
        if person.id is null then
            outcome := 'recovery_over';
        else
            update verifications set done_at = now() where id = v.id;
            perform sessions_end(person.id);
            perform session_begin(person.id, $3, $4, 1::smallint, false, null);
            if person.email is not null then
                perform mail_say(person.email, 'password_set', jsonb_build_object('login', person.login_id), person.id);
            end if;
            insert into audit (account_id, action, object_kind, object_id, school_id)
            values (person.id, 'password_recovered', 'account', person.id, it.school_id);
            account_id := person.id;
            login_id := person.login_id;
            family_name := person.family_name;
            given_name := person.given_name;
        end if;
    end if;
    perform look_over_fence(before);
    return next;
end
$$;

-- A finish whose answer was lost: its token, and the password that it set, open a session again.
create or replace function verification_resume(token text, purpose text, token_sha256 bytea, device text)
    returns table (account_id bigint, login_id text, family_name text, given_name text, student_id bigint)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    before constant text := look_over_fence('*');
    v constant verifications := verification_of($1, $2);
begin
    perform session_begin(v.account_id, $3, $4, 1::smallint, false, null);
    return query
    select a.id, a.login_id, a.family_name, a.given_name, i.student_id
    from accounts a
    left join invitations i on i.id = v.invitation_id
    where a.id = v.account_id and a.closed_at is null and v.done_at is not null;
    perform look_over_fence(before);
end
$$;

-- ---- another address ----

create or replace function email_change_begin(account bigint, address text, two_factors boolean)
    returns table (outcome text, retry_after int, old_code_due boolean, expires_at timestamptz)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    mail constant text := login_normal(address);
    person accounts;
    new_id bigint;
    old_id bigint;
begin
    select * into person from accounts a where a.id = $1;
    retry_after := nullif(limit_hit('email changes', account_key($1), 10, '1 day'), 0);
    outcome := case when not email_is_valid(mail) then 'email_invalid' when mail = person.email then 'email_same'
                    when retry_after is not null then 'too_many' end;
    if outcome is null then
        update verifications v set done_at = now() where v.account_id = $1 and v.purpose in ('email', 'email_old') and v.done_at is null;
        old_code_due := person.email is not null and not (person.second_factor and two_factors);
        insert into verifications as v (purpose, account_id, email) values ('email', $1, mail) returning v.id, v.expires_at into new_id, expires_at;
        perform verification_send(new_id, not exists (select from accounts a where a.email = mail and a.closed_at is null),
                                  'email_new', 'email_taken', '{}');
        if old_code_due then
            insert into verifications as v (purpose, account_id, email) values ('email_old', $1, person.email) returning v.id into old_id;
            perform verification_send(old_id, true, 'email_old', 'email_old', '{}');
        end if;
    end if;
    return next;
end
$$;

create or replace function email_change_finish(account bigint, session bigint, new_digits text, old_digits text)
    returns table (outcome text, retry_after int, which text, tries_left int, email text)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    new_one verifications;
    old_one verifications;
    person accounts;
    stop constant text := code_new();
begin
    select * into person from accounts a where a.id = $1 for update;
    select v.* into new_one from verifications v
    where v.account_id = $1 and v.purpose = 'email' and v.done_at is null and v.expires_at > now() order by v.id desc limit 1;
    select v.* into old_one from verifications v
    where v.account_id = $1 and v.purpose = 'email_old' and v.done_at is null and v.id > new_one.id order by v.id desc limit 1;
    if new_one.id is null then
        outcome := 'mail_code_over';
        return next;
        return;
    end if;
    select 'new', p.outcome, p.retry_after, p.tries_left into which, outcome, retry_after, tries_left
        from verification_prove(new_one.id, new_digits, account_key($1)) p;
    if outcome is null and old_one.id is not null then
        select 'old', p.outcome, p.retry_after, p.tries_left into which, outcome, retry_after, tries_left
        from verification_prove(old_one.id, old_digits, account_key($1)) p;
    end if;
    if outcome is null then
        if exists (select from accounts a where a.email = new_one.email and a.closed_at is null) then
            outcome := 'mail_code_over';
        else
            update accounts a set email = new_one.email where a.id = $1;
            update verifications v set done_at = now() where v.id in (new_one.id, old_one.id);
            if person.email is not null then
                insert into email_changes (account_id, old_email, code_sha256, since)
                values ($1, person.email, code_hash(stop),
                        least((select s.created_at from sessions s where s.id = $2), now() - interval '24 hours'));
                perform mail_say(person.email, 'email_changed', jsonb_build_object('code', code_print(stop)), $1, interval '7 days');
            end if;
            which := null;
            tries_left := null;
            email := new_one.email;
        end if;
    end if;
    return next;
end
$$;

-- Whoever was at the account since then may have added ways to come back: they go, and what the owner had before stays. Recovery
-- codes belong to the app that they were made with.
create or replace function ways_in_remove(account bigint, since timestamptz) returns jsonb
    language plpgsql volatile as
$$
declare
    apps int;
    codes int;
    keys int;
    identities int;
begin
    update totp t set pending = null, pending_at = null where t.account_id = account and t.sealed is not null and t.pending_at >= since;
    delete from totp t where t.account_id = account and (t.confirmed_at >= since or t.sealed is null);
    get diagnostics apps = row_count;
    delete from recovery_codes r
    where r.account_id = account and (r.made_at >= since or not exists (select from totp t where t.account_id = account));
    get diagnostics codes = row_count;
    delete from passkeys p where p.account_id = account and p.made_at >= since;
    get diagnostics keys = row_count;
    delete from account_identities i where i.account_id = account and i.made_at >= since;
    get diagnostics identities = row_count;
    return jsonb_build_object('apps', apps, 'recovery_codes', codes, 'passkeys', keys, 'identities', identities);
end
$$;
comment on function ways_in_remove is 'Removes the factors, passkeys and links to other providers that came since then; says how many of each.';

create or replace function email_change_stop(typed text, network bytea, out outcome text, out retry_after int)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    code constant text := code_read(typed);
    change email_changes;
    removed jsonb;
begin
    retry_after := nullif(limit_wait('codes', network, 300, '15 minutes'), 0);
    if code is null then
        outcome := 'code_mistyped';
        retry_after := null;
        return;
    elsif retry_after is not null then
        outcome := 'too_many_codes';
        return;
    end if;
    update email_changes e set stopped_at = now()
    where e.code_sha256 = code_hash(code) and e.stopped_at is null and e.changed_at > now() - interval '7 days'
    returning * into change;
    if change.id is null then
        retry_after := nullif(limit_hit('codes', network, 30, '15 minutes'), 0);
        outcome := case when retry_after is null then 'code_unknown' else 'too_many_codes' end;
        return;
    end if;
    update email_changes e set stopped_at = now() where e.account_id = change.account_id and e.id > change.id and e.stopped_at is null;
    removed := ways_in_remove(change.account_id, (select min(e.since) from email_changes e
                                                  where e.account_id = change.account_id and e.id >= change.id));
    -- Whoever changed it knew the password: that goes too. A later change is put back with this one.
    update accounts a
    set password_hash = null,
        second_factor = a.second_factor and exists (select from totp t where t.account_id = a.id and t.sealed is not null),
        email = case when exists (select from accounts b where b.email = change.old_email and b.closed_at is null and b.id <> a.id)
                     then null else change.old_email end
    where a.id = change.account_id and a.closed_at is null;
    update verifications v set done_at = now() where v.account_id = change.account_id and v.done_at is null;
    perform sessions_end(change.account_id);
    insert into audit (account_id, action, object_kind, object_id, detail)
    values (change.account_id, 'email_change_stopped', 'account', change.account_id, removed);
    perform mail_say(change.old_email, 'email_restored', '{}', change.account_id);
end
$$;

-- ---- one's children ----

create or replace function children_linked(account bigint)
    returns table (student_id bigint, school_id int, school_name text, school_phone text, grade smallint, class_name text,
                   family_name text, given_name text, relation text, rights text, guardians int, guardians_max smallint, others text[],
                   may_invite boolean, valid_to date)
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    before constant text := look_over_fence('*');
begin
    return query
    select s.id, s.school_id, sc.name, sc.phone, c.grade, c.name, s.family_name, s.given_name, g.relation, g.rights, n.guardians,
           sc.guardians_max,
           array(select o.relation from guardianships o
                 where o.student_id = s.id and o.account_id <> $1 and o.rights <> 'blocked' and (o.valid_to is null or o.valid_to >= today())
                 order by o.made_at, o.account_id),
           g.may_report and n.guardians < sc.guardians_max, g.valid_to
    from guardianships g
    join students s on s.id = g.student_id and (s.left_on is null or s.left_on > today())
    join classes c on c.id = s.class_id
    join schools sc on sc.id = s.school_id
    cross join lateral (select guardians_of(s.id) as guardians) n
    where g.account_id = $1 and g.rights <> 'blocked' and g.valid_from <= today() and (g.valid_to is null or g.valid_to >= today())
    order by c.grade + case sc.kind when 'junior_high' then 6 else 0 end desc, s.id;
    perform look_over_fence(before);
end
$$;

create or replace function child_add(account bigint, typed text, relation text)
    returns table (outcome text, retry_after int, student_id bigint, school_name text, family_name text, given_name text, already boolean)
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    before text := look_over_fence('*');
    it record;
    link record;
    child bigint;
begin
    -- Who used this very code is only repeating herself.
    select i.student_id into child
    from invitations i
    join guardianships g on g.account_id = $1 and g.student_id = i.student_id and g.rights <> 'blocked'
                         and (g.valid_to is null or g.valid_to >= today())
    where i.code_sha256 = code_hash(code_read($2)) and i.used_by = $1 and i.kind in ('link', 'guardian');
    already := child is not null;
    if child is null then
        select * into it from invitation_find($2, account_key($1), '{link,guardian}');
        outcome := it.outcome;
        retry_after := it.retry_after;
        if outcome is null then
            select * into link from guardianship_make(it.invitation, $1, $3);
            outcome := link.outcome;
            already := link.already;
            child := (it.invitation).student_id;
        end if;
    end if;
    if outcome is null then
        select s.id, sc.name, s.family_name, s.given_name into student_id, school_name, family_name, given_name
        from students s join schools sc on sc.id = s.school_id where s.id = child;
    else
        already := null;
    end if;
    perform look_over_fence(before);
    return next;
end
$$;

revoke execute on function invitation_look, registration_start, verification_again, verification_confirm, verification_look,
    registration_finish, recovery_start, recovery_finish, verification_resume, email_change_stop, children_linked, child_add,
    sessions_end, ways_in_remove from public;
