// A session's token: it rotates, it is replaced, a copy of an old one ends the session. Devices, networks, proxies.
import test from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { startCity, live, sleep } from '../support/city.mjs';
import { account, cast } from '../support/people.mjs';
import { password, setPassword } from '../support/factors.mjs';

const city = await startCity({ workers: 2, args: ['--trusted-proxy', '127.0.0.1'] });
const { at } = await cast(city);
const guardian = { children: [at.a.one.students[0]] };
const loginOf = async (id) => (await city.one('select login_id from accounts where id = $1', [id])).login_id;
const status = async (cookie, path = '/api/children') => (await city.client().request('GET', path, { headers: { cookie } })).status;
const made = (id) => city.one('select id, account_id, ended_at, token_at, expires_at from sessions where account_id = $1 order by id desc limit 1', [id]);

/** A guardian's session whose token is a day and an hour old. */
async function aged() {
    const person = await city.as(await account(city, guardian));
    await city.query(`update sessions set token_at = now() - interval '25 hours', expires_at = now() + interval '60 days' where account_id = $1`, [person.account]);
    return person;
}
/** What GET /session hands out, without using it. */
async function handedOut(cookie) {
    const answer = await city.client().request('GET', '/api/session', { headers: { cookie } });
    assert.equal(answer.status, 200);
    return answer.headers['set-cookie']?.[0].split(';')[0];
}

test('5(1)ア a guardian’s token of a day is replaced at the start of the app, and 90 days begin again', async () => {
    const person = await aged();
    const old = person.cookie;
    await person.get('/api/session');
    assert.notEqual(person.cookie, old);
    assert.equal(await status(old), 200, 'the old one is good until the new one was seen');
    await person.get('/api/children');
    const { days } = await city.one('select round(extract(epoch from expires_at - now()) / 86400)::int as days from sessions where account_id = $1', [person.account]);
    assert.equal(days, 90);
    const next = await person.request('GET', '/api/session');
    assert.equal(next.headers['set-cookie'], undefined, 'a fresh token stays');
});

test('a token of less than a day stays, and so does one of staff', async () => {
    const person = await city.as(await account(city, guardian));
    assert.equal(await handedOut(person.cookie), undefined);
    const teacher = await city.as(await account(city, { roles: [{ role: 'office', school_id: at.a.id }] }));
    await city.query(`update sessions set token_at = now() - interval '25 hours', expires_at = now() + interval '1 hour' where account_id = $1`, [teacher.account]);
    assert.equal(await handedOut(teacher.cookie), undefined);
});

test('lost answers: the old token goes on, and asking again gives the same new one', async () => {
    const person = await aged();
    const first = await handedOut(person.cookie);
    const again = await Promise.all(Array.from({ length: 8 }, () => handedOut(person.cookie)));
    assert.deepEqual([...new Set([first, ...again])].length, 1);
    assert.equal(await status(person.cookie), 200);
    assert.equal(await status(first), 200);
});

test('two tabs at once sign nobody out: requests under the old token may come after the new one', async () => {
    const person = await aged();
    const next = await handedOut(person.cookie);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => status(i % 2 ? next : person.cookie)));
    assert.deepEqual([...new Set(answers)], [200]);
    assert.equal(await status(person.cookie), 200, 'within two minutes');
    assert.equal(await status(next), 200);
});

test('an old token after its two minutes is a copy: 401, and the session ends for everybody, audited', async () => {
    const person = await aged();
    const screen = await live(person);
    const next = await handedOut(person.cookie);
    assert.equal(await status(next), 200);
    await city.query(`update session_tokens_past set superseded_at = now() - interval '3 minutes' where session_id = $1`, [(await made(person.account)).id]);
    assert.equal(await status(next), 200);
    assert.equal(await status(person.cookie), 401);
    assert.equal(await status(next), 401, 'the thief’s or the owner’s: both are out');
    const { code } = await Promise.race([screen.closed, sleep(5000).then(() => ({ code: 'still open' }))]);
    assert.equal(code, 4401);
    const { n } = await city.one(`select count(*) as n from audit where account_id = $1 and action = 'session_token_replayed'`, [person.account]);
    assert.equal(n, 1);
    assert.equal(await status(person.cookie), 401);
    assert.equal((await city.one(`select count(*) as n from audit where account_id = $1 and action = 'session_token_replayed'`, [person.account])).n, 1, 'once');
});

test('an open socket outlives the change of the token; a new one opens with either', async () => {
    const person = await aged();
    const screen = await live(person);
    const next = await handedOut(person.cookie);
    const second = await live(person, { cookie: next });
    await city.query(`select pg_notify('access', $1)`, [String(person.account)]);
    await sleep(300);
    assert.ok(Array.isArray(await screen.subscribe(`absences/student/${at.a.one.students[0]}`)));
    assert.ok(Array.isArray(await second.subscribe(`absences/student/${at.a.one.students[0]}`)));
    screen.close();
    second.close();
});

test('the next token can’t be made from what the database has', async () => {
    const person = await aged();
    const next = await handedOut(person.cookie);
    const row = await city.one('select token_sha256, next_sha256 from sessions where account_id = $1', [person.account]);
    const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
    assert.deepEqual(row.next_sha256, sha256(Buffer.from(next.split('=')[1], 'base64url')));
    for (const guess of [row.token_sha256, row.next_sha256]) assert.equal(await status(`__Host-todoke=${guess.toString('base64url')}`), 401);
    assert.equal(await status(`__Host-todoke=${sha256(Buffer.from(person.cookie.split('=')[1], 'base64url')).toString('base64url')}`), 401);
});

test('fixation: the token of before the sign-in is never the one after it', async () => {
    const id = await account(city, guardian);
    await setPassword(city, id);
    const planted = `__Host-todoke=${randomBytes(32).toString('base64url')}`;
    const person = city.client();
    person.cookie = planted;
    await person.post('/api/session', { login_id: await loginOf(id), password });
    assert.notEqual(person.cookie, planted);
    assert.equal(await status(planted), 401);
});

test('a new password gives a new token; neither the old one nor the next one that was handed out for it is good', async () => {
    const person = await aged();
    await setPassword(city, person.account);
    const old = person.cookie, next = await handedOut(old);
    const answer = await person.request('PUT', '/api/account/password', { body: { old_password: password, password: 'くつひも-赤い-37番' } });
    assert.equal(answer.status, 204, JSON.stringify(answer.body));
    assert.notEqual(person.cookie, old);
    assert.deepEqual([await status(old), await status(next), await status(person.cookie)], [401, 401, 200]);
});

test('a shared device: one hour, and a cookie that goes with the browser', async () => {
    const id = await account(city, guardian);
    await setPassword(city, id);
    const person = city.client();
    const answer = await person.request('POST', '/api/session', { body: { login_id: await loginOf(id), password, shared: true } });
    assert.equal(answer.body.shared, true);
    assert.doesNotMatch(answer.headers['set-cookie'][0], /Max-Age|Expires/i);
    const { minutes } = await city.one('select round(extract(epoch from expires_at - created_at) / 60)::int as minutes from sessions where account_id = $1', [id]);
    assert.equal(minutes, 60);
    await city.query(`update sessions set token_at = now() - interval '25 hours' where account_id = $1`, [id]);
    assert.equal(await handedOut(person.cookie), undefined);
});

test('the list of devices: names that people know, this one first; one or all others are signed out within five seconds', async () => {
    const id = await account(city, guardian);
    await setPassword(city, id);
    const login_id = await loginOf(id);
    const agents = {
        'iPhone Safari': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
        'Android Chrome': 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
        'Windows Edge': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
        'Chromebook Chrome': 'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
        'Mac Firefox': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0',
        'null null': '<script>alert(1)</script>',
    };
    const devices = [];
    for (const agent of Object.values(agents)) {
        const person = city.client();
        await person.request('POST', '/api/session', { body: { login_id, password }, headers: { 'user-agent': agent } });
        devices.push(person);
    }
    const [mine, second, third] = devices;
    const { rows } = await mine.get('/api/sessions');
    assert.deepEqual(rows.map((row) => `${row.system} ${row.browser}`).sort(), Object.keys(agents).sort());
    assert.deepEqual(rows.map((row) => row.is_this), [true, false, false, false, false, false]);
    const screens = [await live(second), await live(third)];
    await mine.delete(`/api/sessions/${rows.find((row) => row.system === 'Android').id}`);
    assert.equal((await Promise.race([screens[0].closed, sleep(5000).then(() => ({}))])).code, 4401);
    assert.equal(await status(second.cookie), 401);
    assert.equal(await status(third.cookie), 200);
    assert.deepEqual(await mine.delete('/api/sessions'), { ended: 4 });
    assert.equal((await Promise.race([screens[1].closed, sleep(5000).then(() => ({}))])).code, 4401);
    assert.equal((await mine.get('/api/sessions')).rows.length, 1);
    const stranger = await city.as(await account(city, guardian));
    assert.equal((await stranger.request('DELETE', `/api/sessions/${(await made(id)).id}`)).status, 404);
});

/* ---- networks ---- */

const from = (address) => ({ 'x-forwarded-for': address });
const tryFrom = (address, login_id, word) => city.client().request('POST', '/api/session', { body: { login_id, password: word }, headers: from(address) });
const fill = (address, town = city) => town.query(
    `insert into rate_limits (name, key, hits) values ('failed sign-ins', $1, 300) on conflict (name, key) do update set hits = 300, began = now()`,
    [createHash('sha256').update(Buffer.from(address.split('.').map(Number))).digest()]);

test('a network that fails too often is refused, with Retry-After; who has come from there before still comes in, and the answers tell nobody who that is', async () => {
    const [known, other] = await Promise.all([0, 1].map(async () => {
        const id = await account(city, guardian);
        await setPassword(city, id);
        return loginOf(id);
    }));
    const school = '192.0.2.7';
    assert.equal((await tryFrom(school, known, password)).status, 201);
    await fill(school);
    assert.equal((await tryFrom(school, known, password)).status, 201, 'a teacher of every morning');
    const answers = [await tryFrom(school, known, 'wrong'), await tryFrom(school, other, 'wrong'), await tryFrom(school, other, password), await tryFrom(school, 'nobody-at-all', 'wrong')];
    for (const answer of answers) {
        assert.equal(answer.status, 429);
        assert.equal(answer.body.type, '/problems/network_busy');
        assert.ok(Number(answer.headers['retry-after']) > 0 && Number(answer.headers['retry-after']) <= 900);
        assert.deepEqual(answer.body, answers[0].body);
    }
    assert.equal((await tryFrom('192.0.2.8', other, password)).status, 201, 'from elsewhere');
    await city.query(`update rate_limits set began = now() - interval '16 minutes' where name = 'failed sign-ins'`);
    assert.equal((await tryFrom(school, other, password)).status, 201, 'a quarter of an hour later');
});

test('a school behind one address: many people, few failures each, everybody comes in', async () => {
    const school = '198.51.100.1';
    const people = await Promise.all(Array.from({ length: 12 }, async () => {
        const id = await account(city, guardian);
        await setPassword(city, id);
        return loginOf(id);
    }));
    for (const login of people) {
        for (let i = 0; i < 3; i++) assert.equal((await tryFrom(school, login, `wrong ${i}`)).status, 401);
    }
    for (const login of people) assert.equal((await tryFrom(school, login, password)).status, 201);
    const { hits } = await city.one(`select hits from rate_limits where name = 'failed sign-ins' order by began desc limit 1`);
    assert.equal(hits, 36);
});

test('X-Forwarded-For: the last hop counts, from the trusted proxy alone; what a client writes before it is nothing', async () => {
    await fill('203.0.113.9');
    const id = await account(city, guardian);
    await setPassword(city, id);
    const login = await loginOf(id);
    assert.equal((await tryFrom('203.0.113.9', login, password)).status, 429);
    assert.equal((await tryFrom('198.51.100.77, 203.0.113.9', login, password)).status, 429);
    assert.equal((await tryFrom('203.0.113.9, 198.51.100.77', login, password)).status, 201);
    assert.equal((await tryFrom('203.0.113.9, not-an-address', login, password)).status, 201, 'then it is the peer’s');
    const plain = await startCity({});
    await fill('203.0.113.9', plain);
    const mine = await account(plain, {});
    await setPassword(plain, mine);
    const { login_id } = await plain.one('select login_id from accounts where id = $1', [mine]);
    const answer = await plain.client().request('POST', '/api/session', { body: { login_id, password }, headers: from('203.0.113.9') });
    assert.equal(answer.status, 201, 'without --trusted-proxy the header is nothing');
});
