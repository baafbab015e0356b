-- The mails of a demonstration. A real city's are nobody's to read: they are gone once they are sent.

-- name: demo_mails_list
-- public
select m.id, m.address, m.subject, m.body, m.sent_at
from demo_mails m
order by m.id desc
limit 50;
