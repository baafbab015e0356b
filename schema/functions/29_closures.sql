-- Closures (学級閉鎖 and the like): which one holds.

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
