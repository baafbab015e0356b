-- Every version of an illness is kept, as those of a report are.

select set_config('todoke.schools', '*', true);

alter table illnesses add column changed_via text not null default 'school' check (changed_via in ('guardian', 'school'));
comment on column illnesses.changed_via is 'As what changed_by made this version: a guardian of the child, or the school.';
-- Whoever made the version before a return form is not known any more; the form itself is a guardian's.
update illnesses set changed_via = 'guardian'
where (version = 1 and via = 'guardian') or (return_stated_by = changed_by and return_stated_at = changed_at);

create table illness_versions (
    illness_id       bigint      not null,
    version          int         not null,
    school_id        int         not null,
    action           text        not null check (action in ('made', 'changed', 'returned', 'withdrawn')),
    made_by          bigint      not null,
    made_at          timestamptz not null,
    made_via         text        not null,
    disease          text        not null,
    onset_on         date        not null,
    diagnosed_on     date,
    institution      text,
    ended_on         date,
    treated_until    date,
    cleared_on       date,
    suspended_from   date,
    returned_on      date,
    return_stated_at timestamptz,
    note             text,
    primary key (illness_id, version)
);
comment on table illness_versions is 'Every version that an illness ever had, return forms too. Written by the trigger alone.';
alter table illness_versions enable row level security;
alter table illness_versions force row level security;
create policy schools on illness_versions for select
    using ((select todoke_whole_city()) or school_id = any ((select todoke_schools())::int[]));
create policy history on illness_versions for insert with check (true);
create policy erasing on illness_versions for delete
    using (coalesce(current_setting('todoke.erasing', true), '') = 'on');
create trigger append_only before update or delete or truncate on illness_versions
    for each statement execute function refuse_change();

insert into illness_versions (illness_id, version, school_id, action, made_by, made_at, made_via, disease, onset_on, diagnosed_on,
                              institution, ended_on, treated_until, cleared_on, suspended_from, returned_on, return_stated_at, note)
select id, version, school_id,
       case when withdrawn_at is not null then 'withdrawn' when return_stated_at = changed_at then 'returned' when version = 1 then 'made'
            else 'changed' end,
       changed_by, changed_at, changed_via, disease, onset_on, diagnosed_on, institution, ended_on, treated_until, cleared_on,
       suspended_from, returned_on, return_stated_at, note
from illnesses;
select set_config('todoke.schools', '', true);

-- The function file makes it anew, with what a guardian wrote about illnesses.
drop function if exists own_data_of(bigint, bigint);
