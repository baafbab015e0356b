-- Who works where: roles that begin and end by somebody's hand, invitations for staff, and accounts elsewhere (OpenID).
alter table staff_roles
    add column made_at  timestamptz not null default now(),
    add column made_by  bigint references accounts,
    add column ended_at timestamptz,
    add column ended_by bigint references accounts;
comment on column staff_roles.ended_at is 'Taken back: from that moment it counts no more. The row stays, as the record.';
create unique index staff_roles_once on staff_roles (account_id, role, coalesce(school_id, 0), coalesce(class_id, 0))
    where ended_at is null and valid_to is null;

create table staff_invitations (
    id          bigint primary key generated always as identity,
    school_id   int references schools,
    class_id    int,
    role        text        not null
        check (role in ('administrator', 'office', 'nurse', 'homeroom', 'teacher', 'board', 'operator')),
    family_name text        not null check (family_name <> ''),
    given_name  text        not null check (given_name <> ''),
    family_kana text        not null check (family_kana <> ''),
    given_kana  text        not null check (given_kana <> ''),
    email       text check (email_is_valid(email)),
    code_sha256 bytea       not null unique check (octet_length(code_sha256) = 32),
    made_at     timestamptz not null default now(),
    made_by     bigint      not null references accounts,
    expires_at  timestamptz not null,
    used_at     timestamptz,
    used_by     bigint references accounts,
    revoked_at  timestamptz,
    foreign key (class_id, school_id) references classes (id, school_id),
    check ((school_id is null) = (role in ('board', 'operator'))),
    check (class_id is null or role in ('homeroom', 'teacher')),
    check (role <> 'homeroom' or class_id is not null),
    check (used_at is null or revoked_at is null)
);
comment on table staff_invitations is 'Who is asked to work here with a role. The code is known to the one who gets it alone.';
comment on column staff_invitations.school_id is 'Null: a role of the city.';
create index staff_invitations_open on staff_invitations (school_id) where used_at is null and revoked_at is null;
create index staff_invitations_by_email on staff_invitations (email) where used_at is null and revoked_at is null;
select todoke_fence('staff_invitations');

create table account_identities (
    provider   text        not null,
    subject    text        not null check (subject <> '' and octet_length(subject) <= 255),
    account_id bigint      not null references accounts,
    made_at    timestamptz not null default now(),
    primary key (provider, subject)
);
comment on table account_identities is 'Accounts at other providers (OpenID Connect) by which somebody signs in here.';
create index account_identities_by_account on account_identities (account_id);

create table oidc_attempts (
    state_sha256 bytea primary key check (octet_length(state_sha256) = 32),
    provider     text        not null,
    nonce        text        not null,
    verifier     text        not null,
    made_at      timestamptz not null default now()
);
comment on table oidc_attempts is 'Browsers that were sent to a provider and are not back yet. Ten minutes, once.';
create index oidc_attempts_by_age on oidc_attempts (made_at);
