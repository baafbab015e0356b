// Registration by the guardian: the letter's code, six digits by mail, names and password; the second guardian, another
// child, and all that must not let anybody in.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity } from '../support/city.mjs';
import { mailbox } from '../support/mailbox.mjs';
import { account, cast } from '../support/people.mjs';
import { check, digitsOf, join, letter, orphan, person, refused } from '../support/codes.mjs';

const city = await startCity();
const people = await cast(city);
const mails = mailbox(city);
const { at } = people;
const anyone = () => city.client();
const ask = (who, path, body) => who.request('POST', `/api${path}`, { body });
const calm = () => city.query('truncate rate_limits');

test('5(1)イ the letter of the school: code, mail, names, password; then she reports', async () => {
    const child = await orphan(city, at.a.one);
    const code = await letter(people.office, child);
    assert.match(code, /^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);
    const her = anyone();
    const seen = (await ask(her, '/invitations/look', { code })).body;
    const known = await city.one('select s.family_name, s.given_name, c.name, sc.name as school from students s join classes c on c.id = s.class_id join schools sc on sc.id = s.school_id where s.id = $1', [child]);
    assert.deepEqual([seen.kind, seen.family_name, seen.given_name, seen.class_name, seen.school_name, seen.room, seen.guardians, seen.guardians_max],
        ['link', known.family_name, known.given_name, known.name, known.school, true, 0, 4]);
    const begun = await ask(her, '/registrations', { code, email: 'Sato.Hanako@Example.JP' });
    assert.equal(begun.status, 201, JSON.stringify(begun.body));
    assert.equal(begun.body.by_mail, true);
    const { token } = begun.body;
    const mail = await mails.next('sato.hanako@example.jp');
    assert.ok(mail.text.includes(known.school));
    refused(await ask(her, '/registrations/finish', { token, ...person() }), 409, 'mail_code_due');
    const wrong = await ask(her, '/registrations/confirm', { token, mail_code: digitsOf(mail) === '123456' ? '123457' : '123456' });
    refused(wrong, 422, 'mail_code_wrong');
    assert.equal(wrong.body.tries_left, 4);
    assert.equal((await ask(her, '/registrations/confirm', { token, mail_code: digitsOf(mail).replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d))) })).status, 204);
    const done = await ask(her, '/registrations/finish', { token, ...person({ family_name: '𠮷田', given_name: '花子', family_kana: 'ヨシダ' }) });
    assert.equal(done.status, 201, JSON.stringify(done.body));
    assert.match(done.body.login_id, /^[bcdfghkmnprstwxz]{4}[2-9]{4}$/);
    assert.equal(done.body.student_id, child);
    assert.deepEqual((await her.get('/api/children')).rows.map((row) => row.student_id), [child]);
    const mine = await her.get('/api/account');
    assert.deepEqual([mine.family_name, mine.family_kana, mine.email, mine.consent_version, mine.has_password], ['𠮷田', 'よしだ', 'sato.hanako@example.jp', '2026-11', true]);
    assert.ok((await mails.next('sato.hanako@example.jp')).text.includes(done.body.login_id));
    const link = await city.one('select rights, via, relation from guardianships where account_id = $1', [done.body.account_id]);
    assert.deepEqual(link, { rights: 'report', via: 'letter', relation: 'mother' });
    // The code is gone, in clear and for everyone; to whom it is nothing, it is as unknown as any other.
    assert.deepEqual(await city.one('select code, used_by from invitations where student_id = $1', [child]), { code: null, used_by: done.body.account_id });
    refused(await ask(anyone(), '/invitations/look', { code }), 404, 'code_unknown');
    refused(await ask(anyone(), '/registrations', { code }), 404, 'code_unknown');
    // The long way in: by id, and by address in full width.
    for (const login_id of [done.body.login_id.toUpperCase(), 'ｓａｔｏ．ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ']) await anyone().signIn(login_id, person().password);
    await calm();
});

test('別紙2 a registration agrees to the terms that hold: an old version is told so, and the same code goes on with the new one', async () => {
    const child = await orphan(city, at.a.one);
    const { body: { token } } = await ask(anyone(), '/registrations', { code: await letter(people.office, child) });
    for (const consent_version of ['2025-04', '2026-10', 'x']) refused(await ask(anyone(), '/registrations/finish', { token, ...person({ consent_version }) }), 409, 'terms_changed');
    assert.deepEqual(await city.query('select account_id from guardianships where student_id = $1', [child]), []);
    const done = await ask(anyone(), '/registrations/finish', { token, ...person() });
    assert.equal(done.status, 201, JSON.stringify(done.body));
    // Who repeats a finish whose answer was lost agreed to what held then.
    const again = await ask(anyone(), '/registrations/finish', { token, ...person({ consent_version: '2025-04' }) });
    assert.deepEqual([again.status, again.body.account_id], [201, done.body.account_id]);
});

test('5(1)イ a finish that is repeated makes one account; with another password it opens nothing', async () => {
    const child = await orphan(city, at.a.one);
    const { body: { token } } = await ask(anyone(), '/registrations', { code: await letter(people.office, child) });
    const finish = (who, plus) => ask(who, '/registrations/finish', { token, ...person(plus) });
    const answers = await Promise.all([finish(anyone()), finish(anyone()), finish(anyone())]);
    const good = answers.filter((answer) => answer.status === 201);
    assert.ok(good.length >= 1);
    const again = anyone();
    const repeated = await finish(again);
    assert.equal(repeated.status, 201, JSON.stringify(repeated.body));
    assert.ok(good.every((answer) => answer.body.login_id === repeated.body.login_id));
    assert.equal((await again.get('/api/children')).rows.length, 1);
    const thief = anyone();
    refused(await finish(thief, { password: 'another long one' }), 410, 'registration_over');
    assert.equal(thief.cookie, '');
    assert.equal((await city.one('select count(*) as n from guardianships where student_id = $1', [child])).n, 1);
    await calm();
});

test('5(1)イ without mail: the id is made at once and shown', async () => {
    const child = await orphan(city, at.a.one);
    const her = anyone();
    const begun = await ask(her, '/registrations', { code: await letter(people.administrator, child) });
    assert.equal(begun.body.by_mail, false);
    const done = await ask(her, '/registrations/finish', { token: begun.body.token, ...person() });
    assert.equal(done.status, 201, JSON.stringify(done.body));
    await anyone().signIn(done.body.login_id, person().password);
    assert.equal((await her.get('/api/account')).email, null);
    await calm();
});

test('5(1)イ a session that somebody else has planted does not become hers', async () => {
    const child = await orphan(city, at.a.one);
    const her = anyone();
    her.cookie = `__Host-todoke=${'A'.repeat(43)}`;
    const { body: { token } } = await ask(her, '/registrations', { code: await letter(people.office, child) });
    await ask(her, '/registrations/finish', { token, ...person() });
    assert.notEqual(her.cookie, `__Host-todoke=${'A'.repeat(43)}`);
    assert.equal((await her.get('/api/children')).rows.length, 1);
    await calm();
});

test('5(1)イ typing errors are told as such and count as no guess; 30 unknown codes stop the guessing, a right one still works', async () => {
    const child = await orphan(city, at.a.one);
    const code = await letter(people.office, child);
    const look = (typed) => ask(anyone(), '/invitations/look', { code: typed });
    for (const typed of [code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' － ')} `, code.replace(/[A-Z0-9]/g, (c) => String.fromCodePoint(c.codePointAt(0) + 0xfee0))]) {
        assert.equal((await look(typed)).status, 200, typed);
    }
    for (const typed of [`${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}`, 'OOOO-1111-0000', '', '手紙', code.slice(1), `${code}2`, 'x'.repeat(40)]) {
        const answer = await look(typed);
        if (typed === '') assert.equal(answer.status, 400);
        else refused(answer, 422, 'code_mistyped');
    }
    const guess = (n) => { const body = `GUESS${String(n).replace(/[01]/g, (d) => 'XY'[d])}22222222`.slice(0, 11); return body + check(body); };
    for (let n = 0; n < 30; n++) refused(await look(guess(n)), 404, 'code_unknown');
    const stopped = await look(guess(31));
    refused(stopped, 429, 'too_many_codes');
    assert.ok(Number(stopped.headers['retry-after']) > 0 && Number(stopped.headers['retry-after']) <= 900);
    assert.equal((await look(code)).status, 200);
    await city.query(`update rate_limits set hits = 300 where name = 'codes'`);
    refused(await look(code), 429, 'too_many_codes');
    await calm();
});

test('5(1)イ many guesses in the whole city are written down', async () => {
    await city.query(`insert into rate_limits (name, key, hits) values ('codes of all', '\\x00', 999)`);
    const body = 'WATCHED2222';
    refused(await ask(anyone(), '/invitations/look', { code: body + check(body) }), 404, 'code_unknown');
    refused(await ask(anyone(), '/invitations/look', { code: body + check(body) }), 404, 'code_unknown');
    assert.equal((await city.one(`select count(*) as n from audit where action = 'codes_guessed'`)).n, 1);
    await calm();
});

test('5(1)イ an expired, a revoked code, and one of a child that has left tell nothing', async () => {
    const [late, gone, left] = [await orphan(city, at.a.one), await orphan(city, at.a.one), await orphan(city, at.a.one)];
    const codes = [];
    for (const child of [late, gone, left]) codes.push(await letter(people.office, child));
    await city.query(`update invitations set expires_at = now() where student_id = $1`, [late]);
    assert.equal((await people.office.post(`/api/schools/${at.a.id}/letters/revoke`, { student_id: gone })).revoked, 1);
    await city.query('update students set left_on = today() where id = $1', [left]);
    for (const code of codes) refused(await ask(anyone(), '/invitations/look', { code }), 404, 'code_unknown');
    await calm();
});

test('5(1)イ whether an address is known is not told; it gets a mail that helps', async () => {
    const known = await account(city, { children: [at.a.one.students[0]] });
    await city.query(`update accounts set email = 'known@example.jp' where id = $1`, [known]);
    const child = await orphan(city, at.a.one);
    const code = await letter(people.office, child);
    const shape = (body) => Object.keys(body).sort().join();
    const answers = [];
    for (const email of ['known@example.jp', 'unknown@example.jp']) answers.push(await ask(anyone(), '/registrations', { code, email }));
    assert.deepEqual(answers.map((answer) => [answer.status, shape(answer.body)]), Array(2).fill([201, 'by_mail,expires_at,token']));
    const mail = await mails.next('known@example.jp');
    assert.match(mail.text, /すでに登録されています/);
    assert.doesNotMatch(mail.subject + mail.text, /\d{6}/);
    for (let n = 0; n < 5; n++) refused(await ask(anyone(), '/registrations/confirm', { token: answers[0].body.token, mail_code: '000000' }), 422, 'mail_code_wrong');
    refused(await ask(anyone(), '/registrations/confirm', { token: answers[0].body.token, mail_code: '000000' }), 410, 'mail_code_over');
    await calm();
});

test('5(1)イ three mails an hour go to one address, whatever is asked for; six digits last 30 minutes', async () => {
    const child = await orphan(city, at.a.one);
    const code = await letter(people.office, child);
    const her = anyone();
    const { body: { token } } = await ask(her, '/registrations', { code, email: 'often@example.jp' });
    let last = await mails.next('often@example.jp');
    for (let n = 0; n < 4; n++) assert.equal((await ask(her, '/registrations/resend', { token })).status, 204);
    for (let n = 0; n < 2; n++) last = await mails.next('often@example.jp');
    await assert.rejects(mails.next('often@example.jp', 1500));
    await city.query(`update verifications set code_until = now() - interval '1 s' where email = 'often@example.jp'`);
    refused(await ask(her, '/registrations/confirm', { token, mail_code: digitsOf(last) }), 410, 'mail_code_over');
    await city.query(`update verifications set code_until = now() + interval '1 min' where email = 'often@example.jp'`);
    assert.equal((await ask(her, '/registrations/confirm', { token, mail_code: digitsOf(last) })).status, 204);
    await calm();
});

test('5(1)イ bad addresses, names and passwords are refused by field, and nothing is kept', async () => {
    const child = await orphan(city, at.a.one);
    const code = await letter(people.office, child);
    const bad = ['a@b', 'a b@example.jp', 'a@example.jp\r\nBcc: x@example.jp', 'а@example.jp', 'a@exаmple.jp', '<a@example.jp>', 'a@example.jp,b@example.jp', `${'a'.repeat(65)}@example.jp`, `a@${'b'.repeat(250)}.jp`];
    for (const email of bad) assert.ok([400, 422].includes((await ask(anyone(), '/registrations', { code, email })).status), email);
    assert.equal((await city.one(`select count(*) as n from verifications where email like '%bcc%' or invitation_id = (select id from invitations where student_id = $1)`, [child])).n, 0);
    const { body: { token } } = await ask(anyone(), '/registrations', { code });
    const finish = (plus) => ask(anyone(), '/registrations/finish', { token, ...person(plus) });
    for (const plus of [{ family_name: '花😀' }, { family_name: '\u202e山田' }, { given_name: '花\u200b子' }, { given_name: '1234' }, { family_name: '<b>' }, { family_name: ' ' },
        { family_name: 'あ'.repeat(41) }, { family_kana: '山田' }, { given_kana: 'hanako' }, { given_kana: '・' }, { relation: 'teacher' }, { password: 'short12' },
        { password: 'x'.repeat(201) }, { family_name: '山\u0000田' }, { language: 'xx' }, { extra: 1 }]) {
        const answer = await finish(plus);
        assert.equal(answer.status, 400, JSON.stringify(plus));
        assert.doesNotMatch(JSON.stringify(answer.body), /花😀|short12/);
    }
    for (const password of ['password', 'Password1!', 'sakura2015', 'amagasaki2026', '12345678', 'aaaaaaaa', 'abcabcabc', 'qwertyuiop', 'さくらさくらさくら', '佐藤花子佐藤花子', 'todoke-demo', '1qaz2wsx3edc'])
        refused(await finish({ password }), 422, 'weak_password');
    assert.equal((await finish({ family_name: 'Nguyễn', given_name: "O'Neil-Ánh", family_kana: 'ｸﾞｴﾝ', given_kana: 'アイン', password: 'ふくろうが三羽とんだ' })).status, 201);
    refused(await ask(anyone(), '/registrations/finish', { token: 'x'.repeat(64), ...person() }), 410, 'registration_over');
    await calm();
});

test('5(1)エ a guardian invites another one; there is room for as many as the school says; relations only are seen', async () => {
    const child = await orphan(city, at.a.one);
    const first = await join(city, people.office, child);
    await city.query('update schools set guardians_max = 2 where id = $1', [at.a.id]);
    const key = randomUUID();
    const made = await first.post(`/api/children/${child}/invitations`, { email: 'father@example.jp' }, key);
    assert.deepEqual(await first.post(`/api/children/${child}/invitations`, { email: 'father@example.jp' }, key), made);
    assert.ok((await mails.next('father@example.jp')).text.includes(made.code));
    assert.deepEqual((await first.get(`/api/children/${child}/invitations`)).rows.map((row) => row.code), [made.code]);
    refused(await first.request('POST', `/api/children/${child}/invitations`, { body: {}, key: randomUUID() }), 409, 'no_room');
    const second = await join(city, null, child, { code: made.code, relation: 'father', family_name: '鈴木' });
    const [hers] = (await first.get('/api/account/children')).rows;
    assert.deepEqual([hers.guardians, hers.others, hers.may_invite], [2, ['father'], false]);
    assert.doesNotMatch(JSON.stringify(hers), /鈴木|example/);
    const third = await letter(people.office, child, { letter: 2, who: 'all' });
    refused(await ask(anyone(), '/registrations', { code: third }), 409, 'no_room');
    assert.equal((await ask(anyone(), '/invitations/look', { code: third })).body.room, false);
    await city.query('update schools set guardians_max = 4 where id = $1', [at.a.id]);
    // What she may do with an invitation of somebody else: nothing.
    const his = await second.post(`/api/children/${child}/invitations`, {});
    refused(await first.request('DELETE', `/api/invitations/${his.id}`), 404);
    assert.equal((await second.request('DELETE', `/api/invitations/${his.id}`)).status, 204);
    assert.equal((await second.request('DELETE', `/api/invitations/${his.id}`)).status, 204);
    refused(await ask(anyone(), '/invitations/look', { code: his.code }), 404, 'code_unknown');
    await calm();
});

test('5(1)エ one account for several children at several schools: another code, one step; again says so', async () => {
    const child = await orphan(city, at.a.one);
    const far = await orphan(city, at.b.one);
    const her = await join(city, people.office, child);
    const code = await letter(people.far_office, far);
    const added = await her.post('/api/account/children', { code, relation: 'mother' });
    assert.deepEqual([added.student_id, added.already], [far, false]);
    assert.deepEqual((await her.get('/api/children')).rows.map((row) => row.student_id).sort(), [child, far].sort());
    assert.deepEqual((await her.post('/api/account/children', { code, relation: 'mother' })).already, true);
    const unused = await letter(people.far_office, far, { letter: 2, who: 'all' });
    assert.equal((await her.post('/api/account/children', { code: unused, relation: 'mother' })).already, true);
    assert.equal((await ask(anyone(), '/invitations/look', { code: unused })).status, 200);
    refused(await her.request('POST', '/api/account/children', { body: { code: 'AAAA-AAAA-AAAB', relation: 'mother' } }), 422, 'code_mistyped');
    await calm();
});

test('5(1)エ who is blocked does not come in by a new code, and the school\'s audit says that it was tried', async () => {
    const child = await orphan(city, at.a.one);
    const her = await join(city, people.office, child);
    await city.query(`update guardianships set rights = 'blocked' where student_id = $1`, [child]);
    const code = await letter(people.office, child, { letter: 2, who: 'all' });
    refused(await her.request('POST', '/api/account/children', { body: { code, relation: 'mother' } }), 404, 'code_unknown');
    assert.equal((await city.one(`select count(*) as n from audit where action = 'code_of_blocked_guardian' and school_id = $1 and object_id = $2`, [at.a.id, child])).n, 1);
    assert.deepEqual((await her.get('/api/account/children')).rows, []);
    await calm();
});

test('no code, address, name or token is in a log', () => {
    assert.doesNotMatch(city.log(), /example\.jp|佐藤|[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/);
});
