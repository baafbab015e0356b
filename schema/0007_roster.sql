-- The roster's own identities, the history of each class and child, and imports: staged, planned, applied, undone.

alter table classes
    add column code       text check (code <> '' and char_length(code) <= 100),
    add column version    int         not null default 1 check (version > 0),
    add column changed_by bigint,
    add column changed_at timestamptz not null default now(),
    add column import_id  bigint;
comment on column classes.code is 'What the school-affairs system calls it; unique in its school, year and grade.';
comment on column classes.import_id is 'The import that made the current version; null: an edit by hand.';
-- A support class of several grades is a class for each of them, under one code.
create unique index classes_by_code on classes (school_id, school_year, grade, code);

alter table students
    add column code       text check (code <> '' and char_length(code) <= 100),
    add column version    int         not null default 1 check (version > 0),
    add column changed_by bigint,
    add column changed_at timestamptz not null default now(),
    add column import_id  bigint,
    add constraint students_kana check (family_kana ~ '^[ぁ-ゖゝゞー・ ]+$' and given_kana ~ '^[ぁ-ゖゝゞー・ ]+$');
comment on column students.code is 'What the school-affairs system calls the child, at whatever school of the city.';
comment on constraint students_kana on students is 'Hiragana: that is what is searched and sorted by.';
create unique index students_by_code on students (code);

alter table schools add column next_school_id int references schools check (next_school_id <> id);
comment on column schools.next_school_id is 'Where the last grade of an elementary school goes on to; null: only by list.';

-- ---- history ----

create table student_versions (
    student_id        bigint      not null,
    version           int         not null,
    school_id         int         not null,
    from_school_id    int,
    action            text        not null check (action in ('made', 'changed', 'left', 'returned', 'moved', 'removed')),
    made_by           bigint,
    made_at           timestamptz not null,
    import_id         bigint,
    made_in           xid8        not null default pg_current_xact_id(),
    class_id          int         not null,
    number            smallint    not null,
    family_name       text        not null,
    given_name        text        not null,
    family_kana       text        not null,
    given_kana        text        not null,
    exchange_class_id int,
    code              text,
    left_on           date,
    primary key (student_id, version)
);
comment on table student_versions is
    'Every version that a child''s row ever had. Written by the trigger alone; nobody updates or deletes it.';
comment on column student_versions.made_in is 'The transaction: a plan''s snapshot tells whether it has seen this version.';
create index student_versions_by_transaction on student_versions (made_in);

create table class_versions (
    class_id    int         not null,
    version     int         not null,
    school_id   int         not null,
    action      text        not null check (action in ('made', 'changed', 'removed')),
    made_by     bigint,
    made_at     timestamptz not null,
    import_id   bigint,
    made_in     xid8        not null default pg_current_xact_id(),
    school_year int         not null,
    grade       smallint    not null,
    name        text        not null,
    kind        text        not null,
    code        text,
    primary key (class_id, version)
);
comment on table class_versions is
    'Every version that a class ever had. Written by the trigger alone; nobody updates or deletes it.';
create index class_versions_by_transaction on class_versions (made_in);

do $$
declare
    t text;
begin
    foreach t in array array ['student_versions', 'class_versions'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy schools on %I for select
                        using ((select todoke_whole_city()) or school_id = any ((select todoke_schools())::int[]))', t);
        execute format('create policy history on %I for insert with check (true)', t);
        execute format('create trigger append_only before update or delete or truncate on %I
                        for each statement execute function refuse_change()', t);
    end loop;
end
$$;

-- One pass for a whole statement, as the owner: the app itself can't write history.
create function version_next() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    new.version := old.version + 1;
    new.changed_at := now();
    return new;
end
$$;
comment on function version_next is 'No write, whatever its path, can forget to make a new version.';

create function student_inserted() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into student_versions (student_id, version, school_id, action, made_by, made_at, import_id, class_id, number,
                                  family_name, given_name, family_kana, given_kana, exchange_class_id, code, left_on)
    select id, version, school_id, 'made', changed_by, changed_at, import_id, class_id, number,
           family_name, given_name, family_kana, given_kana, exchange_class_id, code, left_on
    from changed;
    return null;
end
$$;

-- A child that is in another class, or gone, is so on every screen: whoever follows reports gets a new snapshot.
create function student_updated() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into student_versions (student_id, version, school_id, from_school_id, action, made_by, made_at, import_id, class_id,
                                  number, family_name, given_name, family_kana, given_kana, exchange_class_id, code, left_on)
    select n.id, n.version, n.school_id, nullif(o.school_id, n.school_id),
           case when o.school_id <> n.school_id then 'moved'
                when o.left_on is null and n.left_on is not null then 'left'
                when o.left_on is not null and n.left_on is null then 'returned'
                else 'changed' end,
           n.changed_by, n.changed_at, n.import_id, n.class_id, n.number, n.family_name, n.given_name, n.family_kana,
           n.given_kana, n.exchange_class_id, n.code, n.left_on
    from changed n
    join old_rows o on o.id = n.id;
    if exists (select from changed n
               join old_rows o on o.id = n.id
               where (n.class_id, n.exchange_class_id, n.left_on) is distinct from (o.class_id, o.exchange_class_id, o.left_on)) then
        perform pg_notify('live', 'absences *');
    end if;
    return null;
end
$$;

-- Only an import that is undone removes what it had made; who undid it is on the import.
create function student_deleted() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into student_versions (student_id, version, school_id, action, made_by, made_at, import_id, class_id, number,
                                  family_name, given_name, family_kana, given_kana, exchange_class_id, code, left_on)
    select g.id, g.version + 1, g.school_id, 'removed', i.undone_by, now(), g.import_id, g.class_id, g.number,
           g.family_name, g.given_name, g.family_kana, g.given_kana, g.exchange_class_id, g.code, g.left_on
    from gone g
    left join roster_imports i on i.id = g.import_id;
    perform pg_notify('live', 'absences *');
    return null;
end
$$;

create function class_written() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into class_versions (class_id, version, school_id, action, made_by, made_at, import_id, school_year, grade, name, kind, code)
    select id, version, school_id, case tg_op when 'INSERT' then 'made' else 'changed' end,
           changed_by, changed_at, import_id, school_year, grade, name, kind, code
    from changed;
    return null;
end
$$;

create function class_deleted() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as
$$
begin
    insert into class_versions (class_id, version, school_id, action, made_by, made_at, import_id, school_year, grade, name, kind, code)
    select g.id, g.version + 1, g.school_id, 'removed', i.undone_by, now(), g.import_id, g.school_year, g.grade, g.name, g.kind, g.code
    from gone g
    left join roster_imports i on i.id = g.import_id;
    return null;
end
$$;

create trigger versioned before update on students for each row execute function version_next();
create trigger versioned before update on classes for each row execute function version_next();
create trigger history_insert after insert on students referencing new table as changed
    for each statement execute function student_inserted();
create trigger history_update after update on students referencing old table as old_rows new table as changed
    for each statement execute function student_updated();
create trigger history_delete after delete on students referencing old table as gone
    for each statement execute function student_deleted();
create trigger history_insert after insert on classes referencing new table as changed
    for each statement execute function class_written();
create trigger history_update after update on classes referencing new table as changed
    for each statement execute function class_written();
create trigger history_delete after delete on classes referencing old table as gone
    for each statement execute function class_deleted();

-- What is there already begins its history here.
do $$
begin
    perform set_config('todoke.schools', '*', true);
    insert into student_versions (student_id, version, school_id, action, made_at, class_id, number, family_name, given_name,
                                  family_kana, given_kana, exchange_class_id, left_on)
    select id, 1, school_id, 'made', changed_at, class_id, number, family_name, given_name, family_kana, given_kana,
           exchange_class_id, left_on
    from students;
    insert into class_versions (class_id, version, school_id, action, made_at, school_year, grade, name, kind)
    select id, 1, school_id, 'made', changed_at, school_year, grade, name, kind
    from classes;
    perform set_config('todoke.schools', '', true);
end
$$;

-- ---- imports ----

create table roster_mappings (
    id         bigint primary key generated by default as identity,
    school_id  int references schools,
    name       text        not null check (name <> '' and char_length(name) <= 60),
    by_place   boolean     not null default false,
    columns    jsonb       not null,
    changed_by bigint      not null,
    changed_at timestamptz not null default now(),
    constraint roster_mappings_name unique nulls not distinct (school_id, name)
);
comment on table roster_mappings is 'Which column of a CSV holds what, by name; without a school: the city''s.';
comment on column roster_mappings.columns is 'Field -> heading, or column number where by_place.';
select todoke_fence('roster_mappings', shared => true);

create table roster_imports (
    id          bigint primary key generated by default as identity,
    school_id   int references schools,
    kind        text        not null check (kind in ('oneroster', 'csv', 'rollover')),
    mode        text        not null check (mode in ('bulk', 'delta')),
    encoding    text check (encoding in ('utf8', 'utf8_bom', 'cp932')),
    school_year int         not null check (school_year between 2000 and 2200),
    state       text        not null default 'staged'
        check (state in ('staged', 'checked', 'booked', 'scheduled', 'applied', 'undone', 'discarded')),
    on_day      date,
    read_days   int check (read_days between 0 and 366),
    n_rows      int         not null default 0,
    n_errors    int         not null default 0,
    n_warnings  int         not null default 0,
    counts      jsonb       not null default '{}',
    made_by     bigint      not null,
    made_at     timestamptz not null default now(),
    planned_at  timestamptz,
    planned_in  pg_snapshot,
    applied_by  bigint,
    applied_at  timestamptz,
    undone_by   bigint,
    undone_at   timestamptz,
    check (kind <> 'rollover' or (school_id is null and on_day is not null and read_days is not null))
);
comment on table roster_imports is 'A file, or the roll-over, on its way into the roster; without a school: the city''s.';
comment on column roster_imports.planned_in is 'What the plan has seen: whatever was changed outside of it makes the plan stale.';
create unique index roster_imports_one_rollover on roster_imports (school_year)
    where kind = 'rollover' and state not in ('undone', 'discarded');
create index roster_imports_by_school on roster_imports (school_id, id);
-- The city's are numbers alone, and schools take part in the roll-over: readable; what they hold is fenced by itself.
select todoke_fence('roster_imports', shared => true);

-- Staged children. The first columns are what was told, as it was told; what the plan finds out stands behind them.
create table roster_rows (
    import_id           bigint   not null references roster_imports on delete cascade,
    nth                 int      not null,
    school_id           int,
    source              text     not null default 'file' check (source in ('file', 'list', 'promoted', 'manual')),
    line                int,
    code                text,
    school_code         text,
    school_year         int,
    grade               smallint,
    class_code          text,
    class_name          text,
    class_kind          text check (class_kind in ('regular', 'support')),
    number              int,
    family_name         text,
    given_name          text,
    family_kana         text,
    given_kana          text,
    exchange_class_code text,
    exchange_class_name text,
    gone                boolean  not null default false,
    student_id          bigint,
    matched_by          text,
    to_school_id        int,
    to_grade            smallint,
    to_class_name       text,
    to_class_id         int,
    to_exchange_id      int,
    to_number           int,
    problem             text,
    primary key (import_id, nth)
);
comment on table roster_rows is 'Children as a file (or the roll-over) tells them; gone once they are applied or discarded.';
comment on column roster_rows.school_id is 'Who may see the row: the import''s school; in a roll-over the child''s school.';
comment on column roster_rows.number is 'Null: not told.';
select todoke_fence('roster_rows');

create table roster_problems (
    id          bigint primary key generated by default as identity,
    import_id   bigint not null references roster_imports on delete cascade,
    school_id   int,
    found_by    text   not null check (found_by in ('file', 'plan')),
    severity    text   not null check (severity in ('error', 'warning')),
    code        text   not null,
    file        text,
    line        int,
    column_no   int,
    column_name text,
    says        text   not null,
    student_id  bigint
);
comment on table roster_problems is 'What is wrong with a file, and where: never what stands there.';
create index roster_problems_by_import on roster_problems (import_id, id);
select todoke_fence('roster_problems');

create table roster_changes (
    id         bigint primary key generated by default as identity,
    import_id  bigint not null references roster_imports on delete cascade,
    object     text   not null check (object in ('class', 'student', 'guardianship', 'role')),
    object_id  bigint not null,
    school_id  int    not null,
    kinds      text[] not null,
    matched_by text,
    line       int,
    before     jsonb,
    after      jsonb  not null,
    applied    boolean not null default false
);
comment on table roster_changes is 'A plan: each object that changes, before and after. Kept after it was applied, for undo.';
create index roster_changes_by_import on roster_changes (import_id, object, id);
select todoke_fence('roster_changes');
