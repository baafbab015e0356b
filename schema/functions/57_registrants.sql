-- Letters, invitations and the links that a school keeps. Within the fence: who calls these has the school in view.

create or replace function email_masked(address text) returns text
    language sql immutable parallel safe
    return left(address, 1) || '…' || substring(address from '@.*$');
comment on function email_masked is 'An address as a school may see it.';

create or replace function mail_state(address text) returns text
    language sql stable
    return case when address is null then 'none' when undeliverable_since(address) is not null then 'problem' else 'ok' end;

create or replace function student_begins(s students, q text) returns boolean
    language sql immutable as
$$
    select coalesce($2, '') = '' or starts_with($1.family_kana || $1.given_kana, $2) or starts_with($1.given_kana, $2)
           or starts_with($1.family_name || $1.given_name, $2)
$$;
comment on function student_begins is 'Whether a child''s reading or name begins with what was typed.';

create or replace function registration_is(student bigint, state text) returns boolean
    language sql stable as
$$
    select coalesce(case $2
        when 'registered' then guardians_of($1) > 0
        when 'missing' then guardians_of($1) = 0
        when 'mail_problem' then bool_or(mail_state(a.email) = 'problem')
        when 'unreached' then bool_or(g.rights <> 'blocked' and unreached_why(a.id, a.email) is not null)
        when 'never_signed_in' then bool_and(a.last_signed_in_at is null) end, false)
    from guardianships g
    join accounts a on a.id = g.account_id and a.closed_at is null
    where g.student_id = $1 and (g.valid_to is null or g.valid_to >= today())
$$;
comment on function registration_is is 'Whether a child is one of those whom the list''s filter shows.';

-- The first answer to a key, if there is one: its own, or "key_reused".
create or replace function answer_known(account bigint, key uuid, fingerprint bytea, out outcome text, out answer jsonb)
    language sql stable as
$$
    select case when i.fingerprint <> $3 then 'key_reused' end, i.answer
    from idempotency i
    where i.account_id = $1 and i.key = $2
$$;

create or replace function letters_issue(actor bigint, school bigint, class bigint, student bigint, letter int, everyone boolean, again boolean,
                                         days int, key uuid, fingerprint bytea)
    returns table (outcome text, issued int, revoked int, open int)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    known record;
    gone constant interval := make_interval(days => coalesce($8, 90));
    nth constant smallint := coalesce($5, 1);
    wanted bigint[];
begin
    perform pg_advisory_xact_lock(hashtext('letters'), $2::int); -- one at a time for each school
    select * into known from answer_known($1, $9, $10);
    if known.answer is not null then
        return query select known.outcome, (known.answer ->> 'issued')::int, (known.answer ->> 'revoked')::int, (known.answer ->> 'open')::int;
        return;
    end if;
    if not may_keep_registrants($1, $2) or not exists (select from classes c where c.school_id = $2) -- behind the fence
       or ($3 is not null and not exists (select from classes c where c.id = $3 and c.school_id = $2))
       or ($4 is not null and not exists (select from students s where s.id = $4 and s.school_id = $2)) then
        return query select 'not_found', null::int, null::int, null::int;
        return;
    end if;
    select coalesce(array_agg(s.id), '{}') into wanted
    from students s
    where s.school_id = $2 and (s.left_on is null or s.left_on > today()) and ($3 is null or s.class_id = $3) and ($4 is null or s.id = $4)
      and (coalesce($6, false) or guardians_of(s.id) = 0);
    update invitations i set revoked_at = now()
    where i.student_id = any (wanted) and i.kind = 'link' and i.letter = nth and i.used_at is null and i.revoked_at is null
      and (coalesce($7, false) or i.expires_at <= now());
    get diagnostics revoked = row_count;
    insert into invitations (school_id, kind, student_id, letter, code, code_sha256, made_by, expires_at)
    select $2, 'link', m.id, nth, m.code, code_hash(m.code), $1, now() + gone
    from (select s.id, case when s.id is not null then code_new() end as code from unnest(wanted) as s (id) offset 0) m
    on conflict (student_id, letter) where kind = 'link' and used_at is null and revoked_at is null do nothing;
    get diagnostics issued = row_count;
    open := cardinality(wanted);
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    values ($1, 'letters_issued', case when $4 is not null then 'student' when $3 is not null then 'class' else 'school' end,
            coalesce($4, $3, $2), $2, jsonb_build_object('letter', nth, 'issued', issued, 'revoked', revoked));
    insert into idempotency (account_id, key, fingerprint, answer)
    values ($1, $9, $10, jsonb_build_object('issued', issued, 'revoked', revoked, 'open', open));
    return next;
end
$$;

create or replace function guardian_invite(actor bigint, student bigint, address text, key uuid, fingerprint bytea)
    returns table (outcome text, retry_after int, guardians_max smallint, id bigint, code text, expires_at timestamptz)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    known record;
    child record;
    mail constant text := nullif(login_normal($3), '');
    fresh text := code_new();
begin
    if not may_report($1, $2) then
        return;
    end if;
    select s.id, s.school_id, sc.name as school, sc.guardians_max as most into child
    from students s join schools sc on sc.id = s.school_id
    where s.id = $2 and (s.left_on is null or s.left_on > today());
    if child.id is null then
        return;
    end if;
    perform guardians_lock($2);
    select * into known from answer_known($1, $4, $5);
    if known.answer is not null then
        return query select known.outcome, null::int, null::smallint, i.id, code_print(i.code), i.expires_at
                     from invitations i where i.id = (known.answer ->> 'id')::bigint;
        return;
    end if;
    if mail is not null and not email_is_valid(mail) then
        outcome := 'email_invalid';
    elsif guardians_of($2) + (select count(*) from invitations i where i.student_id = $2 and i.kind = 'guardian' and i.used_at is null
                                 and i.revoked_at is null and i.expires_at > now()) >= child.most then
        outcome := 'no_room';
        guardians_max := child.most;
    else
        retry_after := nullif(limit_hit('invitations', account_key($1), 20, '1 day'), 0);
        if retry_after is null and mail is not null then
            retry_after := nullif(limit_hit('mails of a day', mail_address_hash(mail), 10, '1 day'), 0);
        end if;
        outcome := case when retry_after is not null then 'too_many_mails' end;
    end if;
    if outcome is null then
        insert into invitations as i (school_id, kind, student_id, code, code_sha256, made_by, expires_at)
        values (child.school_id, 'guardian', $2, fresh, code_hash(fresh), $1, now() + interval '7 days')
        returning i.id, code_print(i.code), i.expires_at into id, code, expires_at;
        if mail is not null then
            perform mail_say(mail, 'invitation', jsonb_build_object('school', child.school, 'code', code), null);
        end if;
        insert into audit (account_id, action, object_kind, object_id, school_id)
        values ($1, 'guardian_invited', 'student', $2, child.school_id);
        insert into idempotency (account_id, key, fingerprint, answer) values ($1, $4, $5, jsonb_build_object('id', id));
    end if;
    return next;
end
$$;

-- The link that somebody at the school changes; locked. Null: none that they keep.
create or replace function guardianship_kept(actor bigint, student bigint, account bigint) returns guardianships
    language sql volatile as
$$
    select g.* from guardianships g
    where g.student_id = $2 and g.account_id = $3 and may_keep_registrants($1, g.school_id)
    for update
$$;

create or replace function guardianship_change(actor bigint, student bigint, account bigint, version int, relation text, rights text,
                                               valid_from date, valid_to date)
    returns table (outcome text, new_version int, at timestamptz)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    link constant guardianships := guardianship_kept($1, $2, $3);
begin
    if link.version is null then
        return;
    end if;
    if link.version <> $4 then
        return query select 'stale_version', null::int, null::timestamptz;
        return;
    end if;
    perform set_config('todoke.changed_by', $1::text, true);
    update guardianships g set relation = $5, rights = $6, valid_from = $7, valid_to = $8
    where g.student_id = $2 and g.account_id = $3
    returning null, g.version, now() into outcome, new_version, at;
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    values ($1, 'guardian_rights_changed', 'student', $2, link.school_id,
            jsonb_build_object('account_id', $3, 'from', link.rights, 'to', $6, 'version', new_version));
    return next;
end
$$;

-- Null: the version is not looked at. At most one row: none, if it is not the one that was seen.
create or replace function account_rename(actor bigint, account bigint, version int, family_name text, given_name text, family_kana text,
                                          given_kana text) returns setof accounts
    language plpgsql volatile as
$$
begin
    perform set_config('todoke.changed_by', $1::text, true);
    return query
    update accounts a
    set family_name = btrim($4), given_name = btrim($5), family_kana = kana_hiragana($6), given_kana = kana_hiragana($7)
    where a.id = $2 and a.closed_at is null and ($3 is null or a.names_version = $3)
    returning a.*;
end
$$;

create or replace function guardian_rename(actor bigint, student bigint, account bigint, version int, family_name text, given_name text,
                                           family_kana text, given_kana text)
    returns table (outcome text, new_version int, at timestamptz)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    link constant guardianships := guardianship_kept($1, $2, $3);
begin
    if link.version is null then
        return;
    end if;
    if is_staff($3) then
        outcome := 'is_staff';
        return next;
        return;
    end if;
    select a.names_version, now() into new_version, at from account_rename($1, $3, $4, $5, $6, $7, $8) a;
    if new_version is null then
        outcome := 'stale_version';
    else
        insert into audit (account_id, action, object_kind, object_id, school_id, detail)
        values ($1, 'guardian_renamed', 'student', $2, link.school_id, jsonb_build_object('account_id', $3, 'version', new_version));
    end if;
    return next;
end
$$;

create or replace function guardianship_remove(actor bigint, student bigint, account bigint, version int)
    returns table (outcome text, id bigint)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    link constant guardianships := guardianship_kept($1, $2, $3);
begin
    if link.version is null then
        return;
    end if;
    if link.version = $4 then
        perform set_config('todoke.changed_by', $1::text, true);
        delete from guardianships g where g.student_id = $2 and g.account_id = $3;
        insert into audit (account_id, action, object_kind, object_id, school_id, detail)
        values ($1, 'guardian_removed', 'student', $2, link.school_id, jsonb_build_object('account_id', $3));
    else
        outcome := 'stale_version';
    end if;
    id := $3;
    return next;
end
$$;

create or replace function reset_code_make(actor bigint, student bigint, account bigint)
    returns table (outcome text, code text, login_id text, family_name text, given_name text, expires_at timestamptz)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    link constant guardianships := guardianship_kept($1, $2, $3);
    fresh constant text := code_new();
    person accounts;
begin
    select * into person from accounts a where a.id = link.account_id and a.closed_at is null;
    if person.id is null then
        return;
    end if;
    if is_staff($3) then
        outcome := 'is_staff';
        return next;
        return;
    end if;
    perform reset_codes_revoke($3);
    insert into invitations as i (school_id, kind, student_id, account_id, code_sha256, made_by, expires_at)
    values (link.school_id, 'reset', $2, $3, code_hash(fresh), $1, now() + interval '14 days')
    returning i.expires_at into expires_at;
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    values ($1, 'reset_code_made', 'account', $3, link.school_id, jsonb_build_object('student_id', $2));
    if person.email is not null then
        perform mail_say(person.email, 'reset_code', '{}', $3);
    end if;
    code := code_print(fresh);
    login_id := person.login_id;
    family_name := person.family_name;
    given_name := person.given_name;
    return next;
end
$$;

-- Those of another school's office too: one account has one open reset code.
create or replace function reset_codes_revoke(account bigint) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
begin
    update invitations i set revoked_at = now()
    where i.account_id = account and i.kind = 'reset' and i.used_at is null and i.revoked_at is null;
    perform look_over_fence(before);
end
$$;

create or replace function email_forget(actor bigint, student bigint, account bigint)
    returns table (outcome text, id bigint)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    link constant guardianships := guardianship_kept($1, $2, $3);
begin
    if link.account_id is null then
        return;
    end if;
    id := $3;
    if is_staff($3) then
        outcome := 'is_staff';
    else
        update accounts a set email = null where a.id = $3 and a.email is not null;
        if found then
            perform sessions_end($3);
            insert into audit (account_id, action, object_kind, object_id, school_id, detail)
            values ($1, 'email_taken_off', 'account', $3, link.school_id, jsonb_build_object('student_id', $2));
        end if;
        update verifications v set done_at = now() where v.account_id = $3 and v.purpose in ('email', 'email_old', 'recovery') and v.done_at is null;
    end if;
    return next;
end
$$;

revoke execute on function reset_codes_revoke from public;
