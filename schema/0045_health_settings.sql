-- What a city thinks of as near a closure, and whether a school shows its guardians how many are ill.

alter table city
    add column closure_percent smallint not null default 20 check (closure_percent between 5 and 100),
    add column closure_fewest  smallint not null default 5 check (closure_fewest between 2 and 40),
    add column health_version  int      not null default 1;
comment on column city.closure_percent is 'From which share of a class on, absent for illness or suspended, it is time to think of closing it; in percent.';
comment on column city.closure_fewest is 'And from how many children on.';

alter table schools
    add column shows_health   boolean not null default false,
    add column health_version int     not null default 1;
comment on column schools.shows_health is 'Whether guardians see how many children are ill, by grade.';
