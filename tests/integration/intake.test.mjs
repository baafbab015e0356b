// Hours in which reports are not taken: what rules mean, who keeps them, what guardians see. The clock can't be set, so what goes
// through the API has rules around the present moment; what rules mean at any moment is asked of the database.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity } from '../support/city.mjs';
import { cast } from '../support/people.mjs';
import { addDays, inTheWay, isSchoolDay, openAgain, random } from '../support/calendar_model.mjs';

const city = await startCity();
const people = await cast(city);
const { office, board, administrator, teacher, guardian } = people;
const { a, b } = people.at;
await city.query('delete from calendar_entries');
const said = async (answer) => { const { status, body } = await answer; return [status, body?.type?.replace('/problems/', '') ?? null]; };
const send = (who, method, path, body) => who.request(method, path, { body, key: method === 'POST' ? randomUUID() : undefined });
const shut = async (school, kind, first_day, at) => (await city.query(
    `select message, to_char(until at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI') as until from intake_shut($1, $2, $3, $4::timestamp at time zone 'Asia/Tokyo')`, [school, kind, first_day, at]))[0];
const rule = (change = {}) => ({ school_id: a.id, days: 'weekdays', weekdays: [1, 2, 3, 4, 5], from_time: '08:30', to_time: '15:00', kinds: ['absent'], about: 'same_day', message: '電話でお願いします。', ...change });
const wipe = () => city.query('delete from intake_rules');

test('5(2)ウ-1 5(2)誤-5 a window: its edges, its kind, its day; over midnight; windows that follow each other are one', async () => {
    const monday = '2027-06-07';
    await office.post('/api/intake', rule());
    assert.deepEqual(await Promise.all(['08:29:59', '08:30', '14:59:59', '15:00'].map(async (at) => (await shut(a.id, 'absent', monday, `${monday} ${at}`))?.until)), [undefined, `${monday} 15:00`, `${monday} 15:00`, undefined]);
    for (const [school, kind, first, at] of [[a.id, 'late', monday, monday], [a.id, 'absent', '2027-06-08', monday], [b.id, 'absent', monday, monday], [a.id, 'absent', '2027-06-06', '2027-06-06']]) {
        assert.equal(await shut(school, kind, first, `${at} 09:00`), undefined);
    }
    await office.post('/api/intake', rule({ weekdays: [7], from_time: '22:00', to_time: '06:00', about: 'any', kinds: ['absent', 'late'], message: '夜間' }));
    assert.equal((await shut(a.id, 'late', '2027-06-09', `${monday} 05:59`)).until, `${monday} 06:00`, 'Sunday’s night ends on Monday');
    assert.equal(await shut(a.id, 'late', '2027-06-09', '2027-06-08 05:59'), undefined);
    await office.post('/api/intake', rule({ days: 'every', weekdays: undefined, from_time: '06:00', to_time: '06:30', about: 'any', kinds: ['late'], message: '準備中' }));
    assert.deepEqual(await shut(a.id, 'late', '2027-06-09', '2027-06-06 23:00'), { message: '夜間', until: `${monday} 06:30` });
    await wipe();
    await office.post('/api/intake', rule({ days: 'days_off', weekdays: undefined, from_time: '00:00', to_time: '00:00', about: 'any', message: '休業日' }));
    await office.post('/api/calendar', { school_id: a.id, first_day: '2028-02-28', last_day: '2028-02-29', kind: 'holiday', label: '休み' });
    assert.equal((await shut(a.id, 'absent', '2028-03-02', '2028-02-26 10:00')).until, '2028-03-01 00:00', 'a weekend, two days off and the leap day, as one');
    assert.equal(await shut(a.id, 'absent', '2028-03-31', '2028-03-31 23:59'), undefined);
    assert.ok(await shut(a.id, 'absent', '2028-04-03', '2028-04-01 00:00'), 'April 1 of 2028 is a Saturday');
    await office.post('/api/calendar', { school_id: a.id, grades: [1], first_day: '2028-04-01', kind: 'school_day', label: '土曜授業' });
    assert.equal(await shut(a.id, 'absent', '2028-04-03', '2028-04-01 00:00'), undefined, 'one grade at school is enough');
});

test('5(2)ウ-1 the city’s rules hold at every school; a school puts its own in their place, or none, and takes that back', async () => {
    await wipe();
    const at = '2027-06-07 10:00';
    const { id } = await board.post('/api/intake', rule({ school_id: undefined, message: '市の標準' }));
    const both = async () => [(await shut(a.id, 'absent', '2027-06-07', at))?.message, (await shut(b.id, 'absent', '2027-06-07', at))?.message];
    assert.deepEqual(await both(), ['市の標準', '市の標準']);
    const own = (await office.post('/api/intake', rule({ overrides: id, message: '学校の文' }))).id;
    assert.deepEqual(await both(), ['学校の文', '市の標準']);
    assert.deepEqual(await said(send(office, 'POST', '/api/intake', rule({ overrides: id }))), [409, 'already_overridden']);
    assert.equal((await administrator.put(`/api/intake/${own}`, { ...rule({ school_id: undefined, overrides: undefined, active: false }), version: 1 })).version, 2);
    assert.deepEqual(await both(), [undefined, '市の標準']);
    const rows = (await teacher.get(`/api/schools/${a.id}/intake`)).rows;
    assert.deepEqual(rows.map((row) => [row.id, row.school_id, row.holds]), [[id, null, false], [own, a.id, false]]);
    assert.equal((await board.get('/api/city/intake')).rows[0].overridden, 1);
    assert.deepEqual(await said(send(office, 'PUT', `/api/intake/${own}`, { ...rule({ school_id: undefined }), version: 1 })), [409, 'stale_version']);
    assert.equal((await office.request('DELETE', `/api/intake/${own}`)).status, 204);
    assert.deepEqual(await both(), ['市の標準', '市の標準']);
    assert.deepEqual(await said(send(office, 'DELETE', `/api/intake/${id}`)), [404, 'not_found']);
    await office.post('/api/intake', rule({ overrides: id, active: false }));
    assert.equal((await board.request('DELETE', `/api/intake/${id}`)).status, 204);
    assert.equal((await city.one('select count(*)::int as n from intake_rules')).n, 0, 'what stood in its place goes with it');
});

test('5(2)ウ-1 5(2)朝-2 rules and times: what does not fit is refused; a key counts once; each change is in the audit', async () => {
    await wipe();
    for (const [change, status, code] of [
        [{ weekdays: undefined }, 400, 'validation'], [{ weekdays: [8] }, 400, 'validation'], [{ days: 'every' }, 400, 'validation'], [{ days: 'dates', weekdays: undefined }, 400, 'validation'],
        [{ days: 'dates', weekdays: undefined, first_day: '2027-02-29' }, 400, 'validation'], [{ days: 'dates', weekdays: undefined, first_day: '2027-03-02', last_day: '2027-03-01' }, 400, 'validation'],
        [{ last_day: '2027-03-01' }, 400, 'validation'], [{ from_time: '24:00' }, 400, 'validation'], [{ kinds: [] }, 400, 'validation'], [{ kinds: ['ill'] }, 400, 'validation'],
        [{ message: '　'.trim() }, 400, 'validation'], [{ message: 'あ'.repeat(201) }, 400, 'validation'], [{ overrides: 99999 }, 400, 'validation'], [{ school_id: b.id }, 404, 'not_found'],
        [{ school_id: undefined }, 404, 'not_found'],
    ]) assert.deepEqual(await said(send(office, 'POST', '/api/intake', rule(change))), [status, code], JSON.stringify(change));
    assert.equal((await city.one('select count(*)::int as n from intake_rules')).n, 0);
    const key = randomUUID();
    assert.deepEqual(await office.post('/api/intake', rule(), key), await office.post('/api/intake', rule(), key));
    await city.query('update schools set correct_until = default, escalate_at = default');
    const times = await teacher.get(`/api/schools/${a.id}/times`);
    assert.deepEqual(times, { correct_until: '08:30', escalate_at: '08:25', escalate_again_at: null, version: 1 });
    const put = (who, body) => said(send(who, 'PUT', `/api/schools/${a.id}/times`, { version: 1, correct_until: '08:40', escalate_at: '08:20', ...body }));
    assert.deepEqual([await put(people.nurse), await put(people.far_office), await put(teacher)], [[404, 'not_found'], [404, 'not_found'], [403, 'forbidden']]);
    assert.deepEqual([await put(administrator), await put(office), await put(office, { version: 2, escalate_at: '8:20' })], [[200, null], [409, 'stale_version'], [400, 'validation']]);
    for (const escalate_again_at of ['08:20', '08:05']) assert.deepEqual(await put(office, { version: 2, escalate_again_at }), [400, 'validation'], 'not after the first');
    const last = await city.one(`select action, account_id, detail from audit order by id desc limit 1`);
    assert.deepEqual([last.action, last.account_id, last.detail.before.escalate_at], ['times_edited', administrator.account, '08:25:00']);
    assert.ok(!JSON.stringify(await city.query(`select detail from audit where object_kind = 'intake_rule'`)).includes('電話'));
});

/** A rule whose window is open now: from ten minutes ago to an hour ahead, whatever the hour. */
async function around(change = {}) {
    const { from_time, to_time } = await city.one(`select to_char(here(now()) - interval '10 minutes', 'HH24:MI') as from_time, to_char(here(now()) + interval '1 hour', 'HH24:MI') as to_time`);
    return rule({ days: 'every', weekdays: undefined, from_time, to_time, about: 'any', kinds: ['absent', 'late'], ...change });
}
const [child, sibling] = a.one.students;
const day = async (n) => (await city.one('select (today() + $1::int)::text as day', [n])).day;
const ago = (minutes) => Math.floor(Date.now() / 1000) - minutes * 60;
const report = (who, n, change = {}) => day(n).then((first_day) => who.request('POST', '/api/absences', { key: randomUUID(), body: { student_id: child, first_day, kind: 'absent', ...change } }));

test('5(2)ウ-2 5(2)ウ-3 a refusal says why, until when and whom to call; staff, other kinds and who began before are taken', async () => {
    await wipe();
    await city.query(`insert into calendar_entries (first_day, last_day, kind, label) values (today() - 1, today() + 60, 'school_day', '毎日授業')`);
    await office.post('/api/intake', await around());
    const refused = await report(guardian, 1);
    const phone = (await city.one('select phone from schools where id = $1', [a.id])).phone;
    assert.deepEqual([refused.status, refused.body.type, refused.body.message, refused.body.phone], [409, '/problems/outside_hours', '電話でお願いします。', phone]);
    const ahead = Date.parse(refused.body.until) - Date.now();
    assert.ok(ahead > 58 * 60_000 && ahead <= 60 * 60_000, refused.body.until);
    for (const began_at of [ago(5), ago(16), ago(-5)]) assert.equal((await report(guardian, 1, { began_at })).status, 409);
    for (const began_at of [-1, 1.5, '08:30', 4102444801]) assert.equal((await report(guardian, 1, { began_at })).status, 400);
    const taken = await report(guardian, 1, { began_at: ago(12) });
    assert.equal(taken.status, 201);
    assert.equal((await report(guardian, 2, { kind: 'leave_early', leave_at: '13:00' })).status, 201);
    assert.equal((await report(office, 3)).status, 201);
    assert.equal((await report(guardian, 1, { began_at: ago(12) })).body.type, '/problems/already_reported');
    const correcting = (version, n, kind, change) => day(n).then((first_day) => guardian.request('PUT', `/api/absences/${taken.body.id}`, { key: randomUUID(), body: { version, first_day, kind, ...(kind === 'late' ? { arrive_at: '10:00' } : {}), ...change } }));
    const correct = (...of) => said(correcting(...of));
    assert.deepEqual([await correct(1, 1, 'absent'), await correct(2, 9, 'absent'), await correct(2, 1, 'late')], [[200, null], [409, 'outside_hours'], [409, 'outside_hours']], 'a correction is not a way round');
    const told = (await correcting(2, 9, 'absent')).body;
    assert.deepEqual([told.message, told.until, told.phone], ['電話でお願いします。', refused.body.until, phone], 'and says what a report is told');
    assert.deepEqual([await correct(2, 9, 'absent', { began_at: ago(5) }), await correct(2, 9, 'absent', { began_at: ago(16) })], [[409, 'outside_hours'], [409, 'outside_hours']]);
    assert.deepEqual([await correct(2, 9, 'absent', { began_at: ago(12) }), await correct(3, 9, 'late')], [[200, null], [409, 'outside_hours']], 'begun in time');
    await wipe();
    await office.post('/api/intake', await around({ about: 'same_day' }));
    const days = [0, 4];
    assert.deepEqual(await Promise.all(days.map(async (n) => (await report(guardian, n, { student_id: sibling })).status)), [409, 201]);
    const { rows } = await guardian.get('/api/children/intake');
    const now = rows.find((row) => Date.parse(row.starts_at) <= Date.now());
    assert.deepEqual([now.school_id, now.about, now.message, now.kinds], [a.id, 'same_day', '電話でお願いします。', ['absent', 'late']]);
    assert.ok(rows.length >= 2 && rows.every((row) => row.school_id === a.id) && (await people.stranger.get('/api/children/intake')).rows.length === 0);
    await wipe();
});

test('5(2)ウ-4 no report on days without school: one day, a range over a holiday, another grade’s day, whoever reports', async () => {
    const { grade } = await city.one('select grade from classes where id = $1', [a.one.id]);
    const close = async (n, m, grades) => office.post('/api/calendar', { school_id: a.id, grades, first_day: await day(n), last_day: await day(m), kind: 'closed', label: '台風' });
    await close(20, 21);
    await close(23, 23, [grade === 1 ? 2 : 1]);
    const to = async (n) => ({ last_day: await day(n) });
    for (const [who, first, change, outcome] of [
        [guardian, 20, {}, [422, 'no_school_day']], [office, 20, {}, [422, 'no_school_day']], [guardian, 20, await to(21), [422, 'no_school_day']],
        [guardian, 19, await to(21), [201, null]], [guardian, 23, {}, [201, null]], [guardian, 20, { ...(await to(22)), student_id: sibling }, [201, null]],
    ]) assert.deepEqual(await said(report(who, first, change)), outcome, JSON.stringify([first, change]));
    const { id, version } = await city.one('select id, version from absences where student_id = $1 and first_day = today() + 23', [child]);
    const put = async (n) => said(guardian.request('PUT', `/api/absences/${id}`, { key: randomUUID(), body: { version, first_day: await day(n), kind: 'absent' } }));
    await city.query('update absences set cancelled_at = now(), cancelled_by = 1, version = version + 1 where student_id = $1 and first_day = today() + 19', [child]);
    assert.deepEqual([await put(20), await put(22)], [[422, 'no_school_day'], [200, null]]);
});

test('5(2)朝-13 5(2)ウ-4 no report for days on which the class is closed; one that goes beyond them, another class’s, and once that is taken back', async () => {
    const days = { first_day: await day(30), last_day: await day(31), cause: 'influenza' };
    const closure = await office.post(`/api/schools/${a.id}/closures`, { ...days, class_id: a.one.id });
    const to = async (n) => ({ last_day: await day(n) });
    const { id, version } = (await report(guardian, 35)).body;
    const put = async (n) => said(guardian.request('PUT', `/api/absences/${id}`, { key: randomUUID(), body: { version, first_day: await day(n), kind: 'absent' } }));
    assert.deepEqual([await put(31), await put(32)], [[422, 'no_school_day'], [200, null]]);
    for (const [who, change, outcome] of [
        [guardian, {}, [422, 'no_school_day']], [office, await to(31), [422, 'no_school_day']], [office, { student_id: a.two.students[0] }, [201, null]],
        [guardian, { student_id: sibling, ...(await to(32)) }, [201, null]],
    ]) assert.deepEqual(await said(report(who, 30, change)), outcome, JSON.stringify(change));
    await office.put(`/api/closures/${closure.id}`, { ...days, version: 1, ended: true });
    assert.deepEqual(await said(report(guardian, 30, await to(31))), [201, null]);
});

test('5(2)ウ-1 random rules at random moments against an independent model', async () => {
    await wipe();
    await city.query('delete from calendar_entries');
    const dice = random(7);
    const from = '2027-04-20';
    const schools = [a.id, b.id];
    const kind_of = Object.fromEntries((await city.query('select id, kind from schools where id = any ($1)', [schools])).map((row) => [row.id, row.kind]));
    const entries = [];
    for (let i = 0; i < 12; i++) {
        const first_day = addDays(from, dice(30));
        const e = { school_id: [a.id, b.id, null][dice(3)], school_kind: null, grades: dice(3) ? null : [1 + dice(3)], first_day, last_day: addDays(first_day, dice(5)), kind: dice(2) ? 'holiday' : 'school_day' };
        const { id } = await city.one(`insert into calendar_entries (school_id, grades, first_day, last_day, kind, label) values ($1, $2, $3, $4, $5, '試験') returning id`, [e.school_id, e.grades, e.first_day, e.last_day, e.kind]);
        entries.push({ id, ...e });
    }
    const kinds = ['absent', 'late', 'leave_early', 'late_and_leave_early'];
    const time = () => `${String(dice(24)).padStart(2, '0')}:${['00', '15', '30', '45'][dice(4)]}`;
    for (let round = 0; round < 5; round++) {
        await wipe();
        const rules = [];
        for (let i = 0; i < 9; i++) {
            const days = ['every', 'weekdays', 'school_days', 'days_off', 'dates'][dice(5)];
            const first = addDays(from, dice(25));
            const shared = rules.filter((r) => r.school_id === null);
            const school_id = [a.id, b.id, null][dice(3)];
            const above = school_id && shared.length && dice(2) ? shared[dice(shared.length)].id : null;
            const r = {
                school_id, overrides: rules.some((one) => one.school_id === school_id && one.overrides === above) ? null : above, days, weekdays: days === 'weekdays' ? [1 + dice(7)] : null,
                first_day: days === 'dates' ? first : null, last_day: days === 'dates' ? addDays(first, dice(4)) : null, from_time: time(), to_time: time(),
                kinds: dice(2) ? ['absent'] : kinds.slice(dice(3)), about: dice(2) ? 'any' : 'same_day', active: dice(5) > 0,
            };
            const { id } = await city.one(
                `insert into intake_rules (school_id, overrides, days, weekdays, first_day, last_day, from_time, to_time, kinds, about, active, message)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '試験') returning id`,
                [r.school_id, r.overrides, r.days, r.weekdays, r.first_day, r.last_day, r.from_time, r.to_time, r.kinds, r.about, r.active]);
            rules.push({ id, ...r });
        }
        const moments = Array.from({ length: 120 }, () => ({ day: addDays(from, 1 + dice(26)), minute: dice(96) * 15 - dice(2) }))
            .map((m) => (m.minute < 0 ? { day: addDays(m.day, -1), minute: 1439 } : m))
            .map((m) => ({ ...m, school: schools[dice(2)], kind: kinds[dice(4)], first_day: addDays(m.day, dice(2)) }));
        const rows = await city.query(
            `select m.n, s.rule_id, extract(epoch from s.until)::bigint as until,
                    array(select f.rule_id from intake_in_force(m.at) f where f.school_id = m.school and m.kind = any (f.kinds) and (f.about = 'any' or m.first_day = here(m.at)::date) order by 1)::int[] as in_force
             from (select o.ord as n, o.school, o.kind, o.first_day, (o.day + o.minute * interval '1 minute') at time zone 'Asia/Tokyo' as at
                   from unnest($1::int[], $2::text[], $3::date[], $4::date[], $5::int[]) with ordinality as o (school, kind, first_day, day, minute, ord)) m
             left join lateral intake_shut(m.school, m.kind, m.first_day, m.at) s on true order by m.n`,
            ['school', 'kind', 'first_day', 'day', 'minute'].map((name) => moments.map((m) => m[name])));
        const bad = rows.flatMap((row, i) => {
            const m = moments[i];
            const opens = (day) => isSchoolDay(entries, { id: m.school, kind: kind_of[m.school] }, 0, day);
            const expected = inTheWay(rules, m.school, opens, m);
            const asked = { rules: row.in_force.toString() === expected.sort((x, y) => x - y).toString(), some: Boolean(row.rule_id) === expected.length > 0 };
            const until = expected.length ? Date.parse(`${m.day}T00:00:00+09:00`) / 1000 + 60 * openAgain(rules, m.school, opens, m) : null;
            return asked.rules && asked.some && (until === row.until || until - Date.parse(`${m.day}T00:00:00+09:00`) / 1000 >= 40 * 86_400) ? [] : [{ m, row, expected, until }];
        });
        assert.deepEqual(bad.slice(0, 2), [], `${bad.length} of ${rows.length}`);
        assert.ok(rows.some((row) => row.rule_id) && rows.some((row) => !row.rule_id));
    }
});
