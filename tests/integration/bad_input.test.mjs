// What must not get in: each wrong form gets its own clear 4xx problem document, and nothing is stored.
// What may get in, literally: texts that look like SQL, markup or header lines.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { encode } from '@msgpack/msgpack';
import { startCity, live } from '../support/city.mjs';
import { absence, cast, clear, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { at } = people;
const [child, sibling] = at.a.one.students;
const reason = (await city.one('select min(id) as id from reasons where school_id is null and not needs_note')).id;
const noted = await city.one('select id from reasons where needs_note limit 1');
const today = await day(city);
const good = async (plus = 20) => ({ student_id: child, first_day: await day(city, plus), kind: 'absent', reason_id: reason });
const stored = async () => {
    const [a, b, c] = await Promise.all(['absences', 'absence_versions', 'idempotency'].map((table) => city.one(`select count(*) as n from ${table}`)));
    return `${a.n} ${b.n} ${c.n}`;
};

/** Sends, expects the refusal, and that nothing changed. `fields`: which fields the problem names. */
async function refuses(send, status, { type, fields } = {}) {
    const before = await stored();
    const answer = await send();
    const text = JSON.stringify(answer.body);
    assert.equal(answer.status, status, text);
    assert.match(answer.headers['content-type'], /^application\/problem\+(json|msgpack)|^application\/msgpack/);
    assert.equal(answer.body.status, status, text);
    assert.match(answer.body.type, /^\/problems\/[a-z_]+$/, text);
    assert.ok(answer.body.title.length > 0, text);
    if (type) assert.equal(answer.body.type, `/problems/${type}`, text);
    for (const field of fields ?? []) {
        const named = (answer.body.errors ?? []).find((error) => error.field === field);
        assert.ok(named, `${field} is named in ${text}`);
        assert.ok(named.code && named.detail, text);
    }
    assert.equal(await stored(), before, 'nothing is stored');
    return answer;
}
const report = (body, options = {}) => () => people.guardian.request('POST', '/api/absences', { body, key: randomUUID(), ...options });
const wrong = async (change, fields, status = 400) => refuses(report({ ...(await good()), ...change }), status, { fields });

test('MEASURES 13: unknown fields are refused and named, also several, also beside good ones', async () => {
    await wrong({ via: 'school' }, ['via']);
    await wrong({ school_id: 1 }, ['school_id']);
    await wrong({ Student_id: 1 }, ['Student_id']);
    await wrong({ x: 1, y: { z: [1] } }, ['x', 'y']);
    await wrong({ __proto__x: 1, constructor: 1 }, ['constructor']);
});

test('MEASURES 13: missing fields are named', async () => {
    await refuses(report({}), 400, { fields: ['student_id', 'first_day', 'kind'] });
    const { student_id, ...rest } = await good();
    await refuses(report(rest), 400, { fields: ['student_id'] });
});

for (const [field, values] of Object.entries({
    student_id: ['1', 1.5, -1, 0, true, null, [], {}, 1e300, '１', 9007199254740993n],
    first_day: [20260101, '2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', '0000-00-00', '2026-01-01T00:00:00', ' 2026-01-01', '２０２６-01-01', '', null, 'today', 'infinity', true],
    last_day: ['2026-02-30', 5, 'x', {}],
    kind: ['ABSENT', 'sick', '', 1, null, ['absent'], 'absent\u0000'],
    reason_id: ['1', 'x', -5, 0.5, {}],
    note: [5, {}, ['a'], 'x'.repeat(501), '学'.repeat(501), 'a\u0000b', false],
})) {
    test(`MEASURES 13: ${field}: wrong types and values are refused and named`, async () => {
        for (const value of values) {
            if (typeof value === 'bigint') {
                const text = JSON.stringify({ ...(await good()), [field]: 1 }).replace(`"${field}":1`, `"${field}":${value}0000`);
                await refuses(report(Buffer.from(text)), 400);
            } else if (String(value).includes('\u0000')) {
                await refuses(report({ ...(await good()), [field]: value }), 400);
            } else {
                await wrong({ [field]: value }, [field]);
            }
        }
    });
}

test('5(2)ア-4 times: each kind has the times it needs, and no other', async () => {
    for (const lacking of [{ kind: 'late' }, { kind: 'leave_early' }, { kind: 'late_and_leave_early', arrive_at: '10:00' }, { kind: 'late', arrive_at: null }]) {
        await refuses(report({ ...(await good()), ...lacking }), 422, { type: 'time_needed' });
    }
    await wrong({ kind: 'absent', pick_up: 'guardian' }, ['pick_up']);
    await wrong({ kind: 'leave_early', leave_at: '12:00', pick_up_note: '祖母' }, ['pick_up_note']);
    await wrong({ kind: 'leave_early', leave_at: '12:00', pick_up: 'taxi' }, ['pick_up']);
    await wrong({ symptoms: ['cough'] }, ['symptoms']);
    await wrong({ symptoms: ['fever', 'fever'] }, ['symptoms']);
    await refuses(report({ ...(await good()), kind: 'attend', reason_id: null }), 422, { type: 'not_standing' });
    await wrong({ kind: 'late_and_leave_early', arrive_at: '13:00', leave_at: '10:00' }, ['leave_at']);
    await wrong({ kind: 'absent', arrive_at: '10:00' }, ['arrive_at']);
    await wrong({ kind: 'late', arrive_at: '10:00', leave_at: '12:00' }, ['leave_at']);
    for (const time of ['24:00', '10:60', '9:00', '10', '10:00:00', '１０:00', 1000, '']) {
        await wrong({ kind: 'late', arrive_at: time }, ['arrive_at']);
    }
});

test('5(2)ア-3 days: past, too far ahead, too long, upside down', async () => {
    await refuses(report({ ...(await good()), first_day: await day(city, -1) }), 422, { type: 'past_day' });
    await refuses(report({ ...(await good()), first_day: '2000-01-01' }), 422, { type: 'past_day' });
    await refuses(report({ ...(await good()), first_day: await day(city, 61) }), 422, { type: 'too_far' });
    const never = await report({ ...(await good()), first_day: '9999-12-31' })();
    assert.ok([400, 422].includes(never.status));
    const range = async (from, to) => ({ ...(await good()), first_day: await day(city, from), last_day: await day(city, to) });
    const long = await report(await range(20, 51))();
    assert.ok([400, 422].includes(long.status));
    await refuses(report(await range(22, 21)), 400, { fields: ['last_day'] });
});

test('5(2)エ-2 5(2)エ-5 a reason that is not on the school’s list is refused; one that asks for words must get them', async () => {
    const { id } = await city.one(`insert into reasons (school_id, sort, label) values ($1, 1, '別の学校の理由') returning id`, [at.b.id]);
    const foreign = await report({ ...(await good()), reason_id: id })();
    assert.ok([400, 422].includes(foreign.status), JSON.stringify(foreign.body));
    const absent = await report({ ...(await good()), reason_id: 999_999_999 })();
    assert.ok([400, 422].includes(absent.status), JSON.stringify(absent.body));
    assert.deepEqual(foreign.body.type, absent.body.type);
    if (noted) {
        const silent = await report({ ...(await good()), reason_id: noted.id })();
        assert.ok([400, 422].includes(silent.status), JSON.stringify(silent.body));
        const blank = await report({ ...(await good()), reason_id: noted.id, note: '   ' })();
        assert.ok([400, 422].includes(blank.status), JSON.stringify(blank.body));
    }
});

test('another family’s child, another school’s child and a child that never was: the same 404', async () => {
    const answers = [];
    for (const student_id of [at.a.one.students[3], at.b.one.students[0], 999_999_999]) {
        answers.push(await refuses(report({ ...(await good()), student_id }), 404));
    }
    for (const answer of answers) assert.deepEqual(answer.body, answers[0].body);
    const reader = await refuses(() => people.reader.request('POST', '/api/absences', { body: { student_id: child, first_day: today, kind: 'absent', reason_id: reason }, key: randomUUID() }), 404);
    assert.deepEqual(reader.body, answers[0].body);
});

test('5(1)エ two guardians of one child see one report, not two', async () => {
    const body = { ...(await good(25)), note: 'ひとつ' };
    const first = await people.guardian.post('/api/absences', body);
    const second = await refuses(() => people.partner.request('POST', '/api/absences', { body, key: randomUUID() }), 409, { type: 'already_reported' });
    assert.equal(second.body.absence_id, first.id);
    for (const person of [people.guardian, people.partner, people.reader]) {
        const { rows } = await person.get(`/api/children/${child}/absences`);
        assert.deepEqual(rows.filter((row) => row.first_day === body.first_day).map((row) => row.id), [first.id]);
    }
    const seen = await people.partner.get(`/api/absences/${first.id}/versions`);
    assert.deepEqual(seen.rows.map((row) => row.by), ['other_guardian']);
    const mine = await people.guardian.get(`/api/absences/${first.id}/versions`);
    assert.deepEqual(mine.rows.map((row) => row.by), ['you']);
    // A range that only touches the day overlaps as well; the sibling is free.
    await refuses(report({ ...body, first_day: await day(city, 23), last_day: body.first_day }), 409, { type: 'already_reported' });
    await people.guardian.post('/api/absences', { ...body, student_id: sibling });
    // Cancelled, the day is free again.
    await people.homeroom.post(`/api/absences/${first.id}/cancel`, { version: 1 });
    await people.partner.post('/api/absences', body);
});

test('5(1)エ 5(2)誤-2 both guardians at the very same time: one 201, one 409', async () => {
    const body = await good(28);
    for (let round = 0; round < 5; round++) {
        body.first_day = await day(city, 28 + round);
        const answers = await Promise.all([people.guardian, people.partner].map((person) =>
            person.request('POST', '/api/absences', { body, key: randomUUID() })));
        assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409]);
        const { n } = await city.one('select count(*) as n from absences where student_id = $1 and first_day = $2 and cancelled_at is null', [child, body.first_day]);
        assert.equal(n, 1);
    }
});

test('5(2)誤-11 5(2)エ-5 MEASURES 13: what looks like SQL, markup, a formula or a header is a text like any other, stored and given back literally', async () => {
    const texts = [
        `'; drop table absences; --`,
        `<script>alert(1)</script><img src=x onerror=alert(1)>`,
        `=HYPERLINK("http://evil.example","x")`,
        `一行目\nSet-Cookie: a=b\n二行目`,
        `" or ""="`,
        `\\x41 \\u0041 %00 %27 {{7*7}} \${7*7}`,
        `髙﨑𠮷ゔ👨‍👩‍👧‍👦 é ﾊﾝｶｸ`,
        `\u202Eoverride`,
    ];
    const screen = await live(people.homeroom);
    const topic = `absences/class/${at.a.one.id}`;
    await screen.subscribe(topic);
    let plus = 35;
    for (const note of texts) {
        const body = { ...(await good(plus++)), note };
        const { id } = await people.guardian.post('/api/absences', body);
        assert.equal((await city.one('select note from absences where id = $1', [id])).note, note);
        assert.equal((await people.guardian.get(`/api/absences/${id}`)).note, note);
        people.guardian.msgpack = true;
        assert.equal((await people.guardian.get(`/api/absences/${id}`)).note, note);
        people.guardian.msgpack = false;
        assert.equal((await screen.row(topic, (row) => row.id === id)).note, note);
    }
    screen.close();
    assert.ok((await city.one(`select to_regclass('absences') is not null as there`)).there);
});

test('5(2)誤-11 MEASURES 13: CR alone and other control characters in a text do not come back as something else', async () => {
    for (const note of ['a\rb', 'a\u0007b', 'a\u001bb', 'a\u007fb']) {
        const answer = await report({ ...(await good(45)), note })();
        if (answer.status === 201) {
            assert.equal((await people.guardian.get(`/api/absences/${answer.body.id}`)).note.trim(), note.trim());
            await people.homeroom.post(`/api/absences/${answer.body.id}/cancel`, { version: 1 });
        } else {
            assert.equal(answer.status, 400);
        }
    }
});

test('MEASURES 13: a body that is no JSON: not closed, two values, NaN, comments, bad UTF-8, a BOM, lone surrogates, too deep, an array, nothing', async () => {
    const text = JSON.stringify(await good());
    const bad = [
        text.slice(0, -1), `${text}${text}`, `${text},`, text.replace('"absent"', 'NaN'), `/* */${text}`, text.replaceAll('"', "'"),
        '[]', '1', 'null', '"x"', '', ' ', '{', '{"a"}', '{"kind":"absent","kind":"late"}',
        `{"x":${'['.repeat(5000)}${']'.repeat(5000)}}`, `{"x":"\\ud800"}`, `{"x":"\\u12"}`, `{"note":"a\nb"}`,
    ].map((each) => Buffer.from(each));
    bad.push(Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]));
    bad.push(Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]));
    bad.push(Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]));
    bad.push(Buffer.from(text, 'utf16le'));
    for (const body of bad) await refuses(report(body), 400);
});

test('MEASURES 13: a body that is no msgpack: cut off, more after it, an array, extension types, bad UTF-8, lengths that lie', async () => {
    const packed = Buffer.from(encode(await good()));
    const bad = [
        packed.subarray(0, packed.length - 1), Buffer.concat([packed, Buffer.from([0xc0])]), Buffer.from(encode([1])),
        Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff]), Buffer.from([0xdb, 0xff, 0xff, 0xff, 0xff, 0x41]), Buffer.from([0xc1]),
        Buffer.from([0x81, 0xa4, ...Buffer.from('note'), 0xa2, 0xff, 0xfe]), Buffer.from([0x81, 0x01, 0x02]),
        Buffer.concat([Buffer.from([0x81, 0xa1, 0x78]), Buffer.alloc(4000, 0x91), Buffer.from([0xc0])]), Buffer.alloc(0),
    ];
    for (const body of bad) await refuses(report(body, { headers: { 'content-type': 'application/msgpack' } }), 400);
});

test('msgpack in and out on every kind of route, problems included', async () => {
    const person = people.guardian;
    person.msgpack = true;
    try {
        const children = await person.request('GET', '/api/children');
        assert.equal(children.headers['content-type'], 'application/msgpack');
        assert.ok(children.body.rows.length >= 2);
        const receipt = await person.request('POST', '/api/absences', { body: await good(55), key: randomUUID() });
        assert.equal(receipt.status, 201);
        assert.equal(receipt.headers['content-type'], 'application/msgpack');
        const row = await person.get(`/api/absences/${receipt.body.id}`);
        assert.equal(row.student_id, child);
        const problem = await person.request('POST', '/api/absences', { body: { x: 1 }, key: randomUUID() });
        assert.equal(problem.status, 400);
        assert.equal(problem.body.type, '/problems/validation');
        person.msgpack = false;
        assert.deepEqual(await person.get(`/api/absences/${receipt.body.id}`), row);
    } finally {
        person.msgpack = false;
    }
});

test('MEASURES 13: too large a body is 413, and is not waited for', async () => {
    await refuses(report({ ...(await good()), note: 'x'.repeat(200_000) }), 413);
});

test('MEASURES 13: path and query: no numbers, too large ones, traversal, unknown parameters, repeated ones', async () => {
    const ask = (path) => () => people.guardian.request('GET', path);
    for (const id of ['abc', '-1', '1.5', '99999999999999999999', '1%00', '%27', '1;2', '1e3', '0x1', '%EF%BC%91']) {
        const answer = await ask(`/api/absences/${id}`)();
        assert.ok([400, 404].includes(answer.status), `${id}: ${answer.status}`);
    }
    await refuses(ask('/api/children?unknown=1'), 400);
    await refuses(ask('/api/reasons'), 400, { fields: ['school_id'] });
    await refuses(ask('/api/reasons?school_id=x'), 400, { fields: ['school_id'] });
    await refuses(ask(`/api/reasons?school_id=${at.a.id}&school_id=${at.b.id}`), 400);
    await refuses(ask('/api/no-such-route'), 404);
    await refuses(ask('/api/'), 404);
    await refuses(ask('/api/children/../children/'), 404);
    assert.match((await ask('/api/%2e%2e/%2e%2e/etc/passwd')()).raw.toString(), /^<!doctype html>/i, 'a page of the app, no file');
});

test('a known path with another method is 405 and says which are allowed', async () => {
    const answer = await refuses(() => people.guardian.request('PUT', '/api/children', { body: {}, key: randomUUID() }), 405);
    assert.match(answer.headers.allow, /GET/);
    await refuses(() => people.guardian.request('PATCH', '/api/absences/1', { body: {} }), 405);
});

test('5(2)カ-2 the office registers a phone call; past days are open to it, other schools are not', async () => {
    const body = { student_id: at.a.two.students[0], first_day: await day(city, -2), kind: 'late', arrive_at: '10:15', reason_id: reason, note: '母親から電話' };
    const receipt = await people.office.post('/api/absences', body);
    const row = await people.office.get(`/api/absences/${receipt.id}`);
    assert.equal(row.via, 'school');
    await people.office.put(`/api/absences/${receipt.id}`, { version: 1, first_day: body.first_day, kind: 'absent', reason_id: reason });
    await refuses(() => people.office.request('POST', '/api/absences', { body: { ...body, student_id: at.b.one.students[1] }, key: randomUUID() }), 404);
    await refuses(() => people.homeroom.request('POST', '/api/absences', { body, key: randomUUID() }), 404);
});

test('5(2)ア-7 5(2)誤-3 a guardian corrects until the school’s time, then is told the school’s number', async () => {
    await city.query(`update schools set correct_until = '23:59:59' where id = $1`, [at.a.id]);
    await clear(city, child);
    const { id } = await people.guardian.post('/api/absences', { ...(await good(0)) });
    const change = { version: 1, first_day: today, kind: 'late', arrive_at: '11:00', reason_id: reason };
    assert.equal((await people.guardian.put(`/api/absences/${id}`, change)).version, 2);
    await city.query(`update schools set correct_until = '00:00' where id = $1`, [at.a.id]);
    const late = await refuses(() => people.guardian.request('PUT', `/api/absences/${id}`, { body: { ...change, version: 2 }, key: randomUUID() }), 409, { type: 'after_cutoff' });
    assert.ok(late.body.phone, 'the school’s telephone number');
    await refuses(() => people.guardian.request('POST', `/api/absences/${id}/cancel`, { body: { version: 2 }, key: randomUUID() }), 409, { type: 'after_cutoff' });
    await people.homeroom.put(`/api/absences/${id}`, { ...change, version: 2 });
});

test('5(2)エ-1 the reasons are the school’s own and the city’s, in the school’s order', async () => {
    await city.query(`insert into reasons (school_id, sort, label, needs_note) values ($1, 1, 'この学校だけの理由', true)`, [at.a.id]);
    const { rows } = await people.guardian.get(`/api/reasons?school_id=${at.a.id}`);
    assert.ok(rows.some((row) => row.label === 'この学校だけの理由' && row.needs_note));
    assert.ok(rows.length > 3);
    assert.ok(rows.every((row) => Array.isArray(row.kinds) && row.kinds.length > 0));
    const body = { ...(await good(58)), reason_id: rows.find((row) => row.label === 'この学校だけの理由').id, note: '自由な記述' };
    const { id } = await people.guardian.post('/api/absences', body);
    const row = await people.homeroom.get(`/api/absences/${id}`);
    assert.equal(row.reason, 'この学校だけの理由');
    assert.equal(row.note, '自由な記述');
});

test('the live socket: unknown words close it (1008), too much closes it (1009), topics that are none are gone', async () => {
    const closes = async (send, codes) => {
        const screen = await live(people.guardian);
        send(screen);
        const { code } = await screen.closed;
        assert.ok(codes.includes(code), `${code}`);
    };
    await closes((screen) => screen.send({ op: 'dance' }), [1008]);
    await closes((screen) => screen.send([1, 2]), [1008]);
    await closes((screen) => screen.socket.send('not json'), [1008]);
    await closes((screen) => screen.socket.send(Buffer.from([0xc1])), [1008]);
    await closes((screen) => screen.socket.send(Buffer.alloc(1 << 20)), [1009]);
    const screen = await live(people.guardian);
    for (const topic of ['absences/class/x', 'absences/class/', 'absences/class/99999999999999999999', 'nothing/1', '', 'absences/student/0', '../../etc']) {
        const answer = await screen.subscribe(topic);
        assert.equal(answer.t, 'gone', topic);
        assert.ok([403, 404].includes(answer.status));
    }
    const { id } = await absence(city, sibling, { first: 3 });
    const rows = await screen.subscribe(`absences/student/${sibling}`);
    assert.ok(rows.some((row) => row.id === id), 'the socket still serves');
    screen.close();
});
