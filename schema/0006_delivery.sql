-- What goes out: mail, and who does not get it. Statements enqueue (mail_enqueue) inside their own transaction;
-- src/delivery sends.

create table outbox (
    id         bigint primary key generated always as identity,
    kind       text        not null default 'mail' check (kind in ('mail')),
    state      text        not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'expired')),
    priority   smallint    not null default 5 check (priority between 1 and 9),
    account_id bigint,
    address    text,
    subject    text check (subject <> '' and octet_length(subject) <= 500 and subject !~ '[[:cntrl:]]'),
    body       text check (body <> '' and octet_length(body) <= 100000),
    message_id uuid        not null default gen_random_uuid(),
    made_at    timestamptz not null default now(),
    due_at     timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '2 days',
    attempts   int         not null default 0,
    error      text,
    done_at    timestamptz,
    constraint outbox_address check (email_is_valid(lower(address))),
    constraint outbox_waiting check (state <> 'waiting' or (address is not null and subject is not null
                                                            and body is not null)),
    constraint outbox_purged check (state = 'waiting' or (address is null and subject is null and body is null)),
    constraint outbox_done check ((state = 'waiting') = (done_at is null))
);
comment on table outbox is
    'What is to be sent. Once it is done, for better or worse, its content is gone; the facts stay for 30 days.';
comment on column outbox.priority is '1: somebody waits for it (a code); 5; 9: mass mail.';
comment on column outbox.due_at is
    'Not before this. Who takes a row moves it to the end of a lease, a failure to the next attempt.';
comment on column outbox.message_id is 'The same at each attempt, so that a mail that came twice can be recognised.';
comment on column outbox.error is 'Why the last attempt failed: a class and the server''s codes, nothing of its text.';
create index outbox_due on outbox (priority, due_at, id) where state = 'waiting';
create index outbox_expiring on outbox (expires_at) where state = 'waiting';
create index outbox_done_at on outbox (done_at) where state <> 'waiting';
create index outbox_by_account on outbox (account_id, id) where account_id is not null;

create function outbox_notify() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    perform pg_notify('outbox', '');
    return null;
end
$$;
create trigger announced after insert on outbox for each statement execute function outbox_notify();

create table undeliverable (
    address_sha256 bytea primary key check (octet_length(address_sha256) = 32),
    error          text        not null,
    since          timestamptz not null default now(),
    last_at        timestamptz not null default now()
);
comment on table undeliverable is
    'Addresses that a mail server refused for good, by their hash. The next mail that is taken removes the row.';

create table demo_mails (
    id      bigint primary key,
    address text        not null,
    subject text        not null,
    body    text        not null,
    sent_at timestamptz not null default now()
);
comment on table demo_mails is 'The newest mails of a demonstration, for its page. Stays empty in a real city.';
