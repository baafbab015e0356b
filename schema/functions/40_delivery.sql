-- Mail, for the statements of all modules.

-- The one way to send mail: inside the transaction of what it tells about, so that it goes out if, and only if, that is
-- committed. A function of a CTE that nothing reads is not called: use its result, e.g. in the final select. For many
-- recipients at once, "insert into outbox (address, subject, body, account_id, priority)  select ..." does the same.
-- An address that email_is_valid refuses (upper case is fine) breaks the constraint outbox_address.
create or replace function mail_enqueue(address text, subject text, body text, account bigint default null,
                                        priority int default 5, expires interval default interval '2 days',
                                        not_before timestamptz default now()) returns bigint
    language sql volatile as
$$
    insert into outbox (address, subject, body, account_id, priority, expires_at, due_at)
    values ($1, $2, $3, $4, $5, greatest(now(), $7) + $6, $7)
    returning id
$$;
comment on function mail_enqueue is
    'Puts a mail into the outbox. Priority 1: somebody waits for it; 5; 9: mass mail. It is given up after "expires".';

create or replace function mail_address_hash(address text) returns bytea
    language sql stable strict parallel safe
    return sha256(convert_to(lower(address), 'UTF8'));

create or replace function undeliverable_since(address text) returns timestamptz
    language sql stable as
$$ select u.since from undeliverable u where u.address_sha256 = mail_address_hash($1) $$;
comment on function undeliverable_since is
    'Since when mail servers refuse this address; null when nothing is known against it.';
