// A school year's calendar out of a file: a look at it that stores nothing, then exactly what was shown; out again as a file.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startCity } from '../support/city.mjs';
import { cast } from '../support/people.mjs';
import { addDays, random } from '../support/calendar_model.mjs';

const city = await startCity();
const people = await cast(city);
const { office, board } = people;
const { a, b } = people.at;
await city.query('delete from calendar_entries');
const seed = Number(process.env.TODOKE_SEED ?? Math.floor(Math.random() * 1e9));
const YEAR = 2028;
const said = ({ status, body }) => [status, body?.type?.replace('/problems/', '') ?? null];

const send = (who, what, file, { key, ...query }) => who.request('POST', `/api/calendar/${what}?${new URLSearchParams({ year: YEAR, ...query })}`,
    { body: Buffer.from(file), headers: { 'content-type': 'text/csv' }, key });
const check = async (who, file, query = {}) => (await send(who, 'check', file, query)).body;
const take = (who, file, query, key = randomUUID()) => send(who, 'import', file, { ...query, key });
const stored = (school) => city.query(`select first_day, last_day, kind, school_kind, grades, label from calendar_entries
    where school_id is not distinct from $1 order by first_day, last_day, grades`, [school]);
const of = (lines) => ['開始日,終了日,種類,学年,名称', ...lines].join('\r\n') + '\r\n';

/** 年間行事 in CP932, of characters that the test names: Node decodes it, so the table is turned round. */
function cp932(text) {
    const back = new Map();
    const decode = new TextDecoder('shift_jis');
    for (let lead = 0x81; lead <= 0xfc; lead++) for (let trail = 0x40; trail <= 0xfc; trail++) {
        const one = decode.decode(Uint8Array.of(lead, trail));
        if ([...one].length === 1 && one !== '\ufffd' && !back.has(one)) back.set(one, [lead, trail]);
    }
    return Buffer.from([...text].flatMap((one) => (one.charCodeAt(0) < 0x80 ? [one.charCodeAt(0)] : back.get(one))));
}

test('5(2)ウ-4 calendar from a file: a look stores nothing, then exactly what was shown; every way to write a day', async () => {
    const file = of(['2028/7/20,2028-08-31,長期休業,,夏季休業', '20280821,,授業日,,登校日', '令和10年10月2日,,休業日,"1、3",開校記念日', 'Ｒ１０．１０．３,,休業日,4～6年,代休',
        '2029-03-31,,臨時休業,全学年,"年度末, ""点検"""']);
    const shown = await check(office, file, { school_id: a.id });
    assert.deepEqual(shown.problems, []);
    assert.deepEqual(shown.changes.map((row) => [row.line, row.action, row.first_day, row.last_day, row.kind, row.grades, row.label]), [
        [2, 'added', '2028-07-20', '2028-08-31', 'vacation', null, '夏季休業'], [3, 'added', '2028-08-21', '2028-08-21', 'school_day', null, '登校日'],
        [4, 'added', '2028-10-02', '2028-10-02', 'holiday', [1, 3], '開校記念日'], [5, 'added', '2028-10-03', '2028-10-03', 'holiday', [4, 5, 6], '代休'],
        [6, 'added', '2029-03-31', '2029-03-31', 'closed', null, '年度末, "点検"']]);
    assert.deepEqual(await stored(a.id), []);
    const key = randomUUID();
    const first = await take(office, file, { school_id: a.id, plan: shown.plan }, key);
    assert.deepEqual(first.body, { added: 5, replaced: 0, removed: 0, same: 0 });
    assert.deepEqual((await take(office, file, { school_id: a.id, plan: shown.plan }, key)).body, first.body, 'a retry is answered, not done again');
    assert.equal((await stored(a.id)).length, 5);
    assert.equal((await city.one('select is_school_day($1, 2, $2) as yes', [a.id, '2028-08-21'])).yes, true, 'the shorter range holds');
    assert.deepEqual(said(await take(office, file, { school_id: a.id, plan: shown.plan })), [409, 'stale_plan'], 'the calendar is another now');

    const next = of(['2028-10-02,,休業日,1・3,開校記念の日', '2028-08-21,,授業日,,登校日', '2028-08-01,2028-08-31,長期休業,,夏']);
    const plan = await check(office, next, { school_id: a.id, removes: true });
    assert.deepEqual(plan.changes.map((row) => [row.action, row.label, row.label_before]).sort(), [['added', '夏', null], ['removed', '代休', null],
        ['removed', '夏季休業', null], ['removed', '年度末, "点検"', null], ['replaced', '開校記念の日', '開校記念日'], ['same', '登校日', '登校日']].sort());
    await board.post('/api/calendar', { school_id: a.id, first_day: '2028-12-01', kind: 'holiday', label: 'あとから' });
    assert.deepEqual(said(await take(office, next, { school_id: a.id, removes: true, plan: plan.plan })), [409, 'stale_plan']);
    assert.equal((await stored(a.id)).length, 6, 'nothing was done');
    const again = await check(office, next, { school_id: a.id, removes: true });
    assert.deepEqual((await take(office, next, { school_id: a.id, removes: true, plan: again.plan })).body, { added: 1, replaced: 1, removed: 4, same: 1 });
    assert.deepEqual((await stored(a.id)).map((row) => row.label), ['夏', '登校日', '開校記念の日']);
    assert.equal((await city.one('select is_school_day($1, 2, $2) as yes', [a.id, '2028-08-21'])).yes, true, 'also under a longer one that came later');
    const [log] = await city.query(`select detail from audit where action = 'calendar_imported' order by id`);
    assert.deepEqual(log.detail, { year: YEAR, added: 5, replaced: 0, removed: 0 });
});

test('5(2)ウ-4 calendar from a file: what is wrong is told with line and column, and nothing of the file is taken', async () => {
    const before = await stored(b.id);
    const good = '2028-05-01,,休業日,,休み';
    const head = '開始日,終了日,種類,学年,名称';
    const far = people.far_office;
    for (const [lines, ...problems] of [
        [['2028-02-30,,休業日,,x'], [2, 1, 'date']], [['2029-02-29,,休業日,,x'], [2, 1, 'date']], [['令和10年13月1日,,休業日,,x'], [2, 1, 'date']],
        [['2028-5,,休業日,,x'], [2, 1, 'date']], [['平成30年5月1日,,休業日,,x'], [2, 1, 'date']], [['=1+1,,休業日,,x'], [2, 1, 'date']],
        [[good, '2028-03-31,,休業日,,x'], [3, 1, 'outside_year']], [['2029-03-31,2029-04-01,休業日,,x'], [2, 2, 'outside_year']],
        [['2028-05-02,2028-05-01,休業日,,x'], [2, 2, 'order']], [[good, good], [3, 1, 'duplicate_line']],
        [['2028-05-01,2028-05-10,休業日,1,x', '2028-05-05,2028-05-12,休業日,1・2,y'], [3, 1, 'overlap']],
        [['2028-05-01,,祝日,,x'], [2, 3, 'kind']], [['2028-05-01,,,,x'], [2, 3, 'missing']], [[',,休業日,,x'], [2, 1, 'missing']], [['2028-05-01,,休業日,,'], [2, 5, 'missing']],
        [['2028-05-01,,休業日,10,x'], [2, 4, 'grades']], [['2028-05-01,,休業日,3-1,x'], [2, 4, 'grades']], [['2028-05-01,,休業日,-,x'], [2, 4, 'grades']],
        [[`2028-05-01,,休業日,,${'あ'.repeat(41)}`], [2, 5, 'long_label']], [['2028-05-01,,休業日,,"x\ny"'], [2, 5, 'control']],
        [['2028-05-01,,休業日,,"x'], [2, 5, 'open_quote']], [['2028-05-01,,休業日,,x"y'], [2, 5, 'stray_quote']], [['2028-05-01,休業日,x'], [2, null, 'columns']],
        [['2028-05-01,,休業日,,x\u0000'], [2, 5, 'control']], [[], [null, null, 'empty']],
        [['2028-02-30,,祝日,0,'], [2, 1, 'date'], [2, 3, 'kind'], [2, 4, 'grades'], [2, 5, 'missing']],
        [Array.from({ length: 2001 }, () => ',,休業日,,'), 'too_many_lines'],
    ]) {
        const file = [head, ...lines].join('\r\n') + '\r\n';
        const { problems: found, plan } = await check(far, file, { school_id: b.id });
        if (typeof problems[0] === 'string') assert.ok(lines.length > 2000 && found.length >= 1000);
        else assert.deepEqual(found.map((row) => [row.line, row.column_no, row.code]), problems, JSON.stringify(lines).slice(0, 200));
        assert.ok(found.every((row) => row.text.endsWith('。')));
        assert.deepEqual(said(await take(far, file, { school_id: b.id, plan })), [409, 'has_problems']);
    }
    for (const [file, code] of [['', 'empty'], ['種類,名称\r\n休業日,x\r\n', 'no_column'], [Buffer.from([0xff, 0xfe, 0x41, 0x00]), 'utf16'], ['日付,種類,名称,種類\r\n', 'twice_column'],
        [Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xff, 0x00]), null], ['日付,種類,名称,学校の種類\r\n2028-05-01,休業日,x,小学校\r\n', 'city_only']]) {
        const answer = await send(far, 'check', file, { school_id: b.id });
        if (answer.status !== 200) { assert.ok(answer.status < 500 && file.length === 0); continue; }
        assert.ok(answer.body.problems.length > 0);
        if (code) assert.equal(answer.body.problems[0].code, code);
        assert.deepEqual(answer.body.changes.filter((row) => row.action !== 'removed'), []);
    }
    assert.deepEqual(await stored(b.id), before);
    assert.deepEqual(said(await send(office, 'check', `${head}\r\n${good}`, { school_id: b.id })), [404, 'not_found']);
    assert.deepEqual(said(await send(office, 'check', `${head}\r\n${good}`, {})), [404, 'not_found'], 'the city\'s is the board\'s');
});

test(`5(2)ウ-4 calendar to a file and back: the same in UTF-8 and CP932, with any entries (TODOKE_SEED=${seed})`, async () => {
    const dice = random(seed);
    const kinds = ['holiday', 'vacation', 'closed', 'school_day'];
    const words = ['休業日', '長期休業', '臨時休業', '授業日'];
    const sets = [null, [1], [2, 3], [1, 2, 3, 4, 5, 6]];
    for (let round = 0; round < 4; round++) {
        await city.query('delete from calendar_entries');
        for (let on = `${YEAR}-04-01`; on < `${YEAR + 1}-03-01`; on = addDays(on, 1 + dice(20))) {
            const last = addDays(on, dice(9));
            await city.query('insert into calendar_entries (school_kind, grades, first_day, last_day, kind, label) values ($1, $2, $3, $4, $5, $6)',
                [dice(2) ? ['elementary', 'junior_high'][dice(2)] : null, sets[dice(4)], on, last, kinds[dice(4)], ['開校,記念', '=SUM(1)', '「"休"」', '００１'][dice(4)]]);
            on = last;
        }
        const before = await stored(null);
        for (const format of ['csv', 'csv_cp932']) {
            const { raw } = await board.request('GET', `/api/calendar/file?year=${YEAR}&format=${format}`);
            const lines = new TextDecoder(format === 'csv' ? 'utf-8' : 'shift_jis').decode(raw).trim().split('\r\n').slice(1);
            assert.equal(lines.length, before.length);
            assert.ok(lines.every((line, i) => line.includes(before[i].first_day) && line.includes(words[kinds.indexOf(before[i].kind)])));
            const same = await check(board, raw);
            assert.deepEqual([same.problems, same.encoding], [[], format === 'csv' ? 'utf8_bom' : 'cp932']);
            assert.ok(same.changes.length === before.length && same.changes.every((row) => row.action === 'same'));
            await city.query('delete from calendar_entries');
            const { plan } = await check(board, raw);
            assert.equal((await take(board, raw, { plan })).body.added, before.length);
            assert.deepEqual(await stored(null), before);
        }
    }
    const shown = await check(board, cp932('日付,種類,名称\r\n2028-11-20,休業日,県民の日\r\n'));
    assert.deepEqual([shown.encoding, shown.changes[0].label], ['cp932', '県民の日']);
});
