// The list of reports against an independent filter of the same rows, and its files against the list.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { startCity } from '../support/city.mjs';
import { account, cast, day } from '../support/people.mjs';
import { cellsOf, recordsOf, unzip } from '../support/zip.mjs';

const city = await startCity();
const people = await cast(city);
const { a, b } = people.at;
const today = await day(city);
const plus = (from, n) => new Date(Date.parse(`${from}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
const list = (body, who = people.office, school = a.id) => who.request('POST', `/api/schools/${school}/absences/list`, { body });
const file = (format, body, who = people.office, school = a.id) => who.request('POST', `/api/schools/${school}/absences/file?format=${format}`, { body });

// A small generator of its own: the same data each time (mulberry32).
let state = 20261125;
const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const pick = (values) => values[Math.floor(random() * values.length)];

const NOTES = ['=1+1', '+81 90', '-頭痛', '@SUM(A1)', 'ネツが３８度', 'ﾈﾂがさがりました', 'かぜ "ひき", です', '二行\nです', '𠮷田さんと同じ', 'Fever', null, null, null];
const KINDS = ['absent', 'absent', 'late', 'leave_early', 'late_and_leave_early', 'attend'];
const reasons = await city.query('select id, label from reasons where school_id is null order by id');

// Everybody of the school, and what they reported: 420 rows, so that pages are needed.
await city.query(`update students set exchange_class_id = $2 where id = $1`, [a.one.students[0], a.two.id]);
const students = await city.query(
    `select s.id, s.class_id, s.exchange_class_id, s.number, s.family_name, s.given_name, s.family_kana, s.given_kana, c.grade, c.name as class_name, c.sort as class_sort
     from students s join classes c on c.id = s.class_id where s.school_id = $1 and c.school_year = school_year()`, [a.id]);
await city.query(`update absences set cancelled_at = now(), cancelled_by = reported_by, version = version + 1
                  where student_id in (select id from students where school_id = $1) and cancelled_at is null`, [a.id]);
{
    const taken = new Map();
    const rows = [];
    for (let i = 0; rows.length < 420; i++) {
        const student = pick(students), kind = pick(KINDS), first = Math.floor(random() * 200) - 150, last = first + (random() < 0.2 ? Math.floor(random() * 20) : 0);
        const cancelled = random() < 0.15;
        const mine = taken.get(student.id) ?? [];
        if (!cancelled && mine.some(([f, l]) => f <= last && first <= l)) continue;
        if (!cancelled) taken.set(student.id, [...mine, [first, last]]);
        rows.push([student.id, first, last, kind, random() < 0.8 ? pick(reasons).id : null, pick(NOTES), pick(['guardian', 'guardian', 'school']), random() < 0.5, cancelled, Math.floor(random() * 9e6)]);
    }
    const column = (n) => rows.map((row) => row[n]);
    await city.query(
        `insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, note, via, reported_by, changed_by, changed_via,
                               acknowledged_at, acknowledged_by, cancelled_at, cancelled_by, reported_at, symptoms)
         select $1, s, today() + f, today() + l, k, r, n, v, 1, 1, v, case when k2 then now() end, case when k2 then 1 end,
                case when c then now() end, case when c then 1 end, now() - make_interval(secs => at), case when k = 'absent' then '{fever,nausea}'::text[] end
         from unnest($2::bigint[], $3::int[], $4::int[], $5::text[], $6::int[], $7::text[], $8::text[], $9::bool[], $10::bool[], $11::int[])
              as t (s, f, l, k, r, n, v, k2, c, at)`,
        [a.id, ...Array.from({ length: 10 }, (_, n) => column(n))]);
}

// Who is suspended or away for long, ten children each; three of the second class are both.
const kept = { suspended: new Map(), standing: new Map() };
for (const [i, student] of [...students].sort((x, y) => (y.class_id === a.two.id) - (x.class_id === a.two.id) || x.id - y.id).slice(0, 17).entries()) {
    const from = plus(today, -20 - i * 3), free = plus(from, 7);
    if (i < 10) {
        kept.suspended.set(student.id, [from, plus(free, -1)]);
        await city.query(`insert into illnesses (school_id, student_id, disease, onset_on, ended_on, suspended_from, via, made_by, changed_by)
            values ($1, $2, 'influenza', $3::date - 1, $3::date + 4, $3, 'school', 1, 1)`, [a.id, student.id, from]);
    }
    if (i >= 10 || (i > 0 && i < 4)) {
        kept.standing.set(student.id, [plus(today, -60), plus(today, 5)]);
        await city.query(`insert into standing_absences (school_id, student_id, first_day, last_day, made_by, changed_by) values ($1, $2, today() - 60, today() + 5, 1, 1)`, [a.id, student.id]);
    }
}
await city.query(`update illnesses set withdrawn_at = now(), version = version + 1 where student_id = $1`, [[...kept.suspended.keys()][0]]);
kept.suspended.delete([...kept.suspended.keys()][0]);
function awayOf(row, { from, to }) {
    const first = row.first_day > from ? row.first_day : from, last = row.last_day < to ? row.last_day : to;
    const holds = (days) => days && days[0] <= last && days[1] >= first;
    return ['suspended', 'standing'].find((what) => holds(kept[what].get(row.student_id))) ?? null;
}

// The independent side: raw rows, filtered and sorted in JavaScript.
const raw = await city.query(
    `select id, student_id, first_day::text, last_day::text, kind, reason_id, note, via, acknowledged_at, cancelled_at,
            extract(epoch from reported_at)::text as at from absences where school_id = $1`, [a.id]);
const of = new Map(students.map((student) => [student.id, student]));
const labels = new Map(reasons.map((reason) => [reason.id, reason.label]));
const normal = (text) => [...(text ?? '').normalize('NFKC').replace(/\s/g, '')]
    .map((c) => (c >= 'ァ' && c <= 'ヶ' ? String.fromCodePoint(c.codePointAt(0) - 0x60) : c)).join('').toLowerCase();
const stateOf = (row) => (row.cancelled_at ? 'cancelled' : row.acknowledged_at ? 'acknowledged' : 'unacknowledged');
const compare = (...keys) => (x, y) => { for (const key of keys) { const [p, q] = [key(x), key(y)]; if (p < q) return -1; if (p > q) return 1; } return 0; };
const place = [(r) => of.get(r.student_id).class_sort, (r) => of.get(r.student_id).class_id, (r) => of.get(r.student_id).number];
const ORDERS = {
    class: compare(...place, (r) => r.student_id, (r) => r.first_day, (r) => r.id),
    day: compare((r) => r.first_day, ...place, (r) => r.id),
    arrival: (x, y) => Number(y.at) - Number(x.at) || y.id - x.id,
};
function expected(f, classes) {
    const q = normal(f.q);
    return raw.filter((row) => {
        const child = of.get(row.student_id);
        if (!child) return false;
        return row.last_day >= f.from && row.first_day <= f.to
            && (!classes || classes.includes(child.class_id) || classes.includes(child.exchange_class_id))
            && (!f.grade || child.grade === f.grade)
            && (!f.class_id || child.class_id === f.class_id || child.exchange_class_id === f.class_id)
            && (!f.kind || row.kind === f.kind || (row.kind === 'late_and_leave_early' && ['late', 'leave_early'].includes(f.kind)))
            && (!f.reason_id || row.reason_id === f.reason_id)
            && (!f.state || stateOf(row) === f.state)
            && (!f.via || row.via === f.via)
            && (!f.away || awayOf(row, f) === f.away)
            && (!q || normal(child.family_kana + child.given_kana).includes(q) || normal(child.family_name + child.given_name).includes(q) || normal(row.note).includes(q));
    }).sort(ORDERS[f.sort ?? 'class']).map((row) => row.id);
}
async function all(filter, who) {
    const rows = [];
    for (let after; ;) {
        const answer = await list({ ...filter, after }, who);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        rows.push(...answer.body.rows);
        if (answer.body.rows.length < 200) return rows;
        after = rows.at(-1).key.join('.');
    }
}
const year = { from: plus(today, -200), to: plus(today, 100) };

test('5(2)オ-1 every filter and order gives what an independent filter of the same rows gives, page by page', async () => {
    const grades = [...new Set(students.map((student) => student.grade))];
    const classes = [...new Set(students.map((student) => student.class_id))];
    const some = (values) => (random() < 0.3 ? pick(values) : undefined);
    let found = 0;
    for (let i = 0; i < 90; i++) {
        const child = pick(students);
        const from = pick([year.from, plus(today, -60), today, plus(today, -3)]);
        const filter = {
            from, to: pick([year.to, plus(today, 5), from].filter((day) => day >= from)), sort: pick(['class', 'arrival', 'day', undefined]),
            grade: some(grades), class_id: some(classes), kind: some(KINDS), reason_id: some(reasons)?.id, state: some(['unacknowledged', 'acknowledged', 'cancelled']),
            via: some(['guardian', 'school']), away: some(['suspended', 'standing']),
            q: some([child.family_kana, child.given_name, child.family_name + child.given_name, 'ねつ', 'ネツ', 'FEVER', 'かぜ　"ひ', '=1', '%', '_', '𠮷', ' ']),
        };
        const want = expected(filter);
        const got = await all(filter);
        assert.deepEqual(got.map((row) => row.id), want, JSON.stringify(filter));
        if (got.length) assert.equal(got[0].total, want.length);
        for (const row of got) assert.equal(row.away ?? null, awayOf(raw.find((one) => one.id === row.id), filter), `${row.id} ${JSON.stringify(filter)}`);
        found += want.length;
    }
    assert.ok(found > 1000, String(found));
    for (const away of ['suspended', 'standing']) assert.ok((await all({ ...year, away })).length > 2, away);
    const [row] = (await list({ ...year, q: '𠮷田さんと' })).body.rows;
    const source = raw.find((one) => one.id === row.id);
    assert.deepEqual([row.student_id, row.kind, row.note, row.state, row.reason ?? null], [source.student_id, source.kind, source.note, stateOf(source), labels.get(source.reason_id) ?? null]);
    assert.equal(row.family_name, of.get(row.student_id).family_name);
});

test('5(2)オ-1 who sees what: a homeroom the own class and who joins it, a teacher and the office the school; the others nothing', async () => {
    const ids = async (who, filter = year) => (await all(filter, who)).map((row) => row.id);
    assert.deepEqual(await ids(people.homeroom), expected(year, [a.one.id]));
    const joined = expected(year, [a.two.id]);
    assert.deepEqual(await ids(people.colleague), joined);
    assert.ok(joined.some((id) => raw.find((row) => row.id === id).student_id === a.one.students[0]), 'the child of the exchange class');
    for (const who of [people.teacher, people.nurse, people.administrator]) assert.deepEqual(await ids(who), expected(year));
    assert.equal((await list({ ...year, class_id: a.two.id }, people.homeroom)).status, 404);
    assert.equal((await list(year, people.office, b.id)).status, 404);
    assert.equal((await file('csv', year, people.far_office)).status, 404);
    assert.equal((await list(year, people.board)).status, 403);
    assert.equal((await list(year, people.guardian)).status, 403);
    const both = await city.as(await account(city, { roles: [{ role: 'board' }, { role: 'office', school_id: b.id }] }));
    assert.equal((await list(year, both)).status, 404, 'board here, office elsewhere');
});

test('5(2)オ-1 bad input is named, and nothing is half understood', async () => {
    const refused = async (body) => {
        const answer = await list(body);
        assert.equal(answer.status, 400, JSON.stringify(answer.body));
        return answer.body.errors?.map(({ field, code }) => `${field} ${code}`).join() ?? answer.body.type;
    };
    assert.equal(await refused({ from: today }), 'to required');
    assert.equal(await refused({ from: today, to: plus(today, -1) }), 'to range');
    assert.equal(await refused({ from: plus(today, -366), to: today }), 'to range');
    assert.equal(await refused({ ...year, from: '2026-02-30' }), 'from format');
    assert.equal(await refused({ ...year, kind: 'ill' }), 'kind enum');
    assert.equal(await refused({ ...year, away: 'ill' }), 'away enum');
    assert.equal(await refused({ ...year, sort: 'name' }), 'sort enum');
    assert.equal(await refused({ ...year, grade: 0 }), 'grade range');
    assert.equal(await refused({ ...year, q: 'あ'.repeat(41) }), 'q length');
    for (const after of ['x', '1.2.x', '99999999999999999999', '1..2', '{1}']) assert.equal(await refused({ ...year, after }), '/problems/validation', after);
    assert.equal((await list({ from: plus(today, -365), to: today })).status, 200, 'a whole leap year');
    const none = await people.office.request('POST', `/api/schools/${a.id}/absences/file`, { body: year });
    assert.deepEqual([none.status, none.body.errors[0].field, none.body.errors[0].code], [400, 'format', 'required']);
});

const KIND_WORDS = { absent: '欠席', late: '遅刻', leave_early: '早退', late_and_leave_early: '遅刻・早退', attend: '登校' };
const SYMPTOM_WORDS = { fever: '発熱', headache: '頭痛', respiratory: 'せき・鼻水', diarrhea: '下痢・腹痛', nausea: '吐き気・嘔吐', rash: '発疹', flu_like: 'インフルエンザ様', other: 'その他' };
const AWAY_WORDS = { suspended: '出席停止', standing: '長期欠席' };
const STATE_WORDS = { unacknowledged: '未確認', acknowledged: '確認済み', cancelled: '取り消し' };

test('5(2)オ-3 5(2)誤-11 MEASURES 13: CSV (UTF-8 with a mark, CP932) and Excel are exactly the list that was filtered, and say what they hold; cells that look like formulas are texts', async () => {
    const filter = { from: plus(today, -120), to: plus(today, 40), via: 'guardian', sort: 'arrival' };
    const rows = await all(filter);
    assert.ok(rows.length > 60);
    const want = rows.map((row) => [String(row.grade), row.class_name, String(row.number), `${row.family_name} ${row.given_name}`, row.first_day, row.last_day,
        KIND_WORDS[row.kind], row.reason ?? '', row.note ?? '', (row.symptoms ?? []).map((one) => SYMPTOM_WORDS[one]).join('、'), STATE_WORDS[row.state], AWAY_WORDS[row.away] ?? '']);
    const COLUMNS = ['学年', '学級', '出席番号', '氏名', '最初の日', '最後の日', '種類', '理由', '連絡の内容', '症状', '状態', '出席停止など'];
    const taken = (records) => {
        const end = records.findIndex((record) => record.length === 1 && record[0] === '');
        const at = COLUMNS.map((name) => records[0].indexOf(name));
        assert.ok(!at.includes(-1), records[0].join());
        return [records.slice(1, end < 0 ? undefined : end).map((record) => at.map((i) => record[i])), end < 0 ? [] : records.slice(end + 1)];
    };
    const about = (notes) => {
        const said = Object.fromEntries(notes);
        assert.equal(said['学校'], people.at.a.name ?? said['学校']);
        assert.equal(said['期間'], `${filter.from} から ${filter.to} まで`);
        assert.equal(said['連絡した人'], '保護者');
        assert.match(said['作成'], /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
        assert.equal(said['件数'], String(rows.length));
        assert.ok(!('学級' in said));
    };
    assert.deepEqual([...new Set(want.map((row) => row.at(-1)))].sort(), ['', '出席停止', '長期欠席']);
    const safe = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

    const utf8 = await file('csv', filter);
    assert.equal(utf8.status, 200);
    assert.deepEqual([...utf8.raw.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const [cells, notes] = taken(recordsOf(utf8.raw.subarray(3).toString()));
    assert.deepEqual(cells, want.map((row) => row.map(safe)));
    assert.ok(cells.some((row) => row.includes("'=1+1")) && cells.some((row) => row.includes("'@SUM(A1)")));
    about(notes);

    const cp932 = await file('csv_cp932', filter);
    const yoshi = (rows_) => rows_.map((row) => row.map((cell) => safe(cell).replaceAll('𠮷', '〓')));
    assert.deepEqual(taken(recordsOf(new TextDecoder('shift_jis', { fatal: true }).decode(cp932.raw)))[0], yoshi(want));
    const lost = [...utf8.raw.toString()].filter((c) => c === '𠮷').length;
    assert.ok(lost > 0);
    assert.equal(cp932.headers['x-todoke-replaced'], String(lost));

    const excel = await file('xlsx', filter);
    assert.equal(Number(excel.headers['content-length']), excel.raw.length);
    const book = unzip(excel.raw);
    assert.doesNotMatch(book.get('xl/worksheets/sheet1.xml').toString(), /<f>/);
    assert.deepEqual(taken(cellsOf(book, 1))[0], want);
    about(cellsOf(book, 2));

    const audit = await city.query(`select action, object_kind, object_id, detail::text as detail from audit where account_id = $1 and action = 'absences_exported'`, [people.office.account]);
    assert.equal(audit.length, 3);
    assert.ok(audit.every((row) => row.object_kind === 'school' && row.object_id === a.id));
    const stopped = await file('csv_cp932', { ...filter, away: 'suspended' });
    const [suspended, said] = taken(recordsOf(new TextDecoder('shift_jis', { fatal: true }).decode(stopped.raw)));
    assert.deepEqual(suspended, yoshi(want.filter((row) => row.at(-1) === '出席停止')));
    assert.ok(said.some(([label, text]) => label === '出席停止など' && text === '出席停止'));
    const nothing = await file('xlsx', { ...filter, q: 'そんな人はいません' });
    assert.deepEqual(cellsOf(unzip(nothing.raw), 2).at(-1), ['件数', '0']);
    assert.ok(!city.log().includes('そんな人'), 'what is typed is in no log');
});

test('5(2)オ-3 the board takes the city along without a child: no name, no number, no note', async () => {
    const path = `/api/city/absences?from=${year.from}&to=${year.to}&format=csv`;
    const answer = await people.board.request('GET', path);
    assert.equal(answer.status, 200);
    const records = recordsOf(answer.raw.subarray(3).toString());
    assert.deepEqual(records[0], ['学校', '学年', '学級', '最初の日', '最後の日', '種類', '理由', '連絡した人', '状態', '受付']);
    const { n } = await city.one(`select count(*)::int as n from absences where last_day >= $1 and first_day <= $2`, [year.from, year.to]);
    assert.equal(records.findIndex((record) => record.length === 1) - 1, n);
    const text = answer.raw.toString();
    for (const note of NOTES) if (note) assert.ok(!text.includes(note), note);
    for (const student of students) assert.ok(!text.includes(`${student.family_name} ${student.given_name}`) && !text.includes(student.family_kana + student.given_kana));
    assert.equal((await city.query(`select from audit where account_id = $1 and action = 'city_absences_exported'`, [people.board.account])).length, 1);
    for (const who of [people.office, people.homeroom, people.guardian]) assert.equal((await who.request('GET', path)).status, 403);
    assert.equal((await people.board.request('GET', path.replace('&format=csv', ''))).status, 400);
});

test('5(2)オ-4 5(2)誤-9 the day sheet has every child of the class by number, with the report of the day', async () => {
    const sheet = (query, who = people.office) => who.request('GET', `/api/schools/${a.id}/day-sheets?${query}`);
    const { body: { rows } } = await sheet(`day=${today}&class_id=${a.two.id}`);
    const own = students.filter((student) => student.class_id === a.two.id).sort((x, y) => x.number - y.number).map((student) => student.id);
    const present = new Set((await city.query('select id from students where left_on is null or left_on > today()')).map((row) => row.id));
    assert.deepEqual(rows.filter((row) => !row.guest).map((row) => row.student_id), own.filter((id) => present.has(id)));
    assert.deepEqual(rows.filter((row) => row.guest).map((row) => row.student_id), [a.one.students[0]]);
    const valid = raw.filter((row) => !row.cancelled_at && row.first_day <= today && row.last_day >= today);
    for (const row of rows) assert.equal(row.id ?? null, valid.find((one) => one.student_id === row.student_id)?.id ?? null);
    const [[ill, [first, last]]] = [...kept.suspended].slice(1);
    const then = (await sheet(`day=${last}&class_id=${a.two.id}`)).body.rows;
    assert.deepEqual(then.filter((row) => row.illness_id !== null).map((row) => row.student_id).sort(), [...kept.suspended].filter(([, days]) => days[0] <= last && days[1] >= last).map(([id]) => id).sort());
    const one = then.find((row) => row.student_id === ill);
    assert.deepEqual([one.free_from, one.standing_id !== null], [plus(last, 1), true], 'suspended until, and away for long as well');
    assert.equal((await sheet(`day=${plus(last, 1)}&class_id=${a.two.id}`)).body.rows.find((row) => row.student_id === ill).illness_id, null);
    assert.ok(first < last && !JSON.stringify(then).includes('influenza'), 'the sheet hangs in the class: no disease');
    const whole = (await sheet(`day=${today}`)).body.rows;
    assert.ok(valid.some((one) => whole.some((row) => row.id === one.id)));
    assert.equal((await sheet(`day=${today}&class_id=${a.two.id}`, people.homeroom)).status, 404);
    assert.equal((await sheet('day=2026-13-01')).status, 400);
    assert.equal((await sheet(`day=${today}`, people.board)).status, 403);
});

test('5(2)オ-5 a school’s month is found by index, whatever the plan was made for', async () => {
    const owner = await city.db.connect();
    await owner.query('analyze absences');
    await owner.query('set plan_cache_mode = force_generic_plan');
    await owner.query('set enable_seqscan = off'); // small tables are read whole whatever the plan; is there a way by index?
    await owner.query(`prepare found (bigint, bigint, date, date, int, bigint, text, bigint, text, text, text, text) as select * from absences_found($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`);
    const { rows } = await owner.query(`explain execute found (${people.office.account}, ${a.id}, '${plus(today, -30)}', '${today}', null, null, null, null, null, null, null, null)`);
    owner.release(true);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    assert.match(plan, /absences_by_school/);
    assert.match(plan, /Index Cond: \(\(school_id = \S+\) AND \(last_day >= \S+\) AND \(last_day <= .*\)\)/);
});

test('5(2)オ-5 files at once are bounded, and who goes away leaves nothing behind', async () => {
    const linkOf = (path) => { try { return readlinkSync(path); } catch { return ''; } };
    const spools = () => city.workers().flatMap((pid) => readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))).filter((name) => name.endsWith('(deleted)') && !name.startsWith('/memfd:'));
    const request = `POST /api/schools/${a.id}/absences/file?format=xlsx HTTP/1.1\r\nHost: localhost\r\nOrigin: ${city.origin}\r\nSec-Fetch-Site: same-origin\r\n`
        + `Content-Type: application/json\r\nCookie: ${people.office.cookie}\r\n`;
    const body = JSON.stringify(year);
    const answers = await Promise.all(Array.from({ length: 48 }, (_, i) => (i % 3 === 2
        ? city.raw(`${request}Content-Length: ${body.length}\r\n\r\n${body}`, { ms: 5 + i }).then(() => null)
        : file(i % 8 ? 'csv' : 'xlsx', year))));
    const statuses = answers.filter(Boolean).map((answer) => answer.status);
    assert.ok(statuses.every((status) => [200, 503].includes(status)), statuses.join());
    assert.ok(statuses.filter((status) => status === 200).length >= 16, statuses.join());
    for (const answer of answers) if (answer?.status === 503) assert.match(answer.headers['retry-after'], /^\d+$/);
    assert.equal((await file('csv', year)).status, 200);
    const until = Date.now() + 10_000;
    while (spools().length && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(spools(), []);
});
