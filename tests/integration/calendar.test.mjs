// The calendar: what entries mean for a school, a grade and a day; who keeps them; what guardians read.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity } from '../support/city.mjs';
import { cast, day } from '../support/people.mjs';
import { addDays, dates, HOLIDAYS, isSchoolDay, random } from '../support/calendar_model.mjs';

const city = await startCity();
const people = await cast(city);
const { office, board, administrator, teacher, guardian } = people;
const { a, b } = people.at;
const said = async (answer) => { const { status, body } = await answer; return [status, body?.type?.replace('/problems/', '') ?? null]; };
const is = async (school, grade, on) => (await city.one('select is_school_day($1, $2, $3) as yes', [school, grade, on])).yes;
const send = (who, method, path, body) => who.request(method, path, { body, key: method === 'POST' ? randomUUID() : undefined });
await city.query('delete from calendar_entries'); // the demonstration’s, and the tests’ own that makes every day one of school
const kinds = Object.fromEntries((await city.query('select id, kind from schools')).map((row) => [row.id, row.kind]));

test('5(2)ウ-4 5(2)誤-6 5(2)誤-7 calendar: Monday to Friday, national holidays, April 1, a leap day', async () => {
    for (const [on, yes] of [['2028-02-28', true], ['2028-02-29', true], ['2028-03-04', false], ['2028-03-31', true], ['2028-04-01', false],
        ['2027-04-01', true], ['2027-03-22', false], ['2028-05-03', false], ['2026-09-22', false], ['2029-02-12', false]]) {
        assert.equal(await is(a.id, 3, on), yes, on);
        assert.equal(await is(a.id, 0, on), yes, on);
    }
    const taken = (await city.query('select day::text, name from national_holidays order by day')).map((row) => row.day);
    assert.deepEqual(taken, HOLIDAYS, 'the pinned table is what the law\'s rules give');
});

test('5(2)ウ-4 calendar: a school day on a Saturday, a grade’s own day, the city under the school; edits and removals follow at once', async () => {
    const post = async (who, body) => (await who.post('/api/calendar', body)).id;
    const vacation = await post(board, { first_day: '2028-07-20', last_day: '2028-08-31', kind: 'vacation', label: '夏季休業' });
    assert.deepEqual([await is(a.id, 1, '2028-07-20'), await is(b.id, 1, '2028-08-31'), await is(a.id, 1, '2028-09-01')], [false, false, true]);
    const summer = await post(office, { school_id: a.id, first_day: '2028-08-28', last_day: '2028-08-31', kind: 'school_day', label: '早い始業' });
    assert.deepEqual([await is(a.id, 1, '2028-08-28'), await is(b.id, 1, '2028-08-28')], [true, false]);
    await post(administrator, { school_id: a.id, grades: [3], first_day: '2028-06-24', kind: 'school_day', label: '修学旅行' });
    await post(office, { school_id: a.id, grades: [3], first_day: '2028-06-26', kind: 'holiday', label: '振替休業日' });
    const days = async (on) => Promise.all([1, 3, 0].map((grade) => is(a.id, grade, on)));
    assert.deepEqual(await days('2028-06-24'), [false, true, true], 'a Saturday with school for one grade');
    assert.deepEqual(await days('2028-06-26'), [true, false, true]);
    assert.equal(await is(b.id, 3, '2028-06-24'), false);
    const edit = (version, body) => said(send(office, 'PUT', `/api/calendar/${summer}`, { version, kind: 'school_day', label: '早い始業', ...body }));
    assert.deepEqual(await edit(1, { first_day: '2028-08-30', last_day: '2028-08-31' }), [200, null]);
    assert.deepEqual(await edit(1, { first_day: '2028-08-30' }), [409, 'stale_version']);
    assert.deepEqual([await is(a.id, 1, '2028-08-28'), await is(a.id, 1, '2028-08-30')], [false, true]);
    assert.equal((await office.request('DELETE', `/api/calendar/${summer}`)).status, 204);
    assert.equal((await office.request('DELETE', `/api/calendar/${summer}`)).status, 404);
    assert.equal(await is(a.id, 1, '2028-08-30'), false);
    assert.deepEqual(await said(send(office, 'DELETE', `/api/calendar/${vacation}`)), [404, 'not_found'], 'the city\'s is the board\'s');
    const rows = (await teacher.get(`/api/schools/${a.id}/calendar`)).rows;
    assert.ok(rows.some((row) => row.id === vacation && row.school_id === null) && rows.some((row) => row.kind === 'national' && row.first_day === '2028-02-11'));
    assert.ok((await board.get('/api/city/calendar')).rows.every((row) => row.school_id === undefined));
    const actions = await city.query(`select action, account_id, detail from audit where object_kind = 'calendar_entry' order by id`);
    assert.deepEqual(actions.map((row) => row.action), ['calendar_made', 'calendar_made', 'calendar_made', 'calendar_made', 'calendar_edited', 'calendar_removed']);
    assert.ok(!JSON.stringify(actions).includes('修学旅行'));
});

test('5(2)ウ-4 calendar: what does not fit is refused, stored is nothing; a key counts once', async () => {
    const before = await city.one('select count(*)::int as n from calendar_entries');
    const good = { school_id: a.id, first_day: '2028-10-02', kind: 'holiday', label: '開校記念日' };
    for (const [change, status, code] of [
        [{ last_day: '2028-10-01' }, 400, 'validation'], [{ last_day: '2029-10-03' }, 400, 'validation'], [{ first_day: '2027-02-29' }, 400, 'validation'],
        [{ grades: [10] }, 400, 'validation'], [{ grades: [] }, 400, 'validation'], [{ grades: [1, 1] }, 400, 'validation'], [{ kind: 'national' }, 400, 'validation'],
        [{ label: ' ' }, 400, 'validation'], [{ label: 'あ'.repeat(41) }, 400, 'validation'], [{ label: '一\n二' }, 400, 'validation'],
        [{ school_kind: 'elementary' }, 400, 'validation'], [{ school_id: b.id }, 404, 'not_found'], [{ school_id: 99999 }, 404, 'not_found'],
        [{ school_id: undefined }, 404, 'not_found'],
    ]) assert.deepEqual(await said(send(office, 'POST', '/api/calendar', { ...good, ...change })), [status, code], JSON.stringify(change));
    for (const who of [teacher, guardian]) assert.equal((await send(who, 'POST', '/api/calendar', good)).status, 403);
    assert.deepEqual(await said(send(people.nurse, 'POST', '/api/calendar', good)), [404, 'not_found']);
    assert.deepEqual(await said(send(board, 'POST', '/api/calendar', { ...good, school_id: 99999 })), [404, 'not_found']);
    assert.deepEqual(await city.one('select count(*)::int as n from calendar_entries'), before);
    const key = randomUUID();
    assert.deepEqual(await office.post('/api/calendar', good, key), await office.post('/api/calendar', good, key));
    assert.equal((await city.one('select count(*)::int as n from calendar_entries')).n, before.n + 1);
});

test('5(2)ウ-4 calendar: guardians read their own children’s days; no report on days without school, for the child’s grade', async () => {
    const [child] = a.one.students;
    const { grade } = await city.one('select c.grade from classes c where c.id = $1', [a.one.id]);
    const other = grade === 1 ? 2 : 1;
    const first = await day(city, 8);
    const range = await day(city, 10);
    await office.post('/api/calendar', { school_id: a.id, grades: [grade], first_day: first, last_day: await day(city, 9), kind: 'closed', label: '学年閉鎖' });
    await office.post('/api/calendar', { school_id: a.id, grades: [other], first_day: range, kind: 'closed', label: 'ほかの学年' });
    const { rows } = await guardian.get('/api/children/days');
    const mine = rows.filter((row) => row.student_id === child && row.day === first);
    assert.deepEqual(mine.map((row) => [row.is_school, row.label]), new Date(`${first}T00:00:00Z`).getUTCDay() % 6 ? [[false, '学年閉鎖']] : []);
    assert.ok(rows.every((row) => people.at.a.one.students.includes(row.student_id)) && !rows.some((row) => row.label === 'ほかの学年'));
});

test('5(2)ウ-4 calendar: random entries, edits and removals against an independent model', async () => {
    const dice = random(20261125);
    const schools = Object.keys(kinds).map(Number).sort((x, y) => x - y).slice(0, 4);
    const from = '2027-01-20';
    await city.query('delete from calendar_entries');
    const entries = new Map();
    const some = () => {
        const school_id = dice(3) ? schools[dice(schools.length)] : null;
        const first = addDays(from, dice(420));
        return {
            school_id, school_kind: school_id === null && dice(2) ? ['elementary', 'junior_high'][dice(2)] : null,
            grades: dice(2) ? [...new Set([1 + dice(6), 1 + dice(6)])] : null,
            first_day: first, last_day: addDays(first, dice(4) ? dice(6) : dice(60)), kind: dice(3) ? 'holiday' : 'school_day',
        };
    };
    const columns = (e) => [e.school_id, e.school_kind, e.grades, e.first_day, e.last_day, e.kind];
    const check = async () => {
        const rows = await city.query(
            `select s.id as school, g.grade, d::date::text as day, is_school_day(s.id, g.grade, d::date) as yes
             from schools s cross join generate_series(0, grades_of(s.kind)) g (grade) cross join generate_series($2::date, $2::date + 460, interval '1 day') d
             where s.id = any ($1) and (extract(doy from d)::int * 7 + g.grade * 3 + s.id) % 5 = $3`, [schools, from, dice(5)]);
        assert.ok(rows.length > 1000);
        const wrong = rows.filter((row) => row.yes !== isSchoolDay([...entries.values()], { id: row.school, kind: kinds[row.school] }, row.grade, row.day));
        assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} of ${rows.length}`);
    };
    for (let round = 0; round < 6; round++) {
        for (let i = 0; i < 8; i++) {
            const e = some();
            const { id } = await city.one(`insert into calendar_entries (school_id, school_kind, grades, first_day, last_day, kind, label) values ($1, $2, $3, $4, $5, $6, '試験') returning id`, columns(e));
            entries.set(id, { id, ...e });
        }
        for (const id of [...entries.keys()].filter(() => !dice(4))) {
            if (dice(2)) { await city.query('delete from calendar_entries where id = $1', [id]); entries.delete(id); continue; }
            const e = { ...some(), id };
            await city.query('update calendar_entries set school_id = $1, school_kind = $2, grades = $3, first_day = $4, last_day = $5, kind = $6 where id = $7', [...columns(e), id]);
            entries.set(id, e);
        }
        await check();
    }
    const [school] = schools;
    const first = dates(from, 300);
    const { days } = await city.one('select array(select d::text from school_days($1, 2, $2, $3) d) as days', [school, first[0], first.at(-1)]);
    assert.deepEqual(days, first.filter((on) => isSchoolDay([...entries.values()], { id: school, kind: kinds[school] }, 2, on)));
});
