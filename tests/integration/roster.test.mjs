// Imports of the roster: what a file would change is shown, then applied as a whole, then taken back.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startCity, live } from '../support/city.mjs';
import { absence, account, cast, day } from '../support/people.mjs';
import { act, changes, children, columns, csv, everything, problems, staged, upload } from '../support/roster.mjs';
import { zip } from '../support/zip.mjs';

const city = await startCity();
const people = await cast(city);
const { office, board } = people;
const { a, b } = people.at;
const kinds = async (person, made) => Object.fromEntries((await changes(person, made)).filter((row) => row.object === 'student').map((row) => [row.object_id, row.kinds]));
const child = (id) => city.one('select * from students where id = $1', [id]);
const done = async (answer) => { const { status, body } = await answer; assert.equal(status, 200, JSON.stringify(body)); return body; };
const name = async (answer) => { const { status, body } = await answer; return [status, body.type?.replace('/problems/', '')]; };
// School a's kind depends on the seed: a grade that it does not have.
const no_grade = (await city.one('select kind from schools where id = $1', [a.id])).kind === 'junior_high' ? 5 : 9;
const codeOf = async (school) => (await city.one('select code from schools where id = $1', [school])).code;

test('5(1)カ a file that says what the roster says changes nothing', async () => {
    const made = await staged(office, csv(await children(city, a.id)), { school_id: a.id, mode: 'bulk' });
    assert.deepEqual([made.state, made.n_errors, made.counts], ['checked', 0, {}]);
    assert.deepEqual(await changes(office, made), []);
});

test('5(1)カ what a file changes is shown by number and child, applied after confirmation, and undone exactly', async () => {
    const before = await everything(city);
    const rows = await children(city, a.id);
    const [moved, renamed, gone] = [a.one.students[2], a.one.students[3], a.two.students[3]];
    const two = await city.one('select grade, name from classes where id = $1', [a.two.id]);
    // In April the first grade is 新入.
    const newcomer = rows[0].grade === 1 && /-04-/.test(await day(city)) ? 'entered' : 'transferred_in';
    const file = rows.filter((row) => row.id !== gone).map((row) => {
        if (row.id === moved) return { ...row, grade: two.grade, class_name: two.name, number: 99 };
        if (row.id === renamed) return { ...row, family_name: '𠮷野家', family_kana: 'ヨシノヤ' };
        return row;
    });
    file.push({ ...rows[0], code: 'NEW-1', given_name: '新太', given_kana: 'しんた', number: 98, class_name: '新しい組' });
    const made = await staged(office, csv(file), { school_id: a.id, mode: 'bulk' });
    assert.deepEqual([made.n_errors, made.counts], [0, { class: 1, class_new: 1, kana: 1, missing: 1, name: 1, [newcomer]: 1 }]);
    const found = await kinds(office, made);
    assert.deepEqual([found[moved], found[renamed], found[gone]], [['class'], ['name', 'kana'], ['missing']]);
    assert.deepEqual(await everything(city), before, 'nothing is applied before it is confirmed');
    assert.deepEqual((await office.get(`/api/roster/imports/${made.id}/summary`)).rows.map((row) => [row.kind, row.n]).sort(),
        [['class', 1], ['class_new', 1], ['kana', 1], ['missing', 1], ['name', 1], [newcomer, 1]].sort());
    const applied = await done(act(office, made, 'apply', { missing: true }));
    assert.deepEqual([applied.state, applied.may_undo], ['applied', true]);
    assert.deepEqual([(await child(moved)).class_id, (await child(moved)).number], [a.two.id, 99]);
    assert.deepEqual([(await child(renamed)).family_name, (await child(renamed)).family_kana], ['𠮷野家', 'よしのや']);
    assert.notEqual((await child(gone)).left_on, null);
    const fresh = await city.one(`select s.*, c.name from students s join classes c on c.id = s.class_id where s.code = 'NEW-1'`);
    assert.deepEqual([fresh.name, fresh.school_id, fresh.changed_by], ['新しい組', a.id, office.account]);
    assert.deepEqual(await name(act(office, made, 'apply', {})), [409, 'wrong_state']);
    const versions = await city.query('select version, action, made_by, import_id from student_versions where student_id = $1 order by version', [gone]);
    assert.deepEqual(versions.map((row) => row.action), ['made', 'left']);
    assert.deepEqual([versions[1].made_by, versions[1].import_id], [office.account, made.id]);
    assert.equal((await done(act(office, made, 'undo'))).state, 'undone');
    assert.deepEqual(await everything(city), before);
    assert.deepEqual(await name(act(office, made, 'undo')), [409, 'wrong_state']);
    assert.deepEqual((await city.query('select action from student_versions where student_id = $1 order by version', [fresh.id])).map((row) => row.action), ['made', 'removed']);
    const audit = await city.query(`select action, detail from audit where object_kind = 'roster_import' and object_id = $1 order by id`, [made.id]);
    assert.deepEqual(audit.map((row) => row.action), ['roster_planned', 'roster_applied', 'roster_undone']);
    assert.doesNotMatch(JSON.stringify(audit), /[ぁ-ん一-龠]/, 'no names in the audit');
});

test('5(1)カ 消失 stays unless it is confirmed', async () => {
    const before = await everything(city);
    const made = await staged(office, csv((await children(city, a.id)).slice(1)), { school_id: a.id, mode: 'bulk' });
    assert.deepEqual(made.counts, { missing: 1 });
    await done(act(office, made, 'apply', {}));
    assert.deepEqual(await everything(city), before);
    assert.deepEqual(await name(act(office, await staged(office, csv((await children(city, a.id)).slice(1)), { school_id: a.id }), 'apply', { missing: true, left_on: '2100-01-01' })), [422, 'future_day']);
});

test('5(1)カ a delta changes what it names', async () => {
    const rows = await children(city, a.id);
    const made = await staged(office, csv([{ ...rows[0], given_name: '改名' }, { ...rows[1], gone: true }]), { school_id: a.id, mode: 'delta' });
    assert.deepEqual(made.counts, { left: 1, name: 1 });
    await done(act(office, made, 'apply', { left_on: '2026-05-01' }));
    assert.equal((await child(rows[1].id)).left_on, '2026-05-01');
    await done(act(office, made, 'undo'));
});

test('5(1)カ problems name line and code; nobody counts as 消失; the rest applies only when that is asked for', async () => {
    const rows = await children(city, a.id);
    const [one, two, three, four, five, six, seven] = rows;
    const b_code = await codeOf(b.id);
    const stranger = (await children(city, b.id))[0];
    const file = [
        one,
        { ...two, school_code: b_code },
        { ...three, school_code: 'X99' },
        { ...four, grade: no_grade },
        { ...five, number: one.number, grade: one.grade, class_name: one.class_name },
        { ...stranger, school_code: six.school_code, number: 77 },
        { ...six, code: 'NEW-2', family_name: '新', given_name: '子', family_kana: '', given_kana: '' , number: 88 },
        { ...seven, given_name: '改' },
    ];
    const made = await staged(office, csv(file), { school_id: a.id, mode: 'bulk' });
    const found = (await problems(office, made)).map((row) => [row.line, row.code, row.severity]);
    assert.deepEqual(found.filter(([, , severity]) => severity === 'error').map(([line, code]) => `${line} ${code}`).sort(),
        ['3 foreign_school', '4 unknown_school', '5 grade_range', '6 duplicate_number', '7 other_school', '8 missing_kana'].sort());
    assert.ok(found.some(([, code]) => code === 'missing_not_judged'));
    assert.deepEqual(made.counts, { name: 1 });
    assert.deepEqual(await name(act(office, made, 'apply', {})), [409, 'has_problems']);
    const before = await everything(city);
    await done(act(office, made, 'apply', { problems: true, missing: true }));
    assert.equal((await child(seven.id)).given_name, '改');
    await done(act(office, made, 'undo'));
    assert.deepEqual(await everything(city), before);
});

test('5(1)カ without a code a child is known by names and class, then by names alone; two of one name are a problem', async () => {
    const rows = (await children(city, a.id)).map((row) => ({ ...row, code: null }));
    await city.query(`update students set family_name = '双子', given_name = '同名', family_kana = 'ふたご', given_kana = 'どうめい' where id = any ($1)`, [[a.two.students[1], a.two.students[2]]]);
    const first = a.one.students[0];
    const file = rows.map((row) => (row.id === first ? { ...row, class_name: '移った組' } : row))
        .map((row) => (a.two.students.slice(1, 3).includes(row.id) ? { ...row, family_name: '双子', given_name: '同名', family_kana: 'ふたご', given_kana: 'どうめい' } : row));
    const made = await staged(office, csv(file), { school_id: a.id, mode: 'bulk' });
    const row = (await changes(office, made)).find((each) => each.object_id === first);
    assert.ok(row, 'found by name');
    assert.equal(row.matched_by, 'name');
    assert.equal((await problems(office, made)).filter((each) => each.code === 'ambiguous').length, 2);
    await done(act(office, made, 'discard'));
    assert.deepEqual(await name(act(office, made, 'apply', {})), [409, 'wrong_state']);
});

test('5(1)カ a plan is of one moment: what changed since makes it stale; planned anew it applies', async () => {
    const rows = await children(city, a.id);
    const made = await staged(office, csv([{ ...rows[0], given_name: '次' }]), { school_id: a.id, mode: 'delta' });
    await city.query(`update students set number = number + 500, version = version + 1 where id = $1`, [rows[5].id]);
    assert.deepEqual(await name(act(office, made, 'apply', {})), [409, 'stale_plan']);
    await done(act(office, made, 'plan'));
    await done(act(office, made, 'apply', {}));
    const far = await staged(office, csv([{ ...rows[0], given_name: '次の次' }]), { school_id: a.id, mode: 'delta' });
    await city.query(`update students set number = number + 500, version = version + 1 where id = $1`, [b.one.students[0]]);
    await done(act(office, far, 'apply', {}));
});

test('5(1)カ undo is refused where it would overwrite what was done since, and says how much', async () => {
    const rows = await children(city, a.id);
    const made = await staged(office, csv([{ ...rows[0], given_name: '甲' }, { ...rows[1], given_name: '乙' }, { ...rows[0], code: 'NEW-3', number: 97, given_name: '丙' }]), { school_id: a.id, mode: 'delta' });
    await done(act(office, made, 'apply', {}));
    const fresh = await city.one(`select id from students where code = 'NEW-3'`);
    await account(city, { children: [fresh.id] });
    await city.query(`update students set given_name = '丁', version = version + 1 where id = $1`, [rows[0].id]);
    const refused = await act(office, made, 'undo');
    assert.deepEqual([refused.status, refused.body.type, refused.body.changed], [409, '/problems/undo_overwrites', 2]);
    assert.equal((await child(rows[1].id)).given_name, '乙');
});

test('5(1)カ the board\'s file moves a child to another school: the same child, its links go along, its past stays', async () => {
    const [student] = a.one.students;
    const [past, report] = [await absence(city, student, { first: -200 }), await absence(city, student, { first: 3 })];
    const places = async () => (await city.query('select school_id from absences where id = any ($1) order by first_day', [[past.id, report.id]])).map((row) => row.school_id);
    const rows = await children(city, a.id);
    const target = await city.one('select grade, name from classes where id = $1', [b.one.id]);
    const file = [{ ...rows.find((row) => row.id === student), school_code: await codeOf(b.id), grade: target.grade, class_name: target.name, number: 55 }];
    const made = await staged(board, csv(file), { mode: 'delta' });
    assert.deepEqual(made.counts, { moved: 1 });
    await done(act(board, made, 'apply', {}));
    assert.equal((await child(student)).school_id, b.id);
    const links = await city.query('select school_id from guardianships where student_id = $1', [student]);
    assert.ok(links.length >= 3 && links.every((row) => row.school_id === b.id));
    assert.deepEqual(await places(), [a.id, b.id], 'what is to come goes with it');
    assert.ok((await people.guardian.get('/api/children')).rows.some((row) => row.student_id === student && row.school_id === b.id));
    await done(act(board, made, 'undo'));
    assert.equal((await child(student)).school_id, a.id);
    assert.deepEqual(await places(), [a.id, a.id]);
});

test('5(1)カ the same key again is the same import; another body under it is refused', async () => {
    const file = csv(await children(city, a.id));
    const key = randomUUID();
    const first = await upload(office, file, { school_id: a.id }, key);
    const again = await upload(office, file, { school_id: a.id }, key);
    assert.deepEqual([first.status, again.status, again.body.id], [201, 201, first.body.id]);
    assert.deepEqual(await name(upload(office, csv([]), { school_id: a.id }, key)), [422, 'key_reused']);
});

test('7 a school imports for itself alone; the nurse and teachers don\'t; the city\'s import is the board\'s', async () => {
    const file = csv(await children(city, a.id));
    assert.equal((await upload(office, file, { school_id: b.id })).status, 404);
    assert.equal((await upload(office, file, {})).status, 404);
    assert.equal((await upload(people.nurse, file, { school_id: a.id })).status, 404);
    assert.equal((await upload(people.homeroom, file, { school_id: a.id })).status, 403);
    assert.equal((await upload(board, file, { school_id: 2_000_000_000 })).status, 404);
    const mine = await staged(office, file, { school_id: a.id });
    const whole = await staged(board, csv(await children(city)), {});
    for (const what of ['plan', 'apply', 'undo', 'discard']) {
        assert.equal((await act(people.far_office, mine, what, what === 'apply' ? {} : undefined)).status, 404);
        assert.equal((await act(office, whole, what, what === 'apply' ? {} : undefined)).status, 404);
    }
    for (const what of ['', '/summary', '/changes', '/problems']) assert.equal((await office.request('GET', `/api/roster/imports/${whole.id}${what}`)).status, 404);
    assert.ok(!(await people.far_office.get('/api/roster/imports')).rows.some((row) => row.id === mine.id || row.id === whole.id));
    assert.equal((await staged(people.administrator, file, { school_id: a.id })).state, 'checked');
});

test('5(1)カ files that can\'t be: empty, no CSV, another year, too large: each a clear answer, nothing stored half', async () => {
    const count = async () => (await city.one('select count(*) as n from roster_imports')).n;
    const empty = await staged(office, csv([]), { school_id: a.id, mode: 'bulk' });
    assert.deepEqual([empty.n_errors > 0, empty.counts], [true, {}], 'nobody disappears with an empty file');
    const binary = await staged(office, Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe, 0, 0]), { school_id: a.id });
    assert.deepEqual([binary.n_rows, binary.n_errors > 0, binary.counts], [0, true, {}]);
    const before = await count();
    assert.deepEqual(await name(upload(office, csv(await children(city, a.id)), { school_id: a.id, school_year: 2020 })), [422, 'wrong_year']);
    assert.equal((await upload(office, Buffer.alloc(33554433, 65), { school_id: a.id })).status, 413);
    assert.equal((await upload(office, csv([]), { school_id: a.id, kind: 'pdf' })).status, 400);
    assert.equal(await count(), before);
});

test('5(1)カ a ZIP that unpacks to a hundred megabytes, says less than it holds or is locked: a problem of the file, and the worker keeps its size', async () => {
    const [worker] = city.workers();
    const peak = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${worker}/status`, 'utf8'))[1]);
    const before = peak();
    const bomb = zip([['manifest.csv', 'propertyName,value\r\n'], ['users.csv', Buffer.alloc(100_000_000, 'a')]]);
    assert.ok(bomb.length < 1_000_000);
    for (const file of [bomb, zip([['users.csv', Buffer.alloc(100_000, 'a')]], { size: 10 }), zip([['users.csv', 'sourcedId\r\n']], { flags: 0x801 })]) {
        const made = await staged(office, file, { kind: 'oneroster', school_id: a.id });
        assert.deepEqual([made.n_rows, made.n_errors > 0, made.counts], [0, true, {}]);
    }
    assert.ok(peak() - before < 60_000, `${peak() - before} kB more`);
    assert.deepEqual(city.workers(), [worker]);
});

test('6(2) a saved mapping reads a file with other headings, in CP932; of another school it is not found', async () => {
    const { id } = await office.put('/api/roster/mappings', { school_id: a.id, name: 'スズキ校務', ...columns, code: '番号' });
    const again = await office.put('/api/roster/mappings', { school_id: a.id, name: 'スズキ校務', ...columns, code: '識別番号' });
    assert.equal(again.id, id);
    const rows = await children(city, a.id);
    const file = Buffer.from(csv(rows.map((row) => (row.id === rows[0].id ? { ...row, given_name: '別' } : row))).toString().replace('児童生徒コード', '識別番号'));
    const made = await staged(office, file, { school_id: a.id, mapping_id: id });
    assert.deepEqual(made.counts, { name: 1 });
    assert.equal((await upload(people.far_office, file, { school_id: b.id, mapping_id: id })).status, 404);
    assert.equal((await people.far_office.request('DELETE', `/api/roster/mappings/${id}`)).status, 404);
    assert.equal((await office.get(`/api/roster/mappings?school_id=${a.id}`)).rows.length, 1);
    await office.delete(`/api/roster/mappings/${id}`);
    assert.equal((await upload(office, file, { school_id: a.id, mapping_id: id })).status, 404);
});

test('5(1)カ what is exported, as OneRoster, CSV or CP932, is imported without a change', async () => {
    for (const [format, kind] of [['oneroster', 'oneroster'], ['csv', 'csv'], ['csv_cp932', 'csv']]) {
        for (const [person, school] of [[office, a.id], [board, null]]) {
            if (format === 'csv_cp932' && person === board) continue; // 〓
            const { status, raw, headers } = await person.request('GET', `/api/roster/export?format=${format}${school ? `&school_id=${school}` : ''}`);
            assert.equal(status, 200);
            assert.match(headers['content-disposition'], /filename\*=UTF-8''/);
            const made = await staged(person, raw, { kind, school_id: school });
            assert.deepEqual([made.n_errors, made.counts], [0, {}], `${format} ${school}: ${JSON.stringify((await problems(person, made)).slice(0, 3))}`);
        }
    }
    assert.equal((await office.request('GET', `/api/roster/export?school_id=${b.id}`)).status, 404);
});

test('5(2)誤-8 a child whose class changes stands in the new class on every live screen', async () => {
    const student = a.one.students[1];
    const report = await absence(city, student, { first: 1 });
    const [here, there] = [await live(people.homeroom), await live(people.colleague)];
    assert.ok((await here.subscribe(`absences/class/${a.one.id}`)).some((row) => row.id === report.id));
    assert.ok(!(await there.subscribe(`absences/class/${a.two.id}`)).some((row) => row.id === report.id));
    const row = (await children(city, a.id)).find((each) => each.id === student);
    const two = await city.one('select grade, name from classes where id = $1', [a.two.id]);
    const made = await staged(office, csv([{ ...row, grade: two.grade, class_name: two.name, number: 66 }]), { school_id: a.id, mode: 'delta' });
    await done(act(office, made, 'apply', {}));
    await there.row(`absences/class/${a.two.id}`, (each) => each.id === report.id && each.class_id === a.two.id);
    await here.until(() => ![...here.topics.get(`absences/class/${a.one.id}`).rows.values()].some((each) => each.id === report.id));
    here.close();
    there.close();
});
