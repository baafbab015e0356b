-- What is told, to whom, in which words. src/delivery/README.md says how to add a kind.

-- Who is told: everybody who reads of the child ('guardians'), one person ('account'), the school's office ('office').
-- A topic that can't be chosen goes both ways always.
create or replace function telling_kinds()
    returns table (kind text, topic text, audience text, priority smallint, urgency text, lives interval)
    language sql immutable as
$$
    values ('absence_reported', 'reports', 'guardians', 4::smallint, 'normal', interval '12 hours'),
           ('absence_corrected', 'reports', 'guardians', 4::smallint, 'normal', interval '12 hours'),
           ('absence_cancelled', 'reports', 'guardians', 4::smallint, 'normal', interval '12 hours'),
           ('absence_acknowledged', 'seen', 'guardians', 5::smallint, 'low', interval '6 hours'),
           ('request_decided', 'requests', 'guardians', 3::smallint, 'high', interval '1 day'),
           ('child_unaccounted', 'urgent', 'guardians', 2::smallint, 'high', interval '4 hours'),
           ('child_found', 'urgent', 'guardians', 2::smallint, 'high', interval '4 hours'),
           ('closure_announced', 'urgent', 'guardians', 3::smallint, 'high', interval '1 day'),
           ('closure_changed', 'urgent', 'guardians', 3::smallint, 'high', interval '1 day'),
           ('closure_withdrawn', 'urgent', 'guardians', 3::smallint, 'high', interval '1 day'),
           ('reports_unseen', 'unseen', 'office', 3::smallint, 'high', interval '2 hours')
$$;
comment on function telling_kinds is 'Every kind of telling: its topic, who is told, how urgent it is and how long it is worth telling.';

create or replace function telling_topics()
    returns table (topic text, sort int, guardians boolean, choosable boolean, push boolean, mail text)
    language sql immutable as
$$
    values ('reports', 1, true, true, true, 'else'),
           ('seen', 2, true, true, false, 'never'),
           ('requests', 3, true, true, true, 'else'),
           ('urgent', 4, true, false, true, 'always'),
           ('unseen', 5, false, true, true, 'never')
$$;
comment on function telling_topics is 'What people choose by, with the defaults: for guardians, or for a school''s office.';

-- The other direction of children_of: the same rule.
create or replace function readers_of(student bigint) returns table (account_id bigint)
    language sql stable as
$$
    select g.account_id
    from guardianships g
    join accounts a on a.id = g.account_id and a.closed_at is null
    where g.student_id = $1
      and g.may_read
      and g.valid_from <= today()
      and (g.valid_to is null or g.valid_to >= today())
$$;
comment on function readers_of is 'The guardians who read of a child today.';

-- Devices whose session is still good.
create or replace function push_devices(account bigint) returns setof push_subscriptions
    language sql stable as
$$
    select p.*
    from push_subscriptions p
    join sessions s on s.id = p.session_id and s.ended_at is null and s.expires_at > now()
    where p.account_id = $1
$$;
comment on function push_devices is 'The devices of an account that get pushes.';

create or replace function day_text(day date) returns text
    language sql immutable as
$$ select to_char($1, 'FMMM"月"FMDD"日"') || '（' || substr('日月火水木金土', extract(dow from $1)::int + 1, 1) || '）' $$;

create or replace function days_text(first_day date, last_day date) returns text
    language sql immutable as
$$ select day_text($1) || case when $2 > $1 then '〜' || day_text($2) else '' end $$;

create or replace function absence_kind_text(kind text) returns text
    language sql immutable as
$$
    select case $1 when 'absent' then '欠席' when 'late' then '遅刻' when 'leave_early' then '早退'
                   when 'late_and_leave_early' then '遅刻・早退' when 'attend' then '登校' else '連絡' end
$$;

-- What a mail says. `lines` has a line for each child ("はなさん　欠席　11月26日（木）"), `kinds` what is reported ("欠席"); `who` is
-- who reported, as the reader sees it, or the role that saw it. Never a family name, a note, a reason or symptoms.
create or replace function telling_mail(kind text, who text, kinds text, lines text, detail jsonb, out subject text, out body text)
    language plpgsql immutable as
$$
declare
    look constant text := E'\n内容は、アプリのホームで確認できます。\n';
begin
    case kind
        when 'absence_reported' then
            subject := case who when 'you' then '連絡を受け付けました' when 'school' then '学校が連絡を登録しました' else '別の保護者から連絡がありました' end;
            body := case who when 'you' then '次の連絡を受け付けました。'
                             when 'school' then '学校が、お電話などでうかがった' || kinds || 'の連絡を登録しました。'
                             else 'お子さんについて、別の保護者から' || kinds || 'の連絡がありました。' end
                    || E'\n\n' || lines || E'\n' || look;
        when 'absence_corrected' then
            subject := case who when 'you' then '連絡の訂正を受け付けました' when 'school' then '学校が連絡を訂正しました' else '別の保護者が連絡を訂正しました' end;
            body := case who when 'you' then '連絡の訂正を受け付けました。' when 'school' then '学校が、お子さんの連絡を訂正しました。'
                             else 'お子さんについての連絡を、別の保護者が訂正しました。' end
                    || E'いまの内容は次のとおりです。\n\n' || lines || E'\n' || look;
        when 'absence_cancelled' then
            subject := case who when 'you' then '連絡を取り消しました' when 'school' then '学校が連絡を取り消しました' else '別の保護者が連絡を取り消しました' end;
            body := case who when 'you' then '次の連絡の取り消しを受け付けました。' when 'school' then '学校が、次の連絡を取り消しました。'
                             else 'お子さんについての次の連絡を、別の保護者が取り消しました。' end
                    || E'\n\n' || lines || E'\n' || look;
        when 'absence_acknowledged' then
            subject := '学校が連絡を確認しました';
            body := who || E'が、次の連絡を確認しました。\n\n' || lines || E'\n' || look;
        when 'request_decided' then
            subject := '変更の申し出への返事があります';
            body := E'申し出のあった変更について、学校から返事があります。\n\n' || lines || E'\n' || look;
        when 'child_unaccounted' then
            subject := '【至急】お子さんの登校を確認させてください';
            body := E'朝の出席確認で、次のお子さんが学校に来ていません。欠席や遅刻の連絡も届いていません。\n\n' || lines
                    || E'\n\nアプリから欠席や遅刻を連絡するか、学校へお電話ください。'
                    || coalesce(E'\n電話：' || (detail ->> 'phone'), '') || E'\n';
        when 'child_found' then
            subject := 'お子さんを確認できました';
            body := E'登校の確認をお願いしていた次のお子さんについて、学校で確認できました。\n\n' || lines || E'\n' || look;
        when 'closure_announced', 'closure_changed' then
            subject := case kind when 'closure_changed' then '学級閉鎖などの変更のお知らせ' else '学級閉鎖などのお知らせ' end;
            body := case kind when 'closure_changed' then '登校しない日が、次のとおりに変わりました。' else '次のとおり、登校しない日になります。' end
                    || E'\n\n' || lines || E'\n' || coalesce(detail ->> 'days', '') || E'　' || coalesce(detail ->> 'what', '')
                    || coalesce(E'\n\n' || (detail ->> 'note'), '') || E'\n\nこの間の欠席の連絡はいりません。\n';
        when 'closure_withdrawn' then
            subject := '学級閉鎖などの取り消しのお知らせ';
            body := E'お知らせした次の閉鎖は、取り消しになりました。ふだんどおり授業があります。\n\n' || lines || E'\n'
                    || coalesce(detail ->> 'days', '') || E'　' || coalesce(detail ->> 'what', '')
                    || E'\n\nお休みするときは、欠席を連絡してください。\n';
        when 'reports_unseen' then
            subject := '確認していない連絡があります';
            body := E'まだ確認していない連絡が' || coalesce(detail ->> 'count', '') || E'件あります。学校の画面で確認してください。\n';
        when 'device_gone' then
            subject := '通知を届けられませんでした';
            body := E'お使いの端末に、学校からの通知を届けられませんでした。\n' || look
                    || E'\nまた通知を受け取るには、その端末でアプリを開き、マイページの「通知」で設定してください。\n';
    end case;
    body := body || E'\n----\nこのメールは自動で送信しています。返信はできません。\n通知の受け取り方は、マイページの「通知」で変えられます。\n';
end
$$;
comment on function telling_mail is 'Subject and body of a mail that tells something.';

-- The role in which somebody acknowledged: never the name.
create or replace function role_text(role text) returns text
    language sql immutable as
$$ select case $1 when 'homeroom' then '担任' when 'nurse' then '養護教諭' else '学校' end $$;

-- Puts these tellings into the outbox and takes them out of the queue: one transaction, so each is told exactly once. Siblings
-- in one go are one message. Nested loops over indexes only: there are few tellings, and whatever the statistics say of a table
-- that was empty yesterday, it is not to be read as a whole.
create or replace function tellings_write(ids bigint[]) returns int
    language plpgsql volatile
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as
$$
#variable_conflict use_column
declare
    made int;
begin
    with taken as materialized (
        delete from tellings t where t.id = any (ids) returning t.*
    ), told as materialized (
        select t.id, k.kind, t.school_id, t.student_id, t.account_id, t.object_id, t.made_by, t.detail, k.topic, k.audience, k.priority,
               k.urgency, k.lives - (now() - t.made_at) as lives, v.made_via, absence_kind_text(v.kind) as kinds, a.acknowledged_role,
               s.given_name || 'さん' || case when v.absence_id is not null
                   then '　' || absence_kind_text(v.kind) || '　' || days_text(v.first_day, v.last_day) else '' end as line
        from taken t
        left join absence_versions v on t.kind = 'absence' and v.absence_id = t.object_id and v.version = t.version
        left join absences a on a.id = v.absence_id
        join telling_kinds() k on k.kind = case t.kind when 'absence' then 'absence_' || v.action else t.kind end
        left join students s on s.id = t.student_id
        where t.made_at > now() - k.lives
    ), people as (
        select t.id, r.account_id from told t cross join lateral readers_of(t.student_id) r where t.audience = 'guardians'
        union all
        select t.id, t.account_id from told t where t.audience = 'account'
        union
        select t.id, r.account_id
        from told t
        join staff_roles r on r.school_id = t.school_id and r.role in ('administrator', 'office', 'nurse') and r.ended_at is null
                           and r.valid_from <= today() and (r.valid_to is null or r.valid_to >= today())
        where t.audience = 'office'
    ), letters as materialized (
        select p.account_id, t.kind, h.who, t.topic, t.priority, t.urgency, min(t.lives) as lives,
               string_agg(distinct t.kinds, '・') as kinds, string_agg(t.line, E'\n' order by t.id) as lines, min(t.school_id) as school_id,
               array_agg(distinct t.student_id) filter (where t.student_id is not null) as student_ids,
               t.detail,
               left(translate(encode(sha256(convert_to(p.account_id || ' ' || case when t.kind like 'absence%' then 'absence' when t.kind like 'child%' then 'child' else t.kind end
                   || ' ' || string_agg(coalesce(t.object_id, t.student_id, t.school_id)::text, ',' order by t.id), 'UTF8')), 'base64'),
                   '+/=', '-_'), 32) as tag
        from people p
        join told t on t.id = p.id
        cross join lateral (
            select case when t.kind = 'absence_acknowledged' then role_text(t.acknowledged_role)
                        when t.kind not like 'absence%' then null
                        when t.made_via = 'school' then 'school' when t.made_by = p.account_id then 'you' else 'other' end as who) h
        -- What is said beside the lines holds for each of them: not another school's days, telephone or number.
        group by p.account_id, t.kind, h.who, t.topic, t.priority, t.urgency, t.detail, case when t.audience = 'office' then t.school_id end
    ), chosen as materialized (
        select l.*, a.email, case when d.choosable then coalesce(c.push, d.push) else true end as push,
               case when d.choosable then coalesce(c.mail, d.mail) else 'always' end as mail,
               exists (select from push_devices(l.account_id)) as has_device
        from letters l
        join accounts a on a.id = l.account_id and a.closed_at is null
        join telling_topics() d on d.topic = l.topic
        left join telling_choices c on c.account_id = l.account_id and c.topic = l.topic
    ), pushes as (
        insert into outbox (kind, account_id, subscription_id, body, topic, urgency, priority, expires_at)
        select 'push', c.account_id, p.id,
               jsonb_build_object('kind', c.kind, 'who', case when c.kind <> 'absence_acknowledged' then c.who end, 'tag', c.tag,
                                  'url', case when c.kind = 'reports_unseen' then '/school/' || c.school_id else '/home' end)::text,
               c.tag, c.urgency, c.priority, now() + c.lives
        from chosen c
        cross join lateral push_devices(c.account_id) p
        where c.push
        returning 1
    ), mails as (
        insert into outbox (kind, account_id, address, subject, body, priority, expires_at, student_ids)
        select 'mail', c.account_id, c.email, m.subject, m.body, c.priority, now() + c.lives, c.student_ids
        from chosen c
        cross join lateral telling_mail(c.kind, c.who, coalesce(c.kinds, ''), coalesce(c.lines, ''), c.detail) m
        where c.email is not null and (c.mail = 'always' or (c.mail = 'else' and not (c.push and c.has_device)))
          -- One that is refused for good is tried once a day, by the first mail.
          and not exists (select from undeliverable u
                          where u.address_sha256 = mail_address_hash(c.email) and u.last_at > now() - interval '1 day')
        returning 1
    )
    select (select count(*) from pushes) + (select count(*) from mails) into made;
    return made;
end
$$;
comment on function tellings_write is 'Makes outbox rows of tellings and removes these; gives how many.';

-- The next ones, at most so many, whoever asks: others' are passed over. One that can't be told does not hold up the rest: it is tried
-- again when it is twice as old, between five seconds and ten minutes later.
create or replace function tellings_expand(most int, out taken int, out made int)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    ids constant bigint[] := array(select t.id from tellings t where t.due_at <= now() order by t.id limit most for update skip locked);
    one bigint;
begin
    taken := cardinality(ids);
    made := 0;
    if taken = 0 then
        return;
    end if;
    begin
        made := tellings_write(ids);
        return;
    exception when others then
        raise warning 'tellings: %', sqlstate;
    end;
    foreach one in array ids loop
        begin
            made := made + tellings_write(array[one]);
        exception when others then
            update tellings set due_at = now() + greatest(interval '5 seconds', least(now() - made_at, interval '10 minutes')) where id = one;
        end;
    end loop;
end
$$;
comment on function tellings_expand is 'Tells what is due; gives how many tellings were taken, and the rows made of them.';

-- ---- what is told by the tables themselves: one multi-row insert for a statement, nothing for each recipient ----

-- Who may no longer read of a child gets no mail of it that still waits for its server.
create or replace function mails_taken_back() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    update outbox o
    set state = 'expired', done_at = now(), address = null, subject = null, body = null
    from old_rows b
    where o.account_id = b.account_id and o.kind = 'mail' and o.state = 'waiting' and b.student_id = any (o.student_ids)
      and not exists (select from readers_of(b.student_id) r where r.account_id = b.account_id);
    return null;
end
$$;
create or replace trigger mails_taken_back after update on guardianships referencing old table as old_rows
    for each statement execute function mails_taken_back();
create or replace trigger mails_taken_back_with_link after delete on guardianships referencing old table as old_rows
    for each statement execute function mails_taken_back();

-- What became of a report, the version says.
create or replace function absences_told() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into tellings (kind, school_id, student_id, object_id, version, made_by)
    select 'absence', n.school_id, n.student_id, n.id, n.version, n.changed_by
    from changed n;
    return null;
end
$$;
create or replace trigger told_new after insert on absences referencing new table as changed
    for each statement execute function absences_told();

create or replace function absences_told_again() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into tellings (kind, school_id, student_id, object_id, version, made_by)
    select 'absence', n.school_id, n.student_id, n.id, n.version, n.changed_by
    from changed n
    join old_rows o on o.id = n.id and o.version < n.version;
    return null;
end
$$;
create or replace trigger told_again after update on absences referencing old table as old_rows new table as changed
    for each statement execute function absences_told_again();

-- A request that is accepted is told as the change that it becomes.
create or replace function requests_told() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into tellings (kind, school_id, student_id, object_id, version, made_by)
    select 'request_decided', n.school_id, n.student_id, n.id, n.version, n.decided_by
    from changed n
    join old_rows o on o.id = n.id and o.state = 'open'
    where n.state = 'declined';
    return null;
end
$$;
create or replace trigger told after update on absence_requests referencing old table as old_rows new table as changed
    for each statement execute function requests_told();

create or replace function inquiries_told() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into tellings (kind, school_id, student_id, object_id, version, made_by, detail)
    select 'child_unaccounted', n.school_id, n.student_id, n.id, n.version, n.asked_by, jsonb_build_object('phone', s.phone)
    from changed n
    join schools s on s.id = n.school_id;
    return null;
end
$$;
create or replace trigger told after insert on inquiries referencing new table as changed
    for each statement execute function inquiries_told();

-- Asked once more; or found, which takes the worry from everybody who was asked.
create or replace function inquiries_told_again() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into tellings (kind, school_id, student_id, object_id, version, made_by, detail)
    select case when n.answer is null then 'child_unaccounted' else 'child_found' end, n.school_id, n.student_id, n.id, n.version,
           coalesce(n.answered_by, n.asked_by), jsonb_build_object('phone', s.phone)
    from changed n
    join old_rows o on o.id = n.id
    join schools s on s.id = n.school_id
    where n.asked_at <> o.asked_at or (n.answer = 'closed' and o.answer is distinct from 'closed');
    return null;
end
$$;
create or replace trigger told_again after update on inquiries referencing old table as old_rows new table as changed
    for each statement execute function inquiries_told_again();

-- Each child of the class, grade or school.
create or replace function closure_tell(kind text, closure closures) returns void
    language sql volatile as
$$
    insert into tellings (kind, school_id, student_id, object_id, version, made_by, detail)
    select $1, ($2).school_id, s.id, ($2).id, ($2).version, ($2).changed_by,
           jsonb_build_object('days', days_text(($2).first_day, ($2).last_day),
                              'what', closure_word($2),
                              'note', ($2).note)
    from classes c
    join students s on s.class_id = c.id and s.left_on is null
    where c.school_id = ($2).school_id and c.school_year = school_year()
      and (($2).class_id is null or c.id = ($2).class_id) and (($2).grade is null or c.grade = ($2).grade)
$$;
comment on function closure_tell is 'Tells the guardians of everybody whom a closure is about.';

create or replace function closures_told() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    perform closure_tell('closure_announced', n) from changed n where n.ended_at is null and n.last_day >= today();
    return null;
end
$$;
create or replace trigger told after insert on closures referencing new table as changed
    for each statement execute function closures_told();

-- Who was told to stay at home must be told when to come, also when that is sooner than today.
create or replace function closures_told_again() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    perform closure_tell(case when n.ended_at is null then 'closure_changed' else 'closure_withdrawn' end, n)
    from changed n
    join old_rows o on o.id = n.id
    where o.ended_at is null and greatest(o.last_day, n.last_day) >= today()
      and (n.ended_at is not null or (n.first_day, n.last_day, n.note) is distinct from (o.first_day, o.last_day, o.note));
    return null;
end
$$;
create or replace trigger told_again after update on closures referencing old table as old_rows new table as changed
    for each statement execute function closures_told_again();

-- ---- devices, choices, a try ----

-- A device that is gone: what waits for it is done, in vain. Nearly every settling of the outbox deletes none, and must not read what
-- waits for all of them.
create or replace function push_subscriptions_gone() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    if not exists (select from gone) then return null; end if;
    update outbox o
    set state = 'failed', done_at = now(), body = null, error = coalesce(o.error, 'gone')
    from gone g
    where o.subscription_id = g.id and o.kind = 'push' and o.state = 'waiting';
    return null;
end
$$;

-- Each browser says again what its endpoint is. One that belongs to another session now is that one's alone: what waits for
-- the old one is not shown to the new.
create or replace function push_subscribe(account bigint, session bigint, endpoint text, gateway text, p256dh bytea, auth bytea)
    returns table (outcome text, id bigint)
    language plpgsql volatile as
$$
#variable_conflict use_column
begin
    if not exists (select from sessions s where s.id = $2 and s.account_id = $1 and s.ended_at is null) then
        return;
    elsif exists (select from sessions s where s.id = $2 and s.shared) then
        return query select 'shared_device', null::bigint;
        return;
    end if;
    delete from push_subscriptions p where p.endpoint = $3 and (p.session_id <> $2 or p.account_id <> $1);
    return query
        insert into push_subscriptions as p (account_id, session_id, endpoint, gateway, p256dh, auth)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (session_id) do update
        set endpoint = excluded.endpoint, gateway = excluded.gateway, p256dh = excluded.p256dh, auth = excluded.auth
        returning null::text, p.id;
end
$$;
comment on function push_subscribe is 'This session''s device gets pushes. No row: the session is over.';

create or replace function topics_of(account bigint)
    returns table (topic text, sort int, choosable boolean, push boolean, mail text)
    language sql stable as
$$
    select d.topic, d.sort, d.choosable, coalesce(c.push, d.push), coalesce(c.mail, d.mail)
    from telling_topics() d
    left join telling_choices c on c.account_id = $1 and c.topic = d.topic and d.choosable
    where case when d.guardians then exists (select from children_of($1))
               else exists (select from roles_of($1) r where r.role in ('administrator', 'office', 'nurse')) end
$$;
comment on function topics_of is 'What an account can choose about, as it stands.';

create or replace function notification_try(account bigint, key uuid, fingerprint bytea)
    returns table (outcome text, retry_after int, devices int, mail boolean)
    language plpgsql volatile as
$$
#variable_conflict use_column
declare
    known record;
begin
    select * into known from answer_known($1, $2, $3);
    if known.answer is not null then
        return query select known.outcome, null::int, (known.answer ->> 'devices')::int, (known.answer ->> 'mail')::boolean;
        return;
    end if;
    retry_after := nullif(limit_hit('test notifications', account_key($1), 5, '10 minutes'), 0);
    if retry_after is not null then
        outcome := 'too_many';
        return next;
        return;
    end if;
    insert into outbox (kind, account_id, subscription_id, body, urgency, priority, expires_at)
    select 'push', $1, p.id, '{"kind": "test", "tag": "test", "url": "/account/notifications"}', 'high', 1, now() + interval '10 minutes'
    from push_devices($1) p;
    get diagnostics devices = row_count;
    insert into outbox (account_id, address, subject, body, priority, expires_at)
    select a.id, a.email, 'テスト通知', E'これはテスト通知です。このアドレスで、学校からの通知を受け取れます。\n\n----\nこのメールは自動で送信しています。返信はできません。\n',
           1, now() + interval '10 minutes'
    from accounts a
    where a.id = $1 and a.email is not null and devices = 0;
    mail := found;
    insert into idempotency (account_id, key, fingerprint, answer)
    values ($1, $2, $3, jsonb_build_object('devices', devices, 'mail', mail));
    return next;
end
$$;
comment on function notification_try is 'A test notification to the own devices; by mail, where there is none.';

-- ---- whom nothing reaches ----

create or replace function unreached_why(account bigint, email text) returns text
    language sql stable as
$$
    select case when exists (select from push_devices($1)) then null
                when $2 is null then 'no_address'
                when undeliverable_since($2) is not null then 'undeliverable' end
$$;
comment on function unreached_why is 'Why neither push nor mail reaches an account; null: something does.';
