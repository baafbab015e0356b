// The second factor: authenticator apps (RFC 6238), recovery codes, who must have one, who resets a lost one.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity, demoAccounts, live, sleep } from '../support/city.mjs';
import { account, cast } from '../support/people.mjs';
import { codeAt, password, setPassword } from '../support/factors.mjs';

const city = await startCity();
const people = await cast(city);
const { at } = people;

const refused = (answer, status, name) => {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.equal(answer.body.type, `/problems/${name}`);
};
const loginOf = async (id) => (await city.one('select login_id from accounts where id = $1', [id])).login_id;

/** Somebody with a password, signed in with that alone. */
async function half(what) {
    const id = await account(city, what);
    await setPassword(city, id);
    const person = city.client();
    person.id = id;
    person.login = await loginOf(id);
    person.who = await person.post('/api/session', { login_id: person.login, password });
    return person;
}
const officer = (school = at.a.id, role = 'office') => ({ roles: [{ role, school_id: school }] });

/** An authenticator app, made the way the screens do; its secret and the recovery codes. */
async function enrol(person) {
    const { secret, uri } = await person.post('/api/factors/totp');
    const { recovery_codes } = await person.post('/api/factors/totp/confirm', { code: codeAt(secret) });
    return { secret, uri, recovery_codes };
}

test('5(1)ア staff with a password alone get nowhere but to the second factor', async () => {
    const person = await half(officer());
    assert.equal(person.who.second_factor, 'enrol');
    assert.equal((await person.get('/api/session')).second_factor, 'enrol');
    for (const path of ['/api/classes', '/api/sessions', `/api/classes/${at.a.one.id}/students`]) {
        refused(await person.request('GET', path), 403, 'forbidden');
    }
    const screen = await live(person);
    const gone = await screen.subscribe(`absences/school/${at.a.id}`);
    assert.equal(gone.status, 403);
    screen.close();
    const { cookie } = person;
    const { minutes } = await city.one('select round(extract(epoch from expires_at - created_at) / 60)::int as minutes from sessions where account_id = $1', [person.id]);
    assert.equal(minutes, 15, 'half a session is short');
    await enrol(person);
    assert.notEqual(person.cookie, cookie, 'a new token');
    assert.equal((await city.client().request('GET', '/api/session', { headers: { cookie } })).status, 401, 'the old one is nothing');
    assert.equal((await person.get('/api/session')).second_factor, null);
    assert.ok((await person.get('/api/classes')).rows.length > 0);
});

test('a guardian needs none, and may choose one', async () => {
    const person = await half({ children: [at.a.one.students[2]] });
    assert.equal(person.who.second_factor, null);
    await person.get('/api/children');
    const other = await city.client().signIn(person.login, password);
    await enrol(person);
    assert.equal((await other.request('GET', '/api/children')).status, 403, 'a session of the password alone is half a session from now on');
    const again = await city.client().post('/api/session', { login_id: person.login, password });
    assert.equal(again.second_factor, 'code');
    assert.deepEqual(await person.request('DELETE', '/api/factors/totp').then((answer) => answer.status), 200);
    assert.equal((await city.client().post('/api/session', { login_id: person.login, password })).second_factor, null);
});

test('the secret goes into an app: 160 bits, in an otpauth address, sealed in the database', async () => {
    const person = await half(officer());
    const { secret, uri } = await enrol(person);
    assert.match(secret, /^[A-Z2-7]{32}$/);
    assert.equal(uri, `otpauth://totp/todoke:${person.login}?secret=${secret}&issuer=todoke`);
    const { sealed } = await city.one('select sealed from totp where account_id = $1', [person.id]);
    assert.equal(sealed.length, 24 + 20 + 16);
    assert.ok(!sealed.toString('latin1').includes(secret));
});

test('a sealed secret is no use to another account', async () => {
    const mine = await half(officer());
    const theirs = await half(officer());
    const { secret } = await enrol(mine);
    await enrol(theirs);
    await city.query('update totp t set sealed = o.sealed, last_step = 0 from totp o where t.account_id = $1 and o.account_id = $2', [theirs.id, mine.id]);
    const person = city.client();
    await person.post('/api/session', { login_id: theirs.login, password });
    refused(await person.request('POST', '/api/session/second-factor', { body: { code: codeAt(secret) } }), 500, 'secret_lost');
});

test('a code counts once, and only within a step of now; it may be typed with spaces and in full width', async () => {
    const person = await half(officer());
    const { secret } = await enrol(person);
    const next = async () => {
        const again = city.client();
        await again.post('/api/session', { login_id: person.login, password });
        return again;
    };
    const show = (one, code) => one.request('POST', '/api/session/second-factor', { body: { code } });
    await city.query('update totp set last_step = 0 where account_id = $1', [person.id]);
    refused(await show(await next(), codeAt(secret, -2)), 422, 'wrong_code');
    refused(await show(await next(), codeAt(secret, 2)), 422, 'wrong_code');
    const code = codeAt(secret);
    const wide = [...`${code.slice(0, 3)} ${code.slice(3)}`].map((c) => (c === ' ' ? '　' : String.fromCodePoint(c.codePointAt(0) + 0xfee0))).join('');
    assert.equal((await show(await next(), wide)).status, 200);
    refused(await show(await next(), code), 422, 'wrong_code');
    refused(await show(await next(), codeAt(secret, -1)), 422, 'wrong_code');
});

test('the same code from two places at once opens one session', async () => {
    const person = await half(officer());
    const { secret } = await enrol(person);
    await city.query('update totp set last_step = 0 where account_id = $1', [person.id]);
    const two = await Promise.all([0, 1].map(async () => {
        const one = city.client();
        await one.post('/api/session', { login_id: person.login, password });
        return one;
    }));
    const answers = await Promise.all(two.map((one) => one.request('POST', '/api/session/second-factor', { body: { code: codeAt(secret) } })));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 422]);
});

test('guessing codes: five, also a hundred at once, then 429 with Retry-After, against the right code too', async () => {
    const person = await half(officer());
    const { secret } = await enrol(person);
    await city.query('update totp set last_step = 0 where account_id = $1', [person.id]);
    const guesser = city.client();
    await guesser.post('/api/session', { login_id: person.login, password });
    const right = codeAt(secret);
    const wrong = Array.from({ length: 100 }, (_, i) => String(i).padStart(6, '0')).filter((code) => code !== right && code !== codeAt(secret, 1) && code !== codeAt(secret, -1));
    const answers = await Promise.all(wrong.map((code) => guesser.request('POST', '/api/session/second-factor', { body: { code } })));
    assert.equal(answers.filter((answer) => answer.status === 422).length, 5);
    for (const answer of answers.filter((each) => each.status !== 422)) {
        refused(answer, 429, 'code_locked');
        assert.ok(Number(answer.headers['retry-after']) > 0);
    }
    refused(await guesser.request('POST', '/api/session/second-factor', { body: { code: right } }), 429, 'code_locked');
});

test('ten recovery codes, each good once, kept as hashes; new ones make the old ones worthless', async () => {
    const person = await half(officer());
    const { recovery_codes } = await enrol(person);
    assert.equal(new Set(recovery_codes).size, 10);
    for (const code of recovery_codes) assert.match(code, /^[A-HJ-NP-Z2-9]{5}-[A-HJ-NP-Z2-9]{5}$/);
    const sign = async (code) => {
        const again = city.client();
        await again.post('/api/session', { login_id: person.login, password });
        const answer = await again.request('POST', '/api/session/second-factor', { body: { code } });
        return [answer.status, again];
    };
    const [first, , third] = recovery_codes;
    const [status, inside] = await sign(first.toLowerCase().replace('-', ' '));
    assert.equal(status, 200);
    assert.equal((await sign(first))[0], 422, 'used');
    assert.equal((await inside.get('/api/factors')).recovery_codes, 9);
    const renewed = (await inside.post('/api/factors/recovery-codes')).recovery_codes;
    assert.equal((await sign(third))[0], 422, 'replaced');
    assert.equal((await sign(renewed[0]))[0], 200);
    const kept = await city.query('select code_mac from recovery_codes where account_id = $1', [person.id]);
    assert.ok(kept.every((row) => row.code_mac.length === 32));
    const used = await city.one(`select count(*) as n from audit where account_id = $1 and action = 'recovery_code_used'`, [person.id]);
    assert.equal(used.n, 2);
});

test('half a session can not put another app in the place of one that is there', async () => {
    const person = await half(officer());
    await enrol(person);
    const thief = city.client();
    await thief.post('/api/session', { login_id: person.login, password });
    refused(await thief.request('POST', '/api/factors/totp'), 403, 'prove_first');
    await city.query('update totp set pending = sealed, pending_at = now() where account_id = $1', [person.id]);
    refused(await thief.request('POST', '/api/factors/recovery-codes'), 403, 'forbidden');
    refused(await thief.request('DELETE', '/api/factors/totp'), 403, 'forbidden');
});

test('a new app replaces the old one only when a code of it was shown', async () => {
    const person = await half(officer());
    const { secret: old } = await enrol(person);
    const { secret } = await person.post('/api/factors/totp');
    refused(await person.request('POST', '/api/factors/totp/confirm', { body: { code: codeAt(old) } }), 422, 'wrong_code');
    await city.query('update totp set last_step = 0 where account_id = $1', [person.id]);
    await city.client().signIn(person.login, password, { code: codeAt(old) });
    await person.post('/api/factors/totp/confirm', { code: codeAt(secret) });
    await city.query('update totp set last_step = 0 where account_id = $1', [person.id]);
    const again = city.client();
    await again.post('/api/session', { login_id: person.login, password });
    refused(await again.request('POST', '/api/session/second-factor', { body: { code: codeAt(old) } }), 422, 'wrong_code');
});

test('staff keep one second factor', async () => {
    const person = await half(officer());
    await enrol(person);
    refused(await person.request('DELETE', '/api/factors/totp'), 409, 'last_factor');
    assert.equal((await person.get('/api/factors')).totp, true);
});

test('a lost factor is reset by the administrator of the school or the board, audited, and ends the sessions within five seconds', async () => {
    for (const by of ['administrator', 'board']) {
        const person = await half(officer());
        await enrol(person);
        const screen = await live(person);
        const answer = await people[by].post(`/api/accounts/${person.id}/factors/reset`);
        assert.equal(answer.id, person.id);
        const { code } = await Promise.race([screen.closed, sleep(5000).then(() => ({ code: 'still open' }))]);
        assert.equal(code, 4401);
        assert.equal((await person.request('GET', '/api/session')).status, 401);
        const { second_factor } = await city.client().post('/api/session', { login_id: person.login, password });
        assert.equal(second_factor, 'enrol');
        const { n } = await city.one(`select count(*) as n from audit where account_id = $1 and action = 'factors_reset' and object_id = $2`, [people[by].account, person.id]);
        assert.equal(n, 1);
    }
});

test('nobody resets the factors of another school, of themselves, or of who has a role elsewhere', async () => {
    const reset = (who, id) => people[who].request('POST', `/api/accounts/${id}/factors/reset`);
    const far = await account(city, officer(at.b.id));
    const both = await account(city, { roles: [{ role: 'office', school_id: at.a.id }, { role: 'board' }] });
    const near = await account(city, officer());
    for (const id of [far, both, people.administrator.account, 2_000_000_000]) refused(await reset('administrator', id), 404, 'not_found');
    for (const who of ['office', 'nurse', 'far_office']) refused(await reset(who, near), 404, 'not_found');
    for (const who of ['homeroom', 'guardian', 'operator']) refused(await reset(who, near), 403, 'forbidden');
});

test('the demonstration’s accounts come with the code of the moment', async () => {
    const rows = await demoAccounts(city.origin);
    for (const row of rows) {
        if (row.role === 'guardian') assert.equal(row.code, null);
        else assert.equal(row.code, codeAt(row.totp), row.role);
    }
    const [first, second] = await Promise.all([0, 1].map(() => city.demo('teacher')));
    for (const person of [first, second]) assert.equal((await person.get('/api/session')).second_factor, null);
    const plain = await startCity({ demo: false });
    assert.equal((await plain.client().request('GET', '/api/demo-accounts')).status, 404);
});

test('bad input to the second factor is a problem document, and leaves nothing', async () => {
    const person = await half(officer());
    for (const body of [{}, { code: '' }, { code: 123456 }, { code: 'x'.repeat(41) }, { code: '12345\n6' }, { code: '123456', more: 1 }, []]) {
        const answer = await person.request('POST', '/api/session/second-factor', { body });
        assert.equal(answer.status, 400, JSON.stringify(body));
    }
    for (const code of ['１２３', '😀😀😀😀😀😀', "' or 1=1 --", '１２３４５６']) {
        refused(await person.request('POST', '/api/session/second-factor', { body: { code } }), 422, 'wrong_code');
    }
    refused(await person.request('POST', '/api/factors/totp/confirm', { body: { code: '123456' } }), 422, 'wrong_code');
    assert.equal((await person.get('/api/factors')).totp, false);
});

test('codes and secrets are in no log', async () => {
    const person = await half(officer());
    const { secret, recovery_codes } = await enrol(person);
    for (const word of [secret, recovery_codes[0], person.cookie.split('=')[1], password]) assert.ok(!city.log().includes(word));
});

