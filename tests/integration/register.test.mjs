// A simulated school month: reports, phone calls, roll calls, closures, corrections, a calendar of its own; the register against an
// independent recomputation in JavaScript. TODOKE_SEED repeats a run.
import test from 'node:test';
import assert from 'node:assert/strict';
import { sleep, startCity } from '../support/city.mjs';
import { mailbox } from '../support/mailbox.mjs';
import { cast, clear, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { homeroom, office, guardian } = people;
const { a } = people.at;
const today = await day(city);
const seed = Number(process.env.TODOKE_SEED ?? Math.floor(Math.random() * 1e9));
let state = seed;
const random = (n) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor((state / 2147483648) * n); };
const pick = (list) => list[random(list.length)];
const plus = (date, n) => new Date(Date.parse(date) + n * 86_400_000).toISOString().slice(0, 10);
const FIRST = plus(today, -30);
const every = Array.from({ length: 31 }, (_, i) => plus(FIRST, i));
const told = ({ status, body }) => [status, body?.type?.replace('/problems/', '')];

const reasons = await city.query(`select id, mark, kinds, needs_note from reasons where school_id is null and active`);
const marks = Object.fromEntries((await city.query('select code, counts_as from marks')).map((row) => [row.code, row.counts_as]));
const grades = Object.fromEntries((await city.query('select id, grade from classes where id = any ($1)', [[a.one.id, a.two.id]])).map((row) => [row.id, row.grade]));

/** The model's world: what happened, in its own words. */
const world = { off: new Set(), on: new Set(), reports: [], seen: new Map(), closures: [], fixed: new Map(), standing: [], ill: [], called: new Set(), moved: null };
const child = (id) => ({ id, of: a.one.students.includes(id) ? a.one.id : a.two.id });
const children = [...a.one.students, ...a.two.students].map(child);
const classOn = (one, date) => (world.moved?.id === one.id ? (date < world.moved.day ? world.moved.from : world.moved.to) : one.of);

function isSchoolDay(date) {
    if (world.on.has(date)) return true;
    if (world.off.has(date)) return false;
    const weekday = new Date(date).getUTCDay();
    return weekday > 0 && weekday < 6 && !world.holidays.has(date);
}

const whole = (mark) => (['absent', 'suspended'].includes(marks[mark]) ? mark : 'accident');

function modelOf(one, date) {
    const report = world.reports.find((r) => r.student === one.id && r.first <= date && date <= r.last);
    const reported = report?.kind ?? '';
    const seen = world.seen.get(`${one.id} ${date}`);
    const fixed = world.fixed.get(`${one.id} ${date}`);
    const at = classOn(one, date);
    const away = world.standing.find((s) => s.student === one.id && s.first <= date && date <= s.last);
    if (fixed) return { mark: fixed.mark ?? null, late: Boolean(fixed.late), early: Boolean(fixed.leave_early) };
    const closure = world.closures.find((c) => c.first <= date && date <= c.last && (!c.class_id || c.class_id === at) && (!c.grade || c.grade === grades[at]));
    if (closure) return { mark: closure.cause === 'disaster' ? 'disaster' : 'closure', late: false, early: false };
    const given = report ? report.mark : away?.mark;
    const ill = world.ill.some((one_of) => one_of.student === one.id && one_of.from <= date && date < (one_of.free ?? '9999'));
    if (ill && (!seen || seen === 'absent')) return { mark: 'suspended', late: false, early: false };
    if (seen) {
        if (seen === 'absent') return { mark: whole(given), late: false, early: false };
        return { mark: null, late: seen.startsWith('late'), early: seen.endsWith('left_early') || (['present', 'late'].includes(seen) && reported.endsWith('leave_early')) };
    }
    if (report) return { mark: reported === 'absent' ? whole(given) : null, late: reported.startsWith('late'), early: reported.endsWith('leave_early') };
    return { mark: away ? whole(given) : null, late: false, early: false };
}

function expected(class_id, first, last) {
    const rows = [];
    for (const one of children) {
        const days = every.filter((date) => date >= first && date <= last && date <= today && isSchoolDay(date) && classOn(one, date) === class_id);
        if (days.length === 0) continue;
        const of = days.map((date) => [date, modelOf(one, date)]);
        const count = (test_of) => of.filter(([, m]) => test_of(m)).length;
        const suspended = count((m) => marks[m.mark] === 'suspended');
        const absent = count((m) => marks[m.mark] === 'absent');
        rows.push({
            student_id: one.id, school_days: days.length, suspended, due: days.length - suspended, absent, attended: days.length - suspended - absent,
            late: count((m) => m.late), leave_early: count((m) => m.early),
            marks: Object.fromEntries(of.filter(([, m]) => m.mark || m.late || m.early).map(([date, m]) => [date, `${m.mark} ${m.late} ${m.early}`])),
        });
    }
    return rows.sort((x, y) => x.student_id - y.student_id);
}

async function shown(class_id, first, last) {
    const { rows } = await office.get(`/api/classes/${class_id}/register?first_day=${first}&last_day=${last}`);
    const mine = new Set(children.map((one) => one.id));
    return rows.filter((row) => mine.has(row.student_id)).map(({ student_id, school_days, suspended, due, absent, attended, late, leave_early, marks: days }) => ({
        student_id, school_days, suspended, due, absent, attended, late, leave_early,
        marks: Object.fromEntries(Object.entries(days).filter(([, m]) => m.mark || m.late || m.leave_early).map(([date, m]) => [date, `${m.mark} ${m.late} ${m.leave_early}`]).sort()),
    })).sort((x, y) => x.student_id - y.student_id);
}

async function calendar() {
    await city.query('delete from calendar_entries'); // what lets other tests run on any day of the week
    world.holidays = new Set((await city.query('select day::text from national_holidays where day between $1 and $2', [FIRST, today])).map((row) => row.day));
    for (const kind of ['holiday', 'school_day', 'holiday']) {
        const date = pick(every.slice(2));
        if (world.on.has(date) || world.off.has(date)) continue;
        await city.query(`insert into calendar_entries (school_id, kind, first_day, last_day, label) values ($1, $2, $3, $3, '試験の日')`, [a.id, kind, date]);
        world[kind === 'school_day' ? 'on' : 'off'].add(date);
    }
}

/** A report by a guardian (put into the table, as of then) or a call that the office takes. */
async function report() {
    const { id } = pick(children);
    const first = pick(every);
    const last = [plus(first, random(4)), today].sort()[0];
    if (world.reports.some((r) => r.student === id && r.first <= last && r.last >= first)) return;
    const kind = pick(['absent', 'absent', 'absent', 'late', 'leave_early', 'late_and_leave_early']);
    const reason = pick(reasons.filter((r) => r.kinds.includes(kind)));
    const times = { ...(kind.startsWith('late') && { arrive_at: '09:40' }), ...(kind.endsWith('leave_early') && { leave_at: '13:10' }) };
    if (random(2)) {
        const answer = await office.request('POST', '/api/absences', { key: crypto.randomUUID(), body: { student_id: id, first_day: first, last_day: last, kind, reason_id: reason.id, note: '電話', ...times } });
        if (answer.status !== 201) return assert.deepEqual(told(answer), [422, 'no_school_day']);
        if (random(5) === 0) return void await office.post(`/api/absences/${answer.body.id}/cancel`, { version: 1 });
    } else {
        await city.query(`insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, reason_id, via, reported_by, changed_by, changed_via)
            select school_id, id, $2, $3, $4, $5, $6, $7, 'guardian', $8, $8, 'guardian' from students where id = $1`,
        [id, first, last, kind, times.arrive_at ?? null, times.leave_at ?? null, reason.id, guardian.account]);
    }
    world.reports.push({ student: id, first, last, kind, mark: reason.mark });
}

/** Illnesses, some over, some not, some taken back; by law, in the test's own reckoning. */
async function fall_ill() {
    for (const student of [a.one.students[1], a.one.students[2], a.two.students[0], a.two.students[2]]) {
        const onset = pick(every.slice(4, 26));
        const ended = random(4) === 0 ? undefined : [plus(onset, random(7)), today].sort()[0];
        const [disease, free] = pick([
            ['influenza', ended && [plus(onset, 6), plus(ended, 3)].sort()[1]], ['covid', ended && [plus(onset, 6), plus(ended, 2)].sort()[1]],
            ['chickenpox', ended], ['other', onset], ['pertussis', plus(onset, 3)],
        ]);
        const from = plus(onset, random(2));
        const more = { ...(ended && { ended_on: ended }), ...(disease === 'pertussis' && { ended_on: undefined, treated_until: plus(onset, 2) }), ...(disease !== 'other' && { suspended_from: from }) };
        const made = await office.post(`/api/students/${student}/illnesses`, { disease, onset_on: onset, ...more });
        if (random(5) === 0) await office.put(`/api/illnesses/${made.id}/withdraw`, { version: 1 });
        else if (disease !== 'other') world.ill.push({ student, from, free: free && random(2) && free <= today && plus(free, 1) > from ? (await back(made.id, plus(free, 1))) : free });
    }
}
async function back(id, returned_on) {
    await office.put(`/api/illnesses/${id}/return`, { version: 1, returned_on });
    return returned_on;
}

let tap = Date.now() - 86_400_000;
async function see() {
    const { id } = pick(children);
    const date = pick(every);
    const seen = pick(['present', 'absent', 'late', 'left_early', 'late_and_left_early', 'expected']);
    await office.put(`/api/students/${id}/attendance`, { day: date, state: seen, seen_at: ++tap });
    if (seen === 'expected') world.seen.delete(`${id} ${date}`);
    else world.seen.set(`${id} ${date}`, seen);
}

async function correct() {
    const { id } = pick(children);
    const date = pick(every);
    const change = pick([{ mark: 'sick' }, { mark: 'bereavement' }, {}, { late: true }, { leave_early: true }, { automatic: true }]);
    await office.put(`/api/students/${id}/register`, { day: date, ...change });
    if (change.automatic) world.fixed.delete(`${id} ${date}`);
    else world.fixed.set(`${id} ${date}`, change);
}

async function close_some() {
    for (const [cause, scope] of [['influenza', { class_id: a.one.id }], ['disaster', { grade: grades[a.two.id] }], ['covid', { class_id: a.two.id }]]) {
        const first = pick(every);
        const last = [plus(first, random(3)), today].sort()[0];
        const made = await office.post(`/api/schools/${a.id}/closures`, { first_day: first, last_day: last, cause, ...scope });
        const changed = [plus(last, -1), first].sort()[1];
        const version = random(2) ? (await office.put(`/api/closures/${made.id}`, { version: 1, first_day: first, last_day: changed, cause })).version : 0;
        if (random(4) === 0) await office.put(`/api/closures/${made.id}`, { version: version || 1, first_day: first, last_day: last, cause, ended: true });
        else world.closures.push({ first, last: version ? changed : last, cause, ...scope });
    }
}

test(`5(2)朝-8 5(2)誤-8 a simulated school month: the register equals an independent recomputation (TODOKE_SEED=${seed})`, async () => {
    await calendar();
    // What the seed says of these children is no part of the model.
    for (const one of children) await clear(city, one.id);
    await city.query('update standing_absences set ended_at = now(), ended_by = made_by where ended_at is null');
    await city.query('delete from illnesses');
    // One child changed from the second class to the first in the middle of the month; one is away for long.
    world.moved = { id: a.one.students[0], from: a.two.id, to: a.one.id, day: every[15] };
    await city.query('alter table student_versions disable trigger append_only');
    await city.query(`update student_versions set made_at = ($2::date)::timestamp at time zone 'Asia/Tokyo' where student_id = $1`, [world.moved.id, world.moved.day]);
    await city.query('alter table student_versions enable trigger append_only');
    await city.query(`insert into student_versions (student_id, version, school_id, action, made_at, class_id, number, family_name, given_name, family_kana, given_kana)
        select id, 0, school_id, 'made', now() - interval '90 days', $2, 1, family_name, given_name, family_kana, given_kana from students where id = $1`, [world.moved.id, a.two.id]);
    const away = { student: a.two.students[1], first: every[8], last: every[20], mark: 'sick' };
    await office.post(`/api/students/${away.student}/standing`, { first_day: away.first, last_day: away.last, reason_id: reasons.find((r) => r.mark === 'sick').id });
    world.standing.push(away);

    for (let i = 0; i < 60; i += 1) await report();
    await close_some();
    await fall_ill();
    for (let i = 0; i < 60; i += 1) await see();
    for (let i = 0; i < 12; i += 1) await correct();
    assert.ok(world.reports.length > 10);
    for (const [first, last] of [[FIRST, today], [every[5], every[22]], [every[17], plus(today, 20)]]) {
        for (const id of [a.one.id, a.two.id]) assert.deepEqual(await shown(id, first, last), expected(id, first, last), `class ${id}, ${first} to ${last}`);
    }
    const exceptions = expected(a.one.id, FIRST, today).reduce((n, row) => n + Object.keys(row.marks).length, 0);
    const { rows } = await office.get(`/api/classes/${a.one.id}/register/days?first_day=${FIRST}&last_day=${today}`);
    assert.equal(rows.filter((row) => children.some((one) => one.id === row.student_id) || row.student_id === undefined).length >= exceptions, true);
});

test('5(2)朝-8 the register’s head: days of school, closed and called ones; sums and days as files', async () => {
    await homeroom.put(`/api/classes/${a.one.id}/roll`, { day: today, done: true });
    const { rows } = await homeroom.get(`/api/classes/${a.one.id}/register/head?first_day=${FIRST}&last_day=${today}`);
    assert.deepEqual(rows.map((row) => row.day), every.filter(isSchoolDay));
    for (const row of rows) {
        assert.equal(row.closed, world.closures.some((c) => c.first <= row.day && row.day <= c.last && (!c.class_id || c.class_id === a.one.id) && (!c.grade || c.grade === grades[a.one.id])), row.day);
        assert.equal(row.called, row.day === today);
    }
    const file = await office.request('GET', `/api/classes/${a.one.id}/register?first_day=${FIRST}&last_day=${today}&format=csv`);
    assert.match(file.text ?? String(file.body), /授業日数,出席停止・忌引等,出席しなければならない日数,欠席日数,出席日数,遅刻,早退/);
    const days = await office.request('GET', `/api/classes/${a.one.id}/register/days?first_day=${FIRST}&last_day=${today}&format=csv`);
    assert.match(days.text ?? String(days.body), /日付,学年,学級,出席番号/);
});

test('5(2)朝-8 corrections: who made which, the same once more adds none, given back; what does not fit is refused', async () => {
    const [, id] = a.one.students;
    const correct_ = (person, body) => person.request('PUT', `/api/students/${id}/register`, { body: { day: today, ...body } });
    const first = await correct_(homeroom, { mark: 'sick', note: '電話で確認' });
    assert.deepEqual((await correct_(homeroom, { mark: 'sick', note: '電話で確認' })).body, first.body);
    assert.equal((await correct_(office, { automatic: true })).status, 200);
    const { rows } = await office.get(`/api/students/${id}/register/corrections?day=${today}`);
    assert.deepEqual(rows.slice(0, 2).map((row) => [row.automatic, row.mark, row.note, row.made_by]), [[true, null, null, '試験 花子'], [false, 'sick', '電話で確認', '試験 花子']]);
    for (const [body, status, type] of [
        [{ mark: 'late' }, 400, 'validation'], [{ mark: 'nothing' }, 400, 'validation'], [{ mark: 'sick', late: true }, 400, 'validation'],
        [{ mark: 'sick', automatic: true }, 400, 'validation'], [{ late: true, automatic: true }, 400, 'validation'],
        [{ day: plus(today, 1) }, 422, 'future_day'], [{ day: plus(today, -401) }, 422, 'too_old'],
    ]) assert.deepEqual(told(await correct_(homeroom, body)), [status, type], JSON.stringify(body));
    assert.deepEqual(told(await correct_(people.colleague, { late: true })), [404, 'not_found']);
    assert.deepEqual(told(await office.request('GET', `/api/classes/${a.one.id}/register?first_day=${today}&last_day=${FIRST}`)), [400, 'validation']);
    assert.deepEqual(told(await office.request('GET', `/api/classes/${a.one.id}/register?first_day=2025-01-01&last_day=2026-06-01`)), [400, 'validation']);
});

test('5(2)朝-13 closures: one for a place and time, a class of another school, both grade and class; guardians learn of theirs', async () => {
    const make = (body, key = crypto.randomUUID(), person = office) => person.request('POST', `/api/schools/${a.id}/closures`, { key, body: { first_day: plus(today, 3), last_day: plus(today, 4), cause: 'covid', ...body } });
    const key = crypto.randomUUID();
    const made = await make({ class_id: a.one.id, note: '体調にご注意ください。' }, key);
    assert.equal(made.status, 201);
    assert.deepEqual((await make({ class_id: a.one.id, note: '体調にご注意ください。' }, key)).body, made.body);
    assert.deepEqual(told(await make({ class_id: a.one.id, last_day: plus(today, 9) })), [409, 'already_closed']);
    assert.deepEqual(told(await make({ class_id: people.at.b.one.id })), [400, 'validation']);
    assert.deepEqual(told(await make({ class_id: a.one.id, grade: 1 })), [400, 'validation']);
    assert.deepEqual(told(await make({ last_day: plus(today, 2) })), [400, 'validation']);
    assert.deepEqual(told(await make({}, crypto.randomUUID(), homeroom)), [403, 'forbidden']);
    const mine = (await guardian.get('/api/children/closures')).rows.filter((row) => row.id === made.body.id);
    assert.deepEqual(mine.map((row) => [row.student_id, row.cause, row.note]), a.one.students.slice(0, 2).map((id) => [id, 'covid', '体調にご注意ください。']));
    assert.deepEqual((await people.stranger.get('/api/children/closures')).rows, []);
    const days_of = async () => (await guardian.get('/api/children/days')).rows.filter((row) => [plus(today, 3), plus(today, 4)].includes(row.day) && row.student_id === a.one.students[0]);
    assert.deepEqual((await days_of()).map((row) => [row.day, row.is_school, row.label]), [3, 4].map((n) => [plus(today, n), false, '学級閉鎖']), 'days of no school, each once');
    // Told once to each guardian who has an address, whatever they chose; what came before them is told to nobody by mail.
    for (let i = 0; i < 100 && (await city.one('select count(*)::int as n from tellings')).n > 0; i += 1) await sleep(100);
    await city.query(`update accounts set email = 'closed-' || id || '@example.jp' where id in ($1, $2)`, [guardian.account, people.stranger.account]);
    const mails = async (person) => (await city.one('select count(*)::int as n from outbox where account_id = $1', [person.account])).n;
    assert.equal((await make({ class_id: a.one.id, first_day: plus(today, 20), last_day: plus(today, 20) })).status, 201);
    for (let i = 0; i < 100 && (await mails(guardian)) === 0; i += 1) await sleep(100);
    assert.deepEqual([await mails(guardian), await mails(people.stranger)], [1, 0], 'one for both children');
    const change = (body) => office.request('PUT', `/api/closures/${made.body.id}`, { body: { version: 1, first_day: plus(today, 3), last_day: plus(today, 3), cause: 'covid', ...body } });
    const subject = async () => (await mailbox(city).next(`closed-${guardian.account}@example.jp`)).subject;
    assert.equal(await subject(), '学級閉鎖などのお知らせ');
    assert.equal((await change({ first_day: plus(today, 3), last_day: plus(today, 4), note: '体調にご注意ください。', cause: 'influenza' })).status, 200);
    assert.equal((await change({ version: 2 })).status, 200);
    assert.equal(await subject(), '学級閉鎖などの変更のお知らせ', 'other days, not another cause');
    assert.deepEqual(told(await change({})), [409, 'stale_version']);
    assert.equal((await change({ version: 3, ended: true })).status, 200);
    assert.equal((await change({ version: 3, ended: true })).status, 200, 'taken back twice');
    assert.equal(await subject(), '学級閉鎖などの取り消しのお知らせ', 'whoever was told to stay at home is told to come');
    assert.equal(await mails(guardian), 3, 'once');
    assert.deepEqual(told(await change({ version: 4 })), [409, 'already_ended']);
    assert.deepEqual((await guardian.get('/api/children/closures')).rows.filter((row) => row.id === made.body.id), []);
    assert.deepEqual((await days_of()).filter((row) => row.label === '学級閉鎖'), []);
});
