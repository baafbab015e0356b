-- Who is told what, and where. What happens writes a row of tellings, in its own transaction and cheaply; a worker makes of
-- it, once, a row of the outbox for each person and way (schema/functions/42_telling.sql). Web push is a second kind of
-- outbox row beside mail: for one device, which the browser's push service reaches.

create table tellings (
    id         bigint primary key generated always as identity,
    kind       text        not null,
    school_id  int         not null,
    student_id bigint,
    account_id bigint,
    object_id  bigint,
    version    int,
    made_by    bigint,
    made_at    timestamptz not null default now(),
    due_at     timestamptz not null default now(),
    detail     jsonb check (octet_length(detail::text) <= 4000)
);
comment on table tellings is 'What is to be told, until it is put into the outbox for everybody whom it concerns.';
comment on column tellings.kind is 'A row of telling_kinds(), which says who is told; or "absence", where the version says what it is.';
comment on column tellings.account_id is 'The one person to tell, where the kind is for one.';
comment on column tellings.object_id is 'What it is about: an absence, with its version; a request.';
comment on column tellings.detail is 'What the texts need and no row says. Never a note, a reason or symptoms.';
-- Behind the fence but for being written: by the tables' triggers, whoever changes them and whatever is in view.
alter table tellings enable row level security;
alter table tellings force row level security;
create policy schools on tellings
    using ((select todoke_whole_city()) or school_id = any ((select todoke_schools())::int[]));
create policy told on tellings for insert with check (true);

create function tellings_notify() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    perform pg_notify('outbox', 'tell');
    return null;
end
$$;
create trigger announced after insert on tellings for each statement execute function tellings_notify();

create table telling_choices (
    account_id bigint  not null references accounts,
    topic      text    not null,
    push       boolean not null,
    mail       text    not null check (mail in ('always', 'else', 'never')),
    primary key (account_id, topic)
);
comment on table telling_choices is 'What people chose, by topic; without a row, the topic''s own default holds.';
comment on column telling_choices.mail is 'else: where no device gets a push.';

create table push_subscriptions (
    id           bigint primary key generated always as identity,
    account_id   bigint      not null references accounts,
    session_id   bigint      not null unique references sessions on delete cascade,
    endpoint     text        not null unique check (endpoint ~ '^https://[!-~]+$' and octet_length(endpoint) <= 1000),
    gateway      text        not null check (octet_length(gateway) between 1 and 260),
    p256dh       bytea       not null check (octet_length(p256dh) = 65),
    auth         bytea       not null check (octet_length(auth) = 16),
    made_at      timestamptz not null default now(),
    delivered_at timestamptz
);
comment on table push_subscriptions is 'Devices that get pushes: of a session, and gone with it.';
comment on column push_subscriptions.endpoint is 'Where the browser''s push service takes messages for it. Known to nobody else.';
comment on column push_subscriptions.gateway is 'The endpoint''s host, and its port if it names one.';
comment on column push_subscriptions.delivered_at is 'When the push service took one last, to the day.';
create index push_subscriptions_by_account on push_subscriptions (account_id);

alter table outbox
    drop constraint outbox_kind_check,
    drop constraint outbox_waiting,
    add constraint outbox_kind check (kind in ('mail', 'push')),
    add column subscription_id bigint,
    add column topic text check (topic ~ '^[A-Za-z0-9_-]{1,32}$'),
    add column urgency text not null default 'normal' check (urgency in ('very-low', 'low', 'normal', 'high')),
    add constraint outbox_waiting check (state <> 'waiting' or (body is not null and case kind
        when 'mail' then address is not null and subject is not null
        else subscription_id is not null and octet_length(body) <= 2000 end));
comment on column outbox.subscription_id is 'push: the device.';
comment on column outbox.topic is 'push: one that has not been delivered yet gives way to a newer one of the same topic.';
drop index outbox_due;
create index outbox_due on outbox (kind, priority, due_at, id) where state = 'waiting';
create index outbox_by_subscription on outbox (subscription_id) where state = 'waiting' and kind = 'push';

-- A device that is gone: what waits for it is done, in vain.
create function push_subscriptions_gone() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    update outbox o
    set state = 'failed', done_at = now(), body = null, error = coalesce(o.error, 'gone')
    from gone g
    where o.subscription_id = g.id and o.kind = 'push' and o.state = 'waiting';
    return null;
end
$$;
create trigger gone after delete on push_subscriptions referencing old table as gone
    for each statement execute function push_subscriptions_gone();

create function session_forgets_push() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    delete from push_subscriptions p where p.session_id = new.id;
    return null;
end
$$;
create trigger forgets_push after update of ended_at on sessions
    for each row when (new.ended_at is not null and old.ended_at is null) execute function session_forgets_push();
