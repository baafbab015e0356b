// Illness: what the law says of days, what a return form must say, who may, both guardians at once, what screens see live.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { before, beforeEach } from 'node:test';
import { live, startCity } from '../support/city.mjs';
import { leftovers } from '../support/leftovers.mjs';
import { absence, account, cast, clear, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { guardian, partner, reader, stranger, homeroom, colleague, teacher, nurse, office, far_office, board, at } = people;
const [child, sibling] = at.a.one.students;
const today = await day(city);
const plus = (date, n) => new Date(Date.parse(date) + n * 86_400_000).toISOString().slice(0, 10);
const ago = (n) => plus(today, -n);
const said = ({ status, body }) => [status, body?.type?.replace('/problems/', '') ?? ''];
const put = (who, path, body) => who.request('PUT', `/api/illnesses/${path}`, { body });
const tell = (who, body, { student = child, key = randomUUID() } = {}) => who.request('POST', `/api/students/${student}/illnesses`, { body, key });
const made = async (who, body, options) => {
    const answer = await tell(who, body, options);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.id;
};
const shown = async (id, who = office, student = child) => (await who.get(`/api/students/${student}/illnesses`)).rows.find((row) => row.id === id);

before(() => city.query(`delete from illnesses`));
beforeEach(async () => {
    for (const student of [child, sibling]) await clear(city, student);
    await city.query(`update illnesses set withdrawn_at = now(), version = version + 1 where withdrawn_at is null`);
    await city.query('delete from attendance where student_id = any ($1)', [[child, sibling]]);
    await city.query('delete from roll_calls');
});

/** Article 19 in the test's own words: full days that must pass after a day, and what a doctor may say. */
const LAW = {
    influenza: { onset: 5, end: 2 }, covid: { onset: 5, end: 1 }, pertussis: { end: 'that day', treated: true }, measles: { end: 3 },
    mumps: { onset: 5, end: 'that day' }, rubella: { end: 'that day' }, chickenpox: { end: 'that day' }, pharyngoconjunctival: { end: 2 },
    keratoconjunctivitis: 'doctor', hemorrhagic_conjunctivitis: 'doctor', tuberculosis: 'doctor', meningococcal: 'doctor', ehec: 'doctor', other_suspending: 'doctor',
    gastroenteritis: 'none', strep: 'none', mycoplasma: 'none', erythema_infectiosum: 'none', hand_foot_mouth: 'none', other: 'none',
};
/** A day is left out of school while, walking from onset, one of the conditions does not hold yet. */
function reckoned(disease, { onset, ended, treated, cleared }) {
    const law = LAW[disease];
    if (law === 'none') return null;
    if (law === 'doctor') return cleared ?? null;
    const passed = (from, days, date) => Math.round((Date.parse(date) - Date.parse(from)) / 86_400_000) - 1 >= days;
    const over = (date) => (ended && (law.end === 'that day' ? date >= ended : passed(ended, law.end, date))) || (law.treated && treated && date > treated);
    for (let n = 0; n < 120; n += 1) {
        const date = plus(onset, n);
        if (cleared && date >= cleared) return date;
        if ((law.onset === undefined || passed(onset, law.onset, date)) && over(date)) return date;
    }
    return null;
}

test('5(2)朝-10 5(2)誤-6 出席停止: the earliest return by law equals an independent reckoning, over leap days and the turn of a year', async () => {
    const listed = (await guardian.get('/api/diseases')).rows;
    assert.deepEqual(listed.map((row) => row.code).sort(), Object.keys(LAW).sort());
    for (const row of listed) assert.equal(row.suspends, { doctor: 'by_doctor', none: 'no' }[LAW[row.code]] ?? 'by_days', row.code);
    let compared = 0;
    for (const onset of ['2024-02-26', '2028-02-28', '2027-02-26', '2026-12-29', '2027-03-30']) {
        for (const disease of Object.keys(LAW)) {
            for (const [ended, treated, cleared] of [[], [0], [1], [3], [4], [9], [null, 5], [9, 4], [2, 6], [null, null, 3], [4, null, 2], [1, null, 12]]) {
                const say = { onset, ...[ended, treated, cleared].reduce((all, n, i) => (n === null || n === undefined ? all : { ...all, [['ended', 'treated', 'cleared'][i]]: plus(onset, n) }), {}) };
                const { earliest } = await city.one('select illness_earliest_return($1, $2, $3, $4, $5)::text as earliest', [disease, onset, say.ended, say.treated, say.cleared]);
                assert.equal(earliest, reckoned(disease, say), `${disease} ${JSON.stringify(say)}`);
                compared += 1;
            }
        }
    }
    assert.equal(compared, 5 * 20 * 12);
    // The examples that schools print: onset on the 1st; fever gone on the 3rd, the 4th.
    for (const [ended, free] of [['2026-06-03', '2026-06-07'], ['2026-06-04', '2026-06-07'], ['2026-06-05', '2026-06-08']]) assert.equal(reckoned('influenza', { onset: '2026-06-01', ended }), free);
});

test('5(2)朝-10 5(2)朝-11 a guardian tells a diagnosis: suspended at once, the other guardian and the school see it live; the return form ends it', async () => {
    const screens = await Promise.all([[partner, `student/${child}`], [homeroom, `class/${at.a.one.id}`], [nurse, `school/${at.a.id}`]].map(async ([who, scope]) => {
        const screen = await live(who);
        await screen.subscribe(`illnesses/${scope}`);
        return [screen, `illnesses/${scope}`];
    }));
    const see = (id, test_of) => Promise.all(screens.map(([screen, topic]) => screen.row(topic, (row) => row.id === id && test_of(row))));
    await absence(city, child, { first: -4, last: -3, by: guardian.account });
    const key = randomUUID();
    const body = { disease: 'influenza', onset_on: ago(5), diagnosed_on: ago(4), institution: '試験こどもクリニック' };
    const id = await made(guardian, body, { key });
    assert.equal((await tell(guardian, body, { key })).body.id, id, 'a retry is the same illness');
    assert.deepEqual(said(await tell(guardian, { ...body, onset_on: ago(6) }, { key })), [422, 'key_reused']);
    await see(id, (row) => row.suspended && row.needs === 'ended_on');
    const row = await shown(id);
    assert.deepEqual([row.suspended_from, row.earliest_return, row.via], [ago(4), null, 'guardian'], 'from the first day that it was reported absent');
    assert.equal(row.not_before, plus(today, 3), 'the fever is not gone before today');
    const form = { version: 1, returned_on: today };
    assert.deepEqual(said(await put(guardian, `${id}/return`, form)), [422, 'end_needed']);
    const early = await put(guardian, `${id}/return`, { ...form, ended_on: ago(2), returned_on: today });
    assert.deepEqual([...said(early), early.body.earliest_return], [422, 'too_early', plus(today, 1)], 'the refusal names the day');
    assert.deepEqual(said(await put(guardian, `${id}/return`, { ...form, ended_on: plus(today, 1) })), [422, 'future_day']);
    assert.deepEqual(said(await put(guardian, `${id}/return`, { ...form, ended_on: ago(6) })), [400, 'validation']);
    const stated = { version: 1, ended_on: ago(2), returned_on: plus(today, 1) };
    assert.equal((await put(guardian, `${id}/return`, stated)).status, 200);
    assert.deepEqual((await put(guardian, `${id}/return`, stated)).body.version, 2, 'the same once more is what is there');
    assert.deepEqual(said(await put(partner, `${id}/return`, stated)), [409, 'stale_version'], 'both guardians at once');
    await see(id, (one) => one.returned_on === plus(today, 1) && one.return_stated_at && one.suspended);
    // The fever came back: what was stated does not hold any more.
    assert.equal((await put(partner, String(id), { version: 2, ...body, ended_on: today })).status, 200);
    await see(id, (one) => one.version === 3 && one.returned_on === null && one.return_stated_at === null && one.earliest_return === plus(today, 3));
    assert.equal((await put(partner, `${id}/withdraw`, { version: 3 })).status, 200);
    assert.equal((await put(guardian, `${id}/withdraw`, { version: 3 })).status, 200, 'twice is once');
    await see(id, (one) => one.withdrawn_at && !one.suspended);
    assert.deepEqual(said(await put(guardian, `${id}/return`, { ...stated, version: 4 })), [409, 'withdrawn']);
    for (const [screen] of screens) screen.close();
    for (const word of ['試験こどもクリニック', 'influenza']) assert.ok(!city.log().includes(word), 'nothing of it in the log');
});

test('5(2)朝-10 5(2)朝-11 every version is kept and shown: who told, what the other guardian corrected, the return form, what was taken back', async () => {
    const versions = async (id, who) => (await who.get(`/api/illnesses/${id}/versions`)).rows;
    const body = { disease: 'influenza', onset_on: ago(7), institution: '版の医院' };
    const id = await made(guardian, body);
    const steps = [[partner, '', { ...body, version: 1, disease: 'covid', note: '検査で分かりました' }], [guardian, '/return', { version: 2, ended_on: ago(3), returned_on: today }],
        [nurse, '', { ...body, version: 3, ended_on: today }], [office, '/return', { version: 4, returned_on: plus(today, 3) }], [office, '/withdraw', { version: 5 }]];
    for (const [who, path, change] of steps) assert.equal((await put(who, `${id}${path}`, change)).status, 200, path);
    assert.deepEqual((await versions(id, guardian)).map((row) => [row.version, row.action, row.by, row.disease, row.ended_on, row.returned_on, row.return_stated_at !== null]), [
        [1, 'made', 'you', 'influenza', null, null, false], [2, 'changed', 'other_guardian', 'covid', null, null, false],
        [3, 'returned', 'you', 'covid', ago(3), today, true], [4, 'changed', 'school', 'influenza', today, null, false],
        [5, 'returned', 'school', 'influenza', today, plus(today, 3), false], [6, 'withdrawn', 'school', 'influenza', today, plus(today, 3), false]]);
    assert.deepEqual((await versions(id, homeroom)).map((row) => row.by), ['guardian', 'guardian', 'guardian', 'school', 'school', 'school']);
    assert.deepEqual((await versions(id, reader)).map((row) => [row.label, row.note, row.suspended_from]).slice(0, 2), [['インフルエンザ', null, ago(7)], ['新型コロナウイルス感染症', '検査で分かりました', ago(7)]]);
    for (const who of [stranger, colleague, far_office]) assert.equal((await who.request('GET', `/api/illnesses/${id}/versions`)).status, 404);
    for (const change of [`delete from illness_versions`, `update illness_versions set note = 'x'`, `truncate illness_versions`]) await assert.rejects(city.query(change), { code: '42501' }, change);
    const own = await guardian.get('/api/own-data');
    assert.deepEqual(own.illnesses.slice(0, 2).map((row) => [row.student_id, row.action, row.disease, row.onset_on, row.institution, row.returned_on]), [
        [child, 'returned', '新型コロナウイルス感染症', ago(7), '版の医院', today], [child, 'made', 'インフルエンザ', ago(7), '版の医院', null]]);
    const file = JSON.parse((await guardian.request('GET', '/api/own-data/file')).raw.toString());
    assert.deepEqual(file.illnesses, own.illnesses);
    assert.ok(!JSON.stringify(own).includes('検査で分かりました'), 'what the other guardian wrote is the other’s');
});

test('5(2)朝-10 5(2)朝-11 where a doctor decides, the form names the day and the institution; a doctor may be earlier than the days; no form where none is needed', async () => {
    const eye = await made(guardian, { disease: 'keratoconjunctivitis', onset_on: ago(6) });
    assert.equal((await shown(eye)).needs, 'cleared_on');
    for (const lacks of [{}, { cleared_on: ago(1) }, { institution: '眼科' }]) assert.deepEqual(said(await put(guardian, `${eye}/return`, { version: 1, returned_on: today, ...lacks })), [422, 'clearance_needed']);
    const whole = { version: 1, cleared_on: today, institution: '試験眼科' };
    assert.deepEqual(said(await put(guardian, `${eye}/return`, { ...whole, returned_on: ago(1) })), [422, 'too_early']);
    assert.equal((await put(guardian, `${eye}/return`, { ...whole, returned_on: today })).status, 200);
    assert.deepEqual(said(await put(guardian, `${eye}/return`, { ...whole, version: 2, returned_on: plus(today, 1) })), [409, 'already_returned'], 'then it is the school’s');
    assert.equal((await put(nurse, `${eye}/return`, { version: 2, returned_on: plus(today, 1) })).status, 200);

    const flu = await made(guardian, { disease: 'influenza', onset_on: ago(2) });
    assert.deepEqual(said(await put(guardian, `${flu}/return`, { version: 1, cleared_on: today, returned_on: today })), [422, 'clearance_needed']);
    assert.equal((await put(guardian, `${flu}/return`, { version: 1, cleared_on: today, institution: '試験内科', returned_on: today })).status, 200);

    const other = await made(guardian, { disease: 'strep', onset_on: ago(3) });
    const { suspended_from, suspended, needs, earliest_return } = await shown(other);
    assert.deepEqual([suspended_from, suspended, needs, earliest_return], [null, false, null, null]);
    assert.deepEqual(said(await put(guardian, `${other}/return`, { version: 1, returned_on: today })), [422, 'not_suspended']);
    assert.equal((await put(homeroom, `${other}/return`, { version: 1, returned_on: today })).status, 200, 'the school may note the day');
});

test('5(2)朝-10 5(2)誤-6 5(2)誤-10 bad input: days to come, too old, upside down, unknown, leap days, both guardians at once, a right that was withdrawn meanwhile', async () => {
    const refuse = async (body, status, type, who = guardian) => assert.deepEqual(said(await tell(who, { disease: 'influenza', onset_on: today, ...body })), [status, type], JSON.stringify(body));
    await refuse({ onset_on: plus(today, 1) }, 422, 'future_day');
    await refuse({ onset_on: ago(61) }, 422, 'too_old');
    await refuse({ onset_on: ago(3), ended_on: ago(4) }, 400, 'validation');
    await refuse({ onset_on: '2026-02-29' }, 400, 'validation');
    await refuse({ disease: 'homesickness' }, 400, 'validation');
    await refuse({ disease: '' }, 400, 'validation');
    await refuse({ suspended_from: today }, 400, 'validation');
    await refuse({ via: 'phone' }, 400, 'validation');
    await refuse({ onset_on: ago(9), suspended_from: ago(40) }, 400, 'validation', office);
    await refuse({ institution: 'あ'.repeat(101) }, 400, 'validation');
    const both = await Promise.all([tell(guardian, { disease: 'influenza', onset_on: ago(1) }), tell(partner, { disease: 'influenza', onset_on: today })]);
    assert.deepEqual(both.map(said).sort(), [[201, ''], [409, 'already_ill']]);
    const first = both.find((answer) => answer.status === 201).body.id;
    await refuse({ onset_on: ago(5), ended_on: ago(1) }, 409, 'already_ill');
    const before_it = await made(partner, { disease: 'influenza', onset_on: ago(50), ended_on: ago(45) });
    assert.deepEqual(said(await put(partner, String(before_it), { version: 1, disease: 'influenza', onset_on: ago(4) })), [409, 'already_ill']);
    const [one, two] = await Promise.all([put(guardian, String(first), { version: 1, disease: 'covid', onset_on: ago(1) }), put(partner, String(first), { version: 1, disease: 'influenza', onset_on: ago(2) })]);
    assert.deepEqual([said(one), said(two)].sort(), [[200, ''], [409, 'stale_version']]);
    await city.query(`update guardianships set rights = 'read' where account_id = $1 and student_id = $2`, [partner.account, child]);
    await refuse({}, 404, 'not_found', partner);
    assert.deepEqual(said(await put(partner, `${first}/withdraw`, { version: 2 })), [404, 'not_found']);
    assert.ok(await shown(first, partner), 'who only reads still sees it');
    await city.query(`update guardianships set rights = 'report' where account_id = $1 and student_id = $2`, [partner.account, child]);
});

test('5(2)朝-10 the school writes one down, sets from when, corrects; guardians see it and leave it alone; others see nothing; the audit names no illness', async () => {
    const id = await made(homeroom, { disease: 'covid', onset_on: ago(2), via: 'phone', suspended_from: ago(1), note: '電話で確認' });
    assert.deepEqual([(await shown(id, guardian)).suspended_from, (await shown(id, reader)).via], [ago(1), 'phone']);
    for (const who of [stranger, colleague, far_office]) assert.equal((await who.request('GET', `/api/students/${child}/illnesses`)).status, 404);
    for (const who of [reader, stranger, colleague, teacher, far_office]) assert.equal((await put(who, `${id}/withdraw`, { version: 1 })).status, 404);
    assert.equal((await board.request('GET', `/api/students/${child}/illnesses`)).status, 403);
    assert.equal((await put(guardian, `${id}/return`, { version: 1, ended_on: today, returned_on: plus(today, 4) })).status, 200);
    const own = await made(nurse, { disease: 'ehec', onset_on: ago(1) });
    assert.deepEqual(said(await put(guardian, String(own), { version: 1, disease: 'ehec', onset_on: today })), [409, 'by_school']);
    assert.deepEqual(said(await put(guardian, `${own}/withdraw`, { version: 1 })), [409, 'by_school']);
    assert.equal((await put(office, String(own), { version: 1, disease: 'other', onset_on: ago(1) })).status, 200);
    assert.equal((await shown(own)).suspended_from, null);
    assert.equal((await put(office, `${own}/withdraw`, { version: 2 })).status, 200);
    const { rows } = await city.db.query(`select action, detail from audit where object_id = $1 and action like 'illness_%' and (detail ->> 'illness_id')::bigint = any ($2) order by id`, [child, [id, own]]);
    assert.deepEqual(rows.map((row) => row.action), ['illness_made', 'illness_made', 'illness_changed', 'illness_withdrawn']);
    assert.ok(!/ehec|covid|電話/.test(JSON.stringify(rows)));
});

test('5(2)朝-4 5(2)朝-10 a suspended child is accounted for in the roll call; who was there on the day of onset is suspended from the next', async () => {
    const absent = () => homeroom.request('PUT', `/api/students/${child}/attendance`, { body: { day: today, state: 'absent', seen_at: Date.now() } });
    assert.equal((await absent()).status, 200);
    const ask = () => homeroom.request('POST', `/api/students/${child}/inquiry`, { body: {}, key: randomUUID() });
    await city.query('delete from inquiries');
    const accounted = async () => (await city.one('select accounted_for($1, today()) as yes', [child])).yes;
    assert.equal(await accounted(), false);
    const screen = await live(board);
    const counts = (n) => (row) => row.id === at.a.id && row.unaccounted === n;
    assert.ok((await screen.subscribe('city/all')).some(counts(1)));
    await made(guardian, { disease: 'influenza', onset_on: ago(1) });
    assert.equal(await accounted(), true);
    await screen.row('city/all', counts(0));
    screen.close();
    assert.deepEqual(said(await ask()), [409, 'accounted_for']);
    await homeroom.put(`/api/classes/${at.a.one.id}/roll`, { day: today, done: true });
    const there = await made(guardian, { disease: 'influenza', onset_on: today }, { student: sibling });
    assert.equal((await shown(there, office, sibling)).suspended_from, plus(today, 1));
});

test('5(2)朝-10 the figures of school, class and board: absent, suspended, away for long, each child once, live; as counted independently', async () => {
    const { id: class_id } = at.a.two;
    await city.query(`update students set class_id = $2, version = version + 1
                      where id in (select id from students where school_id = $1 and left_on is null and class_id <> all ($3) order by id limit 6)`, [at.a.id, class_id, [class_id, at.a.one.id]]);
    const students = (await city.query('select id from students where class_id = $1 and left_on is null order by id limit 8', [class_id])).map((row) => row.id);
    assert.equal(students.length, 8);
    const [both, told, alone, longer, twice, comes, plain, back] = students;
    for (const student of students) await clear(city, student);
    await city.query(`update standing_absences set ended_at = now(), ended_by = 1, version = version + 1 where ended_at is null`);
    const screens = await Promise.all([[board, 'city/all', at.a.id], [office, `classes/school/${at.a.id}`, class_id]].map(async ([who, topic, id]) => {
        const screen = await live(who);
        return { screen, topic, id, start: (await screen.subscribe(topic)).find((row) => row.id === id) };
    }));
    const NAMES = ['absent', 'suspended', 'standing', 'late'];
    const see = (want) => Promise.all(screens.map(({ screen, topic, id, start }) => screen.row(topic, (row) => row.id === id && NAMES.every((name) => row[name] === start[name] + (want[name] ?? 0)))));
    const ill = (student, more = {}) => made(nurse, { disease: 'influenza', onset_on: ago(1), suspended_from: ago(1), ...more }, { student });
    const long = (student) => office.request('POST', `/api/students/${student}/standing`, { body: { first_day: ago(9), last_day: plus(today, 9) }, key: randomUUID() });
    await absence(city, plain, { by: guardian.account });
    await absence(city, told, { by: guardian.account });
    await see({ absent: 2 });
    const first = await ill(told);
    await see({ absent: 1, suspended: 1 });
    await ill(alone);
    for (const student of [longer, both, comes]) assert.equal((await long(student)).status, 201);
    await see({ absent: 1, suspended: 2, standing: 3 });
    await ill(both);
    await absence(city, both, { by: guardian.account });
    await ill(twice);
    await ill(twice, { disease: 'covid' });
    await absence(city, comes, { kind: 'late', by: guardian.account });
    await ill(back, { ended_on: ago(1), disease: 'chickenpox' });
    await see({ absent: 1, suspended: 4, standing: 1, late: 1 });
    assert.equal((await put(office, `${first}/withdraw`, { version: 1 })).status, 200);
    await see({ absent: 2, suspended: 3, standing: 1, late: 1 });
    for (const { screen } of screens) screen.close();
});

test('5(2)朝-10 a child that goes to another school is kept from that one too; 別紙2 erased, nothing of its illness is left', async () => {
    const { n: orphans } = await city.one('select count(*)::int as n from illness_versions v where not exists (select from illnesses i where i.id = v.illness_id)');
    const mover = at.a.two.students[2];
    const by = await city.as(await account(city, { children: [mover] }));
    const id = await made(by, { disease: 'mumps', onset_on: ago(1), institution: '消える医院', note: '消える覚え' }, { student: mover });
    const { version } = await city.one('select version from students where id = $1', [mover]);
    await board.post(`/api/students/${mover}/move`, { version, class_id: at.b.one.id, number: 96 });
    const there = (await far_office.get(`/api/students/${mover}/illnesses`)).rows;
    assert.deepEqual(there.map((row) => [row.disease, row.suspended, row.id === id]), [['mumps', true, false]]);
    assert.equal((await office.request('GET', `/api/students/${mover}/illnesses`)).status, 404);
    const [copy] = there;
    assert.deepEqual((await far_office.get(`/api/illnesses/${copy.id}/versions`)).rows.map((row) => [row.version, row.action, row.by]), [[1, 'made', 'guardian']]);
    assert.equal((await put(by, String(copy.id), { version: 1, disease: 'mumps', onset_on: ago(1), institution: '移った先の医院' })).status, 200);
    assert.equal((await put(far_office, String(copy.id), { version: 2, disease: 'mumps', onset_on: ago(1) })).status, 200);
    await city.query(`update students set left_on = '2015-03-31' where id = $1`, [mover]);
    const words = ['消える医院', '消える覚え', '移った先の医院'];
    assert.deepEqual(await leftovers(city, words), ['illness_versions.institution', 'illness_versions.note', 'illnesses.institution', 'illnesses.note']);
    const erasure = await board.post('/api/erasures', { school_id: at.b.id });
    for (let left = 1; left > 0;) ({ left } = await board.post(`/api/erasures/${erasure.id}/apply`));
    assert.deepEqual(await leftovers(city, words), []);
    assert.equal((await city.one('select count(*)::int as n from illness_versions v where not exists (select from illnesses i where i.id = v.illness_id)')).n, orphans);
});
