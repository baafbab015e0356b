// The roll-over (年次更新) of a whole small city, against a model of our own; lists, corrections, its day, and back.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity, sleep } from '../support/city.mjs';
import { cast } from '../support/people.mjs';
import { act, changes, csv, everything, problems, staged } from '../support/roster.mjs';

const city = await startCity({ workers: 2 });
const people = await cast(city);
const { office, board } = people;
const { a } = people.at;
const name = async (answer) => { const { status, body } = await answer; return [status, body?.type?.replace('/problems/', '')]; };
const done = async (answer) => { const { status, body } = await answer; assert.ok(status < 300, JSON.stringify(body)); return body; };
const { year } = await city.one('select school_year() as year');
const LAST = { elementary: 6, junior_high: 3, special_needs: 9 };

const people_of = () => city.query(
    `select s.id, s.code, s.school_id, s.number, s.left_on, s.exchange_class_id, c.school_year, c.grade, c.name, c.kind, sc.kind as school, sc.next_school_id,
            s.family_kana, s.given_kana, s.family_name, s.given_name, sc.code as school_code
     from students s join classes c on c.id = s.class_id join schools sc on sc.id = s.school_id order by s.id`);

/** What should become of each child, by the rules in words. */
function model(before, { lists = {}, corrections = {} } = {}) {
    return new Map(before.map((child) => {
        const stays = { school_id: child.school_id, school_year: child.school_year, grade: child.grade, name: child.name, left_on: null };
        const next = corrections[child.id] ?? lists[child.code];
        if (next) return [child.id, { ...stays, school_year: year + 1, ...next }];
        if (child.grade < LAST[child.school]) return [child.id, { ...stays, school_year: year + 1, grade: child.grade + 1 }];
        if (child.school !== 'elementary') return [child.id, { ...stays, left_on: `${year + 1}-03-31` }];
        if (child.next_school_id === null) return [child.id, stays];
        return [child.id, { school_id: child.next_school_id, school_year: year + 1, grade: 1, name: '未編成', left_on: null }];
    }));
}
const outcome = async () => new Map((await people_of()).map(({ id, school_id, school_year, grade, name: of, left_on }) => [id, { school_id, school_year, grade, name: of, left_on }]));

// One elementary school whose children nobody knows a junior high school for.
const undecided = await city.one(
    `select s.id from schools s where s.kind = 'elementary' and s.id <> $1
       and exists (select from students t join classes c on c.id = t.class_id where t.school_id = s.id and c.grade = 6 and t.left_on is null) order by id limit 1`, [a.id]);
let made;

test('5(1)カ 年次更新 is prepared by the board, once for a year, and changes nothing yet', async () => {
    assert.equal((await board.put(`/api/schools/${undecided.id}/next-school`, {})).id, undecided.id);
    assert.deepEqual(await name(office.request('POST', '/api/roster/rollovers', { body: {}, key: crypto.randomUUID() })), [403, 'forbidden']);
    const before = await everything(city);
    const key = crypto.randomUUID();
    made = await board.post('/api/roster/rollovers', {}, key);
    assert.deepEqual([made.kind, made.state, made.school_year, made.on_day], ['rollover', 'checked', year + 1, `${year + 1}-04-01`]);
    assert.equal((await board.post('/api/roster/rollovers', {}, key)).id, made.id, 'the same key, the same roll-over');
    assert.deepEqual(await name(board.request('POST', '/api/roster/rollovers', { body: {}, key: crypto.randomUUID() })), [409, 'rollover_exists']);
    assert.deepEqual(await everything(city), before);
    const expected = { promoted: 0, advanced: 0, graduated: 0 };
    let waiting = 0;
    for (const child of await people_of()) {
        if (child.grade < LAST[child.school]) expected.promoted++;
        else if (child.school !== 'elementary') expected.graduated++;
        else if (child.next_school_id === null) waiting++;
        else expected.advanced++;
    }
    assert.ok(waiting > 0 && expected.graduated > 0 && expected.advanced > 0);
    assert.deepEqual({ promoted: made.counts.promoted, advanced: made.counts.advanced, graduated: made.counts.graduated }, expected);
    assert.equal(made.n_warnings, waiting);
    assert.ok((await problems(board, made)).every((row) => row.code === 'undecided' && row.student_id));
    const listed = (await board.get(`/api/roster/imports/${made.id}/places?undecided=true`)).rows;
    assert.ok(listed.length === waiting && listed.every((row) => row.from_school_id === undecided.id));
});

let lists, corrections;
test('5(1)カ each school sees its part, books its own lists and corrects single children', async () => {
    const rows = (await people_of()).filter((child) => child.school_id === a.id && child.grade < LAST[child.school]);
    const grade = rows[0].grade + 1;
    const list = rows.filter((child) => child.grade === grade - 1)
        .map((child, i) => ({ ...child, school_year: year + 1, grade, class_name: i % 2 ? '東組' : '西組', class_kind: 'regular', number: i + 1 }));
    const newcomer = { ...list[0], code: 'NEXT-1', given_name: '来春', given_kana: 'らいはる', class_name: '東組', number: 90 };
    const booked = await staged(office, csv([...list, newcomer]), { school_id: a.id, school_year: year + 1 });
    assert.equal(booked.n_errors, 0, JSON.stringify(await problems(office, booked)));
    assert.ok(booked.counts.promoted === list.length && !booked.counts.missing, JSON.stringify(booked.counts));
    assert.equal((await done(act(office, booked, 'apply', {}))).state, 'booked');
    lists = Object.fromEntries(list.map((child) => [child.code, { grade: child.grade, name: child.class_name }]));
    const [one] = list;
    await done(office.request('PUT', `/api/roster/imports/${made.id}/places`, { body: { student_id: one.id, class_name: '南組', number: 7 } }));
    const twice = { student_id: list[1].id, class_name: '北組' };
    await done(office.request('PUT', `/api/roster/imports/${made.id}/places`, { body: twice }));
    await done(office.request('POST', `/api/roster/imports/${made.id}/places/clear`, { body: { student_id: twice.student_id } }));
    corrections = { [one.id]: { grade: one.grade, name: '南組' } };
    const far = (await people_of()).find((child) => child.school_id === people.at.b.id);
    assert.equal((await office.request('PUT', `/api/roster/imports/${made.id}/places`, { body: { student_id: far.id, class_name: '1組' } })).status, 404);
    assert.equal((await office.request('PUT', `/api/roster/imports/${made.id}/places`, { body: { student_id: one.id, grade: 9, school_id: a.id } })).status,
        (await city.one('select kind from schools where id = $1', [a.id])).kind === 'special_needs' ? 200 : 400);
    made = await done(act(board, made, 'plan'));
    const mine = (await office.get(`/api/roster/imports/${made.id}/places?school_id=${a.id}`)).rows;
    const place = mine.find((row) => row.student_id === one.id);
    assert.deepEqual([place.class_name, place.next_number, place.source], ['南組', 7, 'manual']);
    assert.equal(mine.find((row) => row.student_id === twice.student_id).source, 'list');
    const classes = (await office.get(`/api/roster/imports/${made.id}/classes?school_id=${a.id}`)).rows;
    assert.equal(classes.find((row) => row.class_name === '東組').students, mine.filter((row) => row.class_name === '東組').length);
    assert.equal((await office.request('GET', `/api/roster/imports/${made.id}/places?school_id=${people.at.b.id}`)).status, 404);
    assert.equal((await office.request('GET', `/api/roster/imports/${made.id}/places`)).status, 404);
    assert.ok((await changes(office, made)).every((row) => row.school_id === a.id));
});

let before;
test('5(1)カ on its day, five past midnight, one of the workers carries it out, once', async () => {
    assert.deepEqual(await name(act(board, made, 'apply', {})), [409, 'too_early']);
    assert.deepEqual(await name(act(board, made, 'schedule', { on_day: `${year}-05-01` })), [422, 'wrong_year']);
    assert.equal((await done(act(board, made, 'schedule', { on_day: `${year + 1}-04-02` }))).state, 'scheduled');
    assert.equal((await done(act(board, made, 'unschedule'))).state, 'checked');
    assert.equal((await done(act(board, made, 'schedule', { on_day: `${year + 1}-04-01` }))).on_day, `${year + 1}-04-01`);
    // A child that leaves, one that comes, after all was prepared: what counts is the roster of the day.
    const [gone, moved] = a.two.students;
    await city.query('update students set left_on = today() where id = $1', [gone]);
    before = await everything(city);
    const children = (await people_of()).filter((child) => child.left_on === null);
    await city.query(`update roster_imports set on_day = today() - 1 where id = $1`, [made.id]);
    city.server.kill('SIGHUP');
    for (let i = 0; (await city.one('select state from roster_imports where id = $1', [made.id])).state !== 'applied'; i++) {
        assert.ok(i < 300, 'nobody carried it out');
        await sleep(100);
    }
    await Promise.all(Array.from({ length: 8 }, () => city.query('select roster_due()')));
    assert.equal((await city.query(`select id from audit where action = 'roster_applied' and object_id = $1`, [made.id])).length, 1);
    const expected = model(children, { lists, corrections });
    const found = await outcome();
    for (const [id, want] of expected) assert.deepEqual(found.get(id), want, `child ${id}`);
    assert.ok(expected.has(moved) && !expected.has(gone));
    const twice = await city.query('select class_id, number from students where left_on is null group by 1, 2 having count(*) > 1');
    assert.deepEqual(twice, [], 'no number twice in a class');
    assert.deepEqual(await city.query('select id from classes where school_year = $1 and not exists (select from students s where classes.id in (s.class_id, s.exchange_class_id))', [year + 1]), []);
    assert.equal((await city.one(`select c.name from students s join classes c on c.id = s.class_id where s.code = 'NEXT-1'`)).name, '東組');
});

test('5(1)カ guardians\' links go along; graduates\' links end after a time for reading; class roles end with the year; history stays', async () => {
    const wrong = await city.query(`select g.student_id from guardianships g join students s on s.id = g.student_id where s.school_id <> g.school_id`);
    assert.deepEqual(wrong, []);
    const links = await city.query(`select distinct g.valid_to from guardianships g join students s on s.id = g.student_id where s.left_on = make_date($1, 3, 31)`, [year + 1]);
    assert.deepEqual(links.map((row) => row.valid_to), [`${year + 1}-04-30`]);
    const roles = await city.query(`select distinct valid_to from staff_roles r join classes c on c.id = r.class_id where c.school_year = $1`, [year]);
    assert.deepEqual(roles.map((row) => row.valid_to), [`${year + 1}-03-31`]);
    const lost = await city.one(`select count(*)::int as n from students s where s.left_on = make_date($1, 3, 31) and not exists (select from student_versions v where v.student_id = s.id and v.action = 'left')`, [year + 1]);
    assert.equal(lost.n, 0);
});

test('5(1)カ run twice it answers clearly and doubles nothing; undone, all is as it was, and its lists are booked again', async () => {
    const after = await everything(city);
    assert.deepEqual(await name(act(board, made, 'apply', {})), [409, 'wrong_state']);
    assert.deepEqual(await name(board.request('POST', '/api/roster/rollovers', { body: {}, key: crypto.randomUUID() })), [409, 'rollover_exists']);
    assert.deepEqual(await everything(city), after);
    assert.equal((await done(act(board, made, 'undo'))).state, 'undone');
    assert.deepEqual(await everything(city), before);
    assert.equal((await city.one(`select count(*)::int as n from roster_imports where state = 'booked'`)).n, 1);
    const again = await board.post('/api/roster/rollovers', {});
    assert.equal(again.counts.promoted > 0, true);
    assert.equal((await done(act(board, again, 'discard'))).state, 'discarded');
});
