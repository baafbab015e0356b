// Every statement against the real schema; the rules that the schema itself must keep.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { startCity, binary, pool } from '../support/city.mjs';
import { absence, places } from '../support/people.mjs';
import { statements } from '../support/statements.mjs';

const city = await startCity();
const all = statements();
const app = new pg.Client(pool(await city.cluster.url('app', city.database)).options);
await app.connect();
test.after(() => app.end());

const whole = (text) => app.query(`begin; select set_config('todoke.schools', '${text}', true)`);

test('there are statements, and no two have one name', () => {
    assert.ok(all.length > 20);
    assert.equal(new Set(all.map((each) => each.name)).size, all.length);
});

for (const each of all) {
    test(`${each.name} prepares and runs as the app's role`, async () => {
        const nulls = each.types.map(() => 'null').join(', ');
        await whole('*');
        try {
            await app.query(`prepare it${each.types.length ? ` (${each.types})` : ''} as ${each.text}`);
            const { fields } = await app.query(`execute it${nulls ? ` (${nulls})` : ''}`);
            const names = fields.map((field) => field.name);
            assert.equal(new Set(names).size, names.length, 'every column has a name of its own');
            assert.ok(names.every((name) => /^[a-z][a-z_0-9]*$/.test(name)), String(names));
            if (each.flags.has('gather')) assert.ok(names.includes('ord'), 'a gathered statement routes its rows by ord');
        } finally {
            await app.query('rollback');
            await app.query('deallocate all');
        }
    });
}

test('each statement uses :actor, or is on the list of those that need not', () => {
    const free = all.filter((each) => !each.params.includes('actor'));
    assert.deepEqual(free.filter((each) => !each.flags.has('public') && !each.flags.has('internal')).map((each) => each.name), []);
    // Reviewed by hand: what anybody may run who has no session yet.
    const reviewed = ['account_by_login', 'demo_accounts_list', 'login_failed', 'session_find', 'session_open'];
    assert.deepEqual(free.filter((each) => each.flags.has('public')).map((each) => each.name).sort(), reviewed);
});

test('what is not marked as a write writes nothing', () => {
    const writes = /\b(insert into|update [a-z]|delete from|nextval|for update)\b/i;
    assert.deepEqual(all.filter((each) => writes.test(each.text.replace(/--[^\n]*/g, '')) && !each.flags.has('write')).map((each) => each.name), []);
});

test('migrating again changes nothing', async () => {
    const before = await city.query('select count(*) as n from pg_class');
    execFileSync(binary, ['migrate', '--db', await city.cluster.url('owner', city.database)], { stdio: 'pipe' });
    assert.deepEqual(await city.query('select count(*) as n from pg_class'), before);
});

test('every table with a school stands behind row-level security, forced', async () => {
    const rows = await city.query(
        `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as fenced, count(p.*) as policies
         from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id' and not a.attisdropped
         left join pg_policy p on p.polrelid = c.oid
         where c.relkind in ('r', 'p') group by 1, 2`);
    assert.ok(rows.length >= 6);
    for (const row of rows) assert.ok(row.fenced && row.policies > 0, row.name);
});

test('the app owns nothing, bypasses nothing, and may not change what is only added to', async () => {
    const role = await city.one(`select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = 'todoke_app'`);
    assert.deepEqual(role, { rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false });
    assert.deepEqual(await city.query(`select relname from pg_class where relowner = 'todoke_app'::regrole`), []);
    const rights = await city.query(
        `select t, p from unnest(array['audit', 'absence_versions', 'audit_chain']) t, unnest(array['update', 'delete', 'truncate']) p
         where has_table_privilege('todoke_app', t, p)`);
    assert.deepEqual(rights, []);
    assert.equal((await city.one(`select has_schema_privilege('todoke_app', 'public', 'create') as may`)).may, false);
});

test('history and audit can not be rewritten, not even by the owner', async () => {
    for (const table of ['audit', 'absence_versions', 'audit_chain']) {
        for (const change of [`update ${table} set ${table === 'audit' ? 'action' : table === 'audit_chain' ? 'hash' : 'note'} = ${table === 'audit_chain' ? 'hash' : `'x'`}`, `delete from ${table}`, `truncate ${table} cascade`]) {
            await assert.rejects(city.query(change), /append-only/, change);
        }
    }
});

test('the audit chain is whole, and shows a change that somebody forced', async () => {
    const { at } = { at: await places(city) };
    await absence(city, at.a.one.students[0]);
    await city.demo('teacher');
    await city.demo('office');
    const check = async (client) => (await client.query('select audit_verify() as broken')).rows[0].broken;
    assert.equal(await check(city.db), null);
    assert.ok((await city.one('select count(*) as n from audit')).n >= 2);
    const admin = await city.db.connect();
    try {
        await admin.query('begin; set local session_replication_role = replica');
        await admin.query(`update audit set action = 'something_else' where id = (select min(id) from audit)`);
        assert.notEqual(await check(admin), null);
    } finally {
        await admin.query('rollback');
        admin.release();
    }
});

test('without schools set the app sees no row behind the fence; with one, only that one’s', async () => {
    const tables = ['classes', 'students', 'guardianships', 'absences', 'absence_versions'];
    const { a, b } = await places(city);
    await absence(city, a.one.students[0]);
    await absence(city, b.one.students[0]);
    for (const [schools, sees] of [['', () => false], [String(a.id), (id) => id === a.id], [`${a.id},${b.id}`, (id) => id === a.id || id === b.id]]) {
        await whole(schools);
        for (const table of tables) {
            const { rows } = await app.query(`select distinct school_id from ${table}`);
            assert.ok(rows.every((row) => sees(row.school_id)), `${table} with '${schools}'`);
            if (schools) assert.ok(rows.length > 0, table);
        }
        await app.query('rollback');
    }
    await app.query('begin');
    await assert.rejects(app.query(`insert into absences (school_id, student_id, first_day, last_day, kind, via, reported_by, changed_by, changed_via)
        values ($1, $2, today(), today(), 'absent', 'school', 1, 1, 'school')`, [a.id, a.one.students[1]]), /row-level security/);
    await app.query('rollback');
});

test('one announcement for a statement, whatever the number of rows', async () => {
    const { a } = await places(city);
    const listener = new pg.Client(pool(await city.cluster.url('super', city.database)).options);
    await listener.connect();
    const heard = [];
    listener.on('notification', (note) => heard.push(note.payload));
    await listener.query('listen live');
    await city.query(
        `insert into absences (school_id, student_id, first_day, last_day, kind, via, reported_by, changed_by, changed_via)
         select s.school_id, s.id, today() + 50, today() + 50, 'absent', 'school', x.id, x.id, 'school'
         from students s, (select min(id) as id from accounts) x where s.class_id = $1`, [a.one.id]);
    await listener.query('select 1');
    assert.equal(heard.filter((payload) => payload.startsWith('absences ')).length, 1);
    assert.equal(heard[0].split(/[ ,]/).length - 1, a.one.students.length);
    await listener.end();
});

test('5(1)エ the seeded city is a likely one, and the same for the same numbers', async () => {
    const city_of = await city.one(
        `select (select count(*) from students) as students, (select count(*) from schools) as schools,
                (select count(*) from (select student_id from guardianships group by 1 having count(*) = 2) x) as two_guardians,
                (select count(*) from (select account_id from guardianships group by 1 having count(*) > 1) x) as siblings,
                (select count(*) from students where family_kana !~ '^[ァ-ヶー]+$' or given_kana !~ '^[ァ-ヶー]+$') as bad_kana,
                (select count(*) from students where not exists (select from guardianships g where g.student_id = students.id)) as alone,
                (select count(*) from classes where kind = 'regular' and not exists (select from staff_roles r where r.class_id = classes.id and r.role = 'homeroom')) as no_teacher`);
    assert.ok(Math.abs(city_of.students - 600) <= 60, `${city_of.students} students`);
    for (const name of ['two_guardians', 'siblings']) assert.ok(city_of[name] > 0, name);
    for (const name of ['bad_kana', 'alone', 'no_teacher']) assert.equal(city_of[name], 0, name);
});
