// Signing in, staying in, being thrown out; requests that come from somewhere else; repeated writes.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity, live, sleep, demoAccounts } from '../support/city.mjs';
import { account, cast, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const demo = await demoAccounts(city.origin);
const { at } = people;

const refused = (answer, status, name) => {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
    assert.equal(answer.body.status, status);
    assert.equal(typeof answer.body.title, 'string');
    if (name) assert.equal(answer.body.type, `/problems/${name}`);
};

test('5(1)ア a guardian signs in with an id and a password of her own', async () => {
    const mine = demo.find((row) => row.role === 'guardian');
    const person = city.client();
    const answer = await person.request('POST', '/api/session', { body: { login_id: mine.login_id, password: mine.password } });
    assert.equal(answer.status, 201);
    const [cookie] = answer.headers['set-cookie'];
    assert.match(cookie, /^__Host-todoke=[A-Za-z0-9_-]{43}=?;/);
    for (const attribute of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax']) assert.match(cookie, new RegExp(`; ${attribute}(;|$)`, 'i'));
    assert.doesNotMatch(cookie, /Domain=/i);
    assert.match(answer.headers['cache-control'] ?? '', /no-store/);
    const who = await person.get('/api/session');
    assert.deepEqual(who, answer.body);
    assert.equal(who.is_guardian, true);
    assert.equal(who.demo, true);
    assert.match(who.today, /^\d{4}-\d\d-\d\d$/);
});

test('every demonstration account can sign in, and has its role', async () => {
    assert.ok(['guardian', 'teacher', 'office', 'board'].every((role) => demo.some((row) => row.role === role)), 'roles of the list');
    for (const row of demo) {
        const person = await city.client().signIn(row.login_id, row.password);
        assert.ok(person.who.is_guardian || person.who.roles.length > 0, row.role);
    }
});

test('a wrong password and an unknown id get the same answer', async () => {
    const mine = demo.find((row) => row.role === 'guardian');
    const wrong = await city.client().request('POST', '/api/session', { body: { login_id: mine.login_id, password: 'not the password' } });
    const unknown = await city.client().request('POST', '/api/session', { body: { login_id: 'nobody-of-that-name', password: 'not the password' } });
    refused(wrong, 401);
    assert.deepEqual(unknown.body, wrong.body);
    assert.equal(wrong.headers['set-cookie'], undefined);
});

test('the id may be written in capitals and with spaces around it', async () => {
    const mine = demo.find((row) => row.role === 'guardian');
    await city.client().signIn(` ${mine.login_id.toUpperCase()} `, mine.password);
});

test('ten failures lock the id, also against the right password, and say for how long', async () => {
    const mine = demo.find((row) => row.role === 'office');
    for (let i = 0; i < 10; i++) {
        await city.client().request('POST', '/api/session', { body: { login_id: mine.login_id, password: `guess ${i}` } });
    }
    const answer = await city.client().request('POST', '/api/session', { body: { login_id: mine.login_id, password: mine.password } });
    refused(answer, 429);
    assert.ok(Number(answer.headers['retry-after']) > 0, 'Retry-After');
    const other = demo.find((row) => row.role === 'board');
    await city.client().signIn(other.login_id, other.password);
    await city.query('delete from login_attempts');
    await city.client().signIn(mine.login_id, mine.password);
});

test('many guesses at once are no more than ten: the right one among them is refused', async () => {
    const mine = demo.find((row) => row.role === 'guardian');
    const guess = (guessed) => city.client().request('POST', '/api/session', { body: { login_id: mine.login_id, password: guessed } });
    const answers = await Promise.all([...Array.from({ length: 30 }, (_, i) => guess(`guess ${i}`)), sleep(200).then(() => guess(mine.password))]);
    refused(answers.at(-1), 429, 'locked');
    assert.ok(Number(answers.at(-1).headers['retry-after']) > 0, 'Retry-After');
    await city.query('delete from login_attempts');
});

test('50 guesses at once: at most nine are told that they were wrong, and the lock is one of 15 minutes, not one for each ten', async () => {
    const mine = demo.find((row) => row.role === 'office');
    const { id } = await city.one('select id from accounts where login_id = $1', [mine.login_id]);
    const locked = async () => (await city.one(`select count(*)::int as n from audit where action = 'login_locked' and object_id = $1`, [id])).n;
    const before = await locked();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) =>
        city.client().request('POST', '/api/session', { body: { login_id: mine.login_id, password: `guess ${i}` } })));
    assert.ok(answers.filter((answer) => answer.status === 401).length <= 9);
    for (const answer of answers.filter((each) => each.status !== 401)) {
        refused(answer, 429, 'locked');
        assert.ok(Number(answer.headers['retry-after']) > 0 && Number(answer.headers['retry-after']) <= 900, 'Retry-After');
    }
    assert.equal((await city.one('select max(locks)::int as n from login_attempts')).n, 1);
    assert.equal(await locked(), before + 1, 'audited once');
    await city.query('delete from login_attempts');
});

test('without a session, or with one that never was, every private route is 401', async () => {
    const stranger = city.client();
    refused(await stranger.request('GET', '/api/children'), 401);
    refused(await stranger.request('GET', '/api/session'), 401);
    stranger.cookie = `__Host-todoke=${'A'.repeat(43)}`;
    refused(await stranger.request('GET', '/api/children'), 401);
    for (const cookie of ['__Host-todoke=', '__Host-todoke=x', `__Host-todoke=${'%00'.repeat(20)}`, `todoke=${'A'.repeat(43)}`]) {
        refused(await stranger.request('GET', '/api/children', { headers: { cookie } }), 401);
    }
});

test('signing out ends the session and its open sockets (4401)', async () => {
    const person = await city.as(await account(city, { children: [at.a.one.students[2]] }));
    const screen = await live(person);
    const cookie = person.cookie;
    const answer = await person.request('DELETE', '/api/session');
    assert.equal(answer.status, 204);
    refused(await city.client().request('GET', '/api/session', { headers: { cookie } }), 401);
    const { code } = await Promise.race([screen.closed, sleep(5000).then(() => ({ code: 'still open' }))]);
    assert.equal(code, 4401);
});

test('a session that has expired is none', async () => {
    const person = await city.as(await account(city, { children: [at.a.one.students[2]] }));
    await person.get('/api/session');
    await city.query(`update sessions set expires_at = now() - interval '1 second', ended_at = now() where account_id = $1`, [person.account]);
    await sleep(1000);
    refused(await person.request('GET', '/api/session'), 401);
});

test('MEASURES 12: a closed account loses its access and its sockets within five seconds', async () => {
    const person = await city.as(await account(city, { children: [at.a.one.students[2]] }));
    const screen = await live(person);
    await city.query('update accounts set closed_at = now() where id = $1', [person.account]);
    const { code } = await Promise.race([screen.closed, sleep(5000).then(() => ({ code: 'still open' }))]);
    assert.equal(code, 4401);
    refused(await person.request('GET', '/api/children'), 401);
});

test('MEASURES 12: a withdrawn link ends access to the child within five seconds, on the open socket as well', async () => {
    const child = at.a.one.students[2];
    const person = await city.as(await account(city, { children: [child, at.a.one.students[3]] }));
    const screen = await live(person);
    const topic = `absences/student/${child}`;
    assert.ok(Array.isArray(await screen.subscribe(topic)));
    await city.query('update guardianships set valid_to = today() - 1, valid_from = today() - 1 where account_id = $1 and student_id = $2', [person.account, child]);
    const gone = await screen.until(() => screen.frames.find((frame) => frame.t === 'gone' && frame.topic === topic), 5000, 'gone');
    assert.ok([403, 404].includes(gone.status));
    refused(await person.request('GET', `/api/children/${child}/absences`), 404);
    assert.ok(Array.isArray(await screen.subscribe(`absences/student/${at.a.one.students[3]}`)), 'the other child stays');
    screen.close();
});

test('MEASURES 12: a withdrawn role ends access to the class within five seconds', async () => {
    const person = await city.as(await account(city, { roles: [{ role: 'homeroom', school_id: at.a.id, class_id: at.a.one.id }] }));
    const screen = await live(person);
    const topic = `absences/class/${at.a.one.id}`;
    assert.ok(Array.isArray(await screen.subscribe(topic)));
    await city.query('delete from staff_roles where account_id = $1', [person.account]);
    await screen.until(() => screen.frames.find((frame) => frame.t === 'gone' && frame.topic === topic), 5000, 'gone');
    const answer = await person.request('GET', `/api/classes/${at.a.one.id}/students`);
    assert.ok([403, 404].includes(answer.status));
    screen.close();
});

test('a write from another site is refused (Sec-Fetch-Site, Origin), whatever the cookie', async () => {
    const body = { student_id: at.a.one.students[0], first_day: await day(city), kind: 'absent', reason_id: await anyReason() };
    const before = await count();
    const cases = [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': null, origin: 'https://evil.example' },
        { 'sec-fetch-site': null, origin: 'null' },
        { 'sec-fetch-site': null, origin: `http://localhost:${city.port}` },
        { 'sec-fetch-site': null, origin: `https://localhost:${city.port}.evil.example` },
        { 'sec-fetch-site': null, origin: `https://localhost` },
    ];
    for (const headers of cases) {
        refused(await people.guardian.request('POST', '/api/absences', { body, headers, key: randomUUID() }), 403);
        refused(await people.guardian.request('DELETE', '/api/session', { headers }), 403);
        refused(await city.client().request('POST', '/api/session', { body: { login_id: 'a', password: 'b' }, headers }), 403);
    }
    assert.equal(await count(), before);
    await people.guardian.get('/api/session');
});

test('a form of another site can not make a write: the media type is not one of ours', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', '']) {
        const answer = await people.guardian.request('POST', '/api/absences', { body: Buffer.from('student_id=1'), headers: { 'content-type': type || null }, key: randomUUID() });
        refused(answer, 415);
    }
});

test('the live socket takes no other origin, no missing session, no other protocol', async () => {
    for (const origin of ['https://evil.example', 'null', `http://localhost:${city.port}`, `https://localhost:${city.port}0`]) {
        await assert.rejects(live(people.guardian, { origin }), { status: 403 }, origin);
    }
    await assert.rejects(live(people.guardian, { cookie: '' }), (error) => error.status === 401);
    await assert.rejects(live(people.guardian, { cookie: `__Host-todoke=${'B'.repeat(43)}` }), (error) => error.status === 401);
    await assert.rejects(live(people.guardian, { protocol: 'graphql-ws' }), (error) => error.status === 400 || error.status === 426 || !error.status);
});

const anyReason = async () => (await city.one('select min(id) as id from reasons where school_id is null and not needs_note')).id;
const count = async () => (await city.one('select count(*) as n from absences')).n;

test('MEASURES 9: the same key a hundred times at once: one row, a hundred equal answers', async () => {
    const body = { student_id: at.a.one.students[0], first_day: await day(city, 3), kind: 'absent', reason_id: await anyReason() };
    const key = randomUUID();
    const before = await count();
    const answers = await Promise.all(Array.from({ length: 100 }, () => people.guardian.request('POST', '/api/absences', { body, key })));
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [201]);
    assert.equal(new Set(answers.map((answer) => answer.raw.toString())).size, 1, 'equal answers');
    assert.equal(await count(), before + 1);
    const later = await people.guardian.request('POST', '/api/absences', { body, key });
    assert.equal(later.raw.toString(), answers[0].raw.toString());
    const { versions } = await city.one('select count(*) as versions from absence_versions where absence_id = $1', [answers[0].body.id]);
    assert.equal(versions, 1);
});

test('MEASURES 9: so it is with a correction, a cancellation, an illness, a long absence, a closure: the answer of the first, not a refusal', async () => {
    const student = at.a.one.students[0];
    const body = { student_id: student, first_day: await day(city, 5), kind: 'absent', reason_id: await anyReason() };
    const { id } = await people.guardian.post('/api/absences', body, randomUUID());
    const writes = [
        [people.guardian, 'PUT', `/api/absences/${id}`, { version: 1, ...body, student_id: undefined, note: '二人で' }],
        [people.guardian, 'POST', `/api/absences/${id}/cancel`, { version: 2 }],
        [people.office, 'POST', `/api/students/${student}/illnesses`, { disease: 'influenza', onset_on: await day(city, -1), via: 'school' }],
        [people.office, 'POST', `/api/students/${student}/standing`, { first_day: await day(city, 20), last_day: await day(city, 40) }],
        [people.office, 'POST', `/api/schools/${at.a.id}/closures`, { class_id: at.a.one.id, first_day: await day(city, 7), last_day: await day(city, 8), cause: 'influenza' }],
    ];
    for (const [who, method, path, content] of writes) {
        const key = randomUUID();
        const answers = await Promise.all(Array.from({ length: 100 }, () => who.request(method, path, { body: content, key })));
        assert.deepEqual([...new Set(answers.map((answer) => answer.raw.toString()))].length, 1, `${method} ${path}: ${[...new Set(answers.map((answer) => answer.raw.toString()))].join(' ')}`);
        assert.ok(answers[0].status < 300, `${path}: ${answers[0].raw}`);
    }
});

test('the same key with another body is refused (422), another account may use it', async () => {
    const key = randomUUID();
    const body = { student_id: at.a.one.students[1], first_day: await day(city, 3), kind: 'absent', reason_id: await anyReason() };
    await people.guardian.post('/api/absences', body, key);
    const before = await count();
    refused(await people.guardian.request('POST', '/api/absences', { body: { ...body, first_day: await day(city, 4) }, key }), 422, 'key_reused');
    assert.equal(await count(), before);
    await people.stranger.post('/api/absences', { ...body, student_id: at.b.one.students[0] }, key);
    assert.equal(await count(), before + 1);
});

test('a key is needed, and must be a uuid', async () => {
    const body = { student_id: at.a.one.students[1], first_day: await day(city, 9), kind: 'absent', reason_id: await anyReason() };
    refused(await people.guardian.request('POST', '/api/absences', { body }), 400);
    for (const key of ['1', 'not-a-uuid', `${randomUUID()}x`, `{${randomUUID()}}`]) {
        refused(await people.guardian.request('POST', '/api/absences', { body, key }), 400);
    }
});

test('correcting, cancelling and acknowledging twice with one key answer the same', async () => {
    const child = at.a.one.students[1];
    const { id } = await people.guardian.post('/api/absences', { student_id: child, first_day: await day(city, 12), kind: 'absent', reason_id: await anyReason() });
    const change = { version: 1, first_day: await day(city, 13), kind: 'late', arrive_at: '10:30', reason_id: await anyReason() };
    const key = randomUUID();
    const first = await people.guardian.put(`/api/absences/${id}`, change, key);
    assert.deepEqual(await people.guardian.put(`/api/absences/${id}`, change, key), first);
    assert.equal(first.version, 2);
    refused(await people.guardian.request('PUT', `/api/absences/${id}`, { body: change, key: randomUUID() }), 409, 'stale_version');
    const seen = await people.homeroom.post(`/api/absences/${id}/acknowledge`);
    assert.deepEqual(await people.homeroom.post(`/api/absences/${id}/acknowledge`), seen);
    const cancel = randomUUID();
    const gone = await people.guardian.post(`/api/absences/${id}/cancel`, { version: seen.version }, cancel);
    assert.deepEqual(await people.guardian.post(`/api/absences/${id}/cancel`, { version: seen.version }, cancel), gone);
    const { rows } = await people.guardian.get(`/api/absences/${id}/versions`);
    assert.deepEqual(rows.map((row) => row.action).sort(), ['acknowledged', 'cancelled', 'corrected', 'reported']);
});
