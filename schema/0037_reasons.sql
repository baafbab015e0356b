-- Reasons are kept by schools and the city; a school's row may stand in the place of one of the city's. Marks are edited.
alter table reasons
    add column overrides  int references reasons,
    add column version    int         not null default 1,
    add column changed_by bigint,
    add column changed_at timestamptz not null default now(),
    add constraint reasons_override check (overrides is null or school_id is not null),
    drop constraint reasons_school_id_label_key;
comment on column reasons.overrides is 'The city''s reason in whose place the school has this one; where it is not active, the school has none of it.';
create unique index reasons_by_label on reasons (school_id, label) nulls not distinct where active;
create unique index reasons_overridden on reasons (overrides, school_id);

alter table marks
    add column version    int         not null default 1,
    add column changed_at timestamptz not null default now();
