// The database alone: the fence of row-level security, the history and the audit that nobody rewrites.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { furnish, startBase, statements } from '../support/statements.mjs';

const base = await startBase({ open: true }); // every ownership rule says yes: the fence stands alone
before(() => furnish(base));

const fenced = async () => (await base.all(
    `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as fenced, pg_get_userbyid(c.relowner) as owner
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`));

test('7(3) every table with a school_id is fenced, its owner included', async () => {
    const tables = await fenced();
    assert.ok(tables.length >= 8, `${tables.length} tables`);
    assert.deepEqual(tables.filter((table) => !table.fenced), []);
});

test('7(3) the app owns nothing, and passes no fence by right', async () => {
    const role = await base.one(`select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as mighty,
        (select count(*) from pg_class where relowner = r.oid) as owns from pg_roles r where rolname = 'todoke_app'`);
    assert.deepEqual(role, { mighty: false, owns: 0 });
});

test('7(3) with one school in view no table shows another school\'s row', async () => {
    for (const { name } of await fenced()) {
        const [own, foreign] = await base.within('1', async (client) => (await client.query(
            `select count(*) filter (where school_id = 1)::int as own, count(*) filter (where school_id <> 1)::int as far from ${name}`))
            .rows.flatMap(({ own: mine, far }) => [mine, far]));
        assert.ok(own > 0, `${name} shows its own rows`);
        assert.equal(foreign, 0, name);
    }
});

test('7(3) with no school in view there are no rows, but what the city shares', async () => {
    for (const schools of [null, '']) {
        for (const { name } of await fenced()) {
            const { rows } = await base.within(schools, (client) => client.query(`select school_id from ${name}`));
            assert.deepEqual(rows.filter((row) => row.school_id !== null || !['reasons', 'calendar_entries', 'intake_rules'].includes(name)), [], name);
        }
    }
});

test('7(3) the tables\' owner is fenced like the app', async () => {
    const { rows } = await base.owner.query('select count(*)::int as n from students');
    assert.equal(rows[0].n, 0);
});

test('7(3) nothing is written into another school', async () => {
    await assert.rejects(base.within('1', (client) => client.query(
        `insert into absences (school_id, student_id, first_day, last_day, kind, via, reported_by, changed_by, changed_via)
         values (2, 10, today(), today(), 'absent', 'school', 111, 111, 'school')`)), { code: '42501' });
    const { rowCount } = await base.within('1', (client) => client.query(`update absences set note = 'x' where school_id = 2`));
    assert.equal(rowCount, 0);
});

test('7(3) statements whose own rules all say yes still show one school only', async () => {
    const [far] = await base.all('select id from absences where school_id = 2 order by id limit 1');
    assert.deepEqual(await base.run('absence_get', { actor: 101, id: far.id }, '1'), []);
    assert.deepEqual((await base.run('class_students', { actor: 101, class_id: 3 }, '1')).map((row) => row.outcome), ['not_found']);
    assert.deepEqual((await base.run('absence_cancel', { actor: 101, id: far.id, version: 1 }, '1')), []);
    const [report] = await base.gather('absence_report', [{ actor: 101, student_id: 10, first_day: '2099-01-01', kind: 'absent' }], '1');
    assert.equal(report.outcome, 'not_found');
    for (const name of ['absences_of_class', 'absences_of_school', 'absences_of_student']) {
        const rows = await base.within('1', async (client) => (await client.query(statements[name].text, [[2, 3, 9, 10]])).rows);
        assert.deepEqual(rows.filter((row) => row.school_id !== 1), [], name);
    }
});

test('別紙2 4条 history and audit can be neither changed nor deleted, by the app or by the owner', async () => {
    for (const table of ['absence_versions', 'audit', 'audit_chain']) {
        for (const change of [`delete from ${table}`, `truncate ${table} cascade`]) {
            await assert.rejects(base.within('*', (client) => client.query(change)), { code: '42501' }, change);
            await assert.rejects(base.owner.query(change), { code: '42501' }, change);
        }
    }
    await assert.rejects(base.within('*', (client) => client.query(`update audit set action = 'x'`)), { code: '42501' });
    await assert.rejects(base.owner.query(`update absence_versions set note = 'x'`), { code: '42501' });
    await assert.rejects(base.within('*', (client) => client.query(
        `insert into absence_versions select * from absence_versions limit 1`)), { code: '42501' });
});

test('別紙2 4条 the audit chain holds under concurrent writers, and shows what was tampered with', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => base.within('1', (client) => client.query(
        `insert into audit (account_id, action, object_kind, school_id) select 101, 'tried', 'school', 1 from generate_series(1, $1)`, [1 + i % 3]))));
    const verify = `set todoke.schools = '*'; select audit_verify() as broken`;
    const client = await base.db.connect();
    try {
        const broken = async () => (await client.query(verify))[1].rows[0].broken;
        assert.equal(await broken(), null);
        await client.query(`set session_replication_role = 'replica'`);
        await client.query('begin');
        await client.query(`update audit set account_id = 102 where id = (select audit_id from audit_chain where seq = 5)`);
        assert.equal(await broken(), 5);
        await client.query('rollback; begin');
        await client.query('delete from audit_chain where seq = 7');
        assert.notEqual(await broken(), null);
        await client.query('rollback');
    } finally {
        client.release(true);
    }
});

test('a statement announces its rows once, a withdrawn link its account', async () => {
    const ears = await base.listener();
    const heard = [];
    ears.on('notification', ({ channel, payload }) => heard.push(`${channel} ${payload}`));
    await ears.query('listen live; listen access');
    const ids = (await base.all(`update absences set version = version + 1 where school_id = 2 and student_id < 12 returning id`)).map((row) => row.id);
    await base.db.query(`update guardianships set valid_to = valid_from where account_id = 104`);
    await base.db.query(`insert into sessions (token_sha256, account_id, expires_at) values (sha256('x'), 101, now() + interval '1 hour')`);
    await base.db.query(`update sessions set last_seen_at = now()`);
    await base.db.query(`update sessions set ended_at = now()`);
    await base.db.query(`update accounts set closed_at = now() where id = 120`);
    await ears.query('select 1');
    await ears.end();
    const [live, ...access] = heard;
    assert.deepEqual(live.replace('live absences ', '').split(',').map(Number).sort(), ids.sort());
    assert.deepEqual(access, ['access 104', 'access 101', 'access 120']);
});

test('5(2)誤-1 a child has one report for a day; times fit the kind; a range has its bounds', async () => {
    const put = (values, arrive = null, leave = null) => base.db.query(
        `insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, via, reported_by, changed_by, changed_via)
         values (1, 3, ${values}, $1, $2, 'school', 111, 111, 'school')`, [arrive, leave]);
    await assert.rejects(put(`today() + 19, today() + 21, 'absent'`), { code: '23P01', constraint: 'absences_once' });
    for (const [values, constraint, ...times] of [
        [`today() + 1, today() + 1, 'leave_early'`, 'absences_arrive', '09:00'],
        [`today() + 1, today() + 1, 'late'`, 'absences_leave', null, '13:00'],
        [`today() + 1, today() + 1, 'late_and_leave_early'`, 'absences_times', '13:00', '09:00'],
        [`today() + 2, today() + 1, 'absent'`, 'absences_range'],
        [`today() + 100, today() + 131, 'absent'`, 'absences_range'],
    ]) await assert.rejects(put(values, ...times), { code: '23514', constraint }, values);
});

test('sessions from before there were proofs are as old as their beginning, new ones are fresh', async () => {
    const client = await base.owner.connect();
    try {
        await client.query('begin');
        await client.query('alter table sessions drop column proved_at');
        await client.query(`insert into sessions (token_sha256, account_id, created_at, expires_at) values (sha256('old'), 101, now() - interval '1 day', now() + interval '1 day')`);
        await client.query(readFileSync(new URL('../../schema/0022_proof.sql', import.meta.url), 'utf8'));
        await client.query(`insert into sessions (token_sha256, account_id, expires_at) values (sha256('new'), 101, now() + interval '1 day')`);
        const { rows } = await client.query(`select session_proved(proved_at) as proved from sessions where token_sha256 in (sha256('old'), sha256('new')) order by id`);
        assert.deepEqual(rows.map((row) => row.proved), [false, true]);
    } finally {
        await client.query('rollback');
        client.release();
    }
});
