-- What makes retries safe, and the record of who did what.
create table idempotency (
    account_id  bigint      not null,
    key         uuid        not null,
    fingerprint bytea       not null check (octet_length(fingerprint) = 32),
    answer      jsonb       not null,
    made_at     timestamptz not null default now(),
    primary key (account_id, key)
);
comment on table idempotency is 'First answers to people''s writes, by their client''s key; kept for 7 days.';
create index idempotency_by_age on idempotency using brin (made_at);

create table audit (
    id          bigint primary key generated always as identity,
    at          timestamptz not null default clock_timestamp(),
    account_id  bigint,
    action      text        not null check (action <> ''),
    object_kind text        not null,
    object_id   bigint,
    school_id   int,
    detail      jsonb       not null default '{}'
);
comment on table audit is
    'Administrative actions and reads of personal data outside one''s own school. No names, no free text. Append-only.';
create index audit_by_object on audit (object_kind, object_id);
create index audit_by_account on audit (account_id, at);
create index audit_by_school on audit (school_id, at);
create trigger append_only before update or delete or truncate on audit
    for each statement execute function refuse_change();
-- Everyone may add a record; only its school, or the city, reads it.
alter table audit enable row level security;
alter table audit force row level security;
create policy schools on audit for select
    using ((select todoke_whole_city()) or school_id = any ((select todoke_schools())::int[]));
create policy anyone_adds on audit for insert with check (true);

create table audit_chain (
    seq       bigint primary key,
    audit_id  bigint not null unique references audit,
    prev_hash bytea  not null,
    hash      bytea  not null
);
comment on table audit_chain is
    'Seals audit rows in the order of their commits: hash = sha256(prev_hash || canonical text of the row).';
create trigger append_only before update or delete or truncate on audit_chain
    for each statement execute function refuse_change();

create function audit_text(a audit) returns text
    language sql stable
    return jsonb_build_array(a.id, extract(epoch from a.at), a.account_id, a.action, a.object_kind, a.object_id,
                             a.school_id, a.detail)::text;
comment on function audit_text is 'The canonical text of an audit row: what its hash covers.';

-- Runs at commit (a deferred trigger): the chain's lock is the last that a transaction takes, so it can't deadlock
-- with row locks, and is held only while the commit is written.
create function audit_seal() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
declare
    last audit_chain;
begin
    perform pg_advisory_xact_lock(hashtext('todoke.audit_chain'));
    select * into last from audit_chain order by seq desc limit 1;
    insert into audit_chain (seq, audit_id, prev_hash, hash)
    values (coalesce(last.seq, 0) + 1, new.id, coalesce(last.hash, ''),
            sha256(coalesce(last.hash, '') || convert_to(audit_text(new), 'UTF8')));
    return null;
end
$$;
create constraint trigger sealed after insert on audit deferrable initially deferred
    for each row execute function audit_seal();

create function audit_verify() returns bigint
    language sql stable as
$$
    select min(coalesce(seq, 0))
    from (select c.seq, c.prev_hash, c.hash, lag(c.hash, 1, ''::bytea) over (order by c.seq) as before,
                 row_number() over (order by c.seq) as nth, a as row
          from audit_chain c
          full join audit a on a.id = c.audit_id) s
    where seq is distinct from nth
       or prev_hash <> before
       or hash is distinct from sha256(prev_hash || convert_to(audit_text(row), 'UTF8'))
$$;
comment on function audit_verify is
    'The first broken link of the chain (0: an unsealed row); null when whole. Ask it with the whole city in view.';
