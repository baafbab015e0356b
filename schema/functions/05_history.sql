-- What is append-only, and the one exception: erasing a child takes its history with it. The audit has none.
create or replace function refuse_change() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as
$$
begin
    if tg_op = 'DELETE' and tg_table_name in ('absence_versions', 'attendance_versions', 'illness_versions', 'register_corrections', 'student_versions',
                                                   'guardianship_versions')
        and current_setting('todoke.erasing', true) = 'on' then
        return null;
    end if;
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
