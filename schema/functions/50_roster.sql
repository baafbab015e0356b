-- The roster: who keeps it, and the plan of an import, which is one set of statements whatever its size.

create or replace function may_keep_roster(account bigint, school int) returns boolean
    language sql stable as
$$
    select exists (select from roles_of($1) r
                   where r.role = 'board' or (r.school_id = $2 and r.role in ('administrator', 'office')))
$$;
comment on function may_keep_roster is
    'Whether an account keeps the roster of a school (null: of the city): the board, the school''s administrator and office.';

create or replace function may_see_import(account bigint, school int, kind text) returns boolean
    language sql stable as
$$
    select exists (select from roles_of($1) r
                   where r.role = 'board' or (r.role in ('administrator', 'office') and (r.school_id = $2 or $3 = 'rollover')))
$$;
comment on function may_see_import is 'Whether an account sees an import of this school and kind: who keeps the roster; in a roll-over every school sees its part.';

create or replace function kana_hiragana(typed text) returns text
    language sql immutable parallel safe
    return nullif(btrim(regexp_replace(translate(normalize(typed, nfkc),
        'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶヽヾ',
        'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖゝゞ'),
        '\s+', ' ', 'g')), '');
comment on function kana_hiragana is 'Kana, half or full width, as hiragana: the form in which readings are kept.';

create or replace function class_sort(grade smallint, name text, kind text) returns int
    language sql immutable parallel safe
    return grade * 100 + case when kind = 'support' then 90
                              else least(coalesce(substring(normalize(name, nfkc) from '^[0-9]{1,3}')::int, 50), 89) end;
comment on function class_sort is 'Where a class stands in its school''s lists.';

-- What an import may change and undo restores. Also how a plan sees that somebody else was there meanwhile.
create or replace function student_image(s students) returns jsonb
    language sql stable parallel safe as
$$
    select jsonb_build_object('school_id', s.school_id, 'class_id', s.class_id, 'number', s.number, 'family_name', s.family_name,
                              'given_name', s.given_name, 'family_kana', s.family_kana, 'given_kana', s.given_kana,
                              'exchange_class_id', s.exchange_class_id, 'code', s.code, 'left_on', s.left_on)
$$;

create or replace function class_image(c classes) returns jsonb
    language sql stable parallel safe as
$$
    select jsonb_build_object('school_id', c.school_id, 'school_year', c.school_year, 'grade', c.grade, 'name', c.name,
                              'kind', c.kind, 'code', c.code, 'sort', c.sort)
$$;

create or replace function roster_problem_says(code text) returns text
    language sql immutable parallel safe
    return case code
        when 'unknown_school' then '学校コードにあたる学校がありません。'
        when 'foreign_school' then 'ほかの学校の行です。自分の学校の行だけを取り込めます。'
        when 'other_school' then 'ほかの学校の児童生徒です。市内の転校は教育委員会が行います。'
        when 'school_year' then '年度が、取り込む年度とちがいます。'
        when 'grade_range' then '学年が、その学校にない学年です。'
        when 'missing_class' then '学級がわかりません。'
        when 'missing_name' then '氏名がありません。'
        when 'missing_kana' then 'よみがながありません。'
        when 'kana_format' then 'よみがなに、かな以外の文字があります。'
        when 'duplicate_number' then '出席番号が、学級の中で重なっています。'
        when 'duplicate_code' then '同じ児童生徒の行が、前にもあります。'
        when 'ambiguous' then '同じ氏名の児童生徒が複数いて、どの子か決められません。コードを入れてください。'
        when 'unknown_exchange_class' then '交流学級にあたる学級がありません。'
        when 'empty' then '児童生徒の行がひとつもありません。'
        when 'undecided' then '次の学校が決まっていません（未定）。'
        when 'missing_not_judged' then '問題のある行があるため、消失は調べていません。'
        else code end;
comment on function roster_problem_says is 'What a person reads about a problem that a plan has found.';

create or replace view roster_imports_seen with (security_invoker = true) as
select i.id, i.school_id, s.name as school_name, i.kind, i.mode, i.encoding, i.school_year, i.state, i.on_day, i.read_days,
       i.n_rows, i.n_errors, i.n_warnings, i.counts, i.made_at, m.family_name || ' ' || m.given_name as made_by, i.planned_at,
       i.applied_at, a.family_name || ' ' || a.given_name as applied_by, i.undone_at, u.family_name || ' ' || u.given_name as undone_by,
       i.state = 'applied' and exists (select from roster_changes h where h.import_id = i.id and h.applied) as may_undo
from roster_imports i
left join schools s on s.id = i.school_id
left join accounts m on m.id = i.made_by
left join accounts a on a.id = i.applied_by
left join accounts u on u.id = i.undone_by;
comment on view roster_imports_seen is 'An import as the API shows it. The reader''s own row-level security holds.';
