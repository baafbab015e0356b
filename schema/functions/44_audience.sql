-- Whom a message is for. An audience is a list of parts, written like the topics of live views:
--
--   school/3          everybody of a school            city/all            of every school
--   grade/3/2         grade 2 of it                    city/junior_high    of every school of a kind
--   class/12          a class, guests included         city/elementary/3   grade 3 in every school of a kind
--   group/5           a group (schema/0070_groups.sql)
--   student/77        a child
--
-- A part is for all who read of its children today, or, of a group of guardians, for those. "Guests" are children of a support class
-- whose exchange class it is.

-- A number as it is written here: no sign, no leading zero, and small enough for an id.
create or replace function part_number(text text) returns bigint
    language sql immutable as
$$ select case when $1 ~ '^[1-9][0-9]{0,14}$' then $1::bigint end $$;

create or replace function audience_parts(parts text[])
    returns table (part text, scope text, key bigint, grade int, kind text)
    language sql immutable as
$$
    select distinct on (p) p, split_part(p, '/', 1),
           case when p not like 'city/%' then part_number(split_part(p, '/', 2)) end,
           case when p ~ '^(grade|city)/[a-z0-9_]+/[1-9]$' then split_part(p, '/', 3)::int end,
           case when p ~ '^city/(elementary|junior_high|special_needs)(/[1-9])?$' then split_part(p, '/', 2) end
    from unnest($1) p
    where p ~ '^(school|class|group|student)/[1-9][0-9]{0,14}$' or p ~ '^grade/[1-9][0-9]{0,14}/[1-9]$'
       or p ~ '^city/(all|(elementary|junior_high|special_needs)(/[1-9])?)$'
$$;
comment on function audience_parts is 'The parts of an audience, taken apart; what is none is left out, what is there twice is there once.';

create or replace function audience_children(parts text[])
    returns table (part text, student_id bigint, school_id int, class_id int)
    language sql stable as
$$
    select p.part, s.id, s.school_id, s.class_id
    from audience_parts($1) p
    cross join lateral (
        select s.* from students s where p.scope = 'school' and s.school_id = p.key
        union all
        select s.* from classes c join students s on s.class_id = c.id where p.scope = 'grade' and c.school_id = p.key and c.grade = p.grade
        union all
        select s.* from students s where p.scope = 'class' and (s.class_id = p.key or s.exchange_class_id = p.key)
        union all
        select s.* from groups g join group_members m on m.group_id = g.id join students s on s.id = m.student_id and s.school_id = g.school_id
        where p.scope = 'group' and g.id = p.key and g.ended_at is null
        union all
        select s.* from students s where p.scope = 'student' and s.id = p.key
        union all
        select s.* from schools n join students s on s.school_id = n.id join classes c on c.id = s.class_id
        where p.scope = 'city' and (p.kind is null or n.kind = p.kind) and (p.grade is null or c.grade = p.grade)) s
    where s.left_on is null or s.left_on >= today()
$$;
comment on function audience_children is 'The children that each part of an audience is about, today.';

create or replace function audience_people(parts text[])
    returns table (part text, student_id bigint, school_id int, class_id int, account_id bigint)
    language sql stable as
$$
    select c.part, c.student_id, c.school_id, c.class_id, r.account_id
    from audience_children($1) c
    left join lateral readers_of(c.student_id) r on true
    union all
    select p.part, null, g.school_id, null, a.id
    from audience_parts($1) p
    join groups g on p.scope = 'group' and g.id = p.key and g.ended_at is null
    join group_members m on m.group_id = g.id
    join accounts a on a.id = m.account_id and a.closed_at is null
    where exists (select from children_of(a.id) k
                  join students s on s.id = k.student_id and s.school_id = g.school_id and (s.left_on is null or s.left_on >= today())
                  where k.may_read)
$$;
comment on function audience_people is
    'Each part''s children with each who reads of them (null: nobody does), and the members of groups of guardians (without a child).';

-- ---- who may write to whom ----

create or replace function may_see_groups(account bigint, school bigint) returns boolean
    language sql stable as
$$ select exists (select from roles_of($1) r where r.school_id = $2) $$;
comment on function may_see_groups is 'The staff of a school know its groups.';

create or replace function may_keep_group(account bigint, school bigint, made_by bigint) returns boolean
    language sql stable as
$$ select works_for_school($1, $2) or ($1 = $3 and may_see_groups($1, $2)) $$;
comment on function may_keep_group is 'A school''s office keeps all of its groups, other staff their own.';

-- Administrator, office and nurse write to their school and any part of it; homeroom teachers to their class, its guests and each child
-- of it; whoever keeps a group, to it; the board to the city, schools and grades.
create or replace function may_address(account bigint, parts text[])
    returns table (part text, allowed boolean)
    language sql stable as
$$
    select p.part,
           case p.scope
               when 'city' then is_city($1)
               when 'school' then (is_city($1) or works_for_school($1, p.key)) and exists (select from schools n where n.id = p.key)
               when 'grade' then (is_city($1) or works_for_school($1, p.key))
                                 and exists (select from classes c where c.school_id = p.key and c.grade = p.grade)
               when 'class' then exists (select from classes c where c.id = p.key and (works_for_school($1, c.school_id)
                                         or exists (select from roles_of($1) r where r.role = 'homeroom' and r.class_id = c.id)))
               when 'group' then exists (select from groups g where g.id = p.key and g.ended_at is null
                                         and may_keep_group($1, g.school_id, g.made_by))
               when 'student' then exists (select from students s where s.id = p.key and (s.left_on is null or s.left_on >= today())
                                           and (works_for_school($1, s.school_id)
                                                or exists (select from roles_of($1) r where r.role = 'homeroom'
                                                           and r.class_id in (s.class_id, s.exchange_class_id))))
           end
    from audience_parts($2) p
$$;
comment on function may_address is 'Whether an account may write to each part of an audience. What is no part is left out.';

-- Whether somebody may be a member of a school's group: a child that is there, or who reads of one.
create or replace function may_belong(school bigint, holds text, member bigint) returns boolean
    language sql stable as
$$
    select case when $2 = 'students'
                then exists (select from students s where s.id = $3 and s.school_id = $1 and (s.left_on is null or s.left_on >= today()))
                else exists (select from children_of($3) k
                             join students s on s.id = k.student_id and s.school_id = $1 and (s.left_on is null or s.left_on >= today())
                             where k.may_read) end
$$;
