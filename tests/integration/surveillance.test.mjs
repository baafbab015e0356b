// The noon sheet of the surveillance of infections, against a count of its own in JavaScript. TODOKE_SEED repeats a run.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';
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

test(`5(2) the noon sheet: each class with its zeros, as counted independently (TODOKE_SEED=${seed})`, async () => {
    await clear(city);
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

test('5(2)オ the noon sheet as a file has all its columns', async () => {
    const { status, body } = await people.office.request('GET', `${path}?format=csv`);
    assert.equal(status, 200);
    const [head, ...lines] = String(body).trim().split('\r\n');
    assert.ok(head.includes('病気による欠席') && head.includes('出席停止：インフルエンザ'));
    assert.ok(lines.length >= classes.length);
});
