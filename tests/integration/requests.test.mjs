// What guardians ask the school to change after the cut-off, and children who are away for long.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { before, beforeEach } from 'node:test';
import { live, startCity } from '../support/city.mjs';
import { leftovers } from '../support/leftovers.mjs';
import { absence, account, cast, clear, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { guardian, partner, reader, stranger, homeroom, colleague, office, nurse, board, at } = people;
const [child, sibling] = at.a.one.students;
let today, tomorrow, sick, open;

const cutOff = (time) => city.query('update schools set correct_until = $2 where id = $1', [at.a.id, time]);
const report = (student = child, change = {}) => absence(city, student, { by: guardian.account, ...change });
/** Status and the problem's name. */
const said = ({ status, body }) => [status, body?.type?.replace('/problems/', '') ?? ''];
const post = async (who, path, body, key = randomUUID()) => who.request('POST', `/api${path}`, { body, key });
const ask = (who, row, change = {}, key) => post(who, `/absences/${row.id}/requests`,
    { version: 1, action: 'correct', first_day: today, kind: 'late', arrive_at: '10:30', reason_id: sick, ...change }, key);
const cancellation = { action: 'cancel', first_day: undefined, kind: undefined, arrive_at: undefined, reason_id: undefined };
const decide = (who, id, state, more = {}) => post(who, `/requests/${id}/decide`, { version: 1, state, ...more });
const withdraw = (who, id, version = 1) => post(who, `/requests/${id}/withdraw`, { version, state: 'withdrawn' });
const stored = (id) => city.one('select * from absences where id = $1', [id]);
const standing = (who, student, change = {}) => post(who, `/students/${student}/standing`, { first_day: today, ...change });

before(async () => {
    [today, tomorrow] = [await day(city), await day(city, 1)];
    sick = (await city.one(`select id from reasons where school_id is null and label = '発熱'`)).id;
    open = (await city.one(`select id from reasons where school_id is null and not asks_times`)).id;
    await city.query('delete from standing_absences');
});
beforeEach(async () => {
    for (const student of [child, sibling]) await clear(city, student);
    await city.query(`update absence_requests set state = 'withdrawn', decided_at = now(), decided_by = made_by where state = 'open'`);
    await city.query('update standing_absences set ended_at = now(), ended_by = made_by where ended_at is null');
    await cutOff('00:00');
});

test('5(2)ア-8 5(2)誤-2 5(2)誤-3 after the cut-off both guardians ask at once: one request, which both see live, and its answer', async () => {
    const row = await report();
    assert.deepEqual(said(await guardian.request('PUT', `/api/absences/${row.id}`, { body: { version: 1, first_day: today, kind: 'absent', reason_id: sick }, key: randomUUID() })), [409, 'after_cutoff']);
    const screens = await Promise.all([guardian, partner].map((one) => live(one)));
    for (const screen of screens) {
        screen.send({ op: 'sub', topic: `requests/student/${child}` });
        await screen.until(() => screen.frames.some((frame) => frame.t === 'snap'));
    }
    const key = randomUUID();
    const change = { note: '熱が下がりました', symptoms: ['headache'] };
    const answers = await Promise.all([ask(guardian, row, change, key), ask(partner, row, cancellation)]);
    assert.deepEqual(answers.map(said).sort(), [[201, ''], [409, 'already_requested']]);
    if (answers[0].status === 409) {
        // The partner was first: it is taken back, so that what follows is the guardian's.
        assert.equal((await withdraw(partner, answers[1].body.id)).status, 200);
        answers[0] = await ask(guardian, row, change, key);
    }
    const { id } = answers[0].body;
    assert.equal((await ask(guardian, row, change, key)).body.id, id, 'a retry is the same request');
    assert.deepEqual(said(await ask(guardian, row, {}, key)), [422, 'key_reused']);
    assert.deepEqual(said(await ask(partner, row)), [409, 'already_requested']);
    for (const screen of screens) await screen.until(() => screen.topics.get(`requests/student/${child}`).rows.get(id)?.state === 'open');
    assert.equal((await stored(row.id)).version, 1, 'nothing has changed yet');

    const { body: { at: when } } = await decide(homeroom, id, 'accepted', { answer: 'お大事に' });
    for (const screen of screens) await screen.until(() => screen.topics.get(`requests/student/${child}`).rows.get(id)?.answer === 'お大事に');
    const now = await partner.get(`/api/absences/${row.id}`);
    assert.deepEqual([now.kind, now.arrive_at, now.note, now.symptoms, now.version, now.acknowledged_role], ['late', '10:30', '熱が下がりました', ['headache'], 2, 'homeroom']);
    assert.equal(Date.parse(now.acknowledged_at), Date.parse(when));
    const { rows: versions } = await guardian.get(`/api/absences/${row.id}/versions`);
    assert.deepEqual(versions.map((one) => [one.version, one.action, one.by, one.kind, one.symptoms]), [[1, 'reported', 'you', 'absent', null], [2, 'corrected', 'school', 'late', ['headache']]]);
    for (const screen of screens) screen.close();
});

test('5(2)ア-8 what was asked and is done already is accepted, not declined: a cancellation that the school entered itself', async () => {
    const row = await report();
    const { id } = (await ask(guardian, row, { ...cancellation, note: '治りました' })).body;
    await office.post(`/api/absences/${row.id}/cancel`, { version: 1 });
    const before = await stored(row.id);
    assert.equal((await decide(homeroom, id, 'accepted')).status, 200);
    assert.deepEqual(await stored(row.id), before, 'the report stays as it was');
    assert.deepEqual((await guardian.get(`/api/absences/${row.id}/requests`)).rows.map((one) => one.state), ['accepted']);
});

test('5(2)ア-8 before the cut-off one asks nobody; a stale version, a report that is gone and a stranger are refused', async () => {
    const row = await report();
    await cutOff('23:59:59');
    assert.deepEqual(said(await ask(guardian, row)), [409, 'still_open']);
    await cutOff('00:00');
    assert.deepEqual(said(await ask(stranger, row)), [404, 'not_found']);
    assert.deepEqual(said(await ask(reader, row)), [404, 'not_found']);
    assert.equal((await ask(homeroom, row)).status, 403, 'the school asks nobody');
    await homeroom.post(`/api/absences/${row.id}/acknowledge`);
    assert.deepEqual(said(await ask(guardian, row)), [409, 'stale_version']);
    assert.deepEqual(said(await ask(guardian, row, { version: 2, arrive_at: undefined })), [422, 'time_needed']);
    assert.deepEqual(said(await ask(guardian, row, { version: 2, kind: 'attend', arrive_at: undefined, reason_id: undefined })), [422, 'not_standing']);
    assert.deepEqual((await ask(guardian, row, { version: 2, action: 'cancel' })).body.errors.map((one) => one.field).sort(), ['arrive_at', 'first_day', 'kind', 'reason_id']);
    assert.deepEqual((await ask(guardian, row, { version: 2, kind: undefined, first_day: undefined, arrive_at: undefined })).body.errors.map((one) => one.field).sort(), ['first_day', 'kind']);
    await clear(city, child);
    assert.deepEqual(said(await ask(guardian, row, { version: 3 })), [409, 'already_cancelled']);
});

test('5(2)ア-8 5(2)誤-10 MEASURES 12: a right that is withdrawn while the form is open ends asking and taking back at once', async () => {
    const row = await report();
    const { id } = (await ask(partner, row, cancellation)).body;
    const right = (rights) => city.query('update guardianships set rights = $2 where account_id = $1', [partner.account, rights]);
    await right('read');
    assert.deepEqual(said(await withdraw(partner, id)), [404, 'not_found']);
    assert.equal((await partner.get(`/api/absences/${row.id}/requests`)).rows.length, 1, 'still reads');
    await right('blocked');
    assert.equal((await partner.request('GET', `/api/absences/${row.id}/requests`)).status, 403, 'a guardian of nobody');
    await right('report');
    assert.deepEqual(said(await withdraw(stranger, id)), [404, 'not_found']);
    assert.equal((await withdraw(guardian, id)).status, 200, 'the other guardian may take it back');
    assert.equal((await withdraw(guardian, id)).status, 200, 'twice is once');
    assert.deepEqual(said(await decide(office, id, 'accepted', { version: 2 })), [409, 'already_decided']);
    assert.equal((await ask(partner, row)).status, 201, 'and may ask anew');
});

test('5(2)ア-8 the class and the office answer at once: one answer counts, the other is told; nobody else may', async () => {
    const row = await report();
    const { id } = (await ask(guardian, row)).body;
    for (const who of [colleague, people.far_office, people.teacher]) assert.deepEqual(said(await decide(who, id, 'accepted')), [404, 'not_found']);
    for (const who of [guardian, board]) assert.equal((await decide(who, id, 'accepted')).status, 403);
    const answers = await Promise.all([decide(homeroom, id, 'accepted'), decide(office, id, 'declined', { answer: '電話で確かめました' })]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    const [accepted] = answers.map(({ status }) => status === 200);
    const state = accepted ? 'accepted' : 'declined';
    assert.deepEqual((await guardian.get(`/api/absences/${row.id}/requests`)).rows.map((one) => [one.state, one.answer]), [[state, accepted ? null : '電話で確かめました']]);
    assert.equal((await stored(row.id)).kind, accepted ? 'late' : 'absent');
    assert.equal((await decide(nurse, id, state)).body.version, 2, 'the same answer again is that answer');
    assert.deepEqual(said(await decide(nurse, id, accepted ? 'declined' : 'accepted')), [409, 'stale_version']);
    assert.deepEqual(said(await decide(nurse, id, accepted ? 'declined' : 'accepted', { version: 2 })), [409, 'already_decided']);
    const { n } = await city.one(`select count(*)::int as n from audit where action like 'absence_request_%' and (detail ->> 'request_id')::bigint = $1`, [id]);
    assert.equal(n, 1, 'one row of the audit');
});

test('5(2)ア-8 5(2)誤-1 what can no longer be accepted stays open: another report in the way, a report that was cancelled', async () => {
    const row = await report();
    const { id } = (await ask(guardian, row, { first_day: tomorrow })).body;
    const other = await report(child, { first: 1 });
    assert.deepEqual(said(await decide(office, id, 'accepted')), [409, 'already_reported']);
    await city.query('update absences set cancelled_at = now(), cancelled_by = reported_by, version = 2 where id = $1', [other.id]);
    assert.equal((await decide(office, id, 'accepted')).status, 200);
    const moved = await stored(row.id);
    assert.deepEqual([moved.first_day, moved.last_day, moved.acknowledged_role, moved.version], [tomorrow, tomorrow, 'office', 2]);

    const second = await report();
    const asked = (await ask(guardian, second)).body;
    await office.post(`/api/absences/${second.id}/cancel`, { version: 1 });
    assert.deepEqual(said(await decide(office, asked.id, 'accepted')), [409, 'already_cancelled']);
    assert.equal((await decide(office, asked.id, 'declined')).status, 200);

    const third = await report(sibling);
    const gone = (await ask(guardian, third, { ...cancellation, note: '治りました' })).body;
    const screen = await live(homeroom);
    screen.send({ op: 'sub', topic: `requests/class/${at.a.one.id}` });
    await screen.until(() => screen.topics.get(`requests/class/${at.a.one.id}`)?.rows.get(gone.id)?.note === '治りました');
    assert.equal((await decide(homeroom, gone.id, 'accepted')).status, 200);
    await screen.until(() => screen.topics.get(`requests/class/${at.a.one.id}`).rows.get(gone.id).state === 'accepted');
    assert.notEqual((await stored(third.id)).cancelled_at, null);
    screen.close();
});

test('5(2)ア-8 5(2)誤-2 a yes to what the office has changed meanwhile has to be seen first; it undoes nothing unseen', async () => {
    for (const change of [{}, cancellation]) {
        const row = await report();
        const { id } = (await ask(guardian, row, { ...change, note: '前からの依頼' })).body;
        const correct = await office.request('PUT', `/api/absences/${row.id}`, { body: { version: 1, first_day: today, kind: 'late', arrive_at: '11:00', note: '電話で訂正' }, key: randomUUID() });
        assert.equal(correct.body.version, 2);
        assert.deepEqual(said(await decide(homeroom, id, 'accepted', { report_version: 1 })), [409, 'stale_version']);
        assert.deepEqual(await stored(row.id).then((one) => [one.arrive_at, one.note, one.version, one.cancelled_at]), ['11:00:00', '電話で訂正', 2, null], 'the office’s words stand');
        assert.deepEqual((await guardian.get(`/api/absences/${row.id}/requests`)).rows.map((one) => one.state), ['open']);
        assert.equal((await decide(homeroom, id, 'accepted', { report_version: 2 })).status, 200, 'seen, it is the school’s to say');
        assert.equal((await decide(homeroom, id, 'accepted', { report_version: 2 })).status, 200, 'twice is once');
        await clear(city, child);
    }
    const row = await report();
    const { id } = (await ask(guardian, row)).body;
    await office.post(`/api/absences/${row.id}/acknowledge`);
    assert.equal((await decide(homeroom, id, 'declined', { report_version: 1 })).status, 200, 'a no changes nothing of the report');
});

test('5(2)ア-8 5(2)朝-15 no request moves a report to days without school, nor does a yes after they were closed', async () => {
    const row = await report();
    const off = await day(city, 9);
    await city.query(`insert into calendar_entries (school_id, first_day, last_day, kind, label) values ($1, $2, $2, 'closed', '振替休業日')`, [at.a.id, off]);
    assert.deepEqual(said(await ask(guardian, row, { first_day: off })), [422, 'no_school_day']);
    const { id } = (await ask(guardian, row, { first_day: tomorrow })).body;
    await city.query(`insert into calendar_entries (school_id, first_day, last_day, kind, label) values ($1, $2, $2, 'closed', '臨時')`, [at.a.id, tomorrow]);
    assert.deepEqual(said(await decide(office, id, 'accepted', { report_version: 1 })), [422, 'no_school_day']);
    assert.equal((await decide(office, id, 'declined')).status, 200);
    await city.query(`delete from calendar_entries where school_id = $1 and label in ('振替休業日', '臨時')`, [at.a.id]);
});

test('5(2)ア-5 a child away for long: only days on which it comes are reported, and only within it', async () => {
    const coming = (who, change = {}) => post(who, '/absences', { student_id: child, first_day: today, kind: 'attend', ...change });
    assert.deepEqual(said(await coming(guardian)), [422, 'not_standing']);
    assert.deepEqual(said(await standing(guardian, child)), [403, 'forbidden']);
    for (const who of [colleague, people.far_office]) assert.deepEqual(said(await standing(who, child)), [404, 'not_found']);
    const key = randomUUID();
    const body = { first_day: today, note: '入院しています' };
    const made = await post(homeroom, `/students/${child}/standing`, body, key);
    assert.equal(made.status, 201);
    assert.equal((await post(homeroom, `/students/${child}/standing`, body, key)).body.id, made.body.id);
    const [of] = (await partner.get(`/api/students/${child}/standing`)).rows;
    assert.deepEqual([of.first_day, of.last_day.slice(5), of.note], [today, '03-31', '入院しています'], 'until the end of the school year; guardians see it');
    assert.deepEqual(said(await standing(office, child, { first_day: tomorrow, last_day: tomorrow })), [409, 'already_standing']);
    assert.deepEqual(said(await standing(office, child, { last_day: await day(city, -1) })), [400, 'validation']);

    const first = await coming(guardian);
    assert.equal(first.status, 201);
    assert.deepEqual(said(await coming(partner)), [409, 'already_reported']);
    assert.deepEqual(said(await coming(guardian, { first_day: tomorrow, arrive_at: '10:00' })).slice(0, 1), [400], 'an ordinary day has no times');
    assert.deepEqual(said(await coming(guardian, { first_day: tomorrow, kind: 'late' })), [422, 'time_needed']);
    assert.equal((await coming(guardian, { first_day: tomorrow, kind: 'late', reason_id: open, note: '検査のあと' })).status, 201, 'late on such a day, at a time that nobody knows yet');
    await homeroom.post(`/api/absences/${first.body.id}/acknowledge`);
    assert.equal((await guardian.get(`/api/absences/${first.body.id}`)).acknowledged_role, 'homeroom');
});

test('5(2)ア-5 a standing absence that two change at once has one new version; taken back, it holds no more', async () => {
    const { id } = (await standing(homeroom, child)).body;
    const put = (who, change) => who.request('PUT', `/api/standing/${id}`, { body: { version: 1, first_day: today, last_day: tomorrow, ...change } });
    const answers = await Promise.all([put(office, { note: '職員室' }), put(homeroom, { note: '担任' })]);
    assert.deepEqual(answers.map(said).sort(), [[200, ''], [409, 'stale_version']]);
    for (const who of [colleague, people.far_office]) assert.equal((await put(who, { version: 2 })).status, 404);
    assert.equal((await put(guardian, { version: 2 })).status, 403);
    const screen = await live(guardian);
    screen.send({ op: 'sub', topic: `standing/student/${child}` });
    await screen.until(() => screen.topics.get(`standing/student/${child}`)?.rows.get(id)?.last_day === tomorrow);
    assert.equal((await put(office, { version: 2, ended: true })).status, 200);
    assert.equal((await put(office, { version: 2, ended: true })).status, 200, 'twice is once');
    await screen.until(() => screen.topics.get(`standing/student/${child}`).rows.get(id).ended_at);
    screen.close();
    assert.deepEqual(said(await put(office, { version: 3 })), [409, 'already_ended']);
    assert.deepEqual(said(await post(guardian, '/absences', { student_id: child, first_day: today, kind: 'attend' })), [422, 'not_standing']);
    assert.equal((await standing(nurse, child)).status, 201, 'room for another');
    const { rows } = await city.db.query(`select action from audit where object_id = $1 and action like 'standing_%' and (detail ->> 'standing_id')::bigint = $2 order by id`, [child, id]);
    assert.deepEqual(rows.map((row) => row.action), ['standing_made', 'standing_changed', 'standing_taken_back']);
});

test('5(2)ア-5 5(2)誤-8 a standing absence ends with the school: a child that moves takes none along, one that left is not counted', async () => {
    const mover = at.a.two.students[0];
    const parent = await city.as(await account(city, { children: [mover] }));
    const screen = await live(office);
    const topic = `standing/school/${at.a.id}`;
    screen.send({ op: 'sub', topic });
    const begun = (await standing(office, mover, { first_day: await day(city, -3) })).body.id;
    const moves = async (class_id) => board.post(`/api/students/${mover}/move`, { version: (await city.one('select version from students where id = $1', [mover])).version, class_id, number: 97 });
    await screen.until(() => screen.topics.get(topic)?.rows.has(begun));
    await moves(at.b.one.id);
    assert.equal((await city.one('select last_day from standing_absences where id = $1', [begun])).last_day, await day(city, -1));
    await screen.until(() => screen.frames.filter((frame) => frame.t === 'snap' && frame.topic === topic).at(-1).rows.every((row) => row.id !== begun), 5000, 'gone from the old school');
    assert.equal((await post(parent, '/absences', { student_id: mover, first_day: today, kind: 'attend' })).body.type, '/problems/not_standing');
    const ahead = await standing(people.far_office, mover, { first_day: tomorrow });
    assert.equal(ahead.status, 201, 'the new school agrees anew');
    await moves(at.a.two.id);
    assert.notEqual((await city.one('select ended_at from standing_absences where id = $1', [ahead.body.id])).ended_at, null);
    const again = (await standing(office, mover)).body.id;
    await screen.until(() => screen.topics.get(topic).rows.has(again));
    await city.query('update students set left_on = today() - 1 where id = $1', [mover]);
    await screen.until(() => screen.frames.filter((frame) => frame.t === 'snap' && frame.topic === topic).at(-1).rows.every((row) => row.id !== again), 5000, 'left');
    screen.close();
});

test('5(2)ア-3 5(2)ア-8 5(2)カ-2 5(2)誤-3 neither a request nor the school takes a report further back than a month', async () => {
    const row = await report();
    for (const first_day of [await day(city, -32), '1900-01-01']) {
        assert.deepEqual(said(await ask(guardian, row, { first_day })), [422, 'past_day']);
        assert.deepEqual(said(await office.request('PUT', `/api/absences/${row.id}`, { body: { version: 1, first_day, kind: 'absent' }, key: randomUUID() })), [422, 'past_day']);
    }
    assert.equal((await ask(guardian, row, { first_day: await day(city, -31) })).status, 201);
});

test('5(2)ア-8 5(2)誤-8 a report follows the child to its new school: the days before stay, and the new school sees, acknowledges and answers', async () => {
    const mover = at.a.two.students[1];
    const parent = await city.as(await account(city, { children: [mover] }));
    const moves = async (class_id, number) => board.post(`/api/students/${mover}/move`, { version: (await city.one('select version from students where id = $1', [mover])).version, class_id, number });
    const figures = async () => {
        const of = async (view, ids) => (await city.query(`select absent, unacknowledged, unaccounted from ${view} where id = any ($1) order by array_position($1, id)`, [ids])).map(Object.values);
        return [await of('school_figures', [at.a.id, at.b.id]), await of('class_figures', [at.a.two.id, at.b.one.id])];
    };
    await city.query('delete from attendance where student_id = $1', [mover]);
    await clear(city, mover);
    const before = await figures();
    const row = await absence(city, mover, { first: -2, last: 3, by: await account(city, { children: [mover] }) });
    const { id } = (await ask(parent, row, cancellation)).body;
    await city.query('delete from tellings');
    const register = async (who, of) => (await who.get(`/api/classes/${of}/register?first_day=${await day(city, -6)}&last_day=${today}`)).rows
        .filter((one) => one.student_id === mover).map((one) => [one.number, one.school_days, one.absent, one.attended]);
    const [[number, days_here, absent]] = await register(office, at.a.two.id);
    await moves(at.b.one.id, 96);
    assert.deepEqual(await register(office, at.a.two.id), [[number, days_here - 1, absent - 1, days_here - absent]], 'its days stay in the old register');
    assert.deepEqual(await register(people.far_office, at.b.one.id), [[96, 1, 1, 0]], 'and are not in the new one');
    assert.equal((await city.one('select count(*) as n from tellings')).n, 0, 'nothing was reported');
    const days = await city.query(`select school_id, first_day, last_day, version from absences where student_id = $1 and cancelled_at is null and last_day > today() - 3 order by first_day`, [mover]);
    assert.deepEqual(days.map(Object.values), [[at.a.id, await day(city, -2), await day(city, -1), 1], [at.b.id, today, await day(city, 3), 2]]);
    const after = await figures();
    const plus = after.map((view, i) => view.map((one, k) => one.map((n, l) => n - before[i][k][l])));
    assert.deepEqual(plus, [[[0, 0, 0], [1, 1, 0]], [[0, 0, 0], [1, 1, 0]]], 'a school and its classes say the same');
    assert.equal((await people.far_homeroom.request('POST', `/api/absences/${row.id}/acknowledge`)).status, 200);
    assert.equal((await parent.get(`/api/absences/${row.id}`)).acknowledged_role, 'homeroom');
    assert.equal((await decide(office, id, 'accepted')).status, 404, 'no longer the old school');
    assert.equal((await decide(people.far_office, id, 'accepted')).status, 200);
    assert.notEqual((await stored(row.id)).cancelled_at, null);
    assert.equal((await post(parent, '/absences', { student_id: mover, first_day: tomorrow, kind: 'absent', reason_id: sick })).status, 201);
    await moves(at.a.two.id, 95);
    assert.equal((await city.one('select school_id from absences where student_id = $1 and cancelled_at is null and first_day = $2', [mover, tomorrow])).school_id, at.a.id);
});

test('5(2)朝-3 5(2)誤-8 a mark and a question of today are where the child is now, and the new class marks it on', async () => {
    const mover = at.a.two.students[2];
    const state = async () => (await city.query('select school_id, class_id, state from attendance where student_id = $1 and day = today()', [mover])).map(Object.values);
    const mark = (who, what, when) => who.request('PUT', `/api/students/${mover}/attendance`, { body: { day: when ?? today, state: what, seen_at: Date.now() } });
    for (const when of [today, await day(city, -1)]) assert.equal((await mark(people.colleague, 'absent', when)).status, 200);
    assert.equal((await post(office, `/students/${mover}/inquiry`)).status, 200);
    for (const [class_id, teacher, school] of [[at.a.one.id, homeroom, at.a.id], [at.b.one.id, people.far_homeroom, at.b.id]]) {
        await city.query('update students set school_id = $2, class_id = $3, number = 94 where id = $1', [mover, school, class_id]);
        assert.deepEqual(await state(), [[school, class_id, 'absent']]);
        assert.equal((await city.one('select unaccounted from class_figures where id = $1', [class_id])).unaccounted, 1);
        assert.equal((await city.one('select school_id from inquiries where student_id = $1', [mover])).school_id, school);
        assert.equal((await mark(teacher, 'late')).status, 200);
        assert.equal((await mark(teacher, 'absent')).status, 200);
    }
    assert.deepEqual(said(await mark(people.far_homeroom, 'late', await day(city, -1))), [422, 'other_school'], 'yesterday is in the old school’s register');
    const correct = await people.far_office.request('PUT', `/api/students/${mover}/register`, { body: { day: await day(city, -1), mark: 'sick' } });
    assert.deepEqual(said(correct), [422, 'other_school']);
});

test('別紙2 a child that is erased leaves no request and no standing absence behind', async () => {
    const gone = at.b.one.students[1];
    const by = await city.as(await account(city, { children: [gone] }));
    const row = await absence(city, gone, { by: by.account, note: '消える連絡' });
    await city.query('update schools set correct_until = $2 where id = $1', [at.b.id, '00:00']);
    const words = ['消える連絡', '消える依頼', '消える迎え', '消える返事', '消える長欠'];
    const { body } = await ask(by, row, { kind: 'leave_early', arrive_at: undefined, leave_at: '13:00', note: '消える依頼', pick_up: 'other_person', pick_up_note: '消える迎え' });
    assert.equal((await decide(people.far_office, body.id, 'accepted', { answer: '消える返事' })).status, 200);
    assert.equal((await standing(people.far_office, gone, { note: '消える長欠' })).status, 201);
    assert.equal((await leftovers(city, words)).length, 8);
    const log = city.log();
    for (const word of words) assert.ok(!log.includes(word), 'nothing of it in the log');
    await city.query(`update students set left_on = '2015-03-31' where id = $1`, [gone]);
    const { id } = await board.post('/api/erasures', { school_id: at.b.id });
    for (let left = 1; left > 0;) ({ left } = await board.post(`/api/erasures/${id}/apply`));
    assert.deepEqual(await leftovers(city, words), []);
});
