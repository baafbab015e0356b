-- What is stored about people, and how it is erased.

-- A link that gives no reading shows neither the child nor where it goes to school (any more).
create or replace function own_links(account bigint)
    returns table (student_id bigint, school_name text, grade smallint, class_name text, number smallint,
                   family_name text, given_name text, relation text, rights text, valid_from date, valid_to date,
                   made_at timestamptz, alone boolean)
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
begin
    return query
    select case when r.reads then s.id end, case when r.reads then sc.name end, case when r.reads then c.grade end,
           case when r.reads then c.name end, case when r.reads then s.number end,
           case when r.reads then s.family_name end, case when r.reads then s.given_name end,
           g.relation, g.rights, g.valid_from, g.valid_to, g.made_at,
           r.reads and s.left_on is null and not exists (
               select from guardianships o
               join accounts a on a.id = o.account_id and a.closed_at is null
               where o.student_id = g.student_id and o.account_id <> g.account_id and o.may_read
                 and o.valid_from <= today() and (o.valid_to is null or o.valid_to >= today()))
    from guardianships g
    join students s on s.id = g.student_id
    join schools sc on sc.id = s.school_id
    join classes c on c.id = s.class_id
    cross join lateral (select g.may_read and g.valid_from <= today() and (g.valid_to is null or g.valid_to >= today())
                               as reads) r
    where g.account_id = account
    order by g.made_at, s.id;
    perform look_over_fence(before);
end
$$;
comment on function own_links is 'All links of an account, also ended ones; alone: no other guardian of the child reads.';

create or replace function audit_about(account bigint)
    returns table (action text, rows bigint, last_at timestamptz)
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
begin
    return query
    select a.action, count(*), max(a.at)
    from audit a
    where a.person_id = account and a.account_id is distinct from account
    group by a.action
    order by max(a.at) desc;
    perform look_over_fence(before);
end
$$;
comment on function audit_about is 'What others did or read about an account, in numbers.';

create or replace function counts_add(a jsonb, b jsonb) returns jsonb
    language sql immutable as
$$
    select coalesce(jsonb_object_agg(key, n), '{}')
    from (select key, sum(value::bigint) as n
          from (select * from jsonb_each_text($1) union all select * from jsonb_each_text($2)) both_of_them
          group by key) added
$$;
comment on function counts_add is 'The sums of two objects of numbers.';

-- Leaves the number, which history names: 退会した利用者. What is about a child stays with the child. Rows of the audit
-- hold numbers alone, and stay.
create or replace function account_erase(account bigint) returns jsonb
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
    counts jsonb := '{}';
    old    accounts;
    emails text[];
    n      bigint;
begin
    select a.* into old from accounts a where a.id = account and a.erased_at is null for update;
    if old.id is null then
        perform look_over_fence(before);
        return null;
    end if;
    -- All addresses that are known to be the person's, also former ones and those on the way.
    emails := array(select old.email where old.email is not null
                    union select v.email from verifications v where v.account_id = account and v.email is not null
                    union select c.old_email from email_changes c where c.account_id = account
                    union select i.email from staff_invitations i where i.used_by = account and i.email is not null);
    -- One that is somebody else's meanwhile stays theirs.
    emails := array(select e from unnest(emails) e
                    where not exists (select from accounts o where o.email = e and o.id <> account and o.closed_at is null));
    -- Devices that get pushes go with their sessions.
    delete from sessions where account_id = account;
    get diagnostics n = row_count;
    counts := counts || jsonb_build_object('sessions', n);
    delete from telling_choices where account_id = account;
    delete from group_members where account_id = account;
    delete from tellings where account_id = account;
    delete from guardianships where account_id = account;
    get diagnostics n = row_count;
    counts := counts || jsonb_build_object('links', n);
    delete from passkeys where account_id = account;
    get diagnostics n = row_count;
    counts := counts || jsonb_build_object('passkeys', n);
    with apps as (delete from totp where account_id = account returning 1),
         codes as (delete from recovery_codes where account_id = account returning 1)
    select (select count(*) from apps) + (select count(*) from codes) into n;
    counts := counts || jsonb_build_object('factors', n);
    with under_way as (delete from verifications v where v.account_id = account or v.email = any (emails) returning 1),
         changes as (delete from email_changes c where c.account_id = account or c.old_email = any (emails) returning 1)
    select (select count(*) from under_way) + (select count(*) from changes) into n;
    counts := counts || jsonb_build_object('verifications', n);
    delete from account_identities where account_id = account;
    get diagnostics n = row_count;
    counts := counts || jsonb_build_object('identities', n);
    -- One that still waits for the person is closed: nobody is left who could take it.
    update staff_invitations
    set email = null, family_name = '退会した', given_name = '利用者', family_kana = 'たいかいした', given_kana = 'りようしゃ',
        revoked_at = case when used_at is null then coalesce(revoked_at, now()) end
    where used_by = account or email = any (emails);
    get diagnostics n = row_count;
    counts := counts || jsonb_build_object('staff_invitations', n);
    update invitations set revoked_at = now()
    where used_at is null and revoked_at is null and (account_id = account or made_by = account and kind = 'guardian');
    delete from idempotency where account_id = account;
    get diagnostics n = row_count;
    counts := counts || jsonb_build_object('receipts', n);
    -- A hash of a login id or an address tells whoever can guess it that it was here.
    delete from login_attempts t
    where t.login_sha256 in (select sha256(convert_to(x, 'UTF8')) from unnest(emails || old.login_id) x);
    delete from rate_limits l
    where l.key = account_key(account) or l.key in (select mail_address_hash(x) from unnest(emails) x);
    delete from undeliverable u where u.address_sha256 in (select mail_address_hash(x) from unnest(emails) x);
    delete from demo_accounts where login_id = old.login_id;
    delete from demo_mails m where lower(m.address) = any (emails);
    update outbox set state = 'expired', address = null, subject = null, body = null, done_at = now()
    where state = 'waiting' and (account_id = account or lower(address) = any (emails));
    get diagnostics n = row_count;
    counts := counts || jsonb_build_object('mails', n);
    update staff_roles set valid_to = greatest(valid_from, today() - 1)
    where account_id = account and ended_at is null and (valid_to is null or valid_to >= today());
    update accounts
    set login_id = 'erased-' || id, password_hash = null, email = null, language = 'ja', second_factor = false,
        family_name = '退会した', given_name = '利用者', family_kana = 'たいかいした', given_kana = 'りようしゃ',
        last_signed_in_at = null, closed_at = coalesce(closed_at, now()), erased_at = now()
    where id = account;
    delete from account_names where account_id = account;
    perform look_over_fence(before);
    return counts || '{"accounts": 1}';
end
$$;
comment on function account_erase is 'Erases a person; gives the numbers of rows, or null: there is none (any more).';

create or replace function account_leave(account bigint) returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
    address text := (select a.email from accounts a where a.id = account);
    counts jsonb;
    made   bigint;
begin
    counts := account_erase(account);
    if counts is not null then
        insert into erasures (kind, state, account_id, prepared_by, applied_at, applied_by, counts)
        values ('account', 'applied', account, account, now(), account, counts)
        returning id into made;
        insert into audit (account_id, action, object_kind, object_id, detail)
        values (account, 'account_erased', 'account', account, jsonb_build_object('erasure_id', made));
        -- The last mail belongs to nobody; once it is sent, the address is gone from the outbox too.
        if address is not null then
            perform mail_enqueue(address, '退会の手続きが終わりました', format(
                E'学校と保護者の連絡「届け」の退会の手続きが終わりました。\n\n'
                'お名前、よみがな、メールアドレス、パスワードなどの情報を消去しました。\n'
                '控え（バックアップ）からも、%s までになくなります。\n'
                'お子さんの連絡の記録は、学校に残ります。\n\n'
                '証明書番号：%s\n\n'
                'お心当たりのないときは、お子さんの学校へお電話ください。\n',
                to_char(today() + 35, 'YYYY"年"FMMM"月"FMDD"日"'), made));
        end if;
    end if;
    perform look_over_fence(before);
    return made;
end
$$;
comment on function account_leave is 'Somebody leaves: erased, with the certificate; its id, or null.';

-- What a batch would erase, in numbers. A guardian goes with the last child.
create or replace function erasure_preview(erasure bigint) returns jsonb
    language sql stable as
$$
    with children as materialized (
        select e.student_id from erasure_students e where e.erasure_id = $1
    ), links as materialized (
        select g.account_id, count(*) as n
        from children c
        join guardianships g on g.student_id = c.student_id
        group by g.account_id
    )
    select jsonb_build_object(
        'students', (select count(*) from children),
        'absences', (select count(*) from children c join absences a on a.student_id = c.student_id),
        'absence_versions', (select count(*) from children c join absences a on a.student_id = c.student_id
                             join absence_versions v on v.absence_id = a.id),
        'illnesses', (select count(*) from children c join illnesses i on i.student_id = c.student_id),
        'illness_versions', (select count(*) from children c join illnesses i on i.student_id = c.student_id
                             join illness_versions v on v.illness_id = i.id),
        'links', (select coalesce(sum(l.n), 0) from links l),
        'accounts', (select count(*) from links l
                     where l.n = (select count(*) from guardianships g where g.account_id = l.account_id)
                       and not exists (select from staff_roles r where r.account_id = l.account_id)))
$$;

-- Erases the next children of a batch, and the guardians who have no other child and never were staff. Gives how many
-- children are left; the last step makes the certificate. A child that is back at school is left alone.
create or replace function erasure_step(erasure bigint, actor bigint, most int) returns int
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
    batch     erasures;
    ids       bigint[];
    codes     text[];
    guardians bigint[];
    guardian  bigint;
    done      jsonb;
    n         bigint;
    undone    int;
begin
    select e.* into batch from erasures e where e.id = erasure and e.state in ('prepared', 'applying') for update;
    if batch.id is null then
        perform look_over_fence(before);
        return null;
    end if;
    -- The preview's numbers were a forecast; now they are counted.
    done := case batch.state when 'prepared' then '{}' else batch.counts end;
    perform set_config('todoke.erasing', 'on', true);

    delete from erasure_students e
    using (select s.id from erasure_students m
           join students s on s.id = m.student_id
           where m.erasure_id = erasure
             and (s.erased_at is not null
                  or (batch.kind = 'graduates' and (s.left_on is null or s.left_on > (today() - make_interval(years => batch.years))::date)))
          ) back
    where e.erasure_id = erasure and e.student_id = back.id;
    get diagnostics n = row_count;
    done := counts_add(done, case when n > 0 then jsonb_build_object('kept', n) else '{}' end);

    ids := array(select e.student_id from erasure_students e where e.erasure_id = erasure order by e.student_id limit most);
    delete from absence_versions v using absences a where a.student_id = any (ids) and v.absence_id = a.id;
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('absence_versions', n));
    delete from absence_requests where student_id = any (ids);
    delete from standing_absences where student_id = any (ids);
    delete from register_corrections where student_id = any (ids);
    delete from illness_versions v using illnesses i where i.student_id = any (ids) and v.illness_id = i.id;
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('illness_versions', n));
    delete from illnesses where student_id = any (ids);
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('illnesses', n));
    delete from inquiries where student_id = any (ids);
    delete from attendance_versions v using attendance a where a.student_id = any (ids) and v.attendance_id = a.id;
    delete from attendance where student_id = any (ids);
    delete from tellings where student_id = any (ids);
    delete from group_members where student_id = any (ids);
    delete from demo_mails; -- a demonstration's, which name children
    delete from absences where student_id = any (ids);
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('absences', n));
    codes := array(select s.code from students s where s.id = any (ids) and s.code is not null
                   union select v.code from student_versions v where v.student_id = any (ids) and v.code is not null);
    guardians := array(select distinct g.account_id from guardianships g where g.student_id = any (ids));
    delete from guardianships where student_id = any (ids);
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('links', n));
    update students
    set family_name = '卒業した', given_name = '児童生徒', family_kana = 'そつぎょうした', given_kana = 'じどうせいと',
        code = null, erased_at = now()
    where id = any (ids);
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('students', n));
    delete from student_versions where student_id = any (ids);
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('student_versions', n));
    delete from guardianship_versions where student_id = any (ids);
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('link_versions', n));
    delete from roster_changes where object = 'student' and object_id = any (ids);
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('roster_changes', n));
    -- Also of lists in which the child was not yet found.
    delete from roster_rows where student_id = any (ids) or code = any (codes);
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('roster_rows', n));
    update invitations set revoked_at = now() where student_id = any (ids) and used_at is null and revoked_at is null;
    foreach guardian in array guardians loop
        continue when exists (select from guardianships g where g.account_id = guardian)
                   or exists (select from staff_roles r where r.account_id = guardian);
        done := counts_add(done, coalesce(account_erase(guardian), '{}'));
    end loop;

    delete from erasure_students where erasure_id = erasure and student_id = any (ids);
    perform set_config('todoke.erasing', '', true);
    undone := (select count(*) from erasure_students e where e.erasure_id = erasure);
    update erasures e
    set state = case when undone = 0 then 'applied' else 'applying' end, counts = done,
        applied_by = actor, applied_at = case when undone = 0 then now() end
    where e.id = erasure;
    if batch.state = 'prepared' or undone = 0 then
        insert into audit (account_id, action, object_kind, object_id, school_id, detail)
        values (actor, case when undone = 0 then 'erasure_applied' else 'erasure_begun' end, 'erasure', erasure, batch.school_id,
                jsonb_build_object('students', coalesce((done ->> 'students')::bigint, 0)));
    end if;
    perform look_over_fence(before);
    return undone;
end
$$;

revoke execute on function own_links from public;
revoke execute on function audit_about from public;
revoke execute on function account_erase from public;
revoke execute on function account_leave from public;
revoke execute on function erasure_step from public;

-- A certificate, or a batch that may become one.
create or replace function erasure_certificate(erasure bigint)
    returns table (id bigint, kind text, state text, school_id int, school_name text, years int, prepared_at timestamptz,
                   prepared_by text, applied_at timestamptz, applied_by text, counts jsonb, "left" bigint, schools jsonb,
                   backups_until date)
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    before constant text := look_over_fence('*');
begin
    return query
    select e.id, e.kind, e.state, e.school_id, s.name, e.years, e.prepared_at,
           case when e.kind <> 'account' then (select a.name from actors_of(array[e.prepared_by]) a) end,
           e.applied_at, case when e.kind <> 'account' then (select a.name from actors_of(array[e.applied_by]) a) end,
           e.counts, (select count(*) from erasure_students m where m.erasure_id = e.id),
           (select coalesce(jsonb_agg(jsonb_build_object('school_id', m.school_id, 'school_name', n.name, 'students', m.n)
                                      order by n.sort), '[]')
            from (select m.school_id, count(*) as n from erasure_students m where m.erasure_id = e.id group by 1) m
            join public.schools n on n.id = m.school_id),
           -- Backups are kept for 35 days.
           ((e.applied_at at time zone 'Asia/Tokyo')::date + 35)
    from erasures e
    left join public.schools s on s.id = e.school_id
    where e.id = erasure;
    perform look_over_fence(before);
end
$$;
comment on function erasure_certificate is 'Volatile: it shows what its own statement has made.';
revoke execute on function erasure_certificate from public;

create or replace function erasure_make(actor bigint, school bigint, years int, key uuid, fingerprint bytea) returns bigint
    language plpgsql as
$$
declare
    made bigint;
begin
    insert into erasures (kind, school_id, years, prepared_by) values ('graduates', school::int, years, actor)
    returning id into made;
    insert into erasure_students (erasure_id, student_id, school_id)
    select made, s.id, s.school_id
    from students s
    where s.left_on <= (today() - make_interval(years => years))::date and s.erased_at is null
      and (school is null or s.school_id = school);
    update erasures set counts = erasure_preview(made) where id = made;
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select actor, 'erasure_prepared', 'erasure', e.id, e.school_id, jsonb_build_object('students', e.counts -> 'students')
    from erasures e
    where e.id = made;
    insert into idempotency (account_id, key, fingerprint, answer)
    values (actor, key, fingerprint, jsonb_build_object('id', made));
    return made;
end
$$;
comment on function erasure_make is 'A batch of children who left that many years ago; nothing is erased yet.';

create or replace function own_data_of(actor bigint, session bigint)
    returns table (account jsonb, children jsonb, roles jsonb, sessions jsonb, reports jsonb, illnesses jsonb, consents jsonb,
                   mails jsonb, audit jsonb, leaving jsonb)
    language sql stable as
$$
    with links as materialized (
        select * from own_links($1)
    )
    select jsonb_build_object(
               'id', a.id, 'login_id', a.login_id, 'family_name', a.family_name, 'given_name', a.given_name,
               'family_kana', a.family_kana, 'given_kana', a.given_kana, 'email', a.email, 'language', a.language,
               'former_names', (select coalesce(jsonb_agg(jsonb_build_object(
                                           'family_name', n.family_name, 'given_name', n.given_name, 'family_kana', n.family_kana,
                                           'given_kana', n.given_kana, 'until', n.replaced_at) order by n.version), '[]')
                                from account_names n where n.account_id = a.id),
               'made_at', a.made_at, 'last_signed_in_at', a.last_signed_in_at,
               'has_password', a.password_hash is not null, 'second_factor', a.second_factor,
               'authenticator_app', exists (select from totp t where t.account_id = a.id and t.sealed is not null),
               'notifications', (select coalesce(jsonb_agg(jsonb_build_object('topic', c.topic, 'push', c.push, 'mail', c.mail) order by c.topic), '[]')
                                 from telling_choices c where c.account_id = a.id),
               'recovery_codes', (select count(*) from recovery_codes c where c.account_id = a.id and c.used_at is null),
               'passkeys', (select coalesce(jsonb_agg(jsonb_build_object(
                                       'name', k.name, 'made_at', k.made_at, 'last_used_at', k.last_used_at) order by k.id), '[]')
                            from passkeys k where k.account_id = a.id)),
           (select coalesce(jsonb_agg(to_jsonb(l) - 'alone'), '[]') from links l),
           session_roles(a.id),
           (select coalesce(jsonb_agg(jsonb_build_object(
                       'device', s.device, 'created_at', s.created_at, 'last_seen_at', s.last_seen_at,
                       'expires_at', s.expires_at, 'current', s.id = $2,
                       'notified', exists (select from push_subscriptions p where p.session_id = s.id)) order by s.last_seen_at desc), '[]')
            from sessions s where s.account_id = a.id and s.ended_at is null and s.expires_at > now()),
           (select coalesce(jsonb_agg(to_jsonb(r)), '[]')
            from (select v.made_at as at, e.student_id, v.action, v.first_day, v.last_day, v.kind, n.label as reason, v.note
                  from children_of(a.id) c
                  join absences e on e.student_id = c.student_id
                  join absence_versions v on v.absence_id = e.id and v.made_by = a.id
                  left join reasons n on n.id = v.reason_id
                  order by v.made_at desc
                  limit 1000) r),
           (select coalesce(jsonb_agg(to_jsonb(r)), '[]')
            from (select v.made_at as at, i.student_id, v.action, d.label as disease, v.onset_on, v.diagnosed_on, v.institution, v.ended_on,
                         v.treated_until, v.cleared_on, v.suspended_from, v.returned_on, v.return_stated_at,
                         case when v.action in ('made', 'changed') then v.note end as note -- a return form has none of its own
                  from children_of(a.id) c
                  join illnesses i on i.student_id = c.student_id
                  join illness_versions v on v.illness_id = i.id and v.made_by = a.id
                  join diseases d on d.code = v.disease
                  order by v.made_at desc
                  limit 1000) r),
           (select coalesce(jsonb_agg(jsonb_build_object('version', c.version, 'at', c.at) order by c.at desc), '[]')
            from consents c where c.account_id = a.id),
           (select coalesce(jsonb_agg(jsonb_build_object('at', m.made_at, 'state', m.state) order by m.id desc), '[]')
            from outbox m where m.account_id = a.id and m.kind = 'mail'),
           (select coalesce(jsonb_agg(to_jsonb(b)), '[]') from audit_about(a.id) b),
           (select jsonb_build_object(
                       'may', w.why is null, 'why', w.why,
                       'alone', (select coalesce(jsonb_agg(jsonb_build_object(
                                            'student_id', l.student_id, 'given_name', l.given_name)), '[]')
                                 from links l where l.alone))
            from (select case when exists (select from roles_of(a.id)) then 'still_staff' end as why) w)
    from accounts a
    where a.id = $1
$$;
comment on function own_data_of is 'What is stored about an account. The reader''s own row-level security holds.';
