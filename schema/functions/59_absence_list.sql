-- The list of reports, as the school and the board look for them.

create or replace function search_normal(typed text) returns text
    language sql immutable parallel safe
    return lower(replace(kana_hiragana(typed), ' ', ''));
comment on function search_normal is 'What two texts are compared by when one is looked for in the other: kana, width, case and spaces are the same.';

create or replace function student_is_like(s students, normal text) returns boolean
    language sql immutable parallel safe as
$$
    select strpos(search_normal($1.family_kana || $1.given_kana), $2) > 0 or strpos(search_normal($1.family_name || $1.given_name), $2) > 0
$$;
comment on function student_is_like is 'Whether a name or its reading has in it what was looked for (search_normal).';

create or replace function absence_state(cancelled_at timestamptz, acknowledged_at timestamptz) returns text
    language sql immutable parallel safe
    return case when cancelled_at is not null then 'cancelled' when acknowledged_at is not null then 'acknowledged' else 'unacknowledged' end;

create or replace function absence_kind_is(kind text, wanted text) returns boolean
    language sql immutable parallel safe
    return kind = wanted or (kind = 'late_and_leave_early' and wanted in ('late', 'leave_early'));
comment on function absence_kind_is is 'Whether a report is of a kind: late and leaving early is both.';

create or replace function absence_kind_word(kind text) returns text
    language sql immutable parallel safe
    return case kind when 'absent' then '欠席' when 'late' then '遅刻' when 'leave_early' then '早退' when 'late_and_leave_early' then '遅刻・早退'
                     when 'attend' then '登校' end;

create or replace function away_word(away text) returns text
    language sql immutable parallel safe
    return case away when 'suspended' then '出席停止' when 'standing' then '長期欠席' end;

create or replace function absence_state_word(state text) returns text
    language sql immutable parallel safe
    return case state when 'unacknowledged' then '未確認' when 'acknowledged' then '確認済み' when 'cancelled' then '取り消し' end;

-- The index knows the last day, and a report is of 31 days at the most: that bounds it on both sides.
create or replace function absences_found(account bigint, school bigint, from_day date, to_day date, grade int, class bigint, kind text,
                                          reason bigint, state text, via text, q text, away text)
    returns table (id bigint, version int, school_id int, student_id bigint, class_id int, exchange_class_id int, grade smallint, class_name text,
                   class_sort int, number smallint, family_name text, given_name text, family_kana text, given_kana text, first_day date,
                   last_day date, kind text, arrive_at time, leave_at time, reason_id int, reason text, note text, symptoms text[],
                   pick_up text, pick_up_note text, via text, reported_at timestamptz, acknowledged_at timestamptz,
                   acknowledged_role text, cancelled_at timestamptz, state text, away text)
    language sql stable as
$$
    select a.id, a.version, a.school_id, a.student_id, s.class_id, s.exchange_class_id, c.grade, c.name, c.sort, s.number, s.family_name,
           s.given_name, s.family_kana, s.given_kana, a.first_day, a.last_day, a.kind, a.arrive_at, a.leave_at, a.reason_id, r.label, a.note,
           a.symptoms, a.pick_up, a.pick_up_note, a.via, a.reported_at, a.acknowledged_at, a.acknowledged_role, a.cancelled_at,
           absence_state(a.cancelled_at, a.acknowledged_at), away_within(a.student_id, greatest(a.first_day, $3), least(a.last_day, $4))
    from absences a
    join students s on s.id = a.student_id
    join classes c on c.id = s.class_id
    left join reasons r on r.id = a.reason_id
    where a.school_id = $2 and a.last_day >= $3 and a.last_day <= $4 + 30 and a.first_day <= $4
      and ($5 is null or c.grade = $5)
      and ($6 is null or s.class_id = $6 or s.exchange_class_id = $6)
      and ($7 is null or absence_kind_is(a.kind, $7))
      and ($8 is null or a.reason_id = $8)
      and ($9 is null or absence_state(a.cancelled_at, a.acknowledged_at) = $9)
      and ($10 is null or a.via = $10)
      and (search_normal($11) is null or student_is_like(s, search_normal($11)) or strpos(search_normal(a.note), search_normal($11)) > 0)
      and ($12 is null or away_within(a.student_id, greatest(a.first_day, $3), least(a.last_day, $4)) = $12)
      and (s.class_id in (select m.id from classes m where m.school_id = $2 and works_in_class($1, m.id))
           or s.exchange_class_id in (select m.id from classes m where m.school_id = $2 and works_in_class($1, m.id)))
$$;
comment on function absences_found is 'The reports of a school that fit the filters, of children whose class the account works in.';

create or replace function absences_may_be_listed(account bigint, school bigint, class bigint) returns boolean
    language sql stable as
$$
    select exists (select from classes c where c.school_id = $2 and ($3 is null or c.id = $3) and works_in_class($1, c.id))
$$;

-- What a file says of itself.
create or replace function absences_described(place text, from_day date, to_day date, grade int, class bigint, kind text, reason bigint,
                                              state text, via text, q text, away text)
    returns table (nth int, label text, "text" text)
    language sql stable as
$$
    select w.nth, w.label, w.text
    from (values (1, '学校', $1),
                 (2, '期間', to_char($2, 'YYYY-MM-DD') || ' から ' || to_char($3, 'YYYY-MM-DD') || ' まで'),
                 (3, '学年', $4::text || '年'),
                 (4, '学級', (select c.grade::text || '年' || c.name from classes c where c.id = $5)),
                 (5, '種類', absence_kind_word($6)),
                 (6, '理由', (select r.label from reasons r where r.id = $7)),
                 (7, '状態', absence_state_word($8)),
                 (8, '連絡した人', case $9 when 'guardian' then '保護者' when 'school' then '学校（電話など）' end),
                 (9, '出席停止など', away_word($11)),
                 (10, '検索', nullif(btrim($10), '')),
                 (11, '作成', to_char(now() at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI'))) w (nth, label, text)
    where w.text is not null
$$;
