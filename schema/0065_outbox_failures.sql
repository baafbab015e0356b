-- How long the next attempt waits follows from the failures: a row that was only handed back is not sent ever more seldom.
alter table outbox add column failures int not null default 0;
comment on column outbox.attempts is 'How often it was taken; one that is handed back untried counts.';
comment on column outbox.failures is 'How often it was tried in vain.';
