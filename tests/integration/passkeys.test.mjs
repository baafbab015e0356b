// Passkeys (WebAuthn) against an authenticator in software: made, shown, named, removed; and everything that must not work.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';
import { account, cast } from '../support/people.mjs';
import { Authenticator, FLAGS } from '../support/authenticator.mjs';
import { codeAt, password, setPassword } from '../support/factors.mjs';

const city = await startCity();
const { at } = await cast(city);
const guardian = { children: [at.a.one.students[0]] };
const office = { roles: [{ role: 'office', school_id: at.a.id }] };
const loginOf = async (id) => (await city.one('select login_id from accounts where id = $1', [id])).login_id;
const refused = (answer, status, name) => {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    if (name) assert.equal(answer.body.type, `/problems/${name}`);
};

/** Somebody with a passkey. */
async function owner(what = guardian, options = {}) {
    const person = await city.as(await account(city, what));
    const key = new Authenticator(city.origin, options);
    await person.post('/api/passkeys', key.make(await person.get('/api/passkeys/challenge')));
    return { person, key };
}
const ask = () => city.client().get('/api/session/passkey');
const show = (body, person = city.client()) => person.request('POST', '/api/session/passkey', { body });

for (const [algorithm, name] of [[-7, 'ES256'], [-8, 'EdDSA'], [-257, 'RS256']]) {
    test(`5(1)ア a guardian signs in with a passkey (${name}), and with it alone`, async () => {
        const { person, key } = await owner(guardian, { algorithm });
        const other = city.client();
        const answer = await show(key.show(await ask()), other);
        assert.equal(answer.status, 201, JSON.stringify(answer.body));
        assert.equal(answer.body.account_id, person.account);
        assert.equal(answer.body.is_guardian, true);
        assert.ok((await other.get('/api/children')).rows.length > 0);
        const { rows: [row] } = await other.get('/api/passkeys');
        assert.ok(row.last_used_at);
    });
}

test('a passkey is both factors: staff need no code', async () => {
    const { key } = await owner(office);
    const person = city.client();
    const answer = await show(key.show(await ask()), person);
    assert.equal(answer.body.second_factor, null);
    assert.ok((await person.get('/api/classes')).rows.length > 0);
});

test('staff without any second factor may begin with a passkey; where one is due already, they may not', async () => {
    const id = await account(city, office);
    await setPassword(city, id);
    const login_id = await loginOf(id);
    const person = city.client();
    assert.equal((await person.post('/api/session', { login_id, password })).second_factor, 'enrol');
    const old = person.cookie;
    const key = new Authenticator(city.origin);
    const who = await person.post('/api/passkeys', key.make(await person.get('/api/passkeys/challenge')));
    assert.equal(who.second_factor, null);
    assert.notEqual(person.cookie, old);
    refused(await city.client().request('GET', '/api/session', { headers: { cookie: old } }), 401);
    const thief = city.client();
    assert.equal((await thief.post('/api/session', { login_id, password })).second_factor, 'passkey');
    refused(await thief.request('GET', '/api/passkeys/challenge'), 403, 'prove_first');
    const body = new Authenticator(city.origin).make({ ...(await person.get('/api/passkeys/challenge')) });
    refused(await thief.request('POST', '/api/passkeys', { body }), 422, 'passkey_refused');
    refused(await thief.request('POST', '/api/factors/totp'), 403, 'prove_first');
});

test('what the options say: no personal data but what the device shows, and which keys are there', async () => {
    const { person, key } = await owner();
    const options = await person.get('/api/passkeys/challenge');
    assert.equal(options.rp_id, 'localhost');
    assert.deepEqual(options.known, [key.id.toString('base64url')]);
    assert.equal(Buffer.from(options.user_handle, 'base64url').length, 32);
    assert.equal((await person.get('/api/passkeys/challenge')).user_handle, options.user_handle);
    assert.notEqual((await person.get('/api/passkeys/challenge')).challenge, options.challenge);
    assert.deepEqual(Object.keys(await ask()).sort(), ['challenge', 'rp_id']);
});

test('names, removal, and the way in that must remain', async () => {
    const { person, key } = await owner();
    const { rows: [{ id, name }] } = await person.get('/api/passkeys');
    assert.equal(name, '試験の端末');
    await person.put(`/api/passkeys/${id}`, { name: '𠮷田の電話 📱' });
    assert.equal((await person.get('/api/passkeys')).rows[0].name, '𠮷田の電話 📱');
    refused(await person.request('DELETE', `/api/passkeys/${id}`), 409, 'last_way_in');
    const second = new Authenticator(city.origin);
    await person.post('/api/passkeys', second.make(await person.get('/api/passkeys/challenge')));
    await person.delete(`/api/passkeys/${id}`);
    refused(await show(key.show(await ask())), 422, 'passkey_refused');
    assert.equal((await show(second.show(await ask()))).status, 201);
    const stranger = await city.as(await account(city, guardian));
    const left = (await person.get('/api/passkeys')).rows[0].id;
    refused(await stranger.request('DELETE', `/api/passkeys/${left}`), 404);
    refused(await stranger.request('PUT', `/api/passkeys/${left}`, { body: { name: 'x' } }), 404);
    await setPassword(city, person.account);
    assert.equal((await person.request('DELETE', `/api/passkeys/${left}`)).status, 200, 'a password remains');
});

test('staff keep one second factor: the last passkey stays until there is an app', async () => {
    const { person } = await owner(office);
    await setPassword(city, person.account);
    const { rows: [{ id }] } = await person.get('/api/passkeys');
    refused(await person.request('DELETE', `/api/passkeys/${id}`), 409, 'last_factor');
    const { secret } = await person.post('/api/factors/totp');
    await person.post('/api/factors/totp/confirm', { code: codeAt(secret) });
    assert.equal((await person.request('DELETE', `/api/passkeys/${id}`)).status, 200);
});

/* ---- what must not work ---- */

const WRONG = {
    'another origin': { said: { origin: 'https://evil.example' } },
    'an origin that looks alike': { said: { origin: `${city.origin}.evil.example` } },
    'another port': { said: { origin: 'https://localhost:1' } },
    'plain HTTP': { said: { origin: city.origin.replace('https', 'http') } },
    'inside another site’s frame': { said: { crossOrigin: true } },
    'another rp id': { rp_id: 'evil.example' },
    'no user verification': { flags: FLAGS.present },
    'no user presence': { flags: FLAGS.verified },
    'backed up, but not eligible': { flags: FLAGS.present | FLAGS.verified | FLAGS.backedUp },
};
const andCredential = (change) => ('flags' in change ? { ...change, flags: change.flags | FLAGS.credential } : change);

for (const [what, change] of Object.entries(WRONG)) {
    test(`a passkey is refused: ${what}`, async () => {
        const { person, key } = await owner();
        refused(await show(key.show(await ask(), change)), 422, 'passkey_refused');
        const fresh = new Authenticator(city.origin);
        const body = fresh.make(await person.get('/api/passkeys/challenge'), andCredential(change));
        refused(await person.request('POST', '/api/passkeys', { body }), 422, 'passkey_refused');
        assert.equal((await person.get('/api/passkeys')).rows.length, 1);
    });
}

test('the one ceremony’s answer is none to the other', async () => {
    const { person, key } = await owner();
    refused(await show(key.show(await ask(), { type: 'webauthn.create' })), 422, 'passkey_refused');
    refused(await show(key.show(await person.get('/api/passkeys/challenge'))), 422, 'passkey_refused');
    const fresh = new Authenticator(city.origin);
    refused(await person.request('POST', '/api/passkeys', { body: fresh.make({ ...(await person.get('/api/passkeys/challenge')), ...(await ask()) }) }), 422);
    refused(await person.request('POST', '/api/passkeys', { body: fresh.make(await person.get('/api/passkeys/challenge'), { type: 'webauthn.get' }) }), 422);
    refused(await person.request('POST', '/api/passkeys', { body: fresh.make(await person.get('/api/passkeys/challenge'), { flags: FLAGS.present | FLAGS.verified }) }), 422);
});

test('a challenge is answered once, also at the same moment, and by whom it was made for', async () => {
    const { person, key } = await owner();
    const options = await ask();
    const answers = await Promise.all(Array.from({ length: 5 }, () => show(key.show(options))));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 422, 422, 422, 422]);
    const other = await city.as(await account(city, guardian));
    const theirs = await other.get('/api/passkeys/challenge');
    refused(await person.request('POST', '/api/passkeys', { body: new Authenticator(city.origin).make(theirs) }), 422);
    const mine = await person.get('/api/passkeys/challenge');
    await person.post('/api/passkeys', new Authenticator(city.origin).make(mine));
    refused(await person.request('POST', '/api/passkeys', { body: new Authenticator(city.origin).make(mine) }), 422);
});

test('a challenge that is not ours, or was changed, or is too old', async () => {
    const { key } = await owner();
    const { challenge, rp_id } = await ask();
    const bytes = Buffer.from(challenge, 'base64url');
    for (let at = 0; at < bytes.length; at += 3) {
        const changed = Buffer.from(bytes);
        changed[at] ^= 1;
        refused(await show(key.show({ challenge: changed.toString('base64url'), rp_id })), 422, 'passkey_refused');
    }
    for (const one of ['', 'AAAA', `${challenge}A`, Buffer.alloc(40).toString('base64url')]) refused(await show(key.show({ challenge: one, rp_id })), 422);
});

test('another’s signature, a changed signature, changed data, an unknown credential, another’s handle', async () => {
    const { key } = await owner();
    const { key: other } = await owner();
    const good = async () => key.show(await ask());
    const flipped = (text, at = -1) => { const bytes = Buffer.from(text, 'base64url'); bytes[bytes.length + at] ^= 1; return bytes.toString('base64url'); };
    const bad = [
        { ...(await good()), credential_id: other.id.toString('base64url') },
        { ...(await good()), signature: other.show(await ask()).signature },
        { ...(await good()), credential_id: Buffer.alloc(32).toString('base64url') },
        { ...(await good()), user_handle: other.handle },
    ];
    for (const at of [-1, -10, -40]) bad.push(await good().then((one) => ({ ...one, signature: flipped(one.signature, at) })));
    bad.push(await good().then((one) => ({ ...one, authenticator_data: flipped(one.authenticator_data) })));
    for (const body of bad) refused(await show(body), 422, 'passkey_refused');
    assert.equal((await show(await good())).status, 201, 'none of that did harm');
});

test('a counter that goes back is a copy: refused and recorded; one that is never used stays at nought', async () => {
    const { person, key } = await owner();
    key.count = 5;
    assert.equal((await show(key.show(await ask()))).status, 201);
    for (const count of [5, 4, 0]) {
        key.count = count;
        refused(await show(key.show(await ask())), 422, 'passkey_refused');
    }
    const { n } = await city.one(`select count(*) as n from audit where account_id = $1 and action = 'passkey_copied'`, [person.account]);
    assert.equal(n, 3);
    key.count = 4_294_967_295;
    assert.equal((await show(key.show(await ask()))).status, 201);
});

test('one credential belongs to one account', async () => {
    const { key } = await owner();
    const other = await city.as(await account(city, guardian));
    refused(await other.request('POST', '/api/passkeys', { body: key.make(await other.get('/api/passkeys/challenge')) }), 422, 'passkey_refused');
});

test('a closed account’s passkey opens nothing', async () => {
    const { person, key } = await owner();
    await city.query('update accounts set closed_at = now() where id = $1', [person.account]);
    refused(await show(key.show(await ask())), 422, 'passkey_refused');
});

test('bad input to passkeys is a problem document, never more', async () => {
    const { person, key } = await owner();
    const good = key.show(await ask());
    const client = (text) => Buffer.from(text).toString('base64url');
    const bodies = [
        {}, { ...good, client_data: '' }, { ...good, client_data: '%%%' }, { ...good, client_data: client('not json') }, { ...good, client_data: client('[]') },
        { ...good, client_data: client('{"type":1,"challenge":2,"origin":3}') }, { ...good, client_data: client('null') },
        { ...good, authenticator_data: 'AAAA' }, { ...good, authenticator_data: 'A'.repeat(8000) }, { ...good, authenticator_data: 'A'.repeat(8001) },
        { ...good, signature: 'AAAA' }, { ...good, signature: 'A'.repeat(2000) }, { ...good, credential_id: '😀' }, { ...good, more: 1 },
    ];
    for (const body of bodies) {
        const { status } = await show(body);
        assert.ok([400, 422].includes(status), `${status} ${JSON.stringify(body).slice(0, 200)}`);
    }
    const make = key.make(await person.get('/api/passkeys/challenge'));
    const data = Buffer.from(make.authenticator_data, 'base64url');
    for (let n = 0; n < data.length; n += 5) {
        const fresh = new Authenticator(city.origin).make(await person.get('/api/passkeys/challenge'));
        const cut = Buffer.from(fresh.authenticator_data, 'base64url').subarray(0, n).toString('base64url');
        const { status } = await person.request('POST', '/api/passkeys', { body: { ...fresh, authenticator_data: cut } });
        assert.ok([400, 422].includes(status), `cut at ${n}: ${status}`);
    }
    for (const name of ['', ' '.repeat(61), 'a\u0000b', 'a\nb']) {
        refused(await person.request('POST', '/api/passkeys', { body: { ...new Authenticator(city.origin).make(await person.get('/api/passkeys/challenge')), name } }), 400);
    }
});
