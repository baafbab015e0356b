// A session proves again who it is before it changes how its account is signed in to: which routes want that, what proves it,
// and everything that must not.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';
import { account, cast } from '../support/people.mjs';
import { Authenticator } from '../support/authenticator.mjs';
import { codeAt, password, setPassword } from '../support/factors.mjs';

const city = await startCity();
const { at } = await cast(city);
const guardian = { children: [at.a.one.students[0]] };
const office = { roles: [{ role: 'office', school_id: at.a.id }] };
const document = await city.client().get('/api/openapi.json');
const PROVED = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).filter(([, operation]) => operation['x-todoke-proved']).map(([method]) => [method.toUpperCase(), path.replace(/\{\w+\}/, '1')]));

const refused = (answer, status, name) => {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.equal(answer.body.type, `/problems/${name}`);
};
const loginOf = async (id) => (await city.one('select login_id from accounts where id = $1', [id])).login_id;
/** The sessions of an account have lived on for that long since the last proof. */
const age = (id, span = '15 minutes 1 second') => city.query('update sessions set proved_at = now() - $2::interval where account_id = $1', [id, span]);
const prove = (person, word = password) => person.request('POST', '/api/session/proof', { body: { password: word } });
const show = async (person, key, change = {}) =>
    person.request('POST', '/api/session/proof/passkey', { body: { ...key.show(await city.client().get('/api/session/passkey')), ...change } });
const ways = (id) => city.one(
    `select (select count(*)::int from passkeys where account_id = $1) as passkeys, (select to_jsonb(t) from totp t where account_id = $1) as app,
            (select array_agg(code_mac order by code_mac) from recovery_codes where account_id = $1) as codes, password_hash
     from accounts where id = $1`, [id]);
/** Whether the session may change how its account is signed in to. */
const isProved = async (person) => (await person.request('GET', '/api/passkeys/challenge')).status === 200;

/** Somebody with every way in; the session's proof is old. */
async function old(what = guardian) {
    const person = await city.as(await account(city, what));
    await setPassword(city, person.account);
    const key = new Authenticator(city.origin);
    await person.post('/api/passkeys', key.make(await person.get('/api/passkeys/challenge')));
    const { secret } = await person.post('/api/factors/totp');
    await person.post('/api/factors/totp/confirm', { code: codeAt(secret) });
    await age(person.account);
    return { person, key, secret };
}

test('the document says which routes want it', () => {
    const named = PROVED.map((each) => each.join(' '));
    for (const name of ['POST /api/factors/totp', 'POST /api/factors/totp/confirm', 'DELETE /api/factors/totp', 'POST /api/factors/recovery-codes',
        'GET /api/passkeys/challenge', 'POST /api/passkeys', 'DELETE /api/passkeys/1']) assert.ok(named.includes(name), name);
});

test('5(1)ア an old session changes no way in, by no route; the password opens them all for 15 minutes', async () => {
    for (const what of [guardian, office]) {
        const { person } = await old(what);
        const before = await ways(person.account);
        for (const [method, path] of PROVED) refused(await person.request(method, path, { body: method === 'POST' ? {} : undefined }), 403, 'prove_again');
        assert.deepEqual(await ways(person.account), before);
        assert.equal((await prove(person)).status, 200);
        await age(person.account, '14 minutes');
        for (const [method, path] of PROVED) {
            const { body } = await person.request(method, path, { body: method === 'POST' ? {} : undefined });
            assert.notEqual(body?.type, '/problems/prove_again', `${method} ${path}`);
        }
        await age(person.account);
        assert.equal(await isProved(person), false, 'and no longer');
    }
});

test('what an old session does every day needs no proof', async () => {
    const { person } = await old();
    for (const path of ['/api/session', '/api/children', '/api/factors', '/api/passkeys', '/api/sessions', '/api/account']) {
        assert.equal((await person.request('GET', path)).status, 200, path);
    }
});

test('a proof gives the same session a new token: a copy of the old one has nothing of it', async () => {
    const { person, key } = await old();
    const state = () => city.one('select id, expires_at, factors, shared from sessions where account_id = $1', [person.account]);
    const before = await state();
    for (const proof of [() => prove(person), () => show(person, key)]) {
        const copy = city.client();
        copy.cookie = person.cookie;
        const answer = await proof();
        assert.equal(answer.body.account_id, person.account, JSON.stringify(answer.body));
        assert.notEqual(person.cookie, copy.cookie);
        assert.equal((await copy.request('GET', '/api/session')).status, 401);
        assert.equal(await isProved(person), true);
        assert.deepEqual(await state(), before);
    }
});

test('wrong passwords count where failed sign-ins do, lock, and are audited once; the right one is no use then', async () => {
    const { person } = await old();
    const login_id = await loginOf(person.account);
    for (let n = 0; n < 4; n++) assert.equal((await city.client().request('POST', '/api/session', { body: { login_id, password: 'x' } })).status, 401);
    for (let n = 0; n < 5; n++) refused(await prove(person, 'x'), 403, 'wrong_password');
    const locked = await prove(person, 'x');
    refused(locked, 429, 'locked');
    assert.ok(Number(locked.headers['retry-after']) > 14 * 60);
    refused(await prove(person), 429, 'locked');
    refused(await city.client().request('POST', '/api/session', { body: { login_id, password } }), 429, 'locked');
    assert.equal(await isProved(person), false);
    const { n } = await city.one(`select count(*)::int as n from audit where account_id = $1 and action = 'login_locked'`, [person.account]);
    assert.equal(n, 1);
});

test('ten tries in 15 minutes, also a crowd at once, also right ones', async () => {
    const { person } = await old();
    const answers = await Promise.all(Array.from({ length: 16 }, () => prove(person, 'x')));
    const busy = answers.filter((answer) => answer.status === 503).length;
    assert.ok(answers.filter((answer) => answer.status === 403).length <= 10, JSON.stringify(answers.map((answer) => answer.status)));
    assert.ok(busy < 16);
    await city.query('delete from login_attempts');
    refused(await prove(person), 429, 'locked');
    await city.query('delete from rate_limits');
    assert.equal((await prove(person)).status, 200);
});

test('who has no password proves it by a passkey alone, and sets the first password only then', async () => {
    const { person, key } = await old();
    await city.query('update accounts set password_hash = null where id = $1', [person.account]);
    refused(await prove(person), 403, 'wrong_password');
    const first = () => person.request('PUT', '/api/account/password', { body: { password: 'あおい ペンギン 五わ' } });
    refused(await first(), 403, 'prove_again');
    assert.equal((await show(person, key)).status, 200);
    assert.equal((await first()).status, 204);
});

test('a passkey of somebody else proves nothing, nor does one that was shown before, or a copy', async () => {
    const { person, key } = await old();
    const { key: theirs } = await old();
    refused(await show(person, theirs), 422, 'passkey_refused');
    refused(await show(person, theirs, { credential_id: key.id.toString('base64url') }), 422, 'passkey_refused');
    refused(await show(person, key, { user_handle: theirs.handle }), 422, 'passkey_refused');
    const mine = await person.request('GET', '/api/session/passkey');
    refused(await person.request('POST', '/api/session/proof/passkey', { body: key.show(mine.body, { said: { origin: 'https://evil.example' } }) }), 422, 'passkey_refused');
    assert.equal(await isProved(person), false);
    const body = key.show(await city.client().get('/api/session/passkey'));
    assert.equal((await person.request('POST', '/api/session/proof/passkey', { body })).status, 200);
    await age(person.account);
    refused(await person.request('POST', '/api/session/proof/passkey', { body }), 422, 'passkey_refused');
    refused(await city.client().request('POST', '/api/session/passkey', { body }), 422, 'passkey_refused');
    key.count = 7;
    assert.equal((await show(person, key)).status, 200);
    await age(person.account);
    key.count = 3;
    refused(await show(person, key), 422, 'passkey_refused');
    const { n } = await city.one(`select count(*)::int as n from audit where account_id = $1 and action = 'passkey_copied'`, [person.account]);
    assert.equal(n, 1);
    assert.equal(await isProved(person), false);
});

test('an answer that opened a session proves nothing a second time', async () => {
    const { person, key } = await old();
    const body = key.show(await city.client().get('/api/session/passkey'));
    assert.equal((await city.client().request('POST', '/api/session/passkey', { body })).status, 201);
    refused(await person.request('POST', '/api/session/proof/passkey', { body }), 422, 'passkey_refused');
});

test('half a session stays half, whatever it proves', async () => {
    const { person: owner, key } = await old(office);
    const thief = city.client();
    const login_id = await loginOf(owner.account);
    assert.equal((await thief.post('/api/session', { login_id, password })).second_factor, 'code');
    for (const proof of [() => prove(thief), () => show(thief, key)]) {
        const answer = await proof();
        assert.equal(answer.body.second_factor, 'code');
        assert.doesNotMatch(String(answer.headers['set-cookie']), /max-age/i, 'forgotten with the browser');
        refused(await thief.request('GET', '/api/classes'), 403, 'forbidden');
        refused(await thief.request('POST', '/api/factors/totp'), 403, 'prove_first');
        refused(await thief.request('GET', '/api/passkeys/challenge'), 403, 'prove_first');
        refused(await thief.request('POST', '/api/factors/recovery-codes'), 403, 'forbidden');
    }
    const { factors } = await city.one('select factors from sessions where account_id = $1 order by id desc limit 1', [owner.account]);
    assert.equal(factors, 1);
});

test('a guardian who is made staff in an old session registers the second factor after proving it', async () => {
    const id = await account(city, guardian);
    await setPassword(city, id);
    const person = city.client();
    await person.post('/api/session', { login_id: await loginOf(id), password });
    await city.query('insert into staff_roles (account_id, school_id, role, valid_from) values ($1, $2, $3, today() - 1)', [id, at.a.id, 'office']);
    await age(id);
    assert.equal((await person.get('/api/session')).second_factor, 'enrol');
    refused(await person.request('POST', '/api/factors/totp'), 403, 'prove_again');
    assert.equal((await prove(person)).status, 200);
    const { secret } = await person.post('/api/factors/totp');
    await person.post('/api/factors/totp/confirm', { code: codeAt(secret) });
    assert.ok((await person.get('/api/classes')).rows.length > 0);
});

test('signing in is a proof, and so is the second factor; a session of another device is none', async () => {
    const { person, secret } = await old(office);
    await city.query('update totp set last_step = 0 where account_id = $1', [person.account]);
    const fresh = await city.client().signIn(await loginOf(person.account), password, { code: codeAt(secret) });
    assert.equal(await isProved(fresh), true);
    assert.equal(await isProved(person), false);
});

test('nobody proves anything without a session', async () => {
    refused(await prove(city.client()), 401, 'signed_out');
});
