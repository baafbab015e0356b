-- What people do with an import. Each function asks who may (through the caller's own fence: an import that can't be seen
-- is not found), locks the import, and answers with an outcome; null: done.

-- Roster-wide changes go one after the other: each is to see what the last one did.
create or replace function roster_lock() returns void
    language sql set search_path = pg_catalog, public, pg_temp as
$$ select pg_advisory_xact_lock(hashtext('todoke.roster')) $$;

create or replace function roster_take(account bigint, import bigint) returns roster_imports
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
declare
    i roster_imports;
begin
    select * into i
    from roster_imports r
    where r.id = import and may_keep_roster(account, r.school_id)
      and (r.school_id is not null or todoke_whole_city())
    for update;
    return i;
end
$$;
comment on function roster_take is 'Locks an import that this account may change; null when there is none.';

create or replace function roster_note(account bigint, what text, i roster_imports) returns void
    language sql set search_path = pg_catalog, public, pg_temp as
$$
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select account, what, 'roster_import', r.id, r.school_id,
           jsonb_build_object('kind', r.kind, 'rows', r.n_rows, 'errors', r.n_errors, 'counts', r.counts)
    from roster_imports r
    where r.id = i.id
$$;

create or replace function roster_stage(account bigint, school bigint, kind text, mode text, encoding text, year int,
                                        rows jsonb, problems jsonb, key uuid, print bytea)
    returns table (outcome text, id bigint)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    known idempotency;
    i roster_imports;
begin
    select * into known from idempotency k where k.account_id = account and k.key = roster_stage.key;
    if found then
        return query select case when known.fingerprint <> print then 'key_reused' end, (known.answer ->> 'id')::bigint;
        return;
    end if;
    if not may_keep_roster(account, school::int) or (school is null and not todoke_whole_city())
       or (school is not null and not exists (select from classes c where c.school_id = school)) then
        return query select 'not_found', null::bigint;
        return;
    end if;
    year := coalesce(year, school_year());
    if year not in (school_year(), school_year() + 1) then
        return query select 'wrong_year', null::bigint;
        return;
    end if;
    perform roster_lock();
    insert into roster_imports (school_id, kind, mode, encoding, school_year, made_by)
    values (school, roster_stage.kind, roster_stage.mode, roster_stage.encoding, year, account)
    returning * into i;
    insert into roster_rows (import_id, nth, school_id, line, code, school_code, school_year, grade, class_code, class_name, class_kind,
                             number, family_name, given_name, family_kana, given_kana, exchange_class_code, gone)
    select i.id, row_number() over (), school, r.line, r.code, r.school_code, r.school_year, r.grade, r.class_code, r.class_name,
           r.class_kind, r.number, r.family_name, r.given_name, kana_hiragana(r.family_kana), kana_hiragana(r.given_kana),
           r.exchange_class_code, coalesce(r.gone, false)
    from jsonb_to_recordset(rows) r (line int, code text, school_code text, school_year int, grade smallint, class_code text,
                                     class_name text, class_kind text, number int, family_name text, given_name text,
                                     family_kana text, given_kana text, exchange_class_code text, gone boolean);
    insert into roster_problems (import_id, school_id, found_by, severity, code, file, line, column_no, column_name, says)
    select i.id, school, 'file', 'error', p.code, p.file, p.line, p.column_no, p.column_name, p.says
    from jsonb_to_recordset(problems) p (code text, file text, line int, column_no int, column_name text, says text);
    perform roster_plan(i.id);
    perform roster_note(account, 'roster_planned', i);
    insert into idempotency (account_id, key, fingerprint, answer)
    values (account, roster_stage.key, print, jsonb_build_object('id', i.id));
    return query select null::text, i.id;
end
$$;
comment on function roster_stage is 'A parsed file becomes an import: staged, planned, nothing applied.';

create or replace function roster_replan(account bigint, import bigint)
    returns table (outcome text, state text)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    i constant roster_imports := roster_take(account, import);
begin
    if i.id is null then
        return query select 'not_found', null::text;
    elsif i.state not in ('checked', 'booked', 'scheduled') then
        return query select 'wrong_state', i.state;
    else
        perform roster_lock();
        perform roster_plan(i.id);
        perform roster_note(account, 'roster_planned', i);
        return query select null::text, i.state;
    end if;
end
$$;

-- Has the roster changed since the plan, as far as the import reaches? Versions that its snapshot did not see, or a child
-- or class of its own that is no longer what it was.
create or replace function roster_is_stale(i roster_imports) returns boolean
    language sql stable set search_path = pg_catalog, public, pg_temp as
$$
    select exists (select from student_versions v
                   where v.made_in >= pg_snapshot_xmin(i.planned_in) and not pg_visible_in_snapshot(v.made_in, i.planned_in)
                     and (i.school_id is null or i.school_id in (v.school_id, v.from_school_id)))
        or exists (select from class_versions v
                   where v.made_in >= pg_snapshot_xmin(i.planned_in) and not pg_visible_in_snapshot(v.made_in, i.planned_in)
                     and (i.school_id is null or v.school_id = i.school_id))
        or exists (select from roster_changes h
                   left join students s on s.id = h.object_id
                   where h.import_id = i.id and h.object = 'student' and h.before is not null
                     and h.before is distinct from student_image(s))
        or exists (select from roster_changes h
                   left join classes c on c.id = h.object_id
                   where h.import_id = i.id and h.object = 'class' and h.before is not null
                     and h.before is distinct from class_image(c))
$$;

-- Carries out what `applied` marks, or (back) takes it back. Classes come before their children and go after them.
create or replace function roster_write(i roster_imports, account bigint, back boolean) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    if not back then
        insert into classes (id, school_id, school_year, grade, name, kind, code, sort, changed_by, import_id)
        select h.object_id, x.school_id, x.school_year, x.grade, x.name, x.kind, x.code, x.sort, account, i.id
        from roster_changes h
        cross join lateral jsonb_populate_record(null::classes, h.after) x
        where h.import_id = i.id and h.object = 'class' and h.applied and h.before is null;
        insert into students (id, school_id, class_id, number, family_name, given_name, family_kana, given_kana, exchange_class_id,
                              code, changed_by, import_id)
        select h.object_id, x.school_id, x.class_id, x.number, x.family_name, x.given_name, x.family_kana, x.given_kana,
               x.exchange_class_id, x.code, account, i.id
        from roster_changes h
        cross join lateral jsonb_populate_record(null::students, h.after) x
        where h.import_id = i.id and h.object = 'student' and h.applied and h.before is null
        order by h.object_id;
    end if;
    update classes c
    set name = x.name, kind = x.kind, code = x.code, changed_by = account, import_id = i.id
    from roster_changes h
    cross join lateral jsonb_populate_record(null::classes, case when back then h.before else h.after end) x
    where c.id = h.object_id and h.import_id = i.id and h.object = 'class' and h.applied and h.before is not null;
    update students s
    set school_id = x.school_id, class_id = x.class_id, number = x.number, family_name = x.family_name, given_name = x.given_name,
        family_kana = x.family_kana, given_kana = x.given_kana, exchange_class_id = x.exchange_class_id, code = x.code,
        left_on = x.left_on, changed_by = account, import_id = i.id
    from roster_changes h
    cross join lateral jsonb_populate_record(null::students, case when back then h.before else h.after end) x
    where s.id = h.object_id and h.import_id = i.id and h.object = 'student' and h.applied and h.before is not null;
    update guardianships g
    set valid_to = (case when back then h.before else h.after end ->> 'valid_to')::date
    from roster_changes h
    where h.import_id = i.id and h.object = 'guardianship' and h.applied
      and g.student_id = h.object_id and g.account_id = (h.after ->> 'account_id')::bigint;
    update staff_roles r
    set valid_to = (case when back then h.before else h.after end ->> 'valid_to')::date
    from roster_changes h
    where h.import_id = i.id and h.object = 'role' and h.applied and r.id = h.object_id;
    if back then
        delete from students s
        using roster_changes h
        where s.id = h.object_id and h.import_id = i.id and h.object = 'student' and h.applied and h.before is null;
        delete from classes c
        using roster_changes h
        where c.id = h.object_id and h.import_id = i.id and h.object = 'class' and h.applied and h.before is null;
    end if;
end
$$;

-- The plan becomes the roster. Who disappeared leaves only when that was confirmed.
create or replace function roster_carry_out(i roster_imports, account bigint, missing boolean, leaves_on date) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp set enable_nestloop = off set plan_cache_mode = force_custom_plan as
$$
declare
    before constant text := look_over_fence('*');
begin
    update roster_changes h
    set applied = true,
        after = case when h.kinds && '{missing,left}' and h.after -> 'left_on' = 'null'
                     then h.after || jsonb_build_object('left_on', coalesce(leaves_on, today())) else h.after end
    where h.import_id = i.id and (missing or h.kinds <> '{missing}');
    perform roster_write(i, account, false);
    update roster_imports r
    set state = 'applied', applied_by = account, applied_at = now()
    where r.id = i.id or (i.kind = 'rollover' and r.state = 'booked' and r.school_year = i.school_year);
    delete from roster_rows r where r.import_id = i.id and i.kind <> 'rollover';
    perform roster_note(account, 'roster_applied', i);
    perform look_over_fence(before);
end
$$;

-- What an import will change, locked in one order, so that nobody changes it between the look and the writing.
create or replace function roster_hold(i roster_imports) returns boolean
    language plpgsql set search_path = pg_catalog, public, pg_temp set enable_nestloop = off set plan_cache_mode = force_custom_plan as
$$
declare
    before constant text := look_over_fence('*');
    stale boolean;
begin
    perform from students s
    where s.id in (select h.object_id from roster_changes h where h.import_id = i.id and h.object = 'student')
    order by s.id
    for no key update;
    stale := roster_is_stale(i);
    perform look_over_fence(before);
    return not stale;
end
$$;

create or replace function roster_apply(account bigint, import bigint, missing boolean, leaves_on date, problems boolean)
    returns table (outcome text, state text, n_errors int)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    i constant roster_imports := roster_take(account, import);
    refused constant text := case
        when i.id is null then 'not_found'
        when i.state not in ('checked', 'scheduled') then 'wrong_state'
        when i.kind = 'rollover' and i.on_day > today() then 'too_early'
        when leaves_on > today() then 'future_day'
        when i.kind <> 'rollover' and i.n_errors > 0 and not coalesce(problems, false) then 'has_problems' end;
begin
    if refused is not null then
        return query select refused, i.state, case when refused = 'has_problems' then i.n_errors end;
        return;
    end if;
    perform roster_lock();
    if i.kind = 'rollover' then
        perform roster_plan(i.id);
    elsif i.school_year > school_year() then
        update roster_imports r set state = 'booked' where r.id = i.id;
        perform roster_note(account, 'roster_booked', i);
        return query select null::text, 'booked', null::int;
        return;
    elsif not roster_hold(i) then
        return query select 'stale_plan', i.state, null::int;
        return;
    end if;
    perform roster_carry_out(i, account, coalesce(missing, false), leaves_on);
    return query select null::text, 'applied', null::int;
end
$$;
comment on function roster_apply is 'Applies a plan, all of it in this transaction; books a file for the coming year.';

-- How many objects somebody has changed since the import was applied, or tied something to: those would be overwritten.
create or replace function roster_touched_since(i roster_imports) returns bigint
    language sql stable set search_path = pg_catalog, public, pg_temp as
$$
    select (select count(*) from roster_changes h left join students s on s.id = h.object_id
            where h.import_id = i.id and h.object = 'student' and h.applied and h.after is distinct from student_image(s))
         + (select count(*) from roster_changes h left join classes c on c.id = h.object_id
            where h.import_id = i.id and h.object = 'class' and h.applied and h.after is distinct from class_image(c))
         + (select count(*) from roster_changes h
            left join guardianships g on g.student_id = h.object_id and g.account_id = (h.after ->> 'account_id')::bigint
            where h.import_id = i.id and h.object = 'guardianship' and h.applied
              and (h.after ->> 'valid_to')::date is distinct from g.valid_to)
         + (select count(*) from roster_changes h left join staff_roles r on r.id = h.object_id
            where h.import_id = i.id and h.object = 'role' and h.applied and (h.after ->> 'valid_to')::date is distinct from r.valid_to)
         + (select count(*) from roster_changes h
            where h.import_id = i.id and h.object = 'student' and h.applied and h.before is null
              and (exists (select from guardianships g where g.student_id = h.object_id)
                   or exists (select from absences a where a.student_id = h.object_id)
                   or exists (select from standing_absences t where t.student_id = h.object_id)
                   or exists (select from attendance d where d.student_id = h.object_id)))
         + (select count(*) from roster_changes h
            join students s on s.class_id = h.object_id or s.exchange_class_id = h.object_id
            where h.import_id = i.id and h.object = 'class' and h.applied and h.before is null
              and not exists (select from roster_changes o where o.import_id = i.id and o.object = 'student' and o.applied
                                                            and o.object_id = s.id))
         + (select count(*) from roster_changes h
            join staff_roles r on r.class_id = h.object_id
            where h.import_id = i.id and h.object = 'class' and h.applied and h.before is null)
$$;

create or replace function roster_undo(account bigint, import bigint)
    returns table (outcome text, state text, changed bigint)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_nestloop = off set plan_cache_mode = force_custom_plan as
$$
declare
    i roster_imports := roster_take(account, import);
    before text;
    touched bigint;
begin
    if i.id is null then
        return query select 'not_found', null::text, null::bigint;
        return;
    end if;
    perform roster_lock();
    before := look_over_fence('*');
    if i.state <> 'applied' or not exists (select from roster_changes h where h.import_id = i.id and h.applied) then
        return query select 'wrong_state', i.state, null::bigint;
        perform look_over_fence(before);
        return;
    end if;
    perform from students s
    where s.id in (select h.object_id from roster_changes h where h.import_id = i.id and h.object = 'student')
    order by s.id
    for update;
    touched := roster_touched_since(i);
    if touched > 0 then
        return query select 'undo_overwrites', i.state, touched;
    else
        update roster_imports r
        set state = case when r.id = i.id then 'undone' else 'booked' end,
            undone_by = case when r.id = i.id then account end, undone_at = case when r.id = i.id then now() end
        where r.id = i.id
           or (i.kind = 'rollover' and r.state = 'applied' and r.school_year = i.school_year and r.applied_at = i.applied_at);
        perform roster_write(i, account, true);
        perform roster_note(account, 'roster_undone', i);
        return query select null::text, 'undone', null::bigint;
    end if;
    perform look_over_fence(before);
exception when foreign_key_violation then
    -- Something of another feature hangs on a child or class that the import had made.
    return query select 'undo_overwrites', i.state, 1::bigint;
end
$$;
comment on function roster_undo is 'Takes back what an import did, unless that would overwrite what was done since.';

create or replace function roster_discard(account bigint, import bigint)
    returns table (outcome text, state text)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    i constant roster_imports := roster_take(account, import);
begin
    if i.id is null then
        return query select 'not_found', null::text;
    elsif i.state not in ('staged', 'checked', 'booked', 'scheduled') then
        return query select 'wrong_state', i.state;
    else
        update roster_imports r set state = 'discarded' where r.id = i.id;
        delete from roster_rows r where r.import_id = i.id;
        delete from roster_changes h where h.import_id = i.id;
        perform roster_note(account, 'roster_discarded', i);
        return query select null::text, 'discarded';
    end if;
end
$$;

-- ---- roll-over ----

create or replace function roster_rollover(account bigint, day date, reading int, key uuid, print bytea)
    returns table (outcome text, id bigint)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    known idempotency;
    i roster_imports;
    year int;
begin
    select * into known from idempotency k where k.account_id = account and k.key = roster_rollover.key;
    if found then
        return query select case when known.fingerprint <> print then 'key_reused' end, (known.answer ->> 'id')::bigint;
        return;
    elsif not is_city(account) or not todoke_whole_city() then
        return query select 'not_found', null::bigint;
        return;
    end if;
    perform roster_lock();
    -- The coming year; in its first months also the present one, if nobody has rolled over yet.
    year := school_year() + case when exists (select from classes c where c.school_year = school_year()) then 1 else 0 end;
    day := coalesce(day, make_date(year, 4, 1));
    if day not between make_date(year, 4, 1) and make_date(year + 1, 3, 31) then
        return query select 'wrong_year', null::bigint;
        return;
    end if;
    select * into i from roster_imports r where r.kind = 'rollover' and r.school_year = year and r.state not in ('undone', 'discarded');
    if found then
        return query select 'rollover_exists', i.id;
        return;
    end if;
    insert into roster_imports (kind, mode, school_year, on_day, read_days, made_by)
    values ('rollover', 'delta', year, day, coalesce(reading, 30), account)
    returning * into i;
    perform roster_plan(i.id);
    perform roster_note(account, 'roster_planned', i);
    insert into idempotency (account_id, key, fingerprint, answer)
    values (account, roster_rollover.key, print, jsonb_build_object('id', i.id));
    return query select null::text, i.id;
end
$$;
comment on function roster_rollover is 'Prepares the roll-over of the coming school year; it waits to be scheduled.';

create or replace function roster_schedule(account bigint, import bigint, day date)
    returns table (outcome text, state text)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    i constant roster_imports := roster_take(account, import);
begin
    if i.id is null or i.kind <> 'rollover' then
        return query select 'not_found', null::text;
    elsif i.state not in ('checked', 'scheduled') then
        return query select 'wrong_state', i.state;
    elsif day < today() or day not between make_date(i.school_year, 4, 1) and make_date(i.school_year + 1, 3, 31) then
        return query select 'wrong_year', i.state;
    else
        update roster_imports r
        set state = case when day is null then 'checked' else 'scheduled' end, on_day = coalesce(day, r.on_day),
            applied_by = case when day is not null then account end
        where r.id = i.id;
        perform roster_note(account, case when day is null then 'roster_unscheduled' else 'roster_scheduled' end, i);
        return query select null::text, case when day is null then 'checked' else 'scheduled' end;
    end if;
end
$$;
comment on function roster_schedule is 'Sets the day of a roll-over; null: it waits again.';

-- Every worker asks every minute; who comes while another one is at it passes by.
create or replace function roster_due() returns bigint
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    i roster_imports;
begin
    select * into i
    from roster_imports r
    where r.kind = 'rollover' and r.state = 'scheduled'
      and (r.on_day < today() or (r.on_day = today() and localtime_here() >= '00:05'))
    limit 1
    for update skip locked;
    if i.id is null then
        return null;
    end if;
    perform roster_lock();
    perform roster_plan(i.id);
    perform roster_carry_out(i, i.applied_by, false, null);
    return i.id;
end
$$;
comment on function roster_due is 'Carries out the roll-over whose day has come: once, whoever asks.';

create or replace function roster_purge() returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    update roster_imports set state = 'discarded' where state = 'checked' and kind <> 'rollover' and planned_at < now() - interval '14 days';
    delete from roster_rows r using roster_imports i
    where i.id = r.import_id and (i.state = 'discarded' or (i.state in ('applied', 'undone') and i.applied_at < now() - interval '60 days'));
    delete from roster_changes h using roster_imports i
    where i.id = h.import_id and (i.state = 'discarded' or (i.state in ('applied', 'undone') and i.applied_at < now() - interval '60 days'));
end
$$;
comment on function roster_purge is 'Forgets the rows and images of what was given up, or applied 60 days ago; the history stays.';

-- One child's next year, by hand. Its other row stands back, and comes back when the correction is taken away.
create or replace function roster_place(account bigint, import bigint, student bigint, leaves boolean, school bigint, grade int,
                                        class_name text, class_kind text, number int)
    returns table (outcome text, id bigint)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    i roster_imports;
    s students;
    other roster_rows;
begin
    select * into i from roster_imports r
    where r.id = import and r.kind = 'rollover' and may_see_import(account, r.school_id, r.kind) for update;
    select * into s from students t where t.id = student and t.left_on is null and may_keep_roster(account, t.school_id);
    if i.id is null or s.id is null then
        return query select 'not_found', null::bigint;
        return;
    elsif i.state not in ('checked', 'scheduled') then
        return query select 'wrong_state', null::bigint;
        return;
    end if;
    select * into other from roster_rows r
    where r.import_id = i.id and r.student_id = s.id and r.source <> 'manual' order by r.source <> 'list', r.nth desc limit 1;
    school := coalesce(school, other.to_school_id, s.school_id);
    grade := coalesce(grade, other.to_grade);
    if not coalesce(leaves, false) and not exists (select from schools c where c.id = school and grade between 1 and school_grades(c.kind)) then
        return query select 'validation', null::bigint;
        return;
    end if;
    delete from roster_rows r where r.import_id = i.id and r.student_id = s.id and r.source = 'manual';
    update roster_rows r set problem = 'superseded' where r.import_id = i.id and r.student_id = s.id;
    insert into roster_rows (import_id, nth, school_id, source, school_year, class_name, class_kind, number, exchange_class_name, gone,
                             student_id, to_school_id, to_grade, to_class_name, to_number)
    values (i.id, (select coalesce(max(r.nth), 0) + 1 from roster_rows r where r.import_id = i.id and r.source = 'manual'), s.school_id,
            'manual', i.school_year, coalesce(roster_place.class_name, other.class_name), coalesce(roster_place.class_kind, other.class_kind),
            roster_place.number, other.exchange_class_name, coalesce(leaves, false), s.id, case when not coalesce(leaves, false) then school end,
            grade, coalesce(roster_place.class_name, other.class_name), roster_place.number);
    insert into audit (account_id, action, object_kind, object_id, school_id)
    values (account, 'roster_place_set', 'student', s.id, s.school_id);
    return query select null::text, s.id;
end
$$;

create or replace function roster_place_clear(account bigint, import bigint, student bigint)
    returns table (outcome text, id bigint)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    s students;
begin
    select t.* into s
    from students t, roster_imports r
    where t.id = student and may_keep_roster(account, t.school_id)
      and r.id = import and r.kind = 'rollover' and r.state in ('checked', 'scheduled') and may_see_import(account, r.school_id, r.kind);
    if s.id is null then
        return query select 'not_found', null::bigint;
        return;
    end if;
    delete from roster_rows r where r.import_id = import and r.student_id = s.id and r.source = 'manual';
    update roster_rows r
    set problem = null
    where r.import_id = import and r.problem = 'superseded'
      and r.nth = (select o.nth from roster_rows o where o.import_id = import and o.student_id = s.id
                   order by o.source <> 'list', o.nth desc limit 1);
    insert into audit (account_id, action, object_kind, object_id, school_id)
    values (account, 'roster_place_cleared', 'student', s.id, s.school_id);
    return query select null::text, s.id;
end
$$;

revoke execute on function roster_take, roster_lock, roster_hold, roster_carry_out, roster_note, roster_write, roster_touched_since, roster_due, roster_purge from public;
