-- What somebody is told, and where: the own devices that get pushes, the own choices, a try.

-- name: notifications_show
-- takes: session_id bigint, push_key text
select :push_key as push_key, mail_state(a.email) as mail, coalesce(s.shared, false) as shared,
       (select count(*)::int from push_devices(a.id)) as devices,
       (select p.id from push_devices(a.id) p where p.session_id = :session_id) as this_device
from accounts a
left join sessions s on s.id = :session_id
where a.id = :actor;

-- name: notification_topics
select t.topic, t.choosable, t.push, t.mail
from topics_of(:actor) t
order by t.sort;

-- Choosing twice is choosing once.
-- name: notification_topic_choose
-- write
-- takes: topic text, push bool, mail text
insert into telling_choices as c (account_id, topic, push, mail)
select :actor, t.topic, :push, :mail
from topics_of(:actor) t
where t.topic = :topic and t.choosable
on conflict (account_id, topic) do update set push = excluded.push, mail = excluded.mail
returning c.topic, true as choosable, c.push, c.mail;

-- name: push_devices_list
-- takes: session_id bigint
select p.id, device_system(s.device) as system, device_browser(s.device) as browser, p.made_at, p.delivered_at,
       p.session_id = :session_id as is_this
from push_devices(:actor) p
join sessions s on s.id = p.session_id
order by p.session_id = :session_id desc, p.made_at desc, p.id;

-- name: push_device_set
-- write
-- takes: session_id bigint, endpoint text, gateway text, p256dh_bytes bytea, auth_bytes bytea
select p.outcome, p.id from push_subscribe(:actor, :session_id, :endpoint, :gateway, :p256dh_bytes, :auth_bytes) p;

-- name: push_device_unset
-- write
-- takes: session_id bigint
with gone as (
    delete from push_subscriptions p where p.account_id = :actor and p.session_id = :session_id returning p.id
)
select count(*)::int as removed from gone;

-- name: push_device_remove
-- write
-- takes: id bigint
delete from push_subscriptions p
where p.id = :id and p.account_id = :actor
returning p.id;

-- name: notification_test
-- write
select t.outcome, t.retry_after, t.devices, t.mail
from notification_try(:actor, :idempotency_key, :fingerprint) t;
