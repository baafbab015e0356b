// The roll call: marks merge by their tap, who is unaccounted for follows from reports and marks together, guardians are asked once.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity, live } from '../support/city.mjs';
import { absence, cast, clear, day } from '../support/people.mjs';
import { statements } from '../support/statements.mjs';

const city = await startCity();
const people = await cast(city);
const { homeroom, office, colleague, guardian, partner, board } = people;
const { a } = people.at;
const today = await day(city);
const [one, two, three, four] = a.one.students;
const tap = (person, student, state, seen_at, more = {}) => person.request('PUT', `/api/students/${student}/attendance`, { body: { day: today, state, seen_at, ...more } });
const told = ({ status, body }) => [status, body?.type?.replace('/problems/', '')];
const stored = (student) => city.one('select state, version, arrived_at::text, changed_by from attendance where student_id = $1 and day = today()', [student]);
const figures = async () => {
    const screen = await live(office);
    const rows = await screen.subscribe(`classes/school/${a.id}`);
    screen.close();
    const { called_at, unaccounted, contradicted } = rows.find((row) => row.id === a.one.id);
    return { called: called_at !== null, unaccounted, contradicted };
};
const now = Date.now();

test('5(2)朝-3 of two taps for a child the later one counts, whichever arrives first; each is kept', async () => {
    assert.equal((await tap(homeroom, one, 'absent', now - 9000)).status, 200);
    assert.equal((await tap(office, one, 'late', now - 3000, { arrived_at: '09:05' })).status, 200);
    assert.deepEqual(told(await tap(homeroom, one, 'present', now - 6000)), [409, 'overtaken']);
    assert.deepEqual(await stored(one), { state: 'late', version: 2, arrived_at: '09:05:00', changed_by: office.account });
    const again = await tap(office, one, 'late', now - 3000, { arrived_at: '09:05' });
    assert.deepEqual([again.status, again.body.version], [200, 2], 'the same tap answers the same');
    assert.deepEqual((await city.query(`select v.state from attendance_versions v join attendance t on t.id = v.attendance_id
        where t.student_id = $1 order by v.version`, [one])).map((row) => row.state), ['absent', 'late']);
    assert.equal((await tap(office, one, 'expected', now - 1000)).status, 200);
    await assert.rejects(city.query('update attendance_versions set state = $1', ['present']), /append-only/);
});

test('5(2)朝-3 thirty taps of two devices at once end as the latest of them says', async () => {
    const taps = Array.from({ length: 30 }, (_, i) => ({ at: now - 500 + ((i * 17) % 30), state: ['absent', 'present', 'late'][i % 3] }));
    const answers = await Promise.all(taps.map(({ at, state }, i) => tap(i % 2 ? homeroom : office, two, state, at)));
    for (const { status } of answers) assert.ok([200, 409].includes(status));
    const last = taps.reduce((best, each) => (each.at > best.at ? each : best));
    assert.equal((await stored(two)).state, last.state);
});

test('5(2)朝-3 a clock that is ahead does not win for ever', async () => {
    assert.equal((await tap(homeroom, two, 'absent', now + 86_400_000)).status, 200);
    assert.equal((await tap(office, two, 'expected', Date.now() + 1000)).status, 200);
    assert.equal((await stored(two)).state, 'expected');
});

test('what does not fit is refused: days ahead, times of other states, times upside down, unknown states, other classes', async () => {
    const refused = async (answer, status, type) => assert.deepEqual(told(await answer), [status, type]);
    await refused(tap(homeroom, three, 'absent', now, { day: await day(city, 1) }), 422, 'future_day');
    await refused(tap(homeroom, three, 'absent', now, { day: await day(city, -401) }), 422, 'too_old');
    await refused(tap(homeroom, three, 'absent', now, { arrived_at: '09:00' }), 400, 'validation');
    await refused(tap(homeroom, three, 'late', now, { left_at: '09:00' }), 400, 'validation');
    await refused(tap(homeroom, three, 'late_and_left_early', now, { arrived_at: '12:00', left_at: '11:00' }), 400, 'validation');
    await refused(tap(homeroom, three, 'asleep', now), 400, 'validation');
    await refused(tap(homeroom, three, 'absent', 0), 400, 'validation');
    await refused(tap(colleague, three, 'absent', now), 404, 'not_found');
    await refused(tap(guardian, one, 'absent', now), 403, 'forbidden');
    assert.equal(await stored(three), undefined);
});

test('5(2)朝-4 5(2)朝-5 5(2)誤-5 absent without a report is unaccounted for; a report, a standing absence or a late child’s time accounts for it', async () => {
    await clear(city, one);
    await tap(homeroom, one, 'absent', Date.now());
    await tap(homeroom, three, 'absent', Date.now());
    assert.deepEqual(await figures(), { called: false, unaccounted: 2, contradicted: 0 });
    await absence(city, one, { by: guardian.account });
    assert.equal((await figures()).unaccounted, 1);
    const standing = await office.request('POST', `/api/students/${three}/standing`, { body: { first_day: today }, key: crypto.randomUUID() });
    assert.equal(standing.status, 201);
    assert.equal((await figures()).unaccounted, 0);
    const come = await city.query(`insert into absences (school_id, student_id, first_day, last_day, kind, via, reported_by, changed_by, changed_via)
        select school_id, id, today(), today(), 'attend', 'school', $2, $2, 'school' from students where id = $1 returning id`, [three, office.account]);
    assert.equal(come.length, 1);
    assert.equal((await figures()).unaccounted, 1, 'it was to come today');
    await clear(city, three);
    // Late: until a quarter of an hour after its time.
    await city.query(`insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, via, reported_by, changed_by, changed_via)
        select school_id, id, today(), today(), 'late', $3::time, 'school', $2, $2, 'school' from students where id = $1`, [three, office.account, '00:01']);
    assert.equal((await figures()).unaccounted, await city.one(`select (localtime_here() >= time '00:16')::int as n`).then((row) => row.n));
    await city.query(`update absences set arrive_at = null, version = version + 1 where student_id = $1 and cancelled_at is null`, [three]);
    assert.equal((await figures()).unaccounted, 0, 'late, nobody knows when');
    await city.query(`update absences set arrive_at = '23:50', version = version + 1 where student_id = $1 and cancelled_at is null`, [three]);
    assert.equal((await figures()).unaccounted, 0, 'a time whose quarter of an hour ends tomorrow');
    await clear(city, three);
});

test('5(2)朝-5 reported late, and not there although its time is over: unaccounted for once the class was called, until somebody sees it', async () => {
    await city.query(`insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, via, reported_by, changed_by, changed_via)
        select school_id, id, today(), today(), 'late', '00:01', 'school', $2, $2, 'school' from students where id = $1`, [three, office.account]);
    await tap(homeroom, three, 'expected', Date.now());
    const { over } = await city.one(`select (localtime_here() >= time '00:16')::int as over`);
    const ask = () => homeroom.request('POST', `/api/students/${three}/inquiry`);
    const call = (done) => homeroom.request('PUT', `/api/classes/${a.one.id}/roll`, { body: { day: today, done } });
    assert.equal((await figures()).unaccounted, 0, 'the class was not called: nobody looked');
    assert.deepEqual(told(await ask()), [409, 'accounted_for']);
    await call(true);
    assert.equal((await figures()).unaccounted, over);
    const screen = await live(board);
    assert.equal((await screen.subscribe('city/all')).find((row) => row.id === a.id).unaccounted, over);
    screen.close();
    if (over) assert.equal((await ask()).status, 200);
    await tap(homeroom, three, 'late', Date.now(), { arrived_at: '00:30' });
    assert.equal((await figures()).unaccounted, 0, 'it came');
    await call(false);
    await clear(city, three);
});

test('5(2)朝-6 5(2)朝-7 seen despite a report is a contradiction; the class is done, and may be opened again; the board sees numbers', async () => {
    await absence(city, four, { by: office.account, via: 'school' });
    await tap(homeroom, four, 'present', Date.now());
    assert.equal((await figures()).contradicted, 1);
    const call = (done, date = today) => homeroom.request('PUT', `/api/classes/${a.one.id}/roll`, { body: { day: date, done } });
    const first = await call(true);
    assert.equal(first.status, 200);
    assert.deepEqual((await call(true)).body, first.body, 'done twice is done once');
    assert.equal((await figures()).called, true);
    const screen = await live(board);
    const city_row = (await screen.subscribe('city/all')).find((row) => row.id === a.id);
    assert.deepEqual([city_row.called, city_row.contradicted], [1, 1]);
    await call(false);
    await screen.row('city/all', (row) => row.id === a.id && row.called === 0);
    screen.close();
    assert.deepEqual(told(await call(true, await day(city, 1))), [422, 'future_day']);
});

test('5(2)朝-7 5(2)朝-13 a class that is closed is not called: the school counts without it, and the board sees that live', async () => {
    const screen = await live(board);
    const [of_city, of_classes] = [await screen.subscribe('city/all'), await screen.subscribe(`classes/school/${a.id}`)];
    const before = of_city.find((row) => row.id === a.id);
    assert.deepEqual(of_classes.filter((row) => row.closed), []);
    const made = await office.request('POST', `/api/schools/${a.id}/closures`, { key: crypto.randomUUID(), body: { class_id: a.one.id, first_day: today, last_day: today, cause: 'influenza' } });
    assert.equal(made.status, 201);
    await screen.row('city/all', (row) => row.id === a.id && row.classes === before.classes - 1 && row.called === 0);
    const { body: { rows } } = await office.request('GET', `/api/schools/${a.id}/closures`);
    assert.equal((await homeroom.get(`/api/schools/${a.id}/closures`)).rows.length, rows.length, 'its teacher may know');
    const again = await live(board);
    assert.deepEqual((await again.subscribe(`classes/school/${a.id}`)).filter((row) => row.closed).map((row) => row.id), [a.one.id]);
    again.close();
    await office.request('PUT', `/api/closures/${made.body.id}`, { body: { version: 1, first_day: today, last_day: today, cause: 'influenza', ended: true } });
    await screen.row('city/all', (row) => row.id === a.id && row.classes === before.classes);
    screen.close();
});

test('5(2)朝-4 one tap asks the guardians, once; who may answers; a report is an answer too; the school closes it', async () => {
    await clear(city, one);
    const ask = (student, person = homeroom) => person.request('POST', `/api/students/${student}/inquiry`);
    assert.deepEqual(told(await ask(two)), [409, 'accounted_for'], 'it is there');
    const phone = await live(partner);
    assert.deepEqual(await phone.subscribe(`inquiries/student/${one}`), []);
    const asked = await ask(one);
    assert.equal(asked.status, 200);
    assert.deepEqual((await ask(one, office)).body, asked.body, 'asked twice is asked once');
    await phone.row(`inquiries/student/${one}`, (row) => row.id === asked.body.id && row.answer === null);
    const answer = (person, said) => person.request('PUT', `/api/inquiries/${asked.body.id}/answer`, { body: { answer: said } });
    assert.deepEqual(told(await answer(people.stranger, 'on_the_way')), [404, 'not_found']);
    assert.equal((await answer(partner, 'not_known')).status, 200);
    assert.equal((await answer(guardian, 'on_the_way')).status, 200);
    await phone.row(`inquiries/student/${one}`, (row) => row.answer === 'on_the_way');
    assert.deepEqual(told(await answer(guardian, 'closed')), [400, 'validation']);
    assert.equal((await office.request('PUT', `/api/inquiries/${asked.body.id}/close`, { body: { answer: 'closed' } })).status, 200);
    await phone.row(`inquiries/student/${one}`, (row) => row.answer === 'closed');
    phone.close();
    assert.equal((await city.one(`select count(*)::int as n from audit where action = 'guardians_asked' and object_id = $1`, [one])).n, 1);
    assert.deepEqual(told(await answer(partner, 'not_known')), [409, 'inquiry_over'], 'found is found');
    await city.query('update inquiries set day = day - 1, answer = null, answered_by = null, answered_at = null where id = $1', [asked.body.id]);
    assert.deepEqual(told(await office.request('PUT', `/api/inquiries/${asked.body.id}/close`, { body: { answer: 'closed' } })), [409, 'inquiry_over']);
    assert.equal((await city.one(`select count(*)::int as n from audit where action = 'inquiry_closed' and object_id = $1`, [one])).n, 1, 'what is refused is not recorded');
    await city.query('delete from inquiries where id = $1', [asked.body.id]);
});

test('5(2)朝-4 a child that was found counts no more; it can be asked about once more, and coming closes the question', async () => {
    const ask = () => homeroom.request('POST', `/api/students/${one}/inquiry`);
    await city.query('delete from inquiries');
    assert.equal((await tap(homeroom, one, 'absent', Date.now())).status, 200);
    const missing = (await figures()).unaccounted;
    const screen = await live(office);
    await screen.subscribe(`classes/school/${a.id}`);
    const { body } = await ask();
    const answer = (person, said) => person.request('PUT', `/api/inquiries/${body.id}/answer`, { body: { answer: said } });
    await answer(guardian, 'on_the_way');
    await answer(partner, 'not_known');
    assert.equal((await city.one('select answer from inquiries where id = $1', [body.id])).answer, 'on_the_way', 'who knows nothing takes nothing back');
    assert.equal((await ask()).body.version, 3, 'answered, and still not there');
    await office.request('PUT', `/api/inquiries/${body.id}/close`, { body: { answer: 'closed' } });
    await screen.row(`classes/school/${a.id}`, (row) => row.id === a.one.id && row.unaccounted === missing - 1);
    assert.equal((await ask()).status, 200, 'closed by mistake');
    await screen.row(`classes/school/${a.id}`, (row) => row.id === a.one.id && row.unaccounted === missing);
    assert.equal((await tap(homeroom, one, 'late', Date.now(), { arrived_at: '09:20' })).status, 200);
    assert.equal((await city.one('select answer from inquiries where id = $1', [body.id])).answer, 'closed', 'it came: nobody is asked any more');
    await city.query('delete from tellings');
    assert.equal((await tap(homeroom, one, 'absent', Date.now())).status, 200);
    assert.deepEqual(Object.values(await city.one('select answer, version from inquiries where id = $1', [body.id])), [null, 7], 'a tap on the wrong line is put right for them too');
    await screen.row(`classes/school/${a.id}`, (row) => row.id === a.one.id && row.unaccounted === missing);
    screen.close();
});

test('5(2)朝-4 two ask at the same moment: the second is told so, and nobody is told twice', async () => {
    await clear(city, four);
    await city.query('delete from inquiries');
    assert.equal((await tap(homeroom, four, 'absent', Date.now())).status, 200);
    const first = await city.db.connect();
    await first.query('begin');
    await first.query('insert into inquiries (school_id, student_id, day, asked_by) values ($1, $2, today(), $3)', [a.id, four, office.account]);
    const second = homeroom.request('POST', `/api/students/${four}/inquiry`);
    while ((await city.one(`select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).n === 0);
    await first.query('commit');
    first.release();
    assert.deepEqual(told(await second), [409, 'just_asked']);
});

test('5(2)朝-3 5(2)誤-8 5(2)誤-9 both teachers of a child of a support class see and set its one mark; one that changes its class takes the mark along', async () => {
    await city.query('update students set exchange_class_id = $2 where id = $1', [two, a.two.id]);
    const screens = [await live(homeroom), await live(colleague)];
    for (const [i, screen] of screens.entries()) await screen.subscribe(`attendance/class/${[a.one.id, a.two.id][i]}`);
    assert.equal((await tap(colleague, two, 'late', Date.now(), { arrived_at: '10:10' })).status, 200);
    for (const [i, screen] of screens.entries()) await screen.row(`attendance/class/${[a.one.id, a.two.id][i]}`, (row) => row.student_id === two && row.state === 'late');
    const marks = (i) => [...screens[i].topics.get(`attendance/class/${[a.one.id, a.two.id][i]}`).rows.values()].filter((row) => row.student_id === two);
    await city.query('update students set exchange_class_id = null, version = version + 1 where id = $1', [two]);
    await screens[1].until(() => marks(1).length === 0, 5000, 'it is of the other class no more');
    assert.equal(marks(0).length, 1);
    await city.query('update students set exchange_class_id = $2, version = version + 1 where id = $1', [two, a.two.id]);
    await screens[1].until(() => marks(1).length === 1, 5000, 'and again');
    for (const screen of screens) screen.close();
    const { rows } = await colleague.get(`/api/classes/${a.two.id}/attendance?day=${today}`);
    assert.deepEqual(rows.filter((row) => row.student_id === two).map((row) => row.arrived_at), ['10:10']);
});

test('5(2)朝-2 reports that nobody has seen at the school’s times are told to its office, once for each time', async () => {
    await city.query('update absences set acknowledged_at = now(), acknowledged_by = reported_by, version = version + 1 where acknowledged_at is null and cancelled_at is null');
    await city.query(`insert into calendar_entries (school_id, kind, first_day, last_day, label) values ($1, 'school_day', today(), today(), '授業日')`, [a.id]);
    await absence(city, four, { by: office.account, via: 'school' }).catch(() => undefined);
    await city.query(`update absences set acknowledged_at = null, acknowledged_by = null, acknowledged_role = null, version = version + 1
        where student_id = $1 and cancelled_at is null`, [four]);
    const told = async () => city.query('select e.school_id, e.reports, e.round from escalations e where e.day = today() order by e.round');
    const escalate = () => city.query(statements.reports_escalate.text);
    await city.query(`update schools set escalate_at = '23:59:59'`);
    await escalate();
    assert.deepEqual(await told(), [], 'before the time');
    await city.query(`update schools set escalate_at = greatest(localtime_here() - interval '1 minute', time '00:00')`);
    await Promise.all([escalate(), escalate(), escalate()]);
    await escalate();
    assert.deepEqual(await told(), [{ school_id: a.id, reports: 1, round: 1 }]);
    await city.query(`update schools set escalate_at = '00:00', escalate_again_at = greatest(localtime_here() - interval '1 minute', time '00:00:01')`);
    await Promise.all([escalate(), escalate()]);
    assert.deepEqual((await told()).map(({ round }) => round), [1, 2], 'and once more');
    await city.query(`delete from escalations`);
    await escalate();
    assert.deepEqual((await told()).map(({ round }) => round), [2], 'both are due: told once');
    const sent = await city.query(`select count(*)::int as n from outbox where account_id = $1`, [office.account]);
    assert.equal(sent[0].n, 0, 'an office without a device that chose nothing gets no mail');
});
