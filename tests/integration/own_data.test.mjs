// What is stored about somebody: shown, given as a file, erased on leaving. What was agreed to. The board's erasure of graduates.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { startCity, binary, live, serverEnv, sleep } from '../support/city.mjs';
import { mailbox } from '../support/mailbox.mjs';
import { absence, account, cast, day } from '../support/people.mjs';
import { leftovers } from '../support/leftovers.mjs';

const city = await startCity();
const people = await cast(city);
const mails = mailbox(city);
const { at } = people;
const [child, sibling, third] = at.a.one.students;
const hash = (await city.one('select password_hash from accounts where password_hash is not null limit 1')).password_hash;
const PASSWORD = 'todoke-demo';

let serial = 0;
/** A guardian with a password, an address and more that is to be erased. */
async function guardian(children, email = `leaver-${++serial}@example.jp`) {
    const id = await account(city, { children });
    await city.query(`update accounts set password_hash = $2, email = $3, family_name = '消江', given_name = $4, given_kana = 'のこり' || id,
                      consent_version = '2026-11', consented_at = now() where id = $1`, [id, hash, email, `残子${id}号`]);
    return Object.assign(await city.as(id), { email, given_name: `残子${id}号` });
}
const all = async (text, ...values) => city.query(text, values);
test('別紙2 the terms are there for everybody, in plain words, by version', async () => {
    const terms = await city.client().get('/api/terms');
    assert.equal(terms.version, '2026-11');
    assert.match(terms.changes, /内容は変わりません/);
    assert.match(terms.body, /お子さんの担任.*\n/);
    assert.doesNotMatch(terms.body, /お子さま|サインイン|利用者ID/);
    assert.match(terms.body, /^# .*\n/);
    assert.match(terms.body, /35日/);
});

test('別紙2 a new version asks each guardian again, once; what was agreed to is kept', async () => {
    const person = await guardian([child]);
    const due = async (who) => (await who.get('/api/session')).consent_due;
    assert.equal(await due(person), null);
    assert.equal(await due(people.guardian), '2026-11', 'nobody asked yet');
    assert.equal(await due(people.homeroom), null, 'staff is not asked');
    const body = { version: '2026-12', changes: '保存の年数が変わりました。', body: '# 新しい\n本文' };
    for (const version of ['2026', 'x', '2026-9', '2026-04', '2026-11', '２０２６-10', '2026-10-', '----------']) {
        const answer = await people.board.request('POST', '/api/terms', { body: { ...body, version }, key: randomUUID() });
        assert.ok([400, 409].includes(answer.status), `${version}: ${answer.status}`);
    }
    assert.equal((await people.administrator.request('POST', '/api/terms', { body, key: randomUUID() })).status, 403);
    const key = randomUUID();
    const first = await people.board.post('/api/terms', body, key);
    assert.deepEqual(await people.board.post('/api/terms', body, key), first, 'a retry is the same');
    assert.equal((await people.board.request('POST', '/api/terms', { body, key: randomUUID() })).body.type, '/problems/old_version');
    assert.equal((await city.client().get('/api/terms')).body, body.body);
    assert.equal(await due(person), '2026-12');
    assert.equal((await person.request('POST', '/api/consent', { body: { version: '2026-11' } })).body.type, '/problems/terms_changed');
    const given = await person.post('/api/consent', { version: '2026-12' });
    assert.deepEqual(await person.post('/api/consent', { version: '2026-12' }), given);
    assert.equal(await due(person), null);
    const own = await person.get('/api/own-data');
    assert.deepEqual(own.consents.map((row) => row.version), ['2026-12', '2026-11']);
    await assert.rejects(city.query(`delete from terms`), { code: '42501' });
});

test('5(1) own data: the account, children, sessions, reports, consents, mails; what others did, in numbers', async () => {
    const person = await guardian([child, sibling]);
    const { id } = await absence(city, child, { first: 7, by: person.account, note: '自分で書いた文' });
    await absence(city, sibling, { first: 7, by: people.guardian.account, note: 'ほかの人の文' });
    await city.query(`insert into audit (account_id, action, object_kind, object_id, school_id) values ($1, 'link_changed', 'account', $2, $3)`, [people.office.account, person.account, at.a.id]);
    await city.query(`select mail_enqueue('x@example.jp', '件名', '本文', $1::bigint)`, [person.account]);
    // What was reported is told by mail too, when the worker comes to it.
    while ((await city.one('select count(*)::int as n from tellings')).n > 0) await sleep(20);
    const own = await person.get('/api/own-data');
    assert.equal(own.account.email, person.email);
    assert.equal(own.account.family_name, '消江');
    assert.deepEqual(own.children.map((row) => row.student_id), [child, sibling]);
    assert.deepEqual(own.reports.map((row) => [row.student_id, row.action, row.note]), [[child, 'reported', '自分で書いた文']]);
    assert.deepEqual(own.sessions.map((row) => row.current), [true]);
    assert.deepEqual(own.audit.map((row) => [row.action, row.rows]), [['link_changed', 1]]);
    assert.equal(own.mails.length, (await city.one('select count(*)::int as n from outbox where account_id = $1', [person.account])).n);
    assert.ok(own.mails.length >= 1 && own.mails.every((row) => Object.keys(row).sort().join() === 'at,state'));
    assert.deepEqual(own.leaving, { may: true, why: null, alone: [] });
    assert.ok(id);
    const text = JSON.stringify(own);
    assert.doesNotMatch(text, /ほかの人の文|argon2|password_hash/);
    assert.doesNotMatch(text, new RegExp(`"account_id":${people.office.account}\\b`));

    const file = await person.request('GET', '/api/own-data/file');
    assert.match(file.headers['content-disposition'], /^attachment; .*filename\*=UTF-8''todoke-own-data\.json$/);
    assert.equal(file.headers['content-type'], 'application/json');
    const { system, made_at, about_this_file, ...rest } = JSON.parse(file.raw.toString());
    assert.ok(system && made_at && about_this_file);
    assert.deepEqual(Object.keys(rest).sort(), Object.keys(own).sort());
    assert.deepEqual(rest.reports, own.reports);
});

test('5(1)エ who is kept from a child by its link learns nothing of the child’s school from their own data', async () => {
    const person = await guardian([child]);
    await city.query(`update guardianships set rights = 'blocked' where account_id = $1`, [person.account]);
    const own = await person.get('/api/own-data');
    assert.equal(own.children.length, 1);
    const { rights, relation, ...rest } = own.children[0];
    assert.deepEqual([rights, relation], ['blocked', 'mother']);
    for (const name of ['student_id', 'school_name', 'grade', 'class_name', 'number', 'family_name', 'given_name']) assert.equal(rest[name], null, name);
    assert.deepEqual(own.reports, []);
});

test('別紙2 14条 leaving: the password again, then nothing of the person is left but a number; history stays', async () => {
    const person = await guardian([child]);
    const second = await city.as(person.account);
    await city.query(`insert into telling_choices (account_id, topic, push, mail) values ($1, 'reports', false, 'never')`, [person.account]);
    const { id } = await absence(city, child, { first: 12, by: person.account, note: '熱があります' });
    await city.query(`insert into idempotency (account_id, key, fingerprint, answer) values ($1, gen_random_uuid(), sha256('x'), '{}')`, [person.account]);
    await city.query(`insert into passkeys (account_id, credential_id, algorithm, public_key, backup_eligible, backed_up, aaguid, name) values ($1, sha256($2), -7, 'x', false, false, decode(repeat('00', 16), 'hex'), $3)`, [person.account, `${person.account}`, `${person.given_name}の電話`]);
    await city.query(`insert into recovery_codes (account_id, code_mac) values ($1, sha256('a')), ($1, sha256('b'))`, [person.account]);
    await city.query(`insert into verifications (purpose, account_id, email) values ('email', $1, 'another-leaver@example.jp')`, [person.account]);
    await city.query(`insert into email_changes (account_id, old_email, code_sha256) values ($1, 'old-leaver@example.jp', sha256('c'))`, [person.account]);
    await city.query(`insert into account_identities (provider, subject, account_id) values ('elsewhere', 'subject-' || $2::text, $1)`, [person.account, person.email]);
    await city.query(`insert into staff_invitations (school_id, role, family_name, given_name, family_kana, given_kana, email, code_sha256, made_by, expires_at, used_at, used_by)
                      values ($2, 'teacher', '消江', $3, 'きえ', 'のこ', $4, sha256('d'), $5, now(), now(), $1)`, [person.account, at.a.id, person.given_name, person.email, people.office.account]);
    const login = (await city.one('select login_id from accounts where id = $1', [person.account])).login_id;
    await city.query(`insert into staff_invitations (school_id, role, family_name, given_name, family_kana, given_kana, email, code_sha256, made_by, expires_at)
                      values ($1, 'teacher', '消江', $2, 'きえ', 'のこ', $3, sha256('e'), $4, now() + interval '1 day')`, [at.a.id, person.given_name, person.email, people.office.account]);
    await city.query(`insert into rate_limits (name, key) values ('mails', mail_address_hash($1)), ('mails', mail_address_hash('old-leaver@example.jp'))`, [person.email]);
    await city.query(`insert into undeliverable (address_sha256, error) values (mail_address_hash('another-leaver@example.jp'), 'refused')`);
    await city.query(`insert into login_attempts (login_sha256, failures) values (sha256(convert_to($1, 'UTF8')), 1)`, [person.email]);
    await city.query(`insert into session_tokens_past (token_sha256, session_id) select sha256(convert_to('past ' || id, 'UTF8')), id from sessions where account_id = $1 limit 1`, [person.account]);
    await city.query(`select mail_enqueue('old-leaver@example.jp', '件名', '本文', not_before => now() + interval '1 day')`);
    await city.query(`update accounts set given_name = given_name || '改' where id = $1`, [person.account]);
    const words = [person.email, person.given_name, login, 'another-leaver@example.jp', 'old-leaver@example.jp'];
    assert.deepEqual(await leftovers(city, words), [
        'account_identities.subject', 'account_names.given_name', 'accounts.email', 'accounts.given_name', 'accounts.login_id', 'email_changes.old_email',
        'login_attempts.login_sha256', 'outbox.address', 'passkeys.name', 'rate_limits.key', 'staff_invitations.email',
        'staff_invitations.given_name', 'undeliverable.address_sha256', 'verifications.email',
    ], 'these are looked into');
    const wrong = await person.request('POST', '/api/own-data/erase', { body: { password: 'not this one' } });
    assert.equal(wrong.status, 403);
    assert.equal(wrong.body.type, '/problems/wrong_password');
    assert.equal((await person.get('/api/own-data')).account.family_name, '消江');
    const screen = await live(second);
    await screen.subscribe(`absences/student/${child}`);

    const certificate = await person.post('/api/own-data/erase', { password: PASSWORD });
    assert.deepEqual([certificate.kind, certificate.state], ['account', 'applied']);
    assert.deepEqual(certificate.counts, {
        accounts: 1, links: 1, sessions: 2, receipts: 1, mails: 1, passkeys: 1, factors: 2, verifications: 2, identities: 1, staff_invitations: 2,
    });
    assert.equal(certificate.backups_until, await day(city, 35));
    assert.equal((await screen.closed).code, 4401, 'open sockets end');
    for (const who of [person, second]) assert.equal((await who.request('GET', '/api/own-data')).status, 401);

    const { subject, text } = await mails.next(person.email);
    assert.match(subject, /退会/);
    assert.match(text, new RegExp(`証明書番号：${certificate.id}\\b`));
    // It is settled a moment after it was sent.
    for (let i = 0; i < 100 && (await city.one(`select count(*)::int as n from outbox where state = 'waiting' and address = $1`, [person.email])).n > 0; i += 1) await sleep(50);
    await city.query('delete from demo_mails'); // the demonstration's own page keeps what it sent
    assert.deepEqual(await leftovers(city, [...words, `のこり${person.account}`]), []);
    assert.equal((await city.client().request('POST', '/api/session', { body: { login_id: person.email, password: PASSWORD } })).status, 401);
    const row = await city.one('select * from accounts where id = $1', [person.account]);
    assert.deepEqual([row.family_name, row.given_name, row.email, row.password_hash], ['退会した', '利用者', null, null]);
    const report = await city.one('select reported_by, note from absences where id = $1', [id]);
    assert.deepEqual([report.reported_by, report.note], [person.account, '熱があります'], 'the report stays with the child');
    assert.equal((await people.homeroom.get(`/api/absences/${id}`)).note, '熱があります');

    const kept = await people.board.get(`/api/erasures/${certificate.id}`);
    assert.deepEqual(kept, { ...certificate });
    await assert.rejects(city.query('delete from erasures where id = $1', [certificate.id]), { code: '42501' });
    await assert.rejects(city.query(`update erasures set counts = '{}' where id = $1`, [certificate.id]), { code: '42501' });
    const audit = (await people.board.get(`/api/audit?action=account_erased&account_id=${person.account}`)).rows;
    assert.deepEqual(audit.map((each) => [each.actor_kind, each.actor_name]), [['gone', '退会した 利用者']]);
});

test('別紙2 14条 mail that still waits for somebody who leaves is not sent; addresses that were given up are forgotten', async () => {
    const person = await guardian([child]);
    await city.query(`insert into undeliverable (address_sha256, error) values (mail_address_hash($1), 'refused')`, [person.email]);
    await city.query(`select mail_enqueue($1, '連絡', 'あした', $2::bigint, not_before => now() + interval '1 day')`, [person.email, person.account]);
    const { counts } = await person.post('/api/own-data/erase', { password: PASSWORD });
    assert.equal(counts.mails, 1);
    const waiting = await all('select state, address, body from outbox where account_id = $1', person.account);
    assert.deepEqual(waiting, [{ state: 'expired', address: null, body: null }]);
    assert.deepEqual(await all('select from undeliverable where address_sha256 = mail_address_hash($1)', person.email), []);
});

test('staff does not leave by itself; without a password there is another way; guessing locks', async () => {
    const body = { password: PASSWORD };
    const staff = await people.homeroom.request('POST', '/api/own-data/erase', { body });
    assert.equal(staff.body.type, '/problems/still_staff');
    const stale = await city.as(await account(city, { children: [third] }));
    await city.query(`update sessions set proved_at = now() - interval '16 minutes' where account_id = $1`, [stale.account]);
    assert.equal((await stale.request('POST', '/api/own-data/erase', { body: {} })).body.type, '/problems/prove_again');
    const fresh = await city.as(stale.account);
    assert.deepEqual((await fresh.post('/api/own-data/erase', {})).counts.accounts, 1, 'a session that was just opened with a passkey');
    const person = await guardian([third]);
    assert.deepEqual((await person.get('/api/own-data')).leaving.may, true);
    assert.equal((await person.request('POST', '/api/own-data/erase', { body: {} })).status, 403, 'who has one gives it');
    for (let i = 0; i < 10; i++) assert.equal((await person.request('POST', '/api/own-data/erase', { body: { password: 'x' } })).status, 403);
    const locked = await person.request('POST', '/api/own-data/erase', { body });
    assert.equal(locked.status, 429);
    assert.ok(Number(locked.headers['retry-after']) > 60);
    assert.equal((await person.get('/api/own-data')).account.family_name, '消江');
});

test('別紙2 14条 graduates: prepared, shown in numbers, erased after it was seen, with a certificate', async () => {
    const [one, two, three, four] = at.b.one.students;
    const only = await account(city, { children: [one] });
    const both = await account(city, { children: [two, four] });
    const teaches = await account(city, { children: [one], roles: [{ role: 'teacher', school_id: at.b.id }] });
    await city.query(`update accounts set family_name = '卒田' where id = any ($1)`, [[only, both, teaches]]);
    // The seed's own guardians of these children are not counted on: they are sent away.
    await city.query('delete from guardianships where student_id = any ($1) and account_id <> all ($2)', [[one, two, three, four], [only, both, teaches]]);
    for (const id of [one, two, three]) await absence(city, id, { first: 1, by: only, note: `古い文 ${id}` });
    await city.query(`update students set left_on = today() - interval '6 years' where id = any ($1)`, [[one, two, three]]);
    await city.query(`update students set family_name = '卒間', given_name = '卒間' || id || '番', code = 'gone-' || id where id = any ($1)`, [[one, two, three]]);
    await city.query(`update students set given_kana = 'けされるのぞみ' where id = any ($1)`, [[one, two]]);
    const plan = await city.one(`insert into roster_imports (school_id, kind, mode, school_year, made_by) values ($1, 'csv', 'bulk', school_year(), $2) returning id`, [at.b.id, people.board.account]);
    await city.query(`insert into roster_changes (import_id, object, object_id, school_id, kinds, after)
                      select $1, 'student', s.id, s.school_id, '{name}', to_jsonb(s) from students s where s.id = $2`, [plan.id, one]);
    await city.query(`insert into roster_rows (import_id, nth, school_id, code, family_name, given_name) values ($1, 1, $2, 'gone-' || $3::bigint, '卒間', '卒間' || $3::bigint || '番')`, [plan.id, at.b.id, one]);
    const reports = async (ids) => (await city.one('select count(*)::int as n from absences where student_id = any ($1)', [ids])).n;
    const before = await reports([one, two]);

    for (const who of ['administrator', 'office', 'guardian', 'operator']) assert.equal((await people[who].request('POST', '/api/erasures', { body: {}, key: randomUUID() })).status, 403);
    const key = randomUUID();
    const { id } = await people.board.post('/api/erasures', { school_id: at.b.id }, key);
    assert.equal((await people.board.post('/api/erasures', { school_id: at.b.id }, key)).id, id, 'a retry makes no second one');
    const prepared = await people.board.get(`/api/erasures/${id}`);
    assert.deepEqual([prepared.state, prepared.years, prepared.left, prepared.counts.students, prepared.counts.accounts], ['prepared', 5, 3, 3, 1]);
    assert.deepEqual(prepared.schools.map((row) => [row.school_id, row.students]), [[at.b.id, 3]]);
    assert.equal(prepared.backups_until, null);
    assert.equal((await city.one('select count(*)::int as n from students where family_name = $1', ['卒間'])).n, 3, 'nothing is erased yet');

    // One has come back to school meanwhile.
    await city.query('update students set left_on = null where id = $1', [three]);
    const done = await people.board.post(`/api/erasures/${id}/apply`);
    assert.deepEqual(done, { id, left: 0 });
    const certificate = await people.board.get(`/api/erasures/${id}`);
    assert.equal(certificate.state, 'applied');
    assert.deepEqual([certificate.counts.students, certificate.counts.kept, certificate.counts.accounts, certificate.counts.absences], [2, 1, 1, before]);
    assert.equal(certificate.applied_by, '試験 花子');
    assert.equal(certificate.backups_until, await day(city, 35));
    assert.equal(await reports([one, two]), 0);
    assert.deepEqual(await leftovers(city, [`古い文 ${one}`, `古い文 ${two}`, `卒間${one}番`, `卒間${two}番`, `gone-${one}`, `gone-${two}`, 'けされるのぞみ']), []);
    const names = new Map((await all('select id, family_name from students where id = any ($1)', [one, two, three])).map((row) => [Number(row.id), row.family_name]));
    assert.deepEqual([one, two, three].map((student) => names.get(student)), ['卒業した', '卒業した', '卒間']);
    const guardians = await all('select id, family_name from accounts where id = any ($1) order by id', [only, both, teaches]);
    assert.deepEqual(guardians.map((row) => row.family_name), ['退会した', '卒田', '卒田'], 'a guardian goes with the last child; staff stays');
    assert.deepEqual(await people.board.post(`/api/erasures/${id}/apply`), { id, left: 0 }, 'again: the same');
    assert.equal((await people.board.request('POST', `/api/erasures/${id}/discard`)).body.type, '/problems/already_applied');
    const acts = (await people.board.get(`/api/audit?object_kind=erasure&object_id=${id}`)).rows.map((row) => row.action);
    assert.deepEqual(acts, ['erasure_applied', 'erasure_prepared']);
    assert.equal((await city.one(`select audit_verify() is null as whole from set_config('todoke.schools', '*', true)`)).whole, true);
});

test('別紙2 14条 a batch of many goes step by step, and can be given up before it begins', async () => {
    const many = (await city.query('select id from students where school_id = $1 and left_on is null order by id desc limit 250', [at.a.id])).map((row) => row.id);
    const spared = new Set(at.a.one.students.concat(at.a.two.students));
    const left = many.filter((id) => !spared.has(id));
    await city.query(`update students set left_on = today() - interval '20 years' where id = any ($1)`, [left]);
    const { id: first } = await people.board.post('/api/erasures', { years: 19 });
    await people.board.post(`/api/erasures/${first}/discard`);
    assert.deepEqual(await people.board.post(`/api/erasures/${first}/discard`), { id: first });
    assert.equal((await people.board.request('POST', `/api/erasures/${first}/apply`)).body.type, '/problems/discarded');
    const { id } = await people.board.post('/api/erasures', { years: 19 });
    assert.equal((await people.board.get(`/api/erasures/${id}`)).counts.students, left.length);
    const steps = [];
    do steps.push((await people.board.post(`/api/erasures/${id}/apply`)).left); while (steps.at(-1) > 0 && steps.length < 100);
    assert.deepEqual(steps, steps.map((_, i) => Math.max(0, left.length - 100 * (i + 1))));
    const certificate = await people.board.get(`/api/erasures/${id}`);
    assert.deepEqual([certificate.state, certificate.counts.students], ['applied', left.length]);
    const { rows } = await people.board.get('/api/erasures');
    assert.deepEqual(rows.slice(0, 2).map((row) => row.state), ['applied', 'discarded']);
    assert.ok(rows.every((row, i) => i === 0 || row.id < rows[i - 1].id));
});

const todoke = (...words) => promisify(execFile)(binary, words, { env: serverEnv() })
    .then(({ stdout }) => ({ code: 0, stdout }), ({ code, stdout, stderr }) => ({ code, stdout, stderr }));

test('別紙2 14条 a school that closes: numbers first, then everybody of it who is nowhere else; the certificate is printed', async () => {
    const db = await city.cluster.url('owner', city.database);
    const { code } = await city.one('select code from schools where id = $1', [at.b.id]);
    const [one, two] = (await all('select id from students where school_id = $1 and erased_at is null order by id desc limit 2', at.b.id)).map((row) => Number(row.id));
    const mother = await account(city, { children: [one] });
    const across = await account(city, { children: [two, child] });
    const staff = await account(city, { children: [one], roles: [{ role: 'teacher', school_id: at.b.id }] });
    const shared = await account(city, { roles: [{ role: 'teacher', school_id: at.b.id }, { role: 'teacher', school_id: at.a.id }] });
    for (const id of [mother, across, staff, shared]) await city.query(`update accounts set family_name = '閉校' || id, email = 'closing-' || id || '@example.jp' where id = $1`, [id]);
    await city.query(`update students set given_name = '閉子' || id, code = 'closing-' || id where id = any ($1)`, [[one, two]]);
    await absence(city, one, { first: 2, by: mother, note: `閉校の文 ${one}` });
    const words = [`閉校${mother}`, `閉校${staff}`, `closing-${mother}@example.jp`, `closing-${staff}@example.jp`, `閉子${one}`, `閉子${two}`, `closing-${one}`, `閉校の文 ${one}`];
    const students = (await city.one('select count(*)::int as n from students where school_id = $1 and erased_at is null', [at.b.id])).n;
    const elsewhere = async () => city.one(`select count(*)::int as children, (select count(*)::int from absences where school_id <> $1) as absences from students where school_id <> $1 and erased_at is null`, [at.b.id]);
    const before = await elsewhere();

    for (const words of [[], ['school'], ['school', code, '--confirm'], ['pupil', code]]) assert.equal((await todoke('erase', ...words, '--db', db)).code, 2, words.join(' '));
    assert.equal((await todoke('erase', 'school', 'none-such', '--db', db)).code, 1);
    assert.equal((await todoke('erase', 'school', code, '--confirm', 'another', '--db', db)).code, 1);
    const forecast = JSON.parse((await todoke('erase', 'school', code, '--db', db)).stdout);
    assert.deepEqual([forecast.kind, forecast.state, forecast.school_id, forecast.counts.students], ['school', 'prepared', at.b.id, students]);
    assert.deepEqual(await all(`select id from erasures where kind = 'school'`), [], 'only asked');
    assert.equal((await city.one('select family_name from accounts where id = $1', [mother])).family_name, `閉校${mother}`);

    const run = await todoke('erase', 'school', code, '--confirm', code, '--db', db);
    assert.equal(run.code, 0, run.stderr);
    const certificate = JSON.parse(run.stdout);
    assert.deepEqual([certificate.state, certificate.left, certificate.counts.students], ['applied', 0, students]);
    assert.equal(certificate.counts.accounts, forecast.counts.accounts, 'what was said is what was done');
    assert.equal(certificate.backups_until, await day(city, 35));
    assert.deepEqual(await leftovers(city, words), []);
    const names = (await all('select id, family_name from accounts where id = any ($1) order by id', [mother, across, staff, shared])).map((row) => row.family_name);
    assert.deepEqual(names, ['退会した', `閉校${across}`, '退会した', `閉校${shared}`], 'who is elsewhere too stays');
    assert.deepEqual(await elsewhere(), before, 'no other school lost anything');
    assert.deepEqual(await all('select role, school_id from roles_of($1)', shared), [{ role: 'teacher', school_id: at.a.id }]);
    assert.equal((await people.board.get(`/api/erasures/${certificate.id}`)).state, 'applied');
});

test('nothing of these people stands in the log', async () => {
    await sleep(100);
    assert.doesNotMatch(city.log(), /消江|残子|leaver-|古い文|todoke-demo/);
});
