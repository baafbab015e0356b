-- What the audit is about, so that it answers for one child or one person; the texts that people agree to; what was
-- erased, and the certificate of it.

-- The hash of a row covers what these are made of.
alter table audit
    add column student_id bigint generated always as
        (case when object_kind = 'student' then object_id else (detail ->> 'student_id')::bigint end) stored,
    add column person_id  bigint generated always as
        (case when object_kind = 'account' then object_id else (detail ->> 'account_id')::bigint end) stored;
comment on column audit.student_id is 'The child whom it is about.';
comment on column audit.person_id is 'The person whom it is about (account_id is who did it).';
drop index audit_by_object, audit_by_account, audit_by_school;
create index audit_by_time on audit (at, id);
create index audit_by_school on audit (school_id, at, id);
create index audit_by_account on audit (account_id, at, id);
create index audit_by_action on audit (action, at, id);
create index audit_by_object on audit (object_kind, object_id, at, id);
create index audit_by_student on audit (student_id, at, id) where student_id is not null;
create index audit_by_person on audit (person_id, at, id) where person_id is not null;

create table terms (
    version      text primary key check (version ~ '^[0-9]{4}-[0-9]{2}(-[0-9]{1,2})?$'),
    published_at timestamptz not null default now(),
    published_by bigint,
    changes      text check (changes <> '' and char_length(changes) <= 300),
    body         text        not null check (body <> '' and char_length(body) <= 20000)
);
comment on table terms is 'The texts that people agree to, each version as it was. The newest holds.';
create trigger append_only before update or delete or truncate on terms
    for each statement execute function refuse_change();

create table consents (
    account_id bigint      not null,
    version    text        not null,
    at         timestamptz not null,
    primary key (account_id, version)
);
comment on table consents is 'Who agreed to which text, and when. Written by the trigger alone.';

create function consent_keep() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into consents (account_id, version, at)
    select id, consent_version, consented_at
    from changed
    where consent_version is not null
    on conflict do nothing;
    return null;
end
$$;
create trigger consent_given after insert on accounts referencing new table as changed
    for each statement execute function consent_keep();
create trigger consent_renewed after update on accounts referencing new table as changed
    for each statement execute function consent_keep();
insert into consents (account_id, version, at)
select id, consent_version, consented_at from accounts where consent_version is not null;

alter table accounts add column erased_at timestamptz;
comment on column accounts.erased_at is 'Nothing of the person is left but the number; closed_at alone: closed, but kept.';
alter table students add column erased_at timestamptz;
comment on column students.erased_at is 'Nothing of the child is left but the number.';

create table erasures (
    id          bigint primary key generated always as identity,
    kind        text        not null check (kind in ('account', 'graduates', 'school', 'city')),
    state       text        not null default 'prepared' check (state in ('prepared', 'applying', 'applied', 'discarded')),
    school_id   int,
    account_id  bigint,
    years       int check (years between 1 and 30),
    prepared_at timestamptz not null default now(),
    prepared_by bigint,
    applied_at  timestamptz,
    applied_by  bigint,
    counts      jsonb       not null default '{}',
    constraint erasures_account check ((kind = 'account') = (account_id is not null)),
    constraint erasures_applied check ((state = 'applied') = (applied_at is not null))
);
comment on table erasures is
    'What was erased: when, how many rows of each kind, by whom (annex 2, article 14); and batches that are prepared.';
comment on column erasures.account_id is 'The number of who left: nobody''s any more.';
comment on column erasures.prepared_by is 'Null: from the command line.';
create index erasures_by_account on erasures (account_id) where account_id is not null;
select todoke_fence('erasures');

-- A certificate is kept as it is.
create function erasure_stays() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    if tg_op <> 'UPDATE' or old.state in ('applied', 'discarded') then
        raise exception 'a certificate stays as it is' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger certificate before update or delete on erasures for each row execute function erasure_stays();
create trigger append_only before truncate on erasures for each statement execute function refuse_change();

create table erasure_students (
    erasure_id bigint not null references erasures,
    student_id bigint not null references students,
    school_id  int    not null,
    primary key (erasure_id, student_id)
);
comment on table erasure_students is 'The children of a batch, until they are erased.';
select todoke_fence('erasure_students');

-- Reports of a child that is erased go with it; nothing else removes a version.
create policy erasing on absence_versions for delete
    using (coalesce(current_setting('todoke.erasing', true), '') = 'on');

insert into terms (version, changes, body) values ('2026-04', null,
$terms$# この届けについて
この届け（学校と保護者の連絡システム）は、市の教育委員会が運営しています。保護者のみなさまと学校との連絡のためだけに使います。

# お預かりする情報
- 保護者の方：お名前、よみがな、メールアドレス（登録した場合）、続柄、お使いの端末の種類、最後にサインインした日時
- お子さま：お名前、よみがな、学校、学年、学級、出席番号
- 連絡の内容：欠席・遅刻・早退の日と理由、書いていただいた文、学校が確認した日時
- パスワードは、もとに戻せない形に変えて保存します。市も学校も知ることはできません。

# だれが見るか
- 連絡の内容を見るのは、お子さまの担任、その学校の教職員、そして同じお子さまの保護者として登録された方です。
- 教育委員会が見るのは、ふだんは人数だけです。お名前を見たときは、いつ、だれが見たかを記録します。
- 保護者どうしに、ほかの保護者のメールアドレスや連絡先が見えることはありません。
- 法令で定められた場合のほかは、外部に渡しません。広告にも使いません。

# いつまで保存するか
- 保護者の方の情報：退会するまで。退会すると、お名前やメールアドレスなどをすぐに消去します。
- お子さまの情報と連絡の記録：卒業や転出のあと、市が定める年数（通常5年）で消去します。
- 消去したものは、控え（バックアップ）からも35日以内になくなります。
- だれが何をしたかの記録には、お名前ではなく番号だけが残ります。

# ご自分でできること
- 保存されている情報を「マイページ」で確かめ、ファイルで受け取ることができます。
- お名前、メールアドレス、パスワードは、いつでも変更できます。
- 退会は、いつでもできます。退会しても、お子さまの連絡の記録は学校に残ります。

# お願い
- ご自分の利用者IDとパスワードを、ほかの人に教えないでください。
- 緊急のときや、うまく連絡できないときは、学校へお電話ください。

# 変わるとき
この内容を変えるときは、変えるところをお知らせし、あらためて同意をいただきます。
$terms$);
