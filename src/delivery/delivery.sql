-- The queue of what goes out, as the workers' senders see it. None of these is a route's.

-- Some mails to send, the most urgent first. They are leased: due again when it is over, unless they are settled.
-- The lease is longer than the longest transfer (relay.h: twice 60 s), so two workers never send the same mail at once.
-- name: outbox_take
-- internal write
-- takes: most int
with due as materialized (
    select o.id
    from outbox o
    where o.state = 'waiting' and o.due_at <= now() and o.expires_at > now()
    order by o.priority, o.due_at, o.id
    limit :most
    for update skip locked
)
update outbox o
set attempts = o.attempts + 1, due_at = now() + interval '3 minutes'
from due
where o.id = due.id
returning o.id, o.attempts, o.message_id::text as message_id, o.address, o.subject, o.body, o.made_at;

-- What became of mails that were taken. An attempt that is not the last one says nothing, except that it was sent.
--   sent      taken by the mail server
--   refused   for good
--   dead      for good, because of the address
--   later     not now: five seconds, doubling up to a quarter of an hour, and a chance part
--   returned  not tried, or the relay itself is in trouble: at once
-- name: outbox_settle
-- internal write
-- takes: ids bigint[], attempts int[], outcomes text[], errors text[], demo bool
with told as materialized (
    select o.id, t.outcome, t.error, o.attempts, o.address, o.subject, o.body,
           t.outcome in ('sent', 'refused', 'dead') as done
    from unnest(:ids, :attempts, :outcomes, :errors) as t (id, attempt, outcome, error)
    join outbox o on o.id = t.id and o.state = 'waiting' and (o.attempts = t.attempt or t.outcome = 'sent')
    for update of o
), settled as (
    update outbox o
    set state = case when t.outcome = 'sent' then 'sent' when t.done then 'failed' else o.state end,
        done_at = case when t.done then now() end,
        address = case when not t.done then o.address end,
        subject = case when not t.done then o.subject end,
        body = case when not t.done then o.body end,
        error = t.error,
        due_at = case when t.outcome = 'returned' then now()
                      when t.outcome = 'later'
                      then now() + least(interval '5 seconds' * (1 << least(t.attempts - 1, 8)), interval '15 minutes')
                                   * (0.75 + random() / 2)
                      else o.due_at end
    from told t
    where o.id = t.id
), shown as (
    insert into demo_mails (id, address, subject, body)
    select t.id, t.address, t.subject, t.body
    from told t
    where t.outcome = 'sent' and :demo and exists (select from demo_accounts)
    on conflict do nothing
), marked as (
    insert into undeliverable (address_sha256, error)
    select distinct on (mail_address_hash(t.address)) mail_address_hash(t.address), t.error
    from told t
    where t.outcome = 'dead'
    order by mail_address_hash(t.address)
    on conflict (address_sha256) do update set error = excluded.error, last_at = now()
), cleared as (
    delete from undeliverable u
    using told t
    where t.outcome = 'sent' and u.address_sha256 = mail_address_hash(t.address)
      and not exists (select from told d where d.outcome = 'dead' and lower(d.address) = lower(t.address))
)
select count(*)::int as settled from told;

-- Too late. A mail that was taken in its last moment is still its sender's until the lease is over.
-- name: outbox_expire
-- internal write
with expired as (
    update outbox
    set state = 'expired', done_at = now(), address = null, subject = null, body = null
    where state = 'waiting' and expires_at < now() - interval '3 minutes'
    returning id
)
select count(*)::int as expired from expired;

-- name: outbox_waiting
-- internal
select count(*)::int as waiting from outbox where state = 'waiting';

-- name: outbox_purge
-- internal write
delete from outbox where state <> 'waiting' and done_at < now() - interval '30 days';

-- name: undeliverable_purge
-- internal write
delete from undeliverable where last_at < now() - interval '400 days';

-- name: demo_mails_purge
-- internal write
delete from demo_mails where id <= (select id from demo_mails order by id desc offset 200 limit 1);
