// The SQL of absences. The rules are todoke's (src/modules/absences), written for one report at a time.

/** $1 account  $2 school */
export const reasonsList = {
    name: 'reasons_list',
    text: `
        with allowed as materialized (select may_pick_reasons($1, $2) as yes)
        select case when not a.yes then 'not_found' end as outcome, r.id, r.label, r.needs_note, r.kinds
        from allowed a
        left join reasons r on a.yes and (r.school_id = $2 or r.school_id is null)
        order by r.school_id is null, r.sort, r.id`,
};

/**
 * What nearly every report is: a guardian's first, and nothing wrong with it. A row when it was stored; no row, or a broken
 * constraint (a report or a key that is there already), when absenceReport must look closer. Parameters as there.
 */
export const absenceInsert = {
    name: 'absence_insert',
    text: `
        with written as (
            insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, reason_id, note,
                                  via, reported_by, changed_by, changed_via)
            select s.school_id, s.id, $5::date, coalesce($6::date, $5::date), $7::text, $8::time, $9::time, $10::int, nullif(btrim($11::text), ''),
                   'guardian', $1::bigint, $1::bigint, 'guardian'
            from students s
            join guardianships g on g.account_id = $1::bigint and g.student_id = s.id and g.may_report
                 and g.valid_from <= today() and (g.valid_to is null or g.valid_to >= today())
            left join reasons r on r.id = $10::int and (r.school_id is null or r.school_id = s.school_id) and $7::text = any (r.kinds)
            where s.id = $4::bigint and (s.left_on is null or s.left_on > today())
              and $5::date between today() and today() + 60
              and ($10::int is null or r.id is not null)
              and (r.needs_note is not true or btrim($11::text) <> '')
            returning id, version, reported_at as at
        ), remembered as (
            insert into idempotency (account_id, key, fingerprint, answer)
            select $1::bigint, $2::uuid, $3::bytea, jsonb_build_object('id', id, 'version', version, 'at', at) from written
        )
        select id, version, at from written`,
};

/**
 * One statement, one transaction: the answer to a known key, a refusal, or a new row with its answer remembered.
 * $1 account  $2 key  $3 fingerprint  $4 student  $5 first day  $6 last day  $7 kind  $8 arrive  $9 leave
 * $10 reason  $11 note
 */
export const absenceReport = {
    name: 'absence_report',
    text: `
        with asked as materialized (
            select i.*, s.school_id, r.id as known_reason, r.needs_note, known.answer,
                   known.fingerprint = i.fingerprint as known_body,
                   (select a.id from absences a
                    where a.student_id = s.id and a.cancelled_by is null
                      and a.last_day >= i.first_day and a.first_day <= i.last_day limit 1) as there_id,
                   case when s.id is null then null
                        when may_report(i.actor, s.id) then 'guardian'
                        when may_act_for(i.actor, s.id) then 'school' end as via
            from (select $1::bigint as actor, $2::uuid as key, $3::bytea as fingerprint, $4::bigint as student_id,
                         $5::date as first_day, coalesce($6::date, $5::date) as last_day, $7::text as kind,
                         $8::time as arrive_at, $9::time as leave_at, $10::bigint as reason_id,
                         nullif(btrim($11::text), '') as note) i
            left join idempotency known on known.account_id = i.actor and known.key = i.key
            left join students s on s.id = i.student_id and (s.left_on is null or s.left_on > today())
            left join reasons r on r.id = i.reason_id and (r.school_id is null or r.school_id = s.school_id)
                                and i.kind = any (r.kinds)
        ), judged as materialized (
            select a.*,
                   case when a.known_body then 'known'
                        when a.answer is not null then 'key_reused'
                        when a.via is null then 'not_found'
                        when a.first_day < today() - case a.via when 'school' then 31 else 0 end then 'past_day'
                        when a.first_day > today() + 60 then 'too_far'
                        when (a.reason_id is not null and a.known_reason is null)
                             or (a.needs_note and a.note is null) then 'validation'
                        when a.there_id is not null then 'already_reported' end as outcome
            from asked a
        ), written as (
            insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, reason_id, note,
                                  via, reported_by, changed_by, changed_via)
            select school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, known_reason, note,
                   via, actor, actor, via
            from judged
            where outcome is null
            returning id, version, reported_at as at
        ), remembered as (
            insert into idempotency (account_id, key, fingerprint, answer)
            select j.actor, j.key, j.fingerprint, jsonb_build_object('id', w.id, 'version', w.version, 'at', w.at)
            from judged j, written w
        )
        select nullif(j.outcome, 'known') as outcome,
               coalesce(w.id, (j.answer ->> 'id')::bigint) as id,
               coalesce(w.version, (j.answer ->> 'version')::int) as version,
               coalesce(w.at, (j.answer ->> 'at')::timestamptz) as at,
               case j.outcome when 'already_reported' then j.there_id end as absence_id
        from judged j
        left join written w on true`,
};
