// A plan outlives the table that it was made for: tables that were empty before the first morning are read by index in it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity, sleep } from '../support/city.mjs';
import { cast, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const scans = () => city.one(
    `select sum(t.seq_scan)::int as whole, sum(t.idx_scan)::int as by_index,
            (select idx_scan::int from pg_stat_user_indexes where indexrelname = 'absences_by_school') as by_school
     from pg_stat_user_tables t where t.relname in ('idempotency', 'absences')`);

test('a report reads no table from end to end, though the statistics call the table empty', async () => {
    const owner = await city.db.connect();
    await owner.query('set session_replication_role = replica'); // the records of reports can't be removed otherwise
    await owner.query('truncate absences, absence_versions, idempotency cascade');
    owner.release(true);
    await city.query('vacuum analyze absences, idempotency');
    assert.equal((await city.one(`select reltuples::int as n from pg_class where oid = 'absences'::regclass`)).n, 0);
    const before = await scans();
    const { students } = people.at.a.one;
    let now = before;
    for (let i = 0; now.by_index < before.by_index + 4 && i < 20; i++) {
        await people.guardian.post('/api/absences', { student_id: students[0], first_day: await day(city, i), kind: 'absent' });
        await sleep(1100); // a backend tells of its scans once a second
        now = await scans();
    }
    assert.ok(now.by_index >= before.by_index + 4, 'the look-up of the key was seen');
    assert.equal(now.whole, before.whole);
    assert.equal(now.by_school, before.by_school, 'a child is not looked for in its whole school');
});
