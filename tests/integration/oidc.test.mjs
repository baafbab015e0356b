// Sign-in at the organisation's own provider (OpenID Connect), against a real one: npm oidc-provider.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { binary, freePort, secret, serverEnv, startCity } from '../support/city.mjs';
import { account, cast } from '../support/people.mjs';
import { refused } from '../support/codes.mjs';
import { oidcFile, openProvider } from '../support/provider.mjs';

const provider = await openProvider();
// One that takes connections and says nothing, and one where nobody listens.
const silent = createServer(() => {});
await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
after(() => silent.close());
const file = oidcFile([
    provider.entry('plain'), provider.entry('strong', { second_factor: true, label: '教育委員会のアカウント' }),
    provider.entry('silent', { issuer: `https://localhost:${silent.address().port}` }),
    provider.entry('nowhere', { issuer: `https://localhost:${await freePort()}` }),
    provider.entry('distrusted', { ca: secret }),
]);
const city = await startCity({ args: ['--oidc', file] });
await provider.listen(`${city.origin}/signin/oidc`, ['plain', 'strong']);
const people = await cast(city);
const { at } = people;

const COOKIE = '__Host-todoke-oidc';
const ask = (who, path, body, headers = {}) => who.request('POST', `/api${path}`, { body, headers });

/** A browser that was sent to the provider: the address, and the cookie that holds it to the attempt. */
async function begin(name) {
    const answer = await ask(city.client(), '/oidc/start', { provider: name });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const [set] = answer.headers['set-cookie'];
    assert.match(set, new RegExp(`^${COOKIE}=[A-Za-z0-9_-]{43};`));
    for (const attribute of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax', 'Max-Age=600']) assert.ok(set.includes(attribute), set);
    return { url: answer.body.url, cookie: set.split(';')[0] };
}

/** Comes back with what the provider said. Resolves to the answer, and a client with the session's cookie if there is one. */
async function finish(back, cookie) {
    const who = city.client();
    const answer = await ask(who, '/oidc/finish', { code: back.code, state: back.state }, cookie ? { cookie } : {});
    const session = (answer.headers['set-cookie'] ?? []).find((set) => set.startsWith('__Host-todoke='));
    who.cookie = session?.split(';')[0] ?? '';
    return Object.assign(answer, { who });
}
async function signIn(login, name = 'plain') {
    const { url, cookie } = await begin(name);
    return finish(await provider.walk(url, login), cookie);
}

let serial = 0;
const address = () => `worker-${++serial}@school.example`;
async function staff(email, role = { role: 'office', school_id: at.a.id }) {
    const id = await account(city, { roles: [role] });
    await city.query('update accounts set email = $2 where id = $1', [id, email]);
    return id;
}
const identities = (id) => city.query('select provider, subject from account_identities where account_id = $1', [id]);

test('5(1)オ the providers of the file are named to everybody; secrets are not', async () => {
    const { rows } = await city.client().get('/api/oidc/providers');
    assert.deepEqual(rows.slice(0, 2), [{ name: 'plain', label: '試験の組織 plain' }, { name: 'strong', label: '教育委員会のアカウント' }]);
    assert.ok(!JSON.stringify(rows).includes(provider.secret));
    refused(await ask(city.client(), '/oidc/start', { provider: 'unknown' }), 404, 'not_found');
});

test('5(1)オ the browser goes there with PKCE, state and nonce of its own', async () => {
    const [one, two] = [await begin('plain'), await begin('plain')];
    const [a, b] = [one, two].map(({ url }) => new URL(url).searchParams);
    assert.equal(new URL(one.url).origin, provider.issuer);
    assert.equal(a.get('redirect_uri'), `${city.origin}/signin/oidc`);
    assert.deepEqual([a.get('response_type'), a.get('scope'), a.get('client_id'), a.get('code_challenge_method')], ['code', 'openid email', 'plain', 'S256']);
    for (const name of ['state', 'nonce', 'code_challenge']) {
        assert.match(a.get(name), /^[A-Za-z0-9_-]{43}$/);
        assert.notEqual(a.get(name), b.get(name));
    }
    assert.equal((await city.query('select 1 from oidc_attempts where state_sha256 = convert_to($1, $2)', [a.get('state'), 'UTF8'])).length, 0, 'the state itself is not kept');
});

test('5(1)オ a member of staff is found by the address that the provider vouches for, later by its own id although the address changed', async () => {
    const email = address();
    const id = await staff(email);
    provider.people.keiko = { email: email.toUpperCase(), email_verified: true };
    const first = await signIn('keiko');
    assert.equal(first.status, 201, JSON.stringify(first.body));
    assert.equal(first.body.account_id, id);
    assert.deepEqual(await identities(id), [{ provider: 'plain', subject: 'keiko' }]);
    assert.deepEqual(await city.one(`select action, detail from audit where account_id = $1 and action = 'identity_linked'`, [id]), { action: 'identity_linked', detail: { provider: 'plain' } });
    provider.people.keiko = { email: 'renamed@school.example', email_verified: true };
    const again = await signIn('keiko');
    assert.equal(again.body.account_id, id, JSON.stringify(again.body));
    // The address is free for another person now, who is not let into the first one's account.
    await city.query(`update accounts set email = 'keiko-now@school.example' where id = $1`, [id]);
    provider.people.other = { email, email_verified: true };
    refused(await signIn('other'), 403, 'oidc_unknown');
});

test('5(1)オ one factor elsewhere is one here: the second is asked for, unless the provider asks for two', async () => {
    const email = address();
    const id = await staff(email);
    provider.people.jiro = { email, email_verified: true };
    const half = await signIn('jiro');
    assert.equal(half.status, 201, JSON.stringify(half.body));
    assert.equal((await half.who.get('/api/session')).second_factor, 'enrol');
    assert.equal((await half.who.request('GET', '/api/classes')).status, 403);
    const whole = await signIn('jiro', 'strong');
    assert.equal((await whole.who.get('/api/session')).second_factor, null);
    assert.ok((await whole.who.get('/api/classes')).rows.length > 0);
    assert.equal((await identities(id)).length, 2);
});

test('5(1)オ who is invited at that address gets the account at the first sign-in', async () => {
    const email = address();
    const made = await people.administrator.post('/api/staff-invitations', {
        school_id: at.a.id, role: 'nurse', family_name: '養護', given_name: '花', family_kana: 'ようご', given_kana: 'はな', email }, randomUUID());
    provider.people.hana = { email, email_verified: true };
    const answer = await signIn('hana');
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    const id = answer.body.account_id;
    assert.deepEqual(await city.query('select role, school_id from staff_roles where account_id = $1', [id]), [{ role: 'nurse', school_id: at.a.id }]);
    assert.equal((await city.one('select family_name from accounts where id = $1', [id])).family_name, '養護');
    refused(await ask(city.client(), '/staff-invitations/look', { code: made.code }), 404, 'code_unknown');
    // Closed, and invited once more: a new account, the old one stays closed.
    await city.query('update accounts set closed_at = now(), email = null where id = $1', [id]);
    refused(await signIn('hana'), 403, 'oidc_unknown');
    await people.administrator.post('/api/staff-invitations', {
        school_id: at.a.id, role: 'nurse', family_name: '養護', given_name: '花', family_kana: 'ようご', given_kana: 'はな', email }, randomUUID());
    const anew = await signIn('hana');
    assert.equal(anew.status, 201, JSON.stringify(anew.body));
    assert.notEqual(anew.body.account_id, id);
});

test('5(1)オ guardians are never found by an address, invited or not; nor is who was staff', async () => {
    const email = address();
    const id = await account(city, { children: [at.a.one.students[0]] });
    await city.query('update accounts set email = $2 where id = $1', [id, email]);
    provider.people.mother = { email, email_verified: true };
    refused(await signIn('mother', 'strong'), 403, 'oidc_unknown');
    await people.administrator.post('/api/staff-invitations', {
        school_id: at.a.id, role: 'office', family_name: '試験', given_name: '花', family_kana: 'しけん', given_kana: 'はな', email }, randomUUID());
    refused(await signIn('mother', 'strong'), 403, 'oidc_unknown');
    assert.deepEqual(await identities(id), []);
    const was = await staff(address());
    provider.people.was = { email: (await city.one('select email from accounts where id = $1', [was])).email, email_verified: true };
    assert.equal((await signIn('was', 'strong')).status, 201);
    await city.query('update staff_roles set ended_at = now() where account_id = $1', [was]);
    refused(await signIn('was', 'strong'), 403, 'oidc_unknown');
});

test('5(1)オ an address of another domain, or one that is not verified, opens nothing', async () => {
    const foreign = 'worker@elsewhere.example';
    await staff(foreign);
    provider.people.foreign = { email: foreign, email_verified: true };
    refused(await signIn('foreign'), 403, 'oidc_unknown');
    const email = address();
    await staff(email);
    provider.people.unsure = { email, email_verified: false };
    refused(await signIn('unsure'), 403, 'oidc_unknown');
    provider.people.without = {};
    refused(await signIn('without'), 403, 'oidc_unknown');
});

test('5(1)オ an attempt belongs to its browser, is good once, and for ten minutes', async () => {
    const email = address();
    await staff(email);
    provider.people.saburo = { email, email_verified: true };
    const mine = await begin('plain');
    const back = await provider.walk(mine.url, 'saburo');
    refused(await finish(back), 403, 'oidc_refused');
    refused(await finish(back, (await begin('plain')).cookie), 403, 'oidc_refused');
    const done = await finish(back, mine.cookie);
    assert.equal(done.status, 201, JSON.stringify(done.body));
    assert.ok(done.headers['set-cookie'].some((set) => set.startsWith(`${COOKIE}=;`)), 'the attempt’s cookie goes');
    refused(await finish(back, mine.cookie), 403, 'oidc_refused');
    // The same code once more, under an attempt of one's own: the provider refuses it.
    const other = await begin('plain');
    refused(await finish({ code: back.code, state: new URL(other.url).searchParams.get('state') }, other.cookie), 403, 'oidc_refused');

    const late = await begin('plain');
    const code = await provider.walk(late.url, 'saburo');
    await city.query(`update oidc_attempts set made_at = now() - interval '11 minutes'`);
    refused(await finish(code, late.cookie), 403, 'oidc_refused');
    await begin('plain');
    assert.equal((await city.one('select count(*) as n from oidc_attempts')).n, 1, 'what is over is gone');
});

test('5(1)オ a code that was made for another attempt is refused (PKCE, nonce)', async () => {
    const email = address();
    await staff(email);
    provider.people.shiro = { email, email_verified: true };
    const [victim, thief] = [await begin('plain'), await begin('plain')];
    const stolen = await provider.walk(victim.url, 'shiro');
    refused(await finish({ code: stolen.code, state: new URL(thief.url).searchParams.get('state') }, thief.cookie), 403, 'oidc_refused');
});

test('5(1)オ a provider that does not answer: 503, and everybody else is served meanwhile', async () => {
    const order = [];
    const waiting = Promise.all([0, 1, 2].map(() => ask(city.client(), '/oidc/start', { provider: 'silent' }).then((answer) => { order.push('silent'); return answer; })));
    for (let i = 0; i < 5; i++) {
        await people.office.get('/api/classes');
        order.push('served');
    }
    for (const answer of await waiting) refused(answer, 503, 'oidc_unreachable');
    assert.deepEqual(order.slice(0, 5), Array(5).fill('served'));
    refused(await ask(city.client(), '/oidc/start', { provider: 'nowhere' }), 503, 'oidc_unreachable');
    refused(await ask(city.client(), '/oidc/start', { provider: 'distrusted' }), 503, 'oidc_unreachable');
});

test('5(1)オ bad input is told as such', async () => {
    for (const body of [{}, { provider: 3 }, { provider: 'x'.repeat(33) }]) refused(await ask(city.client(), '/oidc/start', body), 400, 'validation');
    for (const body of [{}, { code: 'x' }, { state: 'x' }, { code: 'x'.repeat(1001), state: 'x' }, { code: [], state: 'x' }]) refused(await ask(city.client(), '/oidc/finish', body), 400, 'validation');
    for (const state of ['x', 'A'.repeat(43), '手'.repeat(30)]) refused(await ask(city.client(), '/oidc/finish', { code: 'x', state }, { cookie: `${COOKIE}=${encodeURIComponent(state)}` }), 403, 'oidc_refused');
});

test('a file of providers that is wrong ends the start: the place is named, no secret is shown', async () => {
    const start = async (entries) => {
        const words = ['serve', '--db', await city.cluster.url('app', city.database), '--listen', `127.0.0.1:${await freePort()}`, '--secret-file', secret, '--oidc', typeof entries === 'string' && entries.startsWith('/') ? entries : oidcFile(entries)];
        const ended = await promisify(execFile)(binary, words, { env: serverEnv(), timeout: 20_000 }).then(() => ({ code: 0, stderr: '' }), (error) => error);
        assert.ok(ended.code > 0 && ended.code !== 99, `${ended.code}: ${ended.stderr}`);
        assert.ok(!ended.stderr.includes(provider.secret), ended.stderr);
        return ended.stderr;
    };
    assert.match(await start('[{"name": "a",\n "client_secret": "only-for-tests-0123456789abcdef", oops'), /line 2, column \d+: not JSON/);
    assert.match(await start('/nowhere/at-all.json'), /can't be read/);
    assert.match(await start([]), /array of 1 to 8/);
    assert.match(await start([provider.entry('a'), provider.entry('b', { issuer: 'http://plain.example' })]), /number 2: "issuer"/);
    assert.match(await start([provider.entry('a'), provider.entry('a')]), /number 2: "name"/);
    assert.match(await start([provider.entry('a', { domains: [] })]), /number 1: "domains"/);
    assert.match(await start([provider.entry('a', { client_secret: '' })]), /number 1: "client_secret"/);
});

test('codes, states, addresses and secrets are in no log', () => {
    for (const word of [provider.secret, 'school.example', 'state=', 'keiko']) assert.ok(!city.log().includes(word), word);
});
