-- How a person signs in is changed only soon after that person has proved who they are: a session may be months old, and the
-- telephone in other hands.
alter table sessions add column proved_at timestamptz;
update sessions set proved_at = created_at;
alter table sessions alter column proved_at set default now(), alter column proved_at set not null;
comment on column sessions.proved_at is
    'When a password, a passkey or a second factor was last shown in this session: at its beginning, or when asked again.';
