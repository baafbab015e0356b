-- How guardians come in: codes, addresses that are proved, limits on guessing; and what became of each link.
alter table schools
    add column guardians_max smallint not null default 4 check (guardians_max between 1 and 10);
comment on column schools.guardians_max is 'How many guardians of one child may come in by codes.';

-- ---- codes ----

create table invitations (
    id          bigint primary key generated always as identity,
    school_id   int         not null,
    kind        text        not null constraint invitations_kind check (kind in ('link', 'guardian', 'reset')),
    student_id  bigint      not null,
    letter      smallint check (letter between 1 and 4),
    account_id  bigint references accounts,
    code        text,
    code_sha256 bytea       not null unique check (octet_length(code_sha256) = 32),
    made_at     timestamptz not null default now(),
    made_by     bigint references accounts,
    expires_at  timestamptz not null,
    used_at     timestamptz,
    used_by     bigint references accounts,
    revoked_at  timestamptz,
    foreign key (student_id, school_id) references students (id, school_id) on update cascade,
    constraint invitations_of_kind check ((kind = 'link') = (letter is not null)
                                          and (kind = 'reset') = (account_id is not null)),
    check (used_at is null or revoked_at is null)
);
comment on table invitations is
    'Codes that let somebody in, once: link (a letter of the school), guardian (from another guardian), reset (a new password).';
comment on column invitations.letter is 'The letter for the first, the second ... guardian of the child.';
comment on column invitations.account_id is 'Whose new password a reset code sets.';
comment on column invitations.code is 'In clear only while it is open and may have to be printed again; a trigger erases it.';
create unique index invitations_open_letter on invitations (student_id, letter)
    where kind = 'link' and used_at is null and revoked_at is null;
create index invitations_by_student on invitations (student_id, id);
create index invitations_by_school on invitations (school_id, kind) where used_at is null and revoked_at is null;
create index invitations_by_maker on invitations (made_by) where kind = 'guardian' and used_at is null and revoked_at is null;
create index invitations_by_account on invitations (account_id) where kind = 'reset';
select todoke_fence('invitations');

create function invitation_ended() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    new.code := null;
    return new;
end
$$;
create trigger ended before update on invitations
    for each row when (new.used_at is not null or new.revoked_at is not null) execute function invitation_ended();

-- ---- proofs of an address ----

create table verifications (
    id            bigint primary key generated always as identity,
    purpose       text        not null check (purpose in ('registration', 'recovery', 'email', 'email_old')),
    token_sha256  bytea unique check (octet_length(token_sha256) = 32),
    account_id    bigint references accounts,
    invitation_id bigint references invitations,
    email         text check (email_is_valid(email)),
    code_sha256   bytea,
    code_until    timestamptz,
    tries         smallint    not null default 0,
    proved_at     timestamptz,
    made_at       timestamptz not null default now(),
    expires_at    timestamptz not null default now() + interval '2 hours',
    done_at       timestamptz
);
comment on table verifications is
    'Registrations, recoveries and changes of address under way: six digits were sent, or none are needed. Gone after a day.';
comment on column verifications.account_id is 'Whose; of a registration: whom it made.';
comment on column verifications.code_sha256 is 'Of the six digits and the id. Null: none that fits (an address that is somebody''s, or nobody''s).';
create index verifications_by_account on verifications (account_id, purpose) where done_at is null;
create index verifications_by_age on verifications (made_at);

create table email_changes (
    id          bigint primary key generated always as identity,
    account_id  bigint      not null references accounts,
    old_email   text        not null,
    code_sha256 bytea       not null unique check (octet_length(code_sha256) = 32),
    changed_at  timestamptz not null default now(),
    stopped_at  timestamptz
);
comment on table email_changes is 'Addresses that were replaced, with the code that puts them back. Gone after seven days.';

-- ---- limits ----

-- Counts are cheap to lose: after a crash everyone begins anew.
create unlogged table rate_limits (
    name    text        not null,
    key     bytea       not null,
    began   timestamptz not null default now(),
    hits    int         not null default 1,
    primary key (name, key)
);
comment on table rate_limits is 'How often something was tried by a network, an address, an account, in a window of time.';
create index rate_limits_by_age on rate_limits (began);

-- ---- what became of each link ----

alter table guardianships add column version int not null default 1;

create table guardianship_versions (
    id         bigint primary key generated always as identity,
    account_id bigint      not null,
    student_id bigint      not null,
    school_id  int         not null,
    version    int         not null,
    action     text        not null check (action in ('made', 'changed', 'removed')),
    made_at    timestamptz not null default clock_timestamp(),
    made_by    bigint,
    relation   text        not null,
    rights     text        not null,
    via        text        not null,
    valid_from date        not null,
    valid_to   date
);
comment on table guardianship_versions is
    'Every version that a link between guardian and child ever had. Written by the trigger alone; nobody updates or deletes it.';
comment on column guardianship_versions.made_by is 'Who changed it (todoke.changed_by); null: the roster.';
create index guardianship_versions_by_student on guardianship_versions (student_id, id);
create index guardianship_versions_by_account on guardianship_versions (account_id);
alter table guardianship_versions enable row level security;
alter table guardianship_versions force row level security;
create policy schools on guardianship_versions for select
    using ((select todoke_whole_city()) or school_id = any ((select todoke_schools())::int[]));
create policy history on guardianship_versions for insert with check (true);
create trigger append_only before update or delete or truncate on guardianship_versions
    for each statement execute function refuse_change();

-- Whoever changes a link, the version goes up.
create function guardianship_version_up() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    new.version := old.version + 1;
    return new;
end
$$;
create trigger version_up before update on guardianships
    for each row execute function guardianship_version_up();

create function guardianship_history() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into guardianship_versions (account_id, student_id, school_id, version, action, made_by, relation, rights, via, valid_from, valid_to)
    select c.account_id, c.student_id, c.school_id, c.version + (tg_op = 'DELETE')::int,
           case tg_op when 'INSERT' then 'made' when 'UPDATE' then 'changed' else 'removed' end,
           case when tg_op = 'INSERT' then c.made_by else nullif(current_setting('todoke.changed_by', true), '')::bigint end,
           c.relation, c.rights, c.via, c.valid_from, c.valid_to
    from changed c;
    return null;
end
$$;
create trigger history_inserted after insert on guardianships referencing new table as changed
    for each statement execute function guardianship_history();
create trigger history_updated after update on guardianships referencing new table as changed
    for each statement execute function guardianship_history();
create trigger history_deleted after delete on guardianships referencing old table as changed
    for each statement execute function guardianship_history();
