// One child, one class by hand: who may, what is refused, and what is kept.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity } from '../support/city.mjs';
import { cast, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { office, board } = people;
const { a, b } = people.at;
const name = async (answer) => { const { status, body } = await answer; return [status, body?.type?.replace('/problems/', '')]; };
const child = (id) => city.one('select * from students where id = $1', [id]);
const names = { family_name: '髙﨑', given_name: '𠮷乃', family_kana: 'タカサキ', given_kana: 'よしの' };

test('5(1)カ a new child: readings become hiragana; a number, a code, a class of elsewhere are refused; the key counts once', async () => {
    const key = randomUUID();
    const body = { class_id: a.one.id, number: 91, code: 'S-1', ...names };
    const made = await office.post('/api/students', body, key);
    assert.deepEqual(await office.post('/api/students', body, key), made);
    const row = await child(made.id);
    assert.deepEqual([row.family_kana, row.given_name, row.school_id, row.changed_by, row.version], ['たかさき', '𠮷乃', a.id, office.account, 1]);
    const post = (change) => name(office.request('POST', '/api/students', { body: { ...body, ...change }, key: randomUUID() }));
    assert.deepEqual(await post({}), [409, 'number_taken']);
    assert.deepEqual(await post({ number: 92 }), [409, 'code_taken']);
    assert.deepEqual(await post({ number: 92, code: 'S-2', family_kana: 'takasaki' }), [422, 'kana_format']);
    assert.deepEqual(await post({ number: 92, code: 'S-2', class_id: b.one.id }), [404, 'not_found']);
    assert.deepEqual(await post({ number: 92, code: 'S-2', exchange_class_id: b.one.id }), [400, 'validation']);
    assert.deepEqual(await post({ number: 92, code: 'S-2', given_kana: undefined }), [400, 'validation']);
    assert.deepEqual(await name(people.nurse.request('POST', '/api/students', { body: { ...body, number: 93, code: 'S-3' }, key: randomUUID() })), [404, 'not_found']);
    assert.deepEqual(await post({ number: 92, code: 'S-2', exchange_class_id: a.two.id }), [201, undefined]);
});

test('5(1)カ an edit names the version that was seen; each version is kept with who made it', async () => {
    const [id] = a.one.students;
    const seen = await office.get(`/api/students/${id}`);
    const body = { version: seen.version, class_id: seen.class_id, number: seen.number, ...names, code: seen.code };
    const done = await office.put(`/api/students/${id}`, body);
    assert.equal(done.version, seen.version + 1);
    assert.deepEqual(await name(office.request('PUT', `/api/students/${id}`, { body })), [409, 'stale_version']);
    const other = await child(a.one.students[1]);
    assert.deepEqual(await name(office.request('PUT', `/api/students/${id}`, { body: { ...body, version: done.version, number: other.number } })), [409, 'number_taken']);
    assert.deepEqual(await name(office.request('PUT', `/api/students/${id}`, { body: { ...body, version: done.version, class_id: b.one.id } })), [400, 'validation']);
    assert.equal((await people.far_office.request('PUT', `/api/students/${id}`, { body: { ...body, version: done.version } })).status, 404);
    const { rows } = await office.get(`/api/students/${id}/versions`);
    assert.deepEqual(rows.map((row) => [row.version, row.action, row.family_name]), [[2, 'changed', '髙﨑'], [1, 'made', seen.family_name]]);
    assert.equal(rows[0].made_by, '試験 花子');
    await city.query(`update students set number = 77 where id = $1`, [id]);
    assert.equal((await child(id)).version, 3, 'a write that forgets the version makes one all the same');
});

test('5(1)カ leaving and coming back; nothing is deleted; reports end with the leaving', async () => {
    const id = a.one.students[1];
    const { version, class_id } = await child(id);
    const leave = (body) => name(office.request('POST', `/api/students/${id}/leave`, { body }));
    assert.deepEqual(await leave({ version, left_on: await day(city, 1) }), [422, 'future_day']);
    assert.deepEqual(await leave({ version, left_on: await day(city) }), [200, undefined]);
    assert.deepEqual(await leave({ version: version + 1, left_on: await day(city) }), [409, 'already_left']);
    assert.ok(!(await people.guardian.get('/api/children')).rows.some((row) => row.student_id === id));
    const back = (body) => name(office.request('POST', `/api/students/${id}/return`, { body }));
    assert.deepEqual(await back({ version: version + 1, class_id: b.one.id, number: 60 }), [400, 'validation']);
    assert.deepEqual(await back({ version: version + 1, class_id, number: 60 }), [200, undefined]);
    assert.deepEqual(await back({ version: version + 2, class_id, number: 60 }), [409, 'not_left']);
    assert.ok((await people.guardian.get('/api/children')).rows.some((row) => row.student_id === id));
    assert.deepEqual((await city.query('select action from student_versions where student_id = $1 order by version', [id])).map((row) => row.action), ['made', 'left', 'returned']);
});

test('5(1)カ the board moves a child within the city: links go along, the new school sees nothing of before', async () => {
    const id = a.one.students[2];
    const { version } = await child(id);
    const move = (person, body) => name(person.request('POST', `/api/students/${id}/move`, { body }));
    assert.deepEqual(await move(office, { version, class_id: b.one.id, number: 61 }), [403, 'forbidden']);
    assert.deepEqual(await move(board, { version, class_id: a.two.id, number: 61 }), [400, 'validation']);
    assert.deepEqual(await move(board, { version, class_id: b.one.id, number: 61 }), [200, undefined]);
    assert.ok((await city.query('select school_id from guardianships where student_id = $1', [id])).every((row) => row.school_id === b.id));
    assert.equal((await office.request('GET', `/api/students/${id}`)).status, 404);
    assert.deepEqual((await people.far_office.get(`/api/students/${id}/versions`)).rows.map((row) => row.action), ['moved']);
    assert.deepEqual((await board.get(`/api/students/${id}/versions`)).rows.map((row) => row.action), ['moved', 'made']);
});

test('5(1)カ classes: made, renamed, kept; one name in a grade', async () => {
    const { grade, name: taken } = await city.one('select grade, name from classes where id = $1', [a.one.id]);
    const made = await office.post('/api/classes', { school_id: a.id, grade, name: '特別組', kind: 'support' });
    assert.deepEqual(await name(office.request('POST', '/api/classes', { body: { school_id: a.id, grade, name: taken }, key: randomUUID() })), [409, 'class_taken']);
    assert.deepEqual(await name(office.request('PUT', `/api/classes/${made.id}`, { body: { version: 1, name: taken } })), [409, 'class_taken']);
    assert.equal((await office.put(`/api/classes/${made.id}`, { version: 1, name: 'わかば' })).version, 2);
    assert.deepEqual(await name(office.request('PUT', `/api/classes/${made.id}`, { body: { version: 1, name: 'x' } })), [409, 'stale_version']);
    assert.deepEqual((await office.get(`/api/classes/${made.id}/versions`)).rows.map((row) => [row.action, row.name]), [['changed', 'わかば'], ['made', '特別組']]);
    assert.equal((await people.far_office.request('PUT', `/api/classes/${made.id}`, { body: { version: 2, name: 'x' } })).status, 404);
    assert.equal((await office.put(`/api/classes/${made.id}`, { version: 2, name: '31組', kind: 'regular' })).version, 3);
    assert.equal((await city.one('select sort from classes where id = $1', [made.id])).sort, grade * 100 + 31, 'with its new name it stands in its place');
});

test('別紙2 4条 every edit is in the audit without a name; the board\'s reading too; the log holds no name', async () => {
    await board.get(`/api/students/${a.one.students[0]}`);
    const rows = await city.query(`select action, detail::text from audit where action like 'student%' or action like 'class_%'`);
    for (const action of ['student_made', 'student_edited', 'student_left', 'student_returned', 'student_moved', 'student_read', 'class_made', 'class_edited'])
        assert.ok(rows.some((row) => row.action === action), action);
    assert.doesNotMatch(rows.map((row) => row.detail).join() + city.log(), /髙﨑|たかさき|わかば/);
});
