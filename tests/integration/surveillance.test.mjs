// The noon sheet of the surveillance of infections, against a count of its own in JavaScript. TODOKE_SEED repeats a run.
import test from 'node:test';
import assert from 'node:assert/strict';
import { live, startCity } from '../support/city.mjs';
import { recordsOf } from '../support/zip.mjs';
import { cast, clear, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { a } = people.at;
const today = await day(city);
const seed = Number(process.env.TODOKE_SEED ?? Math.floor(Math.random() * 1e9));
let state = seed;
const random = (n) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor((state / 2147483648) * n); };
const SYMPTOMS = ['fever', 'headache', 'respiratory', 'diarrhea', 'nausea', 'rash', 'flu_like', 'other'];
const path = `/api/schools/${a.id}/surveillance`;

const reasons = await city.query(`select id, mark from reasons where school_id is null and active and 'absent' = any (kinds)`);
const diseases = await city.query('select code, surveillance, suspends from diseases');
const classes = await city.query(`select c.id, c.grade from classes c where c.school_id = $1 and c.school_year = school_year()`, [a.id]);
const children = await city.query('select id, class_id from students where school_id = $1 and left_on is null order by id', [a.id]);

async function report(child) {
    const reason = reasons[random(reasons.length)];
    const symptoms = random(2) ? SYMPTOMS.filter(() => random(3) === 0) : [];
    await city.query(`insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, symptoms, via, reported_by, changed_by, changed_via)
        values ($1, $2, today(), today(), 'absent', $3, $4, 'school', $5, $5, 'school')`, [a.id, child.id, reason.id, symptoms.length ? symptoms : null, people.office.account]);
    return { mark: reason.mark, symptoms };
}

async function illness(child) {
    const disease = diseases[random(diseases.length)];
    const suspended = disease.suspends !== 'no' && random(3) > 0;
    await city.query(`insert into illnesses (school_id, student_id, disease, onset_on, suspended_from, via, made_by, changed_by)
        values ($1, $2, $3, today(), case when $4 then today() end, 'school', $5, $5)`, [a.id, child.id, disease.code, suspended, people.office.account]);
    return { line: disease.surveillance, suspended };
}

test(`5(2)朝-12 the noon sheet: each class with its zeros, as counted independently (TODOKE_SEED=${seed})`, async () => {
    for (const { id } of children) await clear(city, id);
    const before = (await people.office.get(path)).rows;
    assert.deepEqual(before.map((row) => row.class_id).sort(), classes.map((one) => one.id).sort());
    const number = ([name, value]) => typeof value === 'number' && !['class_id', 'grade', 'enrolled'].includes(name);
    for (const row of before) assert.deepEqual(Object.entries(row).filter(number).filter(([, value]) => value !== 0), []);
    assert.equal(Object.entries(before[0]).filter(number).length, 1 + 8 + 2 + 24);

    const want = new Map(classes.map((one) => [one.id, {}]));
    const closed = a.two.id;
    await city.query(`insert into closures (school_id, class_id, first_day, last_day, cause, made_by, changed_by) values ($1, $2, today(), today(), 'influenza', $3, $3)`,
        [a.id, closed, people.office.account]);
    for (const child of children) {
        const told = random(3) === 0 ? await report(child) : null;
        const ill = random(4) === 0 ? await illness(child) : null;
        const count = (name) => { const row = want.get(child.class_id); row[name] = (row[name] ?? 0) + 1; };
        if (ill?.suspended) { count('suspended'); count(`suspended_${ill.line}`); continue; }
        if (told?.mark === 'suspended' && child.class_id !== closed) { count('suspended'); count(`suspended_${ill ? ill.line : 'other'}`); continue; }
        if (told?.mark !== 'sick' || child.class_id === closed) continue;
        count('absent');
        for (const symptom of told.symptoms) count(symptom === 'other' ? 'other_symptom' : symptom);
        if (told.symptoms.length === 0) count('not_told');
        if (ill) count(`diagnosed_${ill.line}`);
    }
    const { rows } = await people.nurse.get(path);
    for (const row of rows) {
        const shown = Object.fromEntries(Object.entries(row).filter(number).filter(([, value]) => value !== 0));
        assert.deepEqual(shown, want.get(row.class_id), `class ${row.class_id}`);
        const enrolled = children.filter((child) => child.class_id === row.class_id).length;
        const away = (shown.absent ?? 0) + (shown.suspended ?? 0);
        assert.deepEqual([row.enrolled, row.closed, row.called, row.near_closure], [enrolled, row.class_id === closed, false, away >= 5 && away / enrolled >= 0.2]);
    }
    assert.deepEqual((await people.board.get(`${path}?day=${today}`)).rows, rows);
});

test('5(2)朝-12 the noon sheet as files: CSV and CP932 hold the same cells as the screen, zeros too', async () => {
    const { rows } = await people.office.get(path);
    const table = (raw, encoding) => recordsOf(new TextDecoder(encoding, { fatal: true }).decode(raw)).filter((record) => record.length > 2);
    const take = async (format, encoding) => {
        const answer = await people.office.request('GET', `${path}?format=${format}`);
        assert.equal(answer.status, 200);
        assert.match(answer.headers['content-disposition'], /attachment/);
        return table(answer.raw, encoding);
    };
    const utf8 = await take('csv', 'utf-8');
    const cp932 = await take('csv_cp932', 'shift_jis');
    assert.deepEqual(cp932, utf8);
    const [head, ...lines] = cp932;
    assert.equal(lines.length, classes.length);
    const COLUMNS = { 学年: 'grade', 学級: 'class_name', 在籍: 'enrolled', 病気による欠席: 'absent', 発熱: 'fever', 症状の連絡なし: 'not_told', 出席停止: 'suspended', '出席停止：インフルエンザ': 'suspended_influenza', '病欠のうち診断：そのほか': 'diagnosed_other' };
    for (const [label, name] of Object.entries(COLUMNS)) {
        assert.ok(head.includes(label), label);
        assert.deepEqual(lines.map((line) => line[head.indexOf(label)]), rows.map((row) => String(row[name])), label);
    }
    for (const line of lines) for (let i = head.indexOf('病気による欠席'); i <= head.indexOf('病欠のうち診断：そのほか'); i += 1) assert.match(line[i], /^\d+$/, `${head[i]}: a number, and 0 where there is none`);
});

test('5(2)朝-12 the noon sheet where there is nothing: a day without school, a closed class that opens again, a class that was called', async () => {
    for (const student of a.two.students) await clear(city, student);
    await city.query('update closures set ended_at = now(), version = version + 1 where ended_at is null');
    await city.query('update illnesses set withdrawn_at = now(), version = version + 1 where withdrawn_at is null');
    const { two } = a;
    const [ill, other, there] = two.students;
    for (const student of [ill, other, there]) {
        await city.query(`insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, symptoms, via, reported_by, changed_by, changed_via)
            values ($1, $2, today() - 3, today() + 1, 'absent', $3, '{fever}', 'school', $4, $4, 'school')`, [a.id, student, reasons.find((one) => one.mark === 'sick').id, people.office.account]);
    }
    const of = async (query = '') => (await people.office.get(path + query)).rows.find((row) => row.class_id === two.id);
    const counts = ({ absent, fever, suspended, closed, called }) => ({ absent, fever, suspended, closed, called });
    assert.deepEqual(counts(await of()), { absent: 3, fever: 3, suspended: 0, closed: false, called: false });

    // Closed: whose absence is the closure's is in no line. Opened again: as before.
    const { id } = await city.one(`insert into closures (school_id, class_id, first_day, last_day, cause, made_by, changed_by) values ($1, $2, today(), today(), 'influenza', $3, $3) returning id`, [a.id, two.id, people.office.account]);
    assert.deepEqual(counts(await of()), { absent: 0, fever: 0, suspended: 0, closed: true, called: false });
    await city.query('update closures set ended_at = now(), version = version + 1 where id = $1', [id]);
    assert.deepEqual(counts(await of()), { absent: 3, fever: 3, suspended: 0, closed: false, called: false });

    // Called: who was reported and came after all is not ill; who is missing without a word is of unknown cause (事故欠), not ill.
    await people.office.put(`/api/students/${there}/attendance`, { day: today, state: 'present', seen_at: Date.now() });
    await people.office.put(`/api/students/${two.students[3]}/attendance`, { day: today, state: 'absent', seen_at: Date.now() });
    await people.office.put(`/api/classes/${two.id}/roll`, { day: today, done: true });
    assert.deepEqual(counts(await of()), { absent: 2, fever: 2, suspended: 0, closed: false, called: true });

    // A day without school: every class with its zeros, whoever was reported; the next day of school counts again.
    await city.query(`insert into calendar_entries (school_id, first_day, last_day, kind, label) values ($1, today(), today(), 'holiday', '試験の休み')`, [a.id]);
    const free = (await people.office.get(path)).rows;
    assert.deepEqual(free.map((row) => row.class_id).sort(), classes.map((one) => one.id).sort());
    for (const row of free) for (const [name, value] of Object.entries(row)) if (/^(absent|fever|not_told|suspended|diagnosed)/.test(name)) assert.equal(value, 0, `${row.class_id} ${name}`);
    const { day: before } = await city.one(`select max(d)::text as day from school_days($1, $2, today() - 3, today() - 1) d`, [a.id, classes.find((one) => one.id === two.id).grade]);
    assert.equal((await of(`?day=${before}`)).absent, 3, 'the last day before was one of school');
    await city.query(`delete from calendar_entries where label = '試験の休み'`);
    assert.equal((await of()).absent, 2);
});

const sick = reasons.find((one) => one.mark === 'sick').id;
const accident = reasons.find((one) => one.mark !== 'sick' && one.mark !== 'suspended').id;
const tell = (child, { first = 0, last = first, symptoms = null, reason_id = sick, kind = 'absent' } = {}) => city.one(
    `insert into absences (school_id, student_id, first_day, last_day, kind, reason_id, symptoms, via, reported_by, changed_by, changed_via)
     select school_id, id, today() + $2::int, today() + $3::int, $4, $5, $6, 'school', $7, $7, 'school' from students where id = $1 returning id`,
    [child, first, last, kind, reason_id, symptoms, people.office.account]);
async function healthy() {
    await city.query('update illnesses set withdrawn_at = now(), version = version + 1 where withdrawn_at is null');
    await city.query('update closures set ended_at = now(), version = version + 1 where ended_at is null');
    await city.query('delete from absence_requests');
    await city.query('update absences set cancelled_at = now(), cancelled_by = 1, version = version + 1 where cancelled_at is null');
}
/** What is usual, by the rule in words: three (five) spreads above the median, the spread being no less than chance's and one. */
function model(counts, fewest) {
    if (counts.length < 5) return { usual: null, raised_from: null, high_from: null };
    const middle = (list) => { const sorted = [...list].sort((x, y) => x - y), half = sorted.length / 2; return sorted.length % 2 ? sorted[half - 0.5] : (sorted[half - 1] + sorted[half]) / 2; };
    const median = middle(counts);
    const spread = Math.max(1.4826 * middle(counts.map((n) => Math.abs(n - median))), Math.sqrt(median), 1);
    const even = Math.round(median) - median === 0.5 && Math.round(median) % 2 ? Math.round(median) - 1 : Math.round(median);
    return { usual: even, raised_from: Math.max(Math.ceil(median + 3 * spread), fewest), high_from: Math.max(Math.ceil(median + 5 * spread), 2 * fewest) };
}

test('5(2)朝-14 the map: each school and class, each symptom, live; a child once, whoever reports it and however long', async () => {
    await healthy();
    const screens = await Promise.all([[people.board, 'symptoms/all', a.id], [people.office, `class_symptoms/school/${a.id}`, a.one.id]].map(async ([who, topic, id]) => {
        const screen = await live(who);
        await screen.subscribe(topic);
        return (want) => screen.row(topic, (row) => row.id === id && Object.entries({ ill: 0, fever: 0, respiratory: 0, other_symptom: 0, suspended: 0, ...want }).every(([name, n]) => row[name] === n));
    }));
    const see = (want) => Promise.all(screens.map((screen) => screen(want)));
    const [first, second, third, fourth] = a.one.students;
    const one = await tell(first, { first: -1, last: 1, symptoms: ['fever', 'respiratory'] });
    await see({ ill: 1, fever: 1, respiratory: 1 });
    await tell(second);
    await tell(third, { reason_id: accident });
    await tell(fourth, { reason_id: accident, symptoms: ['other'] });
    await see({ ill: 3, fever: 1, respiratory: 1, other_symptom: 1 });
    await city.query(`insert into illnesses (school_id, student_id, disease, onset_on, suspended_from, via, made_by, changed_by) values ($1, $2, 'influenza', today(), today(), 'school', 1, 1)`, [a.id, first]);
    await see({ ill: 3, fever: 1, respiratory: 1, other_symptom: 1, suspended: 1 });
    await city.query('update absences set cancelled_at = now(), cancelled_by = 1, version = version + 1 where id = $1', [one.id]);
    await see({ ill: 3, other_symptom: 1, suspended: 1 });
    await healthy();
    await see({});
    await tell(second, { kind: 'late', symptoms: ['fever'] });
    await tell(third);
    await see({ ill: 1 });
});

test(`5(2)朝-14 what is usual: the last twenty days of the school, against a count and a rule of its own (TODOKE_SEED=${seed})`, async () => {
    for (let i = 0; i < 200; i += 1) {
        const counts = Array.from({ length: random(21) }, () => (random(4) === 0 ? random(40) : random(6)));
        const fewest = random(2) ? 3 : 5;
        const [row] = await city.query('select * from usual_of($1, $2)', [counts, fewest]);
        assert.deepEqual(row ?? { usual: null, raised_from: null, high_from: null }, model(counts, fewest), JSON.stringify(counts));
    }

    // Random histories: ranges, symptoms, what was cancelled, and what does not count; a child once a day.
    await healthy();
    const world = [];
    for (let i = 0; i < 150; i += 1) {
        const child = children[random(children.length)];
        const last = -1 - random(25), first = last - random(4);
        if (world.some((one) => one.child === child && one.first <= last && one.last >= first)) continue;
        const symptoms = random(2) ? SYMPTOMS.filter(() => random(3) === 0) : [];
        const isSick = random(3) > 0;
        const { id } = await tell(child.id, { first, last, symptoms: symptoms.length ? symptoms : null, reason_id: isSick ? sick : accident });
        const cancelled = random(6) === 0;
        if (cancelled) await city.query('update absences set cancelled_at = now(), cancelled_by = 1, version = version + 1 where id = $1', [id]);
        world.push({ child, first, last, symptoms, counts: !cancelled && (isSick || symptoms.length > 0) });
    }
    const days = (await city.query('select d - today() as ago from last_school_days($1, today(), 20) d order by d', [a.id])).map((row) => row.ago);
    for (const symptom of ['ill', 'fever', 'other', 'suspended']) {
        const fits = (one) => one.counts && (symptom === 'ill' || one.symptoms.includes(symptom));
        const count = (ago, mine) => world.filter((one) => fits(one) && mine(one.child) && one.first <= ago && one.last >= ago).length;
        const want = (mine, fewest) => { const counts = days.map((ago) => count(ago, mine)); return { counts, ...model(counts, fewest) }; };
        const { rows } = await people.office.get(`/api/schools/${a.id}/symptoms?symptom=${symptom}`);
        assert.equal(rows.length, classes.length);
        for (const { id, ...row } of rows) assert.deepEqual(row, want((child) => child.class_id === id, 3), `class ${id} ${symptom}`);
        const { id, ...school } = (await people.board.get(`/api/city/symptoms?symptom=${symptom}`)).rows.find((row) => row.id === a.id);
        assert.deepEqual({ id, ...school }, { id: a.id, ...want(() => true, 5) }, symptom);
    }
    assert.equal((await people.board.request('GET', '/api/city/symptoms?symptom=cough')).status, 400);
});

test('5(2)朝-14 the noon sheet marks a class with more than usual, on the day that is asked for', async () => {
    await healthy();
    const unusual = async (query = '') => (await people.office.get(path + query)).rows.find((row) => row.class_id === a.one.id).unusual;
    const { raised_from, high_from } = (await people.office.get(`/api/schools/${a.id}/symptoms`)).rows.find((row) => row.id === a.one.id);
    assert.deepEqual([raised_from, high_from], [3, 6], 'a class in which nobody was ill');
    const ill = a.one.students.slice(0, 3);
    for (const child of ill.slice(0, 2)) await tell(child);
    assert.equal(await unusual(), null);
    await tell(ill[2]);
    assert.equal(await unusual(), 'raised');
    const [before] = await city.query('select d::text as day, d - today() as ago from last_school_days($1, today(), 1) d', [a.id]);
    for (const child of a.one.students.slice(0, 6)) await tell(child, { first: before.ago });
    assert.equal(await unusual(`?day=${before.day}`), a.one.students.length >= 6 ? 'high' : 'raised');
    await healthy();
});

test('5(2)朝-15 the city’s guide for closures: live at school and board; what does not fit is refused; in the audit', async () => {
    const said = ({ status, body }) => [status, body?.type?.replace('/problems/', '') ?? null];
    const put = async (who, body) => said(await who.request('PUT', '/api/city/closure-guide', { body }));
    const { version, ...guide } = await people.teacher.get('/api/city/closure-guide');
    assert.deepEqual(guide, { closure_percent: 20, closure_fewest: 5 });
    for (const wrong of [{ closure_percent: 4 }, { closure_percent: 101 }, { closure_fewest: 1 }, { closure_fewest: 41 }, { closure_percent: 20.5 }, { closure_fewest: '5' }, { closure_fewest: null }]) {
        assert.deepEqual(await put(people.board, { version, ...guide, ...wrong }), [400, 'validation'], JSON.stringify(wrong));
    }
    assert.equal((await put(people.office, { version, ...guide }))[0], 403);
    const watch = async (who, topic, id) => { const screen = await live(who); await screen.subscribe(topic); return (near) => screen.row(topic, (row) => row.id === id && row.near_closure === near); };
    const [school, board] = [await watch(people.office, `class_symptoms/school/${a.id}`, a.one.id), await watch(people.board, 'symptoms/all', a.id)];
    assert.deepEqual(await put(people.board, { version, closure_percent: 30, closure_fewest: 2 }), [200, null]);
    assert.deepEqual(await put(people.board, { version, closure_percent: 30, closure_fewest: 2 }), [409, 'stale_version']);
    const { detail, account_id } = await city.one(`select detail, account_id from audit where action = 'closure_guide_edited' order by id desc limit 1`);
    assert.deepEqual([account_id, detail], [people.board.account, { percent: 30, fewest: 2, before: { percent: 20, fewest: 5 } }]);
    const enrolled = children.filter((child) => child.class_id === a.one.id).length;
    const needed = Math.max(2, Math.ceil(enrolled * 0.3));
    for (const [i, child] of a.one.students.slice(0, needed).entries()) {
        await tell(child);
        await school(i + 1 === needed);
    }
    await board(1);
    const { near_closure } = (await people.nurse.get(path)).rows.find((row) => row.class_id === a.one.id);
    assert.equal(near_closure, true, 'the noon sheet says the same');
    await city.query(`insert into closures (school_id, class_id, first_day, last_day, cause, made_by, changed_by) values ($1, $2, today(), today(), 'influenza', 1, 1)`, [a.id, a.one.id]);
    await board(0);
    await healthy();
    await put(people.board, { version: version + 1, ...guide });
});

test('5(2)朝-16 guardians see no number that says something of fewer than five children: all that may be seen, turned over', async () => {
    // Whoever sees the numbers of one morning looks at all mornings that would look the same: no hidden number may be the same in each.
    for (const [parts, most] of [[1, 12], [2, 30], [3, 14], [4, 8]]) {
        const ranges = Array.from({ length: parts }, (_, i) => `generate_series(0, ${most}) as c${i}`).join(', ');
        const columns = Array.from({ length: parts }, (_, i) => `c${i}`).join(', ');
        const mornings = await city.query(`select array[${columns}] as counts, h.parts, h.total from ${ranges}, small_numbers_hidden(array[${columns}]) h`);
        const alike = new Map();
        for (const one of mornings) {
            const seen = JSON.stringify([one.parts, one.total]);
            alike.set(seen, [...(alike.get(seen) ?? []), one]);
        }
        for (const [seen, ones] of alike) {
            for (let i = 0; i < parts; i += 1) {
                const possible = new Set(ones.map(({ counts }) => counts[i]));
                if (ones[0].parts[i] === null) assert.ok(possible.size > 1 && [...possible].every((n) => n < 5), `${seen}: part ${i} is ${[...possible]}`);
                else assert.deepEqual([...possible], [ones[0].parts[i]]);
            }
            const totals = new Set(ones.map(({ counts }) => counts.reduce((sum, n) => sum + n, 0)));
            if (ones[0].total !== null) assert.deepEqual([...totals], [ones[0].total]);
        }
        assert.ok(mornings.some((one) => one.total !== null && one.total >= 5));
    }
});

test('5(2)朝-16 学校のようす: only where the school shows it, for its own guardians, as counted', async () => {
    await healthy();
    const child = a.one.students[0];
    const see = (who = people.guardian) => who.request('GET', `/api/children/${child}/school-health`);
    const show = async (who, version, shows_health) => (await who.request('PUT', `/api/schools/${a.id}/health-shown`, { body: { version, shows_health } })).status;
    assert.equal((await see()).status, 404, 'off unless the school says so');
    assert.equal((await people.guardian.get('/api/children')).rows.find((row) => row.student_id === child).shows_health, false);
    assert.deepEqual([await show(people.teacher, 1, true), await show(people.office, 9, true), await show(people.office, 1, true), await show(people.office, 1, true)], [403, 409, 200, 409]);
    assert.equal((await people.guardian.get('/api/children')).rows.find((row) => row.student_id === child).shows_health, true);
    const counts = new Map(classes.map(({ grade }) => [grade, 0]));
    for (const one of children.filter((_, i) => i % 4 === 0)) {
        await tell(one.id);
        const { grade } = classes.find(({ id }) => id === one.class_id);
        counts.set(grade, counts.get(grade) + 1);
    }
    const { rows } = (await see()).body;
    const small = [...counts.values()].filter((n) => n < 5), hidden = small.reduce((sum, n) => sum + n, 0);
    const total = small.length === 0 || (hidden >= 5 && hidden < 4 * small.length) ? [...counts.values()].reduce((sum, n) => sum + n, 0) : null;
    const want = [[null, total], ...[...counts].sort((x, y) => x[0] - y[0]).map(([grade, n]) => [grade, n < 5 ? null : n])];
    assert.deepEqual(rows.map((row) => [row.grade, row.n]), want);
    assert.deepEqual(Object.keys(rows[0]).sort(), ['at', 'grade', 'n']);
    assert.equal((await see(people.stranger)).status, 404);
    await healthy();
});
