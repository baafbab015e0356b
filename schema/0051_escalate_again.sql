-- Reports that nobody has seen may be brought to the office a second time: those that came after the first.
alter table schools
    add column escalate_again_at time,
    add constraint schools_escalations check (escalate_again_at > escalate_at);
comment on column schools.escalate_again_at is 'When unseen reports are brought to the office once more; null: not again.';

alter table escalations
    add column round smallint not null default 1 check (round in (1, 2)),
    drop constraint escalations_pkey,
    add primary key (school_id, day, round);
comment on table escalations is
    'On which days the office was told of reports that nobody had seen (schools.escalate_at; round 2: escalate_again_at), and of how many.';
