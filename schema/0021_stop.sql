-- A change of address that is stopped takes along what may be the thief's; failed sign-ins of a network are counted as everything else is.
alter table email_changes add column since timestamptz not null default now() - interval '24 hours';
update email_changes set since = changed_at - interval '24 hours';
comment on column email_changes.since is
    'What was added to the account from then on may be of whoever changed the address: a day before, or the beginning of that session.';
drop function if exists email_change_finish(bigint, text, text);

-- rate_limits counts them too, as 'failed sign-ins'.
drop table network_failures;
