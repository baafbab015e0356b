-- Closures (学級閉鎖 and the like): which one holds.

create or replace function closure_word(closure closures) returns text
    language sql immutable as
$$ select case when ($1).class_id is not null then '学級閉鎖' when ($1).grade is not null then '学年閉鎖' else '臨時休業' end $$;
comment on function closure_word is 'What a closure is called.';

-- For figures of many classes: joined, not asked for each.
create or replace view closures_today with (security_invoker = true) as
select c.school_id, c.grade, c.class_id
from closures c
where c.ended_at is null and c.first_day <= today() and c.last_day >= today();
comment on view closures_today is 'What is closed today: a school, a grade of it, or a class.';

create or replace function closure_on(school int, grade int, class int, day date) returns bigint
    language sql stable as
$$
    select c.id from closures c
    where c.school_id = $1 and c.ended_at is null and c.first_day <= $4 and c.last_day >= $4
      and (c.class_id is null or c.class_id = $3) and (c.grade is null or c.grade = $2)
    order by c.id
    limit 1
$$;
comment on function closure_on is 'The closure that holds for a class on a day; null: none.';
