// A roster's file in a real browser: chosen, looked at, applied by hand, taken back; in the school's own columns, in CP932, as a workbook.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { zip } from '../support/zip.mjs';
import { places } from '../support/people.mjs';
import { openAs } from './staff.mjs';
import { DESK, openCity, PHONE, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

const WAIT = { timeout: 30_000 };

let city, at, office, page;

const roster = () => city.city.query(
    'select id, class_id, number, family_name, given_name, family_kana, given_kana, code, left_on from students where school_id = $1 order by id', [at.a.id]);

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    office = await openAs(city, [{ role: 'office', school_id: at.a.id }], DESK);
    ({ page } = office);
});

after(() => city.close());

async function exported(format = 'csv') {
    const answer = await page.context().request.get(`${city.origin}/api/roster/export?school_id=${at.a.id}&format=${format}`);
    assert.equal(answer.status(), 200);
    return answer.body();
}

/** The school's roster in our own columns, as lines of cells. */
async function lines() {
    const text = (await exported()).toString('utf8').replace(/^\ufeff/, '');
    return text.trimEnd().split('\r\n').map((line) => line.split(','));
}

const csv = (rows) => rows.map((row) => row.join(',')).join('\r\n') + '\r\n';

async function choose(name, buffer) {
    await office.go(`/school/${at.a.id}/roster`);
    await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    await page.getByText(name, { exact: false }).waitFor();
}

async function check() {
    await page.getByRole('button', { name: /^確かめる/ }).click();
    await page.waitForURL(/\/roster\/\d+$/, WAIT);
    await page.locator('.import-sentence').waitFor();
    return page.locator('.import-sentence').innerText();
}

const press = (name) => page.getByRole('button', { name, exact: true }).click();
const told = (text) => page.getByRole('status').getByText(text).waitFor(WAIT);

test('5(1)カ 名簿のCSVを選び、変わる内容を文と一覧で確かめ、反映し、元に戻す', async () => {
    const before = await roster();
    const rows = await lines();
    const [head, first, second, ...others] = rows;
    const family = head.indexOf('姓');
    const changed = first.map((cell, i) => (i === family ? '𠮷田' : cell));
    const entered = second.map((cell, i) => ({ [head.indexOf('児童生徒コード')]: 'NEW0001', [head.indexOf('出席番号')]: '39', [family]: '転入' }[i] ?? cell));
    await choose('名簿.csv', Buffer.from(csv([head, changed, entered, ...others])));
    const sentence = await check();
    assert.match(sentence, /(転入|新入) 1人/);
    assert.match(sentence, /氏名変更 1人/);
    assert.match(sentence, /消失 1人/);
    await page.locator('tr[data-change]').filter({ hasText: '氏名変更' }).getByText('𠮷田').first().waitFor();
    assert.deepEqual(await roster(), before, 'nothing before confirmation');

    await press('確認して反映する');
    await told('反映しました。');
    const now = await roster();
    assert.equal(now.length, before.length + 1);
    assert.ok(now.some((row) => row.family_name === '𠮷田'));
    assert.ok(now.every((row) => row.left_on === null), 'the missing stay unless they are ticked');

    await press('元に戻す');
    await until(async () => JSON.stringify(await roster()) === JSON.stringify(before), 'the roster as it was', 30_000);
});

test('5(1)カ 消失を転出にするのは、印を付けたときだけ', async () => {
    const before = await roster();
    const [head, , ...others] = await lines();
    await choose('一人足りない.csv', Buffer.from(csv([head, ...others])));
    assert.match(await check(), /^消失 1人$/);
    await page.getByLabel(/消失の1人を転出にする/).check();
    await page.getByLabel('転出日').waitFor();
    await press('確認して反映する');
    await told('反映しました。');
    assert.equal((await roster()).filter((row) => row.left_on !== null).length, 1);
    await press('元に戻す');
    await until(async () => JSON.stringify(await roster()) === JSON.stringify(before), 'the roster as it was', 30_000);
});

test('5(1)カ 直すところが行と列で示され、除くと決めるまで反映できない', async () => {
    const [head, first, second, ...others] = await lines();
    const number = head.indexOf('出席番号');
    const twice = second.map((cell, i) => (i === number ? 'いち' : cell));
    await choose('番号まちがい.csv', Buffer.from(csv([head, first, twice, ...others])));
    await check();
    const problem = page.locator('.problem-rows li').first();
    await problem.getByText(/3行目/).waitFor();
    await problem.getByText(new RegExp(`${number + 1}列目「出席番号」`)).waitFor();
    assert.ok(await page.getByRole('button', { name: '確認して反映する' }).isDisabled());
    await page.getByLabel(/除いて反映する/).check();
    assert.ok(await page.getByRole('button', { name: '確認して反映する' }).isEnabled());
    await press('やめる');
    await told('やめました。名簿は変わっていません。');
});

test('5(1)カ 学校のシステムの列名でも、列の対応を決めて取り込み、次からは選ぶだけになる', async () => {
    const [head, ...rows] = await lines();
    const column = (name) => head.indexOf(name);
    const cells = (row) => [row[column('児童生徒コード')], row[column('学年')], row[column('学級名')], row[column('出席番号')],
        `${row[column('姓')]}　${row[column('名')]}`, `${row[column('せい')]} ${row[column('めい')]}`];
    const file = csv([['個人番号', '学年', '組', '番号', '氏名', 'ふりがな'], ...rows.map(cells)]);
    await choose('スズキ.csv', Buffer.from(file));
    await page.getByLabel('列の対応').selectOption({ label: '列を指定する' });
    assert.equal(await page.getByRole('combobox', { name: '出席番号' }).inputValue(), '番号', 'guessed from the heading');
    await page.getByRole('combobox', { name: '学級名' }).selectOption('');
    await page.getByRole('button', { name: /^確かめる/ }).click();
    await page.getByText('次の項目の列を選んでください：学級名').waitFor();
    await page.getByRole('combobox', { name: '学級名' }).selectOption('組');
    await page.getByLabel('対応の名前').fill('スズキ校務');
    assert.equal(await check(), '変わるところはありません。');
    await choose('スズキ2.csv', Buffer.from(file));
    await page.getByLabel('列の対応').selectOption({ label: 'スズキ校務' });
    assert.equal(await check(), '変わるところはありません。');
});

test('5(1)カ CP932 のCSVは、文字コードを示して取り込める', async () => {
    const file = await exported('csv_cp932');
    await choose('sjis.csv', file);
    await page.getByText('Shift_JIS（CP932）').waitFor();
    assert.equal(await check(), '変わるところはありません。');
});

test('5(1)カ OneRoster の ZIP を取り込める', async () => {
    await choose('RO.zip', await exported('oneroster'));
    assert.equal(await check(), '変わるところはありません。');
});

/** The smallest workbook: one sheet, its texts in the cells. */
function workbook(rows) {
    const letter = (i) => String.fromCharCode(65 + i);
    const escape = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
    const cells = rows.map((row, y) => `<row r="${y + 1}">${row.map((text, x) => `<c r="${letter(x)}${y + 1}" t="inlineStr"><is><t>${escape(text)}</t></is></c>`).join('')}</row>`);
    const xml = (text) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
    const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main', office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
    const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
    const relations = (type, target) => xml(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/${type}" Target="${target}"/></Relationships>`);
    return zip(Object.entries({
        '[Content_Types].xml': xml(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`),
        '_rels/.rels': relations('officeDocument', 'xl/workbook.xml'),
        'xl/workbook.xml': xml(`<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="名簿" sheetId="1" r:id="rId1"/></sheets></workbook>`),
        'xl/_rels/workbook.xml.rels': relations('worksheet', 'worksheets/sheet1.xml'),
        'xl/worksheets/sheet1.xml': xml(`<worksheet xmlns="${main}"><sheetData>${cells.join('')}</sheetData></worksheet>`),
    }));
}

test('5(1)カ Excel のファイルも、開いて保存しなおさずに取り込める', async () => {
    await choose('名簿.xlsx', workbook(await lines()));
    assert.equal(await check(), '変わるところはありません。');
});

test('5(1)カ 名簿でないファイルは、何をすればよいかを言って断る', async () => {
    await office.go(`/school/${at.a.id}/roster`);
    await page.locator('input[type=file]').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('89504e47', 'hex') });
    await page.getByRole('alert').getByText(/CSV、Excel（.xlsx）、OneRoster（.zip）のどれか/).waitFor();
});

test('5(1)カ 教育委員会は市全体の名簿を学校ごとに確かめる', async () => {
    const board = await openAs(city, [{ role: 'board' }], DESK);
    const [head, first, ...others] = await lines();
    const family = head.indexOf('姓');
    await board.go('/city/roster');
    await board.page.locator('input[type=file]').setInputFiles({
        name: 'city.csv', mimeType: 'text/csv', buffer: Buffer.from(csv([head, first.map((cell, i) => (i === family ? '改姓' : cell)), ...others])),
    });
    await board.page.getByLabel('ファイルの範囲').selectOption('delta');
    await board.page.getByRole('button', { name: /^確かめる/ }).click();
    await board.page.waitForURL(/\/city\/roster\/\d+$/, WAIT);
    await board.page.locator('.school-count').filter({ hasText: '氏名変更 1人' }).click();
    await board.page.locator('tr[data-change]').getByText('改姓').first().waitFor();
    await board.page.context().close();
});

for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    test(`5(1)カ 名簿の画面は使える人を選ばない (${size})`, async () => {
        const person = await openAs(city, [{ role: 'office', school_id: at.a.id }], viewport);
        await person.go(`/school/${at.a.id}/roster`);
        await person.page.locator('.import-row').first().waitFor();
        await person.page.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('学年,組,番号,氏名\r\n1,1組,1,佐藤 花\r\n') });
        await person.page.getByLabel('列の対応').selectOption({ label: '列を指定する' });
        await assertUsable(person, 'choosing');
        const { id } = await city.city.one(`select id from roster_imports where school_id = $1 and state = 'discarded' limit 1`, [at.a.id]);
        await person.go(`/school/${at.a.id}/roster/${id}`);
        await person.page.locator('.import-sentence').waitFor();
        await assertUsable(person, 'a plan');
        await person.page.context().close();
    });
}
