-- The queue of what goes out, as the workers' senders see it. None of these is a route's.

-- First in each batch. The queue is empty for most of the day and long in the morning: a plan that was made for the one and kept read the
-- whole table in the other, and one that is made each time costs more than the work. By the indexes it is right for both.
-- name: outbox_plan_by_index
-- internal
select count(set_config(name, value, true)) as settings
from (values ('plan_cache_mode', 'force_generic_plan'), ('enable_seqscan', 'off'), ('enable_bitmapscan', 'off'), ('enable_hashjoin', 'off'),
             ('enable_mergejoin', 'off')) as s (name, value);

-- Before a take: in the order of outbox_due, so not by another index and a sort of all that wait, which costs as little while none does.
-- name: outbox_plan_in_order
-- internal
select set_config('enable_sort', 'off', true) as setting;

-- Some mails to send, the most urgent first. They are leased: due again when it is over, unless they are settled.
-- The lease is longer than the longest transfer (relay.h: twice 60 s), so two workers never send the same mail at once.
-- name: outbox_take
-- internal write
-- takes: most int
with due as materialized (
    select o.id
    from outbox o
    where o.kind = 'mail' and o.state = 'waiting' and o.due_at <= now() and o.expires_at > now()
    order by o.priority, o.due_at, o.id
    limit :most
    for update skip locked
)
update outbox o
set attempts = o.attempts + 1, due_at = now() + interval '3 minutes'
from due
where o.id = due.id
returning o.id, o.attempts, o.message_id::text as message_id, o.address, o.subject, o.body, o.made_at;

-- The same for pushes, each with its device; not for push services that are given a rest.
-- name: push_take
-- internal write
-- takes: most int, resting text[]
with due as materialized (
    select o.id
    from outbox o
    where o.kind = 'push' and o.state = 'waiting' and o.due_at <= now() and o.expires_at > now()
      -- A join here would read, and sort, all that wait.
      and (select p.gateway <> all (:resting) from push_subscriptions p where p.id = o.subscription_id)
    order by o.priority, o.due_at, o.id
    limit :most
    for update skip locked
)
update outbox o
set attempts = o.attempts + 1, due_at = now() + interval '3 minutes'
from due
join outbox d on d.id = due.id
join push_subscriptions p on p.id = d.subscription_id
where o.id = due.id
returning o.id, o.attempts, p.endpoint, p.gateway, p.p256dh, p.auth, o.body, o.topic, o.urgency, o.made_at,
          greatest(extract(epoch from o.expires_at - now()), 0)::int as ttl;

-- What became of mails and pushes that were taken. An attempt that is not the last one says nothing, except that it was sent.
--   sent      taken by the mail server, or the push service
--   refused   for good
--   dead      for good, because of the address; a push: the device's subscription is over, and goes
--   later     not now: five seconds, doubling up to a quarter of an hour, and a chance part; not before `delays` seconds
--   returned  not tried, or the relay itself is in trouble: at once
-- name: outbox_settle
-- internal write
-- takes: ids bigint[], attempts int[], outcomes text[], errors text[], delays int[], demo bool
with known as materialized (
    -- By id alone: with the state beside it, a plan made while nothing waited would find them by reading all that wait.
    select o.* from outbox o where o.id = any (:ids) for update
), told as materialized (
    select o.id, o.kind, o.subscription_id, t.outcome, t.error, t.delay, o.failures, o.address, o.subject, o.body,
           t.outcome in ('sent', 'refused', 'dead') as done
    from unnest(:ids, :attempts, :outcomes, :errors, :delays) as t (id, attempt, outcome, error, delay)
    join known o on o.id = t.id and o.state = 'waiting' and (o.attempts = t.attempt or t.outcome = 'sent')
), settled as (
    update outbox o
    set state = case when t.outcome = 'sent' then 'sent' when t.done then 'failed' else o.state end,
        done_at = case when t.done then now() end,
        address = case when not t.done then o.address end,
        subject = case when not t.done then o.subject end,
        body = case when not t.done then o.body end,
        error = t.error,
        failures = o.failures + (t.outcome = 'later')::int,
        due_at = case when t.outcome = 'returned' then now()
                      when t.outcome = 'later'
                      then now() + greatest(least(interval '5 seconds' * (1 << least(t.failures, 8)), interval '15 minutes')
                                            * (0.75 + random() / 2), make_interval(secs => t.delay))
                      else o.due_at end
    from told t
    where o.id = t.id
), shown as (
    insert into demo_mails (id, address, subject, body)
    select t.id, t.address, t.subject, t.body
    from told t
    where t.kind = 'mail' and t.outcome = 'sent' and :demo and exists (select from demo_accounts)
    on conflict do nothing
), marked as (
    insert into undeliverable (address_sha256, error)
    select distinct on (mail_address_hash(t.address)) mail_address_hash(t.address), t.error
    from told t
    where t.kind = 'mail' and t.outcome = 'dead'
    order by mail_address_hash(t.address)
    on conflict (address_sha256) do update set error = excluded.error, last_at = now()
), cleared as (
    delete from undeliverable u
    using told t
    where t.outcome = 'sent' and u.address_sha256 = mail_address_hash(t.address)
      and not exists (select from told d where d.outcome = 'dead' and lower(d.address) = lower(t.address))
), reached as (
    update push_subscriptions p
    set delivered_at = now()
    from told t
    where p.id = t.subscription_id and t.outcome = 'sent'
      and (p.delivered_at is null or p.delivered_at < now() - interval '1 day')
), unheard as (
    -- Whose last device is over learns by mail that there is something to see, where mail stands in for pushes.
    insert into outbox (account_id, address, subject, body, priority)
    select distinct on (a.id) a.id, a.email, m.subject, m.body, 4
    from told t
    join push_subscriptions p on p.id = t.subscription_id
    join accounts a on a.id = p.account_id and a.closed_at is null
    join telling_kinds() k on k.kind = t.body::jsonb ->> 'kind'
    join telling_topics() d on d.topic = k.topic and d.choosable
    left join telling_choices c on c.account_id = a.id and c.topic = d.topic
    cross join lateral telling_mail('device_gone', '', '', '', '{}') m
    where t.kind = 'push' and t.outcome = 'dead' and coalesce(c.mail, d.mail) = 'else' and a.email is not null
      and undeliverable_since(a.email) is null
      and not exists (select from push_devices(a.id) o
                      where o.id not in (select l.subscription_id from told l where l.kind = 'push' and l.outcome = 'dead'))
    order by a.id
), gone as (
    delete from push_subscriptions p
    using told t
    where p.id = t.subscription_id and t.outcome = 'dead'
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
select count(*) filter (where kind = 'mail')::int as mails, count(*) filter (where kind = 'push')::int as pushes
from outbox
where state = 'waiting';

-- What is to be told becomes rows of the outbox (schema/functions/42_telling.sql).
-- name: tellings_take
-- internal write
-- takes: most int
select t.taken, t.made from tellings_expand(:most) t;

-- name: tellings_purge
-- internal write
delete from tellings where made_at < now() - interval '2 days';

-- name: outbox_purge
-- internal write
delete from outbox where state <> 'waiting' and done_at < now() - interval '30 days';

-- name: undeliverable_purge
-- internal write
delete from undeliverable where last_at < now() - interval '400 days';

-- name: demo_mails_purge
-- internal write
delete from demo_mails where id <= (select id from demo_mails order by id desc offset 200 limit 1);
