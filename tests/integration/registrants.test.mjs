// The school's side: who is registered, letters for a class, rights of each link, and access that ends.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity, live } from '../support/city.mjs';
import { cast, day } from '../support/people.mjs';
import { join, letter, orphan, refused } from '../support/codes.mjs';

const city = await startCity();
const people = await cast(city);
const { at } = people;
const { office, administrator, board, homeroom, nurse, teacher, far_office } = people;
const school = `/api/schools/${at.a.id}`;
const today = await day(city);
const rights = (row, plus) => ({ version: row.version, relation: row.relation, rights: row.rights, valid_from: row.valid_from, valid_to: row.valid_to ?? undefined, ...plus });
const guardians = async (child) => (await office.get(`/api/students/${child}/guardians`)).rows;

test('5(1)オ letters for a class: only those without a guardian, once; printed again while open; a retry makes none', async () => {
    const children = [await orphan(city, at.a.two), await orphan(city, at.a.two)];
    const key = randomUUID();
    const ask = { class_id: at.a.two.id };
    const first = await office.post(`${school}/letters`, ask, key);
    assert.deepEqual(first, { issued: 2, revoked: 0, open: 2 });
    assert.deepEqual(await office.post(`${school}/letters`, ask, key), first);
    assert.deepEqual(await administrator.post(`${school}/letters`, ask), { issued: 0, revoked: 0, open: 2 });
    refused(await office.request('POST', `${school}/letters`, { body: { ...ask, again: true }, key }), 422, 'key_reused');
    const list = async () => (await office.post(`${school}/letters/list`, ask)).rows;
    const printed = await list();
    assert.deepEqual(printed.map((row) => row.student_id), children);
    assert.ok(printed.every((row) => row.school_phone && row.class_id === at.a.two.id && row.guardians === 0 && row.number > 0));
    assert.deepEqual((await list()).map((row) => row.code), printed.map((row) => row.code));
    const [again] = await Promise.all([1, 2, 3].map(() => office.post(`${school}/letters`, { ...ask, again: true, days: 10 })));
    assert.equal(again.issued, 2);
    const renewed = await list();
    assert.equal(new Set([...renewed, ...printed].map((row) => row.code)).size, 4);
    assert.equal((await city.one(`select count(*) as n from invitations where student_id = any ($1) and used_at is null and revoked_at is null`, [children])).n, 2);
    refused(await city.client().request('POST', '/api/invitations/look', { body: { code: printed[0].code } }), 404, 'code_unknown');
    assert.deepEqual(await office.post(`${school}/letters/revoke`, ask), { revoked: 2 });
    assert.deepEqual(await list(), []);
    const audit = await city.query(`select action, detail from audit where school_id = $1 and action like 'letters%' order by id`, [at.a.id]);
    assert.ok(audit.length >= 8);
    assert.doesNotMatch(JSON.stringify(audit), /[2-9A-Z]{4}-[2-9A-Z]{4}/);
    refused(await office.request('POST', `${school}/letters`, { body: { class_id: at.b.one.id }, key: randomUUID() }), 404);
    for (const who of [nurse, far_office]) refused(await who.request('POST', `${school}/letters`, { body: {}, key: randomUUID() }), 404);
    for (const bad of [{ letter: 5 }, { days: 366 }, { who: 'everybody' }]) assert.equal((await office.request('POST', `${school}/letters`, { body: bad, key: randomUUID() })).status, 400);
});

test('5(1)オ numbers per class, search by kana, by state; an address is nobody\'s to see', async () => {
    const alone = await orphan(city, at.a.one);
    const code = await letter(office, alone);
    assert.ok(code);
    const rows = (await office.get(`${school}/registrants`)).rows;
    const mine = rows.find((row) => row.class_id === at.a.one.id);
    assert.equal(mine.children, mine.registered + mine.open_letters + mine.no_letter);
    assert.equal(mine.open_letters, 1);
    assert.deepEqual((await homeroom.get(`${school}/registrants`)).rows.map((row) => row.class_id), [at.a.one.id]);
    for (const who of [nurse, teacher, far_office]) refused(await who.request('GET', `${school}/registrants`), 404);
    const find = async (who, body) => (await who.post(`${school}/registrants/search`, body)).rows;
    assert.deepEqual((await find(office, { class_id: at.a.one.id, state: 'missing' })).map((row) => [row.student_id, row.letter, row.guardians]), [[alone, 'open', []]]);
    assert.ok((await find(office, { q: 'ミナシ' })).some((row) => row.student_id === alone));
    assert.deepEqual(await find(office, { q: 'ゑゑゑ' }), []);
    assert.ok((await find(homeroom, {})).every((row) => row.class_id === at.a.one.id));
    refused(await homeroom.request('POST', `${school}/registrants/search`, { body: { class_id: at.a.two.id } }), 404);
    const child = at.a.one.students[0];
    await city.query(`update accounts set email = 'secret.name@example.jp' where id = $1`, [people.guardian.account]);
    await city.query(`insert into undeliverable (address_sha256, error) values (mail_address_hash('secret.name@example.jp'), '550')`);
    const [found] = (await find(office, { class_id: at.a.one.id, state: 'mail_problem' }));
    assert.equal(found.student_id, child);
    const her = found.guardians.find((each) => each.account_id === people.guardian.account);
    assert.equal(her.mail, 'problem');
    assert.equal((await office.get(`${school}/registrants`)).rows.find((row) => row.class_id === at.a.one.id).mail_problems, 2);
    const one = (await guardians(child)).find((row) => row.account_id === people.guardian.account);
    assert.deepEqual([one.email_masked, one.mail, one.rights, one.version, one.is_staff], ['s…@example.jp', 'problem', 'report', 1, false]);
    assert.doesNotMatch(JSON.stringify([rows, found, one]), /secret/);
    const list = async (who, body) => (await who.post(`${school}/registrants/list`, body)).rows;
    const listed = await list(office, { class_id: at.a.one.id });
    assert.deepEqual(listed.filter((row) => row.student_id === alone).map((row) => [row.state, row.guardian_name]), [['missing', null]]);
    assert.equal(listed.filter((row) => row.student_id === child && row.state === 'registered').length, found.guardians.length);
    const ids = (rows) => [...new Set(rows.map((row) => row.student_id))];
    for (const body of [{ state: 'missing' }, { state: 'registered', class_id: at.a.one.id }, { state: 'mail_problem' }, { state: 'never_signed_in' }, { q: 'みな' }, { q: 'ミナ', state: 'registered' }, { class_id: at.a.two.id }])
        assert.deepEqual(ids(await list(office, body)), ids(await find(office, body)), `the file has what the list shows: ${JSON.stringify(body)}`);
    assert.equal(ids(await list(office, { state: 'mail_problem', class_id: at.a.one.id })).length, 2);
    refused(await homeroom.request('POST', `${school}/registrants/list`, { body: { class_id: at.a.two.id } }), 404);
    assert.equal((await office.request('GET', `${school}/registrants/list`)).status, 405, 'what is typed stands in no address');
    const file = await office.request('POST', `${school}/registrants/list?format=csv`, { body: { class_id: at.a.one.id } });
    assert.equal(file.status, 200);
    assert.match(file.raw.toString(), /学年,学級,出席番号,児童生徒,よみがな,登録,保護者,続柄,権限,最終ログイン,メール,連絡が届かない理由\r\n/);
    assert.match(file.raw.toString(), /未登録/);
    assert.doesNotMatch(file.raw.toString(), /secret|example/);
    const before = (await city.one(`select count(*) as n from audit where account_id = $1`, [board.account])).n;
    await find(board, { q: 'し' });
    await board.get(`/api/students/${child}/guardians`);
    assert.equal((await city.one(`select count(*) as n from audit where account_id = $1`, [board.account])).n, before + 2);
});

test('5(1)エ MEASURES 12: rights for each link: what a change takes away ends within 5 seconds, open sockets too; every version is kept', async () => {
    const child = await orphan(city, at.a.one);
    const her = await join(city, office, child);
    const other = at.a.one.students[1];
    await city.query(`insert into guardianships (account_id, student_id, school_id, relation) values ($1, $2, $3, 'mother')`, [her.account, other, at.a.id]);
    const path = `/api/students/${child}/guardians/${her.account}`;
    const screen = await live(her);
    assert.ok(Array.isArray(await screen.subscribe(`absences/student/${child}`)));
    const put = (row, plus, who = office) => who.request('PUT', path, { body: rights(row, plus) });
    const report = () => her.request('POST', '/api/absences', { key: randomUUID(), body: { student_id: child, first_day: today, kind: 'absent' } });
    let [row] = await guardians(child);
    const read = await put(row, { rights: 'read' });
    assert.deepEqual([read.status, read.body.version], [200, 2], JSON.stringify(read.body));
    refused(await report(), 404);
    assert.equal((await her.get('/api/children')).rows.length, 2);
    refused(await put(row, { rights: 'report' }), 409, 'stale_version');
    [row] = await guardians(child);
    assert.equal((await put(row, { rights: 'contact' })).status, 200);
    await screen.until(() => screen.frames.some((frame) => frame.t === 'gone' && frame.topic === `absences/student/${child}`), 5000, 'the topic to be gone');
    assert.deepEqual((await her.get('/api/children')).rows.map((each) => each.student_id), [other]);
    assert.deepEqual((await her.get('/api/account/children')).rows.filter((each) => each.student_id === child).map((each) => [each.rights, each.may_invite]), [['contact', false]]);
    [row] = await guardians(child);
    assert.equal((await put(row, { rights: 'blocked' }, administrator)).status, 200);
    assert.deepEqual((await her.get('/api/account/children')).rows.map((each) => each.student_id), [other]);
    [row] = await guardians(child);
    assert.equal((await put(row, { rights: 'report', valid_to: today })).status, 200);
    assert.equal((await put({ ...row, version: row.version + 1 }, { valid_from: '2026-12-01', valid_to: '2026-11-01' })).status, 400);
    assert.equal((await put({ ...row, version: row.version + 1 }, { rights: 'owner' })).status, 400);
    await city.query('update guardianships set valid_from = today() - 3, valid_to = today() - 1 where account_id = $1 and student_id = $2', [her.account, child]);
    assert.deepEqual((await her.get('/api/children')).rows.map((each) => each.student_id), [other]);
    for (const who of [nurse, far_office]) refused(await put(row, {}, who), 404);
    refused(await homeroom.request('PUT', path, { body: rights(row) }), 403);
    [row] = await guardians(child);
    refused(await office.request('DELETE', `${path}?version=1`), 409, 'stale_version');
    assert.equal((await office.request('DELETE', `${path}?version=${row.version}`)).status, 204);
    refused(await office.request('DELETE', `${path}?version=${row.version}`), 404);
    const versions = (await office.get(`/api/students/${child}/guardians/versions`)).rows;
    assert.deepEqual(versions.map((each) => `${each.version} ${each.action} ${each.made_by} ${each.rights}`),
        ['1 made guardian report', '2 changed school read', '3 changed school contact', '4 changed school blocked', '5 changed school report', '6 changed roster report', '7 removed school report']);
    await assert.rejects(city.query('delete from guardianship_versions'), /append-only/);
    assert.equal((await city.one(`select count(*) as n from audit where school_id = $1 and action in ('guardian_rights_changed', 'guardian_removed') and object_id = $2`, [at.a.id, child])).n, 5);
    screen.close();
});

test('5(1)カ a guardian\'s name is put right by the office: by version, with its history, in the audit without names; staff\'s is not', async () => {
    const child = await orphan(city, at.a.one);
    const her = await join(city, office, child);
    const path = `/api/students/${child}/guardians/${her.account}/names`;
    const names = { family_name: '髙橋', given_name: '𠮷乃', family_kana: 'タカハシ', given_kana: 'よしの' };
    const [before] = await guardians(child);
    const put = (version, plus = {}, who = office) => who.request('PUT', path, { body: { version, ...names, ...plus } });
    for (const bad of [{ family_name: '髙橋1' }, { given_kana: 'yoshino' }, { given_name: undefined }, { family_name: ' ' }]) assert.equal((await put(1, bad)).status, 400, JSON.stringify(bad));
    refused(await put(2), 409, 'stale_version');
    const done = await put(before.names_version);
    assert.deepEqual([done.status, done.body.version], [200, 2], JSON.stringify(done.body));
    refused(await put(1), 409, 'stale_version');
    const [row] = await guardians(child);
    assert.deepEqual([row.family_name, row.given_name, row.family_kana, row.names_version, row.version], ['髙橋', '𠮷乃', 'たかはし', 2, before.version]);
    await her.put('/api/account/names', { ...names, family_name: '佐々木', family_kana: 'ささき' });
    assert.equal((await put(3, { family_name: '佐佐木', family_kana: 'ささき' }, board)).body.version, 4);
    const renamed = (await office.get(`/api/students/${child}/guardians/versions`)).rows.filter((each) => each.action === 'renamed');
    assert.deepEqual(renamed.map((each) => [each.version, each.made_by, each.former.family_name, each.family_name]),
        [[1, 'school', before.family_name, '髙橋'], [2, 'guardian', '髙橋', '佐々木'], [3, 'board', '佐々木', '佐佐木']]);
    assert.equal(renamed[0].former.given_kana, before.given_kana);
    for (const who of [nurse, far_office]) refused(await put(4, {}, who), 404);
    refused(await homeroom.request('PUT', path, { body: { version: 4, ...names } }), 403);
    refused(await her.request('PUT', path, { body: { version: 4, ...names } }), 403);
    const audit = await city.query(`select account_id, detail from audit where action = 'guardian_renamed' and object_id = $1 order by id`, [child]);
    assert.deepEqual(audit.map((each) => each.account_id), [office.account, board.account]);
    assert.doesNotMatch(JSON.stringify(audit), /髙橋|木/);
    const own = (await her.get('/api/own-data')).account;
    assert.deepEqual(own.former_names.map((each) => each.family_name), [before.family_name, '髙橋', '佐々木']);
    await assert.rejects(city.query(`update account_names set family_name = 'x'`), /append-only/);
    // Before the link: not this school's to know.
    const sibling = await orphan(city, at.b.one);
    await city.query(`insert into guardianships (account_id, student_id, school_id, relation) values ($1, $2, $3, 'mother')`, [her.account, sibling, at.b.id]);
    assert.deepEqual((await far_office.get(`/api/students/${sibling}/guardians/versions`)).rows.map((each) => each.action), ['made']);
    await city.query(`insert into staff_roles (account_id, school_id, role) values ($1, $2, 'teacher')`, [her.account, at.b.id]);
    refused(await put(4), 409, 'is_staff');
});

test('5(1)カ a child that moves to the junior high school takes its guardians along: no second registration', async () => {
    const child = await orphan(city, at.a.one);
    const her = await join(city, office, child);
    const open = await letter(office, child, { letter: 2, who: 'all' });
    await city.query('update students set school_id = $2, class_id = $3, number = 90 where id = $1', [child, at.b.id, at.b.one.id]);
    assert.deepEqual((await her.get('/api/children')).rows.map((row) => [row.student_id, row.school_id]), [[child, at.b.id]]);
    refused(await office.request('GET', `/api/students/${child}/guardians`), 404);
    assert.equal((await far_office.get(`/api/students/${child}/guardians`)).rows.length, 1);
    const [printed] = (await far_office.post(`/api/schools/${at.b.id}/letters/list`, { student_id: child })).rows;
    assert.equal(printed.code, open);
});

test('a link of another school\'s child is not to be seen or changed through one\'s own', async () => {
    const far = at.b.one.students[0];
    const stranger = people.stranger.account;
    for (const [method, path, body] of [['GET', '', undefined], ['PUT', `/${stranger}`, { version: 1, relation: 'mother', rights: 'blocked', valid_from: today }], ['POST', `/${stranger}/reset`],
        ['POST', `/${stranger}/forget-email`], ['DELETE', `/${stranger}?version=1`]]) refused(await office.request(method, `/api/students/${far}/guardians${path}`, { body }), 404);
    // One's own child, somebody else's guardian.
    refused(await office.request('POST', `/api/students/${at.a.one.students[0]}/guardians/${stranger}/reset`), 404);
    assert.equal((await city.one('select rights from guardianships where account_id = $1', [stranger])).rights, 'report');
});
