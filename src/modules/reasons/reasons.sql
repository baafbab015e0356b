-- Reasons and the register's marks, as those who keep them see them. What is offered for a report: reasons_list (absences).

-- name: reasons_of_school
-- takes: school_id bigint
with allowed as materialized (
    select s.id from schools s where s.id = :school_id and may_see_settings(:actor, s.id::int)
)
select null as outcome, r.id, r.school_id, r.overrides, r.sort, r.label, r.labels, r.needs_note, r.kinds, r.asks_symptoms, r.asks_times,
       r.mark, r.external_code, r.active,
       r.active and (r.school_id is not null or not exists (select from reasons o where o.overrides = r.id and o.school_id = a.id)) as holds,
       r.version
from allowed a
join reasons r on r.school_id = a.id or r.school_id is null
union all
select 'not_found', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
where not exists (select from allowed)
order by sort, id;

-- name: reasons_of_city
select r.id, r.sort, r.label, r.labels, r.needs_note, r.kinds, r.asks_symptoms, r.asks_times, r.mark, r.external_code, r.active,
       (select count(*)::int from reasons o where o.overrides = r.id) as overridden, r.version
from reasons r
where r.school_id is null and is_city(:actor)
order by r.sort, r.id;

-- A new one comes last; one in the place of the city's comes where that is.
-- name: reason_make
-- write
-- takes: school_id bigint, overrides bigint, label text, label_en text, label_zh text, label_vi text, label_pt text, needs_note bool, kinds text[], asks_symptoms bool, asks_times bool, mark text, external_code text, active bool
with known as materialized (
    select i.answer, i.fingerprint = :fingerprint as same
    from idempotency i
    where i.account_id = :actor and i.key = :idempotency_key
), judged as materialized (
    select above.sort as above_sort,
           case when exists (select from known where same) then 'known'
                when exists (select from known) then 'key_reused'
                when btrim(:label) = '' or (:overrides is not null and above.id is null)
                     or (:mark is not null and not exists (select from marks m where m.code = :mark)) then 'validation'
                when exists (select from reasons o where o.overrides = :overrides and o.school_id = :school_id) then 'already_overridden' end as outcome
    from (select) one
    left join reasons above on above.id = :overrides and above.school_id is null
    where may_keep_settings(:actor, :school_id::int) and in_view(:school_id::int)
), written as (
    insert into reasons (school_id, overrides, sort, label, labels, needs_note, kinds, asks_symptoms, asks_times, mark, external_code, active, changed_by)
    select :school_id::int, :overrides::int,
           coalesce(j.above_sort, (select coalesce(max(r.sort), 0) + 1 from reasons r where r.school_id is not distinct from :school_id::int)),
           btrim(:label), jsonb_strip_nulls(jsonb_build_object('en', :label_en, 'zh', :label_zh, 'vi', :label_vi, 'pt', :label_pt)),
           :needs_note, :kinds, :asks_symptoms, :asks_times, :mark, nullif(btrim(:external_code), ''), coalesce(:active, true), :actor
    from judged j
    where j.outcome is null
    returning id, school_id, version, changed_at, active, needs_note, mark
), remembered as (
    insert into idempotency (account_id, key, fingerprint, answer)
    select :actor, :idempotency_key, :fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.changed_at) from written w
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'reason_made', 'reason', w.id, w.school_id, jsonb_build_object('active', w.active, 'needs_note', w.needs_note, 'mark', w.mark)
    from written w
)
select nullif(j.outcome, 'known') as outcome, coalesce(w.id, (k.answer ->> 'id')::bigint) as id,
       coalesce(w.version, (k.answer ->> 'version')::int) as version, coalesce(w.changed_at, (k.answer ->> 'at')::timestamptz) as at
from judged j
left join written w on true
left join known k on k.same;

-- name: reason_edit
-- write
-- takes: reason_id bigint, version int, label text, label_en text, label_zh text, label_vi text, label_pt text, needs_note bool, kinds text[], asks_symptoms bool, asks_times bool, mark text, external_code text, active bool
with target as materialized (
    select r.* from reasons r where r.id = :reason_id and may_keep_settings(:actor, r.school_id) for update
), judged as materialized (
    select t.id, case when t.version <> :version then 'stale_version'
                      when btrim(:label) = '' or (:mark is not null and not exists (select from marks m where m.code = :mark))
                          then 'validation' end as outcome
    from target t
), written as (
    update reasons r
    set label = btrim(:label), labels = jsonb_strip_nulls(jsonb_build_object('en', :label_en, 'zh', :label_zh, 'vi', :label_vi, 'pt', :label_pt)),
        needs_note = :needs_note, kinds = :kinds, asks_symptoms = :asks_symptoms, asks_times = :asks_times, mark = :mark,
        external_code = nullif(btrim(:external_code), ''), active = coalesce(:active, true), changed_by = :actor, changed_at = now(),
        version = r.version + 1
    from judged j
    where r.id = j.id and j.outcome is null
    returning r.id, r.school_id, r.version, r.changed_at, r.active, r.needs_note, r.mark
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id, detail)
    select :actor, 'reason_edited', 'reason', w.id, w.school_id,
           jsonb_build_object('active', w.active, 'needs_note', w.needs_note, 'mark', w.mark,
                              'before', jsonb_build_object('active', t.active, 'needs_note', t.needs_note, 'mark', t.mark))
    from written w
    join target t on t.id = w.id
)
select j.outcome, w.id, w.version, w.changed_at as at from judged j left join written w on true;

-- One that was used stays, switched off; if it stood in the place of the city's, that one is back.
-- name: reason_remove
-- write
-- takes: reason_id bigint
with target as materialized (
    select r.*, reason_used(r.id, r.school_id) as used, exists (select from reasons o where o.overrides = r.id) as stood_for
    from reasons r
    where r.id = :reason_id and may_keep_settings(:actor, r.school_id)
    for update
), judged as materialized (
    select t.*, case when (t.used and t.overrides is null) or t.stood_for then 'reason_in_use' end as outcome from target t
), removed as (
    delete from reasons r using judged j where r.id = j.id and j.outcome is null and not j.used
), detached as (
    update reasons r
    set overrides = null, active = false, changed_by = :actor, changed_at = now(), version = r.version + 1
    from judged j
    where r.id = j.id and j.outcome is null and j.used
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'reason_removed', 'reason', j.id, j.school_id from judged j where j.outcome is null
)
select j.outcome, j.id from judged j
union all
select 'not_found', null where not exists (select from target);

-- The order of one place's reasons; those that are not named keep theirs, behind them.
-- name: reasons_order
-- write
-- takes: school_id bigint, reason_ids bigint[]
with allowed as materialized (
    select 1 as yes where may_keep_settings(:actor, :school_id::int) and in_view(:school_id::int)
), ordered as materialized (
    select r.id, row_number() over (order by array_position(:reason_ids, r.id::bigint) nulls last, r.sort, r.id)::int as sort
    from allowed, reasons r
    where r.school_id is not distinct from :school_id::int and r.overrides is null
), written as (
    update reasons r set sort = o.sort from ordered o where r.id = o.id and r.sort <> o.sort
), follows as (
    update reasons r set sort = o.sort from ordered o where r.overrides = o.id and r.sort <> o.sort
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, school_id)
    select :actor, 'reasons_ordered', case when :school_id is null then 'city' else 'school' end, coalesce(:school_id, 1), :school_id::int from allowed
)
select null as outcome, o.id, o.sort from ordered o
union all
select 'not_found', null, null where not exists (select from allowed)
order by sort;

-- name: marks_list
select m.code, m.label, m.symbol, m.counts_as, m.sort, m.external_code, m.version
from marks m
where :actor > 0
order by m.sort, m.code;

-- The version that was seen; 0: a new mark.
-- name: mark_put
-- write
-- takes: code text, version int, label text, symbol text, counts_as text, external_code text
with known as materialized (
    select m.* from marks m where m.code = :code for update
), judged as materialized (
    select case when btrim(:label) = '' or btrim(:symbol) = '' or :code !~ '^[a-z_]{1,32}$' then 'validation'
                when coalesce((select k.version from known k), 0) <> :version then 'stale_version' end as outcome
    where is_city(:actor)
), written as (
    insert into marks (code, label, symbol, counts_as, sort, external_code)
    select :code, btrim(:label), btrim(:symbol), :counts_as, (select coalesce(max(m.sort), 0) + 1 from marks m), nullif(btrim(:external_code), '')
    from judged j
    where j.outcome is null
    on conflict (code) do update set label = excluded.label, symbol = excluded.symbol, counts_as = excluded.counts_as,
                                     external_code = excluded.external_code, version = marks.version + 1, changed_at = now()
    returning code, version, changed_at
), recorded as (
    insert into audit (account_id, action, object_kind, object_id, detail)
    select :actor, 'mark_edited', 'city', 1, jsonb_build_object('code', w.code, 'counts_as', :counts_as, 'before', (select k.counts_as from known k))
    from written w
)
select j.outcome, w.code, w.version, w.changed_at as at from judged j left join written w on true;
