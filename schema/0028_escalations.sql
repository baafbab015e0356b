-- Reports that nobody has seen before roll call are brought to the office's attention, once a day for a school.
create table escalations (
    school_id int         not null references schools,
    day       date        not null,
    reports   int         not null check (reports > 0),
    made_at   timestamptz not null default now(),
    primary key (school_id, day)
);
comment on table escalations is 'On which days the office was told of reports that nobody had seen (schools.escalate_at), and of how many.';
select todoke_fence('escalations');
