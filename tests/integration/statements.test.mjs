// The statements on the schema, without the server: what is decided in SQL. Every rule once, and the races of a batch.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { before, beforeEach, test } from 'node:test';
import { furnish, startBase, statements } from '../support/statements.mjs';

const base = await startBase();
before(() => furnish(base));
beforeEach(() => base.db.query(`update absences set cancelled_by = 1, cancelled_at = now() - interval '2 days', version = version + 1 where cancelled_at is null;
                                update schools set correct_until = '23:59:59.999'`));

const days = async (n) => (await base.one('select (today() + $1::int)::text as day', [n])).day;
const print = (text) => createHash('sha256').update(text).digest();
const report = async (plus = {}, ahead = 1) => ({ actor: 101, student_id: 1, first_day: await days(ahead), kind: 'absent', reason_id: 1,
    idempotency_key: randomUUID(), fingerprint: print('body'), ...plus });
const send = (...requests) => base.gather('absence_report', requests);
const plain = (row) => ({ outcome: row.outcome, id: row.id, version: row.version, at: row.at?.toISOString() });
const absences = async () => (await base.one('select count(*) as n from absences where cancelled_at is null')).n;

test('5(2)ア-1 5(2)ア-9 a report is stored once and answered with a receipt', async () => {
    const [row] = await send(await report());
    assert.equal(row.outcome, null);
    assert.equal(row.version, 1);
    const stored = await base.one('select * from absences where id = $1', [row.id]);
    assert.deepEqual([stored.school_id, stored.student_id, stored.via, stored.reported_by, stored.version], [1, 1, 'guardian', 101, 1]);
    assert.deepEqual((await base.all('select version, action, made_by from absence_versions where absence_id = $1', [row.id])),
        [{ version: 1, action: 'reported', made_by: 101 }]);
});

test('5(2)ア-10 the same key again, later or in the same batch, gets the first answer', async () => {
    const one = await report();
    const [first, twin] = await send(one, one);
    const [again, other] = await send(one, { ...one, fingerprint: print('another body') });
    assert.deepEqual(plain(twin), plain(first));
    assert.deepEqual(plain(again), plain(first));
    assert.equal(other.outcome, 'key_reused');
    assert.equal(await absences(), 1);
    const fresh = await report({}, 3);
    const [, changed] = await send(fresh, { ...fresh, fingerprint: print('another body') });
    assert.equal(changed.outcome, 'key_reused');
});

test('5(2)ア-3 what may not be is refused by name, and nothing is stored', async () => {
    const cases = [
        ['not_found', { student_id: 2 }], ['not_found', { student_id: 9 }], ['not_found', { student_id: 999 }],
        ['not_found', { actor: 115 }], ['not_found', { actor: 114 }], ['not_found', { actor: 112 }], ['not_found', { actor: 116 }],
        ['past_day', { first_day: await days(-1) }], ['too_far', { first_day: await days(61) }],
        ['too_far', { last_day: await days(40) }], ['validation', { last_day: await days(0) }],
        ['time_needed', { kind: 'late' }], ['not_standing', { kind: 'attend', reason_id: null }], ['validation', { kind: 'absent', arrive_at: '10:00' }], ['validation', { reason_id: 3 }],
        ['validation', { kind: 'late_and_leave_early', arrive_at: '10:00', leave_at: '09:00' }], ['validation', { note: 'あ'.repeat(501) }],
    ];
    const rows = await send(...await Promise.all(cases.map(([, plus]) => report(plus))));
    assert.deepEqual(rows.map((row, i) => [row.outcome, JSON.stringify(cases[i][1])]), cases.map(([name, plus]) => [name, JSON.stringify(plus)]));
    assert.equal(await absences(), 0);
});

test('5(2)カ-2 the homeroom teacher and the office report for a phone call, also for a past day', async () => {
    const rows = await send(await report({ actor: 110 }), await report({ actor: 111, student_id: 5 }, -2));
    assert.deepEqual(rows.map((row) => row.outcome), [null, null]);
    assert.deepEqual((await base.all('select via from absences where id = any ($1)', [rows.map((row) => row.id)])).map((row) => row.via), ['school', 'school']);
});

test('5(1)エ two guardians who report the same child see one report, in one batch or after each other', async () => {
    const [mine, yours] = await send(await report(), await report({ actor: 102 }));
    assert.deepEqual([mine.outcome, yours.outcome, yours.absence_id], [null, 'already_reported', mine.id]);
    const [later] = await send(await report({ actor: 102 }));
    assert.deepEqual([later.outcome, later.absence_id], ['already_reported', mine.id]);
    assert.equal(await absences(), 1);
});

test('5(2)誤-1 ranges in one batch: who overlaps what surely goes in is refused, the others go in', async () => {
    const range = async (actor, from, to) => ({ ...await report({ actor }, from), last_day: await days(to) });
    const rows = await send(await range(101, 1, 2), await range(102, 2, 4), await range(101, 4, 5));
    assert.deepEqual(rows.map((row) => row.outcome), [null, 'already_reported', null]);
    assert.equal(rows[1].absence_id, rows[0].id);
    // Two that both fit beside the first, but not beside each other: the batch fails as a whole and is run one by one.
    await base.db.query(`update absences set cancelled_by = 1, cancelled_at = now() - interval '2 days', version = version + 1 where cancelled_at is null`);
    const batch = [await range(101, 1, 2), await range(102, 2, 6), await range(101, 4, 5), await range(102, 5, 6)];
    await assert.rejects(send(...batch), { constraint: 'absences_once' });
    const alone = [];
    for (const request of batch) alone.push(...await send(request));
    assert.deepEqual(alone.map((row) => row.outcome), [null, 'already_reported', null, 'already_reported']);
});

// As the engine does: a batch that meets the constraint runs again in halves.
const sendHalved = (requests) => send(...requests).catch(async (error) => {
    if (error.constraint !== 'absences_once' || requests.length < 2) throw error;
    const half = requests.length >> 1;
    return [...await sendHalved(requests.slice(0, half)), ...await sendHalved(requests.slice(half))];
});

test('5(2)誤-2 a batch decides what its requests one after the other would, on 40 random batches full of collisions', async (t) => {
    let seed = Number(process.env.TODOKE_SEED) || Date.now() % 2 ** 31;
    t.diagnostic(`TODOKE_SEED=${seed}`);
    const upTo = (n) => { seed = (seed * 48271) % 0x7fffffff; return seed % n; };
    const pick = (list) => list[upTo(list.length)];
    const day = await Promise.all(Array.from({ length: 45 }, (_, n) => days(n - 2)));
    const random = () => {
        const [actor, student_id] = pick([[101, 1], [102, 1], [110, 1], [103, 2], [111, 2], [111, 5], [104, 9], [104, 1]]);
        const from = upTo(8) + 1;
        return { actor, student_id, first_day: day[from], last_day: pick([null, null, day[from + upTo(4)], day[from + upTo(36)]]),
            kind: pick(['absent', 'absent', 'absent', 'late']), reason_id: pick([null, 1, 2]), idempotency_key: randomUUID(), fingerprint: print(randomUUID()) };
    };
    const clear = (after) => base.db.query({ text: `with asked as (delete from absence_requests), gone as (delete from absences where id > $1 returning id)
        delete from idempotency i using gone where (i.answer ->> 'id')::bigint = gone.id`, values: [after] });
    const told = (rows, before) => {
        const made = new Map();
        for (const [i, row] of rows.entries()) if (row.outcome === null && row.id > before && !made.has(row.id)) made.set(row.id, `of request ${i}`);
        // A range may lie over several reports: which of them is named is nobody's promise.
        return rows.map((row) => [row.outcome, made.get(row.id) ?? row.id, row.version]);
    };
    const last = async () => (await base.one('select max(id) as id from absences')).id;
    for (let round = 0; round < 40; round++) {
        const earlier = Array.from({ length: 3 }, random);
        const stored = [];
        for (const request of earlier) if ((await send(request))[0].outcome === null) stored.push(request);
        const before = await last();
        const requests = [];
        for (let i = upTo(16) + 2; i > 0; i--) {
            const old = stored.length ? pick(stored) : random();
            requests.push(pick([random, random, random, () => (requests.length ? pick(requests) : random()), () => old,
                () => ({ ...old, fingerprint: print(randomUUID()) })])());
        }
        const together = told(await sendHalved(requests), before);
        await clear(before);
        const alone = [];
        for (const request of requests) alone.push(...await send(request));
        assert.deepEqual(together, told(alone, before), `round ${round}`);
        await clear(0);
    }
});

test('5(2)誤-2 batches that meet from two sides leave one report a child', async () => {
    const key = await report({ student_id: 2, actor: 103 });
    const one = async (n) => send(await report({ actor: 101 + n % 2 })).catch((error) => [{ outcome: error.constraint ?? error.code }]);
    const same = Array.from({ length: 10 }, () => send(key).catch((error) => [{ outcome: error.constraint ?? error.code }]));
    const rows = (await Promise.all([...Array.from({ length: 10 }, (_, n) => one(n)), ...same])).flat();
    assert.equal(await absences(), 2);
    assert.deepEqual(rows.filter((row) => ![null, 'already_reported', 'absences_once', 'idempotency_pkey', '40P01'].includes(row.outcome)), []);
});

test('5(2)ア-7 5(2)ア-9 5(2)カ-2 5(2)誤-3 corrections: versions, stale ones, the cut-off and its telephone number, who made which', async () => {
    const [{ id }] = await send(await report({}, 0));
    await base.gather('absence_acknowledge', [{ actor: 110, id }]);
    const change = async (plus) => (await base.run('absence_correct', { ...await report({}, 0), id, version: 2, ...plus }))[0];
    const late = { kind: 'late', arrive_at: '10:15' };
    const key = { ...late, idempotency_key: randomUUID() };
    assert.equal((await change({ version: 1 })).outcome, 'stale_version');
    assert.equal(await change({ actor: 103 }), undefined);
    const done = await change(key);
    assert.deepEqual([done.outcome, done.version], [null, 3]);
    assert.deepEqual(plain(await change(key)), plain(done));
    assert.equal((await change({ ...key, fingerprint: print('x') })).outcome, 'key_reused');
    assert.equal((await base.one('select acknowledged_at from absences where id = $1', [id])).acknowledged_at, null);
    await base.db.query(`update schools set correct_until = '00:00'`);
    const closed = await change({ ...late, version: 3 });
    assert.deepEqual([closed.outcome, closed.phone], ['after_cutoff', '06-0000-0001']);
    assert.equal((await change({ ...late, actor: 111, version: 3, note: '電話' })).version, 4);
    const by = async (actor) => (await base.run('absence_versions_of', { actor, id })).map((row) => `${row.action} ${row.by}`);
    assert.deepEqual(await by(101), ['reported you', 'acknowledged school', 'corrected you', 'corrected school']);
    assert.deepEqual(await by(102), ['reported other_guardian', 'acknowledged school', 'corrected other_guardian', 'corrected school']);
    assert.deepEqual(await by(110), ['reported guardian', 'acknowledged you', 'corrected guardian', 'corrected school']);
    assert.deepEqual((await base.run('absence_versions_of', { actor: 103, id })).map((row) => row.outcome), ['not_found']);
});

test('5(2)誤-1 a correction is refused where another report is', async () => {
    const [one, two] = await send(await report({}, 1), await report({}, 2));
    const [row] = await base.run('absence_correct', { ...await report({}, 1), id: two.id, version: 1 });
    assert.deepEqual([row.outcome, row.absence_id], ['already_reported', one.id]);
});

test('5(2)ア-7 5(2)カ-2 a report is cancelled once; two who cancel at once don\'t both succeed', async () => {
    const [{ id }] = await send(await report());
    const cancel = (actor, version = 1) => base.run('absence_cancel',
        { actor, id, version, idempotency_key: randomUUID(), fingerprint: print('c') }).then((rows) => rows[0]);
    assert.equal(await cancel(104), undefined);
    const both = await Promise.all([cancel(101), cancel(102)]);
    assert.deepEqual(both.map((row) => row.outcome).sort(), [null, 'stale_version'].sort());
    assert.equal((await cancel(101, 2)).outcome, 'already_cancelled');
    assert.equal((await base.one('select max(version) as v from absence_versions where absence_id = $1', [id])).v, 2);
});

test('5(2)朝-1 acknowledging twice answers the same, alone, in a batch, for a class', async () => {
    const [{ id }, { id: other }] = await send(await report(), await report({ actor: 103, student_id: 2 }));
    const rows = await base.gather('absence_acknowledge',
        [{ actor: 110, id }, { actor: 111, id }, { actor: 114, id }, { actor: 116, id }, { actor: 101, id }, { actor: 110, id: 99999 }]);
    assert.deepEqual(rows.map((row) => row && (row.outcome ?? row.version)), [2, 2, 'not_found', 'not_found', 'not_found', undefined]);
    assert.deepEqual(plain((await base.gather('absence_acknowledge', [{ actor: 110, id }]))[0]), plain(rows[0]));
    const all = await base.run('class_acknowledge', { actor: 110, class_id: 1, absence_ids: [id, other, 99999] });
    assert.deepEqual(all.map((row) => [row.id, row.version]), [[id, 2], [other, 2]]);
    await base.run('absence_correct', { ...await report(), id, version: 2, note: '訂正' });
    assert.equal((await base.gather('absence_acknowledge', [{ actor: 110, id, version: 2 }]))[0].outcome, 'stale_version', 'corrected since it was seen');
    const seen = await base.run('class_acknowledge', { actor: 110, class_id: 1, absence_ids: [id, other], versions: ['2', '1'] });
    assert.deepEqual(seen.map((row) => row.id), [other], 'and one that was acknowledged answers what it is');
    assert.equal((await base.gather('absence_acknowledge', [{ actor: 110, id, version: 3 }]))[0].version, 4);
    for (const actor of [114, 116, 112]) {
        const no = await base.run('class_acknowledge', { actor, class_id: 1, absence_ids: [id] });
        assert.deepEqual(no.map((row) => row.outcome), ['not_found']);
    }
});

test('5(2)誤-9 live rows: the child of a support class is in both classes; the day\'s figures count it', async () => {
    await base.db.query('update students set exchange_class_id = 2 where id = 1');
    const [{ id }] = await send(await report({}, 0));
    // A child may have cancelled ones beside it, in any order.
    const rows = await base.within('*', async (client) => (await client.query(statements.absences_of_class.text, [[1, 2, 3]])).rows);
    assert.deepEqual([1, 2, 3].map((ord) => rows.some((row) => row.ord === ord && row.id === id)), [true, true, false]);
    const [changed] = await base.run('absences_changed', { ids: [id] });
    assert.deepEqual([changed.school_id, changed.class_id, changed.exchange_class_id, changed.student_id, changed.reason], [1, 1, 2, 1, '発熱']);
    const counts = (row) => [row.id, row.students, row.absent, row.late, row.leave_early, row.unacknowledged];
    assert.deepEqual((await base.run('city_counts', { keys: [1] })).map(counts), [[1, 8, 1, 0, 0, 1]]);
    assert.deepEqual((await base.run('city_counts_all', {})).map(counts).sort(), [[1, 8, 1, 0, 0, 1], [2, 8, 0, 0, 0, 0]]);
    assert.deepEqual((await base.run('class_counts', { keys: [1] })).map(counts).map(([id, , ...n]) => [id, ...n]), [[1, 1, 0, 0, 1]]);
    assert.equal((await base.gather('class_counts_of_school', [{ key: 1 }]))[0]?.school_id, 1);
    assert.ok((await base.run('arrivals_today', {})).reduce((sum, row) => sum + row.n, 0) >= 1);
    await base.db.query('update students set exchange_class_id = null where id = 1');
});

test('who may follow which topic', async () => {
    const may = async (name, actor, key) => (await base.gather(name, [{ actor, key }]))[0] !== undefined;
    const yes = { may_follow_class: { 1: [110, 111, 114], 3: [113, 116] }, may_follow_school: { 1: [111] }, may_follow_counts: { 1: [111, 112] },
        may_follow_student: { 1: [101, 102, 110, 111, 114] } };
    for (const [name, keys] of Object.entries(yes)) {
        for (const [key, actors] of Object.entries(keys)) {
            const found = [];
            for (const actor of [101, 102, 103, 104, 110, 111, 112, 113, 114, 115, 116]) if (await may(name, actor, Number(key))) found.push(actor);
            assert.deepEqual(found, actors, `${name} ${key}`);
        }
    }
    assert.deepEqual([await may('may_follow_city', 112), await may('may_follow_city', 111)], [true, false]);
});

test('a link or role counts from its first to its last day', async () => {
    const sees = async () => (await base.gather('children_list', [{ actor: 104 }]))[0]?.student_id;
    assert.equal(await sees(), 9);
    await base.db.query('update guardianships set valid_from = today() + 1, valid_to = null where account_id = 104');
    assert.equal(await sees(), undefined);
    await base.db.query('update guardianships set valid_from = today() - 2, valid_to = today() - 1 where account_id = 104');
    assert.equal(await sees(), undefined);
    await base.db.query('update guardianships set valid_to = today() where account_id = 104');
    assert.equal(await sees(), 9);
});

test('5(1)ア sessions: found while they live, with roles and schools; expired, ended or closed ones are not', async () => {
    const open = async (account) => {
        const token_sha256 = randomBytes(32);
        const [{ session_id }] = await base.run('session_open', { account_id: account, new_token_sha256: token_sha256, device: 'test', factors: 2 }, null);
        const [row] = await base.run('session_show', { actor: account, session_id }, null);
        return { token_sha256, row };
    };
    const people = await Promise.all([101, 110, 111, 112, 115, 120].map(open));
    assert.deepEqual(people.map(({ row }) => [row.account_id, row.is_guardian, row.roles.map(({ role }) => role).join()]),
        [[101, true, ''], [110, false, 'homeroom'], [111, false, 'office'], [112, false, 'board'], [115, false, 'operator'], [120, false, '']]);
    const found = async () => base.gather('session_find', [...people, { token_sha256: randomBytes(32) }], null);
    assert.deepEqual((await found()).map((row) => row && [row.account_id, row.role_bits, row.schools]),
        [[101, 33, '1'], [110, 34, '1'], [111, 36, '1'], [112, 40, '*'], [115, 48, ''], [120, 32, ''], undefined]);
    // With one factor alone staff, and who chose so, get nowhere.
    await base.db.query('update sessions set factors = 1');
    await base.db.query('update accounts set second_factor = true where id = 120');
    assert.deepEqual((await found()).map((row) => row && [row.account_id, row.role_bits, row.schools]),
        [[101, 33, '1'], [110, 64, ''], [111, 64, ''], [112, 64, ''], [115, 64, ''], [120, 64, ''], undefined]);
    await base.db.query('update sessions set factors = 2');
    assert.deepEqual((await found()).slice(4, 6).map((row) => row.role_bits), [48, 32]);
    const ids = (await found()).slice(0, 6).map((row) => row.session_id);
    const hours = await base.all(`select round(extract(epoch from expires_at - created_at) / 3600)::int as h from sessions where id = any ($1) order by account_id`, [ids]);
    assert.deepEqual(hours.map((row) => row.h), [2160, 12, 12, 12, 12, 2160]);
    await base.run('session_close', { actor: 101, session_id: ids[0] });
    await base.db.query('update sessions set expires_at = now() where id = $1', [ids[1]]);
    await base.db.query('update accounts set closed_at = now() where id = 111');
    assert.deepEqual((await found()).map((row) => row?.account_id), [undefined, undefined, undefined, 112, 115, 120, undefined]);
    const again = await base.gather('session_again', ids.map((session_id) => ({ session_id })), null);
    assert.deepEqual(again.filter(Boolean).map((row) => row.account_id).sort(), [112, 115, 120]);
    await base.db.query('update accounts set closed_at = null where id = 111');
});

test('5(1)ア ten wrong passwords lock, known account or not, longer each time; success forgets', async () => {
    for (const login_id of ['a105', 'nobody-there']) {
        const fail = async (n) => { let last; for (let i = 0; i < n; i++) [last] = await base.run('login_failed', { login_id, network: Buffer.alloc(32) }, null); return last; };
        const state = async () => (await base.run('account_by_login', { login_id: ` ${login_id.toUpperCase()} ` }, null))[0];
        assert.equal((await fail(9)).locked, false);
        assert.ok((await fail(1)).retry_after > 14 * 60);
        assert.equal((await state()).locked, true);
        await base.db.query(`update login_attempts set locked_until = now()`);
        assert.ok((await fail(10)).retry_after > 29 * 60);
    }
    await base.run('session_open', { account_id: 105, new_token_sha256: randomBytes(32), device: '', factors: 1 }, null);
    assert.equal((await base.run('account_by_login', { login_id: 'a105' }, null))[0].locked, false);
});

test('a proof: while the password is locked there is none, then a new token for the same session, its own alone', async () => {
    const session = async (account_id) => (await base.run('session_open', { account_id, new_token_sha256: randomBytes(32), device: '', factors: 1 }, null))[0].session_id;
    const [mine, theirs] = [await session(105), await session(106)];
    await base.db.query(`update sessions set proved_at = now() - interval '1 day' where id = any ($1)`, [[mine, theirs]]);
    const row = (id) => base.one('select token_sha256, expires_at, factors, session_proved(proved_at) as proved from sessions where id = $1', [id]);
    const before = await row(mine);
    const give = async (session_id, token = randomBytes(32)) => (await base.run('proof_given', { actor: 105, session_id, new_token_sha256: token }))[0];
    for (let n = 0; n < 10; n++) await base.run('proof_failed', { actor: 105 });
    assert.ok((await base.run('proof_ask', { actor: 105 }))[0].retry_after > 14 * 60);
    const { locked, session_id } = await give(mine);
    assert.deepEqual([locked, session_id], [true, null]);
    assert.deepEqual(await row(mine), before);
    await base.db.query('update login_attempts set locked_until = now()');
    assert.equal((await give(theirs)).session_id, null);
    assert.equal((await row(theirs)).proved, false);
    const token = randomBytes(32);
    assert.equal((await give(mine, token)).session_id, mine);
    assert.deepEqual(await row(mine), { ...before, token_sha256: token, proved: true });
    const [found] = await base.gather('session_find', [{ token_sha256: token }], null);
    assert.deepEqual([found.session_id, found.proved], [mine, true]);
    assert.equal((await base.one(`select count(*)::int as n from login_attempts where login_sha256 = sha256(convert_to('a105', 'UTF8'))`)).n, 0, 'the failures are forgotten');
    await base.db.query('delete from rate_limits');
    for (let n = 0; n < 10; n++) assert.equal((await base.run('proof_ask', { actor: 105 }))[0].retry_after, 0);
    assert.ok((await base.run('proof_ask', { actor: 105 }))[0].retry_after > 14 * 60, 'ten tries, right or wrong');
    await base.db.query('delete from rate_limits');
    await base.db.query('update sessions set ended_at = now() where id = any ($1)', [[mine, theirs]]);
    assert.equal((await give(mine)).session_id, null, 'none of a session that is over');
});

test('wrong passwords count alike where one leaves: the same lock, audited once, and guesses that were under way do not lengthen it', async () => {
    const lock = () => base.one(`select locks, locked_until from login_attempts where login_sha256 = sha256(convert_to('a105', 'UTF8'))`);
    const audited = async () => (await base.one(`select count(*)::int as n from audit where action = 'login_locked' and account_id = 105`)).n;
    const before = await audited();
    const fail = (n) => base.run(n % 2 ? 'own_proof_failed' : 'login_failed', n % 2 ? { actor: 105 } : { login_id: 'a105', network: Buffer.alloc(32) }, n % 2 ? 105 : null);
    for (let n = 0; n < 9; n++) assert.equal((await fail(n))[0].locked, false);
    assert.equal((await fail(9))[0].locked, true);
    const held = await lock();
    assert.equal(held.locks, 1);
    for (let n = 0; n < 11; n++) assert.equal((await fail(n))[0].locked, true);
    assert.deepEqual(await lock(), held);
    assert.equal(await audited(), before + 1);
    assert.equal((await base.run('account_by_login', { login_id: 'a105' }, null))[0].locked, true);
    await base.db.query('delete from login_attempts');
});

test('lists: classes, children, search in either kana, history; the board\'s reading of names is recorded', async () => {
    const classes = async (actor, school_id) => (await base.run('classes_list', { actor, school_id })).map((row) => row.outcome ?? row.id);
    assert.deepEqual(await classes(110), [1]);
    assert.deepEqual(await classes(114), [1, 2]);
    assert.deepEqual(await classes(112), ['validation']);
    assert.deepEqual(await classes(112, 2), [3, 4]);
    assert.deepEqual(await classes(111, 2), ['not_found']);
    const find = async (actor, q, school_id = 1) => (await base.run('school_students', { actor, school_id, q })).map((row) => row.outcome ?? row.student_id).length;
    assert.equal(await find(111, 'シケ'), 8);
    assert.equal(await find(111, '試験 子1'), 1);
    assert.deepEqual((await base.run('school_students', { actor: 111, school_id: 2, q: 'し' })).map((row) => row.outcome), ['not_found']);
    const before = (await base.one(`select count(*) as n from audit`)).n;
    assert.equal((await base.run('class_students', { actor: 110, class_id: 1 })).length, 4);
    assert.equal((await base.one(`select count(*) as n from audit`)).n, before);
    assert.equal((await base.run('class_students', { actor: 112, class_id: 1 })).length, 4);
    assert.equal((await base.one(`select count(*) as n from audit`)).n, before + 1);
    assert.equal((await base.run('city_history', { actor: 112, days: 5 })).length, 10);
    assert.equal((await base.run('city_history', { actor: 111, days: 5 })).length, 0);
    assert.deepEqual((await base.run('reasons_list', { actor: 101, school_id: 1 })).map((row) => row.label), ['校内', '発熱']);
    assert.deepEqual((await base.run('reasons_list', { actor: 101, school_id: 2 })).map((row) => row.outcome), ['not_found']);
    assert.equal((await base.run('schools_list', { actor: 112 })).length, 2);
    assert.equal((await base.run('schools_list', { actor: 111 })).length, 1);
    const history = await base.gather('child_absences', [{ actor: 101, student_id: 1 }, { actor: 101, student_id: 2 }]);
    assert.deepEqual(history.map((row) => row.outcome), [null, 'not_found']);
});

/** The city's clock stands still at a moment, for all that asks for the day and the time of day. */
async function at(day, time, work) {
    const kept = await base.all(`select pg_get_functiondef(p::regprocedure) as text from unnest('{today(),localtime_here()}'::text[]) p`);
    await base.db.query(`create or replace function today() returns date language sql stable parallel safe return date '${day}';
                         create or replace function localtime_here() returns time language sql stable parallel safe return time '${time}'`);
    try { return await work(); } finally { for (const { text } of kept) await base.db.query(text); }
}
const outcomes = async (...requests) => (await send(...requests)).map((row) => row.outcome);
const of = (first_day, last_day = first_day, plus = {}) => report({ first_day, last_day, ...plus });

test('5(2)ア-3 5(2)誤-5 5(2)誤-6 midnight and a leap day: until the last second a day is today, then it is over; 31 days are counted with the 29th', async () => {
    const { id } = await at('2028-02-28', '23:59:59.9', async () => {
        const [row] = await send(await of('2028-02-28'));
        assert.equal(row.outcome, null, 'still today');
        const month = (last) => of('2028-02-28', last, { actor: 103, student_id: 2 });
        assert.deepEqual(await outcomes(await month('2028-03-30')), ['too_far'], '32 days');
        assert.deepEqual(await outcomes(await month('2028-03-29')), [null], '31 days, a leap day among them');
        assert.deepEqual(await outcomes(await of('2028-04-28'), await of('2028-04-29')), [null, 'too_far'], '60 days ahead');
        return row;
    });
    await at('2028-02-29', '00:00:00', async () => {
        assert.deepEqual(await outcomes(await of('2028-02-28', '2028-02-29'), await of('2028-02-29')), ['past_day', null], 'the day before is over, the leap day is a day like any other');
        const [late] = await base.run('absence_correct', { ...await of('2028-02-28'), id, version: 1 });
        assert.equal(late.outcome, 'after_cutoff');
        const [row] = await base.run('absence_cancel', { actor: 101, id, version: 1, idempotency_key: randomUUID(), fingerprint: print('c') });
        assert.equal(row.outcome, 'after_cutoff');
    });
});

test('5(2)ア-7 5(2)ア-8 5(2)誤-3 the cut-off: at its very time a guardian still corrects, a moment later asks; a report begun before and sent after is taken all the same', async () => {
    await base.db.query(`update schools set correct_until = '08:30'`);
    const [{ id }] = await at('2028-02-29', '07:50', async () => send(await of('2028-02-29')));
    const correct = async (version) => (await base.run('absence_correct', { ...await of('2028-02-29'), id, version, note: `${version}` }))[0].outcome;
    const ask = async (version) => (await base.run('absence_request', { actor: 101, id, version, action: 'cancel', idempotency_key: randomUUID(), fingerprint: print('r') }))[0].outcome;
    await at('2028-02-29', '08:30', async () => assert.deepEqual([await ask(1), await correct(1)], ['still_open', null]));
    await at('2028-02-29', '08:30:00.001', async () => assert.deepEqual([await correct(2), await ask(2)], ['after_cutoff', null]));
    await at('2028-02-29', '08:31', async () => assert.deepEqual(await outcomes(await of('2028-02-29', '2028-02-29', { actor: 103, student_id: 2 })), [null], 'the cut-off is for corrections: a report is always welcome'));
});

test('5(2)誤-7 5(2)誤-8 April 1: a report over the turn of the school year holds, and is the new class’s when the child has moved into it', async () => {
    const [{ id }] = await at('2028-03-31', '20:00', async () => send(await of('2028-03-31', '2028-04-05')));
    await base.db.query(`insert into classes (id, school_id, school_year, grade, name, sort) values (50, 1, 2028, 4, '1組', 1);
                         insert into staff_roles (account_id, school_id, class_id, role) values (117, 1, 50, 'homeroom');
                         update students set class_id = 50, changed_by = 111, version = version + 1 where id = 1`);
    await at('2028-04-03', '08:00', async () => {
        const rows = await base.within('*', async (client) => (await client.query(statements.absences_of_class.text, [[1, 50]])).rows);
        assert.deepEqual(rows.filter((row) => row.id === id).map((row) => row.ord), [2], 'on the new class’s screen alone');
        assert.deepEqual((await base.gather('absence_acknowledge', [{ actor: 110, id }, { actor: 117, id }])).map((row) => row?.outcome), ['not_found', null], 'its new teacher answers for it');
        assert.deepEqual((await base.run('class_counts', { keys: [50] })).map((row) => [row.students, row.absent, row.unacknowledged]), [[1, 1, 0]]);
        assert.deepEqual(await outcomes(await of('2028-04-04')), ['already_reported'], 'and a second one is not taken');
        assert.deepEqual((await base.run('absence_versions_of', { actor: 101, id })).map((row) => row.action), ['reported', 'acknowledged'], 'all of its history is there');
    });
    await base.db.query('update students set class_id = 1, version = version + 1 where id = 1');
});

test('5(2)誤-10 a right that is withdrawn while the form is open: nothing is stored, and nothing of the child is told', async () => {
    const [{ id }] = await send(await report({}, 2));
    await base.db.query(`update guardianships set rights = 'read' where account_id = 101`);
    assert.deepEqual(await outcomes(await report({}, 4)), ['not_found']);
    assert.deepEqual(await base.run('absence_correct', { ...await report({}, 2), id, version: 1 }), []);
    assert.deepEqual(await base.run('absence_cancel', { actor: 101, id, version: 1, idempotency_key: randomUUID(), fingerprint: print('c') }), []);
    assert.equal((await base.one('select version from absences where id = $1', [id])).version, 1, 'what was reported stays');
    assert.deepEqual(await outcomes(await report({ actor: 102 }, 4)), [null], 'the other guardian goes on');
    await base.db.query(`update guardianships set rights = 'report' where account_id = 101`);
});

test('5(2)朝-5 a late child whose time goes by is announced although no row changes, to the minute; one that was seen, or whose class was not called, is not', async () => {
    const listener = await base.listener();
    const heard = [];
    listener.on('notification', ({ payload }) => heard.push(payload));
    const [late, seen, elsewhere] = await at('2028-02-29', '07:50', async () => send(
        await of('2028-02-29', '2028-02-29', { kind: 'late', arrive_at: '10:00' }),
        await of('2028-02-29', '2028-02-29', { actor: 103, student_id: 2, kind: 'late', arrive_at: '10:00' }),
        await of('2028-02-29', '2028-02-29', { actor: 111, student_id: 5, kind: 'late', arrive_at: '10:00' })));
    for (const { outcome } of [late, seen, elsewhere]) assert.equal(outcome, null);
    await base.db.query(`insert into roll_calls (school_id, class_id, day, done_by, done_at, changed_by) values (1, 1, '2028-02-29', 110, now(), 110);
                         insert into attendance (school_id, student_id, class_id, day, state, arrived_at, seen_at, changed_by)
                         values (1, 2, 1, '2028-02-29', 'late', '09:58', now(), 110)`);
    await listener.query('listen live');
    for (const time of ['10:14', '10:16', '10:18']) await at('2028-02-29', time, () => base.run('overdue_announce', {}));
    await listener.query('select 1');
    await listener.end();
    assert.deepEqual(heard, [`absences ${late.id}`]);
    await base.db.query(`update roll_calls set done_by = null, done_at = null, version = version + 1 where day = '2028-02-29'`);
});
