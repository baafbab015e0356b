// The register as a file for the school-affairs system, by a saved mapping: what is in it, against the register itself.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startCity } from '../support/city.mjs';
import { cast, day } from '../support/people.mjs';

const city = await startCity();
const people = await cast(city);
const { office, administrator, board, teacher, far_office } = people;
const { a } = people.at;
const today = await day(city);
const plus = (date, n) => new Date(Date.parse(date) + n * 86_400_000).toISOString().slice(0, 10);
const april = `${(await city.one('select school_year() as y')).y}-04-01`;
const first = plus(today, -20) < april ? april : plus(today, -20);
const period = { first_day: first, last_day: today };
const told = ({ status, body }) => [status, body?.type?.replace('/problems/', '') ?? null];
const put = (who, body) => who.request('PUT', '/api/export-mappings', { body });

/** RFC 4180, told anew. */
function parse(text, separator = ',') {
    const rows = [];
    for (let at = 0; at < text.length;) {
        const row = [];
        for (;;) {
            let cell = '';
            if (text[at] === '"') {
                for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
                    cell += text[at];
                    if (text[at] === '"') at++;
                }
                at++;
            } else while (at < text.length && text[at] !== separator && text[at] !== '\r') cell += text[at++];
            row.push(cell);
            if (text[at] !== separator) break;
            at++;
        }
        assert.equal(text.slice(at, at + 2), '\r\n', 'each line ends with CRLF');
        at += 2;
        rows.push(row);
    }
    return rows;
}

/** The file's bytes. */
async function file(who, id, extra = {}) {
    const query = new URLSearchParams({ export_mapping_id: id, ...period, ...extra });
    return who.request('GET', `/api/schools/${a.id}/register/export?${query}`);
}

const base = { charset: 'utf8_bom', separator: 'comma', file: 'sums', headings: ['番号'], fields: ['number'] };
const [one, two] = a.one.students;
await city.query(`update students set code = null where school_id = $1`, [a.id]);
await city.query(`update students set code = '00' || id where class_id = $1 and id <> $2`, [a.one.id, two]);
await city.query(`update students set family_name = '=1+1', given_name = '𠮷"田, 子' where id = $1`, [one]);
await city.query(`update marks set external_code = case code when 'sick' then '01' when 'late' then '08' end`);
const reason = (await city.one(`insert into reasons (school_id, sort, label, mark, external_code) values ($1, 90, '風邪', 'sick', 'R7') returning id`, [a.id])).id;
for (const [student, kind, at] of [[one, 'absent', null], [two, 'late', '10:00']]) {
    await city.query(`insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, reason_id, reported_by, changed_by, via, changed_via)
        select s.school_id, s.id, today(), today(), $2, $3, case when $2 = 'absent' then $4::int end, $5, $5, 'school', 'school' from students s where s.id = $1`,
        [student, kind, at, reason, office.account]);
}

test('5(2)朝-9 export for スズキ校務: a month\'s sums by the city\'s mapping equal the register, in each character set', async () => {
    const sums = ['school_days', 'suspended', 'due', 'absent', 'attended', 'late', 'leave_early'];
    const fields = ['school_code', 'code', 'grade', 'class_name', 'number', 'name', 'text:A,"1"', ...sums, 'month'];
    const headings = ['学校', '児童コード', '学年', '組', '番', '氏名', '区分', ...sums.map((_, i) => `計${i}`), '月'];
    const school = await city.one('select code from schools where id = $1', [a.id]);
    const at = await city.one('select grade, name from classes where id = $1', [a.one.id]);
    const register = (await office.get(`/api/classes/${a.one.id}/register?first_day=${first}&last_day=${today}`)).rows;
    const expected = register.map((row) => [school.code, row.code ?? '', `${at.grade}`, at.name, `${row.number}`,
        `${row.family_name.replace(/^=/, '\'=')} ${row.given_name}`, 'A,"1"', ...sums.map((sum) => `${row[sum]}`), first.slice(0, 7)]);
    assert.ok(register.some((row) => row.absent > 0) && register.some((row) => row.late > 0));
    for (const [charset, separator] of [['utf8', 'tab'], ['utf8_bom', 'comma'], ['cp932', 'comma']]) {
        const { id } = await put(board, { ...base, name: 'スズキ校務', fields, headings, charset, separator }).then(({ body }) => body);
        const answer = await file(office, id, { class_id: a.one.id });
        assert.equal(answer.status, 200);
        assert.equal(answer.raw.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])), charset === 'utf8_bom');
        const rows = parse(new TextDecoder(charset === 'cp932' ? 'shift_jis' : 'utf-8').decode(answer.raw), separator === 'tab' ? '\t' : ',');
        assert.deepEqual(rows[0], headings);
        const lost = (text) => (charset === 'cp932' ? text.replaceAll('𠮷', '〓') : text);
        assert.deepEqual(rows.slice(1), expected.map((row) => row.map(lost)));
        assert.equal(answer.headers['x-todoke-replaced'], charset === 'cp932' ? '1' : undefined);
    }
    const { rows } = await office.get(`/api/export-mappings?school_id=${a.id}`);
    assert.deepEqual(rows.map((row) => [row.name, row.school_id, row.charset]), [['スズキ校務', null, 'cp932']], 'the same name replaces');
    const whole = parse(new TextDecoder('shift_jis').decode((await file(office, rows[0].id)).raw));
    const n = (await city.one('select count(*)::int as n from students where school_id = $1 and left_on is null', [a.id])).n;
    assert.equal(whole.length, n + 1, 'the whole school, a child a row');
});

test('5(2)朝-9 export for スズキ校務: days with codes and every day; neutralised unless the mapping says no; no heading', async () => {
    const fields = ['date', 'date_slash', 'date_compact', 'date_era', 'code', 'family_name', 'mark', 'mark_code', 'symbol', 'late', 'leave_early', 'reason', 'reason_code'];
    const mapping = { ...base, school_id: a.id, name: '日ごと', file: 'days', charset: 'utf8', with_heading: false, fields, headings: fields.map((_, i) => `列${i}`) };
    const [y, m, d] = today.split('-').map(Number);
    const dates = [today, today.replaceAll('-', '/'), today.replaceAll('-', ''), `令和${y - 2018}年${m}月${d}日`];
    for (const neutralised of [true, false]) {
        const { id } = (await put(administrator, { ...mapping, neutralised })).body;
        const rows = parse((await file(office, id, { class_id: a.one.id })).raw.toString());
        const { family_name } = await city.one('select family_name from students where id = $1', [two]);
        assert.deepEqual(rows.filter((row) => row[0] === today && (row[4] === `00${one}` || row[5] === family_name && row[9] === '1')).sort((x, z) => x[9] - z[9]), [
            [...dates, `00${one}`, neutralised ? '\'=1+1' : '=1+1', '病欠', '01', '／', '', '', '風邪', 'R7'],
            [...dates, '', family_name, '遅刻', '08', 'チ', '1', '', '', ''],
        ]);
    }
    const { id } = (await put(administrator, { ...mapping, name: '毎日', file: 'every_day' })).body;
    const days = (await office.get(`/api/classes/${a.one.id}/register/head?first_day=${first}&last_day=${today}`)).rows.length;
    const register = (await office.get(`/api/classes/${a.one.id}/register?first_day=${first}&last_day=${today}`)).rows;
    const rows = parse((await file(office, id, { class_id: a.one.id })).raw.toString());
    assert.equal(rows.length, register.reduce((sum, row) => sum + row.school_days, 0));
    assert.equal(new Set(rows.map((row) => row[0])).size, days);
});

test('5(2)朝-9 5(2)エ-3 export for スズキ校務: what has no code is told before, the first lines of unsaved columns are shown', async () => {
    const { id } = (await put(office, { ...base, school_id: a.id, name: '検査', file: 'days', fields: ['code', 'mark_code', 'reason_code'], headings: ['', '', ''] })).body;
    const check = async (extra = '') => (await office.get(`/api/schools/${a.id}/register/export/check?export_mapping_id=${id}&first_day=${today}&last_day=${today}${extra}`)).rows;
    const before = await check(`&class_id=${a.one.id}`);
    assert.deepEqual(before.filter((row) => row.lacks === 'code').map((row) => row.student_id), [two]);
    assert.deepEqual(before.filter((row) => row.lacks === 'reason_code'), []);
    await city.query(`update marks set external_code = null where code = 'sick'`);
    await city.query('update reasons set external_code = null where id = $1', [reason]);
    const after = await check(`&class_id=${a.one.id}`);
    assert.ok(after.some((row) => row.lacks === 'mark_code' && row.name === '病欠') && after.some((row) => row.lacks === 'reason_code' && row.name === '風邪'));
    await city.query(`update students set code = '00' || id where id = $1`, [two]);
    assert.deepEqual((await check(`&class_id=${a.one.id}`)).filter((row) => row.lacks === 'code'), []);
    const look = (body) => office.request('POST', `/api/schools/${a.id}/register/export/preview`, { body: { file: 'sums', class_id: a.one.id, ...period, ...body } });
    const { rows } = (await look({ headings: ['番', '文'], fields: ['number', 'text:１'] })).body;
    const numbers = await city.query('select number from students where class_id = $1 and left_on is null order by number, id limit 5', [a.one.id]);
    assert.deepEqual(rows.map((row) => row.cells), numbers.map(({ number }) => [`${number}`, '１']));
    assert.deepEqual(told(await look({ headings: ['番'], fields: ['mark'] })), [400, 'validation'], 'sums have no mark');
});

test('5(2)朝-9 export for スズキ校務: what does not fit is refused; whose mapping it is; the audit has no names', async () => {
    for (const wrong of [{ fields: ['nothing'] }, { fields: [] }, { headings: ['a', 'b'] }, { fields: [`text:${'x'.repeat(61)}`] }, { headings: ['x'.repeat(61)] },
        { charset: 'utf16' }, { separator: ';' }, { name: '  ' }, { headings: ['a\tb'] }, { fields: ['text:\u001f'] }, { fields: ['mark'] }]) {
        assert.deepEqual(told(await put(office, { ...base, school_id: a.id, name: 'だめ', ...wrong })), [400, 'validation'], JSON.stringify(wrong));
    }
    assert.equal((await city.one(`select count(*)::int as n from export_mappings where name = 'だめ'`)).n, 0);
    const { id } = (await put(office, { ...base, school_id: a.id, name: '学校の' })).body;
    assert.deepEqual(told(await put(office, { ...base, name: '市の' })), [404, 'not_found'], 'the city\'s are the board\'s');
    assert.deepEqual(told(await put(far_office, { ...base, school_id: a.id, name: '学校の' })), [404, 'not_found']);
    assert.equal((await file(far_office, id)).status, 404);
    assert.equal((await file(teacher, id)).status, 403);
    assert.equal((await file(office, id, { first_day: plus(today, -31) })).status, 400, '31 days at most');
    assert.equal((await file(office, id, { class_id: people.at.b.one.id })).status, 404, 'another school\'s class');
    assert.equal((await far_office.request('DELETE', `/api/export-mappings/${id}`)).status, 404);
    assert.equal((await office.request('DELETE', `/api/export-mappings/${id}`)).status, 204);
    const log = await city.query(`select action, detail from audit where action in ('register_exported', 'export_mapping_put', 'export_mapping_deleted')`);
    assert.ok(['register_exported', 'export_mapping_put', 'export_mapping_deleted'].every((action) => log.some((row) => row.action === action)));
    assert.ok(!/学校の|1\+1/.test(JSON.stringify(log)));
});
