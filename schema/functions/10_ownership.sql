-- Ownership: who may do what to whom. The first fence; row-level security under it is the second.
-- The rules live in three set-returning functions, which the planner inlines into the statements that join them.
-- The yes-or-no forms below only ask those. Every rule holds for the roles and links that are valid today.
--
--   guardian        reads and reports for the children that are linked, by the link's own rights; who is only to be
--                   contacted, or blocked, does neither
--   homeroom        sees and acts for the own class and the children whose exchange class it is
--   teacher         with a class: like homeroom; without one: sees every class of the school, acts for none
--   administrator, office, nurse    see and act for their school
--   board           sees every school, acts for no child
--   operator        sees nothing personal

create or replace function children_of(account bigint)
    returns table (student_id bigint, school_id int, may_report boolean, may_read boolean)
    language sql stable as
$$
    select g.student_id, g.school_id, g.may_report, g.may_read
    from guardianships g
    where g.account_id = $1
      and g.may_read
      and g.valid_from <= today()
      and (g.valid_to is null or g.valid_to >= today())
$$;
comment on function children_of is 'The children that an account may report for or read of, with the link''s rights.';

create or replace function roles_of(account bigint)
    returns table (role text, school_id int, class_id int)
    language sql stable as
$$
    select r.role, r.school_id, r.class_id
    from staff_roles r
    where r.account_id = $1
      and r.ended_at is null
      and r.valid_from <= today()
      and (r.valid_to is null or r.valid_to >= today())
$$;
comment on function roles_of is 'The staff roles of an account.';

create or replace function classes_of(account bigint)
    returns table (class_id int, school_id int, may_act boolean)
    language sql stable as
$$
    select c.id, c.school_id, r.role <> 'board' and (r.role <> 'teacher' or r.class_id is not null)
    from roles_of($1) r
    join classes c on c.id = r.class_id
                   or (r.class_id is null and (c.school_id = r.school_id or r.role = 'board'))
$$;
comment on function classes_of is 'The classes that an account sees as staff, and where it may act. May repeat a class.';

create or replace function guardian_of(account bigint, student bigint) returns boolean
    language sql stable as
$$ select exists (select from children_of($1) c where c.student_id = $2) $$;

create or replace function may_report(account bigint, student bigint) returns boolean
    language sql stable as
$$ select exists (select from children_of($1) c where c.student_id = $2 and c.may_report) $$;

create or replace function may_act_for(account bigint, student bigint) returns boolean
    language sql stable as
$$
    select exists (select from students s
                   join classes_of($1) c on c.class_id = s.class_id or c.class_id = s.exchange_class_id
                   where s.id = $2 and c.may_act)
$$;
comment on function may_act_for is 'Whether staff may register, correct and acknowledge for this child.';

create or replace function may_read_student(account bigint, student bigint) returns boolean
    language sql stable as
$$
    select exists (select from children_of($1) c where c.student_id = $2 and c.may_read)
        or exists (select from students s
                   join classes_of($1) c on c.class_id = s.class_id or c.class_id = s.exchange_class_id
                   where s.id = $2)
$$;

-- What is written about a child's absence is for who works with it: the board's own right, which opens every class, does
-- not open this one, also where one account is board and teacher.
create or replace function works_in_class(account bigint, class bigint) returns boolean
    language sql stable as
$$
    select exists (select from roles_of($1) r
                   join classes c on c.id = $2 and (c.id = r.class_id or (r.class_id is null and c.school_id = r.school_id)))
$$;
comment on function works_in_class is 'Whether an account sees a class as staff of its school.';

create or replace function works_for_school(account bigint, school bigint) returns boolean
    language sql stable as
$$
    select exists (select from roles_of($1) r where r.school_id = $2 and r.role in ('administrator', 'office', 'nurse'))
$$;
comment on function works_for_school is 'Whether an account sees a whole school as its office.';

create or replace function may_read_reports(account bigint, student bigint) returns boolean
    language sql stable as
$$
    select exists (select from children_of($1) c where c.student_id = $2 and c.may_read)
        or exists (select from students s
                   where s.id = $2 and (works_in_class($1, s.class_id) or works_in_class($1, s.exchange_class_id)))
$$;

create or replace function may_see_class(account bigint, class bigint) returns boolean
    language sql stable as
$$ select exists (select from classes_of($1) c where c.class_id = $2) $$;

create or replace function may_see_school(account bigint, school bigint) returns boolean
    language sql stable as
$$
    select exists (select from roles_of($1) r
                   where r.role = 'board' or (r.school_id = $2 and r.role in ('administrator', 'office', 'nurse')))
$$;
comment on function may_see_school is 'Whether an account sees a whole school: its office, or the board.';

create or replace function may_pick_reasons(account bigint, school bigint) returns boolean
    language sql stable as
$$
    select exists (select from children_of($1) c where c.school_id = $2)
        or exists (select from roles_of($1) r where r.role = 'board' or r.school_id = $2)
$$;

create or replace function is_city(account bigint) returns boolean
    language sql stable as
$$ select exists (select from roles_of($1) r where r.role = 'board') $$;

-- Who is registered for whom: the school's administrator and office keep it, and the board; homeroom teachers see their class's.
create or replace function may_keep_registrants(account bigint, school bigint) returns boolean
    language sql stable as
$$
    select exists (select from roles_of($1) r
                   where r.role = 'board' or (r.school_id = $2 and r.role in ('administrator', 'office')))
$$;

create or replace function may_see_registrants(account bigint, class bigint) returns boolean
    language sql stable as
$$
    select exists (select from classes c
                   join roles_of($1) r on r.role = 'board' or (r.school_id = c.school_id and r.role in ('administrator', 'office'))
                                       or (r.class_id = c.id and r.role = 'homeroom')
                   where c.id = $2)
$$;
