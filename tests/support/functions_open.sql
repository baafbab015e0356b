-- Tests only (migrate --fence-test): every ownership rule says yes, so that row-level security stands alone.
-- Never part of the program. Signatures are those of schema/functions/10_ownership.sql.
create or replace function children_of(account bigint)
    returns table (student_id bigint, school_id int, may_report boolean, may_read boolean)
    language sql stable as
$$ select s.id, s.school_id, true, true from students s $$;

create or replace function roles_of(account bigint)
    returns table (role text, school_id int, class_id int)
    language sql stable as
$$ select 'administrator', s.id, null::int from schools s union all select 'board', null, null $$;

create or replace function classes_of(account bigint)
    returns table (class_id int, school_id int, may_act boolean)
    language sql stable as
$$ select c.id, c.school_id, true from classes c $$;

create or replace function guardian_of(account bigint, student bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_report(account bigint, student bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_act_for(account bigint, student bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_read_student(account bigint, student bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_see_class(account bigint, class bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_see_school(account bigint, school bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_pick_reasons(account bigint, school bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function is_city(account bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_keep_roster(account bigint, school int) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_see_import(account bigint, school int, kind text) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_keep_registrants(account bigint, school bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_see_registrants(account bigint, class bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function works_in_class(account bigint, class bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function works_for_school(account bigint, school bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_read_reports(account bigint, student bigint) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_keep_settings(account bigint, school int) returns boolean
    language sql stable as $$ select true $$;
create or replace function may_see_settings(account bigint, school int) returns boolean
    language sql stable as $$ select true $$;
