// The noon sheet of the surveillance of infections, against a count of its own in JavaScript. TODOKE_SEED repeats a run.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';
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
