// A page of the audit costs what a page costs, however long the log is: it is found by an index, whatever is asked for.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity, sleep } from '../support/city.mjs';
import { cast } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const ROWS = 60_000;
const [a, b] = [people.at.a.id, people.at.b.id];
const owner = await city.db.connect();
await owner.query(`set session_replication_role = 'replica'`); // sealing each would take minutes
await owner.query(`
    insert into audit (at, account_id, action, object_kind, object_id, school_id, detail)
    select now() - ($1 - n) * interval '1 minute', n * 7919 % 900 + 1, (array['session_opened', 'class_students_read', 'student_edited', 'audit_read'])[n % 4 + 1],
           (array['session', 'class', 'student', 'school'])[n % 4 + 1], n * 31 % 600 + 1, case when n % 20 > 0 then n % 60 + 1 end, '{}'
    from generate_series(1, $1::int) n`, [ROWS]);
await owner.query(`insert into audit (at, account_id, action, object_kind, object_id, school_id)
                   select now() - n * interval '3 days', 950, 'rare', 'account', 950, $1 from generate_series(1, 10) n`, [a]);
await owner.query('vacuum analyze audit');
owner.release(true);

const read = async () => {
    await sleep(1200); // a backend tells of its reads once a second
    return city.one(`select seq_scan::int as whole, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_user_tables where relname = 'audit'`);
};

const day = (await city.one(`select (today() - 20)::text as day`)).day;
for (const [who, query] of [
    ['board', ''], ['board', 'limit=200'], ['administrator', `school_id=${a}`], ['administrator', `school_id=${a}&action=rare`], ['board', 'action=rare'],
    ['board', 'action=nothing'], ['board', 'account_id=950'], ['board', 'account_id=77&action=student_edited'], ['board', `from=${day}&to=${day}`],
    ['board', `from=${day}&to=${day}&action=rare`], ['board', 'object_kind=student&object_id=12'], ['board', 'student_id=12'], ['board', 'person_id=950'],
    ['board', `before=${ROWS / 2}`], ['administrator', `school_id=${a}&before=${ROWS / 2}`], ['board', `school_id=${b}&account_id=950`],
]) {
    test(`別紙2 19条 a page of the audit is read by index: ${query || 'all'}`, async () => {
        await people[who].get(`/api/audit?${query}`);
        const before = await read();
        for (let i = 0; i < 7; i++) await people[who].get(`/api/audit?${query}`); // also after the plan has become a generic one
        const after = await read();
        assert.equal(after.whole, before.whole, 'no reading from end to end');
        assert.ok(after.rows - before.rows <= 7 * 2500, `${after.rows - before.rows} rows for seven pages`);
    });
}

test('別紙2 19条 one child’s story is read by index', async () => {
    const path = `/api/students/${people.at.a.one.students[0]}/audit`;
    await people.board.get(path);
    const before = await read();
    for (let i = 0; i < 7; i++) await people.board.get(path);
    assert.equal((await read()).whole, before.whole);
});
