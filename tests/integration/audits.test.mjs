// The audit answers "who saw or changed what, when": for a school's administrator and the board, and for nobody else.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { startCity, binary, live, serverEnv } from '../support/city.mjs';
import { absence, account, cast, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { at } = people;
const [child] = at.a.one.students;
const today = await day(city);
const put = (row) => city.one(
    `insert into audit (at, account_id, action, object_kind, object_id, school_id, detail)
     values (coalesce($1::timestamptz, clock_timestamp()), $2, $3, $4, $5, $6, $7) returning id`,
    [row.at ?? null, row.by ?? null, row.action, row.kind ?? 'school', row.object ?? at.a.id, row.school === undefined ? at.a.id : row.school, row.detail ?? {}]);
const list = async (person, query = {}) => (await person.get(`/api/audit?${new URLSearchParams(query)}`)).rows;
const refused = async (person, path, status) => assert.equal((await person.request('GET', path)).status, status, path);

test('別紙2 19条 an administrator reads the own school’s rows, the board all; each reading is a row itself', async () => {
    const mine = await put({ action: 'tried', by: people.office.account });
    const theirs = await put({ action: 'tried', school: at.b.id, object: at.b.id });
    const citys = await put({ action: 'tried', school: null, kind: 'city', object: 1 });
    const seen = await list(people.administrator, { school_id: at.a.id, action: 'tried' });
    assert.deepEqual(seen.map((row) => row.id), [mine.id]);
    assert.equal(seen[0].actor_kind, 'staff');
    assert.equal(seen[0].actor_name, '試験 花子');
    assert.equal(seen[0].school_id, at.a.id);
    assert.deepEqual((await list(people.board, { action: 'tried' })).map((row) => row.id), [citys.id, theirs.id, mine.id]);
    assert.deepEqual((await list(people.board, { action: 'tried', school_id: at.b.id })).map((row) => row.id), [theirs.id]);
    const readings = await list(people.board, { action: 'audit_read', account_id: people.administrator.account });
    assert.equal(readings.length, 1);
    assert.deepEqual([readings[0].object_kind, readings[0].object_id, readings[0].detail.action], ['school', at.a.id, 'tried']);
    assert.deepEqual(readings[0].school_id, at.a.id);
});

test('別紙2 19条 nobody else reads it, and not another school’s', async () => {
    for (const who of ['office', 'nurse', 'far_office']) {
        await refused(people[who], `/api/audit?school_id=${at.a.id}`, 404);
        await refused(people[who], '/api/audit', 404);
        await refused(people[who], `/api/students/${child}/audit`, 404);
    }
    for (const who of ['guardian', 'homeroom', 'teacher', 'operator', 'nobody']) await refused(people[who], '/api/audit', 403);
    await refused(people.administrator, '/api/audit', 400);
    await refused(people.administrator, `/api/audit?school_id=${at.b.id}`, 404);
    await refused(people.administrator, `/api/students/${at.b.one.students[0]}/audit`, 404);
    await refused(people.board, '/api/students/2000000000/audit', 404);
    await refused(people.board, '/api/audit?from=2026-02-02&to=2026-02-01', 400);
});

test('別紙2 19条 who is board and more in one account reads reports where they work; names elsewhere are recorded', async () => {
    const [far] = at.b.one.students;
    const there = await absence(city, far, { first: 3 });
    const here = await absence(city, child, { first: 3 });
    const roles = { teacher: { role: 'teacher', school_id: at.a.id }, office: { role: 'office', school_id: at.a.id }, guardian: null };
    for (const [name, role] of Object.entries(roles)) {
        const both = await city.as(await account(city, { roles: [{ role: 'board' }, role].filter(Boolean), children: role ? [] : [child] }));
        await refused(both, `/api/absences/${there.id}`, 404);
        await refused(both, `/api/absences/${there.id}/versions`, 404);
        assert.equal((await both.get(`/api/absences/${here.id}`)).id, here.id, name);
        const screen = await live(both);
        const topics = { teacher: ['class', at.a.one.id, at.b.one.id], office: ['school', at.a.id, at.b.id], guardian: ['student', child, far] };
        const [scope, own, other] = topics[name];
        assert.ok(Array.isArray(await screen.subscribe(`absences/${scope}/${own}`)), name);
        assert.equal((await screen.subscribe(`absences/${scope}/${other}`)).status, 404, name);
        if (!role) continue;
        await both.get(`/api/classes/${at.a.one.id}/students`);
        await both.get(`/api/classes/${at.b.one.id}/students`);
        const readings = await list(people.board, { action: 'class_students_read', account_id: both.account });
        assert.deepEqual(readings.map((row) => [row.object_id, row.school_id]), [[at.b.one.id, at.b.id]], name);
    }
});

test('the filters: days, who, what, about whom; each alone and together', async () => {
    const by = await account(city);
    const days = ['2031-05-01T00:00:00+09:00', '2031-05-01T23:59:59.999+09:00', '2031-05-02T00:00:00+09:00'];
    const ids = [];
    for (const moment of days) ids.push((await put({ at: moment, by, action: 'filtered', kind: 'student', object: child })).id);
    const about = (await put({ by, action: 'other', kind: 'account', object: people.guardian.account, detail: { student_id: child } })).id;
    const found = async (query) => (await list(people.board, query)).map((row) => row.id);
    assert.deepEqual(await found({ from: '2031-05-01', to: '2031-05-01' }), [ids[1], ids[0]]);
    assert.deepEqual(await found({ from: '2031-05-02' }), [ids[2]]);
    assert.deepEqual(await found({ account_id: by, to: '2031-05-01' }), [ids[1], ids[0], about]);
    assert.deepEqual(await found({ account_id: by, action: 'filtered' }), [ids[2], ids[1], ids[0]]);
    assert.deepEqual(await found({ object_kind: 'student', object_id: child, account_id: by }), [ids[2], ids[1], ids[0]]);
    assert.deepEqual(await found({ student_id: child, account_id: by }), [ids[2], ids[1], ids[0], about]);
    assert.deepEqual((await found({ person_id: people.guardian.account })).includes(about), true);
    assert.deepEqual(await found({ school_id: at.b.id, account_id: by }), []);
});

test('the log as a file says what it holds, and its making is recorded', async () => {
    const row = await put({ action: 'filed', by: people.office.account });
    const answer = await people.administrator.request('GET', `/api/audit?school_id=${at.a.id}&action=filed&format=csv`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^text\/csv/);
    const [head, line, end] = answer.raw.toString().replace(/^\ufeff/, '').split('\r\n');
    assert.match(head, /^日時,立場,だれが,利用者番号,操作/);
    assert.match(line, new RegExp(`教職員,試験 花子,${people.office.account},filed,school,${at.a.id},`));
    assert.equal(end, '');
    assert.ok(row.id);
    const [reading] = await list(people.board, { action: 'audit_read', account_id: people.administrator.account, limit: 1 });
    assert.equal(reading.detail.action, 'filed');
});

test('pages follow one another without a gap or a double, while rows are added', async () => {
    const by = await account(city);
    const all = [];
    for (let i = 0; i < 25; i++) all.push((await put({ by, action: 'paged', at: '2020-01-01T00:00:00Z' })).id);
    const seen = [];
    for (let before; ;) {
        const rows = await list(people.administrator, { school_id: at.a.id, action: 'paged', limit: 10, ...(before ? { before } : {}) });
        seen.push(...rows.map((row) => row.id));
        await put({ by, action: 'paged' });
        if (rows.length < 10) break;
        before = rows.at(-1).id;
    }
    assert.deepEqual(seen, all.toReversed());
    assert.deepEqual(await list(people.administrator, { school_id: at.a.id, before: 2_000_000_000 }), []);
});

test('別紙2 19条 one child’s: what happened to its data, and who read it', async () => {
    const one = at.a.one.students[1];
    const { id } = await absence(city, one, { first: 3, by: people.guardian.account, note: 'だれにも見せない' });
    await people.homeroom.post(`/api/absences/${id}/acknowledge`);
    await put({ by: people.office.account, action: 'student_changed', kind: 'student', object: one });
    await put({ by: people.administrator.account, action: 'link_changed', kind: 'account', object: people.guardian.account, detail: { student_id: one } });
    await put({ by: people.board.account, action: 'class_students_read', kind: 'class', object: at.a.one.id });
    await put({ by: people.board.account, action: 'school_students_read', kind: 'school', object: at.a.id });
    await put({ by: people.board.account, action: 'class_students_read', kind: 'class', object: at.a.two.id });
    const read = async (person, query = `?from=${today}`) => (await person.get(`/api/students/${one}/audit${query}`)).rows;
    const rows = await read(people.administrator);
    const seen = rows.map((row) => `${row.source} ${row.scope} ${row.action} ${row.actor_kind}`);
    assert.deepEqual(seen, [
        'audit school school_students_read board', 'audit class class_students_read board', 'audit student link_changed staff',
        'audit student student_changed staff', 'absence student absence_acknowledged staff', 'absence student absence_reported guardian',
    ]);
    assert.doesNotMatch(JSON.stringify(rows), /だれにも/);
    // Read again: the first reading stands there now. Page by page it is the same.
    const again = await read(people.board);
    assert.equal(again[0].action, 'student_audit_read');
    assert.equal(again.length, 7);
    const pages = [];
    for (let before = ''; pages.length < 20;) {
        const page = await read(people.board, `?limit=2&from=${today}&to=${today}${before}`);
        pages.push(...page.filter((row) => row.action !== 'student_audit_read').map((row) => row.action));
        if (page.length < 2) break;
        before = `&before=${page.at(-1).moment}`;
    }
    assert.deepEqual(pages, rows.map((row) => row.action));
    assert.deepEqual((await read(people.board, '?from=2035-01-01')), []);
});

const todoke = (...words) => promisify(execFile)(binary, words, { env: serverEnv() })
    .then(({ stdout }) => ({ code: 0, stdout }), ({ code, stdout, stderr }) => ({ code, stdout, stderr }));

test('todoke audit: whole, a changed row, a row taken out, an end that was cut off, a row that was never sealed', async () => {
    const db = await city.cluster.url('owner', city.database);
    const { n } = await city.one('select count(*)::int as n from audit');
    const whole = await todoke('audit', 'verify', '--db', db);
    assert.deepEqual([whole.code, whole.stdout.trim()], [0, `whole, ${n} rows`], whole.stderr);
    const anchor = (await todoke('audit', 'anchor', '--db', db)).stdout.trim();
    assert.match(anchor, new RegExp(`^${n}:[0-9a-f]{64}$`));
    assert.equal((await todoke('audit', 'verify', '--db', db, '--anchor', anchor)).code, 0);

    const owner = await city.db.connect();
    await owner.query(`set session_replication_role = 'replica'`);
    const tampered = async (change, back, what, words = []) => {
        await owner.query(change);
        const answer = await todoke('audit', 'verify', '--db', db, ...words);
        assert.equal(answer.code, 1, change);
        assert.match(answer.stderr, what, change);
        assert.equal((await owner.query('select audit_verify() is null as whole')).rows[0].whole, words.length > 0, change);
        await owner.query(back);
    };
    const row = (await owner.query('select a.* from audit a join audit_chain c on c.audit_id = a.id where c.seq = 5')).rows[0];
    await tampered(`update audit set account_id = 4711 where id = ${row.id}`, `update audit set account_id = ${row.account_id ?? 'null'} where id = ${row.id}`, /link 5\b/);
    await owner.query('create table kept as select * from audit_chain where seq in (7, (select max(seq) from audit_chain))');
    await tampered('delete from audit_chain where seq = 7', 'insert into audit_chain select * from kept where seq = 7', /link 7\b/);
    await tampered(`update audit_chain set hash = sha256('x') where seq = 7`, 'update audit_chain c set hash = k.hash from kept k where k.seq = c.seq', /link 7\b/);
    await tampered(`insert into audit (action, object_kind) values ('smuggled', 'city')`, `delete from audit where action = 'smuggled'`, /not sealed/);
    // The last row and its link taken out together: only who kept the head can tell.
    await owner.query('create table kept_row as select id, at, account_id, action, object_kind, object_id, school_id, detail from audit where id = (select audit_id from kept order by seq desc limit 1)');
    await tampered(`delete from audit_chain where seq = ${n}; delete from audit where id = (select id from kept_row)`,
        `insert into audit (id, at, account_id, action, object_kind, object_id, school_id, detail) overriding system value select * from kept_row;
         insert into audit_chain select * from kept where seq = ${n}`, new RegExp(`anchor ${n}\\b`), ['--anchor', anchor]);
    owner.release(true);
    assert.equal((await todoke('audit', 'verify', '--db', db, '--anchor', anchor)).code, 0);
    for (const words of [['verify', '--anchor', 'x'], ['verify', '--anchor', '5:zz'], ['dance'], []]) assert.equal((await todoke('audit', ...words, '--db', db)).code, 2, words.join(' '));
});

test('the log and the audit hold no name, no note and nothing that was typed', async () => {
    const answer = await people.board.request('GET', `/api/audit?action=${encodeURIComponent('ひみつ')}`, { key: randomUUID() });
    assert.equal(answer.status, 400);
    assert.doesNotMatch(city.log(), /ひみつ|%E3%81%B2/i);
    const { n } = await city.one(`select count(*)::int as n from audit where detail::text ~ '試験|花子'`);
    assert.equal(n, 0);
});
