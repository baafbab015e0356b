// Who works where: invitations, joining by code, roles that are given and taken.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity, live, sleep } from '../support/city.mjs';
import { mailbox } from '../support/mailbox.mjs';
import { account, cast } from '../support/people.mjs';
import { check, refused } from '../support/codes.mjs';
import { codeAt } from '../support/factors.mjs';

const city = await startCity();
const people = await cast(city);
const mails = mailbox(city);
const { at } = people;
const { administrator, board } = people;
const anyone = () => city.client();
const ask = (who, path, body, key) => who.request('POST', `/api${path}`, { body, key });
const remove = (who, path) => who.request('DELETE', `/api${path}`);
const calm = () => city.query('truncate rate_limits');
const password = 'tulip-Fence-73';

let serial = 0;
const names = { family_name: '𠮷田', given_name: '光', family_kana: 'ヨシダ', given_kana: 'ひかる' };
const asked = (plus = {}) => ({ school_id: at.a.id, role: 'office', ...names, ...plus });
const address = () => `staff-${++serial}@example.jp`;
async function invite(who, plus = {}) {
    const answer = await ask(who, '/staff-invitations', asked(plus), randomUUID());
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
}
const lastAudit = () => city.one('select account_id, action, object_kind, object_id, school_id, detail from audit order by id desc limit 1');
const rolesOf = (id) => city.query('select school_id, class_id, role from staff_roles where account_id = $1 and ended_at is null order by id', [id]);

test('5(1)オ the administrator invites; the mail brings the code; who comes joins with a password of her own and needs a second factor', async () => {
    const email = address();
    const made = await invite(administrator, { role: 'homeroom', class_id: at.a.two.id, email: email.toUpperCase() });
    assert.match(made.code, /^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);
    assert.deepEqual(await lastAudit(), { account_id: administrator.account, action: 'staff_invited', object_kind: 'staff_invitation', object_id: made.id, school_id: at.a.id, detail: { role: 'homeroom' } });
    const mail = await mails.next(email);
    const { name } = await city.one('select name from schools where id = $1', [at.a.id]);
    assert.ok(mail.text.includes(made.code) && mail.text.includes(name), mail.text);
    assert.doesNotMatch(mail.text, /https?:/, 'no link');
    const kept = await city.one('select code_sha256, email from staff_invitations where id = $1', [made.id]);
    assert.equal(kept.email, email);
    assert.equal(kept.code_sha256.length, 32);

    const row = (await administrator.get(`/api/schools/${at.a.id}/staff-invitations`)).rows.find((one) => one.id === made.id);
    assert.equal(row.email_masked, 's…@example.jp');
    assert.ok(!JSON.stringify(row).includes(made.code));

    const seen = await ask(anyone(), '/staff-invitations/look', { code: made.code.toLowerCase().replaceAll('-', ' ') });
    assert.equal(seen.status, 200, JSON.stringify(seen.body));
    const two = await city.one('select grade, name from classes where id = $1', [at.a.two.id]);
    assert.deepEqual([seen.body.school_name, seen.body.role, seen.body.grade, seen.body.class_name, seen.body.family_name, seen.body.has_account],
        [name, 'homeroom', two.grade, two.name, '𠮷田', false]);

    for (const weak of ['password1', '𠮷田光12345', '12345678']) refused(await ask(anyone(), '/staff-invitations/join', { code: made.code, password: weak }), 422, 'weak_password');
    refused(await ask(anyone(), '/staff-invitations/join', { code: made.code, password: 'short' }), 400, 'validation');
    const joined = await ask(anyone(), '/staff-invitations/join', { code: made.code, password });
    assert.equal(joined.status, 201, JSON.stringify(joined.body));
    assert.equal(joined.headers['set-cookie'], undefined, 'she signs in herself');
    const { account_id, login_id } = joined.body;
    assert.deepEqual(await rolesOf(account_id), [{ school_id: at.a.id, class_id: at.a.two.id, role: 'homeroom' }]);
    const mine = await city.one('select family_name, given_name, family_kana, email from accounts where id = $1', [account_id]);
    assert.deepEqual(mine, { family_name: '𠮷田', given_name: '光', family_kana: 'よしだ', email });

    for (const name of [login_id, email]) {
        const her = anyone();
        const who = await her.post('/api/session', { login_id: name, password });
        assert.equal(who.second_factor, 'enrol');
        assert.equal((await her.request('GET', '/api/classes')).status, 403);
    }
    const her = anyone();
    await her.post('/api/session', { login_id, password });
    const { secret } = await her.post('/api/factors/totp');
    await her.post('/api/factors/totp/confirm', { code: codeAt(secret) });
    assert.ok((await her.get(`/api/classes/${at.a.two.id}/students`)).rows.length > 0);

    for (const path of ['look', 'join', 'accept']) {
        refused(await ask(path === 'accept' ? her : anyone(), `/staff-invitations/${path}`, { code: made.code, ...(path === 'join' ? { password } : {}) }), 404, 'code_unknown');
    }
    const member = (await administrator.get(`/api/schools/${at.a.id}/staff`)).rows.find((one) => one.account_id === account_id);
    assert.deepEqual([member.role, member.second_factor, member.is_self, member.class_name], ['homeroom', true, false, two.name]);
    await calm();
});

test('5(1)オ without an address the code is handed over on paper; no mail is sent', async () => {
    const made = await invite(administrator, { role: 'teacher' });
    assert.equal((await city.one(`select count(*) as n from outbox where body like '%' || $1 || '%'`, [made.code])).n, 0);
    const joined = await ask(anyone(), '/staff-invitations/join', { code: made.code, password });
    assert.equal(joined.status, 201, JSON.stringify(joined.body));
    assert.equal((await city.one('select email from accounts where id = $1', [joined.body.account_id])).email, null);
    await calm();
});

test('5(1)オ two who join with one code at once: one account', async () => {
    const made = await invite(administrator);
    const answers = await Promise.all([0, 1].map(() => ask(anyone(), '/staff-invitations/join', { code: made.code, password })));
    assert.deepEqual(answers.map((one) => one.status).sort(), [201, 404]);
    assert.equal((await city.one('select count(*) as n from audit where action = $1 and account_id = $2', ['staff_joined', answers.find((one) => one.status === 201).body.account_id])).n, 1);
    await calm();
});

test('5(1)オ a parent who teaches signs in and accepts; from then on a second factor is due', async () => {
    const id = await account(city, { children: [at.b.one.students[0]] });
    const email = address();
    await city.query('update accounts set email = $2 where id = $1', [id, email]);
    const made = await invite(administrator, { role: 'teacher', email });
    assert.equal((await ask(anyone(), '/staff-invitations/look', { code: made.code })).body.has_account, true);
    refused(await ask(anyone(), '/staff-invitations/join', { code: made.code, password }), 409, 'account_exists');
    assert.equal((await ask(anyone(), '/staff-invitations/accept', { code: made.code })).status, 401);
    const parent = await city.as(id);
    await city.query('update sessions set factors = 1 where account_id = $1', [id]);
    assert.equal((await parent.get('/api/children')).rows.length, 1);
    const taken = await ask(parent, '/staff-invitations/accept', { code: made.code });
    assert.equal(taken.status, 200, JSON.stringify(taken.body));
    assert.equal(taken.body.role, 'teacher');
    await sleep(1500);
    assert.equal((await parent.get('/api/session')).second_factor, 'enrol');
    assert.equal((await parent.request('GET', '/api/classes')).status, 403);
    const whole = await city.as(id);
    assert.ok((await whole.get('/api/classes')).rows.length > 0);
    assert.equal((await whole.get('/api/children')).rows.length, 1, 'her child is still hers');
    await calm();
});

test('5(1)オ mistyped codes are told as such; 30 unknown ones stop the guessing, together with the guardians’', async () => {
    const made = await invite(administrator);
    const look = (code) => ask(anyone(), '/staff-invitations/look', { code });
    for (const typed of [`${made.code.slice(0, -1)}${made.code.endsWith('2') ? '3' : '2'}`, 'OOOO-1111-0000', '招待', made.code.slice(1)]) refused(await look(typed), 422, 'code_mistyped');
    const guess = (n) => { const body = `STAFF${String(n).replace(/[01]/g, (d) => 'XY'[d])}22222222`.slice(0, 11); return body + check(body); };
    for (let n = 0; n < 15; n++) refused(await look(guess(n)), 404, 'code_unknown');
    for (let n = 15; n < 30; n++) refused(await ask(anyone(), '/staff-invitations/join', { code: guess(n), password }), 404, 'code_unknown');
    const stopped = await look(guess(31));
    refused(stopped, 429, 'too_many_codes');
    assert.ok(Number(stopped.headers['retry-after']) > 0 && Number(stopped.headers['retry-after']) <= 900);
    refused(await ask(anyone(), '/invitations/look', { code: guess(32) }), 429, 'too_many_codes');
    assert.equal((await look(made.code)).status, 200, 'a right code still works');
    await calm();
});

test('5(1)オ revoked, expired: the code is nothing; revoking twice is no harm', async () => {
    const [gone, late] = [await invite(administrator), await invite(administrator)];
    for (let i = 0; i < 2; i++) assert.equal((await remove(administrator, `/staff-invitations/${gone.id}`)).status, 204);
    assert.equal((await city.one(`select count(*) as n from audit where action = 'staff_invitation_revoked' and object_id = $1`, [gone.id])).n, 1);
    await city.query('update staff_invitations set expires_at = now() where id = $1', [late.id]);
    for (const { code } of [gone, late]) {
        refused(await ask(anyone(), '/staff-invitations/look', { code }), 404, 'code_unknown');
        refused(await ask(anyone(), '/staff-invitations/join', { code, password }), 404, 'code_unknown');
        refused(await ask(people.nobody, '/staff-invitations/accept', { code }), 404, 'code_unknown');
    }
    const open = (await administrator.get(`/api/schools/${at.a.id}/staff-invitations`)).rows.map((row) => row.id);
    assert.ok(!open.includes(gone.id) && !open.includes(late.id));
    const days = await city.one('select round(extract(epoch from expires_at - made_at) / 86400)::int as days from staff_invitations where id = $1', [gone.id]);
    assert.equal(days.days, 14);
    await calm();
});

test('別紙2 an administrator appoints at the own school alone, and makes nobody board', async () => {
    for (const [who, body] of [[administrator, { school_id: at.b.id }], [administrator, { school_id: undefined, role: 'board' }], [administrator, { school_id: undefined, role: 'operator' }],
        [administrator, { role: 'board' }], [people.office, {}], [people.nurse, {}], [people.far_office, {}],
        [administrator, { role: 'homeroom', class_id: at.b.one.id }]]) {
        refused(await ask(who, '/staff-invitations', asked(body), randomUUID()), 404, 'not_found');
    }
    const made = await invite(board, { school_id: at.b.id, role: 'administrator' });
    assert.equal((await remove(administrator, `/staff-invitations/${made.id}`)).status, 404);
    const city_wide = await invite(board, { school_id: undefined, role: 'operator' });
    assert.equal((await ask(anyone(), '/staff-invitations/look', { code: city_wide.code })).body.school_name ?? null, null);
    assert.ok((await board.get('/api/city/staff-invitations')).rows.some((row) => row.id === city_wide.id));
    assert.ok((await board.get('/api/city/staff')).rows.some((row) => row.account_id === people.operator.account));
    for (const path of ['/api/city/staff', '/api/city/staff-invitations']) assert.equal((await administrator.request('GET', path)).status, 403);
    await calm();
});

test('5(1)オ a role that fits neither school nor class, names and addresses that are none: clear answers, nothing kept', async () => {
    const count = async () => (await city.one('select count(*) as n from staff_invitations')).n;
    const before = await count();
    for (const plus of [{ role: 'homeroom' }, { role: 'office', class_id: at.a.one.id }]) refused(await ask(administrator, '/staff-invitations', asked(plus), randomUUID()), 422, 'role_unfit');
    for (const plus of [{ role: 'board', school_id: at.a.id }, { school_id: undefined, role: 'office' }]) refused(await ask(board, '/staff-invitations', asked(plus), randomUUID()), 422, 'role_unfit');
    for (const email of ['nobody', 'a@b', 'a b@example.jp', 'x@example.jp,y@example.jp']) refused(await ask(administrator, '/staff-invitations', asked({ email }), randomUUID()), 422, 'email_invalid');
    for (const plus of [{ family_name: '😀' }, { given_name: '' }, { family_kana: '山田' }, { role: 'king' }, { school_id: 'x' }, { class_id: -1 },
        { email: 'x@example.jp\r\nBcc: y@example.jp' }, { family_name: 'あ'.repeat(41) }]) {
        refused(await ask(administrator, '/staff-invitations', asked(plus), randomUUID()), 400, 'validation');
    }
    assert.equal((await ask(administrator, '/staff-invitations', asked())).status, 400, 'no key');
    for (const body of [{}, { code: 3 }, { code: 'x'.repeat(41) }, { code: ['A'] }]) refused(await ask(anyone(), '/staff-invitations/look', body), 400, 'validation');
    assert.equal(await count(), before);
});

test('5(1)オ the invitation under the same key twice is one, with the same code; another body is refused', async () => {
    const key = randomUUID();
    const email = address();
    const body = asked({ email });
    const answers = await Promise.all([0, 1].map(() => ask(administrator, '/staff-invitations', body, key)));
    const again = await ask(administrator, '/staff-invitations', body, key);
    for (const one of [...answers, again]) {
        assert.equal(one.status, 201, JSON.stringify(one.body));
        assert.deepEqual(one.body, again.body);
    }
    assert.equal((await city.one('select count(*) as n from staff_invitations where email = $1', [email])).n, 1);
    refused(await ask(administrator, '/staff-invitations', asked({ email, role: 'nurse' }), key), 422, 'key_reused');
    await mails.next(email);
    await sleep(300);
    assert.equal(mails.all(email).length, 1);
});

test('5(1)オ another role for somebody who works there needs no invitation; twice the same is refused', async () => {
    const id = await account(city, { roles: [{ role: 'office', school_id: at.a.id }] });
    const give = (who, plus = {}) => ask(who, '/staff-roles', { account_id: id, school_id: at.a.id, role: 'teacher', ...plus });
    const given = await give(administrator);
    assert.equal(given.status, 201, JSON.stringify(given.body));
    refused(await give(administrator), 409, 'has_role');
    refused(await give(administrator, { role: 'homeroom' }), 422, 'role_unfit');
    refused(await give(administrator, { role: 'homeroom', class_id: at.b.one.id }), 422, 'role_unfit');
    refused(await give(administrator, { role: 'board' }), 404, 'not_found');
    refused(await give(administrator, { school_id: at.b.id }), 404, 'not_found');
    refused(await give(people.office), 404, 'not_found');
    // Who does not work there is nobody's to appoint without an invitation.
    for (const one of [people.guardian.account, people.far_office.account, 2_000_000_000]) refused(await give(administrator, { account_id: one }), 404, 'not_found');
    assert.deepEqual((await rolesOf(id)).map((row) => row.role), ['office', 'teacher']);
    assert.equal((await remove(administrator, `/staff-roles/${given.body.role_id}`)).status, 204);
    assert.equal((await give(administrator)).status, 201, 'again, after its end');
});

test('別紙2 MEASURES 12: a role that is taken back ends within five seconds, open sockets included; the row stays', async () => {
    const id = await account(city, { roles: [{ role: 'office', school_id: at.a.id }] });
    const clerk = await city.as(id);
    const screen = await live(clerk);
    assert.ok(Array.isArray(await screen.subscribe(`absences/school/${at.a.id}`)));
    const { id: role } = await city.one('select id from staff_roles where account_id = $1', [id]);
    refused(await remove(people.office, `/staff-roles/${role}`), 404, 'not_found');
    assert.equal((await remove(administrator, `/staff-roles/${role}`)).status, 204);
    assert.deepEqual(await lastAudit(), { account_id: administrator.account, action: 'role_ended', object_kind: 'account', object_id: id, school_id: at.a.id, detail: { role: 'office' } });
    await screen.until(() => screen.frames.some((frame) => frame.t === 'gone'), 5000, 'the topic’s end');
    assert.notEqual((await clerk.request('GET', `/api/schools/${at.a.id}/staff`)).status, 200);
    assert.deepEqual((await clerk.get('/api/session')).roles, []);
    assert.notEqual((await clerk.request('GET', `/api/classes/${at.a.one.id}/students`)).status, 200);
    screen.close();
    assert.deepEqual(await city.one('select ended_by, ended_at is not null as ended from staff_roles where id = $1', [role]), { ended_by: administrator.account, ended: true });
    refused(await remove(administrator, `/staff-roles/${role}`), 404, 'not_found');
    assert.ok(!(await administrator.get(`/api/schools/${at.a.id}/staff`)).rows.some((row) => row.account_id === id));
});

test('別紙2 the last administrator cannot be taken away by the school, also not by two at once; the last of the board by nobody', async () => {
    await city.query(`update staff_roles set ended_at = now() where role = 'administrator' and school_id = $1 and account_id <> $2`, [at.a.id, administrator.account]);
    const mine = await city.one(`select id from staff_roles where account_id = $1`, [administrator.account]);
    refused(await remove(administrator, `/staff-roles/${mine.id}`), 409, 'last_administrator');
    const second = await city.as(await account(city, { roles: [{ role: 'administrator', school_id: at.a.id }] }));
    const theirs = await city.one('select id from staff_roles where account_id = $1', [second.account]);
    await sleep(1500);
    const answers = await Promise.all([remove(administrator, `/staff-roles/${theirs.id}`), remove(second, `/staff-roles/${mine.id}`)]);
    assert.equal(answers.filter((one) => one.status === 204).length, 1, JSON.stringify(answers.map((one) => one.status)));
    const [left] = await city.query(`select id from staff_roles where role = 'administrator' and school_id = $1 and ended_at is null`, [at.a.id]);
    assert.equal((await remove(board, `/staff-roles/${left.id}`)).status, 204, 'the board may');
    await city.query(`update staff_roles set ended_at = now() where role = 'board' and account_id <> $1`, [board.account]);
    const its = await city.one('select id from staff_roles where account_id = $1', [board.account]);
    refused(await remove(board, `/staff-roles/${its.id}`), 409, 'last_administrator');
});

test('別紙2 the board’s look at a school’s staff is written down; codes, names and addresses are in no log', async () => {
    await board.get(`/api/schools/${at.b.id}/staff`);
    const row = await lastAudit();
    assert.deepEqual([row.account_id, row.action, row.object_id, row.school_id], [board.account, 'staff_read', at.b.id, at.b.id]);
    // A visit reads the list and then the invitations: one row. Invitations alone are a reading too.
    const visits = async (paths) => {
        const count = async () => (await city.one(`select count(*)::int as n from audit where account_id = $1 and action = 'staff_read'`, [board.account])).n;
        const before = await count();
        for (const path of paths) await board.get(`/api/${path}`);
        return (await count()) - before;
    };
    assert.equal(await visits(['city/staff', 'city/staff-invitations']), 1);
    assert.equal(await visits([`schools/${at.a.id}/staff-invitations`]), 1);
    assert.equal(await visits([`schools/${at.b.id}/staff`, `schools/${at.b.id}/staff-invitations`]), 1);
    for (const word of ['𠮷田', 'staff-1@', 'tulip-Fence']) assert.ok(!city.log().includes(word), word);
});
