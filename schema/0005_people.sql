-- What people need to come in by themselves: an address, rights of their own for each child, sessions that know how well
-- somebody has proved who it is.

-- Written as it arrives in most mail systems: ASCII alone, so that no two addresses look alike; lower case. Japanese
-- carriers gave out addresses with two dots in a row or one before the @: those are let in.
create function email_is_valid(address text) returns boolean
    language sql immutable parallel safe
    return address = lower(address) and octet_length(address) <= 254
       and address ~ '^[a-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$';
comment on function email_is_valid is 'Whether this is a mail address that we write to (the shape alone).';

-- What is typed at the door, in the one form in which it is kept: full-width letters become half-width, capitals small.
create function login_normal(typed text) returns text
    language sql immutable parallel safe
    return lower(btrim(normalize(typed, nfkc)));
comment on function login_normal is 'A login id or mail address as typed, in the form in which it is kept.';

alter table accounts
    add constraint accounts_login_id_plain check (login_id ~ '^[a-z0-9][a-z0-9._-]{1,63}$'),
    add column email             text check (email_is_valid(email)),
    add column language          text        not null default 'ja' check (language ~ '^[a-z]{2,3}(-[A-Za-z]{2,8})?$'),
    add column consent_version   text check (consent_version <> ''),
    add column consented_at      timestamptz,
    add column second_factor     boolean     not null default false,
    add column made_at           timestamptz not null default now(),
    add column last_signed_in_at timestamptz,
    add check ((consent_version is null) = (consented_at is null));
comment on column accounts.login_id is 'ASCII, lower case, never with an @: so it is nobody''s mail address.';
comment on column accounts.email is 'Confirmed by a code before it is written here; null: lives without one.';
comment on column accounts.consent_version is 'Which text of the terms was agreed to.';
comment on column accounts.second_factor is 'Signing in takes a second factor. Staff need one in any case.';
create unique index accounts_by_email on accounts (email) where closed_at is null;

alter table guardianships
    add column rights  text        not null default 'report' check (rights in ('report', 'read', 'contact', 'blocked')),
    add column via     text        not null default 'school' check (via in ('letter', 'guardian', 'school')),
    add column made_at timestamptz not null default now(),
    add column made_by bigint references accounts;
update guardianships
set rights = case when may_report then 'report' when may_read then 'read' else 'contact' end
where not may_report;
alter table guardianships drop column may_report, drop column may_read;
alter table guardianships
    add column may_report boolean not null generated always as (rights = 'report') stored,
    add column may_read   boolean not null generated always as (rights in ('report', 'read')) stored;
comment on column guardianships.rights is
    'report (and read), read, contact (the school may write to them, they see nothing), blocked (also no new code helps).';
comment on column guardianships.via is 'By whose invitation: the school''s letter, another guardian, the school''s office itself.';

alter table sessions
    add column factors smallint not null default 1 check (factors in (1, 2)),
    add column shared  boolean  not null default false;
comment on column sessions.factors is
    'How many factors were shown. Staff, and who chose so, get nowhere with one (role bit 64).';
comment on column sessions.shared is 'On a device that others use too: short, and forgotten with the browser.';
