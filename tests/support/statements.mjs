// The schema and its statements without the server: a migrated database of its own, and the .sql files' statements run
// by name, as the engine runs them (one transaction, the schools in view set in it).
//
//   const base = await startBase({ open: true });   // open: tests/support/functions_open.sql over the ownership functions
//   await base.run('absence_get', { actor: 1, id: 2 }, '1,5');          // rows
//   await base.gather('absence_report', [{ actor: 1, ... }, ...], '*'); // rows by request
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { pool, startCluster, top } from './city.mjs';

const engineTypes = { actor: 'bigint', idempotency_key: 'uuid', fingerprint: 'bytea' };

/** { name: { text, names, flags, gather } } of one file; the format is src/db/tool/README.md's. */
function read(path) {
    const found = {};
    const [, ...parts] = readFileSync(path, 'utf8').split(/^-- name: (\w+)$/m);
    for (let i = 0; i < parts.length; i += 2) {
        const lines = parts[i + 1].split('\n').slice(1);
        const head = lines.slice(0, lines.findIndex((line) => !line.startsWith('--')));
        const at = head.findIndex((line) => line.startsWith('-- takes:'));
        // A line that ends with a comma goes on.
        let last = at;
        while (last >= 0 && head[last].trim().endsWith(',')) last++;
        const takes = at < 0 ? '' : head.splice(at, last - at + 1).map((line) => line.replace(/^-- (takes:)?/, '')).join(' ');
        const types = { ...engineTypes, ...Object.fromEntries(takes.split(',').filter(Boolean).map((pair) => pair.trim().split(/\s+/))) };
        const flags = head.flatMap((line) => line.slice(3).split(' '));
        const array = flags.includes('gather') ? '[]' : '';
        const names = [];
        const body = lines.slice(head.length).filter((line) => !line.trim().startsWith('--')).join('\n');
        const text = body.slice(0, body.indexOf(';')).replace(/'(?:[^']|'')*'|::\w+|:([a-z_]\w*)/g, (all, name) => {
            if (!name) return all;
            if (!names.includes(name)) names.push(name);
            return `$${names.indexOf(name) + 1}::${types[name]}${array}`;
        });
        found[parts[i]] = { text, names, flags: new Set(flags.filter(Boolean)), gather: array !== '' };
    }
    return found;
}

export const statements = Object.assign({}, ...[
    'src/engine/engine.sql',
    ...readdirSync(join(top, 'src/modules'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory()).map(({ name }) => `src/modules/${name}/${name}.sql`),
].map((path) => read(join(top, path))));

class Base {
    /** Runs `work(client)` in one transaction of the app's role with these schools in view; null: none were set. */
    async within(schools, work) {
        const client = await this.app.connect();
        try {
            await client.query('begin');
            if (schools !== null) await client.query(`select set_config('todoke.schools', $1, true)`, [schools]);
            const result = await work(client);
            await client.query('commit');
            return result;
        } catch (error) {
            await client.query('rollback');
            throw error;
        } finally {
            client.release();
        }
    }

    async run(name, values, schools = '*') {
        const { text, names } = statements[name];
        return this.within(schools, async (client) => (await client.query(text, names.map((each) => values[each] ?? null))).rows);
    }

    /** One row, or undefined, for each request. */
    async gather(name, requests, schools = '*') {
        const { text, names } = statements[name];
        const columns = names.map((each) => requests.map((request) => request[each] ?? null));
        const rows = await this.within(schools, async (client) => (await client.query(text, columns)).rows);
        return requests.map((_, i) => rows.find((row) => row.ord === i + 1));
    }

    async one(text, values) { return (await this.db.query(text, values)).rows[0]; }
    async all(text, values) { return (await this.db.query(text, values)).rows; }
}

let bases = 0;

export async function startBase({ open = false } = {}) {
    const cluster = await startCluster();
    const name = `base_${process.pid}_${++bases}`;
    const admin = pool(await cluster.url('super', 'postgres'), 1);
    await admin.query(`create database ${name} owner todoke_owner`);
    const base = new Base();
    const owner = pool(await cluster.url('owner', name), 1);
    const sql = (dir) => readdirSync(join(top, dir)).filter((file) => file.endsWith('.sql')).sort().map((file) => join(top, dir, file));
    const files = [...sql('schema'), ...sql('schema/functions'), ...(open ? [join(top, 'tests/support/functions_open.sql')] : [])];
    for (const file of files) await owner.query(readFileSync(file, 'utf8'));
    base.name = name;
    base.owner = owner;
    base.app = pool(await cluster.url('app', name));
    base.db = pool(await cluster.url('super', name));
    for (const each of [base.app, base.db, owner]) each.on('error', () => {}); // the database is dropped under them
    base.listener = async () => {
        const client = new pg.Client(base.db.options);
        await client.connect();
        return client;
    };
    after(async () => {
        await Promise.all([base.app.end(), base.db.end(), owner.end()]);
        await admin.query(`drop database ${name} with (force)`);
        await admin.end();
    });
    return base;
}

/** Two schools of two classes of four children each; guardians 101 and 102 share the first child, 103 has the next. */
export async function furnish(base) {
    await base.db.query(`
        insert into city values (1, '試験市');
        insert into schools (id, code, name, kind, district, phone, sort)
        select n, 'E0' || n, '試験小学校' || n, 'elementary', '中央', '06-0000-000' || n, n from generate_series(1, 2) n;
        insert into classes (id, school_id, school_year, grade, name, sort)
        select n, (n + 1) / 2, school_year(), 3, n || '組', n from generate_series(1, 4) n;
        insert into students (id, school_id, class_id, number, family_name, given_name, family_kana, given_kana)
        select n, (n + 7) / 8, (n + 3) / 4, (n - 1) % 4 + 1, '試験', '子' || n, 'しけん', 'こ' from generate_series(1, 16) n;
        insert into accounts (id, login_id, family_name, given_name, family_kana, given_kana)
        select n, 'a' || n, '試験', '人', 'しけん', 'ひと' from generate_series(101, 120) n;
        insert into guardianships (account_id, student_id, school_id, relation)
        values (101, 1, 1, 'mother'), (102, 1, 1, 'father'), (103, 2, 1, 'mother'), (104, 9, 2, 'mother');
        insert into staff_roles (account_id, school_id, class_id, role)
        values (110, 1, 1, 'homeroom'), (111, 1, null, 'office'), (112, null, null, 'board'), (113, 2, null, 'office'),
               (114, 1, null, 'teacher'), (115, null, null, 'operator'), (116, 2, 3, 'homeroom');
        insert into reasons (id, school_id, sort, label) values (1, null, 1, '発熱'), (2, 1, 1, '校内'), (3, 2, 1, '校外');
        insert into absences (school_id, student_id, first_day, last_day, kind, via, reported_by, changed_by, changed_via)
        select s.school_id, s.id, today() + 20, today() + 20, 'absent', 'school', 111, 111, 'school' from students s;
        insert into absence_requests (absence_id, school_id, student_id, action, seen_version, made_by)
        select a.id, a.school_id, a.student_id, 'cancel', 1, 101 from absences a where a.student_id in (8, 16);
        insert into standing_absences (school_id, student_id, first_day, last_day, made_by, changed_by)
        select s.school_id, s.id, today() + 40, today() + 80, 111, 111 from students s where s.id in (8, 16);
        insert into attendance (school_id, student_id, class_id, day, state, seen_at, changed_by)
        select s.school_id, s.id, s.class_id, today() - 3, 'absent', now(), 111 from students s where s.id in (8, 16);
        insert into roll_calls (school_id, class_id, day, changed_by) select c.school_id, c.id, today() - 3, 111 from classes c;
        insert into closures (school_id, first_day, last_day, cause, made_by, changed_by) select n, today() - 9, today() - 8, 'influenza', 111, 111
        from generate_series(1, 2) n;
        insert into illnesses (school_id, student_id, disease, onset_on, via, made_by, changed_by)
        select s.school_id, s.id, 'other', today() - 60, 'school', 111, 111 from students s where s.id in (8, 16);
        insert into groups (id, school_id, name, purpose, holds, made_by, changed_by) select n, n, '料理クラブ', 'club', 'students', 111, 111 from generate_series(1, 2) n;
        insert into group_members (group_id, school_id, student_id, added_by) select n, n, n * 8, 111 from generate_series(1, 2) n;
        insert into register_corrections (school_id, student_id, day, made_by)
        select s.school_id, s.id, today() - 3, 111 from students s where s.id in (8, 16);
        insert into escalations (school_id, day, reports) select n, today() - 3, 2 from generate_series(1, 2) n;
        insert into inquiries (school_id, student_id, day, asked_by)
        select s.school_id, s.id, today() - 3, 111 from students s where s.id in (8, 16);
        insert into audit (action, object_kind, school_id) values ('made', 'school', 1), ('made', 'school', 2);
        insert into roster_mappings (school_id, name, columns, changed_by) select n, '対応表', '{"code": "番号"}', 111 from generate_series(1, 2) n;
        insert into export_mappings (school_id, name, file, headings, fields, charset, separator, with_heading, neutralised, changed_by)
        select n, 'スズキ校務', 'sums', '{番号}', '{code}', 'utf8', 'comma', true, true, 111 from generate_series(1, 2) n;
        insert into roster_imports (id, school_id, kind, mode, school_year, made_by)
        select n, n, 'csv', 'bulk', school_year(), 111 from generate_series(1, 2) n;
        insert into roster_rows (import_id, nth, school_id, line) select n, 1, n, 2 from generate_series(1, 2) n;
        insert into roster_problems (import_id, school_id, found_by, severity, code, says)
        select n, n, 'file', 'error', 'missing', '氏名がありません。' from generate_series(1, 2) n;
        insert into roster_changes (import_id, object, object_id, school_id, kinds, after)
        select n, 'student', n * 8, n, '{number}', '{}' from generate_series(1, 2) n;
        insert into erasures (kind, school_id, years) values ('graduates', 1, 5), ('graduates', 2, 5);
        insert into erasure_students (erasure_id, student_id, school_id)
        select e.id, s.id, s.school_id from erasures e join students s on s.school_id = e.school_id and s.id in (8, 16);
        insert into invitations (school_id, kind, student_id, letter, code_sha256, expires_at)
        select n, 'link', n * 8, 1, sha256(convert_to('letter ' || n, 'UTF8')), now() + interval '1 day' from generate_series(1, 2) n;
        insert into staff_invitations (school_id, role, family_name, given_name, family_kana, given_kana, code_sha256, made_by, expires_at)
        select n, 'office', '招待', '花子', 'しょうたい', 'はなこ', sha256(convert_to('staff ' || n, 'UTF8')), 111, now() + interval '1 day'
        from generate_series(1, 2) n;
        insert into calendar_entries (school_id, first_day, last_day, kind, label) select n, today() + 400, today() + 401, 'closed', '開校記念日' from generate_series(1, 2) n
        union all select null, today() - 65, today() + 300, 'school_day', '毎日授業（試験用）';
        insert into school_day_exceptions (school_id, grade, day, is_school, label) select n, 9, '2000-01-01', true, '試験' from generate_series(1, 2) n;
        insert into intake_rules (school_id, days, first_day, last_day, from_time, to_time, kinds, about, message)
        select nullif(n, 0), 'dates', '2000-01-01'::date, '2000-01-01'::date, '08:30'::time, '15:00'::time, '{absent}'::text[], 'same_day', '電話でお願いします。' from generate_series(0, 2) n;
        select setval('roster_imports_id_seq', 2), setval('students_id_seq', 16), setval('classes_id_seq', 4), setval('groups_id_seq', 2);`);
}
