-- Whether anything was ever reported with a reason: then it is switched off, never deleted.
create or replace function reason_used(reason int, school int) returns boolean
    language sql stable as
$$
    select exists (select from absences a where a.reason_id = $1 and ($2 is null or a.school_id = $2))
        or exists (select from absence_versions v where v.reason_id = $1 and ($2 is null or v.school_id = $2))
        or exists (select from absence_requests q where q.reason_id = $1 and ($2 is null or q.school_id = $2))
        or exists (select from standing_absences t where t.reason_id = $1)
$$;
