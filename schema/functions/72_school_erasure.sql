-- A school closes, or leaves the contract: everybody of it who is nowhere else is erased. From the command line alone.

create or replace function school_staff_alone(school int) returns setof bigint
    language sql stable as
$$
    select r.account_id
    from staff_roles r
    group by r.account_id
    having bool_and(r.school_id is not distinct from $1)
       and not exists (select from guardianships g join students s on s.id = g.student_id
                       where g.account_id = r.account_id and s.school_id <> $1)
       and exists (select from accounts a where a.id = r.account_id and a.erased_at is null)
$$;
comment on function school_staff_alone is 'Who works, or worked, at this school and nowhere else, and has no child elsewhere.';

-- The batch, with what it would erase. Nothing is erased yet: whoever only asks rolls back.
create or replace function school_erasure_make(school_code text) returns bigint
    language plpgsql as
$$
declare
    school constant int := (select s.id from schools s where s.code = school_code);
    made bigint;
begin
    if school is null then
        return null;
    end if;
    insert into erasures (kind, school_id) values ('school', school) returning id into made;
    insert into erasure_students (erasure_id, student_id, school_id)
    select made, s.id, s.school_id from students s where s.school_id = school and s.erased_at is null;
    update erasures e
    set counts = counts_add(erasure_preview(made), jsonb_build_object('accounts', (select count(*) from school_staff_alone(school))))
    where e.id = made;
    return made;
end
$$;

-- Staff first, in one transaction; the children follow by erasure_step, the last of which makes the certificate.
create or replace function school_erasure_begin(erasure bigint) returns void
    language plpgsql as
$$
declare
    school constant int := (select e.school_id from erasures e where e.id = erasure and e.kind = 'school' and e.state = 'prepared');
    done   jsonb := '{}';
    person bigint;
    n      bigint;
begin
    foreach person in array array(select school_staff_alone(school)) loop
        done := counts_add(done, coalesce(account_erase(person), '{}'));
    end loop;
    update staff_roles set ended_at = now() where school_id = school and ended_at is null;
    update staff_invitations
    set email = null, family_name = '退会した', given_name = '利用者', family_kana = 'たいかいした', given_kana = 'りようしゃ',
        revoked_at = case when used_at is null then coalesce(revoked_at, now()) end
    where school_id = school;
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('staff_invitations', n));
    delete from roster_rows where school_id = school;
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('roster_rows', n));
    delete from roster_changes where school_id = school;
    get diagnostics n = row_count;
    done := counts_add(done, jsonb_build_object('roster_changes', n));
    update students set left_on = today() where school_id = school and (left_on is null or left_on > today());
    update erasures e set state = 'applying', counts = done where e.id = erasure;
    insert into audit (action, object_kind, object_id, school_id) values ('erasure_begun', 'erasure', erasure, school);
end
$$;
