// Reasons: the city's, a school's own, and what a school puts in the place of the city's; marks of the register.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity } from '../support/city.mjs';
import { cast, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { office, board, guardian, stranger, teacher } = people;
const { a, b } = people.at;
const said = async (answer) => { const { status, body } = await answer; return [status, body?.type?.replace('/problems/', '') ?? null]; };
const send = (who, method, path, body) => who.request(method, path, { body, key: method === 'POST' ? randomUUID() : undefined });
const reason = (change = {}) => ({ school_id: a.id, label: '通院', needs_note: false, kinds: ['absent', 'late'], asks_symptoms: false, asks_times: false, mark: 'accident', ...change });
const offered = async (who, school) => (await who.get(`/api/reasons?school_id=${school}`)).rows;
const labels = async (who, school) => (await offered(who, school)).map((row) => row.label);

test('5(2)エ-1 5(2)エ-2 a school’s own reasons, in its order and languages; each asks what it says', async () => {
    const before = await labels(guardian, a.id);
    const one = await office.post('/api/reasons', reason({ label: '校外学習の振替', label_en: 'Day off', external_code: 'K-12', needs_note: true }));
    const two = await office.post('/api/reasons', reason({ label: '宗教上の行事' }));
    const own = (await office.get(`/api/schools/${a.id}/reasons`)).rows.filter((row) => row.school_id === a.id && !row.overrides);
    await office.post('/api/reasons/order', { school_id: a.id, reason_ids: [two.id, one.id, ...own.map((row) => row.id).filter((id) => id !== one.id && id !== two.id)] });
    assert.deepEqual((await labels(guardian, a.id)).slice(0, 2), ['宗教上の行事', '校外学習の振替']);
    assert.equal((await labels(guardian, a.id)).length, before.length + 2);
    const row = (await offered(guardian, a.id)).find((each) => each.id === one.id);
    assert.deepEqual([row.needs_note, row.kinds, row.labels], [true, ['absent', 'late'], { en: 'Day off' }]);
    assert.ok(!(await labels(stranger, b.id)).includes('宗教上の行事'));
    assert.deepEqual(await said(send(office, 'POST', '/api/reasons', reason({ label: '宗教上の行事' }))), [409, 'reason_taken']);
    const report = await day(city, 3);
    const student_id = a.one.students[0];
    assert.deepEqual(await said(send(guardian, 'POST', '/api/absences', { student_id, first_day: report, kind: 'absent', reason_id: one.id })), [400, 'validation'], 'it needs a note');
    assert.deepEqual(await said(send(guardian, 'POST', '/api/absences', { student_id, first_day: report, kind: 'absent', reason_id: two.id })), [201, null]);
    assert.deepEqual(await said(send(office, 'DELETE', `/api/reasons/${two.id}`)), [409, 'reason_in_use']);
    assert.equal((await office.request('DELETE', `/api/reasons/${one.id}`)).status, 204);
    const { school_id, ...edit } = reason({ label: '宗教上の行事', active: false, version: 1 });
    assert.deepEqual([await said(send(office, 'PUT', `/api/reasons/${two.id}`, edit)), await said(send(office, 'PUT', `/api/reasons/${two.id}`, edit))], [[200, null], [409, 'stale_version']]);
    assert.deepEqual(await labels(guardian, a.id), before);
    assert.deepEqual(await said(send(guardian, 'POST', '/api/absences', { student_id, first_day: await day(city, 5), kind: 'absent', reason_id: two.id })), [400, 'validation'], 'what is switched off is not taken');
});

test('5(2)エ-4 the city’s reason, in other words at a school, then in none, then back; used or not', async () => {
    const { id } = await board.post('/api/reasons', reason({ school_id: undefined, label: '市の理由' }));
    assert.ok((await labels(guardian, a.id)).includes('市の理由') && (await labels(stranger, b.id)).includes('市の理由'));
    const own = await office.post('/api/reasons', reason({ overrides: id, label: '学校のことば', asks_symptoms: true }));
    const mine = await labels(guardian, a.id);
    assert.ok(mine.includes('学校のことば') && !mine.includes('市の理由') && (await labels(stranger, b.id)).includes('市の理由'));
    assert.deepEqual(await said(send(office, 'POST', '/api/reasons', reason({ overrides: id, label: 'もう一つ' }))), [409, 'already_overridden']);
    assert.deepEqual(await said(send(office, 'PUT', `/api/reasons/${id}`, { ...reason({ school_id: undefined }), version: 1 })), [404, 'not_found']);
    assert.deepEqual(await said(send(board, 'DELETE', `/api/reasons/${id}`)), [409, 'reason_in_use']);
    assert.deepEqual(await said(send(guardian, 'POST', '/api/absences', { student_id: a.one.students[1], first_day: await day(city, 7), kind: 'absent', reason_id: own.id })), [201, null]);
    assert.equal((await office.request('DELETE', `/api/reasons/${own.id}`)).status, 204);
    assert.deepEqual((await labels(guardian, a.id)).filter((label) => ['学校のことば', '市の理由'].includes(label)), ['市の理由']);
    assert.equal((await city.one('select overrides, active from reasons where id = $1', [own.id])).active, false, 'what was used stays');
    const again = await office.post('/api/reasons', reason({ overrides: id, label: '市の理由', active: false }));
    assert.ok(!(await labels(guardian, a.id)).includes('市の理由'));
    assert.equal((await office.request('DELETE', `/api/reasons/${again.id}`)).status, 204);
    assert.equal(await city.one('select id from reasons where id = $1', [again.id]), undefined, 'what was not used is gone');
    const row = (await teacher.get(`/api/schools/${a.id}/reasons`)).rows.find((each) => each.id === id);
    assert.deepEqual([row.school_id, row.holds, row.mark], [null, true, 'accident']);
});

test('5(2)エ-3 bad reasons and marks; the board’s marks; nothing of the wording is in the audit', async () => {
    for (const [change, status, code] of [
        [{ label: ' ' }, 400, 'validation'], [{ label: 'あ'.repeat(41) }, 400, 'validation'], [{ kinds: [] }, 400, 'validation'], [{ kinds: ['attend'] }, 400, 'validation'],
        [{ mark: 'no_such' }, 400, 'validation'], [{ overrides: 999999 }, 400, 'validation'], [{ needs_note: 1 }, 400, 'validation'], [{ school_id: b.id }, 404, 'not_found'],
        [{ school_id: undefined }, 404, 'not_found'], [{ school_id: undefined, overrides: 1 }, 400, 'validation'],
    ]) assert.deepEqual(await said(send(office, 'POST', '/api/reasons', reason({ label: '＝cmd', ...change }))), [status, code], JSON.stringify(change));
    assert.deepEqual(await said(send(office, 'POST', '/api/reasons/order', { school_id: b.id, reason_ids: [1] })), [404, 'not_found']);
    const mark = (who, body) => said(send(who, 'PUT', '/api/marks', { code: 'sick', version: 1, label: '病気欠席', symbol: '病', counts_as: 'absent', ...body }));
    assert.deepEqual([await mark(board, {}), await mark(board, {}), await mark(office, {}), await mark(board, { code: 'Sick' }), await mark(board, { version: 2, counts_as: 'none' })],
        [[200, null], [409, 'stale_version'], [403, 'forbidden'], [400, 'validation'], [400, 'validation']]);
    assert.deepEqual(await mark(board, { code: 'own_camp', version: 0, label: '合宿', symbol: '合', counts_as: 'present' }), [200, null]);
    const { rows } = await teacher.get('/api/marks');
    assert.deepEqual([rows[0].label, rows.at(-1).code], ['病気欠席', 'own_camp']);
    const audit = JSON.stringify(await city.query(`select action, detail from audit where object_kind in ('reason', 'city')`));
    assert.ok(audit.includes('reason_removed') && audit.includes('mark_edited') && !/宗教|学校のことば|合宿/.test(audit));
});
