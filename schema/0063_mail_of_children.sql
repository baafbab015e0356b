-- A mail that waits for its server is taken back when its reader may no longer read of the child.
alter table outbox add column student_ids bigint[];
comment on column outbox.student_ids is 'mail: the children that it tells of.';
