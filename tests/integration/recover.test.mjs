// Forgotten ids and passwords, another address, another password: by mail, by the office's code, and what a thief can't do.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity, live } from '../support/city.mjs';
import { mailbox } from '../support/mailbox.mjs';
import { account, cast } from '../support/people.mjs';
import { Authenticator } from '../support/authenticator.mjs';
import { codeAt } from '../support/factors.mjs';
import { digitsOf, join, orphan, person, refused } from '../support/codes.mjs';

const city = await startCity();
const people = await cast(city);
const mails = mailbox(city);
const { at } = people;
const anyone = () => city.client();
const ask = (who, path, body) => who.request('POST', `/api${path}`, { body });
const calm = () => city.query('truncate rate_limits');
const registered = async (email) => {
    const child = await orphan(city, at.a.one);
    const her = await join(city, people.office, child);
    if (email) await city.query('update accounts set email = $2 where id = $1', [her.account, email]);
    return Object.assign(her, { child, login: her.who.login_id });
};
const alive = async (who) => (await who.request('GET', '/api/account')).status === 200;
const password = 'heron-Quiet-48';

test('5(1)ウ a forgotten password, by address or id in any width: six digits, a new one, every other device is out', async () => {
    const her = await registered('forgot@example.jp');
    const screen = await live(her);
    const fresh = anyone();
    const begun = await ask(fresh, '/recoveries', { login: 'ＦＯＲＧＯＴ＠example.jp ' });
    assert.equal(begun.status, 201, JSON.stringify(begun.body));
    const { token } = begun.body;
    const mail = await mails.next('forgot@example.jp');
    assert.ok(mail.text.includes(her.login));
    refused(await ask(fresh, '/recoveries/finish', { token, password }), 409, 'mail_code_due');
    const confirmed = await ask(fresh, '/recoveries/confirm', { token, mail_code: digitsOf(mail) });
    assert.deepEqual([confirmed.status, confirmed.body.login_id], [200, her.login], JSON.stringify(confirmed.body));
    refused(await ask(fresh, '/recoveries/finish', { token, password: `${her.login}${her.login}` }), 422, 'weak_password');
    refused(await ask(fresh, '/recoveries/finish', { token, password: 'forgot-佐藤花子-1' }), 422, 'weak_password');
    const done = await ask(fresh, '/recoveries/finish', { token, password });
    assert.deepEqual([done.status, done.body.account_id], [200, her.account], JSON.stringify(done.body));
    assert.equal(await alive(fresh), true);
    assert.equal(await alive(her), false);
    assert.equal((await screen.closed).code, 4401);
    assert.match((await mails.next('forgot@example.jp')).subject, /パスワードが変更されました/);
    await anyone().signIn(her.login, password);
    // The same again, because the answer was lost; and by somebody who only has the token.
    const again = anyone();
    assert.equal((await ask(again, '/recoveries/finish', { token, password })).status, 200);
    assert.equal(await alive(again), true);
    refused(await ask(anyone(), '/recoveries/finish', { token, password: 'of somebody else' }), 410, 'recovery_over');
    await calm();
});

test('5(1)ウ whoever asks learns nothing: known, unknown, without mail, by id, all look the same', async () => {
    const her = await registered('hidden@example.jp');
    const without = await registered();
    const seen = [];
    for (const login of ['hidden@example.jp', 'nobody@example.jp', her.login, without.login, 'xxxx9999', 'not even an id @@']) {
        const begun = await ask(anyone(), '/recoveries', { login });
        const story = [begun.status, Object.keys(begun.body).sort().join(), begun.body.by_mail];
        for (let n = 0; n < 6; n++) {
            const { status, body } = await ask(anyone(), '/recoveries/confirm', { token: begun.body.token, mail_code: 'abcdef' });
            story.push(status, body.type, body.tries_left);
        }
        story.push((await ask(anyone(), '/recoveries/resend', { token: begun.body.token })).status);
        seen.push(story);
        await city.query(`delete from rate_limits where name = 'digits'`);
    }
    for (const story of seen) assert.deepEqual(story, seen[0]);
    assert.match((await mails.next('nobody@example.jp')).text, /このアドレスの登録はありません/);
    await calm();
});

test('5(1)ウ guessing six digits: five tries, then 30 wrong ones from one network in 15 minutes; 60 starts', async () => {
    await registered('guessed@example.jp');
    for (let start = 0; start < 6; start++) {
        const { body: { token } } = await ask(anyone(), '/recoveries', { login: 'guessed@example.jp' });
        for (let n = 0; n < 5; n++) refused(await ask(anyone(), '/recoveries/confirm', { token, mail_code: '0' }), 422, 'mail_code_wrong');
    }
    const { body: { token } } = await ask(anyone(), '/recoveries', { login: 'guessed@example.jp' });
    refused(await ask(anyone(), '/recoveries/confirm', { token, mail_code: '0' }), 429, 'too_many');
    await city.query(`update rate_limits set hits = 60 where name = 'recoveries'`);
    const stopped = await ask(anyone(), '/recoveries', { login: 'guessed@example.jp' });
    refused(stopped, 429, 'too_many');
    assert.ok(Number(stopped.headers['retry-after']) > 0);
    await calm();
});

test('5(1)ウ without mail: the office checks who it is and prints a code that sets a new password, once', async () => {
    const her = await registered();
    const path = `/api/students/${her.child}/guardians/${her.account}/reset`;
    const first = await people.office.post(path);
    const made = await people.office.post(path);
    assert.equal(made.login_id, her.login);
    refused(await ask(anyone(), '/recoveries', { code: first.code }), 404, 'code_unknown'); // the newer one revoked it
    assert.equal((await ask(anyone(), '/invitations/look', { code: made.code })).body.kind, 'reset');
    refused(await ask(anyone(), '/registrations', { code: made.code }), 404, 'code_unknown');
    const fresh = anyone();
    const begun = await ask(fresh, '/recoveries', { code: made.code.toLowerCase() });
    assert.deepEqual([begun.status, begun.body.by_mail], [201, false], JSON.stringify(begun.body));
    assert.equal((await ask(fresh, '/recoveries/finish', { token: begun.body.token, password })).status, 200);
    await anyone().signIn(her.login, password);
    refused(await ask(anyone(), '/recoveries', { code: made.code }), 404, 'code_unknown');
    assert.equal((await city.one(`select count(*) as n from audit where action = 'reset_code_made' and object_id = $1 and school_id = $2`, [her.account, at.a.id])).n, 2);
    refused(await ask(anyone(), '/recoveries', { code: made.code, login: 'x' }), 400);
    refused(await ask(anyone(), '/recoveries', {}), 400);
    const teacher = await account(city, { roles: [{ role: 'teacher', school_id: at.a.id }], children: [her.child] });
    refused(await people.office.request('POST', `/api/students/${her.child}/guardians/${teacher}/reset`), 409, 'is_staff');
    await calm();
});

test('7 a member of staff who recovers still owes the second factor', async () => {
    const id = await account(city, { roles: [{ role: 'office', school_id: at.a.id }] });
    await city.query(`update accounts set email = 'staff@example.jp' where id = $1`, [id]);
    const fresh = anyone();
    const { body: { token } } = await ask(fresh, '/recoveries', { login: 'staff@example.jp' });
    await ask(fresh, '/recoveries/confirm', { token, mail_code: digitsOf(await mails.next('staff@example.jp')) });
    assert.equal((await ask(fresh, '/recoveries/finish', { token, password })).status, 200);
    assert.equal((await fresh.request('GET', '/api/schools')).status, 403);
    assert.equal((await city.one('select factors from sessions where account_id = $1', [id])).factors, 1);
    await calm();
});

test('5(1)ウ another password needs the old one; the session goes on with a new token, the others end', async () => {
    const her = await registered('change@example.jp');
    const other = await anyone().signIn(her.login, person().password);
    const put = (body) => her.request('PUT', '/api/account/password', { body });
    refused(await put({ old_password: 'wrong one here', password }), 403, 'wrong_password');
    refused(await put({ password }), 403, 'wrong_password');
    refused(await put({ old_password: person().password, password: 'amagasaki-1' }), 422, 'weak_password');
    const before = her.cookie;
    assert.equal((await put({ old_password: person().password, password })).status, 204);
    assert.notEqual(her.cookie, before);
    assert.equal(await alive(her), true);
    assert.equal(await alive(other), false);
    assert.equal(await alive(Object.assign(anyone(), { cookie: before })), false);
    assert.match((await mails.next('change@example.jp')).subject, /パスワードが変更されました/);
    for (let n = 0; n < 7; n++) await put({ old_password: 'guess number n', password: 'heron-Loud-49' });
    refused(await put({ old_password: password, password: 'heron-Loud-49' }), 429, 'too_many');
    await calm();
});

test('5(1)ウ another address is confirmed at both ends; the old one can stop it for seven days', async () => {
    const her = await registered('old@example.jp');
    refused(await ask(her, '/account/email', { email: 'new@example.jp', password: 'not hers at all' }), 403, 'wrong_password');
    refused(await ask(her, '/account/email', { email: 'OLD@example.jp', password: person().password }), 409, 'email_same');
    refused(await ask(her, '/account/email', { email: 'new@example.jp\nBcc: y@example.jp', password: person().password }), 400);
    const begun = await ask(her, '/account/email', { email: 'New@Example.jp', password: person().password });
    assert.deepEqual([begun.status, begun.body.old_code_due], [200, true], JSON.stringify(begun.body));
    assert.equal((await her.get('/api/account')).email_pending, 'new@example.jp');
    const mail_code = digitsOf(await mails.next('new@example.jp'));
    const old_mail_code = digitsOf(await mails.next('old@example.jp'));
    const half = await ask(her, '/account/email/confirm', { mail_code });
    refused(half, 422, 'mail_code_wrong');
    assert.equal(half.body.which, 'old');
    assert.equal((await her.get('/api/account')).email, 'old@example.jp');
    const done = await ask(her, '/account/email/confirm', { mail_code, old_mail_code });
    assert.deepEqual([done.status, done.body], [200, { email: 'new@example.jp' }]);
    const code = /[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/.exec((await mails.next('old@example.jp')).text)[0];
    refused(await ask(anyone(), '/account/email/stop', { code: `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}` }), 422, 'code_mistyped');
    assert.equal((await ask(anyone(), '/account/email/stop', { code })).status, 204);
    assert.equal(await alive(her), false);
    refused(await ask(anyone(), '/account/email/stop', { code }), 404, 'code_unknown');
    assert.deepEqual(await city.one('select email, password_hash from accounts where id = $1', [her.account]), { email: 'old@example.jp', password_hash: null });
    assert.match((await mails.next('old@example.jp')).subject, /元に戻しました/);
    await calm();
});

const hoursAgo = (hours) => `now() - interval '${hours} hours'`;
const addPasskey = async (who) => {
    const key = new Authenticator(city.origin);
    key.row = (await who.post('/api/passkeys', key.make(await who.get('/api/passkeys/challenge')))).id;
    key.row ??= (await city.one('select max(id) as id from passkeys where account_id = $1', [who.account])).id;
    return key;
};
const signInByPasskey = async (key) => ask(anyone(), '/session/passkey', key.show(await anyone().get('/api/session/passkey')));
const addApp = async (who) => {
    const { secret } = await who.post('/api/factors/totp');
    await who.post('/api/factors/totp/confirm', { code: codeAt(secret) });
};
const addIdentity = (id, subject, hours) => city.query(
    `insert into account_identities (provider, subject, account_id, made_at) values ('elsewhere', $2, $1, ${hoursAgo(hours)})`, [id, subject]);
const stopCodeOf = (mail) => /取り消しコード: (\S+)/.exec(mail.text)[1];
const waysIn = (id) => city.one(
    `select (select count(*)::int from totp where account_id = $1 and sealed is not null) as apps,
            (select count(*)::int from totp where account_id = $1 and pending is not null) as pending,
            (select count(*)::int from recovery_codes where account_id = $1) as codes,
            (select second_factor from accounts where id = $1) as two_are_due,
            array(select subject from account_identities where account_id = $1 order by subject) as identities`, [id]);
const lastStop = async (id) => (await city.one(
    `select detail from audit where action = 'email_change_stopped' and object_id = $1 order by id desc limit 1`, [id])).detail;

test('5(1)ウ a stop takes away what the thief added, however long the session; the owner\'s older passkey still signs in', async () => {
    const her = await registered('robbed@example.jp');
    const own = await addPasskey(her);
    await city.query(`update passkeys set made_at = ${hoursAgo(72)} where id = $1`, [own.row]);
    await addIdentity(her.account, 'hers', 72);
    const thief = await anyone().signIn(her.login, person().password);
    thief.account = her.account;
    await city.query(`update sessions set created_at = ${hoursAgo(50)} where id = (select max(id) from sessions where account_id = $1)`, [her.account]);
    const first = await addPasskey(thief);
    await city.query(`update passkeys set made_at = ${hoursAgo(49)} where id = $1`, [first.row]);
    const second = await addPasskey(thief);
    await addApp(thief);
    await addIdentity(her.account, 'of the thief', 48);
    await ask(thief, '/account/email', { email: 'thief@example.jp', password: person().password });
    const changed = await ask(thief, '/account/email/confirm', { mail_code: digitsOf(await mails.next('thief@example.jp')) });
    assert.deepEqual([changed.status, changed.body], [200, { email: 'thief@example.jp' }]);
    assert.equal((await signInByPasskey(first)).status, 201);
    const notice = await mails.next('robbed@example.jp');
    assert.match(notice.text, /パスキー/);
    assert.equal((await ask(anyone(), '/account/email/stop', { code: stopCodeOf(notice) })).status, 204);
    for (const key of [first, second]) refused(await signInByPasskey(key), 422, 'passkey_refused');
    assert.equal((await signInByPasskey(own)).status, 201, 'hers');
    assert.deepEqual(await waysIn(her.account), { apps: 0, pending: 0, codes: 0, two_are_due: false, identities: ['hers'] });
    assert.equal(await alive(thief), false);
    assert.deepEqual(await lastStop(her.account), { apps: 1, recovery_codes: 10, passkeys: 2, identities: 1 });
    assert.match((await mails.next('robbed@example.jp')).text, /パスキー・ほかのサービスとの連携は、安全のためすべて削除しました/);
    await calm();
});

test('5(1)ウ a stop leaves the owner\'s older app, without what was made of it since; what came in the day before goes, whichever session it was', async () => {
    const her = await registered('app@example.jp');
    await addApp(her);
    await city.query(`update totp set confirmed_at = ${hoursAgo(72)} where account_id = $1`, [her.account]);
    const dayBefore = await addPasskey(her);
    await city.query(`update passkeys set made_at = ${hoursAgo(23)} where id = $1`, [dayBefore.row]);
    await her.post('/api/factors/totp');
    await ask(her, '/account/email', { email: 'app-new@example.jp', password: person().password });
    assert.equal((await ask(her, '/account/email/confirm', { mail_code: digitsOf(await mails.next('app-new@example.jp')) })).status, 200);
    assert.equal((await ask(anyone(), '/account/email/stop', { code: stopCodeOf(await mails.next('app@example.jp')) })).status, 204);
    refused(await signInByPasskey(dayBefore), 422, 'passkey_refused');
    assert.deepEqual(await waysIn(her.account), { apps: 1, pending: 0, codes: 0, two_are_due: true, identities: [] });
    assert.deepEqual(await lastStop(her.account), { apps: 0, recovery_codes: 10, passkeys: 1, identities: 0 });
    await calm();
});

test('5(1)ウ an address that is somebody\'s is not taken and not told; a change can be given up; the office takes off a lost one', async () => {
    const her = await registered('keeps@example.jp');
    const other = await registered();
    const begun = await ask(other, '/account/email', { email: 'keeps@example.jp', password: person().password });
    assert.deepEqual([begun.status, begun.body.old_code_due], [200, false], JSON.stringify(begun.body));
    const told = await mails.next('keeps@example.jp');
    assert.doesNotMatch(told.text, /\d{6}/);
    refused(await ask(other, '/account/email/confirm', { mail_code: '123456' }), 422, 'mail_code_wrong');
    assert.equal((await other.request('DELETE', '/api/account/email')).status, 204);
    refused(await ask(other, '/account/email/confirm', { mail_code: '123456' }), 410, 'mail_code_over');
    const path = `/api/students/${her.child}/guardians/${her.account}/forget-email`;
    refused(await people.far_office.request('POST', path), 404);
    assert.equal((await people.office.request('POST', path)).status, 204);
    assert.equal((await people.office.request('POST', path)).status, 204);
    assert.equal(await alive(her), false);
    await anyone().signIn(her.login, person().password);
    await calm();
});

test('5(1)ウ names and language: hers alone, checked, and readings are kept as hiragana', async () => {
    const her = await registered();
    const put = (path, body) => her.request('PUT', `/api/account/${path}`, { body });
    const names = await put('names', { family_name: '𠮷野', given_name: 'まり', family_kana: 'ヨシノ', given_kana: 'ﾏﾘ' });
    assert.deepEqual(names.body, { family_name: '𠮷野', given_name: 'まり', family_kana: 'よしの', given_kana: 'まり' });
    assert.equal((await put('names', { family_name: '😀', given_name: 'まり', family_kana: 'ヨシノ', given_kana: 'マリ' })).status, 400);
    assert.deepEqual((await put('language', { language: 'vi' })).body, { language: 'vi' });
    assert.equal((await put('language', { language: "ja'; drop" })).status, 400);
});
